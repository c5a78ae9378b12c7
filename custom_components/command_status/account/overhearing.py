"""Calls of actions, overheard: whoever acts on a chosen entity, it is followed."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from homeassistant.const import (
    ATTR_DOMAIN,
    ATTR_ENTITY_ID,
    ATTR_SERVICE,
    ATTR_SERVICE_DATA,
    ENTITY_MATCH_ALL,
    EVENT_CALL_SERVICE,
)
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from ..const import DOMAIN
from ..providers.house import Overheard
from .intake import Intake
from .parts import Parts

TARGET_KEYS: Final = frozenset(map(str, cv.ENTITY_SERVICE_FIELDS))
"""The keys of a call that say what it acts on."""


class Overhearing:
    """Listens to the actions that are called in the house."""

    def __init__(self, parts: Parts, intake: Intake, window: Callable[[], float]) -> None:
        """Listen to nothing yet; `window` is the wait window of what is overheard, in seconds."""
        self._parts = parts
        self._intake = intake
        self._window = window

    @callback
    def start(self) -> CALLBACK_TYPE:
        """Begin to listen; returns how to stop that."""
        return self._parts.hass.bus.async_listen(EVENT_CALL_SERVICE, self._called)

    @callback
    def _called(self, event: Event[Mapping[str, Any]]) -> None:
        """Follow what a call means for the chosen entities."""
        domain = event.data[ATTR_DOMAIN]
        data: Mapping[str, Any] = event.data.get(ATTR_SERVICE_DATA) or {}
        if domain == DOMAIN or TARGET_KEYS.isdisjoint(data):
            return
        heard = Overheard(
            action=f"{domain}.{event.data[ATTR_SERVICE]}",
            data={key: value for key, value in data.items() if key not in TARGET_KEYS},
            entity_ids=_entity_ids(self._parts.hass, domain, data),
            context=event.context.id,
        )
        sightings = self._parts.provider.overhear(heard)
        if sightings:
            self._intake.overhear(sightings, window=self._window(), context=event.context)


def _entity_ids(hass: HomeAssistant, domain: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the entities that a call means."""
    if data.get(ATTR_ENTITY_ID) == ENTITY_MATCH_ALL:
        return tuple(hass.states.async_entity_ids(domain))
    meant = async_extract_referenced_entity_ids(hass, TargetSelection(dict(data)))
    return tuple(sorted(meant.referenced | meant.indirectly_referenced))
