"""What the contract tests need to know about a provider, whatever it speaks to."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Self

from custom_components.command_status.providers import PROVIDERS
from custom_components.command_status.providers.base import (
    AccountDescription,
    Order,
    Provider,
    ProviderDescription,
    Sessions,
    Target,
)
from custom_components.command_status.tracking import Command
from simulators.clock import ManualClock
from tests.providers.following import accepted

CALL: Final = "01J9999999"
"""The mark of the one call that commands are sent by."""

type Plot = Callable[[], None]
"""Says what becomes of the next command."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A command with parameters that make sense for the device of the first target."""

    command: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What a provider can do beside sending one command and asking about it."""

    cancel: bool = False
    sent_together: int = 1
    """How many commands of one call go out in one request."""
    asked_together: int = 1
    """How many commands one status request asks about."""
    parameters: frozenset[str] = frozenset()
    """What its forms for commands ask for; each has a label among the texts."""
    described_parameters: frozenset[str] = frozenset()
    """What they ask for in the words of a description, which are shown as they are."""
    example: Example | None = None
    """None: no command has parameters."""


class Player(ABC):
    """One provider, and how what it speaks to plays a command from its beginning to its end."""

    key: ClassVar[str]
    word: ClassVar[str]
    """A command that the first target takes, and at least one other; it needs no parameter."""
    can: ClassVar[Capabilities]

    def __init__(self, clock: ManualClock, sessions: Sessions) -> None:
        """Set the stage; nothing listens yet."""
        self.clock = clock
        self.sessions = sessions

    async def __aenter__(self) -> Self:
        """Be there."""
        return self

    @abstractmethod
    async def __aexit__(self, *_: object) -> None:
        """Go away."""

    @property
    def description(self) -> ProviderDescription:
        """What the provider says about itself."""
        return PROVIDERS[self.key]

    @property
    def account(self) -> AccountDescription:
        """What the provider says about an account."""
        return self.description.account({})

    async def orders(self, provider: Provider, count: int) -> list[Order]:
        """Return orders for so many targets, which can be under way at the same time."""
        takers = [t for t in await provider.targets() if self.word in t.commands]
        return [provider.order([target], self.word, {}) for target in takers[:count]]

    async def first_device(self, provider: Provider) -> list[Target]:
        """Return the targets of the first device."""
        targets = await provider.targets()
        return [target for target in targets if target.device == targets[0].device]

    def accept(self, orders: Sequence[Order]) -> list[Command]:
        """Return the commands that come of orders of one call."""
        commands = [accepted(order, f"01J{number:07}") for number, order in enumerate(orders)]
        return [replace(command, batch=CALL) for command in commands]

    @abstractmethod
    async def provider(self) -> Provider:
        """Return the provider, ready to be used."""

    @abstractmethod
    async def begin(
        self, provider: Provider, orders: Sequence[Order], plots: Sequence[Plot]
    ) -> list[Command]:
        """Send the commands of one call, each with its plot; return them as they are under way."""

    @abstractmethod
    async def end(self, provider: Provider, commands: Sequence[Command]) -> list[Command]:
        """Let commands come to their end; return them as they are then."""

    @abstractmethod
    def calls(self) -> int:
        """Return how often something was asked of what the provider speaks to."""

    @abstractmethod
    def arrived(self) -> Mapping[str, Any]:
        """Return the parameters of the newest command, as they arrived."""

    @abstractmethod
    def succeed(self) -> None:
        """Let the next command be open at first, and then be a success."""

    @abstractmethod
    def fail(self) -> None:
        """Let the next command be open at first, and then be a failure."""

    @abstractmethod
    def finish(self) -> None:
        """Let the time pass until the commands that were sent are over."""
