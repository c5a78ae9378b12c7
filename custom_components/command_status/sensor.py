"""Sensors: the newest command of an account or target, and how many commands are open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from .account.coordinator import CommandStatusConfigEntry
from .account.display import View
from .account.records import as_iso
from .account.sizes import shortened
from .entities.base import (
    CommandStatusEntity,
    SavedEntity,
    TargetEntity,
    add_saved,
    add_with_targets,
)
from .tracking import ACCOUNT, CommandState

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CommandSensorDescription(SensorEntityDescription):
    """A sensor and how it reads a view."""

    value_fn: Callable[[View], StateType]
    attributes_fn: Callable[[View], Mapping[str, Any] | None] = lambda _: None


def newest_state(view: View) -> StateType:
    """Return the state of the newest command; None before the first."""
    return None if view.newest is None else view.newest.state.value


def newest_attributes(view: View) -> Mapping[str, Any] | None:
    """Return what else is shown of the newest command."""
    command = view.newest
    if command is None:
        return None
    return {
        "tracking_id": command.tracking_id,
        "command_id": command.command_id,
        "command": command.command,
        "reason": command.reason,
        "provider_state": command.provider_state,
        "tag": command.tag,
        "progress": command.progress,
        "late": command.late,
        "evidence": None if command.evidence is None else command.evidence.value,
        "pending": view.pending,
        "created_at": as_iso(command.created_at),
        "finished_at": as_iso(command.finished_at),
        "deadline": as_iso(command.deadline),
    }


NEWEST: Final = CommandSensorDescription(
    key="command",
    translation_key="command",
    device_class=SensorDeviceClass.ENUM,
    options=[state.value for state in CommandState],
    value_fn=newest_state,
    attributes_fn=newest_attributes,
)
ACCOUNT_SENSORS: Final = (
    CommandSensorDescription(
        key="last_command",
        translation_key="last_command",
        device_class=SensorDeviceClass.ENUM,
        options=[state.value for state in CommandState],
        value_fn=newest_state,
        attributes_fn=newest_attributes,
    ),
    CommandSensorDescription(
        key="pending_commands",
        translation_key="pending_commands",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda view: view.pending,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CommandStatusConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of an account and of its targets."""
    coordinator = entry.runtime_data
    add_with_targets(
        entry,
        async_add_entities,
        [CommandSensor(coordinator, description, ACCOUNT) for description in ACCOUNT_SENSORS],
        lambda target: [TargetSensor(coordinator, NEWEST, target)],
    )
    add_saved(
        entry, async_add_entities, lambda subentry: [SavedSensor(coordinator, NEWEST, subentry)]
    )


class CommandSensor(CommandStatusEntity, SensorEntity):
    """A sensor that reads a view."""

    entity_description: CommandSensorDescription
    _shown: tuple[Any, ...] | None = None

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write only what has changed: a step of a command is no change of how many are open."""
        shown = (self.available, self.native_value, self.extra_state_attributes)
        if shown != self._shown:
            self._shown = shown
            super()._handle_coordinator_update()

    @property
    @override
    def native_value(self) -> StateType:
        return self.entity_description.value_fn(self.view)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        told = self.entity_description.attributes_fn(self.view)
        return None if told is None else shortened(told)


class TargetSensor(TargetEntity, CommandSensor):
    """The sensor of a target; unavailable once the provider lists it no more."""

    @property
    @override
    def available(self) -> bool:
        return self.coordinator.data.lists(self.target_id)


class SavedSensor(SavedEntity, CommandSensor):
    """The sensor of a saved command."""
