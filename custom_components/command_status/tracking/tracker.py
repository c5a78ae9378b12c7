"""The facade: all commands of one account, from the wish to the outcome.

The tracker does nothing by itself. Whoever holds it tells it what happened (`open`, `answered`,
`observe`, `missed`, `tick` ...) and gets the transitions that this caused; asks it what to do
(`next_errand`, `due`) and when to come back (`next_alarm`); and writes down what it wants to be
remembered (`journal`).

Every final command passes through three stages: *unannounced* until the world was told,
*unarchived* until the history on disk holds it, and then it is only remembered. The journal holds
what is open, unannounced or unarchived, so nothing is lost between the two files.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import Final

from .command import Command, CommandState, Observation, Phase, Transition, changed
from .lifecycle import advance, conclude, correctable
from .outbox import Errand, Outbox
from .register import Register
from .schedule import Means, Meter, Policy, backoff, on_tick

NOT_SENT: Final = "not_sent"
"""The reason of a command whose window ended in our own queue."""
LAST_CHANCE: Final = 10.0
"""Seconds for one more question about a command whose window ended while nobody could ask."""
OVERSLEPT: Final = 2.0
"""A window that ended longer ago ended while nobody could ask; an alarm is never that late."""
RECENT: Final = 90.0
"""No documented limit counts requests of commands that ended longer ago: it looks back for a minute
at the most, and the request may have outlasted its command by the time that a request takes."""
PACE_MARGIN: Final = 0.05
"""Seconds added to the second in which status requests are counted."""
DAY: Final = 86400.0


class StillSendingError(Exception):
    """Raised when a command cannot be taken out of the queue: it may be on its way already."""


@dataclass(kw_only=True, slots=True)
class _Slot:
    """What the schedule knows about a command that is open, or watched for a late outcome."""

    due: float | None = None
    asking: bool = False
    asked_at: float = 0.0
    misses: int = 0
    polls: int = 0
    end: float | None = None
    """When its time is up, where that is not simply the end of its window."""
    interrupted: bool = False
    """Whether we were stopped while it was being sent."""


class Tracker:
    """The commands of one account."""

    def __init__(self, policy: Policy, *, keep_days: float = 7, keep_count: int = 1000) -> None:
        """Start empty; finished commands are remembered for some days, and up to a number."""
        self._policy = policy
        self._keep = (keep_days * DAY, keep_count)
        self._register = Register()
        self._outbox = Outbox(policy)
        self._slots: dict[str, _Slot] = {}
        self._deadlines: list[tuple[float, str]] = []
        self._asks: list[tuple[float, str]] = []
        self._unannounced: dict[str, None] = {}
        self._unarchived: dict[str, None] = {}
        self._failures = 0
        self._quiet_until = 0.0
        self.pace = Meter(policy.pace.per_second, 1 + PACE_MARGIN)
        """Counts status requests; whoever makes one notes it here."""

    # What is known

    def get(self, tracking_id: str) -> Command | None:
        """Return a command as it is now."""
        command = self._register.get(tracking_id)
        return None if command is None else self._with_polls(command)

    def newest(self, key: str) -> Command | None:
        """Return the command that was accepted last among those that a key covers."""
        return self._register.newest(key)

    def pending(self, key: str) -> int:
        """Return how many open commands a key covers."""
        return self._register.pending(key)

    def __iter__(self) -> Iterator[Command]:
        """Return all commands, the oldest first."""
        return map(self._with_polls, self._register)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is open and nothing watched for a late outcome."""
        return not self._slots

    @property
    def last_id(self) -> str:
        """The greatest tracking id known; the empty text where there is none."""
        return self._register.last_id

    def is_waiting(self, tracking_id: str) -> bool:
        """Return whether a command stands in our own queue with no request of its own under way."""
        return tracking_id in self._outbox and not self._outbox.is_running(tracking_id)

    # Commands come in

    def open(self, command: Command) -> Transition:
        """Accept a command that is to be sent."""
        self._outbox.add(command)
        return self._accept(command)

    def adopt(self, command: Command, now: float) -> Transition:
        """Accept a command that someone else has sent, still open."""
        transition = self._accept(replace(command, phase=Phase.TAKEN))
        self._outbox.occupy(transition.command)
        self._plan(command.tracking_id, now)
        return transition

    def _accept(self, command: Command) -> Transition:
        """Remember a new command until its window ends."""
        self._register.put(command)
        self._slots[command.tracking_id] = _Slot()
        self._plan_end(command)
        return Transition(before=None, command=command)

    # Commands go out

    def next_errand(self, now: float) -> Errand | None:
        """Return the next request that sends commands, or looks for them, and count it as begun.

        The journal must be on disk before the request is made. Tell `done` when it has ended, and
        then what came of each command; or `recall` it.
        """
        errand = self._outbox.take(self._register, now)
        if errand is None or errand.lookup:
            return errand
        return replace(errand, commands=tuple(self._sending(c, now) for c in errand.commands))

    def done(self, errand: Errand, now: float) -> None:
        """Note that a request has ended, whatever came of it."""
        self._outbox.done(errand, now)

    def recall(self, errand: Errand, now: float, seconds: float) -> list[Transition]:
        """Take back an errand that was never carried out, for some seconds at least.

        Where the window of a command has ended since, this tells that it was not sent.
        """
        self._outbox.put_back(errand, now + seconds)
        known = [self._register.get(command.tracking_id) for command in errand.commands]
        found = [self._recall(command, now) for command in known if command is not None]
        return [transition for transition in found if transition is not None]

    def answered(self, tracking_id: str, observation: Observation, now: float) -> Transition | None:
        """Take in what the provider said about a command by itself, as when it was sent."""
        return self._advance(tracking_id, observation, now)

    def postpone(
        self, tracking_id: str, now: float, *, seconds: float | None, reason: str
    ) -> Transition | None:
        """Note that a command was certainly not taken now, and may be tried again after a while.

        It fails with the reason where it may not be tried again so late.
        """
        command = self._register.get(tracking_id)
        if command is None:
            return None
        pause = self._policy.busy_pause if seconds is None else seconds
        if command.final or not self._outbox.try_again(command, now + pause):
            return self._not_taken(command, reason, now)
        if command.phase is Phase.UNSURE:
            return None
        return self._change(command, replace(command, phase=Phase.WAITING, reason=reason), now)

    def unanswered(self, tracking_id: str, now: float, jitter: float) -> Transition | None:
        """Note that nobody knows whether a command was taken; after a lookup: still nobody does."""
        command = self._register.get(tracking_id)
        if command is None:
            return None
        if command.final or not self._outbox.recover(command, now, jitter):
            return self._give_up(command, now)
        return self._change(command, replace(command, phase=Phase.UNSURE), now)

    def hold(self, now: float, seconds: float) -> None:
        """Ask and send nothing for some seconds, because the provider said so."""
        self._quiet_until = max(self._quiet_until, now + seconds)
        self._outbox.hold_until = max(self._outbox.hold_until, now + seconds)

    # Commands are asked about

    def due(self, now: float, most: int | None = None) -> list[Command]:
        """Return the commands to ask about now, the longest due first; each counts as being asked.

        Every one of them must be followed by `observe` or `missed`.
        """
        due: list[Command] = []
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
            due.append(self._register[tracking_id])
        return due

    def free_at(self, now: float) -> float | None:
        """Return when another status request may be made; None while only an answer helps."""
        free = self.pace.free_at(now)
        return None if free is None else max(free, self._quiet_until)

    def observe(self, tracking_id: str, observation: Observation, now: float) -> Transition | None:
        """Take in the answer to a status request."""
        slot = self._asked(tracking_id, now)
        if slot is None:
            return self._advance(tracking_id, observation, now)
        slot.misses = 0
        transition = self._advance(tracking_id, observation, now, seen=True)
        return self._after_question(tracking_id, now) or transition

    def missed(self, tracking_id: str, now: float, jitter: float) -> Transition | None:
        """Note that a status request brought nothing about a command, which says nothing of it."""
        slot = self._asked(tracking_id, now)
        if slot is None:
            return None
        slot.misses += 1
        return self._after_question(tracking_id, now, pause=backoff(slot.misses, jitter))

    def unreachable(self, now: float, jitter: float) -> None:
        """Ask nothing for a while, longer with every failure, as the provider could not answer."""
        if now >= self._quiet_until:
            self._failures += 1
            self._quiet_until = now + backoff(self._failures, jitter)

    def reached(self) -> None:
        """Note that the provider answers."""
        self._failures = 0

    # Time goes by

    def tick(self, now: float, most: int | None = None) -> list[Transition]:
        """Return what the time alone has changed: the windows that have ended.

        Where there are more of them than `most`, the next alarm is now.
        """
        transitions: list[Transition] = []
        while self._deadlines and self._deadlines[0][0] <= now and len(transitions) != most:
            _, tracking_id = heappop(self._deadlines)
            command = self._register.get(tracking_id)
            if command is None or command.final or not self._is_up(command, now):
                continue
            if self._ended_unasked(command, now):
                self._ask_once_more(command, now)
            else:
                transitions.append(self._expire(command, now))
        return transitions

    def next_alarm(self, now: float, *, asking: bool = True, sending: bool = True) -> float | None:
        """Return when to come back, at the latest, if nothing happens before.

        `asking` and `sending` say whether there is room for another request of that kind now; where
        there is none, the end of one brings the caller back anyway.
        """
        moments = [
            self._next_end(),
            self._next_ask(now) if asking else None,
            self._outbox.next_at(self._register, now) if sending else None,
        ]
        return min((moment for moment in moments if moment is not None), default=None)

    def shift(self, seconds: float) -> None:
        """Move everything that still runs, as the clock was corrected by so many seconds."""
        for tracking_id, slot in self._slots.items():
            if slot.due is not None:
                slot.due += seconds
            if slot.end is not None:
                slot.end += seconds
            self._register.put(_shifted(self._register[tracking_id], seconds))
        self._deadlines = [(moment + seconds, key) for moment, key in self._deadlines]
        self._asks = [(moment + seconds, key) for moment, key in self._asks]
        self._quiet_until += seconds
        self._outbox.shift(seconds)
        self.pace.shift(seconds)

    # Commands are stopped, or forgotten

    def withdraw(self, tracking_id: str, now: float) -> Transition | None:
        """Cancel a command that was certainly not sent; None where it was taken, or has ended.

        Raises StillSendingError while it may be on its way, and KeyError when it is not known.
        """
        command = self._register[tracking_id]
        if command.final or command.phase is Phase.TAKEN:
            return None
        if command.phase is not Phase.WAITING:
            raise StillSendingError
        stopped = replace(command, stopping=True)
        return self._conclude(stopped, CommandState.CANCELLED, None, now)

    def cancelled(
        self, tracking_id: str, observation: Observation, now: float
    ) -> Transition | None:
        """Take in the provider's answer to our wish to stop a command."""
        command = self._register.get(tracking_id)
        if command is None or command.final:
            return self._advance(tracking_id, observation, now)
        return self._advance(tracking_id, observation, now, stopping=True)

    def forget(self, tracking_id: str) -> Command:
        """Forget a command altogether; raises KeyError when it is not known."""
        command = self._register.remove(tracking_id)
        self._outbox.release(tracking_id)
        self._slots.pop(tracking_id, None)
        self._unannounced.pop(tracking_id, None)
        self._unarchived.pop(tracking_id, None)
        return command

    # What must be remembered

    @property
    def unannounced(self) -> tuple[Command, ...]:
        """The outcomes that the world was not told yet, in the order in which they were learned."""
        return tuple(
            self._with_polls(self._register[tracking_id]) for tracking_id in self._unannounced
        )

    @property
    def unarchived(self) -> tuple[Command, ...]:
        """The announced commands that the history on disk does not hold as they are now."""
        return tuple(
            self._with_polls(self._register[tracking_id])
            for tracking_id in self._unarchived
            if tracking_id not in self._unannounced
        )

    def is_unannounced(self, tracking_id: str) -> bool:
        """Return whether there is an outcome that the world was not told yet."""
        return tracking_id in self._unannounced

    def announced(self, commands: Iterable[Command]) -> None:
        """Note that the world was told of these outcomes."""
        for command in commands:
            current = self._register.get(command.tracking_id)
            if current is not None and current.late == command.late:
                self._unannounced.pop(command.tracking_id, None)

    def archived(self, commands: Iterable[Command]) -> None:
        """Note that the history on disk holds these commands, unless they have changed since."""
        for command in commands:
            current = self._register.get(command.tracking_id)
            if current is not None and command == changed(current, polls=command.polls):
                self._unarchived.pop(command.tracking_id, None)

    def journal(self) -> tuple[Command, ...]:
        """Return the commands that must be on disk for nothing to be lost."""
        kept = dict.fromkeys(key for key in self._slots if not self._register[key].final)
        kept.update(self._unarchived)
        return tuple(self._for_disk(self._register[tracking_id]) for tracking_id in kept)

    def restore(self, journal: Iterable[Command], history: Iterable[Command], now: float) -> None:
        """Take up again what was written down; `tick` tells what became of it in the meantime."""
        for command in history:
            self._register.put(command)
        for command in journal:
            past = self._register.get(command.tracking_id)
            # What the history holds was announced, so only a correction can be newer.
            if past is None or command.late > past.late:
                self._register.put(command)
                if command.final:
                    self._unannounced[command.tracking_id] = None
                    self._unarchived[command.tracking_id] = None
        self._register.sort()
        for command in list(self._register):
            if command.final:
                self._resume_watch(command, now)
            else:
                self._resume(command, now)
            if command.sent_at is not None and now - (command.finished_at or now) < RECENT:
                self._outbox.count(command, now)

    def prune(self, now: float) -> None:
        """Forget finished commands that are too old, or too many."""
        seconds, count = self._keep
        for tracking_id in self._register.expendable(before=now - seconds, at_most=count):
            if tracking_id not in self._slots and tracking_id not in self._unarchived:
                self._register.remove(tracking_id)

    # How it is done

    def _sending(self, command: Command, now: float) -> Command:
        """Mark a command as being sent."""
        phase = command.phase if command.phase is Phase.UNSURE else Phase.SENDING
        sent_at = now if command.sent_at is None else command.sent_at
        sending = replace(command, phase=phase, sent_at=sent_at)
        self._register.put(sending)
        return sending

    def _recall(self, command: Command, now: float) -> Transition | None:
        """Mark a command as not being sent after all."""
        if command.final:
            return self._not_taken(command, NOT_SENT, now)
        if command.phase is Phase.SENDING:
            sent_at = command.sent_at if self._outbox.was_tried(command.tracking_id) else None
            command = replace(command, phase=Phase.WAITING, sent_at=sent_at)
            self._register.put(command)
        self._plan_end(command)
        return None

    def _advance(
        self, tracking_id: str, observation: Observation, now: float, **marks: bool
    ) -> Transition | None:
        """Apply the law to a command, and set marks on it."""
        command = self._register.get(tracking_id)
        if command is None:
            return None
        after = advance(changed(command, **marks), observation, now)
        return None if after is command else self._change(command, after, now)

    def _conclude(
        self,
        command: Command,
        state: CommandState,
        reason: str | None,
        now: float,
        *,
        settled: bool = True,
    ) -> Transition:
        """Give an open command an outcome that we reached ourselves."""
        concluded = conclude(command, state, reason, now, settled=settled)
        return self._change(command, concluded, now)

    def _not_taken(self, command: Command, reason: str, now: float) -> Transition | None:
        """End a command that was certainly not taken by the request that has just ended."""
        if command.phase is Phase.UNSURE:
            return self._give_up(command, now)
        refusal = Observation(state=CommandState.FAILURE, reason=reason, settled=True)
        return self._advance(command.tracking_id, refusal, now)

    def _give_up(self, command: Command, now: float) -> Transition:
        """Stop trying to learn whether a command was taken; if it has ended, it stays as it is."""
        if command.final:
            return self._change(command, replace(command, settled=True), now)
        return self._lose(command, now)

    def _lose(self, command: Command, now: float) -> Transition:
        """End a command of which nobody knows whether it was taken."""
        slot = self._slots[command.tracking_id]
        reason = "interrupted" if slot.interrupted else "no_answer"
        return self._conclude(command, CommandState.LOST, reason, now)

    def _expire(self, command: Command, now: float) -> Transition:
        """Give a command the outcome that the end of its time means."""
        if command.phase is Phase.WAITING:
            reason = command.reason or NOT_SENT
            return self._conclude(command, CommandState.FAILURE, reason, now)
        if command.phase is Phase.UNSURE and not self._outbox.is_running(command.tracking_id):
            return self._lose(command, now)
        return self._conclude(command, CommandState.TIMEOUT, None, now, settled=False)

    def _change(self, before: Command, after: Command, now: float) -> Transition:
        """Remember the new value of a command and follow its consequences."""
        tracking_id = after.tracking_id
        if after.final:
            after = self._with_polls(after)
            self._unarchived[tracking_id] = None
        self._register.put(after)
        if after.final:
            self._follow_outcome(before, after, now)
        elif after.phase is not before.phase:
            self._follow_phase(after, now)
        return Transition(before=before, command=self._register[tracking_id])

    def _follow_outcome(self, before: Command, after: Command, now: float) -> None:
        """Let go of what an open command holds, and look for a late outcome."""
        tracking_id = after.tracking_id
        slot = self._slots.get(tracking_id)
        if before.state is not after.state:
            self._unannounced[tracking_id] = None
            self._outbox.release(tracking_id)
            if slot is not None:
                slot.due = None
        if slot is not None and not slot.asking:
            self._plan_watch(after, now)

    def _follow_phase(self, command: Command, now: float) -> None:
        """Begin to ask about an open command that was just taken; its time may end otherwise."""
        if command.phase is Phase.TAKEN:
            self._outbox.take_out(command.tracking_id)
            self._plan(command.tracking_id, on_tick(self._policy.cadence.next(now, now)))
        self._plan_end(command)

    def _plan(self, tracking_id: str, moment: float) -> None:
        """Ask about a command at a moment."""
        self._slots[tracking_id].due = moment
        heappush(self._asks, (moment, tracking_id))

    def _plan_watch(self, command: Command, now: float) -> None:
        """Plan the next look for the late outcome of a final command, or stop looking."""
        slot = self._slots[command.tracking_id]
        since = now if command.finished_at is None else command.finished_at
        moment = self._policy.watch.next(since, now)
        if command.settled or not correctable(command) or moment is None:
            self._register.put(self._with_polls(replace(command, settled=True)))
            del self._slots[command.tracking_id]
        elif command.phase is Phase.TAKEN and slot.due is None:
            self._plan(command.tracking_id, moment)

    def _plan_end(self, command: Command) -> None:
        """See to it that the end of an open command's time is noticed."""
        if (end := self._end_of(command)) is not None:
            heappush(self._deadlines, (end, command.tracking_id))

    def _end_of(self, command: Command) -> float | None:
        """Return when the time of an open command is up; None while it is looked for by its mark.

        That search ends by itself.
        """
        slot = self._slots[command.tracking_id]
        if slot.end is not None:
            return slot.end
        if command.phase is Phase.TAKEN:
            return command.deadline
        return self._outbox.closes_at(command)

    def _is_up(self, command: Command, now: float) -> bool:
        """Return whether the time of an open command is up."""
        end = self._end_of(command)
        return end is not None and end <= now

    def _ended_unasked(self, command: Command, now: float) -> bool:
        """Return whether the window of a command ended while nobody could ask about it."""
        if command.phase is not Phase.TAKEN or self._slots[command.tracking_id].end is not None:
            return False
        return now - command.deadline > OVERSLEPT

    def _ask_once_more(self, command: Command, now: float) -> None:
        """Give a command a little more time, and ask about it at once."""
        slot = self._slots[command.tracking_id]
        slot.end = now + LAST_CHANCE
        self._plan_end(command)
        if not slot.asking:
            self._plan(command.tracking_id, now)

    def _asked(self, tracking_id: str, now: float) -> _Slot | None:
        """Count a status request and return the slot of the command, if it still has one."""
        slot = self._slots.get(tracking_id)
        if slot is not None:
            slot.polls += 1
            if not slot.asking:
                slot.asked_at = now
            slot.asking = False
        return slot

    def _after_question(
        self, tracking_id: str, now: float, pause: float = 0.0
    ) -> Transition | None:
        """Plan what follows a status request."""
        slot = self._slots.get(tracking_id)
        if slot is None:
            return None
        command = self._register[tracking_id]
        if command.final:
            self._plan_watch(command, now)
            return None
        if slot.end is not None:
            return self._expire(command, now)
        since = command.created_at if command.sent_at is None else command.sent_at
        # Counted from the question: an answer that is slow makes the next one no later.
        moment = max(self._policy.cadence.next(since, slot.asked_at), now + pause)
        self._plan(tracking_id, on_tick(moment))
        return None

    def _resume(self, command: Command, now: float) -> None:
        """Take up an open command again."""
        self._slots[command.tracking_id] = _Slot(polls=command.polls)
        if command.phase is Phase.TAKEN:
            self._resume_asking(command, now)
        else:
            self._outbox.add(command)
        if command.phase in {Phase.SENDING, Phase.UNSURE}:
            self._resume_sending(command, now)
        self._plan_end(self._register[command.tracking_id])

    def _resume_asking(self, command: Command, now: float) -> None:
        """Ask at once about a command that was taken; its window may have ended meanwhile."""
        self._outbox.occupy(command)
        if command.deadline <= now:
            self._ask_once_more(command, now)
        else:
            self._plan(command.tracking_id, now)

    def _resume_sending(self, command: Command, now: float) -> None:
        """Learn whether a command was taken that was being sent; without a way it ends now."""
        slot = self._slots[command.tracking_id]
        slot.interrupted = True
        command = replace(command, phase=Phase.UNSURE)
        self._register.put(command)
        self._outbox.occupy(command)
        if not self._outbox.resume(command, now):
            self._outbox.take_out(command.tracking_id)
            slot.end = now

    def _resume_watch(self, command: Command, now: float) -> None:
        """Look for the late outcome of a command again."""
        if correctable(command) and not command.settled and command.phase is Phase.TAKEN:
            self._slots[command.tracking_id] = _Slot(polls=command.polls)
            self._plan_watch(command, now)

    def _next_end(self) -> float | None:
        """Return when the time of the next command may be up."""
        while self._deadlines:
            moment, tracking_id = self._deadlines[0]
            command = self._register.get(tracking_id)
            if command is not None and not command.final:
                return moment
            heappop(self._deadlines)
        return None

    def _next_ask(self, now: float) -> float | None:
        """Return when the next status request can be made; None while only an answer helps."""
        while self._asks:
            moment, tracking_id = self._asks[0]
            slot = self._slots.get(tracking_id)
            if slot is not None and slot.due == moment:
                free = self.free_at(now)
                return None if free is None else max(moment, free)
            heappop(self._asks)
        return None

    def _with_polls(self, command: Command) -> Command:
        """Return a command with the status requests that were counted since it last changed."""
        slot = self._slots.get(command.tracking_id)
        if slot is None or slot.polls == command.polls:
            return command
        return replace(command, polls=slot.polls)

    def _for_disk(self, command: Command) -> Command:
        """Return a command without what need not be on disk: secrets that are never sent again."""
        recovery = self._policy.recovery
        resent = recovery is not None and recovery.means is Means.RESEND
        if command.payload is None or command.phase is Phase.WAITING or resent:
            return command
        return replace(command, payload=None)


def _shifted(command: Command, seconds: float) -> Command:
    """Return a command with all its moments moved."""
    return replace(
        command,
        created_at=command.created_at + seconds,
        deadline=command.deadline + seconds,
        sent_at=None if command.sent_at is None else command.sent_at + seconds,
        finished_at=None if command.finished_at is None else command.finished_at + seconds,
    )
