"""Which of the targeted entities are ours."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN


def ours(hass: HomeAssistant, entity_ids: set[str]) -> set[str]:
    """Return those entities that this integration provides."""
    registry = er.async_get(hass)
    return {
        entity_id
        for entity_id in entity_ids
        if (entry := registry.async_get(entity_id)) is not None and entry.platform == DOMAIN
    }
