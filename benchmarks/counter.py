"""How many status requests a simulator has counted, asked from the process that makes them."""

import asyncio
from typing import Final, Self

from aiohttp import ClientSession

from stage import eventually

LOOK: Final = 0.1
"""Seconds; a pause between two rounds is longer."""
LOOKS: Final = 10


class Counter:
    """Counts from the moment at which it is entered."""

    def __init__(self, url: str) -> None:
        """Name a simulator."""
        self._url = f"{url}/_simulator/counts"
        self._before = 0

    async def __aenter__(self) -> Self:
        """Begin to count."""
        self._session = ClientSession()
        self._before = await self.polls()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        await self._session.close()

    async def polls(self) -> int:
        """Return how many status requests there have been since."""
        async with self._session.get(self._url) as response:
            counts = (await response.json())["counts"]
        return int(counts.get("status", 0)) - self._before

    async def between(self) -> int:
        """Return how many there have been when nobody is asking just now.

        Who asks in rounds is between two of them then. Who never stops is not waited for.
        """
        seen = await self.polls()
        for _ in range(LOOKS):
            await asyncio.sleep(LOOK)
            before, seen = seen, await self.polls()
            if seen == before:
                break
        return seen

    async def until(self, number: int) -> None:
        """Wait until there have been that many."""

        async def asked() -> bool:
            return await self.polls() >= number

        await eventually(asked, f"{number} status requests")
