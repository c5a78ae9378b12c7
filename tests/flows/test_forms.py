"""How a provider's fields become a form, whatever their kind."""

from typing import Any

from homeassistant.data_entry_flow import section
import pytest
from voluptuous import Invalid

from custom_components.command_status.flows.forms import as_schema, as_typed, as_values
from custom_components.command_status.providers.base import Field, FieldKind


def described(field: Field) -> dict[str, Any]:
    """Return the selector of a field, as the frontend gets it."""
    (selector,) = as_schema([field], {}).schema.values()
    config: dict[str, Any] = selector.serialize()["selector"]
    return config


@pytest.mark.parametrize(
    ("field", "kind", "config"),
    [
        (Field(name="f"), "text", {"type": "text"}),
        (Field(name="f", kind=FieldKind.SECRET), "text", {"type": "password"}),
        (Field(name="f", kind=FieldKind.EMAIL), "text", {"type": "email"}),
        (Field(name="f", kind=FieldKind.URL), "text", {"type": "url"}),
        (Field(name="f", kind=FieldKind.NUMBER), "number", {"mode": "box"}),
        (
            Field(name="f", kind=FieldKind.NUMBER, minimum=1, maximum=100, unit="%"),
            "number",
            {"mode": "box", "min": 1.0, "max": 100.0, "unit_of_measurement": "%"},
        ),
        (
            Field(name="f", kind=FieldKind.BOOLEAN),
            "select",
            {"options": ["on", "off"], "mode": "list", "translation_key": "switch"},
        ),
        (Field(name="f", kind=FieldKind.BOOLEAN, default=False), "boolean", {}),
        (Field(name="f", kind=FieldKind.BOOLEAN, required=False), "boolean", {}),
        (Field(name="f", kind=FieldKind.DURATION, default=5), "duration", {"enable_day": True}),
        (
            Field(name="f", kind=FieldKind.CHOICE, choices=("SHOW", "HIDE"), texts="k"),
            "select",
            {"options": ["show", "hide"], "translation_key": "k"},
        ),
        (
            Field(name="f", kind=FieldKind.CHOICE, choices=("a", "b")),
            "select",
            {"options": ["a", "b"], "mode": "dropdown"},
        ),
        (
            Field(name="f", kind=FieldKind.CHOICE, choices=("a",), labels={"a": "A"}, texts="k"),
            "select",
            {"options": [{"value": "a", "label": "A"}], "translation_key": "k"},
        ),
        (Field(name="f", kind=FieldKind.OBJECT), "object", {}),
        (Field(name="f", kind=FieldKind.LINES), "text", {"multiline": True}),
        (
            Field(name="f", kind=FieldKind.WORDS, choices=("a", "b")),
            "select",
            {"options": ["a", "b"], "multiple": True, "custom_value": True},
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, Field) else "",
)
def test_every_kind_of_field_has_its_own_selector(
    field: Field, kind: str, config: dict[str, Any]
) -> None:
    """Somebody who types a number should not need to know how it is written."""
    selector = described(field)

    assert selector.keys() == {kind}
    assert selector[kind].items() >= config.items()


def test_a_number_beyond_its_limits_is_refused() -> None:
    """What the provider would refuse need not be sent."""
    schema = as_schema([Field(name="volume", kind=FieldKind.NUMBER, maximum=100)], {})

    assert schema({"volume": 100}) == {"volume": 100}
    with pytest.raises(Invalid):
        schema({"volume": 101})


def test_only_what_is_required_must_be_typed() -> None:
    """A field with a default is filled in, one without may be left out."""
    schema = as_schema(
        [
            Field(name="a", default="x"),
            Field(name="b", required=False),
            Field(name="c", required=False, default="y"),
            Field(name="d"),
        ],
        {},
    )

    assert schema({"d": "z"}) == {"a": "x", "c": "y", "d": "z"}
    with pytest.raises(Invalid):
        schema({})


ADVANCED = (Field(name="name"), Field(name="url", default="https://usual", advanced=True))


@pytest.mark.parametrize(
    ("values", "collapsed"),
    [
        ({}, True),
        ({"url": ""}, True),
        ({"url": "https://usual"}, True),
        ({"url": "https://other"}, False),
    ],
    ids=["nothing", "nothing typed", "the usual", "something else"],
)
def test_the_section_is_open_where_something_unusual_is_in_it(
    values: dict[str, str], *, collapsed: bool
) -> None:
    """What may be the cause of an error should not be out of sight."""
    advanced = as_schema(ADVANCED, values).schema["advanced"]

    assert isinstance(advanced, section)
    assert advanced.options == {"collapsed": collapsed}


def test_the_section_may_be_left_out() -> None:
    """Most people never open it."""
    assert as_schema(ADVANCED, {})({"name": "x"}) == {"name": "x"}


def test_the_values_of_the_section_stand_beside_the_others() -> None:
    """A provider does not know how its fields are shown."""
    assert as_values({"a": 1, "advanced": {"b": 2}}) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("field", "values", "description"),
    [
        (Field(name="f"), {"f": "typed"}, {"suggested_value": "typed"}),
        (Field(name="f", kind=FieldKind.OBJECT), {"f": {"a": 1}}, {"suggested_value": {"a": 1}}),
        (Field(name="f", kind=FieldKind.BOOLEAN), {"f": False}, {"suggested_value": "off"}),
        (Field(name="f", kind=FieldKind.BOOLEAN), {"f": True}, {"suggested_value": "on"}),
        (
            Field(name="f", kind=FieldKind.BOOLEAN, default=False),
            {"f": "true"},
            {"suggested_value": True},
        ),
        (
            Field(name="f", kind=FieldKind.CHOICE, choices=("0", "3"), texts="k"),
            {"f": 3.0},
            {"suggested_value": "3"},
        ),
        (
            Field(name="f", kind=FieldKind.CHOICE, choices=("SHOW",), texts="k"),
            {"f": "SHOW"},
            {"suggested_value": "show"},
        ),
        (
            Field(name="f", kind=FieldKind.DURATION, default=60),
            {"f": 93784.5},
            {"suggested_value": {"days": 1, "hours": 2, "minutes": 3, "seconds": 4.5}},
        ),
        (Field(name="f"), {"f": ""}, None),
        (Field(name="f"), {"other": "x"}, None),
        (Field(name="f", kind=FieldKind.SECRET), {"f": "hunter2"}, None),
    ],
    ids=[
        "a text",
        "an object",
        "a no",
        "a yes",
        "a yes as credentials are stored",
        "a number among choices",
        "a choice with a text",
        "a duration",
        "nothing",
        "another field's",
        "a secret",
    ],
)
def test_a_form_shows_what_is_known_but_no_secret(
    field: Field, values: dict[str, Any], description: dict[str, Any] | None
) -> None:
    """A secret that was typed once is never sent back to a browser."""
    (marker,) = as_schema([field], values).schema

    assert marker.description == description


