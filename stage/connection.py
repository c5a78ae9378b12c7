"""One WebSocket connection to Home Assistant, as its frontend keeps one."""

import asyncio
from collections.abc import AsyncIterator, Callable
import contextlib
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Self

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from .errors import CommandError, OutOfPatienceError
from .patience import PATIENCE

type Json = dict[str, Any]

HUNG_UP: Final = "Home Assistant hung up"


@dataclass(eq=False, slots=True)
class Subscription:
    """What Home Assistant has told since we asked to be told, oldest first."""

    select: Callable[[Any], Any] = lambda message: message
    """Takes out of a message what is of interest."""
    messages: list[Any] = field(default_factory=list)
    _arrival: asyncio.Event = field(default_factory=asyncio.Event)

    def receive(self, message: Any) -> None:
        """Keep what is of interest in a message, and wake who waits."""
        self.messages.append(self.select(message))
        self._arrival.set()

    async def until(
        self,
        fits: Callable[[Any], object] = lambda _: True,
        *,
        number: int = 1,
        within: float = PATIENCE,
    ) -> list[Any]:
        """Return the messages that fit as soon as there are that many, earlier ones included."""
        try:
            async with asyncio.timeout(within):
                while len(found := [each for each in self.messages if fits(each)]) < number:
                    self._arrival.clear()
                    await self._arrival.wait()
        except TimeoutError:
            message = f"{number} fitting messages within {within:g} s; seen: {self.messages!r}"
            raise OutOfPatienceError(message) from None
        return found


class Connection:
    """Commands with numbered answers, and subscriptions."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        """Take over a socket on which we are already known."""
        self._socket = socket
        self._numbers = count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._subscriptions: dict[int, Subscription] = {}
        self._reader = asyncio.create_task(self._read(), name="stage: WebSocket")

    @classmethod
    async def open(cls, session: ClientSession, url: str, token: str) -> Self:
        """Connect and log in; raises aiohttp.ClientError where nobody listens."""
        socket = await session.ws_connect(f"{url}/api/websocket", max_msg_size=0)
        await socket.receive_json()  # auth_required
        await socket.send_json({"type": "auth", "access_token": token})
        answer = await socket.receive_json()
        if answer["type"] != "auth_ok":
            await socket.close()
            raise CommandError({"code": answer["type"], "message": answer.get("message", "")})
        return cls(socket)

    async def command(self, kind: str, /, **fields: Any) -> Any:
        """Send a command and return its result; raises CommandError or ConnectionError."""
        _, result = await self._command(kind, fields)
        return result

    @asynccontextmanager
    async def subscribe(
        self, select: Callable[[Any], Any], kind: str, /, **fields: Any
    ) -> AsyncIterator[Subscription]:
        """Send a command that subscribes to something, and collect what is selected of it."""
        subscription = Subscription(select)
        number, _ = await self._command(kind, fields, subscription)
        try:
            yield subscription
        finally:
            del self._subscriptions[number]
            with contextlib.suppress(ConnectionError):  # it may have been stopped meanwhile
                await self.command("unsubscribe_events", subscription=number)

    async def close(self) -> None:
        """Hang up."""
        await self._socket.close()
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader

    async def _command(
        self, kind: str, fields: Json, subscription: Subscription | None = None
    ) -> tuple[int, Any]:
        if self._reader.done():
            raise ConnectionError(HUNG_UP)
        number = next(self._numbers)
        if subscription is not None:
            self._subscriptions[number] = subscription  # its first news may outrun the answer
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send_json({"id": number, "type": kind, **fields})
            return number, await answer
        except CommandError:
            self._subscriptions.pop(number, None)
            raise
        finally:
            del self._answers[number]

    async def _read(self) -> None:
        """Hand every message to whom it is for, until the connection ends."""
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._deliver(message.json())
        finally:
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(ConnectionError(HUNG_UP))

    def _deliver(self, message: Json) -> None:
        number = message["id"]
        if message["type"] == "event":
            if number in self._subscriptions:
                self._subscriptions[number].receive(message["event"])
            return
        answer = self._answers.get(number)
        if answer is None or answer.done():
            return
        if message.get("success", True):
            answer.set_result(message.get("result"))
        else:
            answer.set_exception(CommandError(message["error"]))
