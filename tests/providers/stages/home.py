"""The house on the stage: a double of its doors, whose actions run until they are told to end."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, ClassVar, Final, override

from custom_components.command_status.providers.base import (
    AccountDescription,
    Order,
    Outcome,
    Provider,
    Sessions,
)
from custom_components.command_status.providers.errors import ProviderRefusedError
from custom_components.command_status.providers.home.parameters import PARAMETERS
from custom_components.command_status.providers.house import EntityState
from custom_components.command_status.tracking import NOTHING, Command, Observation
from simulators.clock import ManualClock
from tests.providers.empty_house import EmptyHouse
from tests.providers.following import after

from .player import Capabilities, Example, Player, Plot

COVERS: Final = ("cover.garage", "cover.awning")


class HouseWithCovers(EmptyHouse):
    """Two covers, which do nothing but take actions."""

    def __init__(self) -> None:
        """Have been asked for nothing yet."""
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self.over = asyncio.Event()
        self.errors: list[ProviderRefusedError | None] = []
        """How the next actions end; None: well."""

    @override
    def entity_id(self, entity: str) -> str | None:
        return entity if entity in COVERS else None

    @override
    def offers(self, action: str) -> bool:
        return action.startswith("cover.")

    @override
    def state(self, entity: str) -> EntityState | None:
        return EntityState(entity_id=entity, state="open") if entity in COVERS else None

    @override
    async def perform(
        self, action: str, data: Mapping[str, Any], *, mark: str, user_id: str | None
    ) -> None:
        self.calls.append((action, data))
        error = self.errors.pop(0)
        await self.over.wait()
        if error is not None:
            raise error


class HomeStage(Player):
    """A house, which tells by itself what becomes of its actions."""

    key = "home"
    word = "cover.close_cover"
    can: ClassVar = Capabilities(
        cancel=True,
        parameters=frozenset(each.name for form in PARAMETERS.values() for each in form),
        example=Example(command="cover.set_cover_position", parameters={"position": 40}),
    )

    def __init__(self, clock: ManualClock, sessions: Sessions) -> None:
        """Build the house."""
        super().__init__(clock, sessions)
        self.house = HouseWithCovers()
        self._told: dict[str, list[Observation]] = {}
        self._running: dict[str, asyncio.Task[Mapping[str, Outcome]]] = {}

    @override
    async def __aexit__(self, *_: object) -> None:
        self.finish()
        await asyncio.gather(*self._running.values())

    @property
    @override
    def account(self) -> AccountDescription:
        return self.description.account(NOTHING)

    @override
    async def provider(self) -> Provider:
        provider = self.account.connect(
            session=self.sessions.shared,
            credentials=NOTHING,
            clock=self.clock,
            keep=_forget,
            house=self.house,
        )
        provider.choose(COVERS)
        return provider

    @override
    async def begin(
        self, provider: Provider, orders: Sequence[Order], plots: Sequence[Plot]
    ) -> list[Command]:
        commands = self.accept(orders)
        for command, plot in zip(commands, plots, strict=True):
            plot()
            self._told[command.tracking_id] = []
            provider.follow(command, self._told[command.tracking_id].append)
            sending = asyncio.create_task(provider.submit([command]))
            self._running[command.tracking_id] = sending
            await asyncio.sleep(0)  # until the action runs
        return [reduce(after, self._told[each.tracking_id], each) for each in commands]

    @override
    async def end(self, provider: Provider, commands: Sequence[Command]) -> list[Command]:
        self.finish()
        news = [await self._running[command.tracking_id] for command in commands]
        return [
            after(command, outcomes[command.tracking_id])
            for command, outcomes in zip(commands, news, strict=True)
        ]

    @override
    def calls(self) -> int:
        return len(self.house.calls)

    @override
    def arrived(self) -> Mapping[str, Any]:
        return self.house.calls[-1][1]

    @override
    def succeed(self) -> None:
        self.house.errors.append(None)

    @override
    def fail(self) -> None:
        self.house.errors.append(ProviderRefusedError("the cover is jammed"))

    @override
    def finish(self) -> None:
        self.house.over.set()


async def _forget(_: Mapping[str, str]) -> None:
    """Take changed credentials; a house has none."""
