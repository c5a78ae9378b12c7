"""System health: how many accounts and open commands, and who was reached last.

It tells what is known already; nobody is asked for it. Users paste this page into public reports,
so accounts have numbers there in place of names.
"""

from collections import Counter
from typing import Any, Final

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .account.coordinator import CommandStatusConfigEntry
from .const import CONF_PROVIDER, DOMAIN
from .providers import PROVIDERS
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
    numbers: Counter[str] = Counter()
    for entry in entries:
        manufacturer = PROVIDERS[entry.data[CONF_PROVIDER]].manufacturer
        numbers[manufacturer] += 1
        info[f"{manufacturer} {numbers[manufacturer]}"] = _reachability(entry)
    return info


def _reachability(entry: CommandStatusConfigEntry) -> Any:
    """Return whether the last request of an account was answered."""
    if entry.state is not ConfigEntryState.LOADED:
        return {"type": "failed", "error": entry.state.value}
    return REACHABILITY[entry.runtime_data.connection.connected]
