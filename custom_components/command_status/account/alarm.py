"""The one alarm of an account."""

from asyncio import TimerHandle
from collections.abc import Callable
from math import inf
from typing import Final

from homeassistant.core import HomeAssistant, callback

TOLERANCE: Final = 0.001
"""Seconds by which the alarm may be off; setting it anew costs more than it brings."""


class Alarm:
    """Rings once, after so many seconds, unless it is set anew before."""

    def __init__(self, hass: HomeAssistant, ring: Callable[[], None]) -> None:
        """Be off."""
        self._loop = hass.loop
        self._ring = ring
        self._at = inf
        """When it rings, by the clock of the loop; infinite: never."""
        self._timer: TimerHandle | None = None

    @callback
    def set(self, seconds: float | None) -> None:
        """Ring after some seconds, at once where they are negative; None: never."""
        at = inf if seconds is None else self._loop.time() + max(0.0, seconds)
        if abs(at - self._at) >= TOLERANCE:
            self._set(at)

    @callback
    def bring_forward(self, seconds: float) -> None:
        """Ring after some seconds at the latest."""
        at = self._loop.time() + max(0.0, seconds)
        if at <= self._at - TOLERANCE:
            self._set(at)

    def _set(self, at: float) -> None:
        """Ring at a moment, by the clock of the loop."""
        if self._timer is not None:
            self._timer.cancel()
        self._at = at
        self._timer = None if at == inf else self._loop.call_at(at, self._rung)

    @callback
    def _rung(self) -> None:
        self._timer = None
        self._at = inf
        self._ring()
