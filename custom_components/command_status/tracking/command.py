"""The nouns: a command, its state, its evidence, and what a provider said about it.

Times are seconds since the epoch (UTC) as floats. Everything here is a value: frozen, compared by
content, safe to hand to another thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from .expectation import Expectation

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
"""The empty mapping that every command without parameters shares."""


class CommandState(StrEnum):
    """Where a command is, from the wish to its outcome."""

    QUEUED = "queued"
    """Accepted here or by the provider, not yet under way."""
    SCHEDULED = "scheduled"
    """The provider will start it later, at its own time."""
    SENT = "sent"
    """On its way to the device."""
    ACKNOWLEDGED = "acknowledged"
    """The device, or its hub, has received it."""
    IN_PROGRESS = "in_progress"
    """The device is working on it."""
    SUCCESS = "success"
    """The device confirmed it."""
    FAILURE = "failure"
    """It was refused, never sent, or did not complete; the reason says why."""
    TIMEOUT = "timeout"
    """The outcome was not confirmed in time. This proves nothing about the device."""
    CANCELLED = "cancelled"
    """Stopped at our request, or by the provider."""
    LOST = "lost"
    """Whether it was taken, or what became of it, cannot be known any more."""


OPEN: Final = frozenset(
    {
        CommandState.QUEUED,
        CommandState.SCHEDULED,
        CommandState.SENT,
        CommandState.ACKNOWLEDGED,
        CommandState.IN_PROGRESS,
    }
)
FINAL: Final = frozenset(CommandState) - OPEN


class Phase(StrEnum):
    """How far the sending of a command has come: what we know, whatever the provider says.

    After a crash it alone decides what may be done: a waiting command may be sent, one that may
    have been sent must never be sent again as a new one.
    """

    WAITING = "waiting"
    """Certainly not sent: it waits in our own queue."""
    SENDING = "sending"
    """Its request may be under way at this moment."""
    UNSURE = "unsure"
    """Its request went out and nobody knows whether it was taken."""
    TAKEN = "taken"
    """The provider has answered: it has the command, or had it and refused it."""


class Evidence(StrEnum):
    """What there is beyond the provider's word."""

    AWAITED = "awaited"
    """Something is expected, and was not seen yet."""
    SEEN = "seen"
    """It was seen."""
    ASSUMED = "assumed"
    """It was seen at an entity that only assumes its state."""
    MISSING = "missing"
    """It was not seen until the command ended."""
    NONE = "none"
    """Nothing can be expected: the action leaves nothing to be seen."""


class Step(NamedTuple):
    """One change in the life of a command: of its state, or of the provider's word for it."""

    state: CommandState
    provider_state: str | None
    at: float


