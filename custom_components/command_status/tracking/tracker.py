"""The facade: all commands of one account, from the wish to the outcome.

The tracker does nothing by itself. Whoever holds it tells it what happened (`open`, `answered`,
`observe`, `missed`, `tick` ...) and gets the transitions that this caused; asks it what to do
(`next_errand`, `due`) and when to come back (`next_alarm`); and writes down what it wants to be
remembered (`journal`).

The journal holds what is open, unannounced or unarchived, so nothing is lost between it and the
history (see `ledger`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from . import restraint
from .books import DAY, Books
from .command import Command, Evidence, Observation, Phase, Transition
from .ending import Ending
from .outbox import Errand
from .restart import restore
from .schedule import Policy
from .sending import Sending


class Tracker:
    """The commands of one account."""

    def __init__(self, policy: Policy, *, keep_days: float = 7, keep_count: int = 1000) -> None:
        """Start empty; finished commands are remembered for some days, and up to a number."""
        self.keep_days = keep_days
        """How long finished commands are remembered."""
        self._keep_count = keep_count
        self._books = Books(policy)
        self._sending = Sending(self._books)
        self._ending = Ending(self._books, self._sending)
        self.questions = self._books.questions
        """When something may be asked, and when something is due; `due` says what."""
        self.habits = self.questions.habits
        self._ledger = self._books.ledger

    def go_by(self, policy: Policy) -> None:
        """Go by another policy from now on, whose lanes, limits and pace are those before."""
        self._books.go_by(policy)

    # What is known

    def get(self, tracking_id: str) -> Command | None:
        """Return a command as it is now."""
        known = self._books.commands.get(tracking_id) is not None
        return self._books.current(tracking_id) if known else None

    def newest(self, key: str) -> Command | None:
        """Return the command that was accepted last among those that a key covers."""
        return self._books.commands.newest(key)

    def pending(self, key: str) -> int:
        """Return how many open commands a key covers."""
        return self._books.commands.pending(key)

    def __iter__(self) -> Iterator[Command]:
        """Return all commands, the oldest first."""
        return (self._books.current(command.tracking_id) for command in self._books.commands)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is open and nothing watched for a late outcome."""
        return not self.questions

    @property
    def followed(self) -> tuple[Command, ...]:
        """The commands about which something may still be learned: open, or watched."""
        return tuple(self._books.current(tracking_id) for tracking_id in self.questions)

    @property
    def last_id(self) -> str:
        """The greatest tracking id known; the empty text where there is none."""
        return self._books.commands.last_id

    @property
    def has_leftovers(self) -> bool:
        """Whether something that may be sent has waited since before a start."""
        return self._books.has_leftovers

    def is_waiting(self, tracking_id: str) -> bool:
        """Return whether a command stands in our own queue with no request of its own under way."""
        outbox = self._books.outbox
        return tracking_id in outbox and not outbox.is_running(tracking_id)

    # Commands come in

    def open(self, command: Command) -> Transition:
        """Accept a command that is to be sent."""
        self._books.outbox.add(command)
        return self._books.accept(command)

    def adopt(self, command: Command, now: float) -> Transition:
        """Accept a command that someone else has sent, still open; it is asked about first now."""
        transition = self._books.accept(replace(command, phase=Phase.TAKEN))
        self._books.outbox.occupy(transition.command)
        self.questions.plan(command.tracking_id, now)
        return transition

    # Commands go out

    def next_errand(self, now: float, *, looking_only: bool = False) -> Errand | None:
        """Return the next request that sends commands, or looks for them, and count it as begun.

        The journal must be on disk before a request is made that sends; where the disk refuses,
        there is only `looking_only`. Tell `done` when it has ended, and then what came of each
        command; or `recall` it.
        """
        return self._sending.next_errand(now, looking_only=looking_only)

    def may_go(self, tracking_id: str, now: float) -> bool:
        """Return whether a command of an errand may still be sent: its moment may have passed."""
        return self._sending.may_go(tracking_id, now)

    def done(self, errand: Errand, now: float) -> None:
        """Note that a request has ended, whatever came of it."""
        self._books.outbox.done(errand, now)

    def recall(
        self, errand: Errand, now: float, seconds: float, latest: float | None = None
    ) -> list[Transition]:
        """Take back an errand that was never carried out, for some seconds at least.

        Where it is too late for a command, this tells how it ended. It may be later than we know:
        `latest` is the moment that counts for that.
        """
        return self._sending.recall(errand, now, seconds, now if latest is None else latest)

    def answered(self, tracking_id: str, observation: Observation, now: float) -> Transition | None:
        """Take in what the provider said about a command by itself, as when it was sent."""
        return self._books.advance(tracking_id, observation, now)

    def postpone(
        self, tracking_id: str, now: float, *, seconds: float | None, reason: str
    ) -> Transition | None:
        """Note that a command was certainly not taken now, and may be tried again after a while.

        Where the provider did not say for how many seconds, a last try is made before it is too
        late. It fails with the reason where it may not be tried again so late.
        """
        return self._sending.postpone(tracking_id, now, seconds, reason)

    def not_taken(
        self, tracking_id: str, now: float, jitter: float, *, reason: str, code: str | None = None
    ) -> Transition | None:
        """Note that the request that has just ended was certainly not taken, and never will be.

        It ends the command, unless an earlier request may have been taken.
        """
        return self._sending.not_taken(tracking_id, reason, code, now, jitter)

    def unanswered(self, tracking_id: str, now: float, jitter: float) -> Transition | None:
        """Note that nobody knows whether a command was taken."""
        return self._sending.unanswered(tracking_id, now, jitter)

    def not_found(self, tracking_id: str, now: float, jitter: float) -> Transition | None:
        """Note that a command was looked for, and that it is not there."""
        return self._sending.not_found(tracking_id, now, jitter)

    def not_looked(self, tracking_id: str, now: float, jitter: float) -> Transition | None:
        """Note that a command could not be looked for now."""
        return self._sending.not_looked(tracking_id, now, jitter)

    def hold(self, now: float, seconds: float) -> None:
        """Ask and send nothing for some seconds, because the provider said so."""
        self.questions.hold(now + seconds)
        outbox = self._books.outbox
        outbox.hold_until = max(outbox.hold_until, now + seconds)

    def hold_off(self, now: float) -> None:
        """Ask and send less for a while, longer each time, as the provider had enough of us.

        It did not say for how long, so a last try within a window is made all the same.
        """
        self._books.outbox.guess_until = self.questions.hold_off(now)

    # Commands are asked about

    def due(self, now: float, most: int | None = None) -> list[Command]:
        """Return the commands to ask about now, the longest due first; each counts as being asked.

        Every one of them must be followed by `observe` or `missed`.
        """
        return [self._books.commands[key] for key in self.questions.due(now, most)]

    def observe(self, tracking_id: str, observation: Observation, now: float) -> Transition | None:
        """Take in the answer to a status request."""
        if not self.questions.answered(tracking_id, now):
            return self._books.advance(tracking_id, observation, now)
        self.questions.learn(self._books.commands[tracking_id], observation.state, now)
        transition = self._books.advance(tracking_id, observation, now, seen=True)
        return self._ending.after_question(tracking_id, now) or transition

    def missed(self, tracking_id: str, now: float, jitter: float) -> Transition | None:
        """Note that a status request brought nothing about a command, which says nothing of it."""
        pause = self.questions.missed(tracking_id, now, jitter)
        return None if pause is None else self._ending.after_question(tracking_id, now, pause)

    def unreachable(self, now: float, jitter: float) -> None:
        """Ask nothing for a while, longer with every failure, as the provider could not answer."""
        self.questions.unreachable(now, jitter)

    def reached(self) -> None:
        """Note that the provider answers."""
        self.questions.reached()

    # What is expected is seen

    def see(self, tracking_id: str, evidence: Evidence | None, now: float) -> Transition | None:
        """Take in what the entity of an expectation shows; None: not what is expected."""
        return self._books.see(tracking_id, evidence, now)

    # Time goes by

    def tick(self, now: float, most: int | None = None) -> list[Transition]:
        """Return what the time alone has changed: the windows that have ended.

        Where there are more of them than `most`, the next alarm is now.
        """
        return self._ending.tick(now, most)

    def next_alarm(
        self,
        now: float,
        *,
        asking: bool = True,
        sending: bool = True,
        looking_only: bool = False,
    ) -> float | None:
        """Return when to come back, at the latest, if nothing happens before.

        `asking` and `sending` say whether there is room for another request of that kind now; where
        there is none, the end of one brings the caller back anyway. `looking_only`: nothing can be
        sent, only looked for.
        """
        outbox = self._books.outbox
        moments = [
            self._ending.next_at(),
            self.questions.next_at(now) if asking else None,
            outbox.next_at(self._books.commands, now, looking_only=looking_only)
            if sending
            else None,
        ]
        return min((moment for moment in moments if moment is not None), default=None)

    def shift(self, seconds: float) -> None:
        """Move everything that still runs, as the clock was corrected by so many seconds."""
        self._books.shift(seconds)

    # Commands are stopped, or forgotten

    def withdraw(self, tracking_id: str, now: float) -> Transition | None:
        """Cancel a command that was certainly not sent; None where it was taken, or has ended.

        Raises StillSendingError while it may be on its way, and KeyError when it is not known.
        """
        return self._sending.withdraw(tracking_id, now)

    def cancelled(
        self, tracking_id: str, observation: Observation, now: float
    ) -> Transition | None:
        """Take in the provider's answer to our wish to stop a command."""
        return self._sending.cancelled(tracking_id, observation, now)

    def forget(self, tracking_id: str) -> Command:
        """Forget a command altogether; raises KeyError when it is not known."""
        return self._books.forget(tracking_id)

    def take_released(self) -> list[str]:
        """Return the commands, since the last call, about which nothing more will be learned."""
        return self._books.take_released()

    # What must be remembered

    @property
    def unannounced(self) -> tuple[Command, ...]:
        """The outcomes that the world was not told yet, in the order in which they were learned."""
        return tuple(map(self._books.current, self._ledger.unannounced))

    @property
    def unarchived(self) -> tuple[Command, ...]:
        """The announced commands that the history on disk does not hold as they are now."""
        return tuple(map(self._books.current, self._ledger.archivable))

    def is_unannounced(self, tracking_id: str) -> bool:
        """Return whether there is an outcome that the world was not told yet."""
        return self._ledger.is_unannounced(tracking_id)

    def announced(self, commands: Iterable[Command]) -> None:
        """Note that the world was told of these outcomes."""
        self._ledger.announced(commands)

    def archived(self, commands: Iterable[Command]) -> None:
        """Note that the history on disk holds these commands, unless they have changed since."""
        self._ledger.archived(commands)

    def journal(self) -> tuple[Command, ...]:
        """Return the commands that must be on disk for nothing to be lost."""
        return self._books.journal()

    def held_back(self, now: float) -> dict[str, Any]:
        """Return what holds us back, as plain data, to be written down with the journal."""
        return restraint.to_plain(self._books, now)

    def restore(
        self,
        journal: Iterable[Command],
        history: Iterable[Command],
        now: float,
        held_back: Any = None,
    ) -> None:
        """Take up again what was written down; `tick` tells what became of it in the meantime."""
        restore(self._books, self._sending, journal, history, held_back, now)

    def prune(self, now: float) -> list[Command]:
        """Forget finished commands that are too old, or too many; return them."""
        return self._books.prune(before=now - self.keep_days * DAY, at_most=self._keep_count)
