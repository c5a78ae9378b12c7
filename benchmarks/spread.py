"""What several runs have in common, and how far they lie apart."""

from collections.abc import Iterable
from statistics import median


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
