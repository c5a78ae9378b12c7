"""Placeholders: every value arrives literally at its place, or the request is refused."""

from collections.abc import Mapping
import json
from typing import Any
from urllib.parse import parse_qs, unquote

from hypothesis import assume, example, given, strategies as st
import pytest
from yarl import URL

from custom_components.command_status.providers.rest.addresses import AddressError
from custom_components.command_status.providers.rest.requests import (
    Call,
    Request,
    request,
    with_query,
)
from custom_components.command_status.providers.rest.templates import Scope, UnfitError

BASE = URL("https://jobs.example/v1")
SCOPE = Scope(
    plain=frozenset({"target", "id", "ids", "parameters"}),
    named={
        "parameter": frozenset({"x", "y"}),
        "secret": frozenset({"token"}),
        "kept": frozenset({"at"}),
    },
)
HOSTILE = st.sampled_from(
    [
        "${secret.token}",
        "${parameter.y}",
        "${",
        "../../admin",
        "..",
        ".",
        "a/b?c=d#e",
        "a&b=c",
        '"}, {"x": "',
        "%2e%2e%2f",
        "\r\nX-Evil: 1",
        "//evil.example",
        "a\\b",
        "\ud800",
        "",
        " ",
        "ü€😀",
        "\x00",
    ]
)
TEXTS = st.text(max_size=30) | HOSTILE
VALUES = TEXTS | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)


def built(plain: Mapping[str, Any], **parameters: Any) -> Call:
    """Return the call of a request with these parameters."""
    return made({"path": "/x", **plain}).call(values(**parameters), BASE)


def made(plain: Mapping[str, Any]) -> Request:
    """Return a request."""
    return request(plain, (), SCOPE)


def values(**parameters: Any) -> dict[str, Any]:
    """Return values among which a secret lies that nobody asked for."""
    return {
        "target": "t1",
        "parameter.": parameters,
        "parameters": parameters,
        "secret.": {"token": "sesame"},
        "kept.": {},
    }


def sent_text(value: Any) -> str:
    """Return a value as the text that it is sent as."""
    return value if isinstance(value, str) else json.dumps(value)


class TestPlaces:
    """Each place escapes by its own rule."""

    @given(value=VALUES)
    @example(value="${secret.token}")
    def test_a_segment_of_a_path_stays_one(self, value: Any) -> None:
        """Neither a slash nor dots lead to another path; what would is refused."""
        try:
            call = built({"path": "/jobs/${parameter.x}/state"}, x=value)
        except UnfitError:
            assert sent_text(value) in {"", ".", ".."} or not encodable(sent_text(value))
            return
        assert call.url.host == "jobs.example"
        raw = str(call.url).removeprefix("https://jobs.example/v1/jobs/").removesuffix("/state")
        assert not set(raw) & set("/?#")
        assert unquote(raw) == sent_text(value)

    @given(value=VALUES)
    def test_a_query_holds_the_value(self, value: Any) -> None:
        """Nothing in it begins another key."""
        try:
            call = built({"query": {"q": "a${parameter.x}", "z": "1"}}, x=value)
        except UnfitError:
            assert not encodable(sent_text(value))
            return
        url = with_query(call.url, call.query)
        found = parse_qs(url.raw_query_string, keep_blank_values=True, strict_parsing=True)
        assert found == {"q": [f"a{sent_text(value)}"], "z": ["1"]}

    @given(value=VALUES)
    def test_a_form_holds_the_value(self, value: Any) -> None:
        """Nothing in it begins another field."""
        try:
            call = built({"form": {"q": "${parameter.x}", "z": "1"}}, x=value)
        except UnfitError:
            assert not encodable(sent_text(value))
            return
        assert call.body is not None
        found = parse_qs(call.body.decode(), keep_blank_values=True, strict_parsing=True)
        assert found == {"q": [sent_text(value)], "z": ["1"]}

    @given(value=VALUES)
    def test_a_header_holds_the_value_or_is_refused(self, value: Any) -> None:
        """No line break begins another header."""
        try:
            call = built({"headers": {"X-Job": "${parameter.x}"}}, x=value)
        except UnfitError:
            text = sent_text(value)
            assert not (text.isascii() and text.isprintable() and text == text.strip())
            return
        assert call.headers["X-Job"] == sent_text(value)

    @given(value=st.recursive(VALUES, lambda v: st.lists(v) | st.dictionaries(TEXTS, v)))
    def test_json_keeps_a_value_and_its_type(self, value: Any) -> None:
        """The body is a tree and not a pasted text."""
        try:
            call = built({"json": {"alone": "${parameter.x}", "in": ["${target}"]}}, x=value)
        except UnfitError:
            assert len(json.dumps(value)) > 60_000
            return
        assert call.body is not None
        assert json.loads(call.body) == {"alone": value, "in": ["t1"]}

    @given(value=VALUES)
    def test_a_text_in_json_is_joined(self, value: Any) -> None:
        """Beside other words a number is a text, and a value is never read as a placeholder."""
        assume(encodable(sent_text(value)))
        call = built({"json": {"say": "<${parameter.x}>"}}, x=value)
        assert json.loads(call.body or b"") == {"say": f"<{sent_text(value)}>"}
        assert b"sesame" not in (call.body or b"")

    @given(value=VALUES)
    def test_a_text_body_holds_the_value(self, value: Any) -> None:
        """As it is; whoever writes such a body knows what the server reads."""
        assume(encodable(sent_text(value)))
        call = built({"text": "do ${parameter.x};"}, x=value)
        assert (call.body or b"").decode() == f"do {sent_text(value)};"


