"""How late an outcome is known, and for how many requests."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from random import Random
from statistics import fmean
from typing import Final

from homeassistant.core import Event, EventStateChangedData

from ..child import in_child
from ..figures import Effort, Table
from .clouds import CLOUDS
from .house import house
from .loop import in_virtual_time
from .peers import PEERS, follow

type Band = tuple[float, float]

BANDS: Final[tuple[Band, ...]] = (
    (0.5, 4.0),
    (4.0, 15.0),
    (15.0, 60.0),
    (60.0, 240.0),
    (240.0, 1800.0),
)
WINDOW: Final = 3600.0
"""The wait window of our commands, so that none ends before its command does."""
PAUSES: Final = (10.0, 20.0)
"""Seconds between two commands, drawn at random, so that no two meet the same clock."""
KNOWN: Final = 40
"""Commands of a band that come before those which are counted, where its times are to be known."""
COMMANDS: Final = 500
COMMANDS_QUICKLY: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """How one contestant fared with the commands of one band."""

    delays: Sequence[float]
    """Seconds from the end of each command; those that were given up are missing."""
    polls: Sequence[float]
    """Status requests for each command."""

    def delay(self, percentile: float) -> float:
        """Return the delay that so many percent of the commands do not exceed."""
        return sorted(self.delays)[ceil(len(self.delays) * percentile / 100) - 1]

    @property
    def given_up(self) -> float:
        """The part of the commands that were given up."""
        return 1 - len(self.delays) / len(self.polls)


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What is to be reached in a band."""

    p95: float
    polls: float | None = None


TARGETS: Final[Mapping[str, Mapping[Band, Target]]] = {
    "blink": {
        BANDS[0]: Target(p95=1.1),
        BANDS[1]: Target(p95=1.1),
        BANDS[2]: Target(p95=2.0, polls=26),
        BANDS[3]: Target(p95=5.0, polls=55),
    },
    "wlte": {
        BANDS[2]: Target(p95=2.1, polls=18),
        BANDS[3]: Target(p95=5.0, polls=46),
    },
    "esper": {},
}

OURS: Final = (("blink", 0), ("blink", KNOWN), ("wlte", 0), ("wlte", KNOWN), ("esper", 0))
"""Clouds, and how many commands of a band are known before those which are counted."""

DELAYS_TEXT: Final = """\
Seconds from the moment at which a command ends at the provider until our event entity changes, as
p50 / p95 / p99 of {number} commands for each band of completion times, sent one after the other.
Measured in virtual time: Home Assistant's core, our integration and the simulated cloud run for
real and talk HTTP over loopback, but no work takes any time and every pause is jumped over. A real
cloud's answer comes a round trip later, for everybody. The peers run their own code with their own
pauses and limits; their requests are answered in place, out of the same completion times. What
somebody gave up has no delay. *Times known*: {known} commands of the same band came before. In the
other rows of ours nothing is known of how long commands take, as it is for the first three. The
times are spread evenly over each band, so that what can be known of them is little.
To reach: Blink p95 at most 1.1 s below 15 s, 2 s below 60 s and 5 s below 240 s; WLTE 2.1 s from
15 to 60 s and 5 s below 240 s. None of ours given up before its wait window ends, which a user
chooses: here an hour."""

REQUESTS_TEXT: Final = """\
Status requests for each of the same commands, on the average, and how many commands were given up
while they still ran. Sending is not counted: it is one request for everybody. Ours are counted by
the simulated cloud. To reach: Blink at most 26 from 15 to 60 s and 55 below 240 s; WLTE 18 and
46."""


def completion_times(band: Band, number: int) -> list[float]:
    """Return how long commands take: the same for everybody who is compared.

    They are spread evenly over the band, each at random within its share of it, and shuffled: so
    the mean is that of the band, not of luck.
    """
    draw, (low, high) = Random(f"{band}"), band
    times = [low + (high - low) * (rank + draw.random()) / number for rank in range(number)]
    draw.shuffle(times)
    return times


async def follow_ours(*, cloud: str, number: int, known: int) -> list[dict[str, list[float]]]:
    """Send commands to a cloud and follow them to their ends; returns a sample for each band.

    So many of each band come before those which are counted; with none, nothing is known of any.
    """
    return await in_virtual_time(lambda: _follow_ours(cloud, number, known))


