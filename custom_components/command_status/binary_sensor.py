"""Binary sensors: whether the provider answers."""

from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.connection import CONNECTION
from .account.coordinator import CommandStatusConfigEntry
from .entities.base import CommandStatusEntity

PARALLEL_UPDATES = 0

CONNECTED: Final = BinarySensorEntityDescription(
    key="connection",
    translation_key="connection",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CommandStatusConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the connection of an account."""
    async_add_entities([ConnectionSensor(entry.runtime_data, CONNECTED, CONNECTION)])


class ConnectionSensor(CommandStatusEntity, BinarySensorEntity):
    """The result of the last request to the provider."""

    @property
    @override
    def is_on(self) -> bool | None:
        return self.coordinator.connection.connected
