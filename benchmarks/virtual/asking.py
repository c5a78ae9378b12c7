"""Our own tracker with a provider's own policy, and answers out of completion times.

What decides when to ask runs as it is; Home Assistant, HTTP and the disk are left out, so that half
a million questions take a minute.
"""

from collections.abc import Iterator
from math import inf
from typing import Final

from custom_components.command_status.tracking import (
    Command,
    CommandState,
    Observation,
    Policy,
    Tracker,
)

from .loop import START
from .pasts import Times

PAUSE: Final = 30.0
"""Seconds between two commands."""
COMMAND: Final = "ON"
RUNNING: Final = Observation(state=CommandState.IN_PROGRESS)
DONE: Final = Observation(state=CommandState.SUCCESS, settled=True)

type Cost = tuple[int, float]
"""The requests for a command, and how late its end was known; infinite where it never ended."""


def costs(policy: Policy, times: Times, *, learn: bool, window: float) -> list[Cost]:
    """Follow the commands of one key, one after the other.

    Who does not learn sends each of them to a target of its own.
    """
    tracker = Tracker(policy)
    now = START
    found = []
    for number, seconds in enumerate(times):
        target = "dev-0/1" if learn else f"dev-{number}/1"
        command = Command(
            tracking_id=f"{number:03}",
            target=target,
            target_name=target,
            network_id="network",
            command=COMMAND,
            created_at=now,
            deadline=now + window,
        )
        *asked, now = _follow(tracker, command, now, now + seconds)
        found.append((len(asked), now - command.created_at - seconds if seconds < inf else inf))
        tracker.forget(command.tracking_id)
        now += PAUSE
    return found


def _follow(tracker: Tracker, command: Command, now: float, ends: float) -> Iterator[float]:
    """Return the moments of the questions about an open command, and that of its last change."""
    tracker.open(command)
    errand = tracker.next_errand(now)
    assert errand is not None
    tracker.done(errand, now)
    tracker.answered(command.tracking_id, RUNNING, now)
    while (alarm := tracker.next_alarm(now)) is not None:
        now = alarm
        tracker.tick(now)
        for due in tracker.due(now, 1):
            tracker.questions.pace.note(now)
            answer = DONE if now >= ends else RUNNING
            tracker.observe(due.tracking_id, answer, now)
            if not due.final:
                yield now
    yield now
