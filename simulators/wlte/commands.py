"""Commands and the scripts that they follow.

Nothing runs while a command is under way: where it is, is worked out from its script and the clock
when somebody asks. So ten thousand open commands cost nothing.
"""

from collections import deque
from dataclasses import dataclass, field

from .codes import ErrorCode
from .world import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """What becomes of a command."""

    outcome: str = "SUCCESS"
    """`SUCCESS`, `FAILED`, `TIMEOUT`, or any word that no documentation knows."""
    after: float | None = 0.0
    """Seconds until then; None: never."""
    meanwhile: str = "SENT"
    """The status before the outcome."""
    show_status: bool = True
    """False: answers come without `status`."""
    forget_after: float | None = None
    """Seconds after which the cloud no longer knows the command."""
    switches: bool | None = None
    """Whether the relay really switches; None: if the outcome is SUCCESS."""
    error: str | None = None
    """The POST answers with this `ErrorCode`."""
    taken: bool | None = None
    """Whether the command is taken in spite of the error; None: only with DEVICE_TIMEOUT."""

    def __post_init__(self) -> None:
        """Refuse an error that the cloud does not have."""
        if self.error is not None:
            ErrorCode(self.error)

    @property
    def is_taken(self) -> bool:
        """Whether the command comes into being at all."""
        if self.taken is None:
            return self.error in (None, ErrorCode.DEVICE_TIMEOUT)
        return self.taken

    @property
    def is_switching(self) -> bool:
        """Whether the relays move."""
        return self.outcome == "SUCCESS" if self.switches is None else self.switches


@dataclass(frozen=True, slots=True)
class RelayAction:
    """What one relay is to do."""

    index: int
    action: str

    def describe(self) -> Json:
        """Return it as the contract writes it."""
        return {"index": self.index, "action": self.action}


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One command that the cloud has taken."""

    command_id: str
    device_id: str
    operation: str
    relays: tuple[RelayAction, ...]
    script: Script
    created: float
    created_at: str

    def status(self, now: float) -> str:
        """Tell where the command is."""
        over = self.script.after is not None and now - self.created >= self.script.after
        return self.script.outcome if over else self.script.meanwhile

    def ends(self, longest: float) -> float:
        """Tell how many seconds the device works on it, if nobody waits longer than this."""
        return longest if self.script.after is None else min(self.script.after, longest)

    def is_known(self, now: float) -> bool:
        """Tell whether the cloud still answers for the command."""
        return self.script.forget_after is None or now - self.created < self.script.forget_after


@dataclass(frozen=True, slots=True)
class Switching:
    """A relay that really moved. More than one for a command would be the gravest of mistakes."""

    device_id: str
    relay: int
    action: str
    command_id: str
    at: float


@dataclass(slots=True)
class _Cue:
    """When a script is played."""

    script: Script
    device: str | None
    relay: int | None

    def fits(self, device: str, relays: set[int]) -> bool:
        """Tell whether a command on these relays is meant."""
        return self.device in (None, device) and (self.relay is None or self.relay in relays)


@dataclass(slots=True)
class Playbook:
    """The scripts that wait for their commands."""

    _next: deque[_Cue] = field(default_factory=deque)
    _standing: deque[_Cue] = field(default_factory=deque)

    def add(
        self,
        script: Script,
        *,
        device: str | None = None,
        relay: int | None = None,
        times: int | None = None,
    ) -> None:
        """Play a script for the next `times` commands, in the order of the calls, or for good."""
        cue = _Cue(script, device, relay)
        if times is None:
            self._standing.appendleft(cue)
        else:
            self._next.extend([cue] * times)

    def take(self, device: str, relays: set[int]) -> Script | None:
        """Return the script for a command, if there is one."""
        for cue in self._next:
            if cue.fits(device, relays):
                self._next.remove(cue)
                return cue.script
        return next((cue.script for cue in self._standing if cue.fits(device, relays)), None)
