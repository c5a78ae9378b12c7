"""Which commands a subscription is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..account.records import device_identifier
from ..account.rights import owners_of
from ..const import DOMAIN
from ..tracking import Command

TWO_WORDS: Final = ("last", "pending")
"""How keys of an account's entities begin that have more than one word."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """What a command must be like; what is None does not matter."""

    entry_id: str | None
    states: frozenset[str] | None
    tag: str | None
    owners: frozenset[tuple[str, str]] | None
    """Devices and entities, as our identifiers: the domain, and who owns the commands."""

    @classmethod
    def from_message(cls, hass: HomeAssistant, message: Mapping[str, Any]) -> Self:
        """Return what a message asks for; devices and entities that are gone own nothing."""
        states = message.get("state")
        devices, entities = message.get(ATTR_DEVICE_ID), message.get(ATTR_ENTITY_ID)
        owners: set[tuple[str, str]] = set()
        for device_id in devices or ():
            if (device := dr.async_get(hass).async_get(device_id)) is not None:
                owners |= device.identifiers
        for entity_id in entities or ():
            if (entity := er.async_get(hass).async_get(entity_id)) is not None:
                owners.add((DOMAIN, _owner(entity)))
        return cls(
            entry_id=message.get("config_entry_id"),
            states=None if states is None else frozenset(states),
            tag=message.get("tag"),
            owners=None if devices is None and entities is None else frozenset(owners),
        )

    def matches(self, entry_id: str, command: Command) -> bool:
        """Return whether a command of an account is one of them."""
        return (
            self.entry_id in {None, entry_id}
            and (self.states is None or command.state in self.states)
            and self.tag in {None, command.tag}
            and (self.owners is None or not self.owners.isdisjoint(_owned_by(entry_id, command)))
        )


def _owned_by(entry_id: str, command: Command) -> set[tuple[str, str]]:
    """Return all owners of a command: the account, its device, its targets, its saved command."""
    owners = (None, command.device, *owners_of(command))
    return {device_identifier(entry_id, owner) for owner in owners}


def _owner(entity: er.RegistryEntry) -> str:
    """Return who owns the commands that an entity tells about.

    The unique id of an entity is the account's id, the owner's, and the entity's own key; that of
    an account's entity has no owner.
    """
    owner, _, _ = entity.unique_id.rpartition("_")
    account = entity.config_entry_id or ""
    of_account = {account, *(f"{account}_{word}" for word in TWO_WORDS)}
    return account if owner in of_account else owner
