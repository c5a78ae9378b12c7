"""A WLTE cloud that stands still in time, and an account there."""

from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import pytest

from custom_components.command_status.providers.base import Order, Provider, Sessions
from custom_components.command_status.providers.wlte import ACCOUNT
from simulators.clock import ManualClock
from simulators.wlte import CLIENT_ID, CLIENT_SECRET, WlteSimulator
from tests.providers.empty_house import EmptyHouse

type Connect = Callable[[], Provider]


async def keep(_: Mapping[str, Any]) -> None:
    """Store changed credentials, which there are none of."""
    raise AssertionError


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[WlteSimulator]:
    """Return a cloud that answers at once, whatever becomes of a command."""
    async with WlteSimulator(clock=clock, sleep=clock.sleep) as simulator:
        simulator.settings.post_wait = 0.0
        yield simulator


@pytest.fixture
def connect(cloud: WlteSimulator, sessions: Sessions, clock: ManualClock) -> Connect:
    """Return what makes a provider, as often as Home Assistant starts."""
    credentials = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "base_url": cloud.url,
    }
    return lambda: ACCOUNT.connect(
        session=sessions.shared,
        credentials=credentials,
        clock=clock,
        keep=keep,
        house=EmptyHouse(),
    )


@pytest.fixture
def provider(connect: Connect) -> Provider:
    """Return a provider that has not asked anything yet."""
    return connect()


@pytest.fixture
async def jog(connect: Connect) -> Order:
    """Return an order for the first relay of the gate, made by another start of Home Assistant."""
    return await gate_order(connect(), "JOG")


async def gate_order(provider: Provider, command: str, relay: int = 1) -> Order:
    """Return an order for a relay of the gate."""
    gate = [target for target in await provider.targets() if target.device == "dev-7"]
    return provider.order(gate, command, {"relay": relay})
