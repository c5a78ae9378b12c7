"""What a journal of 10,000 commands costs when an account is loaded: time, and a blocked loop."""

import asyncio
from pathlib import Path
from statistics import median
import tempfile
import time
from typing import Final

from custom_components.command_status.providers.wlte import DESCRIPTION
from custom_components.command_status.tracking import ACCOUNT
from stage import Simulator

from .child import in_child
from .clouds import credentials_at, issue_endless, open_commands
from .figures import Effort, Table
from .home import add_account, home, write_journal
from .pulse import LONGEST_BLOCK, Pulse
from .spread import spread

SETTLED: Final = 3.0
"""Seconds after the start that belong to it: first questions, first saves."""

COMMANDS: Final = 10_000
QUICK_COMMANDS: Final = 100

GOAL: Final = 1.0
"""Seconds that the journal may add."""

TEXT: Final = f"""\
An account of WLTE is loaded into a running Home Assistant that has another one already, with
{COMMANDS:,} open commands in its journal, and without. Measured are the time until it is loaded,
and the longest block of the event loop from there until {SETTLED:.0f} s later, as above.

To reach: at most {GOAL:.0f} s longer than without, and blocks of at most
{LONGEST_BLOCK * 1000:.0f} ms by the clock."""


async def start(*, ids: list[str], credentials: dict[str, str]) -> dict[str, float]:
    """Load an account with these commands open, in this process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_journal(folder, open_commands(DESCRIPTION, ids))
        async with home(folder) as hass:
            await add_account(hass, DESCRIPTION, credentials, entry_id="first")
            await asyncio.sleep(1)
            with Pulse() as pulse:
                begun, cpu = time.perf_counter(), time.process_time()
                coordinator = await add_account(hass, DESCRIPTION, credentials)
                took, cpu = time.perf_counter() - begun, time.process_time() - cpu
                await asyncio.sleep(SETTLED)
            assert coordinator.tracker.pending(ACCOUNT) == len(ids)
            return {"seconds": took, "cpu": cpu, "bytes": path.stat().st_size, **pulse.result}


async def figures(effort: Effort) -> list[Table]:
    """Load the account with its journal and without, in turns."""
    number = QUICK_COMMANDS if effort.quick else COMMANDS
    empty: list[dict[str, float]] = []
    full: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with Simulator("wlte", Path(folder)) as cloud:
            ids = await issue_endless(cloud, number)
            for run in range(effort.runs):
                print(f"  run {run + 1} of {effort.runs}", flush=True)
                for some, results in (([], empty), (ids, full)):
                    credentials = await credentials_at(cloud)
                    results.append(await in_child(start, ids=some, credentials=credentials))
    added = median(run["seconds"] for run in full) - median(run["seconds"] for run in empty)
    block = median(run["block"] for run in full)
    findings = []
    if added > GOAL:
        findings.append(f"{added:.2f} s longer, not {GOAL:.0f} s.")
    if block > LONGEST_BLOCK:
        findings.append(f"A block of {block * 1000:.1f} ms, not {LONGEST_BLOCK * 1000:.0f}.")
    return [
        Table(
            title=f"Start with a journal of {number:,} commands",
            text=TEXT,
            columns=(
                "Journal",
                "Size in KB",
                "Seconds to load",
                "CPU seconds",
                "Longest block in ms, by the clock",
                "CPU ms",
            ),
            rows=(
                _row("empty", empty),
                _row(f"{number:,} open commands", full),
                ("added by it", "", f"{added:.2f}", "", "", ""),
            ),
            findings=tuple(findings),
        )
    ]


def _row(name: str, runs: list[dict[str, float]]) -> tuple[str, ...]:
    return (
        name,
        f"{runs[0]['bytes'] / 1000:,.0f}",
        spread((run["seconds"] for run in runs), 2),
        spread((run["cpu"] for run in runs), 2),
        spread((run["block"] * 1000 for run in runs), 1),
        spread((run["block_cpu"] * 1000 for run in runs), 1),
    )
