"""System health: how many accounts and open commands, and who was reached last.

It tells what is known already; nobody is asked for it. Accounts are named by their titles, since
nobody knows which of several "WLTE 2" is. Users paste this page into public reports: a title tells
what its user called the account, or else a tenant, a host or the name of a network at home. It
holds no secret, no e-mail address and no id of the provider's, and can be changed before that.
"""

from typing import Any, Final

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .account.coordinator import CommandStatusConfigEntry
from .account.titles import distinct
from .const import DOMAIN
from .tracking import ACCOUNT

REACHABILITY: Final[dict[bool | None, Any]] = {
    True: "ok",
    False: {"type": "failed", "error": "unreachable"},
    None: "not asked yet",
}
"""What is shown for the result of the last request, in the shape of Home Assistant's own checks."""


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what is told."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the lines of the page."""
    entries: list[CommandStatusConfigEntry] = hass.config_entries.async_entries(
        DOMAIN, include_disabled=False
    )
    loaded = [entry for entry in entries if entry.state is ConfigEntryState.LOADED]
    info: dict[str, Any] = {
        "accounts": len(entries),
        "open_commands": sum(entry.runtime_data.display.view(ACCOUNT).pending for entry in loaded),
    }
    for entry in entries:
        info[distinct(entry.title, info)] = _reachability(entry)
    return info


def _reachability(entry: CommandStatusConfigEntry) -> Any:
    """Return whether the last request of an account was answered."""
    if entry.state is not ConfigEntryState.LOADED:
        return {"type": "failed", "error": entry.state.value}
    connection = entry.runtime_data.connection
    if connection.refused:
        return {"type": "failed", "error": "refused"}
    return REACHABILITY[connection.connected]
