"""What is sent next: the queue of an account, kept in order and within the provider's limits.

Two commands for the same target never overtake each other while they are being sent. Where the
provider has lanes, a command also waits until the one before it in its lane has an outcome. Limits
count a request from its end, or as happening now while it runs, so that they hold wherever in
between the cloud counts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from .command import Command, Phase
from .register import Register
from .schedule import RESEND_WITHIN, Means, Meter, Policy

MARGIN: Final = 0.1
"""Seconds added to every window of a limit: two requests may come closer together on their way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """One request to make about commands of one call: to send them, or to look for them."""

    commands: tuple[Command, ...]
    lookup: bool


@dataclass(kw_only=True, slots=True)
class _Place:
    """What the queue knows about one command."""

    tried: bool
    """Whether a request that sends it was ever made."""
    not_before: float = 0.0
    recoveries: int = 0
    running: bool = False


class Outbox:
    """The commands that were not certainly taken yet, in their order."""

    def __init__(self, policy: Policy) -> None:
        """Start empty."""
        self._policy = policy
        self._places: dict[str, _Place] = {}
        self._lanes: dict[str, str] = {}
        """The lane of every command that is under way in one."""
        self._meters: dict[tuple[int, str], Meter] = {}
        self.hold_until = 0.0
        """Nothing is sent or looked for before this moment, because the provider said so."""

    def __contains__(self, tracking_id: object) -> bool:
        """Return whether a command is waiting, or on its way."""
        return tracking_id in self._places

    def is_running(self, tracking_id: str) -> bool:
        """Return whether a request about a command is under way."""
        place = self._places.get(tracking_id)
        return place is not None and place.running

    def was_tried(self, tracking_id: str) -> bool:
        """Return whether a request that sends a waiting command was ever made."""
        return self._places[tracking_id].tried

    # Commands come and go

    def add(self, command: Command) -> None:
        """Take a command in, behind all others."""
        self._places[command.tracking_id] = _Place(tried=command.sent_at is not None)

    def occupy(self, command: Command) -> None:
        """Note that a command is under way in its lane."""
        if (lane := self._lane(command)) is not None:
            self._lanes[command.tracking_id] = lane

    def take_out(self, tracking_id: str) -> None:
        """Let a command go that was taken; it stays under way in its lane."""
        self._places.pop(tracking_id, None)

    def release(self, tracking_id: str) -> None:
        """Let a command go that has an outcome, or is forgotten."""
        self._places.pop(tracking_id, None)
        self._lanes.pop(tracking_id, None)

    # Requests begin and end

    def take(self, commands: Register, now: float) -> Errand | None:
        """Return the next errand and note that it runs; None where nothing can be sent now."""
        chosen: list[Command] = []
        for command, moment in self._ready(commands, now):
            if moment <= now and (not chosen or _alike(chosen[0], command)):
                chosen.append(command)
                if len(chosen) == self._policy.batch:
                    break
        if not chosen:
            return None
        errand = Errand(commands=tuple(chosen), lookup=self._is_lookup(chosen[0]))
        for command in errand.commands:
            self._places[command.tracking_id].running = True
            self.occupy(command)
        for meter in self._metered(errand):
            meter.running += 1
        return errand

    def done(self, errand: Errand, now: float) -> None:
        """Note that the request of an errand has ended, whatever came of it."""
        for place in self._stop(errand):
            place.tried = True
        for meter in self._metered(errand):
            meter.note(now)

    def put_back(self, errand: Errand, not_before: float) -> None:
        """Note that the request of an errand was never made, and make its commands wait."""
        for place in self._stop(errand):
            place.not_before = not_before

    def next_at(self, commands: Register, now: float) -> float | None:
        """Return when something can be sent; None while only an ending request or command helps."""
        return min((moment for _, moment in self._ready(commands, now)), default=None)

    # What may still be done about a command

    def closes_at(self, command: Command) -> float | None:
        """Return when it is too late to send a command; None while it is looked for instead."""
        if self._is_lookup(command):
            return None
        return command.deadline if self.is_running(command.tracking_id) else _last_call(command)

    def try_again(self, command: Command, moment: float) -> bool:
        """Plan another try; False where nothing may be sent any more at that moment."""
        if moment >= _last_call(command):
            return False
        self._places[command.tracking_id].not_before = moment
        return True

    def recover(self, command: Command, now: float, jitter: float) -> bool:
        """Plan how to learn whether a command was taken; False where there is no way (left)."""
        recovery = self._policy.recovery
        place = self._places[command.tracking_id]
        if recovery is None or place.recoveries >= len(recovery.pauses):
            return False
        moment = now + recovery.pauses[place.recoveries] * (1 - jitter / 4)
        place.recoveries += 1
        if recovery.means is Means.RESEND:
            return self.try_again(command, moment)
        place.not_before = moment
        return True

    def resume(self, command: Command, now: float) -> bool:
        """Plan how to learn, after a restart, whether a command was taken; False without a way."""
        recovery = self._policy.recovery
        if recovery is not None and recovery.means is Means.RESEND:
            return self.try_again(command, now)
        return self.recover(command, now, 0.0)

    def count(self, command: Command, now: float) -> None:
        """Count a request that was made before we were started."""
        for meter in self._meters_of([command]):
            meter.note(now)

    def shift(self, seconds: float) -> None:
        """Move everything that is planned, because the clock was corrected."""
        self.hold_until += seconds
        for place in self._places.values():
            place.not_before += seconds
        for meter in self._meters.values():
            meter.shift(seconds)

    # How it is done

    def _ready(self, commands: Register, now: float) -> Iterator[tuple[Command, float]]:
        """Return the commands that only time holds back, each with the moment it can be sent."""
        ahead: set[tuple[str, str]] = set()
        for tracking_id, place in self._places.items():
            command = commands[tracking_id]
            order = set(self._order(command))
            # Between the end of its request and the word on it, it still counts as being sent.
            under_way = place.running or command.phase is Phase.SENDING
            waits = under_way or not ahead.isdisjoint(order) or self._is_lane_taken(command)
            ahead |= order
            if waits:
                continue
            free = self._free_at(command, now)
            if free is None:
                continue
            moment = max(free, place.not_before, self.hold_until)
            closes = self.closes_at(command)
            if closes is None or moment < closes:
                yield command, moment

    def _order(self, command: Command) -> Iterator[tuple[str, str]]:
        """Return what a command keeps its place in line for."""
        yield "target", command.target
        if (lane := self._lane(command)) is not None:
            yield "lane", lane

    def _lane(self, command: Command) -> str | None:
        """Return the lane of a command, where the provider has lanes."""
        return None if self._policy.lane is None else self._policy.lane(command)

    def _is_lane_taken(self, command: Command) -> bool:
        """Return whether another command is under way in the lane of this one."""
        lane = self._lane(command)
        return lane is not None and any(
            taken == lane and tracking_id != command.tracking_id
            for tracking_id, taken in self._lanes.items()
        )

    def _is_lookup(self, command: Command) -> bool:
        """Return whether a command is looked for rather than sent."""
        recovery = self._policy.recovery
        return (
            command.phase is Phase.UNSURE
            and recovery is not None
            and recovery.means is Means.LOOKUP
        )

    def _free_at(self, command: Command, now: float) -> float | None:
        """Return when the limits allow a command; None while only an ending request helps."""
        if self._is_lookup(command):
            return now
        moment = now
        for meter in self._meters_of([command]):
            free = meter.free_at(now)
            if free is None:
                return None
            moment = max(moment, free)
        return moment

    def _meters_of(self, commands: Iterable[Command]) -> list[Meter]:
        """Return the meters that count a request which sends these commands."""
        keys = dict.fromkeys(
            (place, limit.key(command))
            for command in commands
            for place, limit in enumerate(self._policy.limits)
        )
        return [self._meter(place, key) for place, key in keys]

    def _meter(self, place: int, key: str) -> Meter:
        """Return the meter of one limit and key."""
        if (place, key) not in self._meters:
            limit = self._policy.limits[place]
            self._meters[place, key] = Meter(limit.count, limit.seconds + MARGIN)
        return self._meters[place, key]

    def _metered(self, errand: Errand) -> list[Meter]:
        """Return the meters that count an errand; looking for commands is no sending."""
        return [] if errand.lookup else self._meters_of(errand.commands)

    def _stop(self, errand: Errand) -> list[_Place]:
        """Note that an errand runs no more; return the places that its commands still have."""
        for meter in self._metered(errand):
            meter.running -= 1
        places = [
            self._places[command.tracking_id]
            for command in errand.commands
            if command.tracking_id in self._places
        ]
        for place in places:
            place.running = False
        return places


def _last_call(command: Command) -> float:
    """Return the moment from which a command may not be sent any more."""
    if command.sent_at is None:
        return command.deadline
    return min(command.deadline, command.sent_at + RESEND_WITHIN)


def _alike(first: Command, other: Command) -> bool:
    """Return whether two commands can go out in one request."""
    return first.batch is not None and (first.batch, first.phase) == (other.batch, other.phase)
