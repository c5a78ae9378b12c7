"""A server that wants more than it is given, and a neighbour that nobody may ever ask."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import json
from typing import Any, Final

from aiohttp import web

SECRET: Final = "hostile-token-61f0"
LURE: Final = "${secret.token} {{ states('sun.sun') }} ${account.base_url}"
"""What would tell something if anything were ever read again."""

DESCRIPTION: Final = """
format: 1
key: hostile
name: Hostile
base_url: "${account.base_url}"
auth: {type: bearer}
check: {path: /check}
targets:
  get: {path: /list}
  items: items
  keep: {site: site}
  page: {next: next}
error: error
commands:
  go:
    parameters: [{name: what, default: x}]
    send:
      method: POST
      path: "/go/${target}/${target.site}"
      headers: {X-What: "${parameter.what}"}
    id: id
    keep: {at: at}
    ask: {url: "${kept.at}", outcome: {word: state, words: {success: [done]}, result: result}}
    cancel: {method: DELETE, path: "/go/${id}"}
  plain:
    send: {method: POST, path: "/go/${target}"}
    id: id
    ask: {path: "/ask/${id}", outcome: {word: state, words: {success: [done]}, reason: state}}
    cancel: {method: DELETE, path: "/go/${id}"}
poll: {first: 1, every: 1}
"""

type Play = Callable[[web.Request], Any]
"""Answers a request: data, or a whole response."""


@dataclass(slots=True)
class Hostile:
    """The server; `plays` says what it answers by the first part of the path."""

    url: str = ""
    trap: str = ""
    """The address of the neighbour."""
    asked: list[web.Request] = field(default_factory=list)
    trapped: list[str] = field(default_factory=list)
    """What the neighbour was asked: method and address of each request."""
    plays: dict[str, Play] = field(default_factory=dict)

    def behave(self) -> None:
        """Answer as a good server would, and forget what it was asked."""
        self.asked.clear()
        self.trapped.clear()
        self.plays.clear()
        self.plays |= {
            "check": lambda _: {},
            "list": lambda _: {"items": [{"id": "t", "name": "Thing", "site": "s"}], "next": None},
            "go": lambda _: {"id": "1", "at": f"{self.url}/ask/1"},
            "ask": lambda _: {"state": "done"},
        }

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        self.asked.append(request)
        told = self.plays[request.path.split("/")[1]](request)
        if isinstance(told, web.StreamResponse):
            return told
        return web.json_response(told)

    async def note(self, request: web.Request) -> web.StreamResponse:
        """Note what the neighbour was asked."""
        self.trapped.append(f"{request.method} {request.url} {dict(request.headers)}")
        return web.json_response({"state": "done", "items": []})

    def to_trap(self, status: int = 302) -> Play:
        """Return a redirect to the neighbour."""
        return lambda _: web.Response(status=status, headers={"Location": f"{self.trap}/"})


@asynccontextmanager
async def hostile_server() -> AsyncIterator[Hostile]:
    """Start both, each on a port of its own."""
    hostile = Hostile()
    runners = [await _runner(hostile.answer), await _runner(hostile.note)]
    hostile.url, hostile.trap = (
        "http://{}:{}".format(*runner.addresses[0][:2]) for runner in runners
    )
    hostile.behave()
    try:
        yield hostile
    finally:
        for runner in runners:
            await runner.cleanup()


async def _runner(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> web.AppRunner:
    """Return a server that answers everything with one handler."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


def huge(_: web.Request) -> web.Response:
    """Answer with more than anybody wants to hold."""
    return web.Response(
        text=json.dumps({"id": "1", "state": "done", "filler": "x" * 2_000_000}),
        content_type="application/json",
    )
