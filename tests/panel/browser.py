"""A browser that listens at the WebSocket, without a window."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

from ..house import House

PATIENCE: Final = 20_000
"""Turns of the loop after which nothing more is told."""


class Browser:
    """One connection, and the commands that it has been told of."""

    def __init__(self, house: House, socket: MockHAClientWebSocket) -> None:
        """Know nothing yet."""
        self._house = house
        self._socket = socket
        self.shown: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []

    async def ask(self, command: str, **fields: Any) -> dict[str, Any]:
        """Send a command and return the answer to it."""
        await self._socket.send_json_auto_id({"type": f"command_status/{command}", **fields})
        answer: dict[str, Any] = await self._socket.receive_json()
        return answer

    async def subscribe(self, **fields: Any) -> list[dict[str, Any]]:
        """Subscribe, and return what is told first."""
        assert (await self.ask("subscribe", **fields))["success"]
        first = await self.hear()
        commands: list[dict[str, Any]] = first["commands"]
        return commands

    async def hear(self) -> dict[str, Any]:
        """Return the next event, after taking it in."""
        message = await self._receive()
        event: dict[str, Any] = message["event"]
        self.events.append(event)
        self.shown |= {record["tracking_id"]: record for record in event["commands"]}
        for tracking_id in event["removed"]:
            del self.shown[tracking_id]
        return event

    async def _receive(self) -> dict[str, Any]:
        """Return the next message; the time stands still, so that patience is counted in turns."""
        receiving = asyncio.ensure_future(self._socket.receive_json())
        for _ in range(PATIENCE):
            if receiving.done():
                message: dict[str, Any] = receiving.result()
                return message
            await asyncio.sleep(0)
        receiving.cancel()
        raise AssertionError("nothing more is told")

    async def hear_after(self, seconds: float = 0.5) -> dict[str, Any]:
        """Let time pass, and return the next event."""
        await self._house.go_by(seconds)
        return await self.hear()

    @property
    def states(self) -> list[str]:
        """The states that are shown, in the order in which commands were accepted."""
        return [record["state"] for _, record in sorted(self.shown.items())]


type Open = Callable[..., Awaitable[Browser]]
