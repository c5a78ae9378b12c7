"""How long a token is good, whatever an answer says of it."""

from typing import Final

SHORTEST: Final = 10.0
"""Seconds; what is said to live shorter is tried all the same, rather than renewed all the time."""
LONGEST: Final = 86400.0
"""Seconds; a longer life is not believed, it would only be found out by a refusal."""


def lifetime(told: object, usual: float) -> float:
    """Return the seconds for which to believe in a token; the usual ones where none are told."""
    if not isinstance(told, int | float) or told <= 0:
        return usual
    return float(min(max(told, SHORTEST), LONGEST))
