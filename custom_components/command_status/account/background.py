"""Work in the background that its owner can see, wait for and cut."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from homeassistant.core import HomeAssistant

from ..const import DOMAIN
from .mishaps import Mishaps


class Background:
    """The running tasks of one kind."""

    def __init__(
        self, hass: HomeAssistant, name: str, mishaps: Mishaps, ended: Callable[[], None]
    ) -> None:
        """Name the kind; `ended` is called after each task."""
        self.tasks: set[asyncio.Task[Any]] = set()
        self.closed = False
        """Whether nothing more is run."""
        self._hass = hass
        self._name = f"{DOMAIN} {name}"
        self._mishaps = mishaps
        self._ended = ended

    def __len__(self) -> int:
        """Return how many run."""
        return len(self.tasks)

    def start[T](self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run something until it has ended; what comes after the end is cut before it begins."""
        task = self._hass.async_create_background_task(work, self._name, eager_start=False)
        self.tasks.add(task)
        task.add_done_callback(self._done)
        if self.closed:
            task.cancel()
        return task

    def cut(self) -> None:
        """Run nothing more, and cut what runs."""
        self.closed = True
        for task in self.tasks:
            task.cancel()

    def _done(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        err = None if task.cancelled() else task.exception()
        if isinstance(err, Exception):
            self._mishaps.note(f"The task {self._name!r} has stopped", err)
        self._ended()
