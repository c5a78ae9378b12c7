"""Nothing is left behind, however often an account is loaded and however much it does."""

import asyncio
from collections import Counter
import gc
import logging
import os
import re
import sys
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import DATA_DISPATCHER
from homeassistant.util.async_ import get_scheduled_timer_handles
import pytest

from custom_components.command_status.const import MAX_FINISHED
from simulators.wlte import WlteSimulator

from .conftest import Home

RELOADS: Final = 20
COMMANDS: Final = int(os.environ.get("COMMAND_STATUS_COMMANDS", "1000"))
"""How many are sent. 10,000 show nothing else, and take minutes."""
AT_ONCE: Final = 125
"""One for each of so many relays."""

OURS: Final = "custom_components.command_status"
FOREIGN: Final = frozenset({"ClientSession", "TCPConnector", "Task"})
"""What others have made for us, and what may hold us."""

MOST_BLOCKS: Final = 0.5
"""Blocks of memory more for each command, once the history is full: one that is kept takes dozens.
"""


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Write to the disk: what pretends to be one remembers everything that was done to it."""
    return {}


def living() -> Counter[str]:
    """Count the objects that are alive: those of our classes, and what could hold them."""
    gc.collect()
    return Counter(
        kind.__qualname__
        for kind in map(type, gc.get_objects())
        if kind.__module__.startswith(OURS) or kind.__name__ in FOREIGN
    )


def waiting(hass: HomeAssistant) -> Counter[str]:
    """Count what is to come: tasks, timers and those that listen."""
    timers = [timer for timer in get_scheduled_timer_handles(hass.loop) if not timer.cancelled()]
    signals = hass.data[DATA_DISPATCHER]
    return Counter(
        {
            "tasks": len(asyncio.all_tasks(hass.loop)),
            "timers": len(timers),
            **hass.bus.async_listeners(),
            **{f"signal {name}": len(targets) for name, targets in signals.items()},
        }
    )


class Inventory:
    """What there is at one moment, and what has been added since."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Count everything."""
        self._hass = hass
        self._before = living() + waiting(hass)

    @property
    def added(self) -> Counter[str]:
        """What there is more of by now."""
        return living() + waiting(self._hass) - self._before


async def test_reloads_leave_nothing_behind(home: Home) -> None:
    """Whatever one reload has left, twenty would have left twenty times."""
    await home.order_one()
    await home.go_by(10, 1)
    ids = await home.follow(8)
    await home.go_by(60, 1)  # all were asked about: what the provider calls them is in their steps
    await home.reload()
    await home.go_by(2)
    inventory = Inventory(home.hass)
    for _ in range(RELOADS):
        await home.reload()
        await home.go_by(2)
    assert inventory.added == Counter()
    home.scene.succeed(*ids)
    await home.go_by(60, 1)
    assert home.outcomes() == ["success"] * (1 + len(ids))


@pytest.mark.parametrize("scene", ["wlte"], indirect=True)
async def test_commands_leave_nothing_but_a_bounded_history(
    home: Home, scene: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Once the history is full, a command makes room for itself."""
    assert isinstance(scene.cloud, WlteSimulator)
    caplog.set_level(logging.WARNING)  # the test harness keeps what is logged
    caplog.set_level(logging.WARNING, OURS)
    home.hass.loop.set_debug(False)  # it keeps the stack of whoever planned something
    scene.cloud.configure({"extra_devices": AT_ONCE})
    await home.reload()
    targets = [f"dev-x{number:05}/1" for number in range(1, AT_ONCE + 1)]

    async def send_all() -> None:
        """Send one command to each relay, and let all of them end."""
        sending = asyncio.create_task(
            home.act(
                "send_command",
                config_entry_id=home.entry.entry_id,
                target=targets,
                command="ON",
                wait=True,
            )
        )
        await home.wait(30, 5)
        assert sending.done()
        assert {record["state"] for record in await sending} == {"success"}
        # Empty what the world around us keeps of a test.
        home.announced.clear()
        scene.cloud.log.clear()
        scene.cloud.build()
        re.purge()  # it keeps some hundred patterns; each new token makes one

    # Until the history is full, and what holds it has the room that it needs for good.
    for _ in range(MAX_FINISHED // AT_ONCE + 3):
        await send_all()
    inventory = Inventory(home.hass)
    held = sys.getallocatedblocks()
    rounds = COMMANDS // AT_ONCE
    for _ in range(rounds):
        await send_all()
    gc.collect()
    growth = sys.getallocatedblocks() - held
    assert inventory.added == Counter()
    assert growth < MOST_BLOCKS * rounds * AT_ONCE
