"""What a provider still forbids, for the disk: pauses that it asked for, and requests that count.

Nothing of it is worth failing for: whatever cannot be read is left out.
"""

from collections.abc import Mapping
from contextlib import suppress
from math import isfinite
from typing import Any, Final

from .books import Books

HOLDS: Final = ("hold_until", "guess_until", "quiet_until")


def to_plain(books: Books, now: float) -> dict[str, Any]:
    """Return what holds us back at a moment; nothing where nothing does."""
    outbox = books.outbox
    moments = (outbox.hold_until, outbox.guess_until, books.questions.quiet_until)
    holds = {name: moment for name, moment in zip(HOLDS, moments, strict=True) if moment > now}
    meters = [[place, key, moments] for (place, key), moments in outbox.counted(now)]
    return {"at": now, **holds, "meters": meters} if holds or meters else {}


def from_plain(books: Books, plain: Any, now: float) -> None:
    """Be held back by what was written down, for no longer than it was at that moment."""
    if not isinstance(plain, Mapping):
        return
    at = _moment(plain.get("at"))
    if at is None:
        return
    # A clock that stands before the moment of writing makes no pause longer.
    later = min(0.0, now - at)
    hold, guess, quiet = (_moment(plain.get(name)) for name in HOLDS)
    if hold is not None:
        books.outbox.hold_until = hold + later
    if guess is not None:
        books.outbox.guess_until = guess + later
    if quiet is not None:
        books.questions.hold(quiet + later)
    for row in plain.get("meters", ()):
        with suppress(TypeError, ValueError, IndexError):
            place, key, moments = row
            books.outbox.count_again(int(place), str(key), [float(m) + later for m in moments])


def _moment(value: Any) -> float | None:
    """Return a moment; None where it is none."""
    return float(value) if isinstance(value, int | float) and isfinite(value) else None
