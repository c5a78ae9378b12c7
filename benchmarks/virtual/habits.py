"""What it saves to know how long commands take, and what it costs when that changes."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil, inf
import os
from statistics import fmean
from typing import Final

from ..child import in_child
from ..figures import Effort, Table
from . import pasts
from .asking import Cost, costs
from .clouds import CLOUDS
from .pasts import BANDS, SCENES, SEEDS, Band

WINDOW: Final = 3600.0
"""So long that none ends before its command does."""
SHORT: Final = 60.0
"""The wait window where all of them end first."""
ENDLESS: Final = "every wait window of 60 s ends first"
FEW: Final = range(3, 10)
"""The commands of a key of which 3 to 9 before are known."""

type Found = Mapping[str, Sequence[Sequence[Cost]]]
"""For `today` and `learned`: the commands of each key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """What is to be reached with enough known: requests, and seconds of delay."""

    requests: float
    p95: float
    p99: float = inf
    optimum: float | None = None
    """The delay that 5 % may exceed, for somebody who knows the distribution."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """Keys of one kind at one provider."""

    cloud: str
    kind: str
    band: Band
    known: int
    """So many outcomes before are enough."""
    goal: Goal

    @property
    def name(self) -> str:
        """How the row is called."""
        low, high = self.band
        kind = ", uniform" if self.kind == "uniform" else ""
        return f"{CLOUDS[self.cloud].description.manufacturer}, {low:g}-{high:g} s{kind}"


ROWS: Final = (
    *(
        Row(cloud="blink", kind="log_normal", band=band, known=10, goal=goal)
        for band, goal in zip(
            BANDS,
            (
                Goal(requests=2.1, p95=1.0, p99=1.0, optimum=0.9),
                Goal(requests=5.8, p95=1.0, p99=1.2, optimum=1.0),
                Goal(requests=12.5, p95=1.4, p99=3.2, optimum=1.5),
                Goal(requests=18.0, p95=4.8, p99=8.5, optimum=3.0),
            ),
            strict=True,
        )
    ),
    *(
        Row(cloud="wlte", kind="log_normal", band=band, known=10, goal=goal)
        for band, goal in zip(
            BANDS[1:],
            (
                Goal(requests=3.7, p95=2.0),
                Goal(requests=9.8, p95=2.0),
                Goal(requests=18.3, p95=5.1),
            ),
            strict=True,
        )
    ),
    *(
        Row(cloud="blink", kind="uniform", band=band, known=40, goal=goal)
        for band, goal in zip(
            BANDS[1:],
            (
                Goal(requests=7.2, p95=1.0),
                Goal(requests=17.5, p95=1.8),
                Goal(requests=22.8, p95=5.6),
            ),
            strict=True,
        )
    ),
)

KNOWN_TEXT: Final = f"""\
Requests for one command, and behind the @ how late its end is known in seconds, as p50 / p95 / p99.
A *key* is one command at one target; {pasts.KEYS} keys for each band and each of the seeds
{", ".join(SEEDS)}, with {pasts.COMMANDS} commands each, one after the other. Their times are
log-normal with a spread of {", ".join(f"{spread:g}" for spread in pasts.SPREADS)}, a third of the
keys each, the median log-uniform in the band; *uniform* is the worst case, spread evenly over the
band. What decides when to ask is our own tracker with the provider's own policy, in virtual time;
answers take none. *Nothing known*: each command goes to a target of its own; that is also what the
first three commands of a key cost. *Enough known*: 10 outcomes and more, uniform 40 and more.
*Optimum*: somebody who knows the distribution, lets 5 of 100 be later than so many seconds, and
needs no insurance against change."""

CHANGE_TEXT: Final = f"""\
The same at Blink, where the times of a key change or have two modes: {pasts.KEYS} keys of each
kind, behind the @ p50 / p95 / p99 and the greatest delay. What happens at once happens at command
{pasts.STEP + 1} of {pasts.COMMANDS}; otherwise the commands from the 11th on count. A question is
never later than by the provider's cadence by more than a third of the usual time, or 4 s where that
is more."""


async def measure(*, cloud: str, kind: str, band: Band, seed: str) -> Found:
    """Follow the commands of all keys of one kind, band and seed."""
    draw = {"log_normal": pasts.log_normal, "uniform": pasts.uniform}[kind]
    return _both(cloud, draw((band[0], band[1]), seed), WINDOW)


async def change(*, name: str, seed: str) -> Found:
    """Follow the commands of keys that change."""
    return _both("blink", pasts.scene(name, seed), SHORT if name == ENDLESS else WINDOW)


def _both(cloud: str, keys: Iterable[pasts.Times], window: float) -> Found:
    policy = CLOUDS[cloud].description.account({}).policy
    keys = list(keys)
    return {
        name: [costs(policy, times, learn=learn, window=window) for times in keys]
        for name, learn in (("today", False), ("learned", True))
    }


async def figures(effort: Effort) -> list[Table]:
    """Compare what is asked with nothing known and with much, and what a change costs."""
    room = asyncio.Semaphore(os.process_cpu_count() or 1)
    seeds = SEEDS[:1] if effort.quick else SEEDS

    async def known(row: Row, seed: str) -> Found:
        async with room:
            return await in_child(measure, cloud=row.cloud, kind=row.kind, band=row.band, seed=seed)

    async def changed(name: str) -> Found:
        async with room:
            return await in_child(change, name=name, seed=SEEDS[0])

    rows = ROWS[:1] if effort.quick else ROWS
    scenes = tuple(SCENES)[:1] if effort.quick else tuple(SCENES)
    async with asyncio.TaskGroup() as group:
        knowing = {row: [group.create_task(known(row, seed)) for seed in seeds] for row in rows}
        changing = {name: group.create_task(changed(name)) for name in scenes}
    found = {row: [task.result() for task in tasks] for row, tasks in knowing.items()}
    return [
        Table(
            title="Requests and delay when it is known how long commands take",
            text=KNOWN_TEXT,
            columns=("", "nothing known", "3 to 9 known", "enough known", "to reach", "optimum"),
            rows=tuple(_known_row(row, results) for row, results in found.items()),
            findings=tuple(miss for row in found for miss in _misses(row, found[row])),
        ),
        Table(
            title="Requests and delay when that changes",
            text=CHANGE_TEXT,
            columns=("", "commands", "nothing known", "learned"),
            rows=tuple(
                line for name, task in changing.items() for line in _changes(name, task.result())
            ),
        ),
    ]


def _known_row(row: Row, results: Sequence[Found]) -> tuple[str, ...]:
    enough = range(row.known, pasts.COMMANDS)
    goal = row.goal
    limits = " / ".join(f"{limit:g}" for limit in (goal.p95, goal.p99) if limit < inf)
    optimum = "-"
    if goal.optimum is not None and row.kind == "log_normal":
        polls = fmean(pasts.optimum(row.band, seed, goal.optimum) for seed in SEEDS)
        optimum = f"{polls:.1f} @ p95 {goal.optimum:g}"
    _check_first_ones(results)
    return (
        row.name,
        cost(_those(results, "today", enough)),
        cost(_those(results, "learned", FEW)),
        cost(_those(results, "learned", enough)),
        f"{goal.requests:g} @ p95{' / p99' if goal.p99 < inf else ''} {limits}",
        optimum,
    )


def _check_first_ones(results: Iterable[Found]) -> None:
    """See that the first three commands of every key cost what they cost with nothing known."""
    for found in results:
        for name in ("today", "learned"):
            assert all(len(key) == pasts.COMMANDS for key in found[name]), name
        for today, learned in zip(found["today"], found["learned"], strict=True):
            assert today[:3] == learned[:3]


def _misses(row: Row, results: Sequence[Found]) -> Iterator[str]:
    """Say where a figure is missed, and by how much."""
    found = _those(results, "learned", range(row.known, pasts.COMMANDS))
    reached = {
        "requests": (fmean(polls for polls, _ in found), row.goal.requests),
        "s at p95": (_delay(found, 95), row.goal.p95),
        "s at p99": (_delay(found, 99), row.goal.p99),
    }
    for what, (value, goal) in reached.items():
        if round(value, 2) > goal:
            over = value / goal - 1
            yield f"{row.name}: {value:.2f} {what}, {over:.1%} over the {goal:g} to reach."


PHASES: Final[Mapping[str, range]] = {
    "the first after it": range(pasts.STEP, pasts.STEP + 1),
    "2nd and 3rd": range(pasts.STEP + 1, pasts.STEP + 3),
    "4th to 6th": range(pasts.STEP + 3, pasts.STEP + 6),
    "7th to 16th": range(pasts.STEP + 6, pasts.STEP + 16),
    "17th to 30th": range(pasts.STEP + 16, pasts.STEP + 30),
}
STEADY: Final[Mapping[str, range]] = {"from the 11th on": range(10, pasts.COMMANDS)}
SUDDEN: Final = ("steps", "120 s, and once")
"""How the names of those scenes begin in which something happens at once."""


def _changes(name: str, found: Found) -> Iterator[tuple[str, ...]]:
    phases = PHASES if name.startswith(SUDDEN) else STEADY
    for phase, numbers in phases.items():
        yield (
            name,
            phase,
            *(cost(_those([found], who, numbers), with_most=True) for who in ("today", "learned")),
        )


def _those(results: Iterable[Found], who: str, numbers: range) -> list[Cost]:
    """Return what some commands of all keys have cost."""
    keys = chain.from_iterable(found[who] for found in results)
    return [(key[number][0], key[number][1]) for key in keys for number in numbers]


def _delay(found: Sequence[Cost], percentile: float) -> float:
    delays = sorted(delay for _, delay in found)
    return delays[ceil(len(delays) * percentile / 100) - 1]


def cost(found: Sequence[Cost], *, with_most: bool = False) -> str:
    """Return the mean requests, and the delays that so many of 100 do not exceed."""
    polls = f"{fmean(polls for polls, _ in found):.1f}"
    if _delay(found, 100) == inf:
        return polls
    percentiles = (50, 95, 99, 100) if with_most else (50, 95, 99)
    return (
        f"{polls} @ {' / '.join(f'{_delay(found, percentile):.2f}' for percentile in percentiles)}"
    )
