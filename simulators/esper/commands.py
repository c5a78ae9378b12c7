"""Requests, their status objects, and the scripts that these follow.

Nothing runs while a command is under way: its words and their moments are worked out from its
script, its device and the clock when somebody asks.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final

from .world import Device, Json

QUEUED: Final = "Command Queued"
SCHEDULED: Final = "Command Scheduled"
INITIATED: Final = "Command Initiated"
ACKNOWLEDGED: Final = "Command Acknowledged"
IN_PROGRESS: Final = "Command In Progress"
SUCCESS: Final = "Command Success"
FAILURE: Final = "Command Failure"
TIMEOUT: Final = "Command TimeOut"
CANCELLED: Final = "Command Cancelled"

SETTABLE: Final = (
    ACKNOWLEDGED,
    IN_PROGRESS,
    TIMEOUT,
    SUCCESS,
    FAILURE,
    SCHEDULED,
    CANCELLED,
)
"""The words of "Update command status"."""

WALK: Final = (INITIATED, ACKNOWLEDGED, IN_PROGRESS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """What becomes of a command on one device."""

    outcome: str | None = SUCCESS
    """The last word, be it one that no documentation knows; None: it stays on the way for ever."""
    reason: str = ""
    """Comes with the last word."""
    result: Any = None
    """What the device tells with the last word; None: what the command usually brings."""
    after: float | None = None
    """Seconds from the moment the device is reached to the last word; None: as the settings say."""
    waits_as: str = QUEUED
    """The word until it is fired."""
    held: float = 0.0
    """Seconds until it is fired, even if the device can be reached."""
    times_out_after: float | None = None
    """Seconds after which the cloud gives up waiting; the last word may still come."""
    forget_after: float | None = None
    """Seconds after which the cloud no longer knows the status object."""
    error: int | None = None
    """The POST answers with this status."""
    message: str = "not possible"
    """What it says then."""
    taken: bool = False
    """Whether the request is made in spite of the error."""


@dataclass(frozen=True, slots=True)
class Word:
    """What is said about a command from a moment on."""

    at: float
    state: str
    reason: str = ""


@dataclass(slots=True)
class Request:
    """What somebody asked for, for some devices."""

    request_id: str
    command: str
    arguments: Json
    devices: tuple[str, ...]
    alias: str
    created: float
    created_at: str
    internal: bool = False


@dataclass(slots=True)
class Status:
    """What becomes of a request on one device."""

    status_id: str
    request: Request
    device: Device
    script: Script
    duration: float
    appears: float
    """When it begins to exist."""
    forgotten: bool = False
    _put: list[Word] = field(default_factory=list)

    def is_known(self, now: float) -> bool:
        """Tell whether the cloud answers for it."""
        limit = self.script.forget_after
        old = limit is not None and now >= self.request.created + limit
        return now >= self.appears and not old and not self.forgotten

    @property
    def fired(self) -> float | None:
        """When it goes, or will go, to the device; None: not as things are planned now."""
        return self.device.reached_at(self.request.created + self.script.held)

    @property
    def ends(self) -> float | None:
        """When its last word comes; None: never."""
        if self.fired is None or self.script.outcome is None:
            return None
        return self.fired + self.duration

    def put(self, now: float, state: str | None, reason: str | None) -> None:
        """Say something else from now on, until the device says something."""
        word = self.word(now)
        self._put.append(
            Word(
                now,
                word.state if state is None else state,
                word.reason if reason is None else reason,
            )
        )

    def word(self, now: float) -> Word:
        """Return what is said about it now: the last thing that anybody said."""
        said = sorted([*self._device_says(), *self._put], key=lambda word: word.at)
        return [word for word in said if word.at <= now][-1]

    def result(self, now: float) -> Any:
        """Return what the device has told beside its words."""
        if self.fired is None or now < self.fired:
            return None
        done = 1.0 if self.duration <= 0 else min(1.0, (now - self.fired) / self.duration)
        if self.script.result is not None:
            return self.script.result if done == 1.0 else None
        return usual_result(self.request.command, done)

    def _device_says(self) -> Iterator[Word]:
        """Return the words that come by themselves, planned ones included.

        One that is cancelled before it is fired gets none of them any more.
        """
        fired = self.fired
        stops = min((word.at for word in self._put if word.state == CANCELLED), default=inf)
        for word in self._planned(fired):
            if word.at <= stops or (fired is not None and fired < stops):
                yield word

    def _planned(self, fired: float | None) -> Iterator[Word]:
        """Return the words that come if nobody interferes."""
        created = self.request.created
        yield Word(created, self.script.waits_as)
        patience = self.script.times_out_after
        gives_up = None if patience is None else created + patience
        ends = self.ends
        if gives_up is not None and (ends is None or gives_up < ends):
            yield Word(gives_up, TIMEOUT)
        if fired is None:
            return
        for number, state in enumerate(WALK):
            at = fired + self.duration * number / len(WALK)
            if gives_up is None or at < gives_up:
                yield Word(at, state)
        if ends is not None and self.script.outcome is not None:
            yield Word(ends, self.script.outcome, self.script.reason)


def usual_result(command: str, done: float) -> Any:
    """Return what a device tells about a command that brings data; `done` is from 0 to 1."""
    if command == "OS_UPDATE_STATUS":
        return {
            "product_key": "os-17.2",
            "is_downloaded": done == 1.0,
            "download_percent_complete": round(done * 100),
            "status": "downloaded" if done == 1.0 else "downloading",
            "product_version": "17.2",
        }
    if command == "SCAN_OS_UPDATES" and done == 1.0:
        return [
            {
                "product_key": "os-17.2",
                "product_version": "17.2",
                "build": "21C62",
                "human_readable_name": "System 17.2",
                "is_critical": False,
                "download_size": 1_234_567_890,
            }
        ]
    return None


@dataclass(slots=True)
class _Cue:
    """When a script is played."""

    script: Script
    device: str | None
    command: str | None

    def fits(self, device: str, command: str) -> bool:
        """Tell whether a command on a device is meant."""
        return self.device in (None, device) and self.command in (None, command)


@dataclass(slots=True)
class Playbook:
    """The scripts that wait for their commands."""

    _next: deque[_Cue] = field(default_factory=deque)
    _standing: deque[_Cue] = field(default_factory=deque)

    def add(
        self, script: Script, *, device: str | None, command: str | None, times: int | None
    ) -> None:
        """Play a script for the next `times` commands, in the order of the calls, or for good."""
        cue = _Cue(script, device, command)
        if times is None:
            self._standing.appendleft(cue)
        else:
            self._next.extend([cue] * times)

    def take(self, device: str, command: str) -> Script:
        """Return the script for a command on one device."""
        for cue in self._next:
            if cue.fits(device, command):
                self._next.remove(cue)
                return cue.script
        standing = (cue.script for cue in self._standing if cue.fits(device, command))
        return next(standing, Script())
