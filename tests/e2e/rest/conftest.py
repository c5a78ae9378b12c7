"""The servers, started once for all tests, and accounts at them by their shipped descriptions."""

from collections.abc import AsyncIterator, Mapping

import pytest
import pytest_asyncio

from simulators.rest import TOKEN
from stage import Account, Aria2, HomeAssistant, Scrapyd, Simulator, rest
from stage.programme import JOBS

from ..privacy import leaks
from .files import file_server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def aria2(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Aria2]:
    """Start aria2."""
    async with Aria2(tmp_path_factory.mktemp("aria2")) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def scrapyd(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scrapyd]:
    """Start Scrapyd."""
    async with Scrapyd(tmp_path_factory.mktemp("scrapyd")) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def workshop(clouds: Mapping[str, Simulator], home: HomeAssistant) -> AsyncIterator[Account]:
    """Add an account at the simulated workshop, by a file of the user's own."""
    home.describe(JOBS)
    account = await Account.add(home, *rest("jobs", clouds["rest"].url, token=TOKEN))
    yield account
    assert await leaks(await clouds["rest"].secrets(), account, home) == []
    await account.remove()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def files() -> AsyncIterator[str]:
    """Return the address of files to download."""
    async with file_server() as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def downloads(aria2: Aria2, home: HomeAssistant) -> AsyncIterator[Account]:
    """Add an account at aria2; when the test has passed, its secret is still secret."""
    account = await Account.add(home, *rest("aria2", aria2.url, token=aria2.SECRET))
    yield account
    assert await leaks(frozenset({aria2.SECRET}), account, home) == []
    await account.remove()


@pytest_asyncio.fixture(loop_scope="session")
async def spiders(scrapyd: Scrapyd, home: HomeAssistant) -> AsyncIterator[Account]:
    """Add an account at Scrapyd; when the test has passed, its password is still secret."""
    who = {"username": scrapyd.USERNAME, "password": scrapyd.PASSWORD}
    account = await Account.add(home, *rest("scrapyd", scrapyd.url, **who))
    yield account
    assert await leaks(frozenset({scrapyd.PASSWORD}), account, home) == []
    await account.remove()