MOST_STEPS: Final = 20
"""How many steps of a command are remembered: the first and the newest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One request to act, from the moment the user asks for it until its outcome is known."""

    tracking_id: str
    """Ours, never changes, sorts in the order in which commands were accepted."""
    target: str
    """The id of what it acts on, as the provider names it."""
    target_name: str
    command: str
    created_at: float
    """When the action was called; the wait window begins here."""
    deadline: float
    """When the wait window ends."""
    device: str | None = None
    """The key of the physical device that the target belongs to."""
    covers: tuple[str, ...] = ()
    """The targets whose entities tell about it, where that is not just its own target."""
    parameters: Mapping[str, Any] = NOTHING
    """As shown to users: secret values are redacted here."""
    payload: Mapping[str, Any] | None = None
    """What is really sent where it differs from `parameters`; dropped once it was sent."""
    tag: str | None = None
    subentry_id: str | None = None
    """The saved command that it was sent from."""
    user_id: str | None = None
    """The user who asked for it, where it was one; it is done with their rights."""
    batch: str | None = None
    """Commands of one call share it, so that a provider may send them in one request."""
    offline: bool = False
    """Whether the last list of targets called its target offline when it was accepted."""
    offline_hub: str | None = None
    """The name of the hub that this was about, where it was not the target itself."""

    command_id: str | None = None
    request_id: str | None = None
    network_id: str | None = None
    kept: Mapping[str, Any] = NOTHING
    """What else its provider needs to ask about it: texts and numbers, a handful."""

    phase: Phase = Phase.WAITING
    state: CommandState = CommandState.QUEUED
    provider_state: str | None = None
    """The provider's own word, untouched."""
    reason: str | None = None
    progress: int | None = None
    """0 to 100, where the provider shows stages or a percentage."""
    result: Any = None
    """Structured data from the device, where there is any."""
    late: bool = False
    """Whether the outcome corrected an earlier one."""
    stopping: bool = False
    """Whether we asked for it to be cancelled."""
    settled: bool = False
    """Whether nothing more will ever be learned about it."""
    seen: bool = False
    """Whether a status request was answered for it at least once."""
    polls: int = 0
    """Status requests that concerned it."""
    sent_at: float | None = None
    """When it was first handed to the provider."""
    finished_at: float | None = None
    """When we learned the outcome."""
    expect: Expectation | None = None
    """What is expected to be seen beyond the provider's word."""
    evidence: Evidence | None = None
    """None: nothing was said about it."""
    word: CommandState | None = None
    """The provider's last word, while the evidence is awaited."""
    source: str | None = None
    """What asked for it: an automation or a script by its entity id, `user`, `voice`, or None."""
    changes: tuple[Step, ...] = ()
    """Every change of its state, or of the provider's word, that followed the wish."""
    extra: Mapping[str, Any] = field(default=NOTHING, repr=False)
    """What a newer version wrote down and this one does not know; kept as it is."""

    @property
    def final(self) -> bool:
        """Whether the state is an outcome."""
        return self.state in FINAL

    @property
    def steps(self) -> tuple[Step, ...]:
        """Its story: queued when it was asked for, and what has changed since, oldest first."""
        first = Step(CommandState.QUEUED, None, self.created_at)
        if self.changes or self.state is CommandState.QUEUED:
            return (first, *self.changes)
        # Written by a version that noted no steps.
        at = self.finished_at or self.sent_at or self.created_at
        return (first, Step(self.state, self.provider_state, at))

    @property
    def covered(self) -> tuple[str, ...]:
        """The targets whose entities tell about this command."""
        return self.covers or (self.target,)

    @property
    def to_send(self) -> Mapping[str, Any]:
        """The parameters with their real values."""
        return self.parameters if self.payload is None else self.payload

    @property
    def duration(self) -> float | None:
        """Seconds from the call of the action until the outcome was learned."""
        return None if self.finished_at is None else self.finished_at - self.created_at


def with_step(before: Command, after: Command, now: float) -> Command:
    """Return a command with the step noted that it has made, if it is one."""
    if before.state is after.state and before.provider_state == after.provider_state:
        return after
    step = Step(after.state, after.provider_state, now)
    return replace(after, changes=(*before.changes[2 - MOST_STEPS :], step))


def changed(command: Command, **values: Any) -> Command:
    """Return a command with other values; the very same object where they are those it has.

    Most answers of a cloud bring no news, and to copy a command costs more than to look at it.
    """
    news = {name: value for name, value in values.items() if getattr(command, name) != value}
    return replace(command, **news) if news else command


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What the provider said about a command at one moment.

    A `state` of None is a word that we do not know: it is kept in `provider_state` and changes
    nothing else.
    """

    state: CommandState | None = None
    provider_state: str | None = None
    reason: str | None = None
    progress: int | None = None
    result: Any = None
    command_id: str | None = None
    request_id: str | None = None
    network_id: str | None = None
    kept: Mapping[str, Any] | None = None
    """What the provider wants to remember of the command, beside what it remembers already."""
    settled: bool = False
    """Whether this is the provider's last word: there is no use in asking for a late outcome."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """One change of a command: what it was and what it is now."""

    before: Command | None
    """None for a command that has just been accepted."""
    command: Command

    @property
    def outcome(self) -> bool:
        """Whether the change is an outcome that must be announced."""
        return self.command.final and (
            self.before is None or self.before.state is not self.command.state
        )
