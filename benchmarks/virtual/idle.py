"""What is asked while nothing is open."""

import asyncio
from collections import Counter
from importlib import import_module
from pathlib import Path
import sys
from types import ModuleType
from typing import Any, Final

from blinkpy.blinkpy import Blink
from blinkpy.helpers.util import BlinkURLHandler
from homeassistant import components
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..child import in_child
from ..clouds import BLINK_ACCOUNT
from ..figures import Effort, Table
from ..home import ENTRY_ID
from .clouds import CLOUDS, BlinkCloud
from .house import House, house
from .loop import in_virtual_time

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
PHASE: Final = 150.0
"""Seconds after the last thing that happened at which the counting begins."""
SECONDS: Final = 3.0
"""How long the one command takes that has ended before."""
LISTS: Final = {"blink": "homescreen", "wlte": "devices", "esper": "devices"}
"""What the simulators call the list of devices."""
RENEWAL: Final = "token"
LISTS_A_DAY: Final = 4

TEXT: Final = """\
Requests of all kinds that a simulated cloud counts in an hour and in a day of virtual time, after
one command has ended. Ours are the list of devices every six hours, and the token that it may need.
Beside them Home Assistant's own Blink integration: its update coordinator with blinkpy's `Blink`,
at the same simulated cloud. That account has no sync module; each would take requests of its own.
To reach: none beyond the list of devices."""


async def ask_nothing(*, cloud: str) -> dict[str, dict[str, int]]:
    """Have nothing open for a day; returns the requests of its first hour, and of all of it."""

    async def work() -> dict[str, dict[str, int]]:
        async with house(cloud) as home:
            home.cloud.plan(SECONDS)
            (record,) = await home.send()
            assert record["state"] == "success"
            return await _count(home)

    return await in_virtual_time(work)


async def refresh_blink() -> dict[str, dict[str, int]]:
    """Let Home Assistant's Blink integration refresh for a day; returns its requests."""

    async def work() -> dict[str, dict[str, int]]:
        async with house("blink") as home:
            await home.hass.config_entries.async_unload(ENTRY_ID)
            coordinator = _coordinator_class()(home.hass, None, _signed_in(home))
            coordinator.async_add_listener(lambda: None)
            await coordinator.async_refresh()
            assert coordinator.last_update_success
            return await _count(home)

    return await in_virtual_time(work)


def _coordinator_class() -> Any:
    """Return Home Assistant's own class, imported without its platforms: those want to see videos.

    Its package would import them.
    """
    package = ModuleType(f"{components.__name__}.blink")
    package.__path__ = [str(Path(components.__path__[0]) / "blink")]
    sys.modules[package.__name__] = package
    return import_module(f"{package.__name__}.coordinator").BlinkUpdateCoordinator


def _signed_in(home: House) -> Blink:
    """Return blinkpy's account as it is after a sign-in, with a token that outlives the day."""
    assert isinstance(home.cloud, BlinkCloud)
    blink = Blink(session=async_get_clientsession(home.hass))
    blink.auth.token = home.cloud.simulator.tokens.issue(2 * DAY).access
    blink.auth.expiration_date = home.loop.wall_time() + 2 * DAY
    blink.auth.account_id = BLINK_ACCOUNT
    blink.urls = BlinkURLHandler("u000")
    blink.urls.base_url = home.cloud.simulator.url
    blink.available = True
    return blink


async def _count(home: House) -> dict[str, dict[str, int]]:
    await asyncio.sleep(PHASE)
    counts = home.cloud.simulator.counts
    before = Counter(counts)
    await asyncio.sleep(HOUR)
    hour = counts - before
    await asyncio.sleep(DAY - HOUR)
    return {"hour": dict(hour), "day": dict(counts - before)}


async def figures(effort: Effort) -> list[Table]:  # noqa: ARG001 - a count needs no repetition
    """Count requests while nothing is open."""
    async with asyncio.TaskGroup() as at_once:
        theirs = at_once.create_task(in_child(refresh_blink))
        ours = {cloud: at_once.create_task(in_child(ask_nothing, cloud=cloud)) for cloud in CLOUDS}
    rows, findings = [], []
    for cloud, task in ours.items():
        counts = task.result()
        name = f"command_status, {CLOUDS[cloud].description.manufacturer}"
        rows.append((name, *map(_told, counts.values())))
        assert counts["day"][LISTS[cloud]] == LISTS_A_DAY, counts
        beyond = {
            label: number
            for label, number in counts["day"].items()
            if label not in {LISTS[cloud], RENEWAL}
        }
        if beyond:
            findings.append(f"{name}: {_told(beyond)} in a day, of 0 to reach.")
    rows.append(("Home Assistant's Blink", *map(_told, theirs.result().values())))
    return [
        Table(
            title="Requests while nothing is open",
            text=TEXT,
            columns=("", "in an hour", "in a day"),
            rows=tuple(rows),
            findings=tuple(findings),
        )
    ]


def _told(counts: dict[str, int]) -> str:
    """Return how many requests there were, and of which kind."""
    kinds = ", ".join(f"{number} {label}" for label, number in counts.items())
    return f"{sum(counts.values())} ({kinds})" if kinds else "0"
