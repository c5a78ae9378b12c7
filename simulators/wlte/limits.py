"""The documented rate limits."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from simulators.windows import SlidingWindow


class Limit(StrEnum):
    """What is limited."""

    APPLICATION = "application"
    """Relay commands of one API client."""
    DEVICE = "device"
    """Relay commands to one device."""
    RELAY = "relay"
    """Operations of one relay: the cooldown."""
    DETAIL = "detail"
    """Device detail, for each device."""
    PROFILES = "profiles"
    """Device profiles of one API client."""


# How many in how many seconds.
ALLOWANCES: Final = {
    Limit.APPLICATION: (600, 60.0),
    Limit.DEVICE: (10, 10.0),
    Limit.RELAY: (1, 3.0),
    Limit.DETAIL: (1, 10.0),
    Limit.PROFILES: (60, 60.0),
}

type Key = tuple[Limit, str]
"""A limit, and whose it is."""


@dataclass(slots=True)
class Limits:
    """All windows, and how often somebody ran into one."""

    breaches: Counter[Limit] = field(default_factory=Counter)
    _windows: dict[Key, SlidingWindow] = field(default_factory=dict)

    def _window(self, key: Key) -> SlidingWindow:
        return self._windows.setdefault(key, SlidingWindow(*ALLOWANCES[key[0]]))

    def breached(self, keys: Iterable[Key], now: float) -> tuple[Limit, float] | None:
        """Return the limit that asks for the longest wait, and that wait; None: go ahead."""
        wait, limit = max((self._window(key).wait(now), key[0]) for key in keys)
        if not wait:
            return None
        self.breaches[limit] += 1
        return limit, wait

    def use(self, keys: Iterable[Key], now: float) -> None:
        """Take from these allowances."""
        for key in keys:
            self._window(key).add(now)
