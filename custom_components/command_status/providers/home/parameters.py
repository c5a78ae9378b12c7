"""The parameters that a saved command of this house may have: one form for each action.

Codes are not among them, because what is saved is written down. Choices and limits are those that
the entity itself shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...tracking.expectation import as_number
from ..base import Field, FieldKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One parameter of an action."""

    name: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    choices: str | tuple[str, ...] = ()
    """What it can be, or the attribute with the list of that."""
    minimum: float | str | None = None
    maximum: float | str | None = None
    """The limits, or the attributes with them."""
    unit: str | None = None

    def field(self, attributes: Mapping[str, Any]) -> Field:
        """Return its field in a form, for an entity with these attributes."""
        choices = self.choices
        if isinstance(choices, str):
            listed = attributes.get(choices)
            choices = tuple(map(str, listed)) if isinstance(listed, list) else ()
        kind = self.kind
        if kind is FieldKind.CHOICE and not choices:
            kind = FieldKind.TEXT
        return Field(
            name=self.name,
            kind=kind,
            required=self.required,
            choices=choices,
            minimum=_limit(self.minimum, attributes),
            maximum=_limit(self.maximum, attributes),
            unit=self.unit,
        )


def _limit(limit: float | str | None, attributes: Mapping[str, Any]) -> float | None:
    """Return one limit of a number; None where there is none."""
    return as_number(attributes.get(limit) if isinstance(limit, str) else limit)


def _share(name: str, *, required: bool = True) -> Parameter:
    """Return a parameter in per cent."""
    return Parameter(
        name=name, kind=FieldKind.NUMBER, required=required, minimum=0, maximum=100, unit="%"
    )


def _degrees(name: str) -> Parameter:
    """Return a temperature between those that the entity allows."""
    return Parameter(
        name=name, kind=FieldKind.NUMBER, required=False, minimum="min_temp", maximum="max_temp"
    )


def _one_of(name: str, choices: str | tuple[str, ...], *, required: bool = True) -> Parameter:
    """Return a parameter with a list of choices."""
    return Parameter(name=name, kind=FieldKind.CHOICE, required=required, choices=choices)


def _switch(name: str) -> Parameter:
    """Return a parameter that is on or off."""
    return Parameter(name=name, kind=FieldKind.BOOLEAN)


_NUMBER: Final = Parameter(name="value", kind=FieldKind.NUMBER, minimum="min", maximum="max")
_HUMIDITY: Final = Parameter(
    name="humidity",
    kind=FieldKind.NUMBER,
    minimum="min_humidity",
    maximum="max_humidity",
    unit="%",
)
_LIT: Final = (_share("brightness_pct", required=False),)

PARAMETERS: Final[Mapping[str, tuple[Parameter, ...]]] = {
    "climate.set_fan_mode": (_one_of("fan_mode", "fan_modes"),),
    "climate.set_humidity": (_HUMIDITY,),
    "climate.set_hvac_mode": (_one_of("hvac_mode", "hvac_modes"),),
    "climate.set_preset_mode": (_one_of("preset_mode", "preset_modes"),),
    "climate.set_swing_horizontal_mode": (
        _one_of("swing_horizontal_mode", "swing_horizontal_modes"),
    ),
    "climate.set_swing_mode": (_one_of("swing_mode", "swing_modes"),),
    "climate.set_temperature": (
        _degrees("temperature"),
        _degrees("target_temp_high"),
        _degrees("target_temp_low"),
        _one_of("hvac_mode", "hvac_modes", required=False),
    ),
    "counter.set_value": (Parameter(name="value", kind=FieldKind.NUMBER),),
    "cover.set_cover_position": (_share("position"),),
    "cover.set_cover_tilt_position": (_share("tilt_position"),),
    "date.set_value": (Parameter(name="date"),),
    "datetime.set_value": (Parameter(name="datetime"),),
    "fan.oscillate": (_switch("oscillating"),),
    "fan.set_direction": (_one_of("direction", ("forward", "reverse")),),
    "fan.set_percentage": (_share("percentage"),),
    "fan.set_preset_mode": (_one_of("preset_mode", "preset_modes"),),
    "fan.turn_on": (
        _share("percentage", required=False),
        _one_of("preset_mode", "preset_modes", required=False),
    ),
    "humidifier.set_humidity": (_HUMIDITY,),
    "humidifier.set_mode": (_one_of("mode", "available_modes"),),
    "input_datetime.set_datetime": (
        Parameter(name="date", required=False),
        Parameter(name="time", required=False),
    ),
    "input_number.set_value": (_NUMBER,),
    "input_select.select_option": (_one_of("option", "options"),),
    "input_text.set_value": (Parameter(name="value"),),
    "light.toggle": _LIT,
    "light.turn_on": _LIT,
    "media_player.repeat_set": (_one_of("repeat", ("off", "all", "one")),),
    "media_player.select_sound_mode": (_one_of("sound_mode", "sound_mode_list"),),
    "media_player.select_source": (_one_of("source", "source_list"),),
    "media_player.shuffle_set": (_switch("shuffle"),),
    "media_player.volume_mute": (_switch("is_volume_muted"),),
    "media_player.volume_set": (
        Parameter(name="volume_level", kind=FieldKind.NUMBER, minimum=0, maximum=1),
    ),
    "notify.send_message": (Parameter(name="message"), Parameter(name="title", required=False)),
    "number.set_value": (_NUMBER,),
    "select.select_option": (_one_of("option", "options"),),
    "text.set_value": (Parameter(name="value"),),
    "time.set_value": (Parameter(name="time"),),
    "update.install": (Parameter(name="version", required=False),),
    "vacuum.set_fan_speed": (_one_of("fan_speed", "fan_speed_list"),),
    "valve.set_valve_position": (_share("position"),),
    "water_heater.set_away_mode": (_switch("away_mode"),),
    "water_heater.set_operation_mode": (_one_of("operation_mode", "operation_list"),),
    "water_heater.set_temperature": (
        _degrees("temperature"),
        _one_of("operation_mode", "operation_list", required=False),
    ),
}
"""The actions that have parameters; any other has none worth saving."""


def fields_of(action: str, attributes: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return the form of an action on an entity with these attributes."""
    return tuple(parameter.field(attributes) for parameter in PARAMETERS.get(action, ()))
