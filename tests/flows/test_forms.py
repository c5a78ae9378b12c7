"""How a provider's fields become a form, whatever their kind."""

from typing import Any

from homeassistant.data_entry_flow import section
import pytest
from voluptuous import Invalid

from custom_components.command_status.flows.forms import as_schema, as_values
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
        (Field(name="f", kind=FieldKind.BOOLEAN), "boolean", {}),
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
        (Field(name="f", kind=FieldKind.BOOLEAN), {"f": False}, {"suggested_value": False}),
        (Field(name="f"), {"f": ""}, None),
        (Field(name="f"), {"other": "x"}, None),
        (Field(name="f", kind=FieldKind.SECRET), {"f": "hunter2"}, None),
    ],
    ids=["a text", "an object", "a no", "nothing", "another field's", "a secret"],
)
def test_a_form_shows_what_is_known_but_no_secret(
    field: Field, values: dict[str, Any], description: dict[str, Any] | None
) -> None:
    """A secret that was typed once is never sent back to a browser."""
    (marker,) = as_schema([field], values).schema

    assert marker.description == description
