"""When the records of an account are written: often enough to lose nothing, and no more often.

An outcome is on disk before it is announced, unless the disk refuses: then it is announced at once.
"""

import asyncio
from collections.abc import Callable, Iterable
from itertools import batched
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, CoreState, HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later

from ..const import SAVE_RETRY
from ..storage.store import AccountStore, NotSavedError
from ..tracking import ACCOUNT, Tracker, Transition
from .background import Background
from .clock import Clock
from .display import Display
from .issues import Issue, async_clear, async_raise
from .mishaps import Mishaps

ANNOUNCED_AT_ONCE: Final = 20
"""Outcomes that are announced before others in Home Assistant get their turn."""

SHOWN_AT_ONCE: Final = 10
"""New commands that are shown before others in Home Assistant get their turn."""

SAVES_A_ROUND: Final = 6
"""How often the journal is saved, at most, while every open command is asked about once."""

SPARED: Final = 2.0
"""Seconds that a command which is only followed may last without being written down."""

MOST_PATIENCE: Final = 30.0
"""Seconds that outcomes may wait for a save, however many commands are open."""


class Keeper:
    """Writes the journal and the history of one account, and lets the display show what is safe."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        store: AccountStore,
        tracker: Tracker,
        display: Display,
        clock: Clock,
        mishaps: Mishaps,
        per_second: float,
        ended: Callable[[], None],
    ) -> None:
        """Write nothing yet.

        `per_second` is how many status requests are made in a second; `ended` is called after each
        write.
        """
        self.refused = False
        """Whether the disk refused the last write."""
        self._hass = hass
        self._entry = entry
        self._store = store
        self._tracker = tracker
        self._display = display
        self._clock = clock
        self._mishaps = mishaps
        self._per_second = per_second
        self._writes = Background(hass, "write", mishaps, ended)
        self._waiting: list[asyncio.Future[None]] = []
        self._saving = False
        self._wanted = False
        self._not_before = 0.0
        self._crowd = 0
        """How many commands were open at the beginning of the round."""
        self._round_ends = 0.0
        self._spared: set[str] = set()
        self._spared_until = 0.0
        self._closing = False
        self._cancel_archiving: CALLBACK_TYPE | None = None

    # The journal

    @property
    def due(self) -> float | None:
        """The moment of the next save; None where there is nothing to start."""
        moments = [
            self._not_before if self._wanted and not self._saving else None,
            self._spared_until if self._spared else None,
        ]
        return min((moment for moment in moments if moment is not None), default=None)

    @property
    def _urgent(self) -> bool:
        """Whether somebody waits for the next save, or nothing more is likely to come soon."""
        all_ended = not self._tracker.pending(ACCOUNT)
        return bool(self._waiting) or self._closing or (all_ended and not self.refused)

    @callback
    def take(self, transitions: Iterable[Transition | None]) -> None:
        """Show what has happened; outcomes once they are on disk, or where the disk refuses."""
        known = [transition for transition in transitions if transition is not None]
        self._display.take(known)
        outcomes = [transition.command for transition in known if transition.outcome]
        spared = [command for command in outcomes if self.is_spared(command.tracking_id)]
        if len(spared) < len(outcomes):
            self.want_save()
        self._display.announce(spared)
        if self.refused:
            self._display.announce(self._tracker.unannounced)

    def spare(self, tracking_id: str) -> None:
        """Write a command down only if it lasts: a house switches lights all day, from an SD card.

        It is followed, not sent, so nothing but a record is lost with a crash.
        """
        if not self._spared:
            self._spared_until = self._clock.now() + SPARED
        self._spared.add(tracking_id)

    def is_spared(self, tracking_id: str) -> bool:
        """Return whether a command need not be on disk before its outcome is announced."""
        return tracking_id in self._spared

    def want_save(self) -> None:
        """Ask for a save; those that come together share one."""
        self._wanted = True

    def shift(self, seconds: float) -> None:
        """Follow a correction of the clock, which changes moments in the records."""
        self._not_before += seconds
        self._spared_until += seconds
        self._round_ends += seconds
        self._wanted = True

    async def async_saved(self) -> None:
        """Return when everything known at this moment is on disk; raises NotSavedError."""
        if self._writes.closed:
            raise NotSavedError
        future: asyncio.Future[None] = self._hass.loop.create_future()
        self._waiting.append(future)
        self._wanted = True
        self.start_save()
        await future

    @callback
    def start_save(self) -> None:
        """Save, unless a save runs, or nobody waits for it and more is likely to come soon."""
        if self._spared and self._clock.now() >= self._spared_until:
            self._spared.clear()
            self._wanted = self._wanted or bool(self._tracker.pending(ACCOUNT))
        if not self._wanted or self._saving or self._writes.closed:
            return
        if self._urgent or self._clock.now() >= self._not_before:
            self._saving = True
            self._writes.start(self._async_save())

    async def _async_save(self) -> None:
        """Write the journal once, and then do what waited for it."""
        self._wanted = False
        waiting, self._waiting = self._waiting, []
        accepted, outcomes = self._display.accepted, self._tracker.unannounced
        saved = False
        try:
            now = self._clock.now()
            self._not_before = now + self._patience(now)
            saved = await self._async_try()
            self._note(refused=not saved)
            if saved:
                for shown in batched(accepted, SHOWN_AT_ONCE, strict=False):
                    self._display.tell_accepted(shown)
                    await asyncio.sleep(0)
        finally:
            self._saving = False
            _release(waiting, saved=saved)
        for some in batched(outcomes, ANNOUNCED_AT_ONCE, strict=False):
            self._display.announce(some)
            await asyncio.sleep(0)

    async def _async_try(self) -> bool:
        """Write the journal; return whether it is on disk, whatever kept it from there."""
        try:
            held_back = self._tracker.held_back(self._clock.now())
            await self._store.async_save(self._tracker.journal(), held_back)
        except Exception as err:  # noqa: BLE001 - who waits for it must learn of it
            self._note_odd(err)
            return False
        return True

    def _note_odd(self, err: Exception) -> None:
        """Log what kept records from the disk, unless that is the disk, which has an issue."""
        cause = err.__cause__ if isinstance(err, NotSavedError) else err
        if isinstance(cause, Exception) and not isinstance(cause, OSError | HomeAssistantError):
            self._mishaps.note("The records could not be written", cause)

    def _patience(self, now: float) -> float:
        """Return the seconds until the next save: longer, the more commands are open.

        It is a part of the round, the time in which every open command is asked about once. So
        outcomes are hardly later for it, and the number of saves has a bound however many commands
        end in a round.
        """
        open_commands = self._tracker.pending(ACCOUNT)
        if open_commands <= 1:
            return 0.0
        if open_commands > self._crowd or now >= self._round_ends:
            self._crowd = open_commands
            self._round_ends = now + open_commands / self._per_second
        return min(self._crowd / self._per_second / SAVES_A_ROUND, MOST_PATIENCE)

    # The history

    @callback
    def plan_archiving(self, seconds: float) -> None:
        """Write what was announced into the history, after some seconds."""
        if self._cancel_archiving is None and not self._closing:
            self._cancel_archiving = async_call_later(
                self._hass, seconds, HassJob(self._archive_later, cancel_on_shutdown=True)
            )

    @callback
    def _archive_later(self, _now: Any) -> None:
        self._cancel_archiving = None
        self._writes.start(self._async_archive())

    async def _async_archive(self) -> None:
        """Write what was announced into the history, and what was learned."""
        commands, learned = self._tracker.unarchived, self._tracker.habits.unsaved
        if not commands and not learned:
            return
        try:
            await self._store.async_archive(commands, learned)
            self._tracker.archived(commands)
            self._tracker.habits.saved(learned)
            self._display.show(self._tracker.prune(self._clock.now()))
            # An outcome in the history counts as announced.
            await self._store.async_tidy(
                [
                    command
                    for command in self._tracker
                    if command.final and not self._tracker.is_unannounced(command.tracking_id)
                ],
                self._tracker.habits,
            )
        except Exception as err:  # noqa: BLE001 - they are archived later, whatever it was
            # The journal keeps them, but what is only there is announced again after a crash.
            self._note_odd(err)
            self.plan_archiving(SAVE_RETRY)

    # The end

    def hurry(self) -> None:
        """Write at once from now on, and plan nothing for later."""
        self._closing = True
        if self._cancel_archiving is not None:
            self._cancel_archiving()
            self._cancel_archiving = None

    async def async_close(self) -> None:
        """Write everything down."""
        while self._writes.tasks:
            await asyncio.wait(self._writes.tasks)
        self._writes.cut()
        await self._async_try()
        await self._async_archive()

    def give_up(self) -> None:
        """Take back what was said about the disk: whoever comes next finds out for itself."""
        self._note(refused=False)

    @callback
    def _note(self, *, refused: bool) -> None:
        """Say that the disk refuses, once, and that it is back."""
        stopping = self._hass.state is CoreState.stopping
        if refused and not self._closing and not stopping:
            self._not_before = self._clock.now() + SAVE_RETRY
            self._wanted = True
        if refused == self.refused or stopping:
            return
        self.refused = refused
        if refused:
            async_raise(self._hass, self._entry, Issue.NOT_SAVED)
        else:
            async_clear(self._hass, self._entry.entry_id, Issue.NOT_SAVED)


def _release(waiting: Iterable[asyncio.Future[None]], *, saved: bool) -> None:
    """Tell those who waited for a save what came of it."""
    for future in waiting:
        if future.done():
            continue
        if saved:
            future.set_result(None)
        else:
            future.set_exception(NotSavedError())
