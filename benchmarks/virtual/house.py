"""A Home Assistant with one account at one cloud, in virtual time."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
import tempfile
from typing import Any

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.event import async_track_state_change_event

from custom_components.command_status.const import DOMAIN
from custom_components.command_status.tracking import Command, Tracker

from ..home import ENTRY_ID, add_account, home, write_history
from .clouds import CLOUDS, Cloud
from .loop import VirtualLoop, virtual_loop


class House:
    """One home, one account, one cloud."""

    def __init__(self, hass: HomeAssistant, cloud: Cloud, folder: Path, loop: VirtualLoop) -> None:
        """Know the parts."""
        self.hass = hass
        self.cloud = cloud
        self.folder = folder
        self.loop = loop

    async def send(
        self, *targets: str, window: float | None = None, wait: bool = True
    ) -> list[dict[str, Any]]:
        """Send the cloud's command and return its records; by default, when all have ended.

        Without a target it goes to the one that the cloud names.
        """
        response = await self.hass.services.async_call(
            DOMAIN,
            "send_command",
            {
                "config_entry_id": ENTRY_ID,
                "target": list(targets or (self.cloud.target,)),
                "command": self.cloud.command,
                "wait": wait,
            }
            | ({} if window is None else {"timeout": window}),
            blocking=True,
            return_response=True,
        )
        assert response is not None
        records: Any = response["commands"]
        return list(records)

    def forget_habits(self) -> None:
        """Know nothing of how long commands take."""
        entry = self.hass.config_entries.async_get_entry(ENTRY_ID)
        assert entry is not None
        tracker: Tracker = entry.runtime_data.tracker
        tracker.restore((), (), self.loop.wall_time())

    def entity(self, domain: str, unique_id: str) -> str:
        """Return the id of an entity of the account."""
        found = er.async_get(self.hass).async_get_entity_id(
            domain, DOMAIN, f"{ENTRY_ID}_{unique_id}"
        )
        assert found is not None, unique_id
        return found

    def on_change(
        self, entity_id: str, changed: Callable[[Event[EventStateChangedData]], None]
    ) -> None:
        """Call back whenever an entity changes."""
        async_track_state_change_event(self.hass, [entity_id], callback(changed))


@asynccontextmanager
async def house(
    key: str,
    *,
    prepare: Callable[[HomeAssistant], Awaitable[None]] | None = None,
    history: Iterable[Command] = (),
    settings: Mapping[str, object] | None = None,
) -> AsyncGenerator[House]:
    """Play a cloud and add an account at it.

    `prepare` sets up what has to be there before; `settings` are the simulator's.
    """
    loop = virtual_loop()
    cloud = CLOUDS[key](loop)
    cloud.simulator.configure(settings or {})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if past := list(history):
            write_history(folder, past)
        async with cloud.simulator, home(folder) as hass:
            loop.mind(async_get_clientsession(hass))
            if prepare is not None:
                await prepare(hass)
            await add_account(hass, cloud.description, cloud.credentials)
            yield House(hass, cloud, folder, loop)
