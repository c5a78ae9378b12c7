"""The shell: where time, disk and network meet.

The tracker knows what is due; the coordinator does it, with the one clock and the one alarm of an
account. Whenever something has happened, `_pump` starts what can be started now and sets the alarm
for the rest: saving, sending, asking. The order of things is what makes it safe:

* the journal is on disk before a command is sent;
* an outcome is on disk before it is announced (see `keeper`);
* what is shown of a command stays as it was until its outcome is announced (see `display`).
"""

import asyncio
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf
from random import random
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Context, CoreState, HassJob, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util.ulid import ulid_at_time, ulid_to_bytes

from .background import Background
from .clock import Clock
from .connection import CONNECTION, Connection
from .const import (
    ANNOUNCE_SETTLE,
    DOMAIN,
    LIMITED_PAUSE,
    LOGGER,
    MAX_FINISHED,
    SAVE_RETRY,
    STOP_PATIENCE,
    TARGETS_AGAIN,
    TARGETS_INTERVAL,
    UNLOAD_PATIENCE,
)
from .devices import remove_gone
from .display import Display
from .issues import Issue, async_clear, async_raise
from .keeper import Keeper
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
    ProviderDisconnectedError,
    ProviderError,
    ProviderLaterError,
    ProviderNoAnswerError,
    ProviderRateLimitError,
    ProviderRefusedError,
)
from .settings import Saved, Settings
from .store import AccountStore, Memory, NotSavedError
from .tracking import (
    Command,
    CommandState,
    Errand,
    Observation,
    Tracker,
    Transition,
    target_key,
)

type CommandStatusConfigEntry = ConfigEntry[CommandStatusCoordinator]

ALARM_TOLERANCE: Final = 0.001
"""Seconds by which the alarm may be off; setting it anew costs more than it brings."""

