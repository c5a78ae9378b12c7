"""What all simulators have in common: an app, a log of requests, faults and a way to drive it all.

A cloud's simulator is a subclass that brings its settings (a dataclass), its table of endpoints and
its world. Everything else is here. The base knows no cloud: what only one of them does belongs in
its own folder.
"""

from abc import ABC, abstractmethod
import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
import copy
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from functools import partial
import json
import time
from typing import Any, ClassVar, Final, Self

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

from . import control
from .clock import Clock, Sleep
from .control import ControlError, Settings
from .faults import FaultKind, Faults, Handler, play
from .request_log import NO_ANSWER, LoggedRequest, RequestLog

UNKNOWN: Final = "unknown"
"""The label of paths that the simulated cloud does not have."""

JSON_HEADERS: Final[Mapping[str, str]] = {hdrs.CONTENT_TYPE: "application/json; charset=utf-8"}

SHUTDOWN_TIMEOUT: Final = 0.05
"""Seconds that open requests get when a simulator stops. A real cloud that dies gives none."""


class Refusal(Exception):  # noqa: N818 - an answer of the cloud, not an error of ours
    """Raised by a handler to end the request with this answer."""

    def __init__(self, response: web.Response) -> None:
        """Keep the answer."""
        super().__init__(response.status)
        self.response = response


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of a simulator's table of endpoints."""

    label: str
    """A short word for logs, counts and faults; several rows may share it."""
    method: str
    path: str
    handler: Handler


def json_answer(
    data: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Answer with JSON."""
    return web.Response(
        body=json.dumps(data).encode(),
        status=status,
        headers=JSON_HEADERS if headers is None else {**JSON_HEADERS, **headers},
    )


def _fitting(name: str, current: object, value: object) -> object:
    """Return a value as the type that the setting has now, or refuse it."""
    kind: type[Any] = type(current)
    if kind is float and type(value) is int:
        return float(value)
    if isinstance(current, StrEnum):
        return kind(value)
    if type(value) is not kind:
        message = f"{name} must be of type {kind.__name__}"
        raise ControlError(message)
    return value


async def _ask(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the cloud answer, be it with a refusal."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return refusal.response


class Simulator[SettingsT: Settings](ABC):
    """A cloud on loopback.

    `settings` is what the cloud is like and may be changed at any time; `faults` is what goes wrong
    next; `log` and `counts` are what it was asked; `secrets` must never be seen anywhere else.
    """

    name: ClassVar[str]
    """The cloud's name, as on the command line."""

    def __init__(
        self,
        settings: SettingsT,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        epoch: datetime | None = None,
    ) -> None:
        """Build the app and the world; `epoch` is the time of day at the clock's present moment."""
        self.settings = settings
        self.clock = clock
        self.sleep = sleep
        self.faults = Faults()
        self.log = RequestLog(clock)
        self.secrets: set[str] = set()
        self._initial_settings = copy.deepcopy(settings)
        self._epoch = (epoch or datetime.now(UTC)) - timedelta(seconds=clock())
        self._runner: web.AppRunner | None = None
        self.url = ""
        self._labels: dict[web.AbstractRoute, str] = {}
        self.app = web.Application(middlewares=[self._middleware()])
        self._control_routes = frozenset(self.app.router.add_routes(control.routes(self)))
        for endpoint in self.endpoints():
            route = self.app.router.add_route(endpoint.method, endpoint.path, endpoint.handler)
            self._labels[route] = endpoint.label
        self.build()

    # What a cloud brings.

    @abstractmethod
    def endpoints(self) -> Iterable[Endpoint]:
        """Return the table of endpoints."""

    @abstractmethod
    def build(self) -> None:
        """Make the world as it is in the beginning: devices, accounts, no commands."""

    @abstractmethod
    def error_body(self, status: int) -> str:
        """Return what this cloud says with a status, for faults that bring no body."""

    def state(self) -> dict[str, Any]:
        """Return what happened inside, as JSON, for the control API."""
        return {}

    def actions(self) -> Mapping[str, Callable[..., object]]:
        """Return what may be done to the cloud from outside, for the control API."""
        return {}

    # What a test does with it.

    @property
    def counts(self) -> Counter[str]:
        """Requests by endpoint label."""
        return self.log.counts

    def now_utc(self) -> datetime:
        """Return the time of day by the simulator's clock."""
        return self._epoch + timedelta(seconds=self.clock())

    def configure(self, changes: Mapping[str, object]) -> None:
        """Change settings by name; nothing is changed if one of them does not exist or fit."""
        known = {field.name for field in fields(self.settings)}
        if unknown := changes.keys() - known:
            message = f"unknown settings: {', '.join(sorted(unknown))}"
            raise ControlError(message)
        checked = {
            name: _fitting(name, getattr(self.settings, name), value)
            for name, value in changes.items()
        }
        for name, value in checked.items():
            setattr(self.settings, name, value)

    def reset(self) -> None:
        """Be as new, but remember the secrets: whoever searches for them does so at the end."""
        self.settings = copy.deepcopy(self._initial_settings)
        self.faults.clear()
        self.log.clear()
        self.build()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen, and return the address; port 0 picks a free one."""
        # When a client hangs up, whatever waits on its behalf ends, as the last test may be over.
        self._runner = web.AppRunner(
            self.app,
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=SHUTDOWN_TIMEOUT,
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"
        return self.url

    async def stop(self) -> None:
        """Hang up on everybody. The world stays, and `start` may be called again."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        """Listen on a free port of the loopback interface."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        await self.stop()

    # How a request is served.

    def _middleware(self) -> Middleware:
        @web.middleware
        async def serve(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._serve(request, handler)

        return serve

    async def _serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Write the request down, let a fault strike, or answer as the cloud does."""
        route = request.match_info.route
        if route in self._control_routes:
            return await handler(request)
        label = self._labels.get(route, UNKNOWN)
        logged = LoggedRequest(
            request.method, request.path_qs, label, self.clock(), request.headers
        )
        meters = self.log.arrive(logged)
        status = NO_ANSWER
        try:
            if request.can_read_body:
                logged.body = await request.read()
            response = await self._answer(label, request, handler)
            if not response.prepared:
                # By its own clock, which need not be that of the machine.
                response.headers.setdefault(hdrs.DATE, format_datetime(self.now_utc(), usegmt=True))
            transport = request.transport
            if transport is not None and not transport.is_closing():
                status = response.status
        except web.HTTPException as err:
            status = err.status
            raise
        else:
            return response
        finally:
            self.log.leave(logged, status, meters)

    async def _answer(
        self, label: str, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Answer with or without a fault."""
        fault = self.faults.take(label, request.path_qs)
        if fault is None:
            return await _ask(request, handler)
        if fault.kind is FaultKind.STATUS and fault.body is None:
            fault.body = self.error_body(fault.status or 500)
        return await play(fault, request, partial(_ask, handler=handler), self.sleep)
