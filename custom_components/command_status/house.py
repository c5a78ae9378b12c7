"""The doors of Home Assistant that a provider may need: its states and its actions."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from homeassistant.core import (
    CALLBACK_TYPE,
    Context,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import (
    async_track_entity_registry_updated_event,
    async_track_state_change_event,
)
from homeassistant.util import dt as dt_util

from .providers.errors import ProviderRefusedError
from .providers.house import EntityState, Stop


class HomeAssistantHouse:
    """What `providers.house.House` asks for, in a running Home Assistant."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Open nothing yet."""
        self._hass = hass
        self._registry = er.async_get(hass)

    def lasting(self, entity_id: str) -> str:
        """Return the id of an entity that no new name changes, where it has one."""
        entry = self._registry.async_get(entity_id)
        return entity_id if entry is None else entry.id

    def entity_id(self, entity: str) -> str | None:
        """Return the entity id as it is now; None where there is no such entity any more."""
        if "." in entity:
            return entity
        entry = self._registry.entities.get_entry(entity)
        return None if entry is None else entry.entity_id

    def device_id(self, entity: str) -> str | None:
        """Return the device that an entity belongs to."""
        entry = self._registry.async_get(entity)
        return None if entry is None else entry.device_id

    @property
    def zone(self) -> tzinfo:
        """The time zone of the house."""
        return dt_util.get_default_time_zone()

    def offers(self, action: str) -> bool:
        """Return whether there is an action such as `lock.lock`."""
        domain, _, service = action.partition(".")
        return self._hass.services.has_service(domain, service)

    def state(self, entity: str) -> EntityState | None:
        """Return what is shown of an entity; None where there is no such entity."""
        entity_id = self.entity_id(entity)
        return None if entity_id is None else _shown(self._hass.states.get(entity_id))

    def watch(self, entity: str, changed: Callable[[EntityState | None], None]) -> Stop:
        """Call back for every change of an entity, with None when it is removed."""
        entity_id = self.entity_id(entity)
        return _nothing if entity_id is None else _Watch(self._hass, entity_id, changed).stop

    async def perform(
        self, action: str, data: Mapping[str, Any], *, mark: str, user_id: str | None
    ) -> None:
        """Perform an action, and return when it has returned; raises ProviderRefusedError."""
        domain, _, service = action.partition(".")
        services = self._hass.services
        try:
            await services.async_call(
                domain,
                service,
                dict(data),
                blocking=True,
                context=Context(id=mark, user_id=user_id),
                return_response=self._only_answers(domain, service),
            )
        except Exception as err:
            # Whatever an integration raises is what came of the action.
            raise ProviderRefusedError(str(err) or type(err).__name__) from err

    def _only_answers(self, domain: str, service: str) -> bool:
        """Return whether an action is only called for its response."""
        services = self._hass.services
        if not services.has_service(domain, service):
            return False
        return services.supports_response(domain, service) is SupportsResponse.ONLY


class _Watch:
    """One subscription to one entity, also when it is renamed."""

    def __init__(
        self,
        hass: HomeAssistant,
        entity_id: str,
        changed: Callable[[EntityState | None], None],
    ) -> None:
        """Begin to listen."""
        self._hass = hass
        self._changed = changed
        self._stops: list[CALLBACK_TYPE] = []
        self._listen(entity_id)

    @callback
    def stop(self) -> None:
        """Listen no more."""
        while self._stops:
            self._stops.pop()()

    def _listen(self, entity_id: str) -> None:
        """Listen for changes of the entity, and of its name."""
        self.stop()
        self._stops = [
            async_track_state_change_event(self._hass, [entity_id], self._state_changed),
            async_track_entity_registry_updated_event(self._hass, [entity_id], self._renamed),
        ]

    @callback
    def _state_changed(self, event: Event[EventStateChangedData]) -> None:
        """Tell of a change."""
        self._changed(_shown(event.data["new_state"]))

    @callback
    def _renamed(self, event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        """Go on listening under the new name, and tell what is shown there already."""
        entity_id = event.data["entity_id"]
        if event.data["action"] == "update" and "old_entity_id" in event.data:
            self._listen(entity_id)
            self._changed(_shown(self._hass.states.get(entity_id)))


def _shown(state: State | None) -> EntityState | None:
    """Return a state as a provider sees it."""
    if state is None:
        return None
    return EntityState(entity_id=state.entity_id, state=state.state, attributes=state.attributes)


def _nothing() -> None:
    """End nothing."""
