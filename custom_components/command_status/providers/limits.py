"""What is too much, and what is too late, at every provider."""

from collections.abc import Iterable
from typing import Final

from ..tracking import Command, schedule

MOST_TARGETS: Final = 5000
"""More of them would keep Home Assistant from everything else."""
MOST_SIGHTINGS: Final = 1000
"""Commands that one id may stand for."""


def last_call(commands: Iterable[Command]) -> float:
    """Return the moment after which commands of one call may not go out: seconds since the epoch.

    That is the end of the first of their wait windows, and a minute after they were first tried.
    """
    return min(map(schedule.last_call, commands))
