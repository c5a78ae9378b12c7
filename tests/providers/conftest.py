"""Fixtures for all clouds: sockets, time, sessions, and a stage for each."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from aiohttp import ClientSession, CookieJar
import pytest

from custom_components.command_status.providers.base import Provider, Sessions
from custom_components.command_status.tracking import NOTHING
from simulators.clock import ManualClock

from .rest.jobs import JOBS
from .stages import PLAYERS, STAGES, Player, Stage


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """Open the sockets that the test harness closes; it still lets them reach 127.0.0.1 only."""


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that stands still, for cloud and provider alike."""
    return ManualClock()


@dataclass
class HomeSessions:
    """Sessions as Home Assistant hands them out."""

    shared: ClientSession
    known: Mapping[str, str] = NOTHING
    described: Mapping[str, Any] = field(default_factory=lambda: {"jobs": JOBS})

    async def descriptions(self) -> Mapping[str, Any]:
        """Return the descriptions of APIs."""
        return self.described

    def private(self) -> ClientSession:
        """Return a session with cookies of its own."""
        return ClientSession(cookie_jar=CookieJar(unsafe=True, quote_cookie=False))


@pytest.fixture
async def sessions() -> AsyncGenerator[Sessions]:
    """Return sessions of which the shared one is closed after the test."""
    async with ClientSession() as session:
        yield HomeSessions(shared=session)


@pytest.fixture(params=STAGES)
async def stage(
    request: pytest.FixtureRequest, clock: ManualClock, sessions: Sessions
) -> AsyncGenerator[Stage]:
    """Return a cloud that listens: each in its turn."""
    async with STAGES[cast("str", request.param)](clock, sessions) as stage:
        yield stage


@pytest.fixture
async def provider(stage: Stage) -> Provider:
    """Return a provider that is signed in to the cloud."""
    return await stage.provider()


@pytest.fixture(params=PLAYERS)
async def player(
    request: pytest.FixtureRequest, clock: ManualClock, sessions: Sessions
) -> AsyncGenerator[Player]:
    """Return what a provider speaks to, the house included: each in its turn."""
    async with PLAYERS[cast("str", request.param)](clock, sessions) as player:
        yield player
