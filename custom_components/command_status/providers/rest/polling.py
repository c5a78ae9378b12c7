"""How fast a description is asked: its `poll`, and the policy that comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any, Final

from ...tracking import NOTHING, Cadence, Command, Limit, Means, Pace, Policy, Recovery, Watch
from ..mistakes import Place
from .reading import Keys, boolean, listing, number, whole

WINDOW: Final = 60.0
"""Seconds to wait for an outcome where a command says nothing else."""
HOUR: Final = 3600.0
LATE: Final = 600.0
"""Seconds after the end of a window in which a late outcome is looked for."""
BRISK: Final = 60.0
"""Seconds of age up to which a command is asked about as often as it may be."""
STEADY: Final = 600.0
"""Seconds of age up to which it is asked about a third as often."""
REPEATS: Final = Recovery(means=Means.RESEND, pauses=(1, 2, 4, 8, 15, 15))
"""As for every other cloud with a mark of ours: within the minute in which anything may be sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Poll:
    """How often to ask, and how many at a time."""

    first: float = 1.0
    every: float = 5.0
    slowest: float = 60.0
    after: float = 30.0
    per_second: int = 5
    at_once: int = 4
    one_at_a_time: bool = False
    sends: tuple[tuple[int, float], ...] = ()

    @property
    def cadence(self) -> Cadence:
        """How often an open command is asked about."""
        slowest = max(self.slowest, self.every)
        steady = min(self.every * 3, slowest)
        steps = [(self.first, self.first), (BRISK, self.every), (STEADY, steady), (inf, slowest)]
        return Cadence(steps=tuple(steps))


def policy(
    pace: Poll, *, repeatable: frozenset[str] = frozenset(), paces: Mapping[str, Poll] = NOTHING
) -> Policy:
    """Return the policy of an account.

    `repeatable` are the commands that may be sent again, `paces` those with a pace of their own.
    """
    lane: Callable[[Command], str | None] | None = _target if pace.one_at_a_time else None
    return Policy(
        cadence=pace.cadence,
        watch=Watch(first=(), every=pace.after, until=LATE),
        window=WINDOW,
        recovery=REPEATS if repeatable else None,
        recovers=lambda command: command.command in repeatable,
        cadences={name: own.cadence for name, own in paces.items()},
        pace=Pace(per_second=pace.per_second, at_once=pace.at_once),
        limits=tuple(Limit(key=_account, count=c, seconds=s) for c, s in pace.sends),
        lane=lane,
    )


def poll(plain: Any, place: Place) -> Poll:
    """Read how fast to ask."""
    usual = Poll()
    with Keys(plain, place) as keys:
        return Poll(
            first=keys.take("first", number(0.5, HOUR), usual.first),
            every=keys.take("every", number(1, HOUR), usual.every),
            slowest=keys.take("slowest", number(1, HOUR), usual.slowest),
            after=keys.take("after", number(5, HOUR), usual.after),
            per_second=keys.take("per_second", whole(1, 20), usual.per_second),
            at_once=keys.take("at_once", whole(1, 16), usual.at_once),
            one_at_a_time=keys.take("one_at_a_time", boolean, usual.one_at_a_time),
            sends=keys.take("sends", listing(_limit, at_most=5), usual.sends),
        )


def _limit(plain: Any, place: Place) -> tuple[int, float]:
    """Read how many commands may be sent within so many seconds."""
    with Keys(plain, place) as keys:
        return keys.take("count", whole(1, 10_000)), keys.take("seconds", number(1, 86400))


def _target(command: Command) -> str:
    """Return the lane of a command: its target."""
    return command.target


def _account(_: Command) -> str:
    """Return what a limit counts for: the whole account."""
    return ""
