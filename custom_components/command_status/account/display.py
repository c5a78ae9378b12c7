"""What is shown of commands, and who is told when that changes.

What is shown of a command stays as it was until its outcome is announced, and a command is shown
as soon as it is on disk.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Context, CoreState, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ..const import CONF_PROVIDER, EVENT_FINISHED, LOGGER, SIGNAL_CHANGED, SIGNAL_FINISHED
from ..tracking import FINAL, Command, CommandState, Register, Tracker, Transition, keys_of
from .mishaps import Mishaps
from .records import as_event, as_record
from .sentences import Sentences
from .statistics import Statistics
from .waiters import waiters_of

TOLD_AT_ONCE: Final = 20
"""Keys under which news is shown before others in Home Assistant get their turn."""


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What is shown under a key: of a target, a saved command, or the account."""

    newest: Command | None
    pending: int


class Display:
    """Shows the commands of one account by key, and announces their outcomes."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        tracker: Tracker,
        mishaps: Mishaps,
        announced: Callable[[Sequence[Command]], None],
        whereabouts: Callable[[Command], tuple[str, str | None]],
    ) -> None:
        """Announce nothing yet; `announced` is called with what was.

        `whereabouts` returns the id of the target of a command, as it is shown now, and that of its
        device in Home Assistant's registry.
        """
        self.announcing = False
        """Whether outcomes are announced; nobody listens while Home Assistant starts and stops."""
        self.waiters = waiters_of(hass, entry.entry_id)
        """The actions that wait for commands of the account."""
        self.statistics = Statistics(tracker)
        self._hass = hass
        self._entry = entry
        self._tracker = tracker
        self._mishaps = mishaps
        self._announced = announced
        self._whereabouts = whereabouts
        self._listeners: dict[object, list[CALLBACK_TYPE]] = {}
        self._subscribers: dict[str, list[Callable[[Command], None]]] = {}
        self._held = Register()
        """What is shown of commands whose outcome is held back."""
        self._accepted: dict[str, Command] = {}
        self._contexts: dict[str, Context] = {}

    # What is shown

    def view(self, key: str) -> View:
        """Return what is shown under a key: outcomes only once they are announced."""
        newest = self._tracker.newest(key)
        pending = self._tracker.pending(key) + self._held.pending(key)
        return View(newest=None if newest is None else self.shown(newest), pending=pending)

    def shown(self, command: Command) -> Command:
        """Return a command as it is shown: without an outcome that was not announced yet."""
        tracking_id = command.tracking_id
        return self._accepted.get(tracking_id) or self._held.get(tracking_id) or command

    def context_of(self, command: Command) -> Context | None:
        """Return the context of the action that a command comes from, while that is known."""
        return self._contexts.get(command.tracking_id)

    def record(self, command: Command) -> dict[str, Any]:
        """Return a command as users see it."""
        target, device_id = self._whereabouts(command)
        return as_record(
            replace(command, target=target),
            provider=self._entry.data[CONF_PROVIDER],
            entry_id=self._entry.entry_id,
            device_id=device_id,
            sentences=Sentences(self._hass),
        )

    # Who is told

    @callback
    def async_listen(self, key: object, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call back for news under a key; returns how to stop that."""
        listeners = self._listeners.setdefault(key, [])
        listeners.append(listener)
        return lambda: listeners.remove(listener)

    @callback
    def async_subscribe(self, key: str, ended: Callable[[Command], None]) -> CALLBACK_TYPE:
        """Call back for every announcement that a key covers; returns how to stop that."""
        subscribers = self._subscribers.setdefault(key, [])
        subscribers.append(ended)
        return lambda: subscribers.remove(ended)

    @callback
    def show(self, commands: Iterable[Command]) -> None:
        """Tell all subscriptions that commands are shown differently, or no more."""
        for command in commands:
            with self._mishaps.survived("Subscriptions could not be told the news"):
                self.statistics.note(command)
                async_dispatcher_send(
                    self._hass, SIGNAL_CHANGED, self._entry.entry_id, command.tracking_id
                )

    @callback
    def tell(self, keys: Iterable[object]) -> None:
        """Wake those who show one of these keys."""
        for key in keys:
            for listener in list(self._listeners.get(key, ())):
                with self._mishaps.survived("An entity could not show the news"):
                    listener()

    async def async_tell(self, keys: Iterable[object]) -> None:
        """Wake those who show one of these keys, a few at a time."""
        for some in batched(keys, TOLD_AT_ONCE, strict=False):
            self.tell(some)
            await asyncio.sleep(0)

    # Commands come and go

    @property
    def accepted(self) -> tuple[str, ...]:
        """The tracking ids of commands that are not shown before they are on disk."""
        return tuple(self._accepted)

    def accept(self, command: Command, context: Context | None) -> None:
        """Take in a new command, to be shown once it is on disk."""
        self._accepted[command.tracking_id] = command
        if context is not None:
            self._contexts[command.tracking_id] = context

    def overhear(self, command: Command, context: Context) -> None:
        """Take in a command that somebody else has begun already; it is shown at once."""
        self._contexts[command.tracking_id] = context

    def restore(self) -> None:
        """Hold back, again, the outcomes that were never announced."""
        for command in self._tracker.unannounced:
            self._held.put(_as_before(command))
        self.statistics.restore()

    def drop(self, command: Command) -> None:
        """Show what is left after a command was forgotten."""
        for kept in (self._accepted, self._contexts):
            kept.pop(command.tracking_id, None)
        self._held.discard(command.tracking_id)
        self.tell(keys_of(command))
        self.show([command])

    # Commands change

    @callback
    def take(self, transitions: Iterable[Transition]) -> None:
        """Show what has happened; an outcome only once it is announced."""
        news: dict[str, None] = {}
        seen: list[Command] = []
        for transition in transitions:
            command = transition.command
            LOGGER.debug(
                "%s %s: %s (%s)",
                command.tracking_id,
                command.command,
                command.state,
                command.provider_state,
            )
            if transition.outcome and transition.before is not None:
                shown = self._held.get(command.tracking_id) or transition.before
                self._held.put(shown)
                if not self.announcing:
                    # Some who wait need not know the outcome.
                    self.waiters.tell(shown)
            elif not self._is_held_back(command.tracking_id):
                if _is_news(transition):
                    news.update(dict.fromkeys(keys_of(command)))
                    seen.append(command)
                self.waiters.tell(command)
        self.tell(news)
        self.show(seen)

    @callback
    def tell_accepted(self, tracking_ids: Iterable[str]) -> None:
        """Show commands that were just accepted: queued, and then what has become of them."""
        for tracking_id in tracking_ids:
            command = self._accepted.get(tracking_id)
            if command is None:
                continue  # told already, or forgotten
            self.tell(keys_of(command))
            self._accepted.pop(tracking_id, None)
            current = self._tracker.get(tracking_id)
            if current is not None and self.shown(current).state is not command.state:
                self.tell(keys_of(command))
            self.show([command])

    @callback
    def announce(self, outcomes: Iterable[Command]) -> None:
        """Tell the world about outcomes that are on disk (or cannot be)."""
        if not self.announcing or self._hass.state is CoreState.stopping:
            return
        current = [
            command for command in outcomes if self._tracker.is_unannounced(command.tracking_id)
        ]
        if not current:
            return
        self._tracker.announced(current)
        self.tell_accepted(command.tracking_id for command in current)
        for command in current:
            self._held.discard(command.tracking_id)
            now_known = self._tracker.get(command.tracking_id)
            if now_known is not None and now_known.state is not command.state:
                # Corrected while this was being saved: the correction is announced after its own
                # save.
                self._held.put(command)
        self.tell(dict.fromkeys(key for command in current for key in keys_of(command)))
        self.show(current)
        for command in current:
            self._announce_one(command)
        self._announced(current)

    def _announce_one(self, command: Command) -> None:
        """Tell entities, the bus, triggers and waiting actions about one outcome."""
        context = self.context_of(command)
        for key in keys_of(command):
            for subscriber in list(self._subscribers.get(key, ())):
                with self._mishaps.survived("An entity could not report an outcome"):
                    subscriber(command)
        record: dict[str, Any] = {}
        with self._mishaps.survived("The bus could not be told of an outcome"):
            record = self.record(command)
            self._hass.bus.async_fire(EVENT_FINISHED, as_event(record), context=context)
        with self._mishaps.survived("Triggers could not be told of an outcome"):
            if record:
                async_dispatcher_send(self._hass, SIGNAL_FINISHED, record, context)
        self.waiters.tell(command)
        self._contexts.pop(command.tracking_id, None)

    def _is_held_back(self, tracking_id: str) -> bool:
        """Return whether something else is shown of a command than what is known."""
        return self._held.get(tracking_id) is not None or tracking_id in self._accepted


def _as_before(command: Command) -> Command:
    """Return what was shown, at the least, of a command whose outcome was never announced."""
    state = CommandState.TIMEOUT if command.late else CommandState.QUEUED
    finished_at = command.deadline if command.late else None
    # What has come since the outcome that was announced last, or at all, was not shown yet.
    finals = [place for place, step in enumerate(command.changes) if step.state in FINAL]
    shown = finals[0] + command.late if finals else len(command.changes)
    return replace(
        command,
        state=state,
        late=False,
        reason=None,
        finished_at=finished_at,
        changes=command.changes[:shown],
    )


def _is_news(transition: Transition) -> bool:
    """Return whether a change can be seen; that the provider was asked at all is no such change."""
    before, after = transition.before, transition.command
    return before is None or replace(before, seen=after.seen, polls=after.polls) != after
