"""Titles of accounts, of which no two are the same."""

from collections.abc import Container
from itertools import chain, count


def distinct(title: str, taken: Container[str]) -> str:
    """Return a title, with a number where it is taken."""
    numbered = (f"{title} {number}" for number in count(2))
    return next(each for each in chain([title], numbered) if each not in taken)
