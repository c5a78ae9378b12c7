"""A clock that stands still until it is told to move."""

import asyncio
from collections.abc import Awaitable, Callable

type Clock = Callable[[], float]
"""Seconds that only ever grow, as `time.monotonic` tells them."""

type Sleep = Callable[[float], Awaitable[None]]
"""Wait for so many seconds of the clock that it belongs to."""


class ManualClock:
    """Time for tests: call it for the seconds, sleep on it, and advance it by hand.

    Hand both halves to a simulator: `WlteSimulator(clock=clock, sleep=clock.sleep)`.
    """

    def __init__(self, now: float = 1000.0) -> None:
        """Begin at an arbitrary moment, as a monotonic clock does."""
        self._now = now
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self._arrival = asyncio.Event()

    def __call__(self) -> float:
        """Tell the time."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been advanced by that much."""
        if seconds <= 0:
            return
        sleeper = self._now + seconds, asyncio.get_running_loop().create_future()
        self._sleepers.append(sleeper)
        self._arrival.set()
        try:
            await sleeper[1]
        finally:
            self._sleepers.remove(sleeper)

    def advance(self, seconds: float) -> None:
        """Move on, and wake whoever slept until now."""
        self._now += seconds
        for due, future in self._sleepers:
            if due <= self._now and not future.done():
                future.set_result(None)

    async def until_asleep(self, sleepers: int = 1) -> None:
        """Return as soon as that many sleep: whoever was to wait, is waiting now."""
        while len(self._sleepers) < sleepers:
            self._arrival.clear()
            await self._arrival.wait()
