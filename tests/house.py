"""A Home Assistant with one account, and what tests do with it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import AsyncMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util.file import WriteError
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.command_status.account.coordinator import CommandStatusCoordinator
from custom_components.command_status.const import DOMAIN, EVENT_FINISHED
from custom_components.command_status.entities.base import CommandStatusEntity
from custom_components.command_status.tracking import Command
from simulators.wlte import WlteSimulator

GATE = "dev-7/1"
"""The first relay of the gate."""
LIGHT = "dev-7/2"
"""The second relay of the gate."""
GARAGE = "dev-8/1"
PUMP = "dev-9/1"
"""The relay of a device that is offline."""

TURNS = 50
"""Turns of the event loop that a request and its answer take on loopback, and more."""
STILL = 8
"""Turns in a row without anything to do, after which nothing is on its way any more."""


def going(hass: HomeAssistant) -> list[str]:
    """Return a list to which every entity is added that becomes unavailable, or goes."""
    told: list[str] = []

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is None or state.state == STATE_UNAVAILABLE:
            told.append(event.data["entity_id"])

    hass.bus.async_listen(EVENT_STATE_CHANGED, changed)
    return told


class House:
    """One Home Assistant, one cloud, one account, one clock."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        cloud: WlteSimulator,
        entry: MockConfigEntry,
    ) -> None:
        """Listen to what is announced."""
        self.hass = hass
        self.freezer = freezer
        self.cloud = cloud
        self.entry = entry
        self.announced: list[Event[Mapping[str, Any]]] = async_capture_events(hass, EVENT_FINISHED)

    @property
    def coordinator(self) -> CommandStatusCoordinator:
        """The coordinator of the account as it is loaded now."""
        coordinator: CommandStatusCoordinator = self.entry.runtime_data
        return coordinator

    async def load(self) -> bool:
        """Load the account and let it come to rest."""
        loaded = await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()
        return loaded

    async def reload(self) -> bool:
        """Load the account again."""
        loaded = await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.settle()
        return loaded

    async def settle(self) -> None:
        """Let everything happen that needs no time to pass."""
        await self.hass.async_block_till_done(wait_background_tasks=True)
        async_fire_time_changed(self.hass)
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def wait(self, seconds: float, step: float = 0.5) -> None:
        """Let time pass, a little at a time."""
        for _ in range(round(seconds / step)):
            self.freezer.tick(step)
            await self.settle()

    async def go_by(self, seconds: float, step: float = 0.5) -> None:
        """Let time pass without waiting for what hangs in the background."""
        for _ in range(round(seconds / step)):
            self.freezer.tick(step)
            async_fire_time_changed(self.hass)
            await self.breathe()

    async def breathe(self) -> None:
        """Let answers arrive, as far as there are any, and be written down."""
        await turn()
        while writing := self._in_threads():
            await asyncio.wait(writing)
            await turn()

    def _in_threads(self) -> list[asyncio.Future[Any]]:
        """Return what threads are busy with; what hangs in the loop is a task."""
        pending = (*self.hass._tasks, *self.hass._background_tasks)
        return [future for future in pending if not isinstance(future, asyncio.Task)]

    async def until(self, condition: Callable[[], object]) -> None:
        """Return when something holds, which needs no time to pass."""
        for _ in range(10_000):
            if condition():
                return
            await asyncio.sleep(0)
        raise AssertionError("it does not happen")

    async def during[T](self, call: Coroutine[Any, Any, T], seconds: float = 1.0) -> T:
        """Let time pass while a call runs, and return what it returns."""
        task = asyncio.create_task(call)
        await self.wait(seconds)
        return await task

    async def act(self, action: str, /, **data: Any) -> list[dict[str, Any]]:
        """Call an action and return the records that it answers with."""
        response = await self.hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True
        )
        assert response is not None
        commands: Any = response["commands"]
        return list(commands)

    async def send(self, command: str = "JOG", target: str = GATE, **data: Any) -> dict[str, Any]:
        """Send one command and return its record."""
        records = await self.act(
            "send_command",
            config_entry_id=self.entry.entry_id,
            target=target,
            command=command,
            **data,
        )
        return records[0]

    async def order(self, action: str = "send_command", /, **data: Any) -> None:
        """Call an action as a script does that asks for no response."""
        await self.hass.services.async_call(DOMAIN, action, data, blocking=True)

    async def record(self, tracking_id: str) -> dict[str, Any]:
        """Return the record of a command as it is now."""
        records = await self.act("get_commands", config_entry_id=self.entry.entry_id)
        return next(record for record in records if record["tracking_id"] == tracking_id)

    def state(self, entity_id: str) -> State:
        """Return the state of an entity, which must exist."""
        state = self.hass.states.get(entity_id)
        assert state is not None, entity_id
        return state

    @contextmanager
    def slow_disk(self) -> Iterator[asyncio.Event]:
        """Let no save of the journal come to an end before the event is set."""
        go_on = asyncio.Event()
        store = self.coordinator.store
        save = store.async_save

        async def save_slowly(commands: tuple[Command, ...], held_back: Mapping[str, Any]) -> None:
            await go_on.wait()
            await save(commands, held_back)

        with patch.object(store, "async_save", save_slowly):
            yield go_on

    @contextmanager
    def count_saves(self) -> Iterator[list[int]]:
        """Return a list to which every save of the journal adds how many commands it held."""
        saves: list[int] = []
        store = self.coordinator.store
        save = store.async_save

        async def count_and_save(
            commands: tuple[Command, ...], held_back: Mapping[str, Any]
        ) -> None:
            saves.append(len(commands))
            await save(commands, held_back)

        with patch.object(store, "async_save", count_and_save):
            yield saves

    @contextmanager
    def count_writes(self) -> Iterator[list[str]]:
        """Return a list to which every entity of ours adds its id when it writes its state."""
        written: list[str] = []
        write = CommandStatusEntity._async_write_ha_state

        def count_and_write(entity: CommandStatusEntity) -> None:
            written.append(entity.entity_id)
            write(entity)

        with patch.object(CommandStatusEntity, "_async_write_ha_state", count_and_write):
            yield written

    def issue(self, kind: str) -> ir.IssueEntry | None:
        """Return what the user of the account is told to look at, if so."""
        return ir.async_get(self.hass).async_get_issue(DOMAIN, f"{kind}_{self.entry.entry_id}")

    def watch(self, *entity_ids: str) -> list[str]:
        """Return a list to which every change of these entities adds the new state."""
        states: list[str] = []

        @callback
        def changed(event: Event[EventStateChangedData]) -> None:
            states.append(f"{getattr(event.data['new_state'], 'state', None)}")

        async_track_state_change_event(self.hass, entity_ids, changed)
        return states

    def outcomes(self) -> list[str]:
        """Return the outcomes that were announced, in their order."""
        return [event.data["state"] for event in self.announced]

    def device(self, key: str) -> dr.DeviceEntry:
        """Return a physical device of the account by its key at the provider."""
        device = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, f"{self.entry.entry_id}_{key}"), self.entry.entry_id
        )
        assert device is not None, key
        return device


async def turn() -> None:
    """Let everything happen that waits for nothing; the time stands still."""
    loop = asyncio.get_running_loop()
    still = 0
    for _ in range(TURNS):
        await asyncio.sleep(0)
        still = 0 if loop._ready else still + 1  # type: ignore[attr-defined]
        if still == STILL:
            return


@contextmanager
def full_disk() -> Iterator[None]:
    """Let every write fail."""
    storage = "homeassistant.helpers.storage.Store._async_write_data"
    history = "custom_components.command_status.storage.history"
    full = WriteError("No space left on device")
    with (
        patch(storage, AsyncMock(side_effect=full)),
        patch(f"{history}.write_utf8_file_atomic", side_effect=full),
        patch(f"{history}.os.fsync", side_effect=OSError("No space left on device")),
    ):
        yield
