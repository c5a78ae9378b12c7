"""Misbehaviour on demand: what networks, proxies and clouds do to a client on a bad day."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
import socket
import struct
from typing import Any, Final

from aiohttp import hdrs, web

from .clock import Sleep

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FaultKind(StrEnum):
    """What goes wrong."""

    DELAY = "delay"
    """Nothing but `delay`: the right answer, late."""
    STATUS = "status"
    """Not processed; an answer with `status`, `headers` and `body`."""
    RESET = "reset"
    """Not processed; the connection is reset before any answer.

    aiohttp's client silently repeats a GET once, unless it is told not to: order two resets where a
    bare one is to notice.
    """
    SILENCE = "silence"
    """Not processed; no answer ever, until the client hangs up."""
    DROP = "drop"
    """Processed, then the connection is reset before any answer: the client cannot know."""
    CUT = "cut"
    """Processed; half of the answer, then the end of the connection."""
    GARBAGE = "garbage"
    """Not processed; an answer that calls itself JSON and is none."""
    HTML = "html"
    """Not processed; a web page, such as proxies and login walls show."""
    WRONG_TYPE = "wrong_type"
    """Processed; the right answer under the wrong content type."""
    HUGE = "huge"
    """Not processed; a JSON answer of `size` bytes, streamed without a length."""
    REDIRECT = "redirect"
    """Not processed; `status` 302 to `location`, on another host."""


@dataclass(slots=True)
class Fault:
    """One order to misbehave."""

    kind: FaultKind
    _: KW_ONLY
    label: str | None = None
    """The endpoint that it strikes; None: all of them."""
    path: str = ""
    """Strikes only paths (with query) that contain this."""
    skip: int = 0
    """Lets this many matching requests pass first."""
    times: int | None = 1
    """Strikes this many requests, then it is gone; None: until it is removed."""
    delay: float = 0
    """Seconds to wait first, whatever the kind."""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    """None: what the simulated cloud would say with this status."""
    size: int = 5 * 1024 * 1024
    location: str = "http://elsewhere.invalid/"

    def __post_init__(self) -> None:
        """Take the kind as a word, too, as it comes from the control API."""
        self.kind = FaultKind(self.kind)

    def strikes(self, label: str, path: str) -> bool:
        """Tell whether this request is the one, and count it."""
        if self.label not in (None, label) or self.path not in path:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """The orders that stand, in the order in which they were given."""

    def __init__(self) -> None:
        """Begin with good behaviour."""
        self._standing: list[Fault] = []

    def add(self, kind: FaultKind | str, label: str | None = None, **details: Any) -> Fault:
        """Order a fault; the details are the fields of `Fault`."""
        fault = Fault(FaultKind(kind), label=label, **details)
        self._standing.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Take back an order that may have been used up already."""
        self._standing = [other for other in self._standing if other is not fault]

    def clear(self) -> None:
        """Take back all orders."""
        self._standing.clear()

    def __iter__(self) -> Iterator[Fault]:
        """Go through the orders that stand."""
        return iter(self._standing)

    def take(self, label: str, path: str) -> Fault | None:
        """Return the fault that strikes this request, if any."""
        if not self._standing:
            return None
        fault = next((fault for fault in self._standing if fault.strikes(label, path)), None)
        if fault and fault.times == 0:
            self.remove(fault)
        return fault


def _hang_up(request: web.Request) -> web.StreamResponse:
    """Reset the connection; what is returned goes nowhere."""
    transport = request.transport
    if transport is not None:
        # With no time to linger the kernel sends RST, where an ordinary close would send FIN.
        transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        transport.abort()
    return web.Response()


async def _process(_: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    return await handler(request)


async def _answer_status(fault: Fault, _: web.Request, __: Handler) -> web.StreamResponse:
    return web.Response(
        status=fault.status or 500,
        text=fault.body,
        headers={hdrs.CONTENT_TYPE: "application/json", **fault.headers},
    )


async def _reset(_: Fault, request: web.Request, __: Handler) -> web.StreamResponse:
    return _hang_up(request)


async def _stay_silent(_: Fault, __: web.Request, ___: Handler) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def _drop(_: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    await handler(request)
    return _hang_up(request)


async def _cut(_: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    whole = await handler(request)
    body = whole.body if isinstance(whole, web.Response) else None
    assert isinstance(body, bytes)  # noqa: S101
    half = web.StreamResponse(status=whole.status, headers=whole.headers)
    half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return half


async def _answer_garbage(fault: Fault, _: web.Request, __: Handler) -> web.StreamResponse:
    return web.Response(
        status=fault.status or 200,
        body=b'{"code": "SUCC\xff\xfe',
        headers={hdrs.CONTENT_TYPE: "application/json", **fault.headers},
    )


async def _answer_html(fault: Fault, _: web.Request, __: Handler) -> web.StreamResponse:
    return web.Response(
        status=fault.status or 200,
        text=fault.body or "<!doctype html><title>Just a moment</title><p>Please wait.</p>",
        headers={hdrs.CONTENT_TYPE: "text/html; charset=utf-8", **fault.headers},
    )


async def _mislabel(_: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    response.content_type = "text/plain"
    return response


async def _answer_hugely(fault: Fault, request: web.Request, _: Handler) -> web.StreamResponse:
    response = web.StreamResponse(
        status=fault.status or 200,
        headers={hdrs.CONTENT_TYPE: "application/json", **fault.headers},
    )
    await response.prepare(request)
    head, chunk, tail = b'{"padding": "', b"x" * 65_536, b'"}'
    await response.write(head)
    remaining = fault.size - len(head) - len(tail)
    while remaining > 0:
        await response.write(chunk[:remaining])
        remaining -= len(chunk)
    await response.write(tail)
    return response


async def _redirect(fault: Fault, _: web.Request, __: Handler) -> web.StreamResponse:
    return web.Response(
        status=fault.status or 302, headers={hdrs.LOCATION: fault.location, **fault.headers}
    )


_PLAYS: Final[
    Mapping[FaultKind, Callable[[Fault, web.Request, Handler], Awaitable[web.StreamResponse]]]
] = {
    FaultKind.DELAY: _process,
    FaultKind.STATUS: _answer_status,
    FaultKind.RESET: _reset,
    FaultKind.SILENCE: _stay_silent,
    FaultKind.DROP: _drop,
    FaultKind.CUT: _cut,
    FaultKind.GARBAGE: _answer_garbage,
    FaultKind.HTML: _answer_html,
    FaultKind.WRONG_TYPE: _mislabel,
    FaultKind.HUGE: _answer_hugely,
    FaultKind.REDIRECT: _redirect,
}


async def play(
    fault: Fault, request: web.Request, handler: Handler, sleep: Sleep
) -> web.StreamResponse:
    """Answer a request as the fault demands."""
    if fault.delay:
        await sleep(fault.delay)
    return await _PLAYS[fault.kind](fault, request, handler)
