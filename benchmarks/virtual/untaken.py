"""What was tried to ask at a better moment, and left out: with what it would bring."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import exp
from random import Random
from typing import Final

from custom_components.command_status.tracking import Cadence
from custom_components.command_status.tracking.habit import ENOUGH, KEPT, Forecast, Habits, Key

from ..figures import Effort, Table
from .asking import Cost
from .clouds import CLOUDS
from .habits import cost
from .pasts import BANDS, COMMANDS, SEEDS, Band, LogNormal, keys

CADENCE: Final[Cadence] = CLOUDS["blink"].description.account({}).policy.cadence
KNOWN: Final = 10
"""Commands of a key before those that are counted."""
OWN: Final[Key] = ("target", "command")
REST: Final[Key] = ("target", "command after its stage")

ALIKE: Final[Mapping[str, float]] = {
    "the same": 0.0,
    "within a third": 0.3,
    "within a factor of two": 0.7,
}
"""How much the usual times of targets of one kind differ: the spread of their logarithm."""
STAGES: Final[Mapping[str, tuple[float, float]]] = {
    "halfway, 0.4 to 0.6": (0.4, 0.6),
    "late, 0.7 to 0.9": (0.7, 0.9),
    "anywhere, 0.1 to 0.9": (0.1, 0.9),
}
"""Which part of its time a command has behind it when its stage appears."""

POOLED_TEXT: Final = f"""\
The first {ENOUGH} commands of a target at Blink, where nothing is known of it: by the provider's
cadence, as they are asked about, and by what was seen of ten other targets of its kind
({KEPT} spans). Requests @ delay p50 / p95 / p99. *Alike* is how much the usual times of such
targets differ, which nobody has measured. Left out: it would save that much three times for each
target and command, and never again; and whoever is the first to ask something new of a device
should have what is known to be right, not what another device has taught."""

STAGE_TEXT: Final = f"""\
Commands at Blink from the {KNOWN + 1}th on: by how long they usually take, as they are asked about,
and by that until a stage (`sm`, `dev`) was seen, then by how long they usually take from there.
Requests @ delay p50 / p95 / p99. When the stages appear is not known of the real cloud: here at a
random part of a command's time. Left out: at best it saves a tenth of the requests, or a third of
the delay for as many; where stages come at any time, it costs more than it brings."""

type Clock = Callable[[float], tuple[Forecast | None, float]]
"""Returns what is expected at the age of a command, and its age by that clock."""


def _questions(seconds: float, clock: Clock) -> Iterator[float]:
    """Return the ages at which a command is asked about, the last one being its end or after."""
    age = 0.0
    while age < seconds:
        forecast, since = clock(age)
        interval = CADENCE.interval(age)
        pause = interval if forecast is None else forecast.pause(since, interval, CADENCE.least)
        age += pause
        yield age


def _follow(seconds: float, habits: Habits) -> Cost:
    """Follow a command by what is known of its key, and learn from it."""
    asked = [0.0, *_questions(seconds, lambda age: (habits.forecast(OWN), age))]
    habits.learn(OWN, asked[-2], asked[-1])
    return len(asked) - 1, asked[-1] - seconds


def _follow_staged(seconds: float, shown: float, habits: Habits) -> Cost:
    """Follow a command whose stage appears at an age, and learn from both."""
    seen: list[float] = []

    def clock(age: float) -> tuple[Forecast | None, float]:
        if age >= shown:
            seen.append(age)
        rest = habits.forecast(REST) if seen else None
        return (habits.forecast(OWN), age) if rest is None else (rest, age - seen[0])

    asked = [0.0, *_questions(seconds, clock)]
    habits.learn(OWN, asked[-2], asked[-1])
    if seen:
        habits.learn(REST, asked[-2] - seen[0], asked[-1] - seen[0])
    return len(asked) - 1, asked[-1] - seconds


def pooled(*, band: Band, spread: float, seed: str) -> Mapping[str, Sequence[Cost]]:
    """Follow the first commands of each key alone, and with what is known of others."""
    found: dict[str, list[Cost]] = {"alone": [], "pooled": []}
    for key, random in keys(band, seed):
        pool = Habits()
        for _ in range(KEPT):
            other = LogNormal(key.median * exp(random.gauss(0, spread)), key.spread)
            _follow(other.draw(random), pool)
        times = [key.draw(random) for _ in range(ENOUGH)]
        alone = Habits()
        found["alone"] += [_follow(seconds, alone) for seconds in times]
        found["pooled"] += [_follow(seconds, pool) for seconds in times]
    return found


def staged(*, band: Band, parts: tuple[float, float], seed: str) -> Mapping[str, Sequence[Cost]]:
    """Follow the commands of each key with one clock, and with two."""
    found: dict[str, list[Cost]] = {"one": [], "two": []}
    for key, _ in keys(band, seed):
        random = Random(f"{seed} {key}")
        one, two = Habits(), Habits()
        for number in range(COMMANDS):
            seconds = key.draw(random)
            costs = {
                "one": _follow(seconds, one),
                "two": _follow_staged(seconds, seconds * random.uniform(*parts), two),
            }
            for name, paid in costs.items():
                found[name] += [paid] * (number >= KNOWN)
    return found


async def figures(effort: Effort) -> list[Table]:
    """Compare what was left out with what is done."""
    seeds = SEEDS[:1] if effort.quick else SEEDS
    bands = BANDS[1:2] if effort.quick else BANDS[1:]
    return [
        Table(
            title="Left out: what is known of other targets of the same kind",
            text=POOLED_TEXT,
            columns=("", "alike", "by the cadence", "by others"),
            rows=tuple(
                (_name(band), alike, *_compared(pooled, seeds, band=band, spread=spread))
                for band in bands
                for alike, spread in ALIKE.items()
            ),
        ),
        Table(
            title="Left out: a stage of the provider as a second clock",
            text=STAGE_TEXT,
            columns=("", "its stage appears", "one clock", "two clocks"),
            rows=tuple(
                (_name(band), when, *_compared(staged, seeds, band=band, parts=parts))
                for band in bands
                for when, parts in STAGES.items()
            ),
        ),
    ]


def _compared(
    ways: Callable[..., Mapping[str, Sequence[Cost]]], seeds: Sequence[str], **case: object
) -> list[str]:
    """Return what each of two ways has cost, over all seeds."""
    runs = [ways(seed=seed, **case) for seed in seeds]
    return [cost([paid for run in runs for paid in run[way]]) for way in runs[0]]


def _name(band: Band) -> str:
    """Return how a band is called."""
    return f"Blink, {band[0]:g}-{band[1]:g} s"
