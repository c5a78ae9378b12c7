"""What a simulator was asked: every request, how many, and how many at once."""

import asyncio
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from .clock import Clock

ALL: Final = "*"
"""Stands for all endpoints together in the figures by label."""

NO_ANSWER: Final = 0
"""The status of a request that got no complete answer, or none yet."""

WINDOW: Final = 1.0
"""Seconds over which the busiest rate is counted."""

KEPT: Final = 20_000
"""Requests that stay on record: a benchmark makes more of them than anybody reads."""


@dataclass(slots=True)
class LoggedRequest:
    """One request, from its arrival on."""

    method: str
    path: str
    """With the query."""
    label: str
    """The endpoint, in a word."""
    time: float
    """When it arrived, by the simulator's clock."""
    headers: Mapping[str, str]
    body: bytes = b""
    status: int = NO_ANSWER
    duration: float | None = None
    """Seconds until the answer; None while it is being worked on."""

    def summary(self) -> dict[str, object]:
        """Return what may be shown to anybody: no header and no body, where the secrets are."""
        return {
            "method": self.method,
            "path": self.path,
            "label": self.label,
            "time": self.time,
            "status": self.status,
            "duration": self.duration,
        }


@dataclass(slots=True)
class _Meter:
    """The figures of one endpoint."""

    at_once: int = 0
    most_at_once: int = 0
    most_per_second: int = 0
    _recent: deque[float] = field(default_factory=deque)

    def arrive(self, now: float) -> None:
        """Count one more."""
        recent = self._recent
        recent.append(now)
        while recent[0] <= now - WINDOW:
            recent.popleft()
        self.most_per_second = max(self.most_per_second, len(recent))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)

    def leave(self) -> None:
        """Count one less at work."""
        self.at_once -= 1


class RequestLog:
    """All requests of a simulator's life, or since its last reset."""

    def __init__(self, clock: Clock) -> None:
        """Start with an empty page."""
        self._clock = clock
        self._arrival = asyncio.Event()
        self.clear()

    def clear(self) -> None:
        """Forget everything, requests under way included."""
        self.requests: deque[LoggedRequest] = deque(maxlen=KEPT)
        self.counts: Counter[str] = Counter()
        self._meters: dict[str, _Meter] = {ALL: _Meter()}

    def arrive(self, request: LoggedRequest) -> tuple[_Meter, _Meter]:
        """Write down a request that has come in; the meters are to be given back to `leave`."""
        meters = self._meters[ALL], self._meters.setdefault(request.label, _Meter())
        for meter in meters:
            meter.arrive(request.time)
        self.counts[request.label] += 1
        self.requests.append(request)
        self._arrival.set()
        return meters

    def leave(self, request: LoggedRequest, status: int, meters: tuple[_Meter, _Meter]) -> None:
        """Write down how a request ended."""
        request.status = status
        request.duration = self._clock() - request.time
        for meter in meters:
            meter.leave()

    def select(self, label: str | None = None, path: str = "") -> list[LoggedRequest]:
        """Return the requests to one endpoint, oldest first, whose path contains a text."""
        return [
            request
            for request in self.requests
            if label in (None, request.label) and path in request.path
        ]

    def gaps(self, label: str | None = None, path: str = "") -> list[float]:
        """Return the seconds from each of these requests to the next."""
        times = [request.time for request in self.select(label, path)]
        return [later - earlier for earlier, later in pairwise(times)]

    @property
    def most_per_second(self) -> dict[str, int]:
        """The most requests within any one second, by label; `*` is all of them together."""
        return {label: meter.most_per_second for label, meter in self._meters.items()}

    @property
    def most_at_once(self) -> dict[str, int]:
        """The most requests under way at the same time, by label; `*` is all of them together."""
        return {label: meter.most_at_once for label, meter in self._meters.items()}

    async def until(self, count: int, label: str) -> None:
        """Return as soon as so many requests to this endpoint have arrived since the last reset."""
        while self.counts[label] < count:
            self._arrival.clear()
            await self._arrival.wait()
