"""The one clock: UTC that never jumps while something is being waited for.

The wall clock of a Raspberry Pi is corrected when it finds the network, and it stands still in
nobody's sleep. So moments are counted by the machine's uptime, sleep included, from an offset to
the wall clock. When the wall clock was corrected, the clock says by how much, and its owner moves
what still runs along with it.
"""

import time
from typing import Final

TOLERANCE: Final = 5.0
"""Seconds that wall clock and uptime may drift apart before it counts as a correction."""


def uptime() -> float:
    """Return the seconds since the machine was started, sleep included where that is told."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Clock:
    """Tells the moment, in seconds since the epoch (UTC)."""

    def __init__(self) -> None:
        """Agree with the wall clock for now."""
        self._offset = time.time() - uptime()

    def now(self) -> float:
        """Return the moment."""
        return uptime() + self._offset

    def correct(self) -> float:
        """Agree with the wall clock again; return by how many seconds that moved the clock."""
        correction = time.time() - self.now()
        if abs(correction) <= TOLERANCE:
            return 0.0
        self._offset += correction
        return correction