WINDOWS_AT_ONCE: Final = 20
"""Wait windows that may end before others in Home Assistant get their turn."""


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
        self._clock = clock
        self.connection = Connection(
            hass, entry, self.tracker, clock, lambda: self.display.tell([CONNECTION])
        )
        self.display = Display(hass, entry, description, self.tracker, self._announced)
        self._keeper = Keeper(
            hass,
            entry,
            store,
            self.tracker,
            self.display,
            clock,
            description.policy.pace.per_second,
            self._pump,
        )
        self._errands = Background(hass, "send", self._pump)
        self._askers = Background(hass, "ask", self._set_alarm)
        self._questions: deque[Query] = deque()
        self._unknown_words: set[str] = set()
        self._alarm_job = HassJob(self._ring, "alarm", cancel_on_shutdown=True)
        self._rings_at = inf
        """When the alarm rings, by the clock of the loop; infinite: never."""
        self._cancel_alarm: CALLBACK_TYPE | None = None
        self._list_read_at = 0.0
        self._last_tick = 0
        self._closing = False

    # The life of an account

    @property
    def now(self) -> float:
        """The moment, in seconds since the epoch."""
        return self._clock.now()

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
        self.display.restore()

    @callback
    def async_start(self) -> None:
        """Begin to send, to ask and to announce; the entities are there."""
        self.config_entry.async_on_unload(async_at_started(self.hass, self._async_listened_to))
        self._pump()

    async def _async_listened_to(self, _hass: HomeAssistant) -> None:
        """Announce what happened while nobody listened."""
        self.display.announcing = True
        if self.tracker.unannounced:
            self._keeper.want_save()
        self._pump()

    async def async_stopping(self) -> None:
        """Home Assistant stops: let requests that send finish, and wake those who wait.

        Automations stop as well, so outcomes are kept until they listen again.
        """
        self.display.waiters.give_up("stopping")
        self.display.announcing = False
        await self._async_close(STOP_PATIENCE)

    async def async_close(self) -> None:
        """Stop everything for an unload; a request that sends is not cut."""
        await self._async_close(UNLOAD_PATIENCE)
        self._keeper.give_up()

    async def _async_close(self, patience: float) -> None:
        """Start nothing more, wait for what sends, and write everything down."""
        self._closing = True
        self._keeper.hurry()
        self._set_alarm()
        for asker in list(self._askers.tasks):
            asker.cancel()
        running = self._errands.tasks | self._askers.tasks
        if running:
            _, left = await asyncio.wait(running, timeout=patience)
            for task in left:
                task.cancel()
        await self._keeper.async_close()

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

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Any = None
    ) -> CALLBACK_TYPE:
        """Listen for news under a key, which is the context."""
        remove = super().async_add_listener(update_callback, context)
        stop_listening = self.display.async_listen(context, update_callback)

        @callback
        def remove_listener() -> None:
            stop_listening()
            remove()

        return remove_listener

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
            self.display.accept(command, context)
        self._start_errands(now)
        self._set_alarm()
        try:
            await self._keeper.async_saved()
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
        followed = self._followed()
        for sighting in sightings:
            observation = sighting.observation
            known = followed.get(observation.command_id)
            if known is not None:
                ids.append(known.tracking_id)
                continue
            tracking_id = self._new_id(now)
            ids.append(tracking_id)
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
            self.display.accept(self.tracker.adopt(command, ask_again).command, context)
            adopted.append((tracking_id, observation))
            followed[command.command_id or tracking_id] = command
        if not adopted:
            return ids
        self._set_alarm()
        try:
            await self._keeper.async_saved()
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
        return self._followed().get(command_id)

    def _followed(self) -> dict[str | None, Command]:
        """Return the commands by the provider's ids, the newest where there are several."""
        return {
            command.command_id: command
            for command in self.tracker
            if command.command_id is not None
        }

    async def async_cancel(self, command: Command) -> None:
        """Stop an open command.

        Raises StillSendingError while it is being sent, and ProviderError where the provider
        refuses.
        """
        transition = self.tracker.withdraw(command.tracking_id, self.now)
        if transition is None:
            observation = await self.connection.async_ask(self.provider.cancel(command))
            transition = self.tracker.cancelled(command.tracking_id, observation, self.now)
        self._take([transition])
        self._pump()

    async def async_update(
        self, command_id: str, state: str | None, reason: str | None
    ) -> Sighting:
        """Set the state of a command at the provider and take in the answer, if we follow it."""
        sighting = await self.connection.async_ask(self.provider.update(command_id, state, reason))
        if (known := self.find(command_id)) is not None:
            transition = self.tracker.answered(known.tracking_id, sighting.observation, self.now)
            self._take([transition])
            self._pump()
        return sighting

    async def async_forget(self, tracking_id: str) -> None:
        """Delete a command without an event; raises NotSavedError while the disk refuses."""
        self._drop(tracking_id)
        self.display.waiters.give_up("forgotten", tracking_id)
        await self._keeper.async_saved()
        await self.store.async_forget(tracking_id)

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
        self.display.drop(self.tracker.forget(tracking_id))

    # The pump

    @callback
    def _pump(self) -> None:
        """Start what can be started now, and set the alarm for the rest."""
        if self._closing:
            self._keeper.start_save()
            return
        if correction := self._clock.correct():
            LOGGER.debug("The clock was corrected by %.0f s", correction)
            self.tracker.shift(correction)
            self._keeper.shift(correction)
        now = self.now
        self._take(self.tracker.tick(now, WINDOWS_AT_ONCE))
        self._start_errands(now)
        self._keeper.start_save()
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
            self._keeper.due,
            self.tracker.free_at(now) if self._questions and room_to_ask else None,
        ]
        return min((moment for moment in moments if moment is not None), default=None)

    @callback
    def _ring(self, _now: Any) -> None:
        """Do what is due."""
        self._cancel_alarm = None
        self._rings_at = inf
        self._pump()

    @callback
    def _take(self, transitions: Iterable[Transition | None]) -> None:
        """Take in what the tracker says has happened."""
        if self.display.take(transitions):
            self._keeper.want_save()
        if self._keeper.refused:
            self.display.announce(self.tracker.unannounced)

    @callback
    def _announced(self, outcomes: Sequence[Command]) -> None:
        """Do what follows when outcomes were announced."""
        self._keeper.plan_archiving(ANNOUNCE_SETTLE)
        self._read_list_again(outcomes)

    # Sending

    @property
    def _may_send(self) -> bool:
        """Whether there is room for another request that sends."""
        return (
            not self._keeper.refused and len(self._errands) < self.description.policy.sends_at_once
        )

    @callback
    def _start_errands(self, now: float) -> None:
        """Start every request that sends, or looks for what was sent, that can be started now."""
        while self._may_send and not self._closing:
            errand = self.tracker.next_errand(now)
            if errand is None:
                return
            self._errands.start(self._async_run(errand))

    async def _async_run(self, errand: Errand) -> None:
        """Make one request that sends commands, or looks for them."""
        if not errand.lookup:
            try:
                await self._keeper.async_saved()
            except NotSavedError:
                self._take(self.tracker.recall(errand, self.now, SAVE_RETRY))
                return
            if not all(self._may_still_go(command) for command in errand.commands):
                self._take(self.tracker.recall(errand, self.now, 0.0))
                return
        call = self.provider.lookup if errand.lookup else self.provider.submit
        outcomes: Mapping[str, Outcome]
        try:
            outcomes = await self.connection.async_ask(call(errand.commands))
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
        self._keeper.want_save()
        for command in errand.commands:
            # Also where no state has changed, an action may wait for the answer.
            if (current := self.tracker.get(command.tracking_id)) and not current.final:
                self.display.waiters.tell(current)

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
        return not self.connection.refused and not self._closing

    @callback
    def _start_askers(self) -> None:
        """Start as many askers as there is room and work for."""
        while self._may_ask and len(self._askers) < self.description.policy.pace.at_once:
            query = self._next_query()
            if query is None:
                return
            self._askers.start(self._async_ask_on(query))

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
            if isinstance(err, ProviderDisconnectedError) and not query.repeated:
                # A kept connection may break at any time; the next request goes over a new one.
                rest = replace(query, repeated=True)
            else:
                self.connection.note_trouble(err)
        except Exception:  # noqa: BLE001
            LOGGER.exception("Unexpected error while asking for an outcome")
        else:
            self.connection.note_reached()
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
            targets = await self.connection.async_ask(self.provider.targets())
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
        if (
            hopeless
            and not self.connection.refused
            and self.now - self._list_read_at >= TARGETS_AGAIN
        ):
            self._list_read_at = self.now
            self.config_entry.async_create_background_task(
                self.hass, self.async_refresh(), f"{DOMAIN} targets"
            )

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


def _pause_of(err: ProviderLaterError) -> float | None:
    """Return how long to wait after a refusal for now; None where the provider's policy says it."""
    if err.retry_after is None and isinstance(err, ProviderRateLimitError):
        return LIMITED_PAUSE
    return err.retry_after


def _tick_of(tracking_id: str) -> int:
    """Return the first moment, in milliseconds, for a tracking id that is greater than this one."""
    return int.from_bytes(ulid_to_bytes(tracking_id)[:6]) + 1 if tracking_id else 0
