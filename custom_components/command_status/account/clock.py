"""The one clock: UTC that never jumps while something is being waited for.

The wall clock of a Raspberry Pi is corrected when it finds the network, and it stands still in
nobody's sleep. So moments are counted by the machine's uptime, sleep included, from an offset to
the wall clock. When the wall clock was corrected, the clock says by how much, and its owner moves
what still runs along with it.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
import time
from typing import Final, Self
from uuid import uuid4

TOLERANCE: Final = 5.0
"""Seconds that wall clock and uptime may drift apart before it counts as a correction."""


UPTIME: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""The system's clock that counts from its start, where there is one without its sleep."""


def uptime() -> float:
    """Return the seconds since the machine was started, sleep included where that is told."""
    return time.clock_gettime(UPTIME)


BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


@cache
def boot() -> str:
    """Return what names the time since the machine was started.

    Where no machine tells it, it is another one in every process.
    """
    try:
        return BOOT.read_text(encoding="ascii").strip()
    except OSError, ValueError:
        return uuid4().hex


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A moment that can be written down, and compared with later ones whatever the clock says."""

    wall: float
    """In seconds since the epoch (UTC), as the clock told it; it may have been wrong."""
    uptime: float
    boot: str

    @classmethod
    def current(cls, wall: float) -> Self:
        """Return this moment, which the clock calls so."""
        return cls(wall=wall, uptime=uptime(), boot=boot())

    def since(self, earlier: Moment | None) -> float:
        """Return how many seconds have certainly passed since an earlier moment.

        None at all where the machine was started in between: only a clock that may be wrong could
        tell.
        """
        if earlier is None or earlier.boot != self.boot:
            return 0.0
        return max(0.0, self.uptime - earlier.uptime)


class Clock:
    """Tells the moment, in seconds since the epoch (UTC)."""

    def __init__(self) -> None:
        """Agree with the wall clock for now."""
        self._offset = time.time() - uptime()
        self._behind: float | None = None
        """By how much the provider's clock was ahead of ours when it was heard last."""
        self._usual: float | None = None
        """By how much it is ahead without any of our time having been lost."""

    @property
    def latest(self) -> float:
        """The moment, or a later one where the provider's clock tells that time was lost.

        A clock that stood still, with the machine or without a battery, cannot tell that by itself.
        So whoever is about to send something that waited asks here.
        """
        lost = (self._behind or 0.0) - (self._usual or 0.0)
        return self.now() + (lost if lost > TOLERANCE else 0.0)

    def heard(self, moment: float) -> None:
        """Take in what the provider's clock has just told."""
        self._behind = moment - self.now()
        if self._usual is None:
            self._usual = self._behind

    def expect_none_lost(self) -> None:
        """Believe that the provider's clock would agree with ours, had no time been lost."""
        self._usual = 0.0

    def take_as_usual(self) -> None:
        """Take the difference of the clocks for what it is from now on: one of them is wrong."""
        self._usual = self._behind

    def now(self) -> float:
        """Return the moment."""
        return uptime() + self._offset

    def uptime(self) -> float:
        """Return the seconds since the machine was started, which no correction touches."""
        return uptime()

    def correct(self) -> float:
        """Agree with the wall clock again; return by how many seconds that moved the clock."""
        correction = time.time() - self.now()
        if abs(correction) <= TOLERANCE:
            return 0.0
        self._offset += correction
        if self._behind is not None and self._usual is not None:
            self._behind -= correction
            self._usual -= correction
        return correction
