"""The names of Esper's commands and their arguments, as far as they are documented.

Neither list is complete: names and arguments are free, and these tables only help to type the
usual ones.
(V0DeviceCommandEnum and V0CommandArgs of esper-io/esper-api-spec; "Update command status".)
"""

from collections.abc import Mapping
import json
import re
from typing import Any, Final

from ..base import Field, FieldKind
from ..errors import ProviderInputError
from ..words import redact, too_deep

NAME: Final = re.compile(r"[A-Z][A-Z0-9_]*")

CONFIRM: Final = frozenset({"SET_DEVICE_LOCKDOWN_STATE", "UNINSTALL", "WIPE"})
"""Commands that destroy data or lock people out."""

LEAST_NUMBER: Final = -(2**63)
MOST_NUMBER: Final = 2**64 - 1
"""Other whole numbers fit into no file of ours."""

NO_ARGUMENTS: Final[tuple[Field, ...]] = ()

FREE: Final = "command_args"

FREE_FORM: Final = (Field(name=FREE, kind=FieldKind.OBJECT, required=False),)
"""For commands whose arguments are not known here."""


def _number(name: str, minimum: float, maximum: float, unit: str | None = None) -> Field:
    return Field(name=name, kind=FieldKind.NUMBER, minimum=minimum, maximum=maximum, unit=unit)


FORMS: Final[Mapping[str, tuple[Field, ...]]] = {
    "LOCK": NO_ARGUMENTS,
    "OS_UPDATE_STATUS": NO_ARGUMENTS,
    "REBOOT": NO_ARGUMENTS,
    "SCAN_OS_UPDATES": NO_ARGUMENTS,
    "SET_BLUETOOTH_STATE": (Field(name="bluetooth_state", kind=FieldKind.BOOLEAN),),
    "SET_BRIGHTNESS_SCALE": (_number("brightness_value", 1, 100, "%"),),
    "SET_GPS_STATE": (_number("gps_state", 0, 4),),
    "SET_ROTATION_STATE": (_number("rotate_state", 0, 2),),
    "SET_SCREEN_OFF_TIMEOUT": (_number("screen_off_timeout", -1, 1_800_000, "ms"),),
    "SET_STREAM_VOLUME": (_number("stream", 0, 3), _number("volume_level", 0, 100, "%")),
    "SET_TIMEZONE": (Field(name="timezone_string"),),
    "SET_WIFI_STATE": (Field(name="wifi_state", kind=FieldKind.BOOLEAN),),
    "UPDATE_HEARTBEAT": NO_ARGUMENTS,
}

OFFERED: Final = tuple(
    sorted(
        {
            *FORMS,
            "ADD_TO_WHITELIST",
            "ADD_WIFI_AP",
            "APPLY_APP_CONFIG",
            "CLEAR_APP_DATA",
            "CONVERGE",
            "INSTALL",
            "INSTALL_CERTIFICATE",
            "REMOVE_FROM_WHITELIST",
            "REMOVE_WIFI_AP",
            "SET_APP_PERMISSION",
            "SET_APP_STATE",
            "SET_KIOSK_APP",
            "SET_NEW_POLICY",
            "SYNC_CONTENT",
            "UPDATE_DEVICE_CONFIG",
            "UPDATE_LATEST_DPC",
        }
    )
)
"""The commands to choose from; those that need a confirmation are left to people who type them."""


def form(command: str) -> tuple[Field, ...]:
    """Return a form for the arguments of a command."""
    return FORMS.get(command.upper(), FREE_FORM)


def checked_name(command: str) -> str:
    """Return a name as Esper spells it; raises ProviderInputError for what cannot be one."""
    name = command.strip().upper()
    if not NAME.fullmatch(name):
        raise ProviderInputError(
            "unknown_command", {"command": command, "accepted": ", ".join(OFFERED)}
        )
    return name


def checked_arguments(parameters: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the arguments as Esper takes them, and as they may be shown.

    A form for free arguments hands them over under one name. Forms give whole numbers as 50.0;
    Esper's are integers. Raises ProviderInputError for what JSON, or a file of ours, cannot say.
    """
    arguments = (parameters[FREE] or {}) if parameters.keys() == {FREE} else parameters
    if not isinstance(arguments, Mapping):
        raise ProviderInputError("invalid_parameter", {"parameter": FREE, "accepted": "JSON"})
    arguments = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in arguments.items()
    }
    if not _can_be_written(arguments):
        raise ProviderInputError("invalid_parameter", {"parameter": FREE, "accepted": "JSON"})
    return arguments, redact(arguments)


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
