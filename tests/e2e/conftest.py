"""One Home Assistant and one set of clouds for all tests, and what must hold whatever they do."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
import os
from typing import Final

import pytest
import pytest_asyncio

from stage import (
    ROOT,
    Account,
    Aria2,
    Client,
    HomeAssistant,
    Scrapyd,
    Simulator,
    complaints,
    execute,
    preloaded,
)
from stage.programme import CLOUDS

from .audience import Audience, Seat
from .blink.clouds import CODE
from .rest.files import file_server

LONGEST: Final = "kill_loop"

ENVIRONMENT: Final = "COMMAND_STATUS_ENVIRONMENT"
"""The folder of another environment, whose Home Assistant is started in place of the newest."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let all tests share one event loop, because they share one connection to Home Assistant.

    What takes by far the longest begins first, so that no process is left alone with it at the end.
    """
    one_loop = pytest.mark.asyncio(loop_scope="session")
    for item in filter(pytest_asyncio.is_async_test, items):
        item.add_marker(one_loop, append=False)
    items.sort(key=lambda item: item.path.parent.name != LONGEST)


def pytest_configure(config: pytest.Config) -> None:
    """Explain the markers of these tests."""
    config.addinivalue_line(
        "markers", "allowed_logs(text, ...): what the log may complain about in this test"
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def started_home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HomeAssistant]:
    """Start one Home Assistant for all tests: it takes some seconds."""
    other = os.environ.get(ENVIRONMENT)
    async with HomeAssistant(
        tmp_path_factory.mktemp("home"),
        environment=ROOT / (other or ".venv-homeassistant"),
        launch=execute if other else preloaded,
    ) as home:
        yield home


@pytest_asyncio.fixture(loop_scope="session")
async def home(started_home: HomeAssistant) -> HomeAssistant:
    """Return the Home Assistant; it runs and has no account, whatever the test before has done."""
    if not started_home.process.running:
        await started_home.kill()
        await started_home.start()
    for account in await Account.all(started_home):
        await account.remove()
    return started_home


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def started_clouds(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Mapping[str, Simulator]]:
    """Start one simulator of each cloud for all tests, which takes about as long as a test does."""
    folder = tmp_path_factory.mktemp("clouds")
    async with AsyncExitStack() as stack:
        yield {
            cloud.name: await stack.enter_async_context(Simulator(cloud.name, folder))
            for cloud in CLOUDS
        }


@pytest_asyncio.fixture(loop_scope="session")
async def clouds(started_clouds: Mapping[str, Simulator]) -> Mapping[str, Simulator]:
    """Return the clouds by name, as new but for their memory of the secrets that were ever used."""
    for cloud in started_clouds.values():
        await cloud.control("POST", "reset")
    await started_clouds["blink"].configure(code=CODE)
    return started_clouds


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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def files() -> AsyncIterator[str]:
    """Return the address of files to download."""
    async with file_server() as url:
        yield url


@pytest.fixture
def client(home: HomeAssistant) -> Client:
    """Return the user, for tests in which Home Assistant is not restarted."""
    return home.client


@pytest.fixture(autouse=True)
def quiet_log(home: HomeAssistant, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which the log complains about us, unless that is what the test is about."""
    before = len(home.log)
    yield
    marker = request.node.get_closest_marker("allowed_logs")
    allowed = marker.args if marker else ()
    told = complaints(home.log[before:])
    assert [entry for entry in told if not any(text in entry for text in allowed)] == []


@pytest_asyncio.fixture(loop_scope="session")
async def seat() -> AsyncIterator[Seat]:
    """Let automations listen to a target, until the end of the test."""
    seated: list[Audience] = []

    async def take_seats(account: Account, target: str, *states: str) -> Audience:
        seated.append(await Audience.seat(account, target, *states))
        return seated[-1]

    yield take_seats
    for audience in seated:
        await audience.leave()
