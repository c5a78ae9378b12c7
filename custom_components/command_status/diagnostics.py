"""Diagnostics: what helps to find a fault, and nothing that is anybody's secret."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from .account.coordinator import CommandStatusConfigEntry, CommandStatusCoordinator
from .account.descriptions import shared
from .account.issues import Issue, async_is_raised
from .account.listing import Listing
from .account.records import as_iso, device_identifier
from .const import CONF_CREDENTIALS, CONF_PROVIDER, DOMAIN
from .providers.words import Filter
from .tracking import ACCOUNT, Command

NEWEST: Final = 20
"""How many commands are shown one by one."""


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: CommandStatusConfigEntry
) -> dict[str, Any]:
    """Return what is known about an account, but for its credentials and its ids."""
    told: dict[str, Any] = {
        # Users name accounts as they like, also by an address.
        "title": Filter().text(entry.title),
        "state": entry.state.value,
        "data": async_redact_data(dict(entry.data), {CONF_CREDENTIALS}),
        "options": dict(entry.options),
        "disk_refuses": async_is_raised(hass, entry.entry_id, Issue.NOT_SAVED),
    }
    if (description := shared(entry)) is not None:
        told["description"] = description
    if entry.state is ConfigEntryState.LOADED:
        told |= _account(entry.runtime_data)
    redacted: dict[str, Any] = _without(told, _private_words(entry))
    return redacted


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: CommandStatusConfigEntry, device: dr.DeviceEntry
) -> dict[str, Any]:
    """Return what is known about a device: its targets and their newest commands."""
    if entry.state is not ConfigEntryState.LOADED:
        return {"state": entry.state.value}
    coordinator = entry.runtime_data
    keys = {identifier for domain, identifier in device.identifiers if domain == DOMAIN}
    targets = [
        target
        for target in coordinator.data.targets.values()
        if device_identifier(entry.entry_id, target.device)[1] in keys
    ]
    ids = {target.id for target in targets}
    commands = [
        command
        for command in map(coordinator.display.shown, coordinator.tracker)
        if not ids.isdisjoint(command.covered)
        or device_identifier(entry.entry_id, command.subentry_id)[1] in keys
    ]
    told = {
        "state": entry.state.value,
        "connected": coordinator.connection.connected,
        "targets": [
            {
                "id": target.id,
                "commands": list(target.commands),
                "online": target.online,
                "listed": coordinator.data.lists(target.id),
            }
            for target in targets
        ],
        "commands": dict(Counter(command.state.value for command in commands)),
        "newest": [_command(coordinator, command) for command in commands[: -NEWEST - 1 : -1]],
    }
    redacted: dict[str, Any] = _without(told, _private_words(entry))
    return redacted


def _account(coordinator: CommandStatusCoordinator) -> dict[str, Any]:
    """Return what a loaded account knows."""
    tracker = coordinator.tracker
    commands = [coordinator.display.shown(command) for command in tracker]
    return {
        "connected": coordinator.connection.connected,
        "last_trouble": coordinator.connection.trouble,
        "targets": _targets(coordinator.data),
        "commands": dict(Counter(command.state.value for command in commands)),
        "pending": tracker.pending(ACCOUNT),
        "not_announced": len(tracker.unannounced),
        "not_archived": len(tracker.unarchived),
        "learned": [
            {
                "target": target,
                "command": command,
                "known": known,
                "usual_seconds": None if forecast is None else round(forecast.usual, 1),
            }
            for (target, command), known, forecast in tracker.habits
        ],
        "next_alarm": as_iso(tracker.next_alarm(coordinator.now)),
        "newest": [_command(coordinator, command) for command in commands[: -NEWEST - 1 : -1]],
    }


def _targets(listing: Listing) -> dict[str, Any]:
    """Return how many targets there are, and how they are."""
    return {
        "listed": len(listing.targets) - len(listing.missing),
        "missing": len(listing.missing),
        "offline": sum(target.online is False for target in listing.targets.values()),
        "read_at": as_iso(None if listing.read is None else listing.read.wall),
    }


def _command(coordinator: CommandStatusCoordinator, command: Command) -> dict[str, Any]:
    """Return a command: of its parameters only the names, of its result nothing."""
    record = coordinator.display.record(command)
    del record["result"]
    return {**record, "parameters": sorted(record["parameters"]), "phase": command.phase.value}


def _private_words(entry: CommandStatusConfigEntry) -> list[str]:
    """Return what a provider's messages might repeat: credentials, and the account's own id."""
    account = (entry.unique_id or "").removeprefix(f"{entry.data[CONF_PROVIDER]}_")
    words = {account, *map(str, entry.data[CONF_CREDENTIALS].values())}
    return sorted(filter(None, words), key=len, reverse=True)  # one may be a part of another


def _without(value: Any, words: list[str]) -> Any:
    """Return plain data without some words, wherever they stand."""
    if isinstance(value, Mapping):
        return {key: _without(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, words) for item in value]
    if isinstance(value, str):
        for word in words:
            value = value.replace(word, REDACTED)
    return value
