"""How an account comes to its end: what sends is waited for, and everything is written down."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from .background import Background
from .parts import Parts
from .telling import Telling


class Closing:
    """The end of one account, in the order that loses nothing."""

    def __init__(
        self, parts: Parts, telling: Telling, errands: Background, askers: Background
    ) -> None:
        """Close nothing yet."""
        self._parts = parts
        self._telling = telling
        self._errands = errands
        self._askers = askers

    async def async_run(self, patience: float, first: Iterable[Callable[[], None]]) -> None:
        """Close what takes in anything new first, and wait some seconds for what sends."""
        hass = self._parts.hass
        for close in first:
            self._carefully(close)
        until = hass.loop.time() + patience
        await self._async_wait(self._errands.tasks | self._askers.tasks, until)
        self._errands.cut()
        last = Background(hass, "close", self._parts.mishaps, lambda: None)
        last.start(self._parts.provider.close())
        await self._async_wait(last.tasks, until)
        last.cut()
        self._carefully(self._telling.close)
        await self._parts.keeper.async_close()
        self._parts.connection.close()
        self._parts.display.announcing = False

    def _carefully(self, close: Callable[[], None]) -> None:
        """Close one part; what it throws keeps no other from being closed."""
        with self._parts.mishaps.survived("A part of the account could not be closed"):
            close()

    async def _async_wait(self, tasks: set[asyncio.Task[Any]], until: float) -> None:
        """Wait for tasks until a moment of the loop's own time."""
        if tasks:
            await asyncio.wait(tasks, timeout=until - self._parts.hass.loop.time())
