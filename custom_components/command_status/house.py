"""The doors of Home Assistant that a provider may need: its states and its actions."""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_state_change_event
import voluptuous as vol

from .providers.base import EntityState, Stop
from .providers.errors import ProviderRefusedError


class HomeAssistantHouse:
    """What `providers.base.House` asks for, in a running Home Assistant."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Open nothing yet."""
        self._hass = hass

    def state(self, entity_id: str) -> EntityState | None:
        """Return what is shown of an entity; None where there is no such entity."""
        return _shown(self._hass.states.get(entity_id))

    def watch(self, entity_id: str, changed: Callable[[EntityState | None], None]) -> Stop:
        """Call back for every change of an entity, with None when it is removed."""

        @callback
        def tell(event: Event[EventStateChangedData]) -> None:
            changed(_shown(event.data["new_state"]))

        return async_track_state_change_event(self._hass, [entity_id], tell)

    async def perform(self, action: str, data: Mapping[str, Any]) -> None:
        """Perform an action, and return when it has returned; raises ProviderRefusedError."""
        domain, _, service = action.partition(".")
        try:
            await self._hass.services.async_call(domain, service, dict(data), blocking=True)
        except (HomeAssistantError, vol.Invalid) as err:
            raise ProviderRefusedError(str(err)) from err


def _shown(state: State | None) -> EntityState | None:
    """Return a state as a provider sees it."""
    if state is None:
        return None
    return EntityState(entity_id=state.entity_id, state=state.state, attributes=state.attributes)
