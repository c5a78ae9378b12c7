"""What all entities have in common: a device, and a key under which they hear news."""

from collections.abc import Callable, Iterable
from typing import override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..account.coordinator import CommandStatusConfigEntry, CommandStatusCoordinator
from ..account.display import View
from ..account.records import device_identifier, entity_unique_id
from ..providers.base import Target
from ..tracking import subentry_key, target_key


class CommandStatusEntity(CoordinatorEntity[CommandStatusCoordinator]):
    """An entity that shows what is known under one key; it hears of nothing else.

    Whether the provider answers right now is told by the account's connection, never by
    availability.
    """

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: CommandStatusCoordinator,
        description: EntityDescription,
        key: str,
        device: str | None = None,
        owner: str | None = None,
    ) -> None:
        """Belong to a physical device, or to the account where there is none."""
        super().__init__(coordinator, context=key)
        entry_id = coordinator.config_entry.entry_id
        self.entity_description = description
        self.key = key
        self._attr_unique_id = entity_unique_id(entry_id, description.key, owner)
        self._attr_device_info = dr.DeviceInfo(identifiers={device_identifier(entry_id, device)})

    @property
    @override
    def available(self) -> bool:
        return True

    @property
    def view(self) -> View:
        """What is known under the key."""
        return self.coordinator.display.view(self.key)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        newest = self.view.newest
        if (
            newest is not None
            and (context := self.coordinator.display.context_of(newest)) is not None
        ):
            self.async_set_context(context)
        super()._handle_coordinator_update()

    @callback
    @override
    def async_entity_id_changed(self, old_entity_id: str) -> None:
        """Nothing here depends on the entity id.

        Defining this allows a rename in place (2026.11).
        """


class TargetEntity(CommandStatusEntity):
    """An entity of one target."""

    def __init__(
        self,
        coordinator: CommandStatusCoordinator,
        description: EntityDescription,
        target: Target,
    ) -> None:
        """Sit on the device of the target, and be named as the provider says."""
        super().__init__(
            coordinator, description, target_key(target.id), target.device, owner=target.id
        )
        self.target_id = target.id
        if coordinator.description.is_house:
            # As a helper, on the device that is there already, of which nothing else changes.
            self._attr_device_info = None
            devices = dr.async_get(coordinator.hass)
            self.device_entry = devices.async_get(coordinator.house.device_id(target.id) or "")
        self._attr_translation_key = target.label
        self._attr_translation_placeholders = dict(target.placeholders)


class SavedEntity(CommandStatusEntity):
    """An entity of one saved command, on a device of its own."""

    def __init__(
        self,
        coordinator: CommandStatusCoordinator,
        description: EntityDescription,
        subentry: ConfigSubentry,
    ) -> None:
        """Sit on the device of the saved command."""
        saved = subentry.subentry_id
        super().__init__(coordinator, description, subentry_key(saved), saved, owner=saved)


def add_saved(
    entry: CommandStatusConfigEntry,
    add: AddConfigEntryEntitiesCallback,
    of_saved: Callable[[ConfigSubentry], Iterable[Entity]],
) -> None:
    """Add the entities of saved commands whenever there is another one."""
    entry.runtime_data.saved.join(
        lambda subentry: add(of_saved(subentry), config_subentry_id=subentry.subentry_id)
    )


def add_with_targets(
    entry: CommandStatusConfigEntry,
    add: AddConfigEntryEntitiesCallback,
    of_account: Iterable[Entity],
    of_target: Callable[[Target], Iterable[Entity]],
) -> None:
    """Add the entities of the account, and those of targets whenever some arrive."""
    add(of_account)
    entry.runtime_data.arrivals.join(
        lambda targets: add([entity for target in targets for entity in of_target(target)])
    )
