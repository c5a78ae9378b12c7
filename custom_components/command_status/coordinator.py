"""The shell: where time, disk and network meet.

The tracker knows what is due; the coordinator does it. It owns the one clock and the one alarm of
an account. Whenever something has happened, `_pump` starts what can be started now and sets the
alarm for the rest: saving, sending, asking. The order of things is what makes it safe:

* the journal is on disk before a command is sent;
* an outcome is on disk before it is announced (unless the disk refuses: then it is announced at
  once);
* what is shown of a command stays as it was until its outcome is announced.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import batched
from math import inf
from random import random
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Context, CoreState, HassJob, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util.ulid import ulid_at_time, ulid_to_bytes

from .clock import Clock
from .const import (
    ANNOUNCE_SETTLE,
    DOMAIN,
    EVENT_FINISHED,
    LIMITED_PAUSE,
    LOGGER,
    MAX_FINISHED,
    SAVE_RETRY,
    SIGNAL_FINISHED,
    STOP_PATIENCE,
    TARGETS_AGAIN,
    TARGETS_INTERVAL,
    UNLOAD_PATIENCE,
)
from .devices import remove_gone
from .issues import OF_CLIENT, Issue, async_clear, async_raise
from .listing import Listing
from .providers.base import (
    Order,
    Outcome,
    Provider,
    ProviderDescription,
    Query,
    Sighting,
    Target,
)
from .providers.errors import (
    ProviderAuthError,
    ProviderClientError,
    ProviderConnectionError,
    ProviderError,
    ProviderLaterError,
    ProviderNoAnswerError,
    ProviderRateLimitError,
    ProviderRefusedError,
)
from .records import as_event, as_record, device_id_of
from .settings import Saved, Settings
from .store import AccountStore, Memory, NotSavedError
from .tracking import (
    ACCOUNT,
    Command,
    CommandState,
    Errand,
    Observation,
    Tracker,
    Transition,
    keys_of,
    target_key,
)
from .waiters import Waiters, waiters_of

type CommandStatusConfigEntry = ConfigEntry[CommandStatusCoordinator]

CONNECTION: Final = "connection"
"""The key under which news of the connection is told."""

ALARM_TOLERANCE: Final = 0.001
"""Seconds by which the alarm may be off; setting it anew costs more than it brings."""

AT_ONCE: Final = 20
"""Outcomes that are taken in, or announced, before others in Home Assistant get their turn."""

SAVES_A_ROUND: Final = 8
"""How often the journal is saved, at most, while every open command is asked about once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What is shown under a key: of a target, a saved command, or the account."""

    newest: Command | None
    pending: int


class CommandStatusCoordinator(DataUpdateCoordinator[Listing]):
    """One account. Its data is the list of targets; commands are told by key."""

    config_entry: CommandStatusConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: CommandStatusConfigEntry,
        description: ProviderDescription,
        provider: Provider,
        store: AccountStore,
        settings: Settings,
        clock: Clock,
    ) -> None:
        """Put the parts together; nothing runs before `async_start`."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=TARGETS_INTERVAL,
            always_update=False,
        )
        self.data = Listing()
        self.description = description
        self.provider = provider
        self.settings = settings
        self.tracker = Tracker(
            description.policy, keep_days=settings.keep_days, keep_count=MAX_FINISHED
        )
        self.store = store
        self.connected: bool | None = None
        self.trouble: str | None = None
        """The last error that kept us from the provider, as far as users may know it."""
        self._clock = clock
        self._listeners_by_key: dict[object, list[CALLBACK_TYPE]] = {}
        self._subscribers: dict[str, list[Callable[[Command], None]]] = {}
        self._held: dict[str, Command] = {}
        self._contexts: dict[str, Context] = {}
        self._accepted: dict[str, Command] = {}
        self._saved: list[asyncio.Future[None]] = []
        self._saving = False
        self._save_wanted = False
        self._next_save = 0.0
        self._disk_refuses = False
        self._errands: set[asyncio.Task[None]] = set()
        self._writes: set[asyncio.Task[None]] = set()
        self._askers: set[asyncio.Task[None]] = set()
        self._questions: deque[Query] = deque()
        self._alarm_job = HassJob(self._ring, "alarm", cancel_on_shutdown=True)
        self._rings_at = inf
        """When the alarm rings, by the clock of the loop."""
        self._cancel_alarm: CALLBACK_TYPE | None = None
        self._cancel_archiving: CALLBACK_TYPE | None = None
        self._unknown_words: set[str] = set()
        self._list_read_at = 0.0
        self._last_tick = 0
        self._announcing = False
        self._closing = False
        self._refused = False

    # The life of an account

    @property
    def now(self) -> float:
        """The moment, in seconds since the epoch."""
        return self._clock.now()

    @property
    def waiters(self) -> Waiters:
        """The actions that wait for commands of this account."""
        return waiters_of(self.hass, self.config_entry.entry_id)

    async def async_load_targets(self) -> None:
        """Take the targets from the disk.

        The provider is asked in the background, and waited for only the first time. Raises
        ConfigEntryNotReady or ConfigEntryAuthFailed when there has never been a list.
        """
        listing = Listing.from_plain(await self.store.async_load_listing())
        if listing.read_at is None and not self.tracker.last_id:
            await self.async_config_entry_first_refresh()
        else:
            self.data = listing
            self.config_entry.async_create_background_task(
                self.hass, self.async_refresh(), f"{DOMAIN} targets"
            )

    async def async_restore(self, memory: Memory) -> None:
        """Take up again what was written down; it may be much, and nobody else is here yet."""
        await self.hass.async_add_executor_job(self._restore, memory)

    def _restore(self, memory: Memory) -> None:
        self.tracker.restore(memory.journal, memory.history, self.now)
        self.tracker.prune(self.now)
        for command in self.tracker.unannounced:
            self._held[command.tracking_id] = _as_before(command)

    @callback
    def async_start(self) -> None:
        """Begin to send, to ask and to announce; the entities are there."""
        self.config_entry.async_on_unload(async_at_started(self.hass, self._async_listened_to))
        self._pump()

    async def _async_listened_to(self, _hass: HomeAssistant) -> None:
        """Announce what happened while nobody listened."""
        self._announcing = True
        if self._held or self.tracker.unannounced:
            self._want_save()
        self._pump()

    async def async_stopping(self) -> None:
        """Home Assistant stops: let requests that send finish, and wake those who wait.

        Automations stop as well, so outcomes are kept until they listen again.
        """
        self.waiters.give_up("stopping")
        self._announcing = False
        await self._async_close(STOP_PATIENCE)

    async def async_close(self) -> None:
        """Stop everything for an unload; a request that sends is not cut."""
        await self._async_close(UNLOAD_PATIENCE)
        # Whoever loads the account again finds out for itself.
        self._note_disk(refuses=False)

    async def _async_close(self, patience: float) -> None:
        """Start nothing more, wait for what sends, and write everything down."""
        self._closing = True
        self._set_alarm()
        for asker in list(self._askers):
            asker.cancel()
        running = {*self._errands, *self._askers}
        if running:
            _, left = await asyncio.wait(running, timeout=patience)
            for task in left:
                task.cancel()
        if self._cancel_archiving is not None:
            self._cancel_archiving()
            self._cancel_archiving = None
        while self._writes:
            await asyncio.wait(self._writes)
        with suppress(NotSavedError):
            await self.store.async_save(self.tracker.journal())
        await self._async_archive()

    # What is shown

    @property
    def window(self) -> float:
        """The wait window of commands that do not name one, in seconds."""
        return self.settings.window or self.description.policy.window

    @property
    def shown_targets(self) -> Mapping[str, Target]:
        """The targets that have a device and entities."""
        if not self.description.chosen_devices:
            return self.data.targets
        return {
            target_id: target
            for target_id, target in self.data.targets.items()
            if target.device in self.settings.devices
        }

    def view(self, key: str) -> View:
        """Return what is shown under a key: outcomes only once they are announced."""
        newest = self.tracker.newest(key)
        pending = self.tracker.pending(key)
        for held in self._held.values():
            pending += not held.final and key in keys_of(held)
        return View(newest=None if newest is None else self.shown(newest), pending=pending)

    def shown(self, command: Command) -> Command:
        """Return a command as it is shown: without an outcome that was not announced yet."""
        accepted = self._accepted.get(command.tracking_id)
        return accepted or self._held.get(command.tracking_id, command)

    def context_of(self, command: Command) -> Context | None:
        """Return the context of the action that a command comes from, while that is known."""
        return self._contexts.get(command.tracking_id)

    @callback
    def async_subscribe(self, key: str, ended: Callable[[Command], None]) -> CALLBACK_TYPE:
        """Call back for every announcement that a key covers; returns how to stop that."""
        subscribers = self._subscribers.setdefault(key, [])
        subscribers.append(ended)
        return lambda: subscribers.remove(ended)

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Any = None
    ) -> CALLBACK_TYPE:
        """Listen for news under a key, which is the context."""
        remove = super().async_add_listener(update_callback, context)
        listeners = self._listeners_by_key.setdefault(context, [])
        listeners.append(update_callback)

        @callback
        def remove_listener() -> None:
            listeners.remove(update_callback)
            remove()

        return remove_listener

    @callback
    def _tell(self, keys: Iterable[object]) -> None:
        """Wake the entities that show one of these keys."""
        for key in keys:
            for listener in list(self._listeners_by_key.get(key, ())):
                try:
                    listener()
                except Exception:
                    self.logger.exception("An entity could not show the news")

    # Commands come in

    async def async_send(
        self,
        orders: Sequence[Order],
        *,
        window: float,
        tag: str | None = None,
        subentry_id: str | None = None,
        context: Context | None = None,
    ) -> list[str]:
        """Accept commands and send them; returns their tracking ids when they are on disk.

        Raises HomeAssistantError when Home Assistant stops or the disk refuses; nothing is sent
        then.
        """
        self._refuse_while_closing()
        now = self.now
        ids = [self._new_id(now) for _ in orders]
        for tracking_id, order in zip(ids, orders, strict=True):
            command = Command(
                tracking_id=tracking_id,
                target=order.target.id,
                target_name=order.target.name,
                device=order.target.device,
                network_id=order.target.network_id,
                offline=order.target.online is False,
                command=order.command,
                parameters=order.parameters,
                payload=order.payload,
                batch=ids[0],
                tag=tag,
                subentry_id=subentry_id,
                created_at=now,
                deadline=now + window,
            )
            self.tracker.open(command)
            self._accepted[tracking_id] = command
            if context is not None:
                self._contexts[tracking_id] = context
        self._start_errands(now)
        try:
            await self._async_saved()
        except NotSavedError:
            for tracking_id in ids:
                self._drop(tracking_id)
            raise
        return ids

    async def async_track(
        self,
        sightings: Sequence[Sighting],
        *,
        window: float,
        context: Context,
        tag: str | None = None,
    ) -> list[str]:
        """Follow commands that someone else sent; returns their tracking ids when they are on disk.

        One that is followed already keeps its tracking id. Raises HomeAssistantError as
        `async_send`.
        """
        self._refuse_while_closing()
        now = self.now
        ids: list[str] = []
        adopted: list[tuple[str, Observation]] = []
        for sighting in sightings:
            known = self.find(sighting.observation.command_id)
            if known is not None:
                ids.append(known.tracking_id)
                continue
            tracking_id = self._new_id(now)
            ids.append(tracking_id)
            observation = sighting.observation
            command = Command(
                tracking_id=tracking_id,
                target=sighting.target,
                target_name=sighting.target_name,
                device=sighting.device,
                covers=sighting.covers,
                command=sighting.command,
                parameters=sighting.parameters,
                command_id=observation.command_id,
                request_id=observation.request_id,
                network_id=observation.network_id,
                tag=tag,
                created_at=now,
                deadline=now + window,
            )
            # The provider has told about it just now.
            ask_again = self.description.policy.cadence.next(now, now)
            self._accepted[tracking_id] = self.tracker.adopt(command, ask_again).command
            self._contexts[tracking_id] = context
            adopted.append((tracking_id, observation))
        if not adopted:
            return ids
        try:
            await self._async_saved()
        except NotSavedError:
            for tracking_id, _ in adopted:
                self._drop(tracking_id)
            raise
        self._take(
            self.tracker.observe(tracking_id, observation, self.now)
            for tracking_id, observation in adopted
        )
        self._pump()
        return ids

    def find(self, command_id: str | None) -> Command | None:
        """Return the command with one of the provider's ids, the newest where there are several."""
        found = None
        for command in self.tracker:
            if command_id is not None and command.command_id == command_id:
                found = command
        return found

    async def async_cancel(self, command: Command) -> None:
        """Stop an open command.

        Raises StillSendingError while it is being sent, and ProviderError where the provider
        refuses.
        """
        transition = self.tracker.withdraw(command.tracking_id, self.now)
        if transition is None:
            observation = await self.async_ask(self.provider.cancel(command))
            transition = self.tracker.cancelled(command.tracking_id, observation, self.now)
        self._take([transition])
        self._pump()

    async def async_update(
        self, command_id: str, state: str | None, reason: str | None
    ) -> Sighting:
        """Set the state of a command at the provider and take in the answer, if we follow it."""
        sighting = await self.async_ask(self.provider.update(command_id, state, reason))
        if (known := self.find(command_id)) is not None:
            transition = self.tracker.answered(known.tracking_id, sighting.observation, self.now)
            self._take([transition])
            self._pump()
        return sighting

    async def async_forget(self, tracking_id: str) -> None:
        """Delete a command without an event; raises NotSavedError while the disk refuses."""
        self._drop(tracking_id)
        self.waiters.give_up("forgotten", tracking_id)
        await self._async_saved()
        await self.store.async_forget(tracking_id)

    async def async_ask[T](self, request: Coroutine[Any, Any, T]) -> T:
        """Make one request and note what it says about the connection.

        Once the credentials were refused, nothing is asked until they are new. Raises
        ProviderError.
        """
        if self._refused:
            request.close()
            raise ProviderAuthError
        try:
            answer = await request
        except ProviderError as err:
            self._note_trouble(err)
            raise
        self._note_reached()
        return answer

    def _refuse_while_closing(self) -> None:
        """Take no new command that could not be seen through."""
        if self._closing or self.hass.state is CoreState.stopping:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="stopping")

    def _new_id(self, now: float) -> str:
        """Return a tracking id that is greater than all before."""
        self._last_tick = max(int(now * 1000), self._last_tick + 1, _tick_of(self.tracker.last_id))
        return ulid_at_time(self._last_tick / 1000)

    def _drop(self, tracking_id: str) -> None:
        """Forget a command and show what is left."""
        command = self.tracker.forget(tracking_id)
        for kept in (self._accepted, self._held, self._contexts):
            kept.pop(tracking_id, None)
        self._tell(keys_of(command))

    # The pump

    @callback
    def _pump(self) -> None:
        """Start what can be started now, and set the alarm for the rest."""
        if self._closing:
            self._start_save(self.now)
            return
        if correction := self._clock.correct():
            LOGGER.debug("The clock was corrected by %.0f s", correction)
            self.tracker.shift(correction)
            self._next_save += correction
            self._want_save()
        now = self.now
        self._take(self.tracker.tick(now, AT_ONCE))
        self._start_errands(now)
        self._start_save(now)
        self._start_askers()
        self._set_alarm()

    @callback
    def _set_alarm(self) -> None:
        """Set the one alarm for the next moment at which something is due."""
        now = self.now
        due = None if self._closing else self._next_moment(now)
        rings_at = inf if due is None else self.hass.loop.time() + max(0.0, due - now)
        if abs(rings_at - self._rings_at) < ALARM_TOLERANCE:
            return
        if self._cancel_alarm is not None:
            self._cancel_alarm()
            self._cancel_alarm = None
        self._rings_at = rings_at
        if due is not None:
            self._cancel_alarm = async_call_later(self.hass, max(0.0, due - now), self._alarm_job)

    def _next_moment(self, now: float) -> float | None:
        """Return the next moment at which something is due that nothing else brings up."""
        room_to_ask = self._may_ask and len(self._askers) < self.description.policy.pace.at_once
        moments = [
            self.tracker.next_alarm(now, asking=room_to_ask, sending=self._may_send),
            self._next_save if self._save_wanted and not self._saving else None,
            self.tracker.free_at(now) if self._questions and room_to_ask else None,
        ]
        return min((moment for moment in moments if moment is not None), default=None)

    @callback
    def _ring(self, _now: Any) -> None:
        """Do what is due."""
        self._cancel_alarm = None
        self._rings_at = inf
        self._pump()

    def _spawn(
        self,
        tasks: set[asyncio.Task[None]],
        work: Coroutine[Any, Any, None],
        name: str,
        then: Callable[[], None],
    ) -> None:
        """Run something in the background until it has ended, and see what is to be done then."""
        task = self.hass.async_create_background_task(work, f"{DOMAIN} {name}", eager_start=False)
        tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            tasks.discard(task)
            then()

        task.add_done_callback(ended)

    # Saving and announcing

    async def _async_saved(self) -> None:
        """Return when everything known at this moment is on disk; raises NotSavedError."""
        future: asyncio.Future[None] = self.hass.loop.create_future()
        self._saved.append(future)
        self._want_save()
        self._start_save(self.now)
        self._set_alarm()
        await future

    def _want_save(self) -> None:
        """Ask for a save; those that come together share one."""
        self._save_wanted = True

    @callback
    def _start_save(self, now: float) -> None:
        """Save, unless a save runs, or nobody waits for it and more is likely to come soon."""
        urgent = self._saved or self._closing
        if not self._save_wanted or self._saving or (now < self._next_save and not urgent):
            return
        self._saving = True
        self._spawn(self._writes, self._async_save(), "save", self._pump)

    async def _async_save(self) -> None:
        """Write the journal once, and then do what waited for it."""
        self._save_wanted = False
        waiting, self._saved = self._saved, []
        accepted = list(self._accepted)
        outcomes = self.tracker.unannounced
        self._next_save = self.now + self._patience_to_save()
        try:
            await self.store.async_save(self.tracker.journal())
        except NotSavedError as err:
            self._note_disk(refuses=True)
            for future in waiting:
                if not future.done():
                    future.set_exception(err)
        else:
            self._note_disk(refuses=False)
            self._tell_accepted(accepted)
            for future in waiting:
                if not future.done():
                    future.set_result(None)
        finally:
            self._saving = False
        for some in batched(outcomes, AT_ONCE, strict=False):
            self._announce(some)
            await asyncio.sleep(0)

    def _patience_to_save(self) -> float:
        """Return the seconds until the next save: longer, the more commands are open.

        It is a part of the time in which every open command is asked about once, so that outcomes
        are hardly later for it, and the number of saves has a bound however many commands end.
        """
        open_commands = self.tracker.pending(ACCOUNT)
        if open_commands <= 1:
            return 0.0
        return open_commands / self.description.policy.pace.per_second / SAVES_A_ROUND

    @callback
    def _tell_accepted(self, tracking_ids: Iterable[str]) -> None:
        """Show commands that were just accepted: queued, and then what has become of them."""
        for tracking_id in tracking_ids:
            command = self._accepted.get(tracking_id)
            if command is None:
                continue  # told already, or forgotten
            self._tell(keys_of(command))
            self._accepted.pop(tracking_id, None)
            current = self.tracker.get(tracking_id)
            if current is not None and self.shown(current).state is not command.state:
                self._tell(keys_of(command))

    @callback
    def _take(self, transitions: Iterable[Transition | None]) -> None:
        """Take in what the tracker says has happened."""
        news: dict[str, None] = {}
        for transition in transitions:
            if transition is None:
                continue
            command = transition.command
            LOGGER.debug(
                "%s %s: %s (%s)",
                command.tracking_id,
                command.command,
                command.state,
                command.provider_state,
            )
            if transition.outcome and transition.before is not None:
                self._held.setdefault(command.tracking_id, transition.before)
                self._want_save()
            elif (
                command.tracking_id not in self._held and command.tracking_id not in self._accepted
            ):
                if _is_news(transition):
                    news.update(dict.fromkeys(keys_of(command)))
                self.waiters.tell(command)
        self._tell(news)
        if self._disk_refuses:
            self._announce(self.tracker.unannounced)

    @callback
    def _announce(self, outcomes: Sequence[Command]) -> None:
        """Tell the world about outcomes that are on disk (or cannot be)."""
        if not outcomes or not self._announcing or self.hass.state is CoreState.stopping:
            return
        current = [
            command for command in outcomes if self.tracker.is_unannounced(command.tracking_id)
        ]
        self.tracker.announced(current)
        self._tell_accepted(command.tracking_id for command in current)
        for command in current:
            self._held.pop(command.tracking_id, None)
            now_known = self.tracker.get(command.tracking_id)
            if now_known is not None and now_known.state is not command.state:
                # Corrected while this was being saved: the correction is announced after its own
                # save.
                self._held[command.tracking_id] = command
        self._tell(dict.fromkeys(key for command in current for key in keys_of(command)))
        for command in current:
            self._announce_one(command)
        self._plan_archiving(ANNOUNCE_SETTLE)
        self._read_list_again(current)

    @callback
    def _announce_one(self, command: Command) -> None:
        """Tell entities, the bus, triggers and waiting actions about one outcome."""
        context = self.context_of(command)
        for key in keys_of(command):
            for subscriber in list(self._subscribers.get(key, ())):
                subscriber(command)
        record = self.record(command)
        self.hass.bus.async_fire(EVENT_FINISHED, as_event(record), context=context)
        async_dispatcher_send(self.hass, SIGNAL_FINISHED, record, context)
        self.waiters.tell(command)
        self._contexts.pop(command.tracking_id, None)

    @callback
    def _plan_archiving(self, seconds: float) -> None:
        """Write what was announced into the history, after some seconds."""
        if self._cancel_archiving is None and not self._closing:
            self._cancel_archiving = async_call_later(
                self.hass, seconds, HassJob(self._archive_later, cancel_on_shutdown=True)
            )

    @callback
    def _archive_later(self, _now: Any) -> None:
        self._cancel_archiving = None
        self._spawn(self._writes, self._async_archive(), "archive", self._pump)

    async def _async_archive(self) -> None:
        """Write what was announced into the history."""
        commands = self.tracker.unarchived
        if not commands:
            return
        try:
            await self.store.async_archive(commands)
            self.tracker.archived(commands)
            self.tracker.prune(self.now)
            # An outcome in the history counts as announced.
            unannounced = {command.tracking_id for command in self.tracker.unannounced}
            await self.store.async_tidy(
                [
                    command
                    for command in self.tracker
                    if command.final and command.tracking_id not in unannounced
                ]
            )
        except NotSavedError:
            # The journal keeps them, but what is only there is announced again after a crash.
            self._plan_archiving(SAVE_RETRY)

    @callback
    def _note_disk(self, *, refuses: bool) -> None:
        """Say that the disk refuses, once, and that it is back."""
        if refuses and not self._closing and self.hass.state is not CoreState.stopping:
            self._next_save = self.now + SAVE_RETRY
            self._want_save()
        if refuses == self._disk_refuses or self.hass.state is CoreState.stopping:
            return
        self._disk_refuses = refuses
        if refuses:
            async_raise(self.hass, self.config_entry, Issue.NOT_SAVED)
        else:
            async_clear(self.hass, self.config_entry.entry_id, Issue.NOT_SAVED)

    # Sending

    @property
    def _may_send(self) -> bool:
        """Whether there is room for another request that sends."""
        return not self._disk_refuses and len(self._errands) < self.description.policy.sends_at_once

    @callback
    def _start_errands(self, now: float) -> None:
        """Start every request that sends, or looks for what was sent, that can be started now."""
        while self._may_send and not self._closing:
            errand = self.tracker.next_errand(now)
            if errand is None:
                return
            self._spawn(self._errands, self._async_run(errand), "send", self._pump)

    async def _async_run(self, errand: Errand) -> None:
        """Make one request that sends commands, or looks for them."""
        if not errand.lookup:
            try:
                await self._async_saved()
            except NotSavedError:
                self._take(self.tracker.recall(errand, self.now, SAVE_RETRY))
                return
            if not all(self._may_still_go(command) for command in errand.commands):
                self._take(self.tracker.recall(errand, self.now, 0.0))
                return
        call = self.provider.lookup if errand.lookup else self.provider.submit
        outcomes: Mapping[str, Outcome]
        try:
            outcomes = await self.async_ask(call(errand.commands))
        except ProviderError as err:
            outcomes = {command.tracking_id: err for command in errand.commands}
        except Exception:  # noqa: BLE001
            LOGGER.exception("Unexpected error while sending")
            outcomes = {}
        now = self.now
        self.tracker.done(errand, now)
        self._take(
            self._after_sending(command.tracking_id, outcomes.get(command.tracking_id), errand, now)
            for command in errand.commands
        )
        self._want_save()
        for command in errand.commands:
            # Also where no state has changed, an action may wait for the answer.
            if (current := self.tracker.get(command.tracking_id)) and not current.final:
                self.waiters.tell(current)

    def _may_still_go(self, command: Command) -> bool:
        """Return whether a command is still wanted, after all the time that a disk may take."""
        current = self.tracker.get(command.tracking_id)
        return current is not None and not current.final and self.now < current.deadline

    def _after_sending(
        self, tracking_id: str, outcome: Outcome | None, errand: Errand, now: float
    ) -> Transition | None:
        """Tell the tracker what came of sending one command."""
        if isinstance(outcome, Observation):
            self._note_word(outcome)
            return self.tracker.answered(tracking_id, outcome, now)
        if errand.lookup or outcome is None or isinstance(outcome, ProviderNoAnswerError):
            return self.tracker.unanswered(tracking_id, now, random())
        if isinstance(outcome, ProviderLaterError):
            return self.tracker.postpone(
                tracking_id, now, seconds=_pause_of(outcome), reason=outcome.key
            )
        refusal = Observation(
            state=CommandState.FAILURE,
            reason=outcome.message if isinstance(outcome, ProviderRefusedError) else outcome.key,
            provider_state=outcome.code,
            settled=True,
        )
        return self.tracker.answered(tracking_id, refusal, now)

    # Asking

    @property
    def _may_ask(self) -> bool:
        """Whether the provider may be asked at all."""
        return not self._refused and not self._closing

    @callback
    def _start_askers(self) -> None:
        """Start as many askers as there is room and work for."""
        while self._may_ask and len(self._askers) < self.description.policy.pace.at_once:
            query = self._next_query()
            if query is None:
                return
            self._spawn(self._askers, self._async_ask_on(query), "ask", self._set_alarm)

    async def _async_ask_on(self, query: Query | None) -> None:
        """Ask one thing after the other, as long as something is due."""
        while query is not None:
            await self._async_check(query)
            query = self._next_query()

    def _next_query(self) -> Query | None:
        """Return the next status request that may be made now, and count it."""
        now = self.now
        if not self._may_ask or self.tracker.free_at(now) != now:
            return None
        if not self._questions:
            most = None if self.description.policy.cadence.together else 1
            self._questions.extend(self.provider.queries(self.tracker.due(now, most)))
        if not self._questions:
            return None
        self.tracker.pace.note(now)
        return self._questions.popleft()

    async def _async_check(self, query: Query) -> None:
        """Make one status request and take in what it brought."""
        news: Mapping[str, Outcome] = {}
        rest = None
        try:
            answer = await self.provider.check(query)
        except ProviderError as err:
            self._note_trouble(err)
        except Exception:  # noqa: BLE001
            LOGGER.exception("Unexpected error while asking for an outcome")
        else:
            self._note_reached()
            news, rest = answer.news, answer.rest
        now = self.now
        transitions = []
        for command in query.commands:
            outcome = news.get(command.tracking_id)
            if isinstance(outcome, Observation):
                self._note_word(outcome)
                transitions.append(self.tracker.observe(command.tracking_id, outcome, now))
            elif outcome is not None or rest is None:
                transitions.append(self.tracker.missed(command.tracking_id, now, random()))
        if rest is not None:
            self._questions.appendleft(rest)
        if any(transitions):
            self._take(transitions)
            self._pump()

    # The provider

    @override
    async def _async_update_data(self) -> Listing:
        """Read the list of targets."""
        self._list_read_at = self.now
        try:
            targets = await self.async_ask(self.provider.targets())
        except ProviderError as err:
            if self.data.read_at is not None:
                return self.data
            if isinstance(err, ProviderAuthError):
                raise ConfigEntryAuthFailed(
                    translation_domain=DOMAIN, translation_key="invalid_auth"
                ) from err
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="cannot_connect",
                translation_placeholders={"error": str(err)},
            ) from err
        listing = self.data.read(targets, self.now)
        gone = {
            target_id
            for target_id in listing.gone
            if not self.tracker.pending(target_key(target_id))
        } - self.settings.saved_targets
        self._note_needed(listing)
        if gone:
            remove_gone(self.hass, self.config_entry.entry_id, listing, gone)
            listing = listing.without(gone)
        await self.store.async_save_listing(listing.to_plain())
        return listing

    async def async_forget_missing(self, device: str) -> None:
        """Forget the targets of a physical device that the newest list does not name."""
        missing = {
            target_id
            for target_id in self.data.missing
            if self.data.targets[target_id].device == device
        }
        self.data = self.data.without(missing)
        self.async_update_listeners()
        await self.store.async_save_listing(self.data.to_plain())

    @callback
    def _note_needed(self, listing: Listing) -> None:
        """Say which saved commands need a target that is gone."""
        for subentry in self.settings.saved:
            target_id = Saved.from_plain(subentry.data).target
            entry, about = self.config_entry, subentry.subentry_id
            if target_id in listing.gone:
                name = listing.targets[target_id].name
                words = {"command": subentry.title, "target": name}
                async_raise(self.hass, entry, Issue.TARGET_GONE, about, words)
            else:
                async_clear(self.hass, entry.entry_id, Issue.TARGET_GONE, about=about)

    @callback
    def _read_list_again(self, outcomes: Collection[Command]) -> None:
        """Read the list of targets after a command failed that the last list had called offline."""
        hopeless = any(
            command.offline and command.state in {CommandState.FAILURE, CommandState.TIMEOUT}
            for command in outcomes
        )
        if hopeless and not self._refused and self.now - self._list_read_at >= TARGETS_AGAIN:
            self._list_read_at = self.now
            self.config_entry.async_create_background_task(
                self.hass, self.async_refresh(), f"{DOMAIN} targets"
            )

    @callback
    def _note_reached(self) -> None:
        """Note that the provider answers."""
        self.tracker.reached()
        self._set_connected(connected=True, trouble=None)

    @callback
    def _note_trouble(self, err: ProviderError) -> None:
        """Note what an error says about the account as a whole."""
        now = self.now
        if isinstance(err, ProviderAuthError):
            self._set_connected(connected=False, trouble=err.key)
            self._refused = True
            self.config_entry.async_start_reauth(self.hass)
        elif isinstance(err, ProviderRateLimitError):
            self.tracker.hold(now, _pause_of(err) or LIMITED_PAUSE)
            self._set_connected(connected=False, trouble=err.key)
        elif isinstance(err, ProviderConnectionError | ProviderNoAnswerError | ProviderClientError):
            self.tracker.unreachable(now, random())
            self._set_connected(connected=False, trouble=str(err))
            if isinstance(err, ProviderClientError):
                async_raise(self.hass, self.config_entry, Issue(err.key))
        else:
            self._note_reached()

    @callback
    def _set_connected(self, *, connected: bool, trouble: str | None) -> None:
        """Remember the result of the last request; say once when it changes."""
        before, self.connected = self.connected, connected
        if trouble is not None:
            self.trouble = trouble
        if before is connected:
            return
        if connected:
            # The issue may be older than this load of the account.
            async_clear(self.hass, self.config_entry.entry_id, *OF_CLIENT)
        else:
            LOGGER.warning("No answer from %s: %s", self.name, trouble)
        if before is False:
            LOGGER.info("%s answers again", self.name)
        self._tell([CONNECTION])

    def _note_word(self, observation: Observation) -> None:
        """Say once that the provider uses a word that we do not know."""
        word = observation.provider_state
        if observation.state is None and word is not None and word not in self._unknown_words:
            self._unknown_words.add(word)
            LOGGER.warning(
                "%s says %r about a command, which is not known here; please report it",
                self.description.manufacturer,
                word,
            )

    # Records

    def record(self, command: Command) -> dict[str, Any]:
        """Return a command as users see it."""
        return as_record(
            command,
            provider=self.description.key,
            entry_id=self.config_entry.entry_id,
            device_id=device_id_of(self.hass, self.config_entry.entry_id, command.device),
        )


def _as_before(command: Command) -> Command:
    """Return what was shown, at the least, of a command whose outcome was never announced."""
    state = CommandState.TIMEOUT if command.late else CommandState.QUEUED
    finished_at = command.deadline if command.late else None
    return replace(command, state=state, late=False, reason=None, finished_at=finished_at)


def _is_news(transition: Transition) -> bool:
    """Return whether a change can be seen; that the provider was asked at all is no such change."""
    before, after = transition.before, transition.command
    return before is None or replace(before, seen=after.seen, polls=after.polls) != after


def _pause_of(err: ProviderLaterError) -> float | None:
    """Return how long to wait after a refusal for now; None where the provider's policy says it."""
    if err.retry_after is None and isinstance(err, ProviderRateLimitError):
        return LIMITED_PAUSE
    return err.retry_after


def _tick_of(tracking_id: str) -> int:
    """Return the first moment, in milliseconds, for a tracking id that is greater than this one."""
    return int.from_bytes(ulid_to_bytes(tracking_id)[:6]) + 1 if tracking_id else 0
