"""The logbook: what became of a command, as a sentence.

The logbook shows two parts, the target and what became of its command: "Gate relay 1", "JOG
succeeded after 3.2 s".
"""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
    LazyEventPartialState,
)
from homeassistant.core import Event, HomeAssistant, callback

from .account.sentences import Sentences
from .const import DOMAIN, EVENT_FINISHED

type AnyEvent = Event[Mapping[str, Any]] | LazyEventPartialState
type Describe = Callable[[AnyEvent], dict[str, Any]]


@callback
def async_describe_events(
    hass: HomeAssistant, async_describe_event: Callable[[str, str, Describe], None]
) -> None:
    """Teach the logbook our event."""

    @callback
    def describe(event: AnyEvent) -> dict[str, Any]:
        told = event.data
        if "state" not in told:
            # The recorder kept nothing of what an older version told at great length.
            return {LOGBOOK_ENTRY_NAME: "Command Status", LOGBOOK_ENTRY_MESSAGE: "a command ended"}
        return {
            LOGBOOK_ENTRY_NAME: told["target_name"],
            LOGBOOK_ENTRY_MESSAGE: Sentences(hass).short(told),
        }

    async_describe_event(DOMAIN, EVENT_FINISHED, describe)
