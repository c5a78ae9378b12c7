"""Each mistake in a description is told by its name and its place."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.command_status.providers.mistakes import DescriptionError, Mistake
from custom_components.command_status.providers.rest.description import description

from .jobs import JOBS, REMOVED, changed

MAKE = "commands/make"
OUTCOME = "ask/outcome"

MISTAKES: list[tuple[str, Mapping[str, Any], str, str]] = [
    ("another format", {"format": 2}, "unsupported_format", "format"),
    ("a format that is a switch", {"format": True}, "unsupported_format", "format"),
    ("no format", {"format": REMOVED}, "missing_key", ""),
    ("a key in capitals", {"key": "Jobs"}, "invalid_key", "key"),
    ("the key of a built-in provider", {"key": "wlte"}, "invalid_key", "key"),
    ("a key that is no text", {"key": 7}, "invalid_key", "key"),
    ("no name", {"name": REMOVED}, "missing_key", ""),
    ("an empty name", {"name": " "}, "invalid_value", "name"),
    (
        "a link that is none",
        {"documentation": "javascript:alert(1)"},
        "invalid_url",
        "documentation",
    ),
    ("a key that nobody knows", {"colour": "red"}, "unknown_key", "colour"),
    ("a key deep inside", {f"{OUTCOME}/wrods": {}}, "unknown_key", "ask.outcome.wrods"),
    ("an id for all that none takes", {"id": True}, "invalid_value", "id"),
    (
        "what is kept for all but by none",
        {"keep": {"a": True}, f"{MAKE}/keep": {"b": "job.id"}},
        "invalid_value",
        "keep.a",
    ),
    # Addresses
    ("an address that is none", {"base_url": "ftp://x.example"}, "invalid_url", "base_url"),
    ("plain http to the internet", {"base_url": "http://x.example"}, "insecure_url", "base_url"),
    ("the cloud's metadata", {"base_url": "https://169.254.169.254"}, "invalid_url", "base_url"),
    ("the Supervisor", {"base_url": "http://supervisor/core"}, "invalid_url", "base_url"),
    (
        "a secret in the address",
        {"base_url": "https://${secret.token}.example"},
        "unknown_placeholder",
        "base_url",
    ),
    # Fields of the account
    (
        "a field twice",
        {"account": [{"name": "x"}, {"name": "x"}]},
        "invalid_value",
        "account[1].name",
    ),
    ("a reserved field", {"account": [{"name": "verify_ssl"}]}, "invalid_value", "account[0].name"),
    (
        "a field of no kind",
        {"account": [{"name": "x", "type": "colour"}]},
        "invalid_value",
        "account[0].type",
    ),
    (
        "a choice of nothing",
        {"account": [{"name": "x", "type": "choice"}]},
        "missing_key",
        "account[0]",
    ),
    (
        "a default that is a list",
        {"account": [{"name": "x", "default": []}]},
        "invalid_value",
        "account[0].default",
    ),
    ("a name with a dot", {"account": [{"name": "x.y"}]}, "invalid_value", "account[0].name"),
    (
        "a name that begins with a digit",
        {"account": [{"name": "1x"}]},
        "invalid_value",
        "account[0].name",
    ),
    # Sign-ins
    ("no sign-in", {"auth": REMOVED}, "missing_key", ""),
    ("a sign-in of no kind", {"auth": {"type": "magic"}}, "invalid_value", "auth.type"),
    (
        "a header that no header can be",
        {"auth": {"type": "header", "name": "X Y"}},
        "invalid_value",
        "auth.name",
    ),
    (
        "tokens over plain http",
        {"auth": {"type": "oauth2_client_credentials", "token_url": "http://x.example/t"}},
        "insecure_url",
        "auth.token_url",
    ),
    (
        "a login without a token",
        {"auth": {"type": "login", "request": {"path": "/login"}}},
        "missing_key",
        "auth",
    ),
    # Requests
    ("no path", {"ask/path": REMOVED}, "missing_key", "ask"),
    ("a path that is relative", {"ask/path": "jobs"}, "bad_path", "ask.path"),
    ("a path with a query", {"ask/path": "/jobs?x=1"}, "bad_path", "ask.path"),
    ("a path that climbs", {"ask/path": "/jobs/../x"}, "bad_path", "ask.path"),
    ("a path that climbs encoded", {"ask/path": "/jobs/%2e%2E/x"}, "bad_path", "ask.path"),
    ("a path with a hole", {"ask/path": "/jobs//x"}, "bad_path", "ask.path"),
    ("a secret in a path", {"ask/path": "/${secret.token}"}, "unknown_placeholder", "ask.path"),
    ("a method that is none", {"ask/method": "TRACE"}, "invalid_value", "ask.method"),
    ("two bodies", {"ask/json": {}, "ask/form": {}}, "invalid_value", "ask.form"),
    ("a path beside an address", {"ask/url": "${id}"}, "invalid_value", "ask.path"),
    (
        "an address that is written down",
        {"ask/path": REMOVED, "ask/url": "https://x.example"},
        "foreign_url",
        "ask.url",
    ),
    (
        "an address that is put together",
        {"ask/path": REMOVED, "ask/url": "${id}${target}"},
        "foreign_url",
        "ask.url",
    ),
    ("an empty address", {"ask/path": REMOVED, "ask/url": ""}, "foreign_url", "ask.url"),
    (
        "an address to send to",
        {f"{MAKE}/send": {"url": "${target}"}},
        "foreign_url",
        "commands.make.send.url",
    ),
    ("a header that frames", {"ask/headers": {"Host": "x"}}, "invalid_value", "ask.headers.Host"),
    (
        "a header with a line break",
        {"ask/headers": {"X": "a\nb"}},
        "invalid_value",
        "ask.headers.X",
    ),
    ("a query of lists", {"ask/query": {"x": [1]}}, "invalid_value", "ask.query.x"),
    (
        "a placeholder in a key",
        {f"{MAKE}/send/json": {"${target}": 1}},
        "unknown_placeholder",
        "commands.make.send.json.${target}",
    ),
    ("a time-out that is too long", {"ask/timeout": 31}, "invalid_value", "ask.timeout"),
    # Placeholders
    (
        "a placeholder that nobody knows",
        {"ask/path": "/x/${user}"},
        "unknown_placeholder",
        "ask.path",
    ),
    ("a placeholder that does not end", {"ask/path": "/x/${id"}, "unknown_placeholder", "ask.path"),
    (
        "a parameter that is not there",
        {f"{MAKE}/send/json": {"x": "${parameter.colour}"}},
        "unknown_parameter",
        "commands.make.send.json.x",
    ),
    ("an id where there is none", {f"{MAKE}/id": None}, "unknown_placeholder", "ask.path"),
    (
        "an expectation that is not there",
        {f"{OUTCOME}/rules": [{"when": {"path": "x", "is": "${expect}"}, "state": "success"}]},
        "unknown_placeholder",
        "ask.outcome.rules[0].when.is",
    ),
    (
        "a secret parameter in a question",
        {
            f"{MAKE}/parameters": [{"name": "pin", "secret": True}],
            f"{MAKE}/send/json": {},
            "ask/query": {"pin": "${parameter.pin}"},
        },
        "unknown_parameter",
        "ask.query.pin",
    ),
    (
        "all parameters in a question, with a secret among them",
        {
            f"{MAKE}/parameters": [{"name": "pin", "secret": True}],
            f"{MAKE}/send/json": {},
            "ask/json": "${parameters}",
        },
        "unknown_placeholder",
        "ask.json",
    ),
    # Paths into answers
    ("a path of dots", {f"{OUTCOME}/word": "a..b"}, "bad_path", "ask.outcome.word"),
    ("a path that does not close", {f"{OUTCOME}/word": "a[0"}, "bad_path", "ask.outcome.word"),
    ("an index that is none", {f"{OUTCOME}/word": "a[x]"}, "bad_path", "ask.outcome.word"),
    ("a quote that does not close", {f"{OUTCOME}/word": 'a["x]'}, "bad_path", "ask.outcome.word"),
    (
        "a quote with something behind",
        {f"{OUTCOME}/word": 'a["x"y]'},
        "bad_path",
        "ask.outcome.word",
    ),
    ("a match without a sign", {f"{OUTCOME}/word": 'a[x"y"]'}, "bad_path", "ask.outcome.word"),
    ("a step without a dot", {f"{OUTCOME}/word": "a[0]b"}, "bad_path", "ask.outcome.word"),
    (
        "a path of 21 steps",
        {f"{OUTCOME}/word": ".".join("abcdefghijklmnopqrstu")},
        "bad_path",
        "ask.outcome.word",
    ),
    # Sources
    ("a source of nothing", {f"{OUTCOME}/word": {"segment": 1}}, "missing_key", "ask.outcome.word"),
    (
        "a source of two",
        {f"{OUTCOME}/word": {"path": "x", "header": "y"}},
        "invalid_value",
        "ask.outcome.word.header",
    ),
    ("a list of no sources", {f"{OUTCOME}/word": []}, "invalid_value", "ask.outcome.word"),
    (
        "a text that is not true",
        {f"{OUTCOME}/word": {"text": False}},
        "invalid_value",
        "ask.outcome.word.text",
    ),
    (
        "between one text",
        {f"{OUTCOME}/word": {"text": True, "between": ["a"]}},
        "invalid_value",
        "ask.outcome.word.between",
    ),
    (
        "a constant that is a list",
        {f"{OUTCOME}/reason": {"value": []}},
        "invalid_value",
        "ask.outcome.reason.value",
    ),
    (
        "a segment that is a fraction",
        {f"{OUTCOME}/word": {"path": "x", "segment": 0.5}},
        "invalid_value",
        "ask.outcome.word.segment",
    ),
    # Rules
    (
        "a rule about nothing",
        {f"{OUTCOME}/rules": [{"when": {}, "state": "lost"}]},
        "missing_key",
        "ask.outcome.rules[0].when",
    ),
    (
        "a rule without a test",
        {f"{OUTCOME}/rules": [{"when": {"path": "x"}, "state": "lost"}]},
        "missing_key",
        "ask.outcome.rules[0].when",
    ),
    (
        "a rule with two tests",
        {f"{OUTCOME}/rules": [{"when": {"path": "x", "is": 1, "not": 2}, "state": "lost"}]},
        "invalid_value",
        "ask.outcome.rules[0].when.not",
    ),
    (
        "a status that is none",
        {f"{OUTCOME}/rules": [{"when": {"http": 600}, "state": "lost"}]},
        "invalid_value",
        "ask.outcome.rules[0].when.http",
    ),
    (
        "a test of lists",
        {f"{OUTCOME}/rules": [{"when": {"path": "x", "is": [[1]]}, "state": "lost"}]},
        "invalid_value",
        "ask.outcome.rules[0].when.is[0]",
    ),
    (
        "a test of none of them",
        {f"{OUTCOME}/rules": [{"when": {"path": "x", "is": []}, "state": "lost"}]},
        "invalid_value",
        "ask.outcome.rules[0].when.is",
    ),
    (
        "a state that nobody knows",
        {f"{OUTCOME}/rules": [{"when": {"http": 404}, "state": "gone"}]},
        "invalid_value",
        "ask.outcome.rules[0].state",
    ),
    (
        "a next stage where there is one",
        {f"{OUTCOME}/rules": [{"when": {"http": 404}, "state": "next"}]},
        "invalid_value",
        "ask.outcome.rules[0].state",
    ),
    # Outcomes
    (
        "a word twice",
        {f"{OUTCOME}/words": {"success": ["done"], "failure": ["x", "DONE"]}},
        "word_twice",
        "ask.outcome.words.failure[1]",
    ),
    (
        "no word of success",
        {f"{OUTCOME}/words": {"failure": ["failed"]}},
        "no_success_word",
        "ask.outcome",
    ),
    ("no end", {f"{OUTCOME}/words": {"queued": ["working"]}}, "no_final_state", "ask.outcome"),
    ("words without a word", {f"{OUTCOME}/word": REMOVED}, "missing_key", "ask.outcome"),
    (
        "otherwise an end",
        {f"{OUTCOME}/otherwise": "failure"},
        "invalid_value",
        "ask.outcome.otherwise",
    ),
    (
        "a stage that leads nowhere",
        {"ask": [{"path": "/a", "outcome": {"next": "x"}}, JOBS["ask"]]},
        "no_final_state",
        "ask[0].outcome.rules",
    ),
    (
        "a stage without the next id",
        {"ask": [{"path": "/a", "outcome": {}}, JOBS["ask"]]},
        "missing_key",
        "ask[0].outcome",
    ),
    ("one stage in a list", {"ask": [JOBS["ask"]]}, "invalid_value", "ask"),
    (
        "a batch without ids",
        {"ask/batch": {"request": {"path": "/x"}, "items": "", "id": "id"}},
        "missing_key",
        "ask.batch.request",
    ),
    (
        "a batch of one",
        {
            "ask/batch": {
                "request": {"path": "/x", "query": {"i": "${ids}"}},
                "items": "",
                "id": "id",
                "size": 1,
            }
        },
        "invalid_value",
        "ask.batch.size",
    ),
    # Commands
    ("no command", {"commands": {}}, "no_command", "commands"),
    (
        "101 commands",
        {"commands": {f"c{n}": JOBS["commands"]["make"] for n in range(101)}},
        "no_command",
        "commands",
    ),
    (
        "a name in two cases",
        {"commands/MAKE": JOBS["commands"]["make"]},
        "invalid_value",
        "commands",
    ),
    ("nothing to ask", {"ask": REMOVED}, "no_final_state", "commands.make.ask"),
    (
        "a parameter twice",
        {f"{MAKE}/parameters": [{"name": "what"}, {"name": "what"}], f"{MAKE}/send/json": {}},
        "invalid_value",
        "commands.make.parameters[1].name",
    ),
    (
        "a choice of no words",
        {f"{MAKE}/parameters": [{"name": "x", "type": "choice"}]},
        "missing_key",
        "commands.make.parameters[0]",
    ),
    (
        "choices for a text",
        {f"{MAKE}/parameters": [{"name": "x", "choices": ["a"]}]},
        "missing_key",
        "commands.make.parameters[0]",
    ),
    (
        "a default out of bounds",
        {f"{MAKE}/parameters": [{"name": "x", "type": "number", "default": 1, "minimum": 2}]},
        "invalid_value",
        "commands.make.parameters[0].default",
    ),
    (
        "repeatable without a mark",
        {f"{MAKE}/send/repeatable": True},
        "missing_key",
        "commands.make.send.repeatable",
    ),
    ("a window of a second", {f"{MAKE}/timeout": 1}, "invalid_value", "commands.make.timeout"),
    (
        "a switch that is a text",
        {f"{MAKE}/confirm": "yes"},
        "invalid_value",
        "commands.make.confirm",
    ),
    (
        "an expectation that is a list",
        {f"{MAKE}/expect": [1]},
        "invalid_value",
        "commands.make.expect",
    ),
    # Targets
    ("no targets", {"targets": {"static": []}}, "invalid_value", "targets.static"),
    (
        "a target twice",
        {"targets": {"static": [{"id": "a"}, {"id": "a"}]}},
        "invalid_value",
        "targets.static",
    ),
    (
        "a target without an id",
        {"targets": {"static": [{"name": "a"}]}},
        "missing_key",
        "targets.static[0]",
    ),
    (
        "a target that nobody can print",
        {"targets": {"static": [{"id": "a\x00"}]}},
        "invalid_value",
        "targets.static[0]",
    ),
    ("a list of nothing", {"targets": {"items": "x"}}, "missing_key", "targets"),
    # Paces
    ("faster than a second", {"poll/every": 0.5}, "invalid_value", "poll.every"),
    ("a number that is none", {"poll/every": float("nan")}, "invalid_value", "poll.every"),
    ("a number that is a text", {"poll/every": "2"}, "invalid_value", "poll.every"),
    ("a fraction of a request", {"poll/at_once": 1.5}, "invalid_value", "poll.at_once"),
]


@pytest.mark.parametrize(
    ("changes", "mistake", "where"),
    [case[1:] for case in MISTAKES],
    ids=[case[0].replace(" ", "_") for case in MISTAKES],
)
def test_a_mistake_is_told_with_its_place(
    changes: Mapping[str, Any], mistake: str, where: str
) -> None:
    """Whoever wrote it can find and mend it."""
    with pytest.raises(DescriptionError) as raised:
        description(changed(changes))
    assert (raised.value.mistake, raised.value.where) == (Mistake(mistake), where)


@pytest.mark.parametrize("mistake", sorted(set(Mistake) - {Mistake.TOO_LARGE}))
def test_every_mistake_has_a_test(mistake: Mistake) -> None:
    """What cannot be wrong needs no text."""
    assert mistake in {case[2] for case in MISTAKES}


def test_what_nobody_writes_so_deep_is_too_large() -> None:
    """A body of a thousand levels would end in a crash of whoever reads it."""
    deep: Any = "x"
    for _ in range(60):
        deep = [deep]
    with pytest.raises(DescriptionError) as raised:
        description(changed({"commands/make/send/json": deep}))
    assert raised.value.mistake is Mistake.TOO_LARGE


@pytest.mark.parametrize("plain", [None, [], "text", 7, {1: 2}, {"format": object()}])
def test_what_is_no_description_is_refused(plain: Any) -> None:
    """A file may hold anything."""
    with pytest.raises(DescriptionError):
        description(plain)


def _ways(plain: Any, way: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the ways to every value of a description."""
    inner: Any = ()
    if isinstance(plain, Mapping):
        inner = plain.items()
    elif isinstance(plain, list):
        inner = [(str(index), item) for index, item in enumerate(plain)]
    found = [way] if way else []
    return found + [each for key, item in inner for each in _ways(item, (*way, key))]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@given(way=st.sampled_from(_ways(JOBS)), value=ANYTHING)
def test_whatever_stands_somewhere_only_our_error_comes_of_it(
    way: tuple[str, ...], value: Any
) -> None:
    """A file of a stranger stops nobody's Home Assistant."""
    with suppress(DescriptionError):
        description(changed({"/".join(way): value}))
