"""A client that hides nothing: what it asked and what came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import json
from typing import Any

from aiohttp import ClientSession


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.text)


@dataclass(slots=True)
class Client:
    """Asks one simulator."""

    session: ClientSession
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    """Sent with every request."""

    async def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask once; redirects are not followed."""
        async with self.session.request(
            method,
            self.url + path,
            json=body,
            headers={**self.headers, **(headers or {})},
            allow_redirects=False,
        ) as response:
            return Answer(response.status, response.headers, await response.text(errors="replace"))
