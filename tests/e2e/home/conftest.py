"""All three clouds, as new for every test, and accounts at them."""

from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from typing import Any, Final, Protocol

import pytest
import pytest_asyncio

from simulators.esper import ENTERPRISE
from simulators.wlte import CLIENT_ID
from stage import Account, Client, HomeAssistant, Simulator, wlte
from stage.programme import Steps, blink, esper

from ..blink.clouds import CODE
from ..privacy import leaks

SETTINGS: Final[Mapping[str, Mapping[str, Any]]] = {
    "wlte": {"post_wait": 0.0},
    "esper": {"status_delay": 0.0, "duration": 0.0},
}
"""Clouds that answer at once."""

SIGN_IN: Final[Mapping[str, Callable[[str], Steps]]] = {
    "wlte": wlte,
    "blink": partial(blink, code=CODE),
    "esper": esper,
}
"""The way to an account at the cloud with an address."""

IDS: Final = frozenset({CLIENT_ID, ENTERPRISE})
"""Ids of accounts, which nobody is to read either."""


class AddAccount(Protocol):
    """Adds an account."""

    async def __call__(self, provider: str, *devices: str) -> Account:
        """Add it through its dialogue; with devices that are chosen in the options."""


class Automate(Protocol):
    """Adds an automation until the end of the test."""

    async def __call__(self, automation_id: str, config: Mapping[str, Any], /) -> None:
        """Save it as the editor does."""


@pytest_asyncio.fixture(loop_scope="session")
async def clouds(clouds: Mapping[str, Simulator]) -> Mapping[str, Simulator]:
    """Return the clouds by name; they answer at once."""
    for name, settings in SETTINGS.items():
        await clouds[name].configure(**settings)
    return clouds


@pytest.fixture
def cloud(clouds: Mapping[str, Simulator]) -> Simulator:
    """Return the cloud of WLTE, on which most tests play."""
    return clouds["wlte"]


@pytest_asyncio.fixture(loop_scope="session")
async def add_account(
    clouds: Mapping[str, Simulator], home: HomeAssistant
) -> AsyncIterator[AddAccount]:
    """Return how to add an account; when the test has passed, its secrets are still secret."""
    added: list[Account] = []

    async def add(provider: str, *devices: str) -> Account:
        account = await Account.add(home, *SIGN_IN[provider](clouds[provider].url))
        added.append(account)
        if devices:
            await account.choose_devices(*devices)
        return account

    yield add
    secrets = IDS.union(*[await cloud.secrets() for cloud in clouds.values()])
    for account in added:
        assert await leaks(secrets, account, home) == []
        await account.remove()


@pytest_asyncio.fixture(loop_scope="session")
async def account(add_account: AddAccount) -> Account:
    """Add an account at WLTE."""
    return await add_account("wlte")


@pytest_asyncio.fixture(loop_scope="session")
async def automate(client: Client) -> AsyncIterator[Automate]:
    """Return how to add an automation; it goes when the test is over, passed or not."""
    added: list[str] = []

    async def add(automation_id: str, config: Mapping[str, Any], /) -> None:
        added.append(automation_id)
        await client.add_automation(automation_id, config)

    yield add
    for automation_id in added:
        await client.remove_automation(automation_id)
