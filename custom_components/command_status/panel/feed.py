"""A live subscription: what matches, and then every change, as fast as its reader can read."""

from collections.abc import Iterator
from typing import Any, Final

from homeassistant.components.websocket_api import ActiveConnection, event_message
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later

from ..account.accounts import loaded_account, loaded_accounts
from ..account.rights import may_read, may_see_parameters, owners_of, without_values
from ..const import SIGNAL_ACCOUNT, SIGNAL_CHANGED
from ..tracking import Command
from .selection import Selection

BEAT: Final = 0.25
"""Seconds between two messages: all that changes meanwhile is told at once, as it is then."""

PART: Final = 200
"""Commands in one message, so that Home Assistant and the browser have time for others."""

MOST_BEHIND: Final = 8
"""Messages that may wait for a slow reader.

With more, Home Assistant's memory would fill, and in the end it would cut the connection, with
everything else that the browser shows.
"""


class Feed:
    """One subscription of one connection."""

    def __init__(
        self, hass: HomeAssistant, connection: ActiveConnection, message_id: int, which: Selection
    ) -> None:
        """Tell nothing yet."""
        self._hass = hass
        self._connection = connection
        self._message_id = message_id
        self._which = which
        self._changed: dict[str, str] = {}
        """What is to be told: tracking ids, with their accounts. Each is told as it is then."""
        self._known: dict[str, str] = {}
        """What the reader has, with the accounts."""
        self._accounts: set[str] = set()
        """Accounts that have come or gone."""
        self._begun = False
        self._cancel_beat: CALLBACK_TYPE | None = None
        self._stops = [
            async_dispatcher_connect(hass, SIGNAL_CHANGED, self._note),
            async_dispatcher_connect(hass, SIGNAL_ACCOUNT, self._note_account),
        ]

    @callback
    def begin(self, limit: int) -> None:
        """Tell what matches now, the newest first, at once."""
        found = [
            (command.tracking_id, entry_id)
            for entry_id, command in self._all()
            if self._is_told(entry_id, command)
        ]
        self._changed = dict(sorted(found, reverse=True)[:limit])
        self._tell()

    @callback
    def stop(self) -> None:
        """Tell nothing more."""
        for stop in self._stops:
            stop()
        if self._cancel_beat is not None:
            self._cancel_beat()
            self._cancel_beat = None

    @callback
    def _note(self, entry_id: str, tracking_id: str) -> None:
        """Note a change."""
        self._changed[tracking_id] = entry_id
        self._wait(BEAT)

    @callback
    def _note_account(self, entry_id: str) -> None:
        """Note that an account has come or gone; it counts as loaded only a moment later."""
        self._accounts.add(entry_id)
        self._wait(BEAT)

    @callback
    def _wait(self, seconds: float) -> None:
        """Tell after a while, unless that is planned already."""
        if self._cancel_beat is None:
            self._cancel_beat = async_call_later(
                self._hass, seconds, HassJob(self._on_beat, cancel_on_shutdown=True)
            )

    @callback
    def _on_beat(self, _now: Any) -> None:
        self._cancel_beat = None
        if _behind(self._connection) > MOST_BEHIND:
            self._wait(BEAT)
        else:
            self._tell()

    @callback
    def _tell(self) -> None:
        """Send one message, and plan the next where there is more."""
        self._note_all()
        told: list[dict[str, Any]] = []
        removed: list[str] = []
        for tracking_id in list(self._changed)[:PART]:
            entry_id = self._changed.pop(tracking_id)
            record = self._record(entry_id, tracking_id)
            if record is not None:
                told.append(record)
                self._known[tracking_id] = entry_id
            elif self._known.pop(tracking_id, None) is not None:
                removed.append(tracking_id)
        if told or removed or not self._begun:
            self._begun = True
            event = {"commands": told, "removed": removed}
            self._connection.send_message(event_message(self._message_id, event))
        if self._changed:
            self._wait(0)

    def _note_all(self) -> None:
        """Note all commands of the accounts that have come or gone: all of them may have."""
        if not self._accounts:
            return
        known = self._known.items()
        now = ((command.tracking_id, entry_id) for entry_id, command in self._all())
        for tracking_id, entry_id in (*known, *now):
            if entry_id in self._accounts:
                self._changed[tracking_id] = entry_id
        self._accounts.clear()

    def _record(self, entry_id: str, tracking_id: str) -> dict[str, Any] | None:
        """Return a command as the reader may see it; None where there is nothing to see."""
        coordinator = loaded_account(self._hass, entry_id)
        known = None if coordinator is None else coordinator.tracker.get(tracking_id)
        if coordinator is None or known is None:
            return None
        command = coordinator.display.shown(known)
        if not self._is_told(entry_id, command):
            return None
        record = coordinator.display.record(command)
        seen = may_see_parameters(self._connection.user, command)
        return record if seen else without_values(record)

    def _is_told(self, entry_id: str, command: Command) -> bool:
        """Return whether the reader asked for a command, and may read it."""
        return self._which.matches(entry_id, command) and may_read(
            self._hass, self._connection.user, entry_id, owners_of(command)
        )

    def _all(self) -> Iterator[tuple[str, Command]]:
        """Return all commands, with their accounts."""
        for coordinator in loaded_accounts(self._hass):
            for command in map(coordinator.display.shown, coordinator.tracker):
                yield coordinator.config_entry.entry_id, command


def _behind(connection: ActiveConnection) -> int:
    """Return how many messages wait until a slow reader has read others.

    Home Assistant tells nobody; where it keeps them somewhere else one day, this is 0, and a slow
    reader gets a message in each beat, as from everybody else.
    """
    handler = getattr(connection.send_message, "__self__", None)
    return len(getattr(handler, "_message_queue", ()))
