"""What is sent next: the queue of an account, kept in order and within the provider's limits.

Two commands for the same target never overtake each other while they are being sent. Where the
provider has lanes, a command also waits until the one before it in its lane has an outcome. Limits
count a request from its end, or as happening now while it runs, so that they hold wherever in
between the cloud counts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Final

from .command import Command, Phase
from .register import Register
from .schedule import Means, Meter, Policy, last_call

MARGIN: Final = 0.1
"""Seconds added to every window of a limit: two requests may come closer together on their way."""

LAST_TRY: Final = 1.0
"""Seconds before it is too late at which a last try is made, where only our own guess of how long
to wait would lead past the end."""

SEARCH: Final = 30.0
"""Seconds for which a command is looked for at least, however short its window."""


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
    unseen: bool = False
    """Whether it must be looked for before it is sent: what we remember may be a backup's."""
    closes: float = inf
    """Too late from here on, whatever its own moments say, which a wrong clock may have told."""
    search_ends: float = 0.0


class Outbox:
    """The commands that were not certainly taken yet, in their order."""

    def __init__(self, policy: Policy) -> None:
        """Start empty."""
        self.policy = policy
        self._places: dict[str, _Place] = {}
        self._lanes: dict[str, str] = {}
        """The lane of every command that is under way in one."""
        self._meters: dict[tuple[int, str], Meter] = {}
        self.hold_until = 0.0
        """Nothing is sent or looked for before this moment, because the provider said so."""
        self.guess_until = 0.0
        """The same where the provider did not say for how long; a last try is made all the same."""

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

    def add(self, command: Command, closes: float = inf) -> None:
        """Take a command in, behind all others; it is too late for it from `closes` on."""
        place = _Place(tried=command.sent_at is not None, closes=closes)
        self._places[command.tracking_id] = place

    def distrust(self, command: Command) -> None:
        """Look for a waiting command before it is sent, where the provider lets us look."""
        self._places[command.tracking_id].unseen = self._has(command, Means.LOOKUP)

    def believe(self, tracking_id: str) -> bool:
        """Note that a command was looked for and not found; True if it was distrusted until now."""
        place = self._places[tracking_id]
        distrusted, place.unseen = place.unseen, False
        return distrusted

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

    def take(self, commands: Register, now: float, *, looking_only: bool = False) -> Errand | None:
        """Return the next errand and note that it runs; None where nothing can be sent now."""
        chosen: list[Command] = []
        for command, moment in self._ready(commands, now, looking_only=looking_only):
            if moment <= now and (not chosen or self._alike(chosen[0], command)):
                chosen.append(command)
                if len(chosen) == self.policy.batch:
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

    def next_at(
        self, commands: Register, now: float, *, looking_only: bool = False
    ) -> float | None:
        """Return when something can be sent; None while only an ending request or command helps."""
        ready = self._ready(commands, now, looking_only=looking_only)
        return min((moment for _, moment in ready), default=None)

    # What may still be done about a command

    def closes_at(self, command: Command) -> float | None:
        """Return when it is too late to send a command, or to look for it; None during a look.

        A search lasts as long as the window, or a little longer where that is short.
        """
        place = self._places[command.tracking_id]
        if place.running and self._is_lookup(command):
            return None
        if command.phase is Phase.UNSURE and self._has(command, Means.LOOKUP):
            return max(self._deadline(command), place.search_ends)
        return self._deadline(command) if place.running else self.last_call(command)

    def last_call(self, command: Command) -> float:
        """Return the moment from which a command may not be sent any more."""
        return min(last_call(command), self._places[command.tracking_id].closes)

    def try_again(self, command: Command, moment: float) -> bool:
        """Plan another try; False where nothing may be sent any more at that moment."""
        if moment >= self.last_call(command):
            return False
        self._places[command.tracking_id].not_before = moment
        return True

    def try_about(self, command: Command, moment: float, now: float) -> bool:
        """Plan another try at about a moment, which may come sooner rather than too late."""
        last_try = self.last_call(command) - LAST_TRY
        return now < last_try and self.try_again(command, min(moment, last_try))

    def recover(self, command: Command, now: float, jitter: float) -> bool:
        """Plan how to learn whether a command was taken; False where there is no way (left)."""
        recovery = self.policy.recovery_of(command)
        place = self._places[command.tracking_id]
        if recovery is None or place.recoveries >= len(recovery.pauses):
            return False
        moment = now + recovery.pauses[place.recoveries] * (1 - jitter / 4)
        if not place.recoveries:
            place.search_ends = now + SEARCH
        place.recoveries += 1
        if recovery.means is Means.RESEND:
            return self.try_again(command, moment)
        place.not_before = moment
        return True

    def resume(self, command: Command, now: float) -> bool:
        """Plan how to learn, after a restart, whether a command was taken; False without a way."""
        recovery = self.policy.recovery_of(command)
        if recovery is not None and recovery.means is Means.RESEND:
            return self.try_again(command, now)
        return self.recover(command, now, 0.0)

    def count(self, command: Command, now: float) -> None:
        """Count a request that was made before we were started."""
        for meter in self._meters_of([command]):
            meter.note(now)

    def counted(self, now: float) -> Iterator[tuple[tuple[int, str], list[float]]]:
        """Return the moments that still count against each limit, by its place and key."""
        for key, meter in self._meters.items():
            if moments := meter.counted(now):
                yield key, moments

    def count_again(self, place: int, key: str, moments: Iterable[float]) -> None:
        """Count what counted before we were started; raises IndexError for a limit of the past."""
        meter = self._meter(place, key)
        for moment in sorted(moments):
            meter.note(moment)

    def shift(self, seconds: float) -> None:
        """Move everything that is planned, because the clock was corrected."""
        self.hold_until += seconds
        self.guess_until += seconds
        for place in self._places.values():
            place.not_before += seconds
            place.closes += seconds
            place.search_ends += seconds
        for meter in self._meters.values():
            meter.shift(seconds)

    # How it is done

    def _ready(
        self, commands: Register, now: float, *, looking_only: bool
    ) -> Iterator[tuple[Command, float]]:
        """Return the commands that only time holds back, each with the moment it can be sent."""
        ahead: set[tuple[str, str]] = set()
        for tracking_id, place in self._places.items():
            command = commands[tracking_id]
            order = set(self._order(command))
            # Between the end of its request and the word on it, it still counts as being sent.
            under_way = place.running or command.phase is Phase.SENDING
            waits = under_way or not ahead.isdisjoint(order) or self._is_lane_taken(command)
            ahead |= order
            if waits or (looking_only and not self._is_lookup(command)):
                continue
            free = self._free_at(command, now)
            if free is None:
                continue
            closes = self.last_call(command)
            if self._is_lookup(command):
                yield command, max(free, place.not_before, self.hold_until, self.guess_until)
                continue
            guess = min(self.guess_until, closes - LAST_TRY)
            moment = max(free, place.not_before, self.hold_until, guess)
            if moment < closes:
                yield command, moment

    def _order(self, command: Command) -> Iterator[tuple[str, str]]:
        """Return what a command keeps its place in line for."""
        yield "target", command.target
        if (lane := self._lane(command)) is not None:
            yield "lane", lane

    def _lane(self, command: Command) -> str | None:
        """Return the lane of a command, where the provider has lanes."""
        return None if self.policy.lane is None else self.policy.lane(command)

    def _is_lane_taken(self, command: Command) -> bool:
        """Return whether another command is under way in the lane of this one."""
        lane = self._lane(command)
        return lane is not None and any(
            taken == lane and tracking_id != command.tracking_id
            for tracking_id, taken in self._lanes.items()
        )

    def _is_lookup(self, command: Command) -> bool:
        """Return whether a command is looked for rather than sent."""
        unsure = command.phase is Phase.UNSURE and self._has(command, Means.LOOKUP)
        return unsure or self._places[command.tracking_id].unseen

    def _has(self, command: Command, means: Means) -> bool:
        """Return whether this is how the provider lets us learn whether it was taken."""
        recovery = self.policy.recovery_of(command)
        return recovery is not None and recovery.means is means

    def _deadline(self, command: Command) -> float:
        """Return the end of a command's window, which a wrong clock may have told."""
        return min(command.deadline, self._places[command.tracking_id].closes)

    def _alike(self, first: Command, other: Command) -> bool:
        """Return whether two commands can go out in one request."""
        return first.batch is not None and self._kind(first) == self._kind(other)

    def _kind(self, command: Command) -> tuple[str | None, Phase, bool]:
        """Return what commands of one request have in common."""
        return (command.batch, command.phase, self._is_lookup(command))

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
            for place, limit in enumerate(self.policy.limits)
        )
        return [self._meter(place, key) for place, key in keys]

    def _meter(self, place: int, key: str) -> Meter:
        """Return the meter of one limit and key."""
        if (place, key) not in self._meters:
            limit = self.policy.limits[place]
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
