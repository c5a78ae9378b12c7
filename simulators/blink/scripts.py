"""What becomes of a command: how long it takes, how it ends, and how the status call tells it.

A script is data; the state of a command follows from it and from the time that has passed. Facts
about the answers: live captures of homebridge-blink-for-home (COMMAND_SENT, COMMAND_RUNNING,
COMMAND_COMPLETE), blinkpy#979 for the failure with 523.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from .bodies import REFUSALS

SUCCEEDED: Final = "Command succeeded"
FINE: Final = 908
"""The `status_code` of every command from its first answer on: it proves nothing."""
USUAL_SECONDS: Final = 3.0
"""What a thumbnail took in the captures."""


class Telling(StrEnum):
    """How the status call answers."""

    PLAIN = "plain"
    FOREIGN = "foreign"
    """`commands` holds another command, not the one that was asked for."""
    EMPTY = "empty"
    """`commands` is empty."""
    WITHOUT_COMMANDS = "without_commands"
    WITHOUT_STATUS = "without_status"
    WITHOUT_COMPLETE = "without_complete"
    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """The life of one command."""

    refusal: str | None = None
    """A name of `REFUSALS`: it is not taken at all."""
    seconds: float | None = USUAL_SECONDS
    """From the POST until `complete`; None: never."""
    stages: tuple[str, ...] = ("cs_db", "cs_sent", "sm", "dev")
    """The stages that it passes, evenly spread, between `rest` and its end."""
    status: int | str | None = 0
    """At the end; anything but 0 is a failure."""
    status_code: int = FINE
    """At the end."""
    status_msg: str = SUCCEEDED
    """At the end."""
    running_code: int = FINE
    """The `status_code` until then."""
    condition: str = "running"
    """The `state_condition` on the way."""
    telling: Telling | str = Telling.PLAIN
    known_for: int | None = None
    """Status requests that are answered well before 404; 0: not even the first; None: all."""

    def __post_init__(self) -> None:
        """Refuse words that mean nothing, since scripts also come in over the control API."""
        Telling(self.telling)
        if self.refusal is not None and self.refusal not in REFUSALS:
            message = f"refusal must be one of {', '.join(REFUSALS)}"
            raise ValueError(message)

    @property
    def failed(self) -> bool:
        """Whether it ends badly."""
        return self.status not in {0, None}


_FAILED: Final = Script(status=1, status_msg="Command failed")

SCRIPTS: Final[Mapping[str, Script]] = {
    "success": Script(),
    "swift": Script(stages=("sm",)),
    "failure": _FAILED,
    "failure_523": replace(_FAILED, status_code=523, status_msg="Live view failed"),
    "failure_in_words": replace(_FAILED, status="failed"),
    # Free choice: what the cloud says of a camera that it cannot reach is not known.
    "out_of_reach": replace(
        _FAILED, stages=("cs_db", "cs_sent", "sm"), status_msg="Camera is offline"
    ),
    "running_with_another_code": Script(running_code=1),
    "unknown_condition": Script(condition="unknown"),
    "never": Script(seconds=None),
    "late": Script(seconds=90.0),
    "never_known": Script(seconds=None, known_for=0),
    "forgotten": Script(seconds=None, known_for=2),
    **{str(telling): Script(telling=telling) for telling in Telling if telling != Telling.PLAIN},
    **{refusal: Script(refusal=refusal) for refusal in REFUSALS},
}
"""The stories that have a name."""


def script(name: str, **changes: Any) -> Script:
    """Return a script by its name, with some things different."""
    if name not in SCRIPTS:
        message = f"a script is one of {', '.join(SCRIPTS)}"
        raise ValueError(message)
    return replace(SCRIPTS[name], **changes)


@dataclass(frozen=True, slots=True)
class _Cue:
    """A script and the commands that it is for."""

    script: Script
    target: int | None
    command: str | None

    def fits(self, target: int, command: str) -> bool:
        return self.target in (None, target) and self.command in (None, command)


@dataclass(slots=True)
class Playbook:
    """The scripts that wait for their commands."""

    _next: list[_Cue] = field(default_factory=list)
    _standing: list[_Cue] = field(default_factory=list)

    def add(
        self,
        story: Script,
        *,
        target: int | None = None,
        command: str | None = None,
        times: int | None = None,
    ) -> None:
        """Play a script for the next `times` commands, in the order of the calls, or for good.

        The target is the id of a device, or of a network for `arm` and `disarm`; the command is the
        label of the endpoint, such as `thumbnail`.
        """
        cue = _Cue(story, target, command)
        if times is None:
            self._standing.insert(0, cue)
        else:
            self._next.extend([cue] * times)

    def clear(self) -> None:
        """Take back all scripts."""
        self._next.clear()
        self._standing.clear()

    def take(self, target: int, command: str) -> Script | None:
        """Return the script for a command that has just come in, if there is one."""
        for cue in self._next:
            if cue.fits(target, command):
                self._next.remove(cue)
                return cue.script
        return next((cue.script for cue in self._standing if cue.fits(target, command)), None)
