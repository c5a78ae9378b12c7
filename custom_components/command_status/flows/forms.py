"""Forms: the fields of a provider as Home Assistant shows them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    ObjectSelector,
    SelectOptionDict,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from ..providers.base import Field, FieldKind

ADVANCED: Final = "advanced"
"""The section of the fields that hardly anybody needs."""


def _text(kind: TextSelectorType) -> Callable[[Field], Selector[Any]]:
    """Return how to make a selector for one kind of text."""
    return lambda _: TextSelector(TextSelectorConfig(type=kind))


def number_box(minimum: float | None, maximum: float | None, unit: str | None) -> NumberSelector:
    """Return a selector for a number to type; None where there is no limit, or no unit."""
    config = NumberSelectorConfig(mode=NumberSelectorMode.BOX)
    if minimum is not None:
        config["min"] = minimum
    if maximum is not None:
        config["max"] = maximum
    if unit is not None:
        config["unit_of_measurement"] = unit
    return NumberSelector(config)


def _number(field: Field) -> Selector[Any]:
    """Return a selector for a number within the limits of its field."""
    return number_box(field.minimum, field.maximum, field.unit)


def _choice(field: Field) -> Selector[Any]:
    """Return a selector for one of the choices of a field."""
    labelled = [
        SelectOptionDict(value=choice, label=field.labels.get(choice, choice))
        for choice in field.choices
    ]
    config = SelectSelectorConfig(
        options=labelled if field.labels else list(field.choices), mode=SelectSelectorMode.DROPDOWN
    )
    if field.texts is not None:
        config["translation_key"] = field.texts
    return SelectSelector(config)


def _words(field: Field) -> Selector[Any]:
    """Return a selector for any number of words; those that are known can be picked."""
    return SelectSelector(
        SelectSelectorConfig(
            options=list(field.choices),
            multiple=True,
            custom_value=True,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


SELECTORS: Final[Mapping[FieldKind, Callable[[Field], Selector[Any]]]] = {
    FieldKind.TEXT: _text(TextSelectorType.TEXT),
    FieldKind.SECRET: _text(TextSelectorType.PASSWORD),
    FieldKind.EMAIL: _text(TextSelectorType.EMAIL),
    FieldKind.URL: _text(TextSelectorType.URL),
    FieldKind.NUMBER: _number,
    FieldKind.BOOLEAN: lambda _: BooleanSelector(),
    FieldKind.CHOICE: _choice,
    FieldKind.OBJECT: lambda _: ObjectSelector(),
    FieldKind.LINES: lambda _: TextSelector(TextSelectorConfig(multiline=True)),
    FieldKind.WORDS: _words,
}


def as_schema(fields: Iterable[Field], values: Mapping[str, Any]) -> vol.Schema:
    """Return a form that shows these values in its fields, by name; secrets are never shown.

    The section of advanced fields is closed as long as they hold what they usually do.
    """
    plain: list[Field] = []
    advanced: list[Field] = []
    for field in fields:
        (advanced if field.advanced else plain).append(field)
    schema = _schema(plain, values)
    if advanced:
        usual = all(values.get(f.name) in (None, "", f.default) for f in advanced)
        schema[vol.Optional(ADVANCED)] = section(
            vol.Schema(_schema(advanced, values)), {"collapsed": usual}
        )
    return vol.Schema(schema)


def as_values(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed by field, those of the section beside the others."""
    values = dict(user_input)
    values |= values.pop(ADVANCED, {})
    return values


def _schema(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[vol.Marker, Any]:
    """Return the fields with their selectors."""
    return {_marker(field, values): SELECTORS[field.kind](field) for field in fields}


def _marker(field: Field, values: Mapping[str, Any]) -> vol.Marker:
    """Return the name of a field with what it holds at first."""
    value = values.get(field.name, list(field.suggested) or None)
    shown = field.kind is not FieldKind.SECRET and value not in (None, "")
    if field.kind is FieldKind.BOOLEAN and isinstance(value, str):  # as credentials are stored
        value = value == "true"
    marker = vol.Required if field.required else vol.Optional
    return marker(
        field.name,
        default=vol.UNDEFINED if field.default is None else field.default,
        description={"suggested_value": value} if shown else None,
    )
