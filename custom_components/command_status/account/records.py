"""How a command is shown to users: the record, and the smaller shapes made from it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from ..storage.plain import as_plain
from ..tracking import Command
from .sentences import Sentences
from .sizes import shortened

EVENT_FIELDS: Final = (
    "tracking_id",
    "command_id",
    "command",
    "target",
    "target_name",
    "reason",
    "provider_state",
    "tag",
    "duration",
    "late",
    "evidence",
    "message",
    "created_at",
    "finished_at",
)
"""What an event tells about a command."""

OUTCOME: Final = "command"
"""The key of every event entity."""


def entity_unique_id(entry_id: str, key: str, owner: str | None = None) -> str:
    """Return the unique id of an entity: of a target, of a saved command, or of the account."""
    return "_".join(filter(None, (entry_id, owner, key)))


def device_identifier(entry_id: str, device: str | None = None) -> tuple[str, str]:
    """Return the identifier of a physical device of an account, or of the account's own device."""
    return (DOMAIN, entry_id if device is None else f"{entry_id}_{device}")


def find_device(
    hass: HomeAssistant, entry_id: str, device: str | None = None
) -> dr.DeviceEntry | None:
    """Return a physical device of an account, or the account's own, where it is registered."""
    identifier = device_identifier(entry_id, device)
    return dr.async_get(hass).async_get_device_by_identifier(identifier, entry_id)


def device_id_of(hass: HomeAssistant, entry_id: str, device: str | None) -> str | None:
    """Return the id in Home Assistant's registry of a physical device, where it has one."""
    if device is None:
        return None
    found = find_device(hass, entry_id, device)
    return None if found is None else found.id


def as_record(
    command: Command,
    *,
    provider: str,
    entry_id: str,
    device_id: str | None,
    sentences: Sentences,
) -> dict[str, Any]:
    """Return the whole record of a command, as actions return it and triggers carry it."""
    record = {
        "tracking_id": command.tracking_id,
        "provider": provider,
        "config_entry_id": entry_id,
        "command_id": command.command_id,
        "request_id": command.request_id,
        "network_id": command.network_id,
        "device_id": device_id,
        "subentry_id": command.subentry_id,
        "target": command.target,
        "target_name": command.target_name,
        "command": command.command,
        "parameters": as_plain(command.parameters),
        "tag": as_plain(command.tag),
        "state": command.state.value,
        "final": command.final,
        "late": command.late,
        "progress": command.progress,
        "reason": command.reason,
        "provider_state": command.provider_state,
        "result": as_plain(command.result),
        "created_at": as_iso(command.created_at),
        "sent_at": as_iso(command.sent_at),
        "finished_at": as_iso(command.finished_at),
        "deadline": as_iso(command.deadline),
        "duration": None if command.duration is None else round(command.duration, 3),
        "polls": command.polls,
        "evidence": None if command.evidence is None else command.evidence.value,
    }
    story = {"steps": _steps_of(command), "asked_by": _asked_by(command)}
    return shortened({**record, "message": sentences.message(record), **story})


def _steps_of(command: Command) -> list[dict[str, Any]]:
    """Return what has happened to a command, oldest first."""
    return [
        {
            "state": step.state.value,
            "provider_state": step.provider_state,
            "at": as_iso(step.at, "milliseconds"),
        }
        for step in command.steps
    ]


def _asked_by(command: Command) -> dict[str, str | None]:
    """Return who asked for a command, as far as that is known."""
    return {"user_id": command.user_id, "source": command.source}


def as_event(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what goes out on the bus about an announcement; names and ids, no parameters."""
    return {
        **{name: record[name] for name in EVENT_FIELDS},
        "state": record["state"],
        "device_id": record["device_id"],
        "config_entry_id": record["config_entry_id"],
        "provider": record["provider"],
    }


def as_iso(moment: float | None, precision: str = "seconds") -> str | None:
    """Return a moment as ISO 8601 text in UTC."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec=precision)
