"""How long a token is good, whatever an answer says of it, and when it is renewed."""

from typing import Final

SHORTEST: Final = 10.0
"""Seconds; what is said to live shorter is tried all the same, rather than renewed all the time."""
LONGEST: Final = 86400.0
"""Seconds; a longer life is not believed, it would only be found out by a refusal."""

MARGIN: Final = 60.0
"""Seconds before its end at which a token is renewed."""
SHARE: Final = 5
"""The margin is at most one part in so many of a token's life."""


def lifetime(told: object, usual: float) -> float:
    """Return the seconds for which to believe in a token; the usual ones where none are told."""
    if not isinstance(told, int | float) or told <= 0:
        return usual
    return float(min(max(told, SHORTEST), LONGEST))


def renew_at(asked_at: float, seconds: float) -> float:
    """Return when to renew a token that was asked for at a moment and is good for some seconds."""
    return asked_at + seconds - min(MARGIN, seconds / SHARE)
