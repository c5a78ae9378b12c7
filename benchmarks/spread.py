"""What several runs have in common, and how far they lie apart."""

from collections.abc import Iterable
from math import comb, inf
from statistics import median
from typing import Final

SURE: Final = 0.95


def spread(values: Iterable[float], digits: int = 0) -> str:
    """Return the median of values and, where there are several, the least and the greatest."""
    ordered = sorted(values)
    middle = f"{median(ordered):,.{digits}f}"
    if len(ordered) == 1:
        return middle
    return f"{middle} ({ordered[0]:,.{digits}f} to {ordered[-1]:,.{digits}f})"


def in_turns[T](those: tuple[T, ...], run: int) -> tuple[T, ...]:
    """Return those who compete in the order of a run: each of them is the first once in a while."""
    start = run % len(those)
    return those[start:] + those[:start]


def doubt(values: Iterable[float]) -> float:
    """Return how far the median of values may be off, with 95 of 100: the width of its interval.

    It lies between two of the values, as often as a coin falls so unevenly: that needs no
    assumption about how they are spread. Infinite where there are too few of them.
    """
    ordered = sorted(values)
    number = len(ordered)
    chance, place = 0.0, 0
    while chance + comb(number, place) / 2**number <= (1 - SURE) / 2:
        chance += comb(number, place) / 2**number
        place += 1
    return ordered[-place] - ordered[place - 1] if place else inf