def encodable(text: str) -> bool:
    """Return whether a text can be sent at all."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class TestMissing:
    """What has no value."""

    def test_an_optional_key_is_left_out(self) -> None:
        """Also where only a part of its value is missing, and at any depth."""
        call = built(
            {
                "query": {"a?": "x${parameter.y}", "b?": "1"},
                "json": {"c?": {"d": ["${parameter.y}"]}, "e?": "${parameter.x}"},
                "headers": {"X-F?": "${parameter.y}"},
            },
            x=1,
        )
        assert call.query == (("b", "1"),)
        assert json.loads(call.body or b"") == {"e": 1}
        assert "X-F" not in call.headers

    @pytest.mark.parametrize(
        "plain",
        [
            {"query": {"a": "${parameter.y}"}},
            {"json": {"a": "${parameter.y}"}},
            {"json": "${parameter.y}"},
            {"form": {"a": "-${parameter.y}"}},
            {"text": "${parameter.y}"},
            {"path": "/${parameter.y}"},
        ],
    )
    def test_another_key_refuses_the_request(self, plain: Mapping[str, Any]) -> None:
        """Half a request is another request."""
        with pytest.raises(UnfitError) as raised:
            built(plain, x=1)
        assert raised.value.missing

    def test_null_is_no_value(self) -> None:
        """An empty field of a form is not there."""
        assert built({"query": {"a?": "${parameter.x}"}}, x=None).query == ()

    @pytest.mark.parametrize("value", [[1], {"a": 1}])
    @pytest.mark.parametrize("place", ["query", "form", "headers"])
    def test_a_list_stands_in_json_only(self, place: str, value: Any) -> None:
        """Every server would read another text of it."""
        with pytest.raises(UnfitError):
            built({place: {"a?": "${parameter.x}"}}, x=value)


class TestRequests:
    """What a request is made of."""

    def test_constants_stay_as_they_are(self) -> None:
        """Most of a body is written down."""
        plain = {"a": [1, 2.5, True, None, "x"], "b": {}}
        assert json.loads(built({"json": plain}).body or b"") == plain

    def test_all_parameters_can_be_one_body(self) -> None:
        """For an API that takes what the user says."""
        assert json.loads(built({"json": "${parameters}"}, x=1, y="a").body or b"") == {
            "x": 1,
            "y": "a",
        }

    def test_ids_are_joined_in_a_query_and_a_list_in_json(self) -> None:
        """As comma lists and JSON lists are what APIs take."""
        call = made({"path": "/x", "query": {"i": "${ids}"}, "json": "${ids}"}).call(
            {"ids": ["a", "b"]}, BASE
        )
        assert call.query == (("i", "a,b"),)
        assert json.loads(call.body or b"") == ["a", "b"]

    def test_a_content_type_of_its_own_counts(self) -> None:
        """Some servers take JSON under another name only."""
        kind = "application/x-amz-json-1.0"
        call = built({"json": {}, "headers": {"content-type": kind, "accept": "text/plain"}})
        assert call.headers == {"content-type": kind, "accept": "text/plain"}

    def test_a_body_that_is_too_large_is_refused(self) -> None:
        """64 KiB is more than any command."""
        with pytest.raises(UnfitError):
            built({"text": "${parameter.x}"}, x="x" * 70_000)

    @pytest.mark.parametrize("value", [float("nan"), {1, 2}, {"a": object()}])
    def test_what_json_cannot_say_is_refused(self, value: Any) -> None:
        """No server reads NaN."""
        with pytest.raises(UnfitError):
            built({"json": "${parameter.x}"}, x=value)

    def test_a_slash_at_the_end_stays(self) -> None:
        """Ray and Jenkins tell the paths apart."""
        assert built({"path": "/jobs/"}).url.path == "/v1/jobs/"

    def test_a_query_is_added_to_one_that_is_there(self) -> None:
        """An address out of an answer may have its own."""
        url = URL("https://jobs.example/x?a=%20b", encoded=True)
        assert str(with_query(url, (("c", "d"),))) == "https://jobs.example/x?a=%20b&c=d"


class TestAddressesOfAnswers:
    """An address that a server names."""

    SAME = made({"url": "${id}/result"})

    @pytest.mark.parametrize(
        ("named", "asked"),
        [
            ("https://jobs.example/j/1", "https://jobs.example/j/1/result"),
            ("https://jobs.example:443/j/1?a=b", "https://jobs.example/j/1?a=b/result"),
            ("/j/1", "https://jobs.example/j/1/result"),
            ("?job=1", "https://jobs.example/v1?job=1/result"),
        ],
    )
    def test_it_is_asked_at_home(self, named: str, asked: str) -> None:
        """Relative ones are resolved."""
        assert str(self.SAME.call({"id": named}, BASE).url) == asked

    @pytest.mark.parametrize(
        "named",
        [
            "https://evil.example/j",
            "//evil.example/j",
            "http://jobs.example/j",
            "https://jobs.example:444/j",
            "https://user@jobs.example/j",
            "https://jobs.example@evil.example/j",
            "https://jobs.example\\@evil.example/j",
            "https://jobs.example.evil.example/j",
            "https:///evil.example",
            "ftp://jobs.example/j",
            "javascript:alert(1)",
            "j/1",
            "/\\evil.example",
            "https://jobs.example/j\r\nX: y",
            "https://[::1",
            "http://169.254.169.254/latest",
            "x" * 3000,
        ],
    )
    def test_elsewhere_is_never_asked(self, named: str) -> None:
        """Not another host, port or scheme, however it is written."""
        with pytest.raises(AddressError) as raised:
            self.SAME.call({"id": named}, BASE)
        assert raised.value.mistake == "foreign_url"

    @given(named=TEXTS)
    def test_whatever_a_server_names(self, named: str) -> None:
        """Whatever it is, it is at home or refused."""
        try:
            url = self.SAME.call({"id": named}, BASE).url
        except AddressError, UnfitError:
            return
        assert (url.scheme, url.host, url.port) == ("https", "jobs.example", 443)
