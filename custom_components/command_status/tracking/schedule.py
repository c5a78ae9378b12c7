"""When to ask, when to send, when to give up: pure functions of time, and meters that keep limits.

Seconds everywhere; moments are seconds since the epoch. Randomness is handed in as a number from 0
to 1, so that every schedule can be computed again in a test.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil, floor
from typing import Final

from .command import Command

RESEND_WITHIN: Final = 60.0
"""Nothing is tried again this long after it was first tried: no gate may open out of the blue."""

TICK: Final = 0.02
"""Seconds. Status requests are planned for ticks, so that commands which are due at about the same
time are asked about in one go, and stay together: waking up costs as much as asking."""

BACKOFF_CAP: Final = 60.0
"""The longest pause after failed requests, so that an account recovers within a minute."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cadence:
    """How often an open command is asked about: slower as it grows older."""

    steps: tuple[tuple[float, float], ...]
    """Rows of (up to this age, ask every so many seconds); the last row holds for ever."""
    together: bool = False
    """Whether one request answers for many commands, so that they had better be due together."""
    closest: float | None = None
    """Seconds between two questions about a command, at least, where its end is likely; None: as
    when it is young."""

    @property
    def asks(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.steps)

    @property
    def learns(self) -> bool:
        """Whether it matters how long a command takes: not where one question is for many."""
        return self.asks and not self.together

    @property
    def least(self) -> float:
        """The seconds between two questions about a command that are never undercut."""
        return self.steps[0][1] if self.closest is None else self.closest

    def interval(self, age: float) -> float:
        """Return the seconds between two status requests for a command of this age."""
        for limit, interval in self.steps:
            if age < limit:
                return interval
        return self.steps[-1][1]

    def next(self, since: float, now: float) -> float:
        """Return when to ask next about a command that was sent at `since`."""
        interval = self.interval(now - since)
        if self.together:
            return (floor(now / interval) + 1) * interval
        return now + interval


NEVER: Final = Cadence(steps=())
"""Nothing is asked: the provider tells by itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """How a late outcome is looked for after the wait window has ended."""

    first: tuple[float, ...]
    """Pauses before the first requests; the last of them repeats as `every`."""
    every: float
    until: float
    """How long it is looked for at all."""

    def next(self, since: float, now: float) -> float | None:
        """Return when to ask next, or None when it is no longer looked for."""
        moment = since
        pauses = iter(self.first)
        while moment <= now:
            pause = next(pauses, None)
            if pause is None:
                moment += (floor((now - moment) / self.every) + 1) * self.every
            else:
                moment += pause
        return moment if moment - since <= self.until else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """At most `count` requests that send within `seconds` for each key."""

    key: Callable[[Command], str]
    count: int
    seconds: float


class Means(StrEnum):
    """How to learn whether a command was taken when nobody answered."""

    RESEND = "resend"
    """Sending it again is harmless, because it carries the same key."""
    LOOKUP = "lookup"
    """It can be looked up by the mark that it carries; it is never sent again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovery:
    """What is done when nobody knows whether a command was taken."""

    means: Means
    pauses: tuple[float, ...]
    """Seconds before each try, counted from the one before; after the last the command is lost."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """The most status requests that an account makes."""

    per_second: int = 5
    at_once: int = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """Everything about a provider that decides when to ask it and when to send something to it."""

    cadence: Cadence
    watch: Watch
    window: float
    """The default wait window."""
    recovery: Recovery | None = None
    """None: a command without an answer is lost at once."""
    recovers: Callable[[Command], bool] | None = None
    """Which commands that is for; None: for all of them."""
    cadences: Mapping[str, Cadence] = field(default_factory=dict)
    """By name, the cadence of commands that have one of their own."""
    pace: Pace = Pace()
    sends_at_once: int = 16
    batch: int = 1
    """How many commands of one call go out in one request."""
    limits: tuple[Limit, ...] = ()
    lane: Callable[[Command], str | None] | None = None
    """Commands of one lane run one at a time, in their order, from sending to outcome."""
    payload_on_disk: bool = True
    """Whether what is sent may be written down until it was; else it is lost with a crash."""
    busy_pause: float = 5.0
    """Seconds before another try where the provider is busy and does not say for how long."""

    def recovery_of(self, command: Command) -> Recovery | None:
        """Return what is done when nobody knows whether a command was taken; None: it is lost."""
        return self.recovery if self.recovers is None or self.recovers(command) else None

    def cadence_of(self, command: Command) -> Cadence:
        """Return how often a command is asked about."""
        return self.cadences.get(command.command, self.cadence)


def last_call(command: Command) -> float:
    """Return the moment from which a command may not be sent any more, by what it says itself."""
    if command.sent_at is None:
        return command.deadline
    return min(command.deadline, command.sent_at + RESEND_WITHIN)


def backoff(failures: int, jitter: float) -> float:
    """Return how long to pause after so many failures in a row.

    1, 2, 4 ... seconds, shortened by up to a quarter. The exponent has a bound because an account
    may fail for weeks, and a float does not double for ever.
    """
    return min(BACKOFF_CAP, 2.0 ** min(failures - 1, 6)) * (1 - jitter / 4)


def on_tick(moment: float) -> float:
    """Return the first tick that is not before a moment."""
    return ceil(moment / TICK) * TICK


class Meter:
    """Counts events in a sliding window, so that a limit is kept rather than found out."""

    __slots__ = ("_count", "_moments", "_seconds", "running")

    def __init__(self, count: int, seconds: float) -> None:
        """Allow `count` events within any `seconds`."""
        self._count = count
        self._seconds = seconds
        self._moments: deque[float] = deque()
        self.running = 0
        """Events that have begun and not ended: they count as if they happened now."""

    def free_at(self, now: float) -> float | None:
        """Return the first moment at which another event is allowed; None if only an end helps."""
        self._let_go(now)
        taken = len(self._moments) + self.running
        if taken < self._count:
            return now
        missing = taken - self._count
        if missing >= len(self._moments):
            return None
        return self._moments[missing] + self._seconds

    def room(self, now: float) -> int:
        """Return how many more events are allowed now."""
        self._let_go(now)
        return max(0, self._count - len(self._moments) - self.running)

    def note(self, now: float) -> None:
        """Count one event that has ended at this moment."""
        self._moments.append(now)

    def counted(self, now: float) -> list[float]:
        """Return the moments that still count."""
        self._let_go(now)
        return list(self._moments)

    def shift(self, seconds: float) -> None:
        """Move everything remembered, because the clock was corrected."""
        self._moments = deque(moment + seconds for moment in self._moments)

    def _let_go(self, now: float) -> None:
        """Forget the moments that count no longer."""
        while self._moments and self._moments[0] + self._seconds <= now:
            self._moments.popleft()
