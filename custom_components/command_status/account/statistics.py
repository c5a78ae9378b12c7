"""How often, how well and how fast commands ended: kept up to date, so that asking costs nothing.

What the history forgets is counted no more.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil, inf
from typing import Any, Final

from ..tracking import FINAL, Command, CommandState, Tracker

SPAN: Final = 7 * 86400.0
"""Seconds for which an outcome counts."""

SLOW: Final = 0.95
"""The share of successes that are not slower than the slow time."""


@dataclass(kw_only=True, slots=True)
class _Kind:
    """The commands of one word to one target that have ended."""

    members: list[str] = field(default_factory=list)
    """Tracking ids, as they ended; a list, of which thousands take little room."""
    figures: dict[str, Any] = field(default_factory=dict)
    """What is known of them."""
    holds_until: float = -inf
    """When the oldest of them counts no more; at once after a change."""


class Statistics:
    """The figures of one account."""

    def __init__(self, tracker: Tracker) -> None:
        """Count nothing yet."""
        self._tracker = tracker
        self._kinds: dict[tuple[str, str], _Kind] = {}

    def restore(self) -> None:
        """Count what is remembered."""
        for command in self._tracker:
            if not self._tracker.is_unannounced(command.tracking_id):
                self.note(command)

    def note(self, command: Command) -> None:
        """Take in a command that has changed, or was forgotten."""
        if command.state not in FINAL:
            return
        kind = self._kinds.setdefault((command.target, command.command), _Kind())
        kind.holds_until = -inf
        counted = command.tracking_id in kind.members
        known = self._tracker.get(command.tracking_id) is not None
        if known and not counted:
            kind.members.append(command.tracking_id)
        elif counted and not known:
            kind.members.remove(command.tracking_id)

    def figures(self, now: float) -> Iterator[dict[str, Any]]:
        """Return a row for each target and command with outcomes in the span."""
        for key, kind in list(self._kinds.items()):
            if now >= kind.holds_until:
                self._count(kind, now)
            if kind.members:
                yield kind.figures
            else:
                del self._kinds[key]

    def _count(self, kind: _Kind, now: float) -> None:
        """Make the figures of one kind anew."""
        known = [self._tracker.get(tracking_id) for tracking_id in kind.members]
        recent = [c for c in known if c is not None and (c.finished_at or 0.0) > now - SPAN]
        kind.members = [command.tracking_id for command in recent]
        kind.holds_until = SPAN + min((c.finished_at or 0.0 for c in recent), default=0.0)
        kind.figures = _figures(recent) if recent else {}


def _figures(commands: list[Command]) -> dict[str, Any]:
    """Return what is told of commands of one kind, of which there is one at least."""
    states = Counter(command.state.value for command in commands)
    times = sorted(
        command.duration or 0.0 for command in commands if command.state is CommandState.SUCCESS
    )
    return {
        "target": commands[-1].target,
        "target_name": commands[-1].target_name,
        "command": commands[-1].command,
        "count": len(commands),
        "states": dict(states),
        "success_share": round(len(times) / len(commands), 4),
        "median": _within(times, 0.5),
        "p95": _within(times, SLOW),
        "requests": sum(command.polls for command in commands),
    }


def _within(times: list[float], share: float) -> float | None:
    """Return the time within which a share of them was done; None where there is none."""
    return round(times[ceil(share * len(times)) - 1], 3) if times else None
