"""Fixtures for all simulators: sockets, time, a client, and a small cloud."""

from collections.abc import AsyncGenerator

from aiohttp import ClientSession
import pytest

from simulators.clock import ManualClock

from .client import Client
from .echo import EchoSimulator


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """Open the sockets that the test harness closes; it still lets them reach 127.0.0.1 only."""


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that stands still."""
    return ManualClock()


@pytest.fixture
async def session() -> AsyncGenerator[ClientSession]:
    """Return a session that belongs to the test."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def echo(clock: ManualClock) -> AsyncGenerator[EchoSimulator]:
    """Return a small cloud that listens."""
    async with EchoSimulator(clock=clock, sleep=clock.sleep) as simulator:
        yield simulator


@pytest.fixture
def client(echo: EchoSimulator, session: ClientSession) -> Client:
    """Return a client of the small cloud."""
    return Client(session, echo.url)
