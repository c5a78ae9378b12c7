"""Taking up again what was written down: what may be done about each command after a stop."""

from collections.abc import Iterable
from math import inf
from typing import Any, Final

from . import restraint
from .books import Books
from .command import Command, Evidence, Phase
from .evidence import awaits_late_sight
from .lifecycle import correctable
from .schedule import Means
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
    held_back: Any,
    now: float,
) -> None:
    """Fill empty books with what was written down; `held_back` is what `restraint` wrote."""
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
    restraint.from_plain(books, held_back, now)
    for command in list(books.commands):
        if command.final:
            _resume_watch(books, command, now)
        else:
            _resume(books, sending, command, now)
        if command.tracking_id in books.questions:
            books.trust(command)
        if _may_be_uncounted(command, held_back, now):
            books.outbox.count(command, now)


def ask_once_more(books: Books, command: Command, now: float) -> None:
    """Give a command whose window has ended a little more time, and ask about it at once."""
    books.windows.except_until(command.tracking_id, now + LAST_CHANCE)
    if command.word is None and not books.questions.is_asking(command.tracking_id):
        books.questions.plan(command.tracking_id, now)


def _resume(books: Books, sending: Sending, command: Command, now: float) -> None:
    """Take up an open command again."""
    books.questions.begin(command)
    closes = inf
    if _is_from_the_future(command, now):
        closes = _distrust(books, command, now)
    if command.word is None:
        _resume_by_phase(books, sending, command, closes, now)
    if command.evidence is Evidence.AWAITED and command.deadline <= now:
        # Nobody could see anything meanwhile.
        books.windows.except_until(command.tracking_id, now + LAST_CHANCE)
    books.plan_end(books.commands[command.tracking_id])


def _resume_by_phase(
    books: Books, sending: Sending, command: Command, closes: float, now: float
) -> None:
    """Go on where the sending of a command was; `closes` is when it is too late to send it."""
    if command.phase is Phase.TAKEN:
        _resume_asking(books, command, now)
    else:
        books.outbox.add(command, closes)
    if command.phase is Phase.WAITING:
        books.outbox.distrust(command)
    if command.phase in {Phase.SENDING, Phase.UNSURE}:
        sending.resume(command, now)


def _resume_asking(books: Books, command: Command, now: float) -> None:
    """Ask at once about a command that was taken; its window may have ended meanwhile."""
    books.outbox.occupy(command)
    if books.windows.limited(command.tracking_id, command.deadline) <= now:
        ask_once_more(books, command, now)
    else:
        books.questions.plan(command.tracking_id, now)


def _may_be_uncounted(command: Command, held_back: Any, now: float) -> bool:
    """Return whether a request for a command may count that nobody has written down as such."""
    if command.sent_at is None or now - (command.finished_at or now) >= RECENT:
        return False
    return not held_back or command.phase in {Phase.SENDING, Phase.UNSURE}


def _resume_watch(books: Books, command: Command, now: float) -> None:
    """Look for the late outcome of a command again."""
    asked = not command.settled and command.phase is Phase.TAKEN
    if correctable(command) and (asked or awaits_late_sight(command, now)):
        books.questions.begin(command)
        if _is_from_the_future(command, now):
            books.questions.distrust(command.tracking_id, now)
        books.plan_watch(command, now)


def _is_from_the_future(command: Command, now: float) -> bool:
    """Return whether a wrong clock told the moments of a command: they lie after this start."""
    moments = (command.created_at, command.sent_at, command.finished_at)
    return any(moment is not None and moment > now for moment in moments)


def _distrust(books: Books, command: Command, now: float) -> float:
    """Let the window of a command end its own length after this start, at the latest.

    Returns from when on it is too late to send it. What may have been sent is never sent again:
    nobody knows how long ago that was.
    """
    books.questions.distrust(command.tracking_id, now)
    ends = now + command.deadline - command.created_at
    books.windows.limit(command.tracking_id, ends)
    recovery = books.policy.recovery_of(command)
    resends = recovery is not None and recovery.means is Means.RESEND
    return now if resends and command.phase is not Phase.WAITING else ends
