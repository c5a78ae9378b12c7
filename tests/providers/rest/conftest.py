"""The simulated service, and an account at it as a description says."""

from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import pytest

from custom_components.command_status.providers.base import Provider, Sessions
from custom_components.command_status.providers.rest.description import description
from custom_components.command_status.providers.rest.provider import connect
from simulators.clock import ManualClock
from simulators.rest import TOKEN, RestSimulator

from .jobs import changed

type Connected = Callable[..., Provider]
"""Returns a provider whose description has some changes, with some credentials."""


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[RestSimulator]:
    """Return the service, listening."""
    async with RestSimulator(clock=clock, sleep=clock.sleep) as simulator:
        simulator.settings.takes = 20.0
        yield simulator


@pytest.fixture
def stored() -> list[Mapping[str, str]]:
    """Return what was kept of changed credentials."""
    return []


@pytest.fixture
def refusals() -> list[Exception]:
    """Return what is raised, one after the other, instead of keeping changed credentials."""
    return []


@pytest.fixture
def connected(
    cloud: RestSimulator,
    sessions: Sessions,
    clock: ManualClock,
    stored: list[Mapping[str, str]],
    refusals: list[Exception],
) -> Connected:
    """Return how to make a provider."""

    async def keep(credentials: Mapping[str, str]) -> None:
        if refusals:
            raise refusals.pop()
        stored.append(dict(credentials))

    def make(changes: Mapping[str, Any] | None = None, **credentials: str) -> Provider:
        return connect(
            description(changed(changes or {})),
            session=sessions.shared,
            credentials={"base_url": cloud.url, "token": TOKEN, **credentials},
            clock=clock,
            keep=keep,
        )

    return make
