"""An Esper cloud, as new for every test, and accounts at it."""

from collections.abc import AsyncIterator, Mapping
from typing import Protocol

from aiohttp import ClientSession
import pytest_asyncio

from simulators.esper import ENTERPRISE
from stage import PASSWORD, Account, Client, HomeAssistant, Simulator
from stage.programme import esper

from ..privacy import leaks
from .clouds import KIOSK, LOBBY, WAREHOUSE


class AddAccount(Protocol):
    """Adds an account; its devices are chosen in the options."""

    async def __call__(self, *devices: str) -> Account:
        """Add it through its dialogues."""


@pytest_asyncio.fixture(loop_scope="session")
async def cloud(clouds: Mapping[str, Simulator]) -> Simulator:
    """Return the simulator; commands have their status objects at once."""
    await clouds["esper"].configure(status_delay=0.0)
    return clouds["esper"]


@pytest_asyncio.fixture(loop_scope="session")
async def add_account(cloud: Simulator, home: HomeAssistant) -> AsyncIterator[AddAccount]:
    """Return how to add an account; when the test has passed, its secrets are still secret."""
    added: list[Account] = []

    async def add(*devices: str) -> Account:
        account = await Account.add(home, *esper(cloud.url))
        added.append(account)
        if devices:
            await account.choose_devices(*devices)
        return account

    yield add
    for account in added:
        assert await leaks(await cloud.secrets() | {ENTERPRISE}, account, home) == []
        await account.remove()


@pytest_asyncio.fixture(loop_scope="session")
async def account(add_account: AddAccount) -> Account:
    """Add an account with all three devices."""
    return await add_account(LOBBY, KIOSK, WAREHOUSE)


@pytest_asyncio.fixture(loop_scope="session")
async def guest(client: Client) -> AsyncIterator[Client]:
    """Log in a user who is no administrator."""
    created = await client.command("config/auth/create", name="Guest", group_ids=["system-users"])
    user_id = created["user"]["id"]
    typed = {"username": "guest", "password": PASSWORD}
    await client.command("config/auth_provider/homeassistant/create", user_id=user_id, **typed)
    async with ClientSession() as session:
        guest = await Client.log_in(session, client.url, *typed.values())
        yield guest
        await guest.close()
    await client.command("config/auth/delete", user_id=user_id)
