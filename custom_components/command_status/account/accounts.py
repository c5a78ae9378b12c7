"""All accounts at work."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from ..const import DOMAIN
from .coordinator import CommandStatusConfigEntry, CommandStatusCoordinator


def loaded_accounts(hass: HomeAssistant) -> list[CommandStatusCoordinator]:
    """Return all loaded accounts."""
    entries: list[CommandStatusConfigEntry] = hass.config_entries.async_entries(DOMAIN)
    return [entry.runtime_data for entry in entries if entry.state is ConfigEntryState.LOADED]


def loaded_account(hass: HomeAssistant, entry_id: str) -> CommandStatusCoordinator | None:
    """Return an account of ours; None where it is not loaded."""
    entry: CommandStatusConfigEntry | None = hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return None
    return entry.runtime_data
