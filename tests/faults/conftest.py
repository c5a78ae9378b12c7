"""A Home Assistant with one account, at each cloud in its turn."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast, override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from custom_components.command_status.const import CONF_CREDENTIALS, CONF_PROVIDER, DOMAIN
from simulators.clock import ManualClock
from tests.house import House

from .scenes import SCENES, Scene

SENT_WITHIN = 200
"""Half seconds in which an action that does not wait for the outcome has certainly ended."""


class Home(House):
    """A house whose cloud may be any."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        scene: Scene,
        entry: MockConfigEntry,
    ) -> None:
        """Listen to what is announced."""
        super().__init__(hass, freezer, cast("Any", scene.cloud), entry)
        self.scene = scene

    @override
    async def breathe(self) -> None:
        """Let what came of the answers happen too."""
        await super().breathe()
        await self.hass.async_block_till_done()
        await super().breathe()

    async def order_one(self, **data: Any) -> dict[str, Any]:
        """Send the scene's command and return its record, once its id is known."""
        sending = asyncio.create_task(self.send(self.scene.command, self.scene.target, **data))
        for _ in range(SENT_WITHIN):
            if sending.done():
                break
            await self.go_by(0.5)
        assert sending.done()
        return await sending

    async def follow(self, count: int) -> list[str]:
        """Follow so many open commands of others; return their ids."""
        ids: list[str] = []
        for issued in self.scene.issue(count):
            records = await self.act(
                "track_command",
                config_entry_id=self.entry.entry_id,
                command_id=issued,
                timeout=3600,
                **self.scene.whereabouts,
            )
            ids += [record["command_id"] for record in records]
        await self.breathe()
        return ids

    async def states(self) -> list[str]:
        """Return the states of all commands, oldest first."""
        records = await self.act("get_commands", config_entry_id=self.entry.entry_id, limit=1000)
        return [record["state"] for record in reversed(records)]


@pytest.fixture(params=SCENES)
async def scene(
    request: pytest.FixtureRequest,
    frozen: FrozenDateTimeFactory,  # noqa: ARG001 - comes first, or the cloud begins too early
    socket_enabled: None,  # noqa: ARG001 - comes first, or the cloud cannot listen
    nap: ManualClock,
) -> AsyncGenerator[Scene]:
    """Return a cloud that listens: each in its turn."""
    scene = SCENES[cast("str", request.param)](nap)
    async with scene.cloud:
        yield scene


@pytest.fixture
def entry(
    hass: HomeAssistant,
    enable_custom_integrations: None,  # noqa: ARG001 - comes first, or ours is not found
    scene: Scene,
) -> MockConfigEntry:
    """Return an account at the cloud that is not loaded yet."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        entry_id="account",
        title="My cloud",
        unique_id=f"{scene.key}_account",
        data={CONF_PROVIDER: scene.key, CONF_CREDENTIALS: scene.credentials()},
        options=dict(scene.options),
    )
    for name, plain in scene.files.items():
        path = Path(hass.config.path(name))
        path.parent.mkdir()
        path.write_text(yaml.safe_dump(plain))
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def home(
    hass: HomeAssistant, frozen: FrozenDateTimeFactory, scene: Scene, entry: MockConfigEntry
) -> Home:
    """Return a Home Assistant with a loaded account."""
    home = Home(hass, frozen, scene, entry)
    assert await home.load()
    return home
