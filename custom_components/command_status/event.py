"""Event entities: they fire whenever a command that they cover has an outcome."""

from typing import Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.coordinator import CommandStatusConfigEntry
from .account.records import EVENT_FIELDS, OUTCOME
from .entities.base import (
    CommandStatusEntity,
    SavedEntity,
    TargetEntity,
    add_saved,
    add_with_targets,
)
from .tracking import ACCOUNT, FINAL, Command

PARALLEL_UPDATES = 0

ENDED: Final = EventEntityDescription(
    key=OUTCOME,
    translation_key="command",
    event_types=sorted(state.value for state in FINAL),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CommandStatusConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entities of an account and of its targets."""
    coordinator = entry.runtime_data
    add_with_targets(
        entry,
        async_add_entities,
        [CommandEvent(coordinator, ENDED, ACCOUNT)],
        lambda target: [TargetEvent(coordinator, ENDED, target)],
    )
    add_saved(
        entry, async_add_entities, lambda subentry: [SavedEvent(coordinator, ENDED, subentry)]
    )


class CommandEvent(CommandStatusEntity, EventEntity):
    """An event entity; always available, or triggers would miss what follows an absence."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.display.async_subscribe(self.key, self._ended))

    @callback
    def _ended(self, command: Command) -> None:
        """Fire for one announcement."""
        record = self.coordinator.display.record(command)
        if (context := self.coordinator.display.context_of(command)) is not None:
            self.async_set_context(context)
        self._trigger_event(record["state"], {name: record[name] for name in EVENT_FIELDS})
        self.async_write_ha_state()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Show nothing but announcements."""


class TargetEvent(TargetEntity, CommandEvent):
    """The event entity of a target."""


class SavedEvent(SavedEntity, CommandEvent):
    """The event entity of a saved command."""
