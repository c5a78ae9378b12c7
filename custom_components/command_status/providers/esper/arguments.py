"""The arguments of Esper's commands, as far as they are documented: their forms and their check.

Other arguments are free. (V0DeviceCommandEnum and V0CommandArgs of esper-io/esper-api-spec, which
say what a command requires and what its numbers mean.)
"""

from collections.abc import Callable, Mapping
import json
import re
from typing import Any, Final

from ..base import Field, FieldKind
from ..refusals import missing, unaccepted
from ..words import redact, too_deep

LEAST_NUMBER: Final = -(2**63)
MOST_NUMBER: Final = 2**64 - 1
"""Other whole numbers fit into no file of ours."""

NUMBER: Final = re.compile(r"-?[0-9]{1,9}")

FREE: Final = "command_args"
FREE_FIELD: Final = Field(name=FREE, kind=FieldKind.OBJECT, required=False)
"""For commands whose arguments are not known here."""


def _number(name: str, minimum: float, maximum: float, unit: str | None = None) -> Field:
    return Field(name=name, kind=FieldKind.NUMBER, minimum=minimum, maximum=maximum, unit=unit)


def _choice(name: str, *choices: str) -> Field:
    return Field(name=name, kind=FieldKind.CHOICE, choices=choices, texts=name)


def _switch(name: str) -> Field:
    return Field(name=name, kind=FieldKind.BOOLEAN)


def _object(name: str, *, required: bool = True) -> Field:
    return Field(name=name, kind=FieldKind.OBJECT, required=required)


_NOTHING: Final[tuple[Field, ...]] = ()
_APP: Final = Field(name="package_name")
_NETWORKS: Final = _object("wifi_access_points")

FORMS: Final[Mapping[str, tuple[Field, ...]]] = {
    "ADD_TO_WHITELIST": (_APP,),
    "ADD_WIFI_AP": (_NETWORKS,),
    "CLEAR_APP_DATA": (_APP,),
    "INSTALL": (Field(name="app_version"),),
    "LOCK": _NOTHING,
    "OS_UPDATE_STATUS": _NOTHING,
    "REBOOT": _NOTHING,
    "REMOVE_FROM_WHITELIST": (_APP,),
    "REMOVE_WIFI_AP": (_NETWORKS,),
    "SCAN_OS_UPDATES": _NOTHING,
    "SET_APP_PERMISSION": (
        _APP,
        Field(name="permission"),
        _choice(
            "grant_state",
            "PERMISSION_GRANT_STATE_DEFAULT",
            "PERMISSION_GRANT_STATE_DENIED",
            "PERMISSION_GRANT_STATE_GRANTED",
        ),
    ),
    "SET_APP_STATE": (_APP, _choice("app_state", "SHOW", "HIDE", "DISABLE")),
    "SET_BLUETOOTH_STATE": (_switch("bluetooth_state"),),
    "SET_BRIGHTNESS_SCALE": (_number("brightness_value", 1, 100, "%"),),
    "SET_DEVICE_LOCKDOWN_STATE": (
        _choice("state", "LOCKED", "UNLOCKED"),
        Field(name="message", required=False),
    ),
    "SET_GPS_STATE": (_choice("gps_state", *"01234"),),
    "SET_KIOSK_APP": (_APP,),
    "SET_NEW_POLICY": (Field(name="policy_url"),),
    "SET_ROTATION_STATE": (_choice("rotate_state", *"012"),),
    "SET_SCREEN_OFF_TIMEOUT": (_number("screen_off_timeout", -1, 1_800_000, "ms"),),
    "SET_STREAM_VOLUME": (_choice("stream", *"0123"), _number("volume_level", 0, 100, "%")),
    "SET_TIMEZONE": (Field(name="timezone_string"),),
    "SET_WIFI_STATE": (_switch("wifi_state"),),
    "UNINSTALL": (_APP,),
    "UPDATE_DEVICE_CONFIG": (_object("custom_settings_config", required=False),),
    "UPDATE_HEARTBEAT": _NOTHING,
    "UPDATE_LATEST_DPC": _NOTHING,
    "WIPE": _NOTHING,
}
"""What documented commands take."""


def form(command: str) -> tuple[Field, ...]:
    """Return a form for the arguments of a command."""
    return FORMS.get(command.upper(), (FREE_FIELD,))


def checked_arguments(
    command: str, parameters: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the arguments as Esper takes them, and as they may be shown.

    A form for free arguments hands them over under one name. Raises ProviderInputError for what
    JSON, or a file of ours, cannot say, and where a documented argument is missing or out of range.
    """
    arguments = (parameters[FREE] or {}) if parameters.keys() == {FREE} else parameters
    if not isinstance(arguments, Mapping):
        raise unaccepted(FREE_FIELD)
    arguments = {name: _whole(value) for name, value in arguments.items()}
    if not _can_be_written(arguments):
        raise unaccepted(FREE_FIELD)
    for field in FORMS.get(command, _NOTHING):
        if arguments.get(field.name) not in (None, ""):
            arguments[field.name] = _CHECKS.get(field.kind, _as_it_is)(field, arguments[field.name])
        elif field.required:
            raise missing(field)
    return arguments, redact(arguments)


def _whole(value: Any) -> Any:
    """Return a whole number as an integer: forms give 50.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _as_it_is(field: Field, value: Any) -> Any:
    """Return a value of which nothing is documented."""
    return value


def _number_of(field: Field, value: Any) -> Any:
    """Return a number within the limits of a field; raises ProviderInputError."""
    number = _digits(value)
    low, high = field.minimum or 0, field.maximum or 0
    if type(number) is not int or not low <= number <= high:
        raise unaccepted(field)
    return number


def _choice_of(field: Field, value: Any) -> Any:
    """Return one of the choices of a field, a number where they are; raises ProviderInputError."""
    choice = str(value).upper()
    if choice not in field.choices:
        raise unaccepted(field)
    return _digits(choice)


_CHECKS: Final[Mapping[FieldKind, Callable[[Field, Any], Any]]] = {
    FieldKind.CHOICE: _choice_of,
    FieldKind.NUMBER: _number_of,
}


def _digits(value: Any) -> Any:
    """Return a text of digits as a number: forms and templates make texts of numbers."""
    return int(value) if isinstance(value, str) and NUMBER.fullmatch(value) else value


def _can_be_written(arguments: Mapping[str, Any]) -> bool:
    """Return whether arguments fit into a request and a file: no half letters, no endless depth."""
    if too_deep(arguments):
        return False
    try:
        written = json.dumps(arguments, allow_nan=False, ensure_ascii=False).encode()
    except TypeError, ValueError:
        return False
    return all(LEAST_NUMBER <= number <= MOST_NUMBER for number in _whole_numbers(written))


def _whole_numbers(written: bytes) -> list[int]:
    """Return the whole numbers in a text of JSON."""
    numbers: list[int] = []
    json.loads(written, parse_int=lambda digits: numbers.append(int(digits)))
    return numbers
