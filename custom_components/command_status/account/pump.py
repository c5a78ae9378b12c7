"""The pump: what can be started now is started, and the one alarm is set for the rest.

It runs whenever something has happened. Whatever one of its steps throws stops none of the others,
and it runs again a little later then.
"""

from collections.abc import Callable
from typing import Final

from homeassistant.core import callback

from ..const import LOGGER
from .alarm import Alarm
from .asker import Asker
from .parts import Parts
from .sender import Sender
from .telling import Telling

WINDOWS_AT_ONCE: Final = 20
"""Wait windows that may end before others in Home Assistant get their turn."""

AGAIN_AFTER: Final = 5.0
"""Seconds until it runs again where something was thrown, or the next moment is not known."""


class Pump:
    """Has done what the tracker of one account knows to be due."""

    def __init__(self, parts: Parts, telling: Telling, sender: Sender, asker: Asker) -> None:
        """Do nothing yet."""
        self._parts = parts
        self._telling = telling
        self._sender = sender
        self._asker = asker
        self._alarm = Alarm(parts.hass, self.run)
        self._closed = False
        self._has_leftovers = True
        """Whether something may wait to be sent that came from the disk."""
        self._again_at: float | None = None
        """When to run again because something was thrown."""

    @callback
    def close(self) -> None:
        """Start nothing more, but to write things down."""
        self._closed = True
        self.set_alarm()

    @callback
    def run(self) -> None:
        """Start what can be started now, and set the alarm for the rest."""
        keeper = self._parts.keeper
        if self._closed:
            keeper.start_save()
            return
        self._again_at = None
        self._step("The clock could not be corrected", self._correct)
        self._step("The end of a wait window could not be noted", self._end_windows)
        self._step("The clocks could not be compared", self._compare_clocks)
        self._step("News of a command could not be left", self._telling.leave_ended)
        self._step("Commands could not be sent", self._send)
        self._step("The records could not be written", keeper.start_save)
        self._step("The provider could not be asked", self._asker.start)
        self.set_alarm()

    @callback
    def opened(self) -> None:
        """Send what has just been accepted, if it can be sent now."""
        self._step("Commands could not be sent", self._send)
        self.set_alarm()

    @callback
    def asked(self) -> None:
        """Come back for the next question in time: something was asked, and nothing else is new."""
        with self._parts.mishaps.survived("The next moment is not known"):
            now = self._parts.clock.now()
            moment = self._asker.next_at(now)
            if moment is not None and not self._closed:
                self._alarm.bring_forward(moment - now)

    @callback
    def set_alarm(self) -> None:
        """Set the one alarm for the next moment at which something is due."""
        now = self._parts.clock.now()
        due = None if self._closed else self._next_moment(now)
        self._alarm.set(None if due is None else due - now)

    def _step(self, what: str, step: Callable[[], None]) -> None:
        """Do one thing; whatever it throws, do it again a little later."""
        again_at = self._parts.clock.now() + AGAIN_AFTER
        before, self._again_at = self._again_at, again_at
        with self._parts.mishaps.survived(what):
            step()
            self._again_at = before

    def _correct(self) -> None:
        """Follow a correction of the clock, as soon as nothing is being sent.

        Until when that may go out is told by the clock as it was.
        """
        if self._sender.is_busy:
            return
        if correction := self._parts.clock.correct():
            LOGGER.debug("The clock was corrected by %.0f s", correction)
            self._parts.tracker.shift(correction)
            self._parts.keeper.shift(correction)

    def _end_windows(self) -> None:
        """End the windows whose time is up."""
        now = self._parts.clock.now()
        self._parts.keeper.take(self._parts.tracker.tick(now, WINDOWS_AT_ONCE))

    def _compare_clocks(self) -> None:
        """Believe our own clock again, once nothing waits that came from the disk."""
        if self._has_leftovers and not self._parts.tracker.has_leftovers:
            self._has_leftovers = False
            self._parts.clock.take_as_usual()

    def _send(self) -> None:
        """Send what can be sent."""
        self._sender.start(self._parts.clock.now())

    def _next_moment(self, now: float) -> float | None:
        """Return the next moment at which something is due that nothing else brings up."""
        moments: list[float | None] = [now + AGAIN_AFTER]
        with self._parts.mishaps.survived("The next moment is not known"):
            moments = [
                self._parts.tracker.next_alarm(
                    now,
                    asking=False,  # the asker knows that itself
                    sending=self._sender.has_room,
                    looking_only=self._parts.keeper.refused,
                ),
                self._parts.keeper.due,
                self._asker.next_at(now),
                self._again_at,
            ]
        return min((moment for moment in moments if moment is not None), default=None)
