"""One Blink cloud for all tests, as new for each of them, and an account at it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from stage import Account, HomeAssistant, Simulator
from stage.programme import blink

from .clouds import CODE
from .privacy import leaks


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def started_cloud(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Simulator]:
    """Start one simulator for all tests, which takes about as long as a test does."""
    async with Simulator("blink", tmp_path_factory.mktemp("blink")) as simulator:
        yield simulator


@pytest_asyncio.fixture(loop_scope="session")
async def cloud(started_cloud: Simulator) -> Simulator:
    """Return the simulator as new, but for its memory of the secrets that were ever used."""
    await started_cloud.control("POST", "reset")
    await started_cloud.configure(code=CODE)
    return started_cloud


@pytest_asyncio.fixture(loop_scope="session")
async def account(cloud: Simulator, home: HomeAssistant) -> AsyncIterator[Account]:
    """Add an account at the simulator; when the test has passed, its secrets are still secret."""
    account = await Account.add(home, *blink(cloud.url, code=CODE))
    yield account
    assert await leaks(await cloud.secrets(), account, home) == []
    await account.remove()
