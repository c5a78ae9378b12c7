"""A process of its own for whatever is measured: `python -m benchmarks.child MODULE:FUNCTION JSON`.

Whatever one contestant leaves behind (memory, warm caches, garbage) would be the next one's burden.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
import json
import os
import pkgutil
import sys
import traceback
from typing import Any, Final

type Work[T] = Callable[..., Awaitable[T]]

MARK: Final = "result: "
"""What the line with the result begins with; everything else that is printed is an error."""


class ChildError(Exception):
    """Raised when a measurement did not come to its end."""


async def in_child[T](work: Work[T], /, **arguments: Any) -> T:
    """Run a coroutine function in a process of its own and return its result.

    Arguments and result go through JSON. Raises ChildError with what the process printed.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        f"{work.__module__}:{work.__qualname__}",
        json.dumps(arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = await process.communicate()
    except BaseException:
        if process.returncode is None:
            os.killpg(process.pid, 9)
        raise
    lines = output.decode(errors="replace").splitlines()
    for line in reversed(lines):
        if line.startswith(MARK):
            result: T = json.loads(line.removeprefix(MARK))
            return result
    raise ChildError("\n".join(lines[-80:]))


def main() -> None:
    """Do the work that the command line names."""
    name, text = sys.argv[1:]
    arguments: Mapping[str, Any] = json.loads(text)
    result: Any = asyncio.run(pkgutil.resolve_name(name)(**arguments))
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
