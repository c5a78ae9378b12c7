"""When the time of a command is up: wait windows, last chances, and searches that end."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Final

LAST_CHANCE: Final = 10.0
"""Seconds for one more question about a command whose window ended while nobody could ask."""
OVERSLEPT: Final = 2.0
"""A window that ended longer ago ended while nobody could ask; an alarm is never that late."""


class Windows:
    """Moments at which the time of some command may be up; who asks checks whether it is."""

    def __init__(self) -> None:
        """Start empty."""
        self._ends: list[tuple[float, str]] = []
        self._exceptions: dict[str, float] = {}
        self._limits: dict[str, float] = {}

    def note(self, tracking_id: str, moment: float) -> None:
        """See to it that a moment is noticed."""
        heappush(self._ends, (moment, tracking_id))

    def except_until(self, tracking_id: str, moment: float) -> None:
        """Let the time of a command be up at a moment that is not simply the end of its window."""
        self._exceptions[tracking_id] = moment
        self.note(tracking_id, moment)

    def limit(self, tracking_id: str, moment: float) -> None:
        """Let the time of a command be up at a moment at the latest, whatever its own say."""
        self._limits[tracking_id] = moment

    def limited(self, tracking_id: str, moment: float) -> float:
        """Return a moment, or the limit of a command where that comes before."""
        return min(moment, self._limits.get(tracking_id, moment))

    def exception(self, tracking_id: str) -> float | None:
        """Return when the time of a command is up, where that was said by itself."""
        return self._exceptions.get(tracking_id)

    def drop(self, tracking_id: str) -> None:
        """Let go of a command."""
        self._exceptions.pop(tracking_id, None)
        self._limits.pop(tracking_id, None)

    def passed(self, now: float) -> str | None:
        """Return a command whose time may be up now, each noted moment once; None without."""
        if self._ends and self._ends[0][0] <= now:
            return heappop(self._ends)[1]
        return None

    def next_at(self, matters: Callable[[str], bool]) -> float | None:
        """Return the next moment that was noted for a command that still matters."""
        while self._ends:
            moment, tracking_id = self._ends[0]
            if matters(tracking_id):
                return moment
            heappop(self._ends)
        return None

    def shift(self, seconds: float) -> None:
        """Move everything, because the clock was corrected."""
        self._ends = [(moment + seconds, tracking_id) for moment, tracking_id in self._ends]
        for moments in (self._exceptions, self._limits):
            for tracking_id in moments:
                moments[tracking_id] += seconds
