"""A WLTE cloud that stands still in time, and a client that is logged in."""

from collections.abc import AsyncGenerator

from aiohttp import ClientSession
import pytest

from simulators.clock import ManualClock
from simulators.wlte import CLIENT_ID, CLIENT_SECRET, WlteSimulator
from tests.simulators.client import Client

from .calls import log_in


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[WlteSimulator]:
    """Return a cloud that listens."""
    async with WlteSimulator(clock=clock, sleep=clock.sleep) as simulator:
        yield simulator


@pytest.fixture
def stranger(cloud: WlteSimulator, session: ClientSession) -> Client:
    """Return a client without a token."""
    return Client(session, cloud.url)


@pytest.fixture
async def client(stranger: Client) -> Client:
    """Return a client with a token."""
    answer = await log_in(stranger, CLIENT_ID, CLIENT_SECRET)
    token = answer.json["data"]["accessToken"]
    return Client(stranger.session, stranger.url, {"Authorization": f"Bearer {token}"})
