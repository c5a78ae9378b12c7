"""The commands that were taken: where each one is at a moment, and which keep their network busy.

Nothing runs here: a command's state is computed from its script and the time that has passed
whenever somebody looks, so that ten thousand of them cost no more than one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import Final

from .scripts import USUAL_SECONDS, Script

FIRST_ID: Final = 1_678_210_511


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a command is to do."""

    command: str
    """The word on the wire, such as `thumbnail` or `config_set`."""
    network_id: int
    target: str | None
    """The word on the wire: `camera`, or None."""
    target_id: int | None
    last_stage: str
    """The stage at which it is done when all goes well."""
    effect: Callable[[], object]
    """Changes the world when it succeeds."""
    children: tuple[int, ...] = ()
    """The cameras that get a command of their own from it."""


@dataclass(frozen=True, slots=True)
class Look:
    """A command as it is at one moment."""

    complete: bool
    condition: str
    stages: dict[str, float]
    """When it reached each stage; the last one is where it is."""

    @property
    def stage(self) -> str:
        """The stage where it is."""
        return next(reversed(self.stages))


@dataclass(slots=True, kw_only=True)
class Command:
    """One command that was taken."""

    id: int
    wish: Wish
    script: Script
    created: float
    created_at: datetime
    transaction: str
    child_ids: tuple[int, ...]
    completes: float
    """The moment from which on it is complete."""
    stopped: bool = False
    """Whether `done` came before it was complete."""
    answers: int = 0
    """How often its status was told."""

    def look(self, now: float) -> Look:
        """Return where it is."""
        stages = self._passed(min(now, self.completes))
        if now < self.completes:
            condition = self.script.condition if len(stages) > 1 else "new"
            return Look(complete=False, condition=condition, stages=stages)
        if self.stopped:
            return Look(complete=True, condition="done", stages=stages)
        if self.script.failed:
            return Look(complete=True, condition="error", stages=stages)
        stages.setdefault(self.wish.last_stage, self.completes)
        return Look(complete=True, condition="done", stages=stages)

    def _passed(self, now: float) -> dict[str, float]:
        """Return when it reached each stage until now."""
        seconds = USUAL_SECONDS if self.script.seconds is None else self.script.seconds
        pause = seconds / (len(self.script.stages) + 2)
        moments = {
            stage: self.created + number * pause
            for number, stage in enumerate(self.script.stages, start=1)
        }
        return {"rest": self.created} | {
            stage: moment for stage, moment in moments.items() if moment <= now
        }


@dataclass(slots=True)
class Lane:
    """The commands that keep one network busy."""

    most_at_once: int = 0
    """The highest number of commands that somebody wanted to run at the same time."""
    busy_until: float = -inf
    """Until then a camera records motion, which keeps the sync module busy, too."""
    _running: set[int] = field(default_factory=set)
    _ends: list[tuple[float, int]] = field(default_factory=list)

    def running(self, now: float) -> int:
        """Return how many commands run now."""
        while self._ends and self._ends[0][0] <= now:
            self._running.discard(heappop(self._ends)[1])
        return len(self._running)

    def attempt(self, now: float) -> bool:
        """Count one more that wants to run; tell whether the network is busy."""
        running = self.running(now)
        self.most_at_once = max(self.most_at_once, running + 1)
        return bool(running) or now < self.busy_until

    def begin(self, command_id: int, until: float) -> None:
        """Let a command run."""
        self._running.add(command_id)
        heappush(self._ends, (until, command_id))

    def end(self, command_id: int) -> None:
        """Let a command have ended early."""
        self._running.discard(command_id)


class Book:
    """All commands of the account."""

    def __init__(self) -> None:
        """Begin with none."""
        self.commands: dict[int, Command] = {}
        self._lanes: dict[int, Lane] = {}
        self._effects: list[tuple[float, int, Command]] = []
        self._ids = count(FIRST_ID)

    def lane(self, network_id: int) -> Lane:
        """Return what keeps a network busy."""
        return self._lanes.setdefault(network_id, Lane())

    @property
    def most_at_once(self) -> dict[int, int]:
        """The highest number of commands at once, by network."""
        return {network_id: lane.most_at_once for network_id, lane in self._lanes.items()}

    def begin(
        self, wish: Wish, story: Script, *, now: float, at: datetime, hold_limit: float
    ) -> Command:
        """Take a command."""
        number = next(self._ids)
        command = Command(
            id=number,
            wish=wish,
            script=story,
            created=now,
            created_at=at,
            transaction=f"t{number:x}",
            child_ids=tuple(next(self._ids) for _ in wish.children),
            completes=inf if story.seconds is None else now + story.seconds,
        )
        self.commands[number] = command
        self.lane(wish.network_id).begin(number, min(command.completes, now + hold_limit))
        heappush(self._effects, (command.completes, number, command))
        return command

    def find(self, network_id: int, command_id: int) -> Command | None:
        """Return a command of a network."""
        command = self.commands.get(command_id)
        return command if command and command.wish.network_id == network_id else None

    def end(self, command: Command, now: float) -> None:
        """Say `done`: it stops where it is, unless it was complete already."""
        if now < command.completes:
            command.completes, command.stopped = now, True
            self.lane(command.wish.network_id).end(command.id)

    def complete(self, command: Command, story: Script, now: float) -> None:
        """Let a command be complete from now on, as its new script says."""
        command.script, command.completes = story, now
        self.lane(command.wish.network_id).end(command.id)
        heappush(self._effects, (now, command.id, command))

    def forget(self, command: Command) -> None:
        """Let a command be unknown; what it was to do is done all the same."""
        del self.commands[command.id]

    def settle(self, now: float) -> None:
        """Let the world be what the commands that have succeeded until now made of it."""
        while self._effects and self._effects[0][0] <= now:
            moment, _, command = heappop(self._effects)
            if moment == command.completes and not (command.stopped or command.script.failed):
                command.wish.effect()
