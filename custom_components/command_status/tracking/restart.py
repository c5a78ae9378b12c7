"""Taking up again what was written down: what may be done about each command after a stop."""

from collections.abc import Iterable
from typing import Final

from .books import Books
from .command import Command, Phase
from .lifecycle import correctable
from .sending import Sending
from .windows import LAST_CHANCE

RECENT: Final = 90.0
"""No documented limit counts requests of commands that ended longer ago: it looks back for a minute
at the most, and the request may have outlasted its command by the time that a request takes."""


def restore(
    books: Books,
    sending: Sending,
    journal: Iterable[Command],
    history: Iterable[Command],
    now: float,
) -> None:
    """Fill empty books with what was written down."""
    for command in history:
        books.commands.put(command)
    for command in journal:
        past = books.commands.get(command.tracking_id)
        # What the history holds was announced, so only a correction can be newer.
        if past is None or command.late > past.late:
            books.commands.put(command)
            if command.final:
                books.ledger.owe_announcement(command.tracking_id)
                books.ledger.owe_archiving(command.tracking_id)
    books.commands.sort()
    for command in list(books.commands):
        if command.final:
            _resume_watch(books, command, now)
        else:
            _resume(books, sending, command, now)
        if command.sent_at is not None and now - (command.finished_at or now) < RECENT:
            books.outbox.count(command, now)


def ask_once_more(books: Books, command: Command, now: float) -> None:
    """Give a command whose window has ended a little more time, and ask about it at once."""
    books.windows.except_until(command.tracking_id, now + LAST_CHANCE)
    if not books.questions.is_asking(command.tracking_id):
        books.questions.plan(command.tracking_id, now)


def _resume(books: Books, sending: Sending, command: Command, now: float) -> None:
    """Take up an open command again."""
    books.questions.begin(command)
    if command.phase is Phase.TAKEN:
        _resume_asking(books, command, now)
    else:
        books.outbox.add(command)
    if command.phase in {Phase.SENDING, Phase.UNSURE}:
        sending.resume(command, now)
    books.plan_end(books.commands[command.tracking_id])


def _resume_asking(books: Books, command: Command, now: float) -> None:
    """Ask at once about a command that was taken; its window may have ended meanwhile."""
    books.outbox.occupy(command)
    if command.deadline <= now:
        ask_once_more(books, command, now)
    else:
        books.questions.plan(command.tracking_id, now)


def _resume_watch(books: Books, command: Command, now: float) -> None:
    """Look for the late outcome of a command again."""
    if correctable(command) and not command.settled and command.phase is Phase.TAKEN:
        books.questions.begin(command)
        books.plan_watch(command, now)
