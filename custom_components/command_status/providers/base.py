"""The questions that we ask a provider, the news that it tells, and what it says about itself.

A provider is a folder beside this file with one `ProviderDescription`, and one line in `PROVIDERS`.
Nothing above that folder branches on a provider's name.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, Self

from aiohttp import ClientSession

from ..tracking import (
    NOTHING,
    Command,
    CommandState,
    Evidence,
    Expectation,
    Observation,
    Policy,
)
from .dialogue import (
    OPENING,
    Account,
    Challenge,
    Drafting,
    Field,
    FieldKind,
    Form,
    Menu,
    OpenForm,
    Sessions,
    SignIn,
)
from .errors import ProviderError, ProviderUnsupportedError
from .house import House, Overheard, Stop
from .http import HeardDate

__all__ = [
    "DESCRIBED",
    "OPENING",
    "Account",
    "AccountDescription",
    "Answer",
    "Challenge",
    "Clock",
    "Connect",
    "Drafting",
    "Field",
    "FieldKind",
    "Form",
    "Keep",
    "Menu",
    "OpenForm",
    "Order",
    "Outcome",
    "Provider",
    "ProviderDescription",
    "Query",
    "Sessions",
    "Sighting",
    "SignIn",
    "Target",
    "Targets",
    "Tell",
]

type Outcome = Observation | ProviderError
"""What came of one command in a request that may concern many."""
type Clock = Callable[[], float]
"""Returns the moment: seconds since the epoch, which never run backwards."""
type Keep = Callable[[Mapping[str, str]], Awaitable[None]]
"""Stores changed credentials, as in `Account.credentials`, and returns when they are on disk."""
type Tell = Callable[[Observation], None]
"""Takes in what became of a command; may be called at any moment, in the event loop."""


DESCRIBED: Final = "described"
"""Where the data of an account holds the description of its API, as plain data."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Something that a command can act on."""

    id: str
    name: str
    """As in the record's `target_name`, such as `Gate relay 1`."""
    device: str
    """The key of the physical device it belongs to; targets with the same key share a device."""
    device_name: str
    commands: tuple[str, ...]
    """The commands that can be offered for it; the usual ones where the provider takes any name."""
    via: str | None = None
    """The key of the device that this one hangs under; None: under the account."""
    model: str | None = None
    """What is sold under that name, where the list tells it."""
    firmware: str | None = None
    """The version of it, as the list tells it."""
    network_id: str | None = None
    online: bool | None = None
    """What the list said; None where it did not say."""
    offline_hub: str | None = None
    """The name of the hub that it hangs under, where the list called that offline."""
    label: str = "command"
    """The translation key of its sensor and event."""
    placeholders: Mapping[str, str] = NOTHING
    """The words to fill into the name of its entities, such as the number of a relay."""
    kept: Mapping[str, str] = NOTHING
    """What else the provider needs to send to it, as the list told it."""


