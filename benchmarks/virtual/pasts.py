"""How long commands take, drawn with seeds that are written here: keys of known spread, and others.

A key is one command at one target; its times are those of all its commands, one after the other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, inf, log
from random import Random
from statistics import NormalDist
from typing import Final

type Band = tuple[float, float]
type Times = Sequence[float]

BANDS: Final[tuple[Band, ...]] = ((0.5, 4.0), (4.0, 15.0), (15.0, 60.0), (60.0, 240.0))
SEEDS: Final = ("a", "b", "c")
KEYS: Final = 60
"""For each band and seed."""
COMMANDS: Final = 60
"""For each key."""
SPREADS: Final = (0.1, 0.2, 0.35)
"""Of log-normal times, a third of the keys each; the median is log-uniform in the band."""


@dataclass(frozen=True, slots=True)
class LogNormal:
    """How long the commands of one key take: a median, and a spread of its logarithm."""

    median: float
    spread: float

    def draw(self, random: Random) -> float:
        """Return how long one command takes."""
        return self.median * exp(random.gauss(0, self.spread))

    def quantile(self, share: float) -> float:
        """Return how long so large a share of the commands takes at most."""
        return self.median * exp(NormalDist().inv_cdf(share) * self.spread)


def keys(band: Band, seed: str) -> Iterator[tuple[LogNormal, Random]]:
    """Return keys of a band, each with what its times are drawn from."""
    random = Random(f"{seed} {band}")
    low, high = map(log, band)
    for number in range(KEYS):
        yield LogNormal(exp(random.uniform(low, high)), SPREADS[number % len(SPREADS)]), random


def log_normal(band: Band, seed: str) -> list[Times]:
    """Return keys whose times are log-normal."""
    return [[key.draw(random) for _ in range(COMMANDS)] for key, random in keys(band, seed)]


def uniform(band: Band, seed: str) -> list[Times]:
    """Return keys whose times are spread evenly over the band: little can be learned of them."""
    random = Random(f"uniform {seed} {band}")
    return [[random.uniform(*band) for _ in range(COMMANDS)] for _ in range(KEYS)]


def optimum(band: Band, seed: str, delay: float) -> float:
    """Return the requests of somebody who knows the distribution, where 5 % may be later than that.

    Who knows it lets the first 5 % wait, and then asks every so many seconds.
    """
    shares = [(part + 0.5) / 2000 for part in range(2000)]
    found = [
        max(1, ceil((key.quantile(share) - key.quantile(0.05)) / delay))
        for key, _ in keys(band, seed)
        for share in shares
    ]
    return sum(found) / len(found)


# Keys that change, or have more than one mind

STEP: Final = 30
"""The command from which on a key is another one."""


def _changing(key_at: Callable[[int], LogNormal]) -> Callable[[Random], Times]:
    return lambda random: [key_at(number).draw(random) for number in range(COMMANDS)]


def _either(share: float, one: LogNormal, other: LogNormal) -> Callable[[Random], Times]:
    return lambda random: [
        (one if random.random() < share else other).draw(random) for _ in range(COMMANDS)
    ]


USUAL: Final = LogNormal(30.0, 0.2)
QUICK: Final = LogNormal(12.0, 0.15)

SCENES: Final[Mapping[str, Callable[[Random], Times]]] = {
    "always the same, 30 s": _changing(lambda _: USUAL),
    "drifts from 20 to 40 s": _changing(lambda n: LogNormal(20 * 2 ** (n / COMMANDS), 0.2)),
    "drifts from 40 to 20 s": _changing(lambda n: LogNormal(40 / 2 ** (n / COMMANDS), 0.2)),
    "two modes: awake 6 s (6 of 10), asleep 35 s": _either(
        0.6, LogNormal(6.0, 0.2), LogNormal(35.0, 0.2)
    ),
    "8 of 100 are refused within 2 s, else 30 s": _either(0.08, LogNormal(1.0, 0.35), USUAL),
    "every wait window of 60 s ends first": _changing(lambda _: LogNormal(inf, 0.0)),
    "steps from 60 to 12 s": _changing(lambda n: LogNormal(60.0, 0.15) if n < STEP else QUICK),
    "steps from 15 to 45 s": _changing(
        lambda n: LogNormal(15.0, 0.15) if n < STEP else LogNormal(45.0, 0.15)
    ),
    "120 s, and once 2 s": _changing(
        lambda n: LogNormal(2.0, 0.0) if n == STEP else LogNormal(120.0, 0.2)
    ),
}


def scene(name: str, seed: str) -> list[Times]:
    """Return keys of one kind."""
    random = Random(f"{name} {seed}")
    return [SCENES[name](random) for _ in range(KEYS)]
