"""The logbook: what became of a command, as a sentence.

The logbook shows an icon for what became of it, the target, which leads to the event entity that
tells the same, and the rest of the sentence: "Gate relay 1", "JOG succeeded after 3.2 s". Who or
what asked for the command is told by Home Assistant itself, from the context of the event.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_ICON,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
    LazyEventPartialState,
)
from homeassistant.const import Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .account.records import OUTCOME, entity_unique_id
from .account.sentences import Sentences
from .const import DOMAIN, EVENT_FINISHED
from .tracking import CommandState

type AnyEvent = Event[Mapping[str, Any]] | LazyEventPartialState
type Describe = Callable[[AnyEvent], dict[str, Any]]

ICONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        CommandState.SUCCESS: "mdi:check-circle-outline",
        CommandState.FAILURE: "mdi:alert-circle-outline",
        CommandState.TIMEOUT: "mdi:timer-alert-outline",
        CommandState.CANCELLED: "mdi:cancel",
        CommandState.LOST: "mdi:help-circle-outline",
    }
)
"""The icons of outcomes, as the sensors have them."""
TOLD: Final = frozenset(
    {"config_entry_id", "target", "target_name", "command", "duration", "late", "reason"}
)
"""What a line is made of, beside the state."""


@callback
def async_describe_events(
    hass: HomeAssistant, async_describe_event: Callable[[str, str, Describe], None]
) -> None:
    """Teach the logbook our event."""

    @callback
    def describe(event: AnyEvent) -> dict[str, Any]:
        told = event.data
        if told.get("state") not in ICONS or not told.keys() >= TOLD:
            # The recorder kept nothing of what an older version told at great length, and anybody
            # may fire an event of this name: no page of the logbook is to fail over it.
            return {LOGBOOK_ENTRY_NAME: "Command Status", LOGBOOK_ENTRY_MESSAGE: "a command ended"}
        line = {
            LOGBOOK_ENTRY_NAME: told["target_name"],
            LOGBOOK_ENTRY_MESSAGE: Sentences(hass).short(told),
            LOGBOOK_ENTRY_ICON: ICONS[told["state"]],
        }
        entity_id = _entity_that_tells(hass, told)
        return line if entity_id is None else {**line, LOGBOOK_ENTRY_ENTITY_ID: entity_id}

    async_describe_event(DOMAIN, EVENT_FINISHED, describe)


def _entity_that_tells(hass: HomeAssistant, told: Mapping[str, Any]) -> str | None:
    """Return the event entity of the target, where it has one, or else that of the account."""
    registry = er.async_get(hass)
    entry_id, target = told["config_entry_id"], told["target"]
    # A target that is an entity of the house is told by its entity id, which may change.
    house = registry.async_get(target)
    owners = (target, None) if house is None else (target, house.id, None)
    found = (
        registry.async_get_entity_id(
            Platform.EVENT, DOMAIN, entity_unique_id(entry_id, OUTCOME, owner)
        )
        for owner in owners
    )
    return next(filter(None, found), None)
