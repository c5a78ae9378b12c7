"""A Blink cloud, as new for every test, and an account at it."""

from collections.abc import AsyncIterator, Mapping

import pytest
import pytest_asyncio

from stage import Account, HomeAssistant, Simulator
from stage.programme import blink

from ..privacy import leaks
from .clouds import CODE


@pytest.fixture
def cloud(clouds: Mapping[str, Simulator]) -> Simulator:
    """Return the simulator."""
    return clouds["blink"]


@pytest_asyncio.fixture(loop_scope="session")
async def account(cloud: Simulator, home: HomeAssistant) -> AsyncIterator[Account]:
    """Add an account at the simulator; when the test has passed, its secrets are still secret."""
    account = await Account.add(home, *blink(cloud.url, code=CODE))
    yield account
    assert await leaks(await cloud.secrets(), account, home) == []
    await account.remove()
