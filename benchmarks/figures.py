"""The rows of the results: what a measurement hands over, and which measurements there are."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """How much is measured: enough for the figures, or just enough to see that it works."""

    runs: int
    quick: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One comparison, as it stands in the results."""

    title: str
    text: str
    """Markdown: what is compared, how, and what is to be reached."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    findings: tuple[str, ...] = ()
    """Where a figure is missed: by how much, and why."""


type Figures = Callable[[Effort], Awaitable[list[Table]]]
"""The function `figures` of a module; raises when a measurement does not work."""

MODULES: tuple[str, ...] = (
    "polling",
    "described",
    "memory",
    "blocking",
    "starting",
    "window",
    "watchers",
    "virtual.habits",
    "virtual.untaken",
    "virtual.delays",
    "virtual.writes",
    "virtual.states",
    "virtual.idle",
)
"""The measurements in the order of the results, each a module of this package with `figures`."""
