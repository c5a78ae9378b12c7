"""Waiting for something to become true, for as long as a slow machine may need."""

import asyncio
from collections.abc import Awaitable, Callable
import time
from typing import Final

from .errors import OutOfPatienceError

PATIENCE: Final = 60.0
"""Seconds after which something that should happen soon is given up. Only failures wait so long."""

INTERVAL: Final = 0.05
"""Seconds between two looks at something that cannot call us."""


async def eventually[T](
    look: Callable[[], Awaitable[T]], what: str, *, within: float = PATIENCE
) -> T:
    """Look again and again, and return the first thing that counts as true.

    Raises OutOfPatienceError, which says `what` was waited for and what was seen last.
    """
    ends = time.monotonic() + within
    while not (seen := await look()):
        if time.monotonic() > ends:
            message = f"no {what} within {within:g} s; last seen: {seen!r}"
            raise OutOfPatienceError(message)
        await asyncio.sleep(INTERVAL)
    return seen
