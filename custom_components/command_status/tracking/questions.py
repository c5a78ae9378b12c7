"""What is asked next: which commands are due, at which pace, and when nobody may be asked at all.

A command has a *slot* here from the moment it is accepted until nothing more will be learned about
it. While it is open, its policy's cadence says when to ask, or what is known of how long such a
command takes (see `habit`); after its wait window has ended, the watch does. A provider without a
cadence is never asked: it tells by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf
from typing import Final

from .command import OPEN, Command, CommandState, Phase
from .habit import Habits, Key
from .schedule import Meter, Policy, backoff, on_tick

HOLD_OFF_CAP: Final = 30.0
"""The longest pause after requests that were too many, where nobody says how long to wait."""
ENDS: Final = frozenset({CommandState.SUCCESS, CommandState.FAILURE, CommandState.TIMEOUT})
"""What a provider says of a command that has taken its time; the other outcomes came of something
else."""
PACE_MARGIN: Final = 0.05
"""Seconds added to the second in which status requests are counted."""


@dataclass(kw_only=True, slots=True)
class _Slot:
    """What the schedule knows about a command that is open, or watched for a late outcome."""

    due: float | None = None
    asking: bool = False
    asked_at: float = 0.0
    misses: int = 0
    polls: int = 0
    began: float = inf
    """When it was taken up again, where its own moments lie after that: a wrong clock told them."""
    open_at: float | None = None
    """The last moment at which it had not ended; None where that is not known, or of no use."""


class Questions:
    """The commands of one account that are open, or watched for a late outcome."""

    def __init__(self, policy: Policy) -> None:
        """Start empty."""
        self.policy = policy
        self._slots: dict[str, _Slot] = {}
        self._asks: list[tuple[float, str]] = []
        self._failures = 0
        self._refusals = 0
        self._quiet_until = 0.0
        self.habits = Habits()
        """How long commands took that were asked about."""
        self.pace = Meter(policy.pace.per_second, 1 + PACE_MARGIN)
        """Counts status requests; whoever makes one notes it here."""

    def __contains__(self, tracking_id: object) -> bool:
        """Return whether something may still be learned about a command."""
        return tracking_id in self._slots

    def __iter__(self) -> Iterator[str]:
        """Return the tracking ids of the commands that are open or watched."""
        return iter(self._slots)

    def __len__(self) -> int:
        """Return how many commands are open or watched."""
        return len(self._slots)

    # Commands come and go

    def begin(self, command: Command) -> None:
        """Take a command in; nothing is asked about it yet."""
        self._slots[command.tracking_id] = _Slot(polls=command.polls)

    def distrust(self, tracking_id: str, now: float) -> None:
        """Count the age of a command from now, where its own moments lie in the future."""
        self._slots[tracking_id].began = now

    def drop(self, tracking_id: str) -> None:
        """Let go of a command about which nothing more will be learned."""
        self._slots.pop(tracking_id, None)

    def polls(self, command: Command) -> int:
        """Return how many status requests concerned a command, those since its last change too."""
        slot = self._slots.get(command.tracking_id)
        return command.polls if slot is None else slot.polls

    def is_asking(self, tracking_id: str) -> bool:
        """Return whether a question about a command is under way."""
        slot = self._slots.get(tracking_id)
        return slot is not None and slot.asking

    # What is planned

    def plan(self, tracking_id: str, moment: float) -> None:
        """Ask about a command at a moment, where the provider is asked at all."""
        if self.policy.cadence.asks:
            self._slots[tracking_id].due = moment
            heappush(self._asks, (moment, tracking_id))

    def plan_first(self, command: Command, now: float) -> None:
        """Begin to ask about a command that was just taken."""
        cadence = self.policy.cadence_of(command)
        if not cadence.asks:
            return
        self._slots[command.tracking_id].open_at = command.sent_at
        expected = self._expected(command, now)
        self.plan(
            command.tracking_id, on_tick(cadence.next(now, now) if expected is None else expected)
        )

    def plan_next(self, command: Command, now: float, pause: float) -> None:
        """Ask about an open command again, after a pause at least."""
        if not self.policy.cadence.asks:
            return
        slot = self._slots[command.tracking_id]
        since = command.created_at if command.sent_at is None else command.sent_at
        # Counted from the question: an answer that is slow makes the next one no later.
        expected = self._expected(command, slot.asked_at)
        if expected is None:
            cadence = self.policy.cadence_of(command)
            expected = cadence.next(min(since, slot.began), slot.asked_at)
        self.plan(command.tracking_id, on_tick(max(expected, now + pause)))

    def plan_watch(self, command: Command, now: float) -> float | None:
        """Look for the late outcome of a final command; return when, or None when no longer."""
        began = self._slots[command.tracking_id].began
        since = min(now if command.finished_at is None else command.finished_at, began)
        if not self.policy.cadence.asks:
            ends = since + self.policy.watch.until
            return ends if now < ends else None
        moment = self.policy.watch.next(since, now)
        is_planned = self._slots[command.tracking_id].due is not None
        if moment is not None and command.phase is Phase.TAKEN and not is_planned:
            self.plan(command.tracking_id, moment)
        return moment

    def unplan(self, tracking_id: str) -> None:
        """Ask no more about a command, unless that is planned anew."""
        if (slot := self._slots.get(tracking_id)) is not None:
            slot.due = None

    # Questions are asked and answered

    def is_due(self, now: float) -> bool:
        """Return whether a command may be due; `due` says which, if any."""
        return bool(self._asks) and self._asks[0][0] <= now

    def due(self, now: float, most: int | None) -> list[str]:
        """Return the commands to ask about now, the longest due first; each counts as asked."""
        due: list[str] = []
        if now < self._quiet_until:
            return due
        while self._asks and self._asks[0][0] <= now and (most is None or len(due) < most):
            moment, tracking_id = heappop(self._asks)
            slot = self._slots.get(tracking_id)
            if slot is None or slot.due != moment:
                continue
            slot.asking = True
            slot.asked_at = now
            slot.due = None
            due.append(tracking_id)
        return due

    def answered(self, tracking_id: str, now: float) -> bool:
        """Count a question that was answered; False where nobody minds any more."""
        slot = self._asked(tracking_id, now)
        if slot is not None:
            slot.misses = 0
        return slot is not None

    def missed(self, tracking_id: str, now: float, jitter: float) -> float | None:
        """Count a question that brought nothing; return the pause after it, None as above."""
        slot = self._asked(tracking_id, now)
        if slot is None:
            return None
        slot.misses += 1
        return backoff(slot.misses, jitter)

    # What is learned

    def learn(self, command: Command, said: CommandState | None, now: float) -> None:
        """Take in what the answer to a question tells about how long such a command takes."""
        slot = self._slots[command.tracking_id]
        if said in OPEN:
            slot.open_at = slot.asked_at
        elif said is not None:
            if said in ENDS:
                self._learn(command, now)
            slot.open_at = None

    def give_up(self, command: Command) -> None:
        """Take in that a command was not seen to end for as long as it was looked for."""
        if command.state is CommandState.TIMEOUT:
            self._learn(command, inf)

    def _learn(self, command: Command, until: float) -> None:
        """Note between which moments a command has ended."""
        open_at, sent_at = self._slots[command.tracking_id].open_at, command.sent_at
        learns = self.policy.cadence_of(command).learns
        if learns and open_at is not None and sent_at is not None:
            self.habits.learn(_key(command), open_at - sent_at, until - sent_at)

    def _expected(self, command: Command, asked_at: float) -> float | None:
        """Return when to ask after a question that found a command open, as the past has it.

        None where the past says nothing.
        """
        cadence = self.policy.cadence_of(command)
        began = self._slots[command.tracking_id].began
        if not cadence.learns or command.sent_at is None or command.sent_at > began:
            return None
        forecast = self.habits.forecast(_key(command))
        if forecast is None:
            return None
        age = asked_at - command.sent_at
        interval = cadence.interval(age)
        moment = asked_at + forecast.pause(age, interval, cadence.least)
        # No window may end with an outcome unnoticed that the cadence would have found.
        return min(moment, max(command.deadline - interval, asked_at + interval))

    # The provider as a whole

    @property
    def quiet_until(self) -> float:
        """The moment before which nothing is asked."""
        return self._quiet_until

    def hold(self, moment: float) -> None:
        """Ask nothing before a moment, because the provider said so."""
        self._quiet_until = max(self._quiet_until, moment)

    def unreachable(self, now: float, jitter: float) -> None:
        """Ask nothing for a while, longer with every failure."""
        if now >= self._quiet_until:
            self._failures += 1
            self._quiet_until = now + backoff(self._failures, jitter)

    def hold_off(self, now: float) -> float:
        """Ask nothing for a while, longer each time the provider has had enough; return until when.

        1, 2, 4 ... seconds: it did not say for how long.
        """
        if now >= self._quiet_until:  # those that were under way together are one refusal
            self._refusals += 1
            self._quiet_until = now + min(HOLD_OFF_CAP, 2.0 ** min(self._refusals - 1, 5))
        return self._quiet_until

    def reached(self) -> None:
        """Note that the provider answers."""
        self._failures = 0
        self._refusals = 0

    def room(self, now: float) -> int:
        """Return how many status requests may be made now."""
        return 0 if now < self._quiet_until else self.pace.room(now)

    def free_at(self, now: float) -> float | None:
        """Return when another status request may be made; None while only an answer helps."""
        free = self.pace.free_at(now)
        return None if free is None else max(free, self._quiet_until)

    def next_at(self, now: float) -> float | None:
        """Return when the next status request can be made; None while only an answer helps."""
        while self._asks:
            moment, tracking_id = self._asks[0]
            slot = self._slots.get(tracking_id)
            if slot is not None and slot.due == moment:
                free = self.free_at(now)
                return None if free is None else max(moment, free)
            heappop(self._asks)
        return None

    def shift(self, seconds: float) -> None:
        """Move everything that is planned, because the clock was corrected."""
        for slot in self._slots.values():
            slot.asked_at += seconds
            slot.began += seconds
            if slot.due is not None:
                slot.due += seconds
            if slot.open_at is not None:
                slot.open_at += seconds
        self._asks = [(moment + seconds, tracking_id) for moment, tracking_id in self._asks]
        self._quiet_until += seconds
        self.pace.shift(seconds)

    def _asked(self, tracking_id: str, now: float) -> _Slot | None:
        """Count a status request and return the slot of the command, if it still has one."""
        slot = self._slots.get(tracking_id)
        if slot is not None:
            slot.polls += 1
            if not slot.asking:
                slot.asked_at = now
            slot.asking = False
        return slot


def _key(command: Command) -> Key:
    """Return what a command has in common with those that take as long."""
    return command.target, command.command
