"""A WLTE cloud and an account at it, new for every test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from simulators.wlte import CLIENT_ID
from stage import Account, HomeAssistant, Simulator, wlte

from .privacy import leaks


@pytest_asyncio.fixture(loop_scope="session")
async def cloud(tmp_path: Path) -> AsyncIterator[Simulator]:
    """Start a WLTE simulator that answers at once, and does not wait for the device first."""
    async with Simulator("wlte", tmp_path, post_wait=0.0) as simulator:
        yield simulator


@pytest_asyncio.fixture(loop_scope="session")
async def account(cloud: Simulator, home: HomeAssistant) -> AsyncIterator[Account]:
    """Add an account at the simulator; when the test has passed, its secrets are still secret."""
    account = await Account.add(home, *wlte(cloud.url))
    yield account
    assert await leaks(await cloud.secrets() | {CLIENT_ID}, account, home) == []
    await account.remove()
