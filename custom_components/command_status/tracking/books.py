"""Everything known of an account's commands, kept consistent: a change brings its consequences."""

from dataclasses import replace
from functools import cache
from typing import Final

from .command import (
    Command,
    CommandState,
    Evidence,
    Observation,
    Phase,
    Transition,
    changed,
    with_step,
)
from .evidence import awaits_late_sight, sight_ends, sighted, weighed
from .ledger import Ledger
from .lifecycle import advance, conclude, correctable
from .outbox import Outbox
from .questions import Questions
from .register import Register
from .schedule import Means, Policy
from .sights import Sights
from .windows import Windows

DAY: Final = 86400.0
MOMENTS: Final = ("created_at", "deadline", "sent_at", "finished_at")


class Books:
    """Who is known, what is sent next, what is asked next, whose time is up, and what is owed."""

    def __init__(self, policy: Policy) -> None:
        """Start empty."""
        self.policy = policy
        self.commands = Register()
        self.outbox = Outbox(policy)
        self.questions = Questions(policy)
        self.windows = Windows()
        self.sights = Sights()
        self.ledger = Ledger(self.commands)
        self._released: list[str] = []
        self._as_written: dict[str, _Told] = {}
        """The moments of commands that the disk has told: what they say about time is true."""

    def go_by(self, policy: Policy) -> None:
        """Go by another policy from now on, whose lanes, limits and pace are those before."""
        self.policy = self.outbox.policy = self.questions.policy = policy

    def current(self, tracking_id: str) -> Command:
        """Return a known command with the status requests that were counted meanwhile."""
        command = self.commands[tracking_id]
        return changed(command, polls=self.questions.polls(command))

    @property
    def has_leftovers(self) -> bool:
        """Whether a command that came from the disk may still be sent."""
        return any(tracking_id in self.outbox for tracking_id in self._as_written)

    # Commands come and go

    def accept(self, command: Command) -> Transition:
        """Remember a new command until its window ends."""
        self.commands.put(command)
        self.questions.begin(command)
        self.plan_end(command)
        return Transition(before=None, command=command)

    def trust(self, command: Command) -> None:
        """Take the moments of a command for true, as the disk has held them."""
        self._as_written[command.tracking_id] = _told(
            sent=command.sent_at is not None,
            finished=command.finished_at is not None,
            steps=len(command.changes),
        )

    def forget(self, tracking_id: str) -> Command:
        """Forget a command altogether; raises KeyError when it is not known."""
        command = self.commands.remove(tracking_id)
        self.outbox.release(tracking_id)
        self.ledger.forget(tracking_id)
        self._release(tracking_id)
        return command

    def prune(self, before: float, at_most: int) -> list[Command]:
        """Forget finished commands that ended before a moment, or are too many; return them."""
        return [
            self.commands.remove(tracking_id)
            for tracking_id in self.commands.expendable(before=before, at_most=at_most)
            if tracking_id not in self.questions and not self.ledger.is_unarchived(tracking_id)
        ]

    def take_released(self) -> list[str]:
        """Return the commands, since the last call, about which nothing more will be learned."""
        released, self._released = self._released, []
        return released

    # Commands change

    def advance(
        self, tracking_id: str, observation: Observation, now: float, **marks: bool
    ) -> Transition | None:
        """Apply the law to a command, and set marks on it."""
        command = self.commands.get(tracking_id)
        if command is None:
            return None
        after = advance(changed(command, **marks), observation, now)
        return None if after is command else self.change(command, after, now)

    def conclude(
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
        return self.change(command, concluded, now)

    def change(self, before: Command, after: Command, now: float) -> Transition:
        """Remember the new value of a command and follow its consequences."""
        tracking_id = after.tracking_id
        after = weighed(before, after, over=self._is_over(after, now))
        after = with_step(before, after, now)
        if after.final:
            after = changed(after, polls=self.questions.polls(after))
            self.ledger.owe_archiving(tracking_id)
        self.commands.put(after)
        if after.final:
            self._follow_outcome(before, after, now)
        elif after.word is not before.word:
            self._follow_word(after)
        elif after.phase is not before.phase:
            self._follow_phase(after, now)
        return Transition(before=before, command=self.commands[tracking_id])

    def _follow_outcome(self, before: Command, after: Command, now: float) -> None:
        """Let go of what an open command holds, and look for a late outcome."""
        tracking_id = after.tracking_id
        if before.state is not after.state:
            self.ledger.owe_announcement(tracking_id)
            self.outbox.release(tracking_id)
            self.questions.unplan(tracking_id)
        if tracking_id in self.questions and not self.questions.is_asking(tracking_id):
            self.plan_watch(after, now)

    def _follow_word(self, command: Command) -> None:
        """Let the provider be: it has had its say, and only a sight, or time, decides."""
        self.outbox.release(command.tracking_id)
        self.questions.unplan(command.tracking_id)
        self.plan_end(command)

    def _follow_phase(self, command: Command, now: float) -> None:
        """Begin to ask about an open command that was just taken; its time may end otherwise."""
        if command.phase is Phase.TAKEN:
            self.outbox.take_out(command.tracking_id)
            self.questions.plan_first(command, now)
        self.plan_end(command)

    # What is seen

    def see(self, tracking_id: str, evidence: Evidence | None, now: float) -> Transition | None:
        """Note what the entity of an expectation shows; None: not what is expected."""
        command = self.commands.get(tracking_id)
        if command is None or not _awaits_sight(command, now):
            return None
        moment = self.sights.note(command, evidence, now)
        if moment is None:
            return None
        self.windows.note(tracking_id, moment)
        return self.prove(command, now)

    def prove(self, command: Command, now: float) -> Transition | None:
        """Take what was seen for long enough as proof."""
        evidence = self.sights.proof(command, now)
        if evidence is None or not _awaits_sight(command, now):
            return None
        self.sights.drop(command.tracking_id)
        return self.change(command, sighted(command, evidence, now), now)

    # What is planned

    def plan_end(self, command: Command) -> None:
        """See to it that the end of an open command's time is noticed."""
        if (end := self.end_of(command)) is not None:
            self.windows.note(command.tracking_id, end)

    def end_of(self, command: Command) -> float | None:
        """Return when the time of an open command is up; None while it is looked for by its mark.

        That search ends by itself.
        """
        if command.word is not None:
            return self._window_ends(command)
        exception = self.windows.exception(command.tracking_id)
        if exception is not None:
            return exception
        if command.phase is Phase.TAKEN:
            return self.windows.limited(command.tracking_id, command.deadline)
        return self.outbox.closes_at(command)

    def plan_watch(self, command: Command, now: float) -> None:
        """Plan the next look for the late outcome of a final command, or stop looking."""
        tracking_id = command.tracking_id
        moment = None
        if correctable(command) and not command.settled:
            moment = self.questions.plan_watch(command, now)
        if awaits_late_sight(command, now):
            moment = max(moment or 0.0, sight_ends(command))
            self.windows.note(tracking_id, moment)
        if moment is None:
            self.questions.give_up(command)
            polls = self.questions.polls(command)
            self.commands.put(replace(command, settled=True, polls=polls))
            self._release(tracking_id)
        elif not self.policy.cadence.asks:
            self.windows.note(tracking_id, moment)

    def _is_over(self, command: Command, now: float) -> bool:
        """Return whether nothing that is seen from now on is seen within the wait window."""
        return now >= self._window_ends(command)

    def _window_ends(self, command: Command) -> float:
        """Return when the window of a command ends, or the last chance after it."""
        deadline = self.windows.limited(command.tracking_id, command.deadline)
        return max(deadline, self.windows.exception(command.tracking_id) or 0.0)

    def shift(self, seconds: float) -> None:
        """Move everything that still runs, as the clock was corrected by so many seconds.

        A moment that came from the disk was told by a clock that was right, and stays.
        """
        self.questions.shift(seconds)
        self.windows.shift(seconds)
        self.sights.shift(seconds)
        self.outbox.shift(seconds)
        for tracking_id in self.questions:
            written = self._as_written.get(tracking_id)
            command = _shifted(self.commands[tracking_id], written or NOTHING_TOLD, seconds)
            self.commands.put(command)
            if written is not None and not command.final:
                self.plan_end(command)

    # What must be on disk

    def journal(self) -> tuple[Command, ...]:
        """Return the commands that must be on disk for nothing to be lost."""
        kept = dict.fromkeys(key for key in self.questions if not self.commands[key].final)
        kept.update(dict.fromkeys(self.ledger.unarchived))
        return tuple(self._for_disk(self.commands[tracking_id]) for tracking_id in kept)

    def _for_disk(self, command: Command) -> Command:
        """Return a command without what need not be on disk: secrets that are never sent again."""
        recovery = self.policy.recovery_of(command)
        resent = recovery is not None and recovery.means is Means.RESEND
        needed = command.phase is Phase.WAITING or resent
        if command.payload is None or (needed and self.policy.payload_on_disk):
            return command
        return replace(command, payload=None)

    def _release(self, tracking_id: str) -> None:
        """Let go of a command about which nothing more will be learned."""
        self.questions.drop(tracking_id)
        self.windows.drop(tracking_id)
        self.sights.drop(tracking_id)
        self._as_written.pop(tracking_id, None)
        self._released.append(tracking_id)


def _awaits_sight(command: Command, now: float) -> bool:
    """Return whether a sight would change anything."""
    if command.final:
        return awaits_late_sight(command, now) and correctable(command)
    return command.evidence is Evidence.AWAITED


type _Told = tuple[tuple[str, ...], int]
"""What the disk has told of a command's time: names of moments, and how many of the first steps."""

NOTHING_TOLD: Final[_Told] = ((), 0)


@cache
def _told(*, sent: bool, finished: bool, steps: int) -> _Told:
    """Return what the disk has told where it held such a command; the same for all of its like."""
    there = {"sent_at": sent, "finished_at": finished}
    return tuple(name for name in MOMENTS if there.get(name, True)), steps


def _shifted(command: Command, written: _Told, seconds: float) -> Command:
    """Return a command with those of its moments moved that the disk has not told."""
    told, steps = written
    moments = {name: getattr(command, name) for name in MOMENTS if name not in told}
    return replace(
        command,
        **{name: moment + seconds for name, moment in moments.items() if moment is not None},
        changes=(
            *command.changes[:steps],
            *(step._replace(at=step.at + seconds) for step in command.changes[steps:]),
        ),
    )
