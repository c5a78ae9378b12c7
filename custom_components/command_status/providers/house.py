"""The doors of Home Assistant that a provider may need: its states and its actions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Protocol

from ..tracking import NOTHING

type Stop = Callable[[], None]
"""Ends something that goes on until it is called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityState:
    """What Home Assistant shows of an entity at one moment."""

    entity_id: str
    state: str
    attributes: Mapping[str, Any] = NOTHING


@dataclass(frozen=True, kw_only=True, slots=True)
class Overheard:
    """An action that somebody called in the house."""

    action: str
    data: Mapping[str, Any]
    """Without the entities that were meant."""
    entity_ids: tuple[str, ...]
    context: str
    """The calls of one wish share it."""


class House(Protocol):
    """The doors of Home Assistant that a provider may need: its states and its actions.

    An *entity* is named by its entity id, or by its id in the registry of entities, under which it
    is found whatever it is called by then.
    """

    def lasting(self, entity_id: str) -> str:
        """Return the id of an entity that no new name changes, where it has one."""

    def entity_id(self, entity: str) -> str | None:
        """Return the entity id as it is now; None where there is no such entity any more."""

    def device_id(self, entity: str) -> str | None:
        """Return the device that an entity belongs to, as Home Assistant's registry knows it."""

    @property
    def zone(self) -> tzinfo:
        """The time zone of the house."""

    def offers(self, action: str) -> bool:
        """Return whether there is an action such as `lock.lock`."""

    def state(self, entity: str) -> EntityState | None:
        """Return what is shown of an entity; None where there is no such entity."""

    def watch(self, entity: str, changed: Callable[[EntityState | None], None]) -> Stop:
        """Call back for every change of an entity, with None when it is removed."""

    async def perform(
        self, action: str, data: Mapping[str, Any], *, mark: str, user_id: str | None
    ) -> None:
        """Perform an action such as `lock.lock`, and return when it has returned.

        It acts with the rights of a user, where there is one; every call that Home Assistant makes
        of it carries the mark as the id of its context. Raises ProviderRefusedError with the words
        of whatever it raised.
        """
