"""What the contract tests need to know about a cloud's simulator."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any, ClassVar, Self, override

from custom_components.command_status.providers.base import (
    Account,
    Order,
    Provider,
    Sessions,
    SignIn,
)
from custom_components.command_status.tracking import Command
from simulators.base import Simulator
from simulators.clock import ManualClock
from simulators.faults import FaultKind
from tests.providers.empty_house import EmptyHouse
from tests.providers.following import after, asked

from .player import Player, Plot


class Stage(Player):
    """One cloud, and how to make it play the scenes of the contract tests."""

    fastest: ClassVar[float]
    """Seconds; the provider asks not to be asked more often."""
    nonsense: ClassVar[tuple[tuple[str, Mapping[str, Any]], ...]]
    """Commands with parameters that make no sense for the first target."""
    tells: ClassVar[Mapping[FaultKind, str]] = {}
    """Broken answers to sending that say something there, with the key of the error or reason."""
    own_words: ClassVar[bool] = True
    """Whether the provider knows how its cloud speaks, and so when somebody else does."""
    has_tokens: ClassVar[bool] = False
    """Whether requests need a token that has to be asked for first."""

    def __init__(self, clock: ManualClock, sessions: Sessions) -> None:
        """Set the stage; nothing listens yet."""
        super().__init__(clock, sessions)
        self.simulator = self.build()

    @override
    async def __aenter__(self) -> Self:
        """Let the cloud listen."""
        await self.simulator.start()
        return self

    @override
    async def __aexit__(self, *_: object) -> None:
        """Take the cloud off the network."""
        await self.simulator.stop()

    @override
    async def provider(self) -> Provider:
        return self.connect(await self.signed_in())

    @override
    async def begin(
        self, provider: Provider, orders: Sequence[Order], plots: Sequence[Plot]
    ) -> list[Command]:
        commands = self.accept(orders)
        under_way: list[Command] = []
        pairs = zip(commands, plots, strict=True)
        for part in batched(pairs, self.account.policy.batch, strict=False):
            for _, plot in part:
                plot()
            together = [command for command, _ in part]
            news = await provider.submit(together)
            under_way += [after(command, news[command.tracking_id]) for command in together]
        return under_way

    @override
    async def end(self, provider: Provider, commands: Sequence[Command]) -> list[Command]:
        self.finish()
        news = await asked(provider, [command for command in commands if not command.final])
        return [
            after(command, news[command.tracking_id]) if command.tracking_id in news else command
            for command in commands
        ]

    @override
    def calls(self) -> int:
        return self.simulator.counts.total()

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
    def mumble(self) -> None:
        """Let the next command be open at first, and then have a word that nobody knows."""

    @abstractmethod
    def lock_out(self) -> None:
        """Refuse the account's credentials from now on."""


async def _forget(_: Mapping[str, str]) -> None:
    """Take changed credentials, as if they were on disk now."""
