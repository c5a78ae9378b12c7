"""One account at work: its life, its wiring, and who takes in the answers to actions.

The tracker knows what is due; the pump has it done: saving, sending, asking. The order of things is
what makes it safe:

* the journal is on disk before a command is sent (see `sender`);
* an outcome is on disk before it is announced (see `keeper`);
* what is shown of a command stays as it was until its outcome is announced (see `display`).

An account that was closed is at its end: its tasks are cut, its files closed, and its connection
notes nothing. An action may have asked it something, though, and the answer goes to the account as
it is loaded by then (see `async_ask`).
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from ..const import (
    ANNOUNCE_SETTLE,
    DOMAIN,
    LOGGER,
    MAX_FINISHED,
    SPARED_SETTLE,
    STOP_PATIENCE,
    TARGETS_INTERVAL,
    UNLOAD_PATIENCE,
)
from ..providers.base import AccountDescription, Provider, Target
from ..providers.house import House
from ..storage.store import AccountStore, Memory, NotSavedError
from ..tracking import Command, Tracker, Transition
from .adoption import Adoption
from .arrivals import Arrivals
from .asker import Asker
from .background import Background
from .clock import Clock
from .closing import Closing
from .connection import CONNECTION, Connection
from .devices import register_saved, register_targets
from .display import Display
from .intake import Intake
from .keeper import Keeper
from .listing import Listing
from .mishaps import Mishaps
from .overhearing import Overhearing
from .parts import Parts
from .policy import carefully
from .pump import Pump
from .saved_commands import SavedCommands
from .sender import Sender
from .settings import Settings
from .targets import Targets
from .telling import Telling
from .unknown_words import UnknownWords
from .whereabouts import Whereabouts

type CommandStatusConfigEntry = ConfigEntry[CommandStatusCoordinator]


class CommandStatusCoordinator(DataUpdateCoordinator[Listing]):
    """One account. Its data is the list of targets; commands are told by key."""

    config_entry: CommandStatusConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: CommandStatusConfigEntry,
        description: AccountDescription,
        provider: Provider,
        house: House,
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
        self._closed: str | None = None
        """Why nothing more is taken in, as the key of a text; None while the account is at work."""
        self._mishaps = Mishaps()
        description = carefully(description, self._mishaps)
        self.house, self.store = house, store
        policy = description.policy
        self.tracker = Tracker(policy, keep_days=settings.keep_days, keep_count=MAX_FINISHED)
        self._clock = clock
        self.connection = Connection(
            hass, entry, self.tracker, clock, lambda: self.display.tell([CONNECTION])
        )
        named = lambda target: self.provider.named(target)  # noqa: E731, PLW0108 - may be replaced
        listed = lambda: self.data.targets  # noqa: E731 - as well
        where = Whereabouts(hass, entry.entry_id, description, named, house, listed)
        self.display = Display(hass, entry, self.tracker, self._mishaps, self._announced, where.of)
        self.saved = SavedCommands(partial(register_saved, hass, entry, where.device_of))
        self._keeper = Keeper(
            hass,
            entry,
            store,
            self.tracker,
            self.display,
            clock,
            self._mishaps,
            policy.pace.per_second,
            self._pump,
        )
        self._join(description, provider, settings)

    def _join(self, about: AccountDescription, provider: Provider, settings: Settings) -> None:
        """Give the stories of the account what they have in common."""
        self._parts = parts = Parts(
            hass=self.hass,
            entry=self.config_entry,
            description=about,
            provider=provider,
            house=self.house,
            settings=settings,
            tracker=self.tracker,
            store=self.store,
            clock=self._clock,
            mishaps=self._mishaps,
            connection=self.connection,
            display=self.display,
            keeper=self._keeper,
        )
        self.arrivals = Arrivals(
            lambda: self.shown_targets,
            lambda some: register_targets(self.hass, self.config_entry, self.description, some),
        )
        words = UnknownWords(lambda: self.description.manufacturer)
        self._errands = Background(self.hass, "send", self._mishaps, self._pump)
        self._askers = Background(self.hass, "ask", self._mishaps, lambda: self.pump.asked())  # noqa: PLW0108 - there is none yet
        self._readers = Background(self.hass, "list", self._mishaps, lambda: None)
        self._targets = Targets(parts)
        self._telling = Telling(parts, words, self._pump)
        self._sender = Sender(parts, self._telling, words, self._errands)
        self._asker = Asker(parts, words, self._askers, self._pump)
        self.pump: Pump = Pump(parts, self._telling, self._sender, self._asker)
        self._closing = Closing(parts, self._telling, self._errands, self._askers)
        self.intake = Intake(parts, self._telling, self.pump.opened, self._pump)
        at_work = (self._errands, self._askers)
        read = (self.async_refresh, self._read_list_again)
        self.adoption = Adoption(parts, self.arrivals, self.saved, at_work, *read, self._pump)
        self._overhearing = Overhearing(parts, self.intake, self.window_of)

    @callback
    def _pump(self) -> None:
        """Do what is due."""
        self.pump.run()

    @property
    def description(self) -> AccountDescription:
        """What the account is, as it is known now."""
        return self._parts.description

    @property
    def provider(self) -> Provider:
        """Who is asked, with the credentials that hold now."""
        return self._parts.provider

    @property
    def settings(self) -> Settings:
        """What the user has set."""
        return self._parts.settings

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
        if listing.read is None and not self.tracker.last_id:
            await self.async_config_entry_first_refresh()
        else:
            self.data = self._targets.told = listing
            self._read_list_again()

    async def async_restore(self, memory: Memory) -> None:
        """Take up again what was written down; it may be much, and nobody else is here yet."""
        await self.hass.async_add_executor_job(self._restore, memory)

    def _restore(self, memory: Memory) -> None:
        self.tracker.habits.take_up(memory.habits)
        self.tracker.restore(memory.journal, memory.history, self.now, memory.held_back)
        self.tracker.prune(self.now)
        if self.tracker.has_leftovers:
            self._clock.expect_none_lost()
        self.display.restore()

    @callback
    def async_start(self) -> None:
        """Begin to send, to ask and to announce; the entities are there."""
        self.config_entry.async_on_unload(async_at_started(self.hass, self._async_listened_to))
        for command in self.tracker.followed:
            self._telling.follow(command)
        if self.description.is_house:
            self.config_entry.async_on_unload(self._overhearing.start())
        self.pump.run()

    async def _async_listened_to(self, _hass: HomeAssistant) -> None:
        """Announce what happened while nobody listened."""
        if self._closed is not None:
            return
        self.display.announcing = True
        if self.tracker.unannounced:
            self._keeper.want_save()
        self.pump.run()

    async def async_stopping(self) -> None:
        """Home Assistant stops: let requests that send finish, and wake those who wait.

        Automations stop as well, so outcomes are kept until they listen again.
        """
        self.display.waiters.end("stopping")
        self.display.announcing = False
        await self._async_close(STOP_PATIENCE, "stopping")

    async def async_close(self) -> None:
        """Stop everything for an unload; a request that sends is not cut."""
        await self._async_close(UNLOAD_PATIENCE, "gone")
        self._keeper.give_up()
        await self.store.async_close()

    async def _async_close(self, patience: float, reason: str) -> None:
        """Start nothing more, wait for what sends, write everything down, and be at the end."""
        self._closed = self._closed or reason
        first = (
            self.intake.close,
            self._keeper.hurry,
            self.pump.close,
            self._asker.close,
            self._readers.cut,
        )
        await self._closing.async_run(patience, first)

    # What is shown

    def target(self, text: str) -> Target | None:
        """Return a target that is listed, or that the provider knows without a list."""
        listed = self.data.targets.get(text)
        return listed if self.data.lists(text) else self.provider.target(text)

    def window_of(self, command: str | None = None) -> float:
        """Return the wait window of a command that does not name one, in seconds."""
        usual = self.settings.window or self.description.policy.window
        return usual if command is None else self.description.windows.get(command, usual)

    @property
    def shown_targets(self) -> Mapping[str, Target]:
        """The targets that have a device and entities."""
        every = not self.description.chosen_devices
        return self.data.targets if every else self.data.of_devices(self.settings.devices)

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

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Wake those whom the newest list concerns, and nobody else."""
        news = self.display.async_tell([None, *self._targets.news(self.data)])
        self.config_entry.async_create_background_task(self.hass, news, f"{DOMAIN} list")

    # What actions ask for

    async def async_current(self) -> CommandStatusCoordinator:
        """Return the account as it is loaded now; where it is being loaded again, after that.

        Raises HomeAssistantError where it is not loaded any more.
        """
        if self._closed is None:
            return self
        entry = self.config_entry
        async with entry.setup_lock:
            loaded = entry.runtime_data if entry.state is ConfigEntryState.LOADED else self
        if loaded is not self:
            return await loaded.async_current()
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key=self._closed)

    async def async_ask[T](
        self, request: Coroutine[Any, Any, T]
    ) -> tuple[CommandStatusCoordinator, T]:
        """Make one request; return the answer, and the account that is to take it in.

        Raises ProviderError, and HomeAssistantError where the account is not loaded any more.
        """
        answer = await self.connection.async_ask(request)
        return await self.async_current(), answer

    async def async_forget(self, tracking_id: str) -> None:
        """Delete a command without an event; raises NotSavedError while the disk refuses."""
        self.intake.drop(tracking_id)
        self.display.waiters.give_up("forgotten", tracking_id)
        # Both begin now: an account that is closed carries through what has begun.
        await asyncio.gather(self._keeper.async_saved(), self.store.async_forget(tracking_id))

    @callback
    def take(self, transition: Transition | None) -> None:
        """Show what an action has changed, and do what follows from it."""
        self._keeper.take([transition])
        self.pump.run()

    # What follows

    @callback
    def _announced(self, outcomes: Sequence[Command]) -> None:
        """Do what follows when outcomes were announced."""
        spared = all(self._keeper.is_spared(command.tracking_id) for command in outcomes)
        self._keeper.plan_archiving(SPARED_SETTLE if spared else ANNOUNCE_SETTLE)
        if self._targets.should_read_after(outcomes):
            self._read_list_again()

    # The list of targets

    @override
    async def _async_update_data(self) -> Listing:
        """Read the list of targets."""
        return await self._readers.start(self._targets.async_read(self.data))

    async def async_forget_missing(self, device: str) -> None:
        """Forget the targets of a physical device that the newest list does not name."""
        self.data = self.data.without_missing(device)
        self.async_update_listeners()
        with suppress(NotSavedError):
            await self.store.async_save_listing(self.data.to_plain())

    @callback
    def _read_list_again(self) -> None:
        """Read the list of targets in the background."""
        self.config_entry.async_create_background_task(
            self.hass, self.async_refresh(), f"{DOMAIN} targets"
        )
