"""One renewal at a time: whoever needs a token waits for the same one.

A renewal may bring a refresh token that is the only good one from then on. So one that has begun is
carried through, whatever becomes of its callers.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from .base import Keep
from .errors import ProviderConnectionError


class Renewal[T]:
    """What asks for a new token, for everybody who waits for one."""

    def __init__(self, name: str, renew: Callable[[], Coroutine[Any, Any, T]]) -> None:
        """Ask for nothing yet; `name` is that of the task which does."""
        self._name = name
        self._renew = renew
        self._task: asyncio.Task[T] | None = None

    async def wait(self) -> T:
        """Return what the renewal under way brings, or raise what it raises."""
        if self._task is None:
            self._task = asyncio.create_task(self._renew(), name=self._name)
            self._task.add_done_callback(self._end)
        task = self._task
        # Unlike the task itself, waiting for it can be cancelled without consequences.
        await asyncio.wait((task,))
        return task.result()

    async def finish(self) -> None:
        """Wait for the end of a renewal under way, whatever it brings."""
        if self._task is not None:
            await asyncio.wait((self._task,))

    def _end(self, task: asyncio.Task[T]) -> None:
        """Make room for the next renewal, and see the error even if every caller has gone."""
        self._task = None
        if not task.cancelled():
            task.exception()


async def store(keep: Keep, credentials: Mapping[str, str]) -> None:
    """Have credentials with a new refresh token stored.

    Raises ProviderConnectionError where that fails: the token must not be used before.
    """
    try:
        await keep(credentials)
    except Exception as err:  # whatever went wrong above us, they are not on disk
        raise ProviderConnectionError("the new refresh token could not be stored") from err