async def _follow_ours(key: str, number: int, known: int) -> list[dict[str, list[float]]]:
    async with house(key) as home:
        changed: dict[str, float] = {}

        def note(event: Event[EventStateChangedData]) -> None:
            state = event.data["new_state"]
            assert state is not None
            changed.setdefault(state.attributes["tracking_id"], home.loop.time())

        async def delay_and_polls(seconds: float, pause: float) -> tuple[float, float]:
            await asyncio.sleep(pause)
            if not known:
                home.forget_habits()
            home.cloud.plan(seconds)
            before = home.cloud.polls
            (record,) = await home.send(window=WINDOW)
            polls = home.cloud.polls - before
            assert (record["state"], record["late"], record["polls"]) == ("success", False, polls)
            return changed[record["tracking_id"]] - home.cloud.ended_at(record), polls

        home.on_change(home.entity("event", "command"), note)
        samples = []
        for band in BANDS:
            draw = Random(f"pauses {band}")
            times = (completion_times(band, known) if known else []) + completion_times(
                band, number
            )
            found = [await delay_and_polls(seconds, draw.uniform(*PAUSES)) for seconds in times]
            delays, polls = zip(*found[known:], strict=True)
            samples.append({"delays": list(delays), "polls": list(polls)})
        assert len(changed) == (known + number) * len(BANDS)
        return samples


async def follow_peers(*, number: int) -> dict[str, list[dict[str, list[float]]]]:
    """Let all peers wait for commands; returns a sample for each band, by peer."""

    async def work() -> dict[str, list[dict[str, list[float]]]]:
        return {
            name: [await follow(name, completion_times(band, number)) for band in BANDS]
            for name in PEERS
        }

    return await in_virtual_time(work)


def misses(
    name: str, targets: Mapping[Band, Target], samples: Mapping[Band, Sample]
) -> Iterator[str]:
    """Say where a figure is missed, and by how much."""
    for band, target in targets.items():
        sample, where = samples[band], f"{name}, {_seconds(band)}"
        if (p95 := sample.delay(95)) > target.p95:
            over = (p95 / target.p95 - 1) * 100
            yield f"{where}: p95 is {p95:.2f} s, {over:.1f} % over the {target.p95:g} s to reach."
        if target.polls is not None and (polls := fmean(sample.polls)) > target.polls:
            over = (polls / target.polls - 1) * 100
            yield f"{where}: {polls:.1f} requests, {over:.1f} % over the {target.polls:g} to reach."


async def figures(effort: Effort) -> list[Table]:
    """Compare how late and how expensive it is to wait for a command."""
    number = COMMANDS_QUICKLY if effort.quick else COMMANDS
    async with asyncio.TaskGroup() as at_once:
        theirs = at_once.create_task(in_child(follow_peers, number=number))
        found = {
            (cloud, known): at_once.create_task(
                in_child(follow_ours, cloud=cloud, number=number, known=known)
            )
            for cloud, known in OURS
        }
    everything = {pair: _by_band(task.result()) for pair, task in found.items()}
    ours = {cloud: everything[cloud, 0] for cloud in CLOUDS}
    for pair, samples in everything.items():
        for band, sample in samples.items():
            assert len(sample.delays) == len(sample.polls) == number, (pair, band)
            assert min(sample.delays) >= 0, (pair, band)
    names = {cloud: CLOUDS[cloud].description.manufacturer for cloud in CLOUDS}
    contestants = {
        f"command_status, {names[cloud]}{', times known' if known else ''}": samples
        for (cloud, known), samples in everything.items()
    } | {name: _by_band(samples) for name, samples in theirs.result().items()}
    columns = ("", *map(_seconds, BANDS))
    return [
        Table(
            title="Delay until an outcome is known",
            text=DELAYS_TEXT.format(number=number, known=KNOWN),
            columns=columns,
            rows=tuple(
                (name, *(_delays(samples[band]) for band in BANDS))
                for name, samples in contestants.items()
            ),
            findings=tuple(
                miss
                for cloud in CLOUDS
                for miss in misses(names[cloud], TARGETS[cloud], ours[cloud])
            ),
        ),
        Table(
            title="Requests for one command",
            text=REQUESTS_TEXT,
            columns=columns,
            rows=tuple(
                (name, *(_requests(samples[band]) for band in BANDS))
                for name, samples in contestants.items()
            ),
        ),
    ]


def _by_band(samples: Sequence[Mapping[str, Sequence[float]]]) -> dict[Band, Sample]:
    return {band: Sample(**sample) for band, sample in zip(BANDS, samples, strict=True)}


def _seconds(band: Band) -> str:
    return f"{band[0]:g}-{band[1]:g} s"


def _delays(sample: Sample) -> str:
    if not sample.delays:
        return "-"
    return " / ".join(f"{sample.delay(percentile):.2f}" for percentile in (50, 95, 99))


def _requests(sample: Sample) -> str:
    polls = f"{fmean(sample.polls):.1f}"
    return f"{polls}; {sample.given_up:.0%} given up" if sample.given_up else polls
