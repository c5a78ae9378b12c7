"""The JSON schema by which editors help: it knows what the code knows, no more and no less."""

from collections.abc import Iterator, Mapping
from pathlib import Path
import re
from typing import Any, Final
from unittest.mock import patch

from hypothesis import given, settings, strategies as st
import pytest
import yaml

from custom_components.command_status.providers.mistakes import DescriptionError, Place
from custom_components.command_status.providers.rest import reading
from custom_components.command_status.providers.rest.auth import FIELDS
from custom_components.command_status.providers.rest.description import ACCOUNT_KINDS, description
from custom_components.command_status.providers.rest.parameters import KINDS
from custom_components.command_status.providers.rest.requests import METHODS
from custom_components.command_status.tracking import CommandState

from .jobs import JOBS, changed
from .schema import CHECKS, ROOT, SCHEMA, fits, objects
from .test_shipped import FILES

FORMAT_EXAMPLES: Final = re.findall(
    r"```yaml\n(format: 1.*?)```", (ROOT / "docs" / "descriptions.md").read_text(), re.DOTALL
)


def places(plain: Any, place: Place = ()) -> Iterator[Place]:
    """Go through the mappings of a description whose keys are those of the format."""
    if isinstance(plain, dict):
        yield place
        for key, value in plain.items():
            if key not in {"query", "headers", "json", "form", "keep", "words", "default"}:
                yield from places(value, (*place, key))
    if isinstance(plain, list):
        for at, value in enumerate(plain):
            yield from places(value, (*place, at))


def at(plain: Any, place: Place) -> Any:
    """Return what stands at a place."""
    for step in place:
        plain = plain[step]
    return plain


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_description_fits(path: Path) -> None:
    """As does the example of the reference, and the one of the tests."""
    assert fits(yaml.safe_load(path.read_text()))


def test_every_example_fits_and_can_be_read() -> None:
    """Whoever copies one begins with something that works."""
    assert FORMAT_EXAMPLES
    for text in FORMAT_EXAMPLES:
        plain = yaml.safe_load(text)
        assert fits(plain)
        description(plain)
    assert fits(changed({}))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_key_that_nobody_knows_fits_nowhere(path: Path) -> None:
    """The editor underlines it where the code refuses it."""
    for place in places(yaml.safe_load(path.read_text())):
        plain = yaml.safe_load(path.read_text())
        if place == ("commands",):
            continue  # whose keys are names
        at(plain, place)["nobody_knows_this"] = 1
        assert not fits(plain), place
        with pytest.raises(DescriptionError):
            description(plain)


def asked_for() -> set[str]:
    """Return every key that the code asks for while it reads what there is to read."""
    asked: set[str] = set()
    take, has = reading.Keys.take, reading.Keys.has

    def noted_take(self: reading.Keys, key: str, *args: Any, **kwargs: Any) -> Any:
        asked.add(key)
        return take(self, key, *args, **kwargs)

    def noted_has(self: reading.Keys, key: str) -> bool:
        asked.add(key)
        return has(self, key)

    with (
        patch.object(reading.Keys, "take", noted_take),
        patch.object(reading.Keys, "has", noted_has),
    ):
        for path in FILES:
            description(yaml.safe_load(path.read_text()))
        description(changed(EVERYTHING))
        for kind in FIELDS:
            auth = {"type": kind, **(LOGIN if kind == "login" else {})}
            description(changed({"auth": auth}))
    return asked


LOGIN: Final[Mapping[str, Any]] = {
    "request": {"path": "/login"},
    "token": "token",
    "query": "key",
}
EVERYTHING: Final[Mapping[str, Any]] = {
    "account": [{"name": "site"}],
    "check": {"path": "/x", "json": False},
    "poll/sends": [{"count": 1, "seconds": 1}],
    "commands/make/send/repeatable": {"already": {"http": 409}},
    "commands/make/send/json/key": "${tracking_id}",
    "ask/batch": {
        "request": {"path": "/x", "query": {"ids": "${ids}"}},
        "items": "jobs",
        "id": {"path": "id", "segment": -1},
    },
    "ask/then": {"path": "/x"},
    "ask/outcome/progress": {"path": "job.done", "times": 100},
    "send_rules": [{"when": {"path": "a", "exists": True, "each": "all"}, "state": "lost"}],
}


def test_the_schema_has_the_keys_that_the_code_reads() -> None:
    """No more and no less; the states of the table of words are among them."""
    known = {key for each in objects() for key in each["properties"]}
    assert known == asked_for()


def test_nothing_in_the_schema_is_open_by_accident() -> None:
    """Whatever has keys of its own has no others; and no word of the schema goes unchecked."""
    assert all(each["additionalProperties"] is False for each in objects())
    beside = {"$ref", "$schema", "$defs", "title", "description"}
    words = {word for each in objects() for inner in each["properties"].values() for word in inner}
    assert words <= {*CHECKS, *beside}


def test_the_words_of_the_schema_are_those_of_the_code() -> None:
    """Methods, kinds of fields, of parameters and of sign-ins, and states."""
    defs = SCHEMA["$defs"]
    assert defs["request"]["properties"]["method"]["enum"] == list(METHODS)
    assert set(defs["parameter"]["properties"]["type"]["enum"]) == set(KINDS)
    assert set(defs["field"]["properties"]["type"]["enum"]) == set(ACCOUNT_KINDS)
    assert set(defs["outcome"]["properties"]["words"]["properties"]) == set(CommandState)
    assert {way["properties"]["type"]["const"] for way in defs["auth"]["anyOf"]} == set(FIELDS)


@settings(max_examples=300)
@given(
    place=st.sampled_from(list(places(dict(JOBS)))),
    key=st.sampled_from(sorted({key for each in objects() for key in each["properties"]})),
    value=st.sampled_from([None, True, 1, -1, "", "x", [], {}, ["x"], {"path": "/x"}]),
)
def test_what_the_code_takes_the_schema_takes(place: Place, key: str, value: Any) -> None:
    """An editor that underlines what is right is switched off."""
    plain = changed({})
    at(plain, place)[key] = value
    try:
        description(plain)
    except DescriptionError:
        return
    assert fits(plain)
