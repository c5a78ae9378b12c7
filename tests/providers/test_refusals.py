"""What is wrong with a user's words: each error has the text that fits what would do instead."""

from typing import Any

import pytest

from custom_components.command_status.providers.base import Field, FieldKind
from custom_components.command_status.providers.refusals import (
    missing,
    unaccepted,
    unknown_command,
    unknown_parameter,
)


def test_what_is_unknown_is_told_with_what_is_known() -> None:
    """Where nothing is known, no list of nothing is shown."""
    assert unknown_command("X", ["ON", "OFF"]).text_key == "unknown_command"
    assert unknown_command("X", ["ON", "OFF"]).placeholders["accepted"] == "ON, OFF"
    assert unknown_command("X", []).text_key == "knows_no_command"
    assert unknown_parameter("x", ["relay"]).placeholders["accepted"] == "relay"
    assert unknown_parameter("x", []).text_key == "no_parameters"


@pytest.mark.parametrize(
    ("field", "accepted"),
    [
        ({"kind": FieldKind.CHOICE, "choices": ("a", "b")}, "a, b"),
        ({"kind": FieldKind.BOOLEAN}, "true, false"),
        ({"kind": FieldKind.NUMBER, "minimum": 0, "maximum": 1_000_000}, "0 … 1000000"),
        ({"kind": FieldKind.NUMBER, "minimum": -2.5}, "≥ -2.5"),
        ({"kind": FieldKind.NUMBER, "maximum": 0}, "≤ 0"),
    ],
)
def test_values_that_can_be_listed_are_listed(field: dict[str, Any], accepted: str) -> None:
    """For a parameter that is missing as for one with another value."""
    asked = Field(name="x", **field)
    told = {"parameter": "x", "accepted": accepted}
    assert (missing(asked).text_key, missing(asked).placeholders) == ("missing_parameter", told)
    assert (unaccepted(asked).text_key, unaccepted(asked).placeholders) == (
        "invalid_parameter",
        told,
    )


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (FieldKind.NUMBER, "number_needed"),
        (FieldKind.OBJECT, "data_needed"),
        (FieldKind.TEXT, "text_needed"),
        (FieldKind.CHOICE, "text_needed"),
    ],
)
def test_a_kind_is_told_in_words(kind: FieldKind, key: str) -> None:
    """Its name in our code would be read by nobody."""
    asked = Field(name="x", kind=kind)
    assert missing(asked).text_key == unaccepted(asked).text_key == key
    assert missing(asked).placeholders == {"parameter": "x"}
