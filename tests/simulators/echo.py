"""The smallest cloud there is, to test what all simulators share."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, override

from aiohttp import web

from simulators.base import Endpoint, Refusal, Simulator, json_answer


class Mood(StrEnum):
    """A setting with a closed list of words."""

    CALM = "calm"
    CROSS = "cross"


@dataclass(slots=True)
class EchoSettings:
    """One setting of each type."""

    mood: Mood = Mood.CALM
    patience: float = 1.0
    polite: bool = True
    limit: int = 3
    greeting: str = "hello"


class EchoSimulator(Simulator[EchoSettings]):
    """Answers with what it was told."""

    name: ClassVar[str] = "echo"

    def __init__(self, **kwargs: Any) -> None:
        """Build the cloud."""
        super().__init__(EchoSettings(), **kwargs)

    @override
    def endpoints(self) -> Iterable[Endpoint]:
        yield Endpoint("read", "GET", "/things/{thing}", self._read)
        yield Endpoint("write", "POST", "/things/{thing}", self._write)
        yield Endpoint("refuse", "GET", "/refused", self._refuse)

    @override
    def build(self) -> None:
        self.things: dict[str, str] = {"one": "1"}

    @override
    def error_body(self, status: int) -> str:
        return f'{{"echo": {status}}}'

    @override
    def state(self) -> dict[str, Any]:
        return {"things": self.things}

    @override
    def actions(self) -> Mapping[str, Callable[..., object]]:
        return {"put": self.put}

    def put(self, thing: str, value: str) -> str:
        """Change the world."""
        self.things[thing] = value
        return value

    async def _read(self, request: web.Request) -> web.Response:
        return json_answer({"thing": self.things[request.match_info["thing"]]})

    async def _write(self, request: web.Request) -> web.Response:
        return json_answer({"was": self.put(request.match_info["thing"], await request.text())})

    async def _refuse(self, _: web.Request) -> web.Response:
        raise Refusal(json_answer({"no": True}, 418))