@pytest.mark.parametrize(
    "field",
    [
        Field(name="f", kind=FieldKind.BOOLEAN),
        Field(name="f", kind=FieldKind.NUMBER, minimum=0),
        Field(name="f", kind=FieldKind.CHOICE, choices=("off", "on")),
    ],
    ids=lambda field: field.kind,
)
def test_nothing_is_chosen_for_the_user(field: Field) -> None:
    """Home Assistant would take the first option, or the least number: the cover at position 0."""
    (marker,) = as_schema([field], {}).schema

    assert marker.description == {"suggested_value": ""}


@pytest.mark.parametrize(
    "field",
    [
        Field(name="f", kind=FieldKind.NUMBER, required=False),
        Field(name="f", kind=FieldKind.CHOICE, choices=("a", "b"), default="b"),
        Field(name="f"),
    ],
    ids=["may be left out", "has a default", "is empty anyway"],
)
def test_what_needs_no_choice_is_left_alone(field: Field) -> None:
    """Nothing is chosen there that nobody wanted."""
    (marker,) = as_schema([field], {}).schema

    assert marker.description is None


def test_what_was_typed_is_taken_over_in_our_own_shape() -> None:
    """A provider knows neither the selectors of Home Assistant nor fields of others."""
    fields = [
        Field(name="on", kind=FieldKind.BOOLEAN),
        Field(name="off", kind=FieldKind.BOOLEAN),
        Field(name="yes", kind=FieldKind.BOOLEAN, default=False),
        Field(name="window", kind=FieldKind.DURATION, default=5),
        Field(name="text"),
        Field(name="left_out", required=False),
    ]
    typed = {"on": "on", "off": "off", "yes": True, "text": "on", "title": "T"}
    typed["window"] = {"hours": 1, "minutes": 30}

    found = as_typed(fields, typed)

    assert found == {"on": True, "off": False, "yes": True, "window": 5400, "text": "on"}
