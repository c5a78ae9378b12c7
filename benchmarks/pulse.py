"""The pulse of an event loop: how long it was kept from turning."""

import asyncio
import time
from typing import Final, Self

PERIOD: Final = 0.001
"""Seconds between two beats."""

LONGEST_BLOCK: Final = 0.02
"""Seconds that a loop may be kept from turning."""


class Pulse:
    """Beats once a millisecond, and notes the longest pause between two beats.

    On a machine with other things to do, a pause also comes from having to wait for a processor.
    So it is also told how much CPU time this process, with all its threads, has used in the worst
    of them: whoever keeps a loop from turning uses CPU time, in the loop's own thread or, holding
    the interpreter's lock, in another one.
    """

    def __init__(self) -> None:
        """Begin with nothing noted."""
        self.longest = 0.0
        """Seconds by the clock."""
        self.longest_cpu = 0.0
        """Seconds of CPU time."""
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        """Begin to beat."""
        self._loop = asyncio.get_running_loop()
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        self._timer = self._loop.call_later(PERIOD, self._beat)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop; a pause that has just begun counts."""
        assert self._timer is not None
        self._timer.cancel()
        self._note()

    @property
    def result(self) -> dict[str, float]:
        """The longest pause, as it is handed over from process to process."""
        return {"block": self.longest, "block_cpu": self.longest_cpu}

    def _beat(self) -> None:
        self._note()
        self._timer = self._loop.call_later(PERIOD, self._beat)

    def _note(self) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        self.longest = max(self.longest, wall - self._wall - PERIOD)
        self.longest_cpu = max(self.longest_cpu, cpu - self._cpu)
        self._wall, self._cpu = wall, cpu
