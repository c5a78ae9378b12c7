"""Accounts at real servers by their shipped descriptions."""

from collections.abc import AsyncIterator, Mapping

import pytest_asyncio

from simulators.rest import TOKEN
from stage import Account, Aria2, HomeAssistant, Scrapyd, Simulator, rest
from stage.programme import JOBS

from ..privacy import leaks


@pytest_asyncio.fixture(loop_scope="session")
async def workshop(clouds: Mapping[str, Simulator], home: HomeAssistant) -> AsyncIterator[Account]:
    """Add an account at the simulated workshop, by a file of the user's own."""
    home.describe(JOBS)
    account = await Account.add(home, *rest("jobs", clouds["rest"].url, token=TOKEN))
    yield account
    assert await leaks(await clouds["rest"].secrets(), account, home) == []
    await account.remove()


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
