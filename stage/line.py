"""The line between Home Assistant and a cloud, which can be cut while the cloud goes on."""

import asyncio
from typing import Final, Self

from yarl import URL

from .process import free_port

CHUNK: Final = 65_536
"""Bytes that are passed on at a time."""


class Line:
    """Forwards an address of its own to a cloud. Cut, nobody listens at that address any more."""

    def __init__(self, to: str) -> None:
        """Choose the cloud by its address."""
        self._to = URL(to)
        self._port = free_port()
        self._server: asyncio.Server | None = None
        self._calls: set[asyncio.Task[None]] = set()
        self.url = f"http://127.0.0.1:{self._port}"

    async def mend(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self._port)

    async def cut(self) -> None:
        """Hang up on everybody and stop listening; nothing to do when it is cut."""
        if self._server is not None:
            self._server.close()
            self._server = None
        calls = tuple(self._calls)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)

    async def __aenter__(self) -> Self:
        """Listen."""
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        await self.cut()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Put one caller through, until one of the two ends hangs up."""
        call = asyncio.current_task()
        assert call is not None  # noqa: S101
        self._calls.add(call)
        try:
            far_reader, far_writer = await asyncio.open_connection(self._to.host, self._to.port)
            async with asyncio.TaskGroup() as both_ways:
                both_ways.create_task(_forward(reader, far_writer))
                both_ways.create_task(_forward(far_reader, writer))
        except* ConnectionError:
            pass  # it is the two ends that must cope with that
        finally:
            writer.transport.abort()
            self._calls.discard(call)


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes; when one end hangs up, hang up on the other."""
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    finally:
        writer.transport.abort()