class Targets(tuple[Target, ...]):  # noqa: SLOT001 - a tuple has no place for more but this
    """All targets of an account, as the provider has just listed them."""

    whole: bool

    def __new__(cls, targets: Iterable[Target], *, whole: bool = True) -> Self:
        """Keep whether every item of the list was understood."""
        listed = super().__new__(cls, targets)
        listed.whole = whole
        return listed


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A command that makes sense, in the provider's own words."""

    target: Target
    command: str
    """Spelled as the provider spells it."""
    parameters: Mapping[str, Any] = NOTHING
    """As shown: values that are secret read `**REDACTED**`."""
    payload: Mapping[str, Any] | None = None
    """The real parameters where they differ from those shown."""
    expect: Expectation | None = None
    """What is expected to be seen, where the provider knows it or the user says it."""
    evidence: Evidence | None = None
    """Whether a sight is awaited."""
    kept: Mapping[str, Any] = NOTHING
    """What the provider wants to remember of the command; see `Command.kept`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A command that someone else sent, as the provider tells it."""

    target: str
    target_name: str
    command: str
    observation: Observation
    """With the ids of the command."""
    parameters: Mapping[str, Any] = NOTHING
    device: str | None = None
    covers: tuple[str, ...] = ()
    expect: Expectation | None = None
    """What is expected to be seen of it, where the provider knows that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """One status request: the commands that it asks about, and where a long answer goes on."""

    commands: tuple[Command, ...]
    offset: int = 0
    state: Any = None
    """What the provider wants to remember from one request to the next."""
    repeated: bool = False
    """Whether it is made once more, because the connection broke before there was an answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What one status request brought."""

    news: Mapping[str, Outcome]
    """By tracking id: what was said about a command, or why nothing could be learned about it."""
    rest: Query | None = None
    """What is to be asked next, in its turn: the next page where the answer goes on, or the same
    once more with the token that this request brought."""


class Provider(ABC):
    """One account at one cloud. Every method raises only ProviderError; one method is one request.

    Signing in again, and one repeat after an expired token, come on top where they are needed; but
    for `check`, whose requests are counted.
    """

    @abstractmethod
    async def targets(self) -> Targets:
        """Return the list of targets; raises rather than return a part of it.

        An item that makes no sense is left out, and the list is not `whole` then: who is missing
        from it may be there all the same.
        """

    def target(self, text: str) -> Target | None:  # noqa: ARG002
        """Return a target that need not be on the list; None where there is none under that id."""
        return None

    def named(self, target: str) -> str:
        """Return the id of a target as it is shown: the same, unless it may be renamed."""
        return target

    def alone(self, action: str, data: Mapping[str, Any]) -> Order:  # noqa: ARG002
        """Return an order for an action that acts on no target."""
        raise ProviderUnsupportedError

    def overhear(self, heard: Overheard) -> tuple[Sighting, ...]:  # noqa: ARG002
        """Return what is to be followed of an action that somebody called in the house."""
        return ()

    @abstractmethod
    def order(
        self, candidates: Sequence[Target], command: str, parameters: Mapping[str, Any]
    ) -> Order:
        """Check the user's words and choose the target they mean.

        `candidates` belong to one device. Raises ProviderInputError, which says what is wrong and
        what is accepted.
        """

    @abstractmethod
    def parameters(self, target: Target, command: str) -> tuple[Field, ...]:
        """Return a form for the parameters of a command."""

    @abstractmethod
    async def submit(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        """Send commands of one call, at most `Policy.batch`; return what came of each.

        The answer is by tracking id; an error that is raised holds for all of them. The command's
        `tracking_id` (one command) or `batch` (many) is the mark by which a lost answer is
        recovered, and `to_send` has the real parameters.

        Nothing goes out after `limits.last_call` of the commands, whatever came before it (a
        token, its renewal, a connection): ProviderTooLateError is raised instead. Where a command
        is sent again under the same mark, an error is the word on the command only if it is
        `about_command`.
        """

    async def lookup(
        self,
        commands: Sequence[Command],  # noqa: ARG002
    ) -> Mapping[str, Outcome]:
        """Look for commands whose answer was lost, by their mark; those not found are left out.

        This moves nothing, so it may be done at any time. An error says nothing about a command.
        """
        raise ProviderUnsupportedError

    def queries(self, commands: Sequence[Command]) -> Iterable[Query]:
        """Divide commands into status requests: one for each where the cloud has no batches."""
        return [Query(commands=(command,)) for command in commands]

    @abstractmethod
    async def check(self, query: Query) -> Answer:
        """Make one status request. An error that is raised holds for every command of the query.

        Where a token is missing that one is asked for instead, and the query comes back as the
        rest: by the time that there is a token, many may have waited for it, and asking all at once
        would exceed what a cloud is asked in a second.
        """

    def follow(self, command: Command, tell: Tell) -> Stop | None:  # noqa: ARG002
        """Begin to tell what becomes of a command, where the provider tells by itself.

        Called before the command is sent, and again for each that is open or watched after a start;
        None where it must be asked.
        """
        return None

    @abstractmethod
    async def find(
        self, command_id: str, network_id: str | None, target: str | None = None
    ) -> tuple[Sighting, ...]:
        """Ask for a command that someone else sent; raises ProviderNotFoundError.

        Providers that need more than its id say what by ProviderInputError.
        """

    async def cancel(self, command: Command) -> Observation:  # noqa: ARG002
        """Ask the provider to stop a command."""
        raise ProviderUnsupportedError

    async def update(
        self,
        command_id: str,  # noqa: ARG002
        state: str | None,  # noqa: ARG002
        reason: str | None,  # noqa: ARG002
    ) -> Sighting:
        """Set the state of a command at the provider; `state` is in the provider's own words."""
        raise ProviderUnsupportedError

    def preview(self, order: Order) -> Mapping[str, Any]:  # noqa: ARG002
        """Return the request that an order would become, for users who try something."""
        return NOTHING

    def transcript(self) -> Sequence[Mapping[str, Any]]:
        """Return what was asked and answered last, oldest first, for users who try something."""
        return ()

    def choose(self, devices: Collection[str]) -> None:  # noqa: B027 - most need not know
        """Take note of the devices that the user has chosen, whenever that changes."""

    def succeed(self, before: Provider) -> None:  # noqa: B027 - most providers hold nothing
        """Take over what is still to be hidden of commands that another provider has sent."""

    def release(self, tracking_id: str) -> None:  # noqa: B027 - most providers hold nothing
        """Forget what is only kept for a command: it is final for good, or was forgotten.

        What a command was sent with is remembered until then, to be hidden where it is repeated.
        """

    async def close(self) -> None:  # noqa: B027 - most have nothing to finish
        """Finish what must not be cut, such as a renewal that brings new credentials.

        Called when the account is closed; nothing is asked of the provider any more.
        """


