"""One account at work: its life, its wiring, and the pump with the one clock and the one alarm.

The tracker knows what is due; the coordinator has it done. Whenever something has happened, `_pump`
starts what can be started now and sets the alarm for the rest: saving, sending, asking. The order
of things is what makes it safe:

* the journal is on disk before a command is sent (see `sender`);
* an outcome is on disk before it is announced (see `keeper`);
* what is shown of a command stays as it was until its outcome is announced (see `display`).
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from ..const import (
    ANNOUNCE_SETTLE,
    DOMAIN,
    LOGGER,
    MAX_FINISHED,
    STOP_PATIENCE,
    TARGETS_INTERVAL,
    UNLOAD_PATIENCE,
)
from ..providers.base import AccountDescription, Provider, Sighting, Target
from ..storage.store import AccountStore, Memory
from ..tracking import Command, Tracker
from .alarm import Alarm
from .asker import Asker
from .background import Background
from .clock import Clock
from .connection import CONNECTION, Connection
from .display import Display
from .intake import Intake
from .keeper import Keeper
from .listing import Listing
from .parts import Parts
from .sender import Sender
from .settings import Settings
from .targets import Targets
from .telling import Telling
from .unknown_words import UnknownWords

type CommandStatusConfigEntry = ConfigEntry[CommandStatusCoordinator]

WINDOWS_AT_ONCE: Final = 20
"""Wait windows that may end before others in Home Assistant get their turn."""


class CommandStatusCoordinator(DataUpdateCoordinator[Listing]):
    """One account. Its data is the list of targets; commands are told by key."""

    config_entry: CommandStatusConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: CommandStatusConfigEntry,
        description: AccountDescription,
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
        self.store = store
        self.tracker = Tracker(
            description.policy, keep_days=settings.keep_days, keep_count=MAX_FINISHED
        )
        self._clock = clock
        self.connection = Connection(
            hass, entry, self.tracker, clock, lambda: self.display.tell([CONNECTION])
        )
        self.display = Display(hass, entry, self.tracker, self._announced)
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
        self._join()
        self._alarm = Alarm(hass, self._pump)
        self._has_leftovers = False
        """Whether something waits to be sent that came from the disk."""
        self._closing = False

    def _join(self) -> None:
        """Give the stories of the account what they have in common."""
        parts = Parts(
            hass=self.hass,
            entry=self.config_entry,
            description=self.description,
            provider=self.provider,
            settings=self.settings,
            tracker=self.tracker,
            store=self.store,
            clock=self._clock,
            connection=self.connection,
            display=self.display,
            keeper=self._keeper,
        )
        words = UnknownWords(self.description.manufacturer)
        self._errands = Background(self.hass, "send", self._pump)
        self._askers = Background(self.hass, "ask", self._set_alarm)
        self._targets = Targets(parts)
        self._telling = Telling(parts, words, self._pump)
        self._sender = Sender(parts, self._telling, words, self._errands)
        self._asker = Asker(parts, words, self._askers, self._pump)
        self.intake = Intake(parts, self._telling, self._opened, self._pump)

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
            self._read_list_again()

    async def async_restore(self, memory: Memory) -> None:
        """Take up again what was written down; it may be much, and nobody else is here yet."""
        await self.hass.async_add_executor_job(self._restore, memory)

    def _restore(self, memory: Memory) -> None:
        self.tracker.restore(memory.journal, memory.history, self.now, memory.held_back)
        self.tracker.prune(self.now)
        if self.tracker.is_overdue:
            self._has_leftovers = True
            self._clock.expect_none_lost()
        self.display.restore()

    @callback
    def async_start(self) -> None:
        """Begin to send, to ask and to announce; the entities are there."""
        self.config_entry.async_on_unload(async_at_started(self.hass, self._async_listened_to))
        for command in self.tracker.followed:
            self._telling.follow(command)
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
        self.intake.close()
        self._keeper.hurry()
        self._set_alarm()
        self._asker.close()
        running = self._errands.tasks | self._askers.tasks
        if running:
            _, left = await asyncio.wait(running, timeout=patience)
            for task in left:
                task.cancel()
        self._telling.leave_all()
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

    # Commands are stopped, updated or forgotten

    async def async_cancel(self, command: Command) -> None:
        """Stop an open command.

        Raises StillSendingError while it is being sent, and ProviderError where the provider
        refuses.
        """
        transition = self.tracker.withdraw(command.tracking_id, self.now)
        if transition is None:
            observation = await self.connection.async_ask(self.provider.cancel(command))
            transition = self.tracker.cancelled(command.tracking_id, observation, self.now)
        self._keeper.take([transition])
        self._pump()

    async def async_update(
        self, command_id: str, state: str | None, reason: str | None
    ) -> Sighting:
        """Set the state of a command at the provider and take in the answer, if we follow it."""
        sighting = await self.connection.async_ask(self.provider.update(command_id, state, reason))
        if (known := self.intake.find(command_id)) is not None:
            transition = self.tracker.answered(known.tracking_id, sighting.observation, self.now)
            self._keeper.take([transition])
            self._pump()
        return sighting

    async def async_forget(self, tracking_id: str) -> None:
        """Delete a command without an event; raises NotSavedError while the disk refuses."""
        self.intake.drop(tracking_id)
        self.display.waiters.give_up("forgotten", tracking_id)
        await self._keeper.async_saved()
        await self.store.async_forget(tracking_id)

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
        self._keeper.take(self.tracker.tick(now, WINDOWS_AT_ONCE))
        if self._has_leftovers and not self.tracker.is_overdue:
            self._has_leftovers = False
            self._clock.take_as_usual()
        self._telling.leave_ended()
        self._sender.start(now)
        self._keeper.start_save()
        self._asker.start()
        self._set_alarm()

    @callback
    def _opened(self) -> None:
        """Send what has just been accepted, if it can be sent now."""
        self._sender.start(self.now)
        self._set_alarm()

    @callback
    def _set_alarm(self) -> None:
        """Set the one alarm for the next moment at which something is due."""
        now = self.now
        due = None if self._closing else self._next_moment(now)
        self._alarm.set(None if due is None else due - now)

    def _next_moment(self, now: float) -> float | None:
        """Return the next moment at which something is due that nothing else brings up."""
        moments = [
            self.tracker.next_alarm(
                now,
                asking=self._asker.has_room,
                sending=self._sender.has_room,
                looking_only=self._keeper.refused,
            ),
            self._keeper.due,
            self._asker.next_at(now),
        ]
        return min((moment for moment in moments if moment is not None), default=None)

    @callback
    def _announced(self, outcomes: Sequence[Command]) -> None:
        """Do what follows when outcomes were announced."""
        self._keeper.plan_archiving(ANNOUNCE_SETTLE)
        if self._targets.should_read_after(outcomes):
            self._read_list_again()

    # The list of targets

    @override
    async def _async_update_data(self) -> Listing:
        """Read the list of targets."""
        return await self._targets.async_read(self.data)

    async def async_forget_missing(self, device: str) -> None:
        """Forget the targets of a physical device that the newest list does not name."""
        self.data = self.data.without_missing(device)
        self.async_update_listeners()
        await self.store.async_save_listing(self.data.to_plain())

    @callback
    def _read_list_again(self) -> None:
        """Read the list of targets in the background."""
        self.config_entry.async_create_background_task(
            self.hass, self.async_refresh(), f"{DOMAIN} targets"
        )
