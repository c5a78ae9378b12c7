"""A process of its own for whatever is measured: `python -m benchmarks.child MODULE:FUNCTION`.

Whatever one contestant leaves behind (memory, warm caches, garbage) would be the next one's burden.
Each line of its input holds the arguments of a call as JSON, and is answered by a line of output.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
import json
import os
import pkgutil
import sys
import traceback
from typing import Any, Final

type Work[T] = Callable[..., Awaitable[T]]

LONGEST_LINE: Final = 2**24
"""Bytes; a line of results holds whatever was measured."""
MARK: Final = "result: "
"""What the line with the result begins with; everything else that is printed is an error."""


class ChildError(Exception):
    """Raised when a measurement did not come to its end."""


@asynccontextmanager
async def standing[T](work: Work[T]) -> AsyncGenerator[Work[T]]:
    """Start a process that calls a coroutine function whenever it is asked to.

    Arguments and results go through JSON. A call raises ChildError with what the process printed.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        f"{work.__module__}:{work.__qualname__}",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
        limit=LONGEST_LINE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    asked, told = process.stdin, process.stdout

    async def call(**arguments: Any) -> T:
        asked.write(json.dumps(arguments).encode() + b"\n")
        printed = []
        while line := (await told.readline()).decode(errors="replace"):
            if line.startswith(MARK):
                result: T = json.loads(line.removeprefix(MARK))
                return result
            printed.append(line)
        raise ChildError("".join(printed[-80:]))

    try:
        yield call
    finally:
        if process.returncode is None:
            os.killpg(process.pid, 9)
        await process.wait()


async def in_child[T](work: Work[T], /, **arguments: Any) -> T:
    """Call a coroutine function once in a process of its own; as `standing`."""
    async with standing(work) as call:
        return await call(**arguments)


def main() -> None:
    """Do the work that the command line names, as often as the input says."""
    work: Work[Any] = pkgutil.resolve_name(sys.argv[1])
    for line in sys.stdin:
        result = asyncio.run(work(**json.loads(line)))
        print(f"{MARK}{json.dumps(result)}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except BaseException:  # noqa: BLE001 - all that is left to do is to tell
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    # Threads of an executor that wait for a disk would keep the process; nothing is left to do.
    os._exit(0)
