"""A WLTE cloud, as new for every test, and an account at it."""

from collections.abc import AsyncIterator, Mapping

import pytest_asyncio

from simulators.wlte import CLIENT_ID
from stage import Account, HomeAssistant, Simulator, wlte

from ..privacy import leaks


@pytest_asyncio.fixture(loop_scope="session")
async def cloud(clouds: Mapping[str, Simulator]) -> Simulator:
    """Return the simulator; it answers at once, and does not wait for the device first."""
    await clouds["wlte"].configure(post_wait=0.0)
    return clouds["wlte"]


@pytest_asyncio.fixture(loop_scope="session")
async def account(cloud: Simulator, home: HomeAssistant) -> AsyncIterator[Account]:
    """Add an account at the simulator; when the test has passed, its secrets are still secret."""
    account = await Account.add(home, *wlte(cloud.url))
    yield account
    assert await leaks(await cloud.secrets() | {CLIENT_ID}, account, home) == []
    await account.remove()
