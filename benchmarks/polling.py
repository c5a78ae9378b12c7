"""CPU for one poll, with many commands open."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AsyncExitStack
import gc
from pathlib import Path
from random import Random
from statistics import median
import tempfile
import time
from typing import Final

from stage import Simulator

from .child import Work, standing
from .clouds import access_to, issue_endless
from .contestants import LIMIT, NAMES, OURS, following
from .counter import Counter
from .figures import Effort, Table
from .spread import doubt, spread

INTERVAL: Final = 1.0
"""Seconds between two questions about a command: Blink's own pace."""

SIZES: Final = {100: 3.0, 1000: 2.0, 5000: 2.0}
"""Open commands, and for how many seconds each turn counts once each was asked about."""

QUICK_SIZES: Final = {20: 1.0}

LEAST_ROUNDS: Final = 7
MOST_ROUNDS: Final = 40
CERTAIN: Final = 0.05
"""How far our figure may be off for the turns to end."""

GOAL: Final = 1.1
"""Times the CPU time of the bare loop."""

TEXT: Final = f"""\
CPU time of the whole process (ours: Home Assistant with all its threads) while nothing happens to
the open commands, divided by the status requests that the simulator has counted meanwhile.
Everybody asks about every command once a second, and at most 100 things at once; a simulator that
cannot answer 5,000 requests in a second is asked as fast as it can. The account's own cap of 5
requests per second is turned off here. *Bare loop* is aiohttp and nothing else: the GETs, their
answers read as JSON and dropped.

Every contestant has a process of its own, and takes turns of two or three seconds with the others,
in another random order each round; it starts anew in each turn, and is counted once each command
was asked about. What the machine does beside is thus the same for all: the figures that count are
the times of the bare loop in the same round. Rounds go on until the median of ours is known to
within {CERTAIN:g} with 95 of 100 (from the order of the rounds, so for whatever distribution), at
most {MOST_ROUNDS}.

To reach: at most {GOAL} times the bare loop, and below every peer."""


async def measure(
    *,
    contestant: str,
    ids: list[str],
    credentials: dict[str, str],
    token: str,
    url: str,
    seconds: float,
) -> dict[str, float]:
    """Return what polling has cost a contestant in this process."""
    gc.collect()
    async with (
        Counter(url) as counter,
        following(contestant, ids, credentials, token, INTERVAL),
    ):
        await counter.until(len(ids))
        await asyncio.sleep(INTERVAL)
        before, begun, cpu = await counter.between(), time.perf_counter(), time.process_time()
        await asyncio.sleep(seconds)
        number = await counter.between() - before
        cpu = time.process_time() - cpu
        took = time.perf_counter() - begun
    return {"cpu_us": cpu / number * 1e6, "rate": number / took}


async def figures(effort: Effort) -> list[Table]:
    """Let everybody poll, in turns."""
    sizes = QUICK_SIZES if effort.quick else SIZES
    tables = []
    with tempfile.TemporaryDirectory() as folder:
        async with Simulator("blink", Path(folder)) as cloud, AsyncExitStack() as stack:
            processes = {name: await stack.enter_async_context(standing(measure)) for name in NAMES}
            ids = await issue_endless(cloud, max(sizes))
            for size, seconds in sizes.items():
                print(f"  {size:,} open commands", flush=True)
                most = 1 if effort.quick else MOST_ROUNDS
                tables.append((size, await _rounds(cloud, processes, ids[:size], seconds, most)))
    return [_table(dict(tables))]


type Results = dict[str, list[dict[str, float]]]
"""What each round has brought, by contestant."""


async def _rounds(
    cloud: Simulator,
    processes: dict[str, Work[dict[str, float]]],
    ids: list[str],
    seconds: float,
    most: int,
) -> Results:
    """Let everybody poll, turn by turn, until it is known who needs how much."""
    order = Random(f"{len(ids)}")
    results: Results = defaultdict(list)
    for number in range(1, most + 1):
        for name in order.sample(list(processes), len(processes)):
            before = (await cloud.counts()).get("status", 0)
            results[name].append(
                await processes[name](
                    contestant=name, ids=ids, **await access_to(cloud), seconds=seconds
                )
            )
            await _check(cloud, before, ids)
        if number >= LEAST_ROUNDS and doubt(_ratios(results, OURS)) <= CERTAIN:
            break
    return results


def _ratios(results: Results, name: str) -> list[float]:
    """Return the times of the bare loop, round by round."""
    rounds = zip(results[name], results[LIMIT], strict=True)
    return [one["cpu_us"] / limit["cpu_us"] for one, limit in rounds]


async def _check(cloud: Simulator, before: int, ids: list[str]) -> None:
    """See that exactly these commands were asked about."""
    number = (await cloud.counts())["status"] - before
    answer = await cloud.control(
        "GET", "requests", query={"label": "status", "limit": str(min(number, 20_000))}
    )
    asked = {request["path"].rpartition("/")[2] for request in answer["requests"]}
    assert asked == set(ids), f"{len(asked)} of {len(ids)} commands were asked about"
    assert all(request["status"] in {200, 0} for request in answer["requests"])


def _table(found: dict[int, Results]) -> Table:
    """Return who needs how much."""
    return Table(
        title="CPU for one poll",
        text=TEXT,
        columns=(
            "Open commands",
            "Who",
            "µs of CPU per poll",
            "Times the bare loop",
            "known to within",
            "Rounds",
            "Polls/s",
        ),
        rows=tuple(
            (
                f"{size:,}",
                NAMES[name],
                spread(run["cpu_us"] for run in results[name]),
                spread(_ratios(results, name), 2),
                f"{doubt(_ratios(results, name)):.2f}",
                f"{len(results[name])}",
                spread(run["rate"] for run in results[name]),
            )
            for size, results in found.items()
            for name in NAMES
        ),
        findings=tuple(miss for size, results in found.items() for miss in _misses(size, results)),
    )


def _misses(size: int, results: Results) -> Iterator[str]:
    """Say where a figure is missed, and by how much."""
    ratios = {name: median(_ratios(results, name)) for name in NAMES}
    ours = ratios[OURS]
    if ours > GOAL:
        yield f"{size:,} open: {ours:.2f} times the bare loop, not {GOAL}."
    for name in NAMES:
        if name not in {OURS, LIMIT} and ratios[name] <= ours:
            yield f"{size:,} open: {ours:.2f} times, {NAMES[name]} {ratios[name]:.2f}."
    if (off := doubt(_ratios(results, OURS))) > CERTAIN:
        yield f"{size:,} open: known to within {off:.2f}, not {CERTAIN:g}."
