"""Work in the background that its owner can see, wait for and cut."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from homeassistant.core import HomeAssistant

from ..const import DOMAIN


class Background:
    """The running tasks of one kind."""

    def __init__(self, hass: HomeAssistant, name: str, ended: Callable[[], None]) -> None:
        """Name the kind; `ended` is called after each task."""
        self.tasks: set[asyncio.Task[None]] = set()
        self._hass = hass
        self._name = f"{DOMAIN} {name}"
        self._ended = ended

    def __len__(self) -> int:
        """Return how many run."""
        return len(self.tasks)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something until it has ended."""
        task = self._hass.async_create_background_task(work, self._name, eager_start=False)
        self.tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self._ended()
