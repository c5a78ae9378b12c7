"""How long the event loop is kept from turning while thousands of commands are open."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from statistics import median
import tempfile
from typing import Any, Final

from homeassistant.core import callback

from custom_components.command_status.account.sizes import MOST_ITEMS
from custom_components.command_status.const import DOMAIN
from custom_components.command_status.providers.wlte import DESCRIPTION
from custom_components.command_status.tracking import ACCOUNT
from stage import Simulator

from .child import in_child
from .clouds import credentials_at, issue_endless, open_commands
from .figures import Effort, Table
from .home import ENTRY_ID, add_account, home, write_journal
from .pulse import LONGEST_BLOCK, Pulse
from .spread import spread

OPEN: Final = 5000
QUICK_OPEN: Final = 50
SECONDS: Final = 10
QUICK_SECONDS: Final = 2

PATIENCE: Final = 300.0
"""Seconds until which all outcomes must be announced."""

SITUATIONS: Final = {
    "idle": "nothing open, nothing sent",
    "steady": "one command more every second",
    "ending": "all windows end at the same moment",
}

TEXT: Final = f"""\
The longest pause between two beats of a timer that beats once a millisecond, with {OPEN:,} commands
open at WLTE, for {SECONDS} s: while one more is sent every second, and while the wait windows of
all of them end at once, which is {OPEN:,} outcomes to save and to announce. *By the clock* is what
others in Home Assistant feel, and on a busy machine also holds the time that was spent waiting for
a processor; *CPU* is what this process, with all its threads, used in the worst pause. The first
row is the same Home Assistant with an account that has nothing to do.

To reach: at most {LONGEST_BLOCK * 1000:.0f} ms by the clock."""


async def idle(*, ids: list[str], credentials: dict[str, str], seconds: int) -> dict[str, float]:
    """Do nothing, with an account that has no commands."""
    assert ids
    with tempfile.TemporaryDirectory() as name:
        async with home(Path(name)) as hass:
            await add_account(hass, DESCRIPTION, credentials)
            await asyncio.sleep(2)
            with Pulse() as pulse:
                await asyncio.sleep(seconds)
            return pulse.result


async def steady(*, ids: list[str], credentials: dict[str, str], seconds: int) -> dict[str, float]:
    """Follow commands with the account's own cap while one more is sent every second."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_journal(folder, open_commands(DESCRIPTION, ids))
        async with home(folder) as hass:
            coordinator = await add_account(hass, DESCRIPTION, credentials)
            await asyncio.sleep(2)
            with Pulse() as pulse:
                for _ in range(seconds):
                    await asyncio.sleep(1)
                    await hass.services.async_call(
                        DOMAIN,
                        "send_command",
                        {"config_entry_id": ENTRY_ID, "target": "dev-7/1", "command": "ON"},
                        blocking=True,
                        return_response=True,
                    )
            assert coordinator.tracker.pending(ACCOUNT) == len(ids) + seconds
            return pulse.result


async def ending(*, ids: list[str], credentials: dict[str, str], seconds: int) -> dict[str, float]:
    """Let the windows of all commands end at the same moment."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_journal(folder, open_commands(DESCRIPTION, ids, window=6.0))
        announced: list[Any] = []
        everything = asyncio.Event()

        def note(event: Any) -> None:
            announced.append(event)
            if len(announced) == len(ids):
                everything.set()

        async with home(folder) as hass:
            hass.bus.async_listen(f"{DOMAIN}_finished", callback(note))
            coordinator = await add_account(hass, DESCRIPTION, credentials)
            await asyncio.sleep(2)
            assert coordinator.tracker.pending(ACCOUNT) == len(ids)
            with Pulse() as pulse:
                async with asyncio.timeout(PATIENCE):
                    await everything.wait()
                await asyncio.sleep(seconds / 3)
            assert len(announced) == len(ids)
            assert coordinator.tracker.pending(ACCOUNT) == 0
            return pulse.result


async def arriving(*, credentials: dict[str, str], seconds: int) -> dict[str, float]:
    """Add an account with very many devices, and read another list of them."""
    with tempfile.TemporaryDirectory() as name:
        async with home(Path(name)) as hass:
            await asyncio.sleep(1)
            with Pulse() as pulse:
                coordinator = await add_account(hass, DESCRIPTION, credentials)
                await asyncio.sleep(seconds / 2)
            return pulse.result | {"targets": len(coordinator.data.targets)}


async def sending(*, credentials: dict[str, str], seconds: int) -> dict[str, float]:
    """Send one command to as many targets as a call may have."""
    with tempfile.TemporaryDirectory() as name:
        async with home(Path(name)) as hass:
            coordinator = await add_account(hass, DESCRIPTION, credentials)
            await asyncio.sleep(2)
            targets = list(coordinator.data.targets)[-MOST_ITEMS:]
            with Pulse() as pulse:
                await hass.services.async_call(
                    DOMAIN,
                    "send_command",
                    {"config_entry_id": ENTRY_ID, "target": targets, "command": "ON"},
                    blocking=True,
                    return_response=True,
                )
                await asyncio.sleep(seconds / 2)
            return pulse.result


WORK: Final = {"idle": idle, "steady": steady, "ending": ending}


async def figures(effort: Effort) -> list[Table]:
    """Play every situation."""
    number = QUICK_OPEN if effort.quick else OPEN
    results: dict[str, list[dict[str, float]]] = {name: [] for name in SITUATIONS}
    with tempfile.TemporaryDirectory() as folder:
        async with Simulator("wlte", Path(folder)) as cloud:
            ids = await issue_endless(cloud, number)
            for run in range(effort.runs):
                print(f"  run {run + 1} of {effort.runs}", flush=True)
                for name, work in WORK.items():
                    result = await in_child(
                        work,
                        ids=ids,
                        credentials=await credentials_at(cloud),
                        seconds=QUICK_SECONDS if effort.quick else SECONDS,
                    )
                    results[name].append(result)
    return [
        Table(
            title=f"Longest block of the event loop at {number:,} open commands",
            text=TEXT,
            columns=("While", "Longest block in ms, by the clock", "CPU ms"),
            rows=tuple(
                (
                    SITUATIONS[name],
                    spread((run["block"] * 1000 for run in runs), 1),
                    spread((run["block_cpu"] * 1000 for run in runs), 1),
                )
                for name, runs in results.items()
            ),
            findings=tuple(_findings(results)),
        )
    ]


def _findings(results: dict[str, list[dict[str, float]]]) -> Sequence[str]:
    """Return where the loop stood still for too long."""
    blocks = {name: median(run["block"] for run in runs) for name, runs in results.items()}
    return [
        f"{SITUATIONS[name].capitalize()}: {block * 1000:.1f} ms, not {LONGEST_BLOCK * 1000:.0f}."
        for name, block in blocks.items()
        if block > LONGEST_BLOCK and name != "idle"
    ]
