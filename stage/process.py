"""Programs that we start, and that end when we do."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
import contextlib
import ctypes
from itertools import chain, count
import os
from pathlib import Path
import signal
import socket
import sys
from typing import Any, Final, Protocol, Self, override

from .errors import DiedError

ROOT: Final = Path(__file__).resolve().parents[1]
"""The repository."""

PR_SET_PDEATHSIG: Final = 1
"""From <linux/prctl.h>: the signal that a process gets when its parent dies."""

GRACE: Final = 60.0
"""Seconds that a program may take to end by itself."""


PORTS: Final = range(20_000, 32_000)
"""Below those that systems give to outgoing connections: a server that is down for a moment must
find its port again. Processes that run side by side begin in different places."""

_next_ports: Final = count(os.getpid() * 97)


def free_port(preferred: int = 0) -> int:
    """Return a free port of the loopback interface: the preferred one where that is free."""
    candidates = (PORTS[next(_next_ports) % len(PORTS)] for _ in PORTS)
    for port in chain(filter(None, [preferred]), candidates):
        with socket.socket() as probe:
            # As servers do, so that connections of a former server in TIME_WAIT do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    message = "no free port on 127.0.0.1"
    raise OSError(message)


def leash() -> Callable[[], None]:
    """Return what ties a child to our life, also where we are killed and cannot end it."""
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None).prctl  # found before the fork: after it, nothing but calls is safe
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Started(ABC):
    """What runs from the beginning of a `with` block to its end, whatever happens."""

    @abstractmethod
    async def start(self) -> Any:
        """Start; what a start that fails has left is stopped."""

    @abstractmethod
    async def stop(self) -> None:
        """Stop; does nothing where nothing runs."""

    async def __aenter__(self) -> Self:
        """Start."""
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()


class Running(Protocol):
    """A program that was launched: the leader of a group of its own."""

    @property
    def pid(self) -> int:
        """Its id."""

    @property
    def returncode(self) -> int | None:
        """Its exit code, below 0 for the signal that ended it; None while it is running."""

    def terminate(self) -> None:
        """Ask it to end (SIGTERM)."""

    async def wait(self) -> int:
        """Wait until it has ended, and return its exit code."""


type Launch = Callable[[Sequence[str], Path, Mapping[str, str]], Awaitable[Running]]
"""How to start a command in `ROOT`: where its output is added, and what its environment has more.

The terminal's Ctrl-C is not for what is launched: we end it in order.
"""


async def execute(command: Sequence[str], output: Path, environment: Mapping[str, str]) -> Running:
    """Launch a command as a shell does."""
    with output.open("ab") as file:
        return await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
            preexec_fn=leash(),
        )


class Process(Started):
    """A program in a group of its own, which ends with everything that it started itself."""

    def __init__(
        self,
        *command: str | Path,
        output: Path,
        environment: Mapping[str, str] | None = None,
        launch: Launch = execute,
    ) -> None:
        """Note what to start; what it writes is added to the file `output`."""
        self._command = tuple(map(str, command))
        self._environment = environment or {}
        self._launch = launch
        self._process: Running | None = None
        self.output = output

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """The id of the process; raises RuntimeError before the first start."""
        return self._started.pid

    @override
    async def start(self) -> None:
        """Start it; raises RuntimeError while it is running."""
        if self.running:
            message = f"{self._command[0]} is running"
            raise RuntimeError(message)
        self._process = await self._launch(self._command, self.output, self._environment)

    @override
    async def stop(self, grace: float = GRACE) -> None:
        """Ask it to end (SIGTERM), and end it after that many seconds in any case."""
        if self.running:
            self._started.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self._started.wait()
        await self.kill()

    async def kill(self) -> None:
        """End it and everything that it started, at once and without a warning (SIGKILL)."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()

    async def until_ended(self) -> int:
        """Wait until it ends by itself, and return its exit code."""
        return await self._started.wait()

    def check(self) -> None:
        """Raise DiedError when it has ended."""
        if not self.running:
            written = (
                self.output.read_text(errors="replace").strip() if self.output.exists() else ""
            )
            message = (
                f"{self._command[0]} ended with {self._started.returncode}:\n{written[-3000:]}"
            )
            raise DiedError(message)

    @property
    def _started(self) -> Running:
        if self._process is None:
            message = f"{self._command[0]} was not started"
            raise RuntimeError(message)
        return self._process
