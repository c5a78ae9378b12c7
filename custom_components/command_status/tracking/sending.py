"""The story of sending: from the queue to the provider's word, or to where nobody knows."""

from dataclasses import replace
from typing import Final

from .books import Books
from .command import Command, CommandState, Observation, Phase, Transition, changed
from .outbox import Errand

NOT_SENT: Final = "not_sent"
"""The reason of a command whose window ended in our own queue."""


class StillSendingError(Exception):
    """Raised when a command cannot be taken out of the queue: it may be on its way already."""


class Sending:
    """The commands that are to be sent, and those of which nobody knows whether they were taken."""

    def __init__(self, books: Books) -> None:
        """Send what the books say."""
        self._books = books
        self._interrupted: set[str] = set()
        """The commands that were being sent when we were stopped."""

    def next_errand(self, now: float, *, looking_only: bool) -> Errand | None:
        """Return the next request that sends commands, or looks for them; it counts as begun."""
        errand = self._books.outbox.take(self._books.commands, now, looking_only=looking_only)
        if errand is None or errand.lookup:
            return errand
        return replace(errand, commands=tuple(self._sending(c, now) for c in errand.commands))

    def recall(self, errand: Errand, now: float, seconds: float, latest: float) -> list[Transition]:
        """Take back an errand that was never carried out, for some seconds at least."""
        self._books.outbox.put_back(errand, now + seconds)
        known = [self._books.commands.get(command.tracking_id) for command in errand.commands]
        found = [self._recall(command, now, latest) for command in known if command is not None]
        return [transition for transition in found if transition is not None]

    def may_go(self, tracking_id: str, now: float) -> bool:
        """Return whether a command is still wanted that is about to be sent."""
        command = self._books.commands.get(tracking_id)
        if command is None or command.final or tracking_id not in self._books.outbox:
            return False
        return now < self._books.outbox.last_call(command)

    def postpone(
        self, tracking_id: str, now: float, seconds: float | None, reason: str
    ) -> Transition | None:
        """Note that a command was certainly not taken now; it fails if it cannot be tried again."""
        command = self._books.commands.get(tracking_id)
        if command is None:
            return None
        held_off = self._books.outbox.guess_until - now
        guess = held_off if held_off > 0 else self._books.policy.busy_pause
        if command.final or not self._try_again(command, now, seconds, guess):
            return self._end_untaken(command, reason, now)
        if command.phase is Phase.UNSURE:
            self._books.plan_end(command)
            return None
        waiting = replace(command, phase=Phase.WAITING, reason=reason)
        return self._books.change(command, waiting, now)

    def not_taken(
        self, tracking_id: str, reason: str, code: str | None, now: float, jitter: float
    ) -> Transition | None:
        """Note that the request that has just ended was certainly not taken.

        That says nothing about an earlier one for the same command whose answer was lost.
        """
        command = self._books.commands.get(tracking_id)
        if command is not None and command.phase is Phase.UNSURE:
            return self.unanswered(tracking_id, now, jitter)
        return self._refuse(tracking_id, reason, now, code)

    def not_found(self, tracking_id: str, now: float, jitter: float) -> Transition | None:
        """Note that a command was looked for and is not there, or not yet."""
        if tracking_id in self._books.outbox and self._books.outbox.believe(tracking_id):
            self._books.plan_end(self._books.commands[tracking_id])
            return None
        return self.unanswered(tracking_id, now, jitter)

    def not_looked(self, tracking_id: str, now: float, jitter: float) -> Transition | None:
        """Note that a command could not be looked for now."""
        command = self._books.commands.get(tracking_id)
        if command is None or command.phase is not Phase.WAITING:
            return self.unanswered(tracking_id, now, jitter)
        pause = self._books.policy.busy_pause * (1 - jitter / 4)
        self._books.outbox.try_about(command, now + pause, now)
        self._books.plan_end(command)
        return None

    def unanswered(self, tracking_id: str, now: float, jitter: float) -> Transition | None:
        """Note that nobody knows whether a command was taken; after a lookup: still nobody does."""
        command = self._books.commands.get(tracking_id)
        if command is None:
            return None
        if command.final or not self._books.outbox.recover(command, now, jitter):
            return self._give_up(command, now)
        unsure = changed(command, phase=Phase.UNSURE)
        self._books.plan_end(unsure)
        return None if unsure is command else self._books.change(command, unsure, now)

    def expire(self, command: Command, now: float) -> Transition:
        """Give a command the outcome that the end of its time means."""
        if command.word is not None:
            ended = replace(command, state=command.word, finished_at=now)
            return self._books.change(command, ended, now)
        if command.phase is Phase.WAITING:
            reason = command.reason or NOT_SENT
            return self._books.conclude(command, CommandState.FAILURE, reason, now)
        running = self._books.outbox.is_running(command.tracking_id)
        if command.phase is Phase.UNSURE and not running:
            return self._lose(command, now)
        return self._books.conclude(command, CommandState.TIMEOUT, None, now, settled=False)

    def withdraw(self, tracking_id: str, now: float) -> Transition | None:
        """Cancel a command that was certainly not sent; None where it was taken, or has ended.

        Raises StillSendingError while it may be on its way, and KeyError when it is not known.
        """
        command = self._books.commands[tracking_id]
        if command.final or command.phase is Phase.TAKEN:
            return None
        looked_for = self._books.outbox.is_running(tracking_id)
        if command.phase is not Phase.WAITING or looked_for:
            raise StillSendingError
        stopped = replace(command, stopping=True)
        return self._books.conclude(stopped, CommandState.CANCELLED, None, now)

    def cancelled(
        self, tracking_id: str, observation: Observation, now: float
    ) -> Transition | None:
        """Take in the provider's answer to our wish to stop a command."""
        command = self._books.commands.get(tracking_id)
        stopping = command is not None and not command.final
        marks = {"stopping": True} if stopping else {}
        return self._books.advance(tracking_id, observation, now, **marks)

    def resume(self, command: Command, now: float) -> None:
        """Learn whether a command was taken that was being sent when we were stopped.

        Where there is no way to learn it, its time is up now.
        """
        self._interrupted.add(command.tracking_id)
        command = replace(command, phase=Phase.UNSURE)
        self._books.commands.put(command)
        self._books.outbox.occupy(command)
        if not self._books.outbox.resume(command, now):
            self._books.outbox.take_out(command.tracking_id)
            self._books.windows.except_until(command.tracking_id, now)

    def _try_again(self, command: Command, now: float, seconds: float | None, guess: float) -> bool:
        """Plan another try after exactly so many seconds, or about a guess of ours."""
        if seconds is not None:
            return self._books.outbox.try_again(command, now + seconds)
        return self._books.outbox.try_about(command, now + guess, now)

    def _sending(self, command: Command, now: float) -> Command:
        """Mark a command as being sent."""
        phase = command.phase if command.phase is Phase.UNSURE else Phase.SENDING
        sent_at = now if command.sent_at is None else command.sent_at
        sending = replace(command, phase=phase, sent_at=sent_at)
        self._books.commands.put(sending)
        return sending

    def _recall(self, command: Command, now: float, latest: float) -> Transition | None:
        """Mark a command as not being sent after all; end it where it is too late for it."""
        if command.final:
            return self._end_untaken(command, NOT_SENT, now)
        if command.phase is Phase.SENDING:
            tried = self._books.outbox.was_tried(command.tracking_id)
            sent_at = command.sent_at if tried else None
            command = replace(command, phase=Phase.WAITING, sent_at=sent_at)
            self._books.commands.put(command)
        if latest >= self._books.outbox.last_call(command):
            return self.expire(command, now)
        self._books.plan_end(command)
        return None

    def _end_untaken(self, command: Command, reason: str, now: float) -> Transition | None:
        """End a command that was certainly not taken by the request that has just ended."""
        if command.phase is Phase.UNSURE:
            return self._give_up(command, now)
        return self._refuse(command.tracking_id, reason, now)

    def _refuse(
        self, tracking_id: str, reason: str, now: float, code: str | None = None
    ) -> Transition | None:
        """End a command that nobody has taken."""
        refusal = Observation(
            state=CommandState.FAILURE, reason=reason, provider_state=code, settled=True
        )
        return self._books.advance(tracking_id, refusal, now)

    def _give_up(self, command: Command, now: float) -> Transition:
        """Stop trying to learn whether a command was taken; if it has ended, it stays as it is."""
        if command.final:
            return self._books.change(command, replace(command, settled=True), now)
        return self._lose(command, now)

    def _lose(self, command: Command, now: float) -> Transition:
        """End a command of which nobody knows whether it was taken."""
        interrupted = command.tracking_id in self._interrupted
        self._interrupted.discard(command.tracking_id)
        reason = "interrupted" if interrupted else "no_answer"
        return self._books.conclude(command, CommandState.LOST, reason, now)
