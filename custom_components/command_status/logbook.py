"""The logbook: what became of a command, as a sentence.

The logbook shows two parts, the target and what became of its command: "Gate relay 1", "JOG
succeeded after 3.2 s".
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
    LazyEventPartialState,
)
from homeassistant.core import Event, HomeAssistant, callback

from .const import DOMAIN, EVENT_FINISHED

type AnyEvent = Event[Mapping[str, Any]] | LazyEventPartialState
type Describe = Callable[[AnyEvent], dict[str, Any]]

SENTENCES: Final[Mapping[str, str]] = {
    "success": "{command} succeeded after {duration}",
    "failure": "{command} failed after {duration}",
    "timeout": "{command} was not confirmed within {duration}",
    "cancelled": "{command} was cancelled after {duration}",
    "lost": "{command} was lost after {duration}",
}

REASONS: Final[Mapping[str, str]] = {
    "busy": "the device was busy with something else",
    "cannot_connect": "the provider could not be reached",
    "client_blocked": "the provider blocks this client",
    "interrupted": "Home Assistant stopped while it was being sent",
    "invalid_auth": "the provider refused the credentials",
    "no_answer": "nobody knows whether it was taken",
    "not_seen": "what was expected was not seen",
    "not_sent": "it was never sent",
    "rate_limited": "there were too many requests",
    "seen": "it was seen in the house",
    "unavailable": "the entity was unavailable",
    "update_required": "the provider asks for a newer client",
}
"""Our own words for reasons; the provider's are sentences already."""


@callback
def async_describe_events(
    hass: HomeAssistant, async_describe_event: Callable[[str, str, Describe], None]
) -> None:
    """Teach the logbook our event."""
    async_describe_event(DOMAIN, EVENT_FINISHED, _describe)


@callback
def _describe(event: AnyEvent) -> dict[str, Any]:
    """Tell what became of a command, and why."""
    told = event.data
    if "state" not in told:
        # The recorder kept nothing of what an older version told at great length.
        return {LOGBOOK_ENTRY_NAME: "Command Status", LOGBOOK_ENTRY_MESSAGE: "a command ended"}
    sentence = SENTENCES[told["state"]].format(
        command=told["command"], duration=_in_words(told["duration"])
    )
    if told["late"]:
        sentence += " (a late correction)"
    if told["reason"]:
        sentence += f": {_why(told['reason'])}"
    return {LOGBOOK_ENTRY_NAME: told["target_name"], LOGBOOK_ENTRY_MESSAGE: sentence}


def _in_words(seconds: float) -> str:
    """Return a duration: up to a minute as `3.2 s`, above as `0:01:15`."""
    if seconds < timedelta(minutes=1).total_seconds():
        return f"{seconds:.1f} s"
    return str(timedelta(seconds=round(seconds)))


def _why(reason: str) -> str:
    """Return a reason in words; a note may follow it."""
    word, separator, note = reason.partition("; ")
    return f"{REASONS.get(word, word)}{separator}{note}"
