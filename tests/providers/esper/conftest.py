"""An Esper cloud that stands still in time, and a provider that is signed in to it."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest

from custom_components.command_status.providers.base import Provider, Sessions
from simulators.clock import ManualClock
from simulators.esper import EsperSimulator

from .account import connected


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[EsperSimulator]:
    """Return a cloud that listens; its status objects exist at once."""
    epoch = datetime.fromtimestamp(clock(), UTC)
    async with EsperSimulator(clock=clock, sleep=clock.sleep, epoch=epoch) as simulator:
        simulator.settings.status_delay = 0.0
        yield simulator


@pytest.fixture
def provider(cloud: EsperSimulator, sessions: Sessions, clock: ManualClock) -> Provider:
    """Return a provider that is signed in to the cloud."""
    return connected(sessions, cloud, clock)
