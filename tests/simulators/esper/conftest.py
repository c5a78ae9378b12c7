"""An Esper cloud that stands still in time, and a client with a good key."""

from collections.abc import AsyncGenerator

from aiohttp import ClientSession
import pytest

from simulators.clock import ManualClock
from simulators.esper import API_KEY, EsperSimulator
from tests.simulators.client import Client


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[EsperSimulator]:
    """Return a cloud that listens."""
    async with EsperSimulator(clock=clock, sleep=clock.sleep) as simulator:
        yield simulator


@pytest.fixture
def client(cloud: EsperSimulator, session: ClientSession) -> Client:
    """Return a client with a key."""
    return Client(session, cloud.tenant, {"Authorization": f"Bearer {API_KEY}"})
