"""What the contract test needs to know about a cloud's simulator."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from custom_components.command_status.providers import PROVIDERS
from custom_components.command_status.providers.base import (
    Account,
    AccountDescription,
    Provider,
    ProviderDescription,
    Sessions,
    SignIn,
)
from simulators.base import Simulator
from simulators.clock import ManualClock
from simulators.faults import FaultKind
from tests.providers.empty_house import EmptyHouse


class Stage(ABC):
    """One cloud, and how to make it play the scenes of the contract test."""

    key: ClassVar[str]
    fastest: ClassVar[float]
    """Seconds; the provider asks not to be asked more often."""
    word: ClassVar[str]
    """A command that the first target takes."""
    nonsense: ClassVar[tuple[tuple[str, Mapping[str, Any]], ...]]
    """Commands with parameters that make no sense for the first target."""
    tells: ClassVar[Mapping[FaultKind, str]] = {}
    """Broken answers to sending that say something there, with the key of the error or reason."""

    def __init__(self, clock: ManualClock, sessions: Sessions) -> None:
        """Set the stage; nothing listens yet."""
        self.clock = clock
        self.sessions = sessions
        self.simulator = self.build()

    @property
    def description(self) -> ProviderDescription:
        """What the provider says about itself."""
        return PROVIDERS[self.key]

    @property
    def account(self) -> AccountDescription:
        """What the provider says about an account."""
        return self.description.account({})

    async def __aenter__(self) -> Self:
        """Let the cloud listen."""
        await self.simulator.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Take the cloud off the network."""
        await self.simulator.stop()

    def connect(self, account: Account) -> Provider:
        """Return a provider for an account."""
        return self.account.connect(
            session=self.sessions.shared,
            credentials=account.credentials,
            clock=self.clock,
            keep=_forget,
            house=EmptyHouse(),
        )

    async def signed_in(self) -> Account:
        """Sign in with good credentials, from the first form to the account."""
        sign_in = self.description.sign_in(self.sessions)
        try:
            return await self.sign_in(sign_in)
        finally:
            await sign_in.close()

    async def refused(self) -> None:
        """Try to sign in with bad credentials; raises what the form would show."""
        sign_in = self.description.sign_in(self.sessions)
        try:
            await self.sign_in_wrongly(sign_in)
        finally:
            await sign_in.close()

    def secrets_received(self) -> list[str]:
        """Return the secrets that the cloud could quote: those that requests on record carried."""
        requests = [
            f"{request.headers} {request.body.decode()}" for request in self.simulator.log.requests
        ]
        return [s for s in self.simulator.secrets if any(s in request for request in requests)]

    def refusal(self, said: str) -> Mapping[str, Any]:
        """Return how the cloud refuses something in these words."""
        return {"code": 9, "message": said, "content": {}}

    @abstractmethod
    def build(self) -> Simulator[Any]:
        """Return the simulator, with the stage's clock."""

    @abstractmethod
    async def sign_in(self, sign_in: SignIn) -> Account:
        """Fill in the forms as somebody does who has an account."""

    @abstractmethod
    async def sign_in_wrongly(self, sign_in: SignIn) -> None:
        """Fill in the forms with credentials that the cloud refuses."""

    @abstractmethod
    def succeed(self) -> None:
        """Let the next command be open at first, and then be a success."""

    @abstractmethod
    def fail(self) -> None:
        """Let the next command be open at first, and then be a failure."""

    @abstractmethod
    def mumble(self) -> None:
        """Let the next command be open at first, and then have a word that nobody knows."""

    @abstractmethod
    def finish(self) -> None:
        """Let the time pass until the commands that were sent are over."""

    @abstractmethod
    def lock_out(self) -> None:
        """Refuse the account's credentials from now on."""


async def _forget(_: Mapping[str, str]) -> None:
    """Take changed credentials, as if they were on disk now."""
