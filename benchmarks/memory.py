"""Memory for one open command, and what else there is for each of them."""

import asyncio
from collections import defaultdict
import gc
from pathlib import Path
from statistics import median
import tempfile
import tracemalloc
from typing import Final

from stage import Simulator

from .child import in_child
from .clouds import access_to, issue_endless
from .contestants import LIMIT, NAMES, OURS, following
from .counter import Counter
from .figures import Effort, Table
from .spread import in_turns, spread

INTERVAL: Final = 3600.0
"""Seconds between two questions: long enough for all commands to rest when it is measured."""

SETTLED: Final = 0.5
"""Seconds after the last question, for its answer."""

SIZES: Final = (200, 2200)
"""Open commands. What does not depend on them, such as 100 connections, cancels out."""

QUICK_SIZES: Final = (120, 220)

GOAL: Final = 1536
"""Bytes."""

CONTESTANTS: Final = tuple(name for name in NAMES if name != LIMIT)
"""The bare loop keeps nothing but addresses."""

TEXT: Final = f"""\
What one more open command takes while it waits for its next poll: Python's own account of what is
allocated (`tracemalloc`), and the tasks and timers of the event loop; each with
{SIZES[1]:,} open commands less the same with {SIZES[0]}, divided by the difference. Each figure is
taken in a process of its own, after every command was asked about once. Ours were read from the
journal, which shares no texts between them and so takes the most.

To reach: at most {GOAL:,} bytes, and no task or timer for each command."""


async def measure(
    *, contestant: str, ids: list[str], credentials: dict[str, str], token: str, url: str
) -> dict[str, float]:
    """Return what a contestant holds in this process while all commands rest."""
    async with Counter(url) as counter:
        tracemalloc.start()
        async with following(contestant, ids, credentials, token, INTERVAL):
            await counter.until(len(ids))
            await asyncio.sleep(SETTLED)
            gc.collect()
            allocated, _ = tracemalloc.get_traced_memory()
            timers = vars(asyncio.get_running_loop())["_scheduled"]
            return {
                "bytes": allocated,
                "tasks": len(asyncio.all_tasks()),
                "timers": sum(not timer.cancelled() for timer in timers),
            }


async def figures(effort: Effort) -> list[Table]:
    """Let everybody hold few and many commands, in turns."""
    few, many = QUICK_SIZES if effort.quick else SIZES
    results: dict[str, list[dict[str, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        async with Simulator("blink", Path(folder)) as cloud:
            ids = await issue_endless(cloud, many)
            for run in range(effort.runs):
                print(f"  run {run + 1} of {effort.runs}", flush=True)
                for contestant in in_turns(CONTESTANTS, run):
                    less, more = [
                        await in_child(
                            measure,
                            contestant=contestant,
                            ids=ids[:size],
                            **await access_to(cloud),
                        )
                        for size in (few, many)
                    ]
                    results[contestant].append(
                        {what: (more[what] - less[what]) / (many - few) for what in more}
                    )
    rows = tuple(
        (
            NAMES[name],
            spread(run["bytes"] for run in results[name]),
            *(spread((run[what] for run in results[name]), 2) for what in ("tasks", "timers")),
        )
        for name in CONTESTANTS
    )
    ours = {what: median(run[what] for run in results[OURS]) for what in results[OURS][0]}
    assert ours["bytes"] > 0
    findings = []
    if ours["bytes"] > GOAL:
        findings.append(f"{ours['bytes']:,.0f} bytes, not {GOAL:,}.")
    findings += (
        f"{ours[what]:.2f} {what} for one open command, not 0."
        for what in ("tasks", "timers")
        if ours[what] >= 0.01  # noqa: PLR2004 - what comes and goes by itself, among thousands
    )
    return [
        Table(
            title="Memory for one open command",
            text=TEXT,
            columns=("Who", "Bytes", "Tasks", "Timers"),
            rows=rows,
            findings=tuple(findings),
        )
    ]
