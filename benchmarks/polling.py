"""CPU for one poll, with many commands open."""

import asyncio
from collections import defaultdict
from pathlib import Path
from statistics import median
import tempfile
import time
from typing import Final

from stage import Simulator

from .child import in_child
from .clouds import access_to, issue_endless
from .contestants import LIMIT, NAMES, OURS, following
from .counter import Counter
from .figures import Effort, Table
from .spread import in_turns, spread

INTERVAL: Final = 1.0
"""Seconds between two questions about a command: Blink's own pace."""

SIZES: Final = {100: 8.0, 1000: 4.0, 5000: 5.0}
"""Open commands, and for how many seconds they are followed once each was asked about."""

QUICK_SIZES: Final = {20: 1.0}

GOAL: Final = 1.3
"""Times the CPU time of the bare loop."""

TEXT: Final = f"""\
CPU time of the whole process (ours: Home Assistant with all its threads) while nothing happens to
the open commands, divided by the status requests that the simulator has counted meanwhile.
Everybody asks about every command once a second, and at most 100 things at once; a simulator that
cannot answer 5,000 requests in a second is asked as fast as it can. Every contestant runs in a Home
Assistant of its own, one after the other, in turns, after each command was asked about once. The
account's own cap of 5 requests per second is turned off here. *Bare loop* is aiohttp and nothing
else: the GETs, their answers read as JSON and dropped.

To reach: at most {GOAL} times the bare loop, and below every peer."""

WHY: Final = (
    "The bare loop drops every answer. Taken apart by hand, in one process, without the schedule "
    "and where a GET of the bare loop cost 93 µs: our request alone cost 5 µs less; reading the "
    "answer (its size, text and numbers, and Blink's words) added 21 µs, comparing it with what is "
    "known and planning the next question 12, and the limit on requests 5. The rest has not been "
    "taken apart; it comes with asking at many moments of a second, with a task for most "
    "questions, where the bare loop asks in one burst. At the account's own cap of 5 requests per "
    "second all of it is less than 1 ms of CPU in a second."
)


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
    results: dict[tuple[int, str], list[dict[str, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        async with Simulator("blink", Path(folder)) as cloud:
            ids = await issue_endless(cloud, max(sizes))
            for run in range(effort.runs):
                for size, seconds in sizes.items():
                    print(f"  run {run + 1} of {effort.runs}: {size:,} open commands", flush=True)
                    for contestant in in_turns(tuple(NAMES), run):
                        before = (await cloud.counts()).get("status", 0)
                        result = await in_child(
                            measure,
                            contestant=contestant,
                            ids=ids[:size],
                            **await access_to(cloud),
                            seconds=seconds,
                        )
                        results[size, contestant].append(result)
                        await _check(cloud, before, ids[:size])
    return [_table(list(sizes), results)]


async def _check(cloud: Simulator, before: int, ids: list[str]) -> None:
    """See that exactly these commands were asked about."""
    number = (await cloud.counts())["status"] - before
    answer = await cloud.control(
        "GET", "requests", query={"label": "status", "limit": str(min(number, 20_000))}
    )
    asked = {request["path"].rpartition("/")[2] for request in answer["requests"]}
    assert asked == set(ids), f"{len(asked)} of {len(ids)} commands were asked about"
    assert all(request["status"] in {200, 0} for request in answer["requests"])


def _table(sizes: list[int], results: dict[tuple[int, str], list[dict[str, float]]]) -> Table:
    """Return who needs how much."""
    rows: list[tuple[str, ...]] = []
    above: list[str] = []
    findings: list[str] = []
    for size in sizes:
        costs = {name: [run["cpu_us"] for run in results[size, name]] for name in NAMES}
        ratios = {
            name: [cost / limit for cost, limit in zip(costs[name], costs[LIMIT], strict=True)]
            for name in NAMES
        }
        rows += (
            (
                f"{size:,}",
                NAMES[name],
                spread(costs[name]),
                spread(ratios[name], 2),
                spread(run["rate"] for run in results[size, name]),
            )
            for name in NAMES
        )
        ours = median(ratios[OURS])
        if ours > GOAL:
            above.append(f"{ours:.2f} at {size:,} open")
        findings += (
            f"{size:,} open: {median(costs[OURS]):.0f} µs, {NAMES[name]} {median(costs[name]):.0f}."
            for name in NAMES
            if name not in {OURS, LIMIT} and median(costs[name]) <= median(costs[OURS])
        )
    if above:
        findings.insert(0, f"{', '.join(above)} times the bare loop, not {GOAL}. {WHY}")
    return Table(
        title="CPU for one poll",
        text=TEXT,
        columns=("Open commands", "Who", "µs of CPU per poll", "Times the bare loop", "Polls/s"),
        rows=tuple(rows),
        findings=tuple(findings),
    )
