"""The story of ending: windows that pass, last questions, and searches for a late outcome."""

from collections.abc import Iterator

from .books import Books
from .command import Command, Phase, Transition
from .restart import ask_once_more
from .sending import Sending
from .windows import OVERSLEPT


class Ending:
    """What the time alone does to the commands of one account."""

    def __init__(self, books: Books, sending: Sending) -> None:
        """End what the books say."""
        self._books = books
        self._sending = sending

    def tick(self, now: float, most: int | None) -> list[Transition]:
        """Return the ends of windows that have passed, at most so many."""
        transitions: list[Transition] = []
        while len(transitions) != most and (tracking_id := self._books.windows.passed(now)):
            if not self._is_awaited(tracking_id):
                continue
            command = self._books.commands[tracking_id]
            if (proved := self._books.prove(command, now)) is not None:
                transitions.append(proved)
            elif command.final:
                self._books.plan_watch(command, now)
            else:
                transitions += self._end_if_up(command, now)
        return transitions

    def next_at(self) -> float | None:
        """Return when the time of the next command may be up."""
        return self._books.windows.next_at(self._is_awaited)

    def after_question(self, tracking_id: str, now: float, pause: float = 0.0) -> Transition | None:
        """Plan what follows a status request; the last question ends the command."""
        if tracking_id not in self._books.questions:
            return None
        command = self._books.commands[tracking_id]
        if command.final:
            self._books.plan_watch(command, now)
            return None
        if self._books.windows.exception(tracking_id) is not None:
            return self._sending.expire(command, now)
        if command.word is None:
            self._books.questions.plan_next(command, now, pause)
        return None

    def _is_awaited(self, tracking_id: str) -> bool:
        """Return whether the time of a command still matters."""
        command = self._books.commands.get(tracking_id)
        if command is None:
            return False
        told = not self._books.policy.cadence.asks or command.expect is not None
        return not command.final or (told and tracking_id in self._books.questions)

    def _end_if_up(self, command: Command, now: float) -> Iterator[Transition]:
        """End a command whose time is up, unless its window ended while nobody could ask."""
        end = self._books.end_of(command)
        if end is None:
            return
        has_chance = self._books.windows.exception(command.tracking_id) is None
        if end > now:
            self._books.plan_end(command)
        elif self._is_followed(command) and has_chance and now - end > OVERSLEPT:
            ask_once_more(self._books, command, now)
        else:
            yield self._sending.expire(command, now)

    @staticmethod
    def _is_followed(command: Command) -> bool:
        """Return whether something may still be learned of what was sent, by word or by sight."""
        return command.phase is Phase.TAKEN or command.word is not None
