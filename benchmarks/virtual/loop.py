"""An event loop whose time jumps to the next alarm whenever there is nothing to do.

Sockets, files and threads are real and take real time, so the loop must not jump while one of them
is at work: it knows of every job in its executor, of every HTTP request of the sessions that it was
told of, and of whoever asks it to stand still.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from selectors import DefaultSelector, SelectorKey
from typing import Any, Final, override
from unittest.mock import patch

from aiohttp import ClientSession

START: Final = 1_800_000_000.0
"""The moment at which every measurement begins, in seconds since the epoch: always the same."""

UPTIME: Final = 1000.0
"""How long the machine seems to have run by then. A loop needs its time finer than a microsecond,
and so small."""

PATIENCE: Final = 60.0
"""Real seconds after which whatever the loop stands still for will not come any more."""


class StuckError(Exception):
    """Raised when the loop stands still for something that does not come."""


class _Jumper(DefaultSelector):
    """Waits for sockets as long as something is at work; else lets the time pass at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now = UPTIME
        self.jobs = 0
        self.sessions: list[ClientSession] = []

    @property
    def is_at_work(self) -> bool:
        """Whether a thread or a request has something to bring before the time may go on."""
        # A session holds a connection from the moment it wants to ask until the answer was read.
        # There is no public way to know.
        return self.jobs > 0 or any(
            session.connector is not None and session.connector._acquired  # noqa: SLF001
            for session in self.sessions
        )

    @override
    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        events = super().select(0)
        if events or timeout == 0:
            return events
        if timeout is not None and not self.is_at_work:
            self.now += timeout
            return events
        events = super().select(PATIENCE)
        if not events:
            raise StuckError
        return events


class VirtualLoop(asyncio.EventLoop):
    """A loop with a time of its own, which is that of the whole process while it runs."""

    def __init__(self) -> None:
        """Begin at `START`, as the wall clock tells it."""
        self._jumper = _Jumper()
        super().__init__(self._jumper)

    @override
    def time(self) -> float:
        return self._jumper.now

    def wall_time(self) -> float:
        """Return the seconds since the epoch."""
        return START - UPTIME + self.time()

    def utcnow(self) -> datetime:
        """Return the same as Home Assistant wants it."""
        return datetime.fromtimestamp(self.wall_time(), UTC)

    def mind(self, session: ClientSession) -> None:
        """Stand still for the requests of a session from now on."""
        self._jumper.sessions.append(session)

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let no time pass, since a thread that the loop does not know is at work."""
        self._jumper.jobs += 1
        try:
            yield
        finally:
            self._jumper.jobs -= 1

    @override
    def run_in_executor[*Ts, T](
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        future = super().run_in_executor(executor, func, *args)
        self._jumper.jobs += 1
        future.add_done_callback(self._ended)
        return future

    @override
    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        with self.standing_still():
            await super().shutdown_default_executor(timeout)

    def _ended(self, _: asyncio.Future[Any]) -> None:
        self._jumper.jobs -= 1


def virtual_loop() -> VirtualLoop:
    """Return the loop that runs, which must be a virtual one."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop


async def in_virtual_time[T](work: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine function in a virtual loop, in a thread of its own, and return its result.

    The clocks of the whole process tell the loop's time meanwhile, so it should be a child's.
    """
    return await asyncio.to_thread(_run, work)


def _run[T](work: Callable[[], Awaitable[T]]) -> T:
    async def main() -> T:
        loop = virtual_loop()
        clocks: dict[str, Callable[[], Any]] = {
            "time.time": loop.wall_time,
            "time.monotonic": loop.time,
            "custom_components.command_status.account.clock.uptime": loop.time,
            "homeassistant.util.dt.utcnow": loop.utcnow,
            "homeassistant.helpers.entity.timer": loop.wall_time,
            "homeassistant.helpers.event.time_tracker_utcnow": loop.utcnow,
            "homeassistant.helpers.event.time_tracker_timestamp": loop.wall_time,
        }
        with ExitStack() as stack:
            for name, clock in clocks.items():
                stack.enter_context(patch(name, clock))
            return await work()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())
