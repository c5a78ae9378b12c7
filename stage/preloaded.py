"""Home Assistant as a copy of a process that has imported it already.

Of six seconds of processor that a start takes, five go into imports. Tests that start it dozens of
times import it once; everything else is done anew at each start.
"""

import asyncio
from collections.abc import Mapping, Sequence
import multiprocessing
from multiprocessing.context import ForkServerProcess
import os
from pathlib import Path
import sys
from typing import Final

from .patience import eventually
from .process import ROOT, Running, leash

_COPIES: Final = multiprocessing.get_context("forkserver")
_COPIES.set_forkserver_preload(["stage.imports"])


async def preloaded(
    command: Sequence[str], output: Path, environment: Mapping[str, str]
) -> Running:
    """Launch Home Assistant, with the arguments of a command.

    Raises ValueError for that of another environment than the one that we run in.
    """
    if Path(command[0]).parent != Path(sys.prefix, "bin"):
        message = f"{command[0]} is of another environment than {sys.prefix}"
        raise ValueError(message)
    process = _COPIES.Process(target=_become, args=(command, output, environment), daemon=True)
    await asyncio.to_thread(process.start)  # the first one waits for all imports
    copy = _Copy(process)
    await eventually(copy.leads, "a copy that leads its group")
    return copy


class _Copy:
    """A process that was forked from the one that has imported everything."""

    def __init__(self, process: ForkServerProcess) -> None:
        """Take it as it runs."""
        assert process.pid is not None  # noqa: S101
        self._process = process
        self.pid: int = process.pid
        self.terminate = process.terminate

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    async def wait(self) -> int:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        code = self.returncode
        assert code is not None  # noqa: S101
        return code

    async def leads(self) -> bool:
        """Return whether it is the leader of its group, which ends with it."""
        return os.getpgid(self.pid) == self.pid


def _become(command: Sequence[str], output: Path, environment: Mapping[str, str]) -> None:
    """Be Home Assistant from now on."""
    os.setsid()
    leash()()
    os.chdir(ROOT)
    os.environ.update(environment)
    with output.open("ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    sys.argv[:] = command
    # As for the program itself: of our integration it knows what lies in its own folder.
    sys.path[:] = [folder for folder in sys.path if Path(folder).resolve() != ROOT]

    from homeassistant.__main__ import main  # noqa: PLC0415 - only who launches it needs it

    sys.exit(main())
