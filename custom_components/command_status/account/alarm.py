"""The one alarm of an account."""

from collections.abc import Callable
from math import inf
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

TOLERANCE: Final = 0.001
"""Seconds by which the alarm may be off; setting it anew costs more than it brings."""


class Alarm:
    """Rings once, after so many seconds, unless it is set anew before."""

    def __init__(self, hass: HomeAssistant, ring: Callable[[], None]) -> None:
        """Be off."""
        self._hass = hass
        self._ring = ring
        self._job = HassJob(self._rung, "alarm", cancel_on_shutdown=True)
        self._at = inf
        """When it rings, by the clock of the loop; infinite: never."""
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def set(self, seconds: float | None) -> None:
        """Ring after some seconds, at once where they are negative; None: never."""
        delay = None if seconds is None else max(0.0, seconds)
        at = inf if delay is None else self._hass.loop.time() + delay
        if abs(at - self._at) < TOLERANCE:
            return
        if self._cancel is not None:
            self._cancel()
            self._cancel = None
        self._at = at
        if delay is not None:
            self._cancel = async_call_later(self._hass, delay, self._job)

    @callback
    def _rung(self, _now: Any) -> None:
        self._cancel = None
        self._at = inf
        self._ring()
