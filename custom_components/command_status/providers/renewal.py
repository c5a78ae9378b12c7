"""One renewal at a time: parallel callers who need a token wait for the same one."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class Renewal[T]:
    """What asks for a new token, for everybody who waits for one."""

    def __init__(self, name: str, renew: Callable[[], Coroutine[Any, Any, T]]) -> None:
        """Ask for nothing yet; `name` is that of the task which does."""
        self._name = name
        self._renew = renew
        self._task: asyncio.Task[T] | None = None
        self._waiting = 0

    async def wait(self) -> T:
        """Return what the renewal under way brings; it goes on as long as anybody waits for it."""
        if self._task is None:
            self._task = asyncio.create_task(self._renew(), name=self._name)
        task = self._task
        self._waiting += 1
        try:
            await asyncio.wait((task,))
        finally:
            self._waiting -= 1
            if not self._waiting:
                task.cancel()
                self._task = None
        return task.result()
