"""Which entities are ours, and whose: an account's, a saved command's, or a target's."""

from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN

ACCOUNT_KEYS: Final = frozenset({"command", "connection", "last_command", "pending_commands"})
"""The keys of the entities of the account itself."""


def entity_of_ours(hass: HomeAssistant, entity_id: str) -> er.RegistryEntry | None:
    """Return an entity that this integration provides; None for anybody else's."""
    entity = er.async_get(hass).async_get(entity_id)
    return entity if entity is not None and entity.platform == DOMAIN else None


def target_of_entity(entity: er.RegistryEntry) -> str | None:
    """Return the target whose entity this is; None for one of the account or a saved command."""
    key = entity.unique_id.removeprefix(f"{entity.config_entry_id}_")
    if entity.config_subentry_id is not None or key in ACCOUNT_KEYS:
        return None
    return key.removesuffix("_command")
