"""The names of Esper's commands, as far as they are documented.

The list is not complete: names are free, and it only helps to type the usual ones.
(V0DeviceCommandEnum of esper-io/esper-api-spec; "Update command status".)
"""

import re
from typing import Final

from ..refusals import unknown_command
from .arguments import FORMS

NAME: Final = re.compile(r"[A-Z][A-Z0-9_]*")

CONFIRM: Final = frozenset({"SET_DEVICE_LOCKDOWN_STATE", "UNINSTALL", "WIPE"})
"""Commands that destroy data or lock people out."""

OFFERED: Final = tuple(
    sorted(
        (FORMS.keys() - CONFIRM)
        | {"APPLY_APP_CONFIG", "CONVERGE", "INSTALL_CERTIFICATE", "SYNC_CONTENT"}
    )
)
"""The commands to choose from; those that need a confirmation are left to people who type them."""


def checked_name(command: str) -> str:
    """Return a name as Esper spells it; raises ProviderInputError for what cannot be one."""
    name = command.strip().upper()
    if not NAME.fullmatch(name):
        raise unknown_command(command, OFFERED)
    return name
