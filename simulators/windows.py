"""Rate limits of the kind that clouds document: so many in so many seconds."""

from collections import deque


class SlidingWindow:
    """Allow a number of events within any period of a given length."""

    __slots__ = ("_limit", "_seconds", "_times")

    def __init__(self, limit: int, seconds: float) -> None:
        """Begin with the whole allowance."""
        self._limit = limit
        self._seconds = seconds
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Return how long the next event has to wait; 0: it is allowed now."""
        times = self._times
        while times and times[0] <= now - self._seconds:
            times.popleft()
        return times[0] + self._seconds - now if len(times) >= self._limit else 0.0

    def add(self, now: float) -> None:
        """Count an event that was allowed."""
        self._times.append(now)
