"""Forms: the fields of a provider as Home Assistant shows them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    DurationSelector,
    DurationSelectorConfig,
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

ON: Final = "on"
OFF: Final = "off"
UNDECIDED: Final = {"suggested_value": ""}
"""Keeps Home Assistant's forms from choosing the first option, or the least number, by themselves,
and from being submitted before something was chosen."""
CHOSEN: Final = frozenset({FieldKind.BOOLEAN, FieldKind.CHOICE, FieldKind.NUMBER})
"""What Home Assistant's forms choose by themselves where nothing was chosen."""
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


def duration_box() -> DurationSelector:
    """Return a selector for a duration, up to days."""
    return DurationSelector(DurationSelectorConfig(enable_day=True))


def as_duration(seconds: float) -> dict[str, float]:
    """Return a number of seconds as a selector for a duration shows it."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return {"days": days, "hours": hours, "minutes": minutes, "seconds": rest}


def as_seconds(duration: Mapping[str, float]) -> float:
    """Return the seconds of a duration as a selector hands it over."""
    return timedelta(**duration).total_seconds()


def _number(field: Field) -> Selector[Any]:
    """Return a selector for a number within the limits of its field."""
    return number_box(field.minimum, field.maximum, field.unit)


def _must_be_decided(field: Field) -> bool:
    """Return whether something has to be chosen, which a form would choose by itself."""
    return field.kind in CHOSEN and field.required and field.default is None


def _boolean(field: Field) -> Selector[Any]:
    """Return a selector for yes or no."""
    if not _must_be_decided(field):
        return BooleanSelector()
    return SelectSelector(
        SelectSelectorConfig(
            options=[ON, OFF], translation_key="switch", mode=SelectSelectorMode.LIST
        )
    )


def _choice(field: Field) -> Selector[Any]:
    """Return a selector for one of the choices of a field."""
    labelled = [
        SelectOptionDict(value=choice, label=field.labels.get(choice, choice))
        for choice in field.choices
    ]
    named = [choice.lower() if field.texts else choice for choice in field.choices]
    config = SelectSelectorConfig(
        options=labelled if field.labels else named, mode=SelectSelectorMode.DROPDOWN
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
    FieldKind.BOOLEAN: _boolean,
    FieldKind.CHOICE: _choice,
    FieldKind.OBJECT: lambda _: ObjectSelector(),
    FieldKind.LINES: lambda _: TextSelector(TextSelectorConfig(multiline=True)),
    FieldKind.WORDS: _words,
    FieldKind.DURATION: lambda _: duration_box(),
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


def as_typed(fields: Iterable[Field], user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed into these fields, with seconds for durations and true for on."""
    return {
        field.name: CONVERSIONS.get(field.kind, _as_it_is)(user_input[field.name])
        for field in fields
        if field.name in user_input
    }


def _as_it_is(value: Any) -> Any:
    """Return what was typed."""
    return value


CONVERSIONS: Final[Mapping[FieldKind, Callable[[Any], Any]]] = {
    FieldKind.BOOLEAN: lambda value: value in (True, ON),
    FieldKind.DURATION: as_seconds,
}
"""What a form hands over in a shape of its own."""


def _schema(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[vol.Marker, Any]:
    """Return the fields with their selectors."""
    return {_marker(field, values): SELECTORS[field.kind](field) for field in fields}


def _marker(field: Field, values: Mapping[str, Any]) -> vol.Marker:
    """Return the name of a field with what it holds at first."""
    default: Any = field.default
    value = values.get(field.name, list(field.suggested) or None)
    shown: dict[str, Any] | None = None
    if field.kind is FieldKind.DURATION:
        value = as_duration(default if value is None else value)
        default = as_duration(default)
    if field.kind is not FieldKind.SECRET and value not in (None, ""):
        shown = {"suggested_value": _shown(field, value)}
    elif _must_be_decided(field):
        shown = UNDECIDED
    marker = vol.Required if field.required else vol.Optional
    return marker(
        field.name, default=vol.UNDEFINED if default is None else default, description=shown
    )


def _shown(field: Field, value: Any) -> Any:
    """Return a value as the selector of its field shows it."""
    if field.kind is FieldKind.BOOLEAN:
        held = value in (True, "true")  # as credentials are stored
        return (OFF, ON)[held] if _must_be_decided(field) else held
    if field.kind is FieldKind.CHOICE and isinstance(value, (int, float)):
        return f"{value:g}"
    if field.kind is FieldKind.CHOICE and field.texts is not None and not field.labels:
        return value.lower()
    return value
