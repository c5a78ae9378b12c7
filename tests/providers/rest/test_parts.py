"""Parameters, addresses, cleaning and paces: the small parts of a description."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from math import inf
from typing import Any

from hypothesis import given, strategies as st
import pytest
from yarl import URL

from custom_components.command_status.providers.base import FieldKind
from custom_components.command_status.providers.errors import ProviderInputError
from custom_components.command_status.providers.rest.addresses import (
    AddressError,
    base_address,
    is_private,
)
from custom_components.command_status.providers.rest.parameters import checked, parameter
from custom_components.command_status.providers.rest.polling import Poll, policy, poll
from custom_components.command_status.tracking import Command, Means


def accepted(plain: Mapping[str, Any], value: Any) -> Any:
    """Return what is sent of a value."""
    sent, _ = checked((parameter({"name": "x", **plain}, ()),), {"x": value})
    return sent.get("x")


class TestParameters:
    """What users may say."""

    @pytest.mark.parametrize(
        ("plain", "value", "sent"),
        [
            ({}, "a", "a"),
            ({}, 3, "3"),
            ({}, True, "true"),
            ({"type": "number"}, "3", 3),
            ({"type": "number"}, 2.5, 2.5),
            ({"type": "number", "minimum": 0, "maximum": 5}, 5.0, 5),
            ({"type": "boolean"}, "On", True),
            ({"type": "boolean"}, 0, False),
            ({"type": "boolean"}, False, False),
            ({"type": "choice", "choices": ["1", "b"]}, 1, "1"),
            ({"type": "object"}, {"a": [1]}, {"a": [1]}),
            ({"type": "object"}, [1], [1]),
            ({"required": False}, None, None),
            ({"required": False}, "", None),
            ({"default": "z"}, None, "z"),
            ({"default": "z"}, "", "z"),
            ({"default": ""}, "", ""),
            ({"type": "object", "default": {}}, None, {}),
        ],
    )
    def test_it_is_taken(self, plain: Mapping[str, Any], value: Any, sent: Any) -> None:
        """In the type that the description says; templates make texts of numbers."""
        assert accepted(plain, value) == sent

    @pytest.mark.parametrize(
        ("plain", "value", "key", "hint"),
        [
            ({}, None, "text_needed", None),
            ({}, [], "text_needed", None),
            ({"secret": True}, None, "text_needed", None),
            ({"type": "number"}, "many", "number_needed", None),
            ({"type": "number"}, True, "number_needed", None),
            ({"type": "number"}, "nan", "number_needed", None),
            ({"type": "number"}, None, "number_needed", None),
            ({"type": "number", "secret": True}, "x", "number_needed", None),
            ({"type": "number", "minimum": 1}, 0, "invalid_parameter", "≥ 1"),
            ({"type": "number", "maximum": 9}, 10, "invalid_parameter", "≤ 9"),
            (
                {"type": "number", "minimum": -0.5, "maximum": 1000000},
                None,
                "missing_parameter",
                "-0.5 … 1000000",
            ),
            ({"type": "boolean"}, "maybe", "invalid_parameter", "true, false"),
            ({"type": "choice", "choices": ["a", "b"]}, "c", "invalid_parameter", "a, b"),
            ({"type": "choice", "choices": ["a", "b"]}, None, "missing_parameter", "a, b"),
            ({"type": "object"}, "a", "data_needed", None),
            ({"type": "object"}, {"a": {1}}, "data_needed", None),
        ],
    )
    def test_it_is_refused(
        self, plain: Mapping[str, Any], value: Any, key: str, hint: str | None
    ) -> None:
        """With the values that are accepted, or by a text that says of which kind they are."""
        with pytest.raises(ProviderInputError) as raised:
            accepted(plain, value)
        assert raised.value.text_key == key
        assert raised.value.placeholders.pop("parameter") == "x"
        assert raised.value.placeholders.pop("accepted", None) == hint
        assert not raised.value.placeholders

    def test_an_unknown_one_is_refused(self) -> None:
        """With those that there are."""
        with pytest.raises(ProviderInputError) as raised:
            checked((), {"x": 1})
        assert raised.value.text_key == "no_parameters"
        assert raised.value.placeholders == {"parameter": "x"}

    def test_a_secret_has_a_secret_field(self) -> None:
        """And one with a default need not be filled in."""
        field = parameter({"name": "x", "secret": True, "default": "a"}, ()).field
        assert (field.kind, field.required) == (FieldKind.SECRET, False)


class TestAddresses:
    """Where a description may talk."""

    @pytest.mark.parametrize(
        "text",
        [
            "https://jobs.example",
            "https://jobs.example:8443/api/",
            " https://192.168.1.5 ",
            "https://[2001:db8::1]",
            "http://127.0.0.1:6800",
            "http://localhost:6800",
            "http://[::1]:6800",
        ],
    )
    def test_it_may_talk_there(self, text: str) -> None:
        """Https anywhere, plain http to this machine."""
        assert not f"{base_address(text)}".endswith("/api/")

    @pytest.mark.parametrize(
        "text",
        [
            "http://192.168.1.5",
            "http://10.0.0.1:8080",
            "http://172.16.0.1",
            "http://[fd12::1]",
            "http://nas.local",
            "http://nas.local.:80",
        ],
    )
    def test_plain_http_within_the_house_needs_a_word(self, text: str) -> None:
        """That anyone in the network can read it."""
        with pytest.raises(AddressError) as raised:
            base_address(text)
        assert raised.value.mistake == "insecure_url"
        assert base_address(text, allow_http=True)

    @pytest.mark.parametrize(
        "text", ["http://jobs.example", "http://8.8.8.8", "http://nas", "http://xlocal"]
    )
    def test_plain_http_never_leaves_the_house(self, text: str) -> None:
        """Whatever was switched on."""
        with pytest.raises(AddressError) as raised:
            base_address(text, allow_http=True)
        assert raised.value.mistake == "insecure_url"

    @pytest.mark.parametrize(
        "host",
        [
            "169.254.169.254",
            "2852039166",
            "0xa9fea9fe",
            "0251.0376.0251.0376",
            "169.254.43518",
            "[::ffff:169.254.169.254]",
            "[::ffff:a9fe:a9fe]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:a9fe:a9fe::1]",
            "[fe80::1]",
            "[fe80::1%25eth0]",
            "[fd00:ec2::254]",
            "supervisor",
            "SUPERVISOR.",
            "hassio",
            "supervisor.local.hass.io",
            "172.30.32.2",
            "172.30.33.1",
            "0.0.0.0",  # noqa: S104 - refused
            "[::]",
            "224.0.0.1",
            "255.255.255.255",
        ],
    )
    def test_where_secrets_lie_it_never_talks(self, host: str) -> None:
        """Neither over https, in whatever spelling."""
        for scheme in ("http", "https"):
            with pytest.raises(AddressError) as raised:
                base_address(f"{scheme}://{host}/latest", allow_http=True)
            assert raised.value.mistake == "invalid_url"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "jobs.example",
            "https://",
            "https:///x",
            "ftp://x.example",
            "https://a:b@x.example",
            "https://@x.example",
            "https://x.example?q",
            "https://x.example#f",
            "https://x.example\\@y.example",
            "https://x y.example",
            "https://[::1",
            "https://x.example:99999",
            "https://xn--\x00.example",
            f"https://x.example/{'a' * 3000}",
        ],
    )
    def test_what_is_no_address_is_none(self, text: str) -> None:
        """Nothing is guessed."""
        with pytest.raises(AddressError):
            base_address(text)

    @given(text=st.text(max_size=40) | st.from_regex(r"\Ahttps?://[!-~]{0,20}\Z"))
    def test_whatever_is_typed(self, text: str) -> None:
        """No text raises anything but our error."""
        with suppress(AddressError):
            assert base_address(text, allow_http=True).scheme in {"http", "https"}

    def test_a_public_address_is_not_private(self) -> None:
        """The certificate is checked there."""
        assert not is_private(URL("https://8.8.8.8"))
        assert not is_private(URL("https://[2001:db8::1]"))


class TestPaces:
    """How fast is asked."""

    def test_it_slows_down(self) -> None:
        """From the first second to the slowest."""
        cadence = Poll(first=1, every=2, slowest=30).cadence
        assert [cadence.interval(age) for age in (0, 1, 59, 60, 599, 600, 10_000)] == [
            1,
            2,
            2,
            6,
            6,
            30,
            30,
        ]
        assert cadence.steps[-1][0] == inf

    def test_what_is_slow_is_never_faster(self) -> None:
        """A description may ask once an hour."""
        cadence = Poll(every=3600).cadence
        assert cadence.interval(100) == cadence.interval(10_000) == 3600

    def test_limits_and_lanes_are_those_of_the_description(self) -> None:
        """For the whole account, and for each target."""
        plain = {"one_at_a_time": True, "sends": [{"count": 5, "seconds": 60}], "after": 10}
        found = policy(poll(plain, ()), repeatable=frozenset({"x"}), paces={"y": Poll(every=9)})
        command = Command(
            tracking_id="1",
            target="m1",
            target_name="",
            command="x",
            created_at=0,
            deadline=0,
        )
        assert found.lane is not None
        assert found.lane(command) == "m1"
        assert (found.limits[0].count, found.limits[0].key(command)) == (5, "")
        assert found.recovery is not None
        assert found.recovery.means is Means.RESEND
        assert found.watch.every == 10
        assert found.recovery_of(command) is found.recovery
        other = replace(command, command="y")
        assert found.recovery_of(other) is None
        assert found.cadence_of(other).interval(5) == 9
        assert found.cadence_of(command) is found.cadence
        usual = policy(Poll())
        assert (usual.lane, usual.recovery, usual.limits) == (None, None, ())