class Connect(Protocol):
    """How a provider is made."""

    def __call__(
        self,
        *,
        session: ClientSession,
        credentials: Mapping[str, str],
        clock: Clock,
        keep: Keep,
        house: House,
        heard_date: HeardDate | None = None,
    ) -> Provider:
        """Return a provider; makes no request.

        `heard_date` is told what the provider's own clock says, with every answer.
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountDescription:
    """What the floors above need to know about one account before they talk to its provider."""

    manufacturer: str
    portal_url: str
    connect: Connect
    policy: Policy
    chosen_devices: bool = False
    """Whether there may be thousands of targets, so that users choose which become devices."""
    is_house: bool = False
    """Whether it is the house itself: its targets are entities of Home Assistant, which have
    devices of their own, and what is done are Home Assistant's own actions."""
    named_targets: bool = False
    """Whether a target may also be given by the name of its device, when that is unique."""
    free_commands: bool = False
    """Whether there are more commands than those that a target offers."""
    named_commands: bool = False
    """Whether the commands that a target offers have names in the user's language."""
    can_cancel: bool = False
    update_states: Mapping[str, str] = field(default_factory=dict)
    """The words that `update` takes, in lower case, and the provider's own word for each."""
    windows: Mapping[str, float] = field(default_factory=dict)
    """By name, the default wait window of commands that have one of their own."""
    confirm: frozenset[str] = frozenset()
    """Commands that destroy data or lock people out."""
    provider_states: Mapping[str, CommandState] = field(default_factory=dict)
    """The table of the provider's words, for documentation and tests."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderDescription:
    """What the floors above need to know about a provider before there is an account."""

    key: str
    manufacturer: str
    portal_url: str
    steps: Mapping[str, Form | OpenForm | Menu]
    """The steps of a sign-in by their ids; the first has the provider's key."""
    sign_in: Callable[[Sessions], SignIn]
    account: Callable[[Mapping[str, Any]], AccountDescription]
    """Returns the description of an account from the data of its config entry."""
    drafting: Drafting | None = None
    """How users describe an account by forms, where they can."""
    described: Callable[[Any], str] | None = None
    """Returns the key of a description of an API, given as plain data, where accounts need one.

    Raises DescriptionError where the description makes no sense.
    """
    identify: Callable[[Mapping[str, str]], str] | None = None
    """Returns the id of an account from its credentials, where a former version made another."""
    movable: bool = False
    """Whether other credentials may be of another account, whose id the entry then takes over."""
