"""System health: what is known already, told without asking anybody."""

from collections.abc import Callable

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.command_status.const import DOMAIN

from .house import House

UNREACHABLE = {"type": "failed", "error": "unreachable"}


pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


@pytest.fixture(autouse=True)
async def system_health(hass: HomeAssistant) -> None:
    """Have the page."""
    assert await async_setup_component(hass, "system_health", {})


async def test_accounts_and_open_commands_are_counted(house: House) -> None:
    """Of all accounts together."""
    house.cloud.script(after=None)
    await house.send()
    await house.send()

    assert await get_system_health_info(house.hass, DOMAIN) == {
        "accounts": 1,
        "open_commands": 2,
        "My gate": "ok",
    }


async def test_an_account_whose_last_request_failed_is_unreachable(house: House) -> None:
    """The account itself goes on."""
    house.cloud.faults.add("reset", times=None)
    await house.send()
    await house.wait(1)

    info = await get_system_health_info(house.hass, DOMAIN)

    assert info["My gate"] == UNREACHABLE


async def test_an_account_whose_credentials_are_refused_says_so(house: House) -> None:
    """That is another trouble than a cloud that does not answer."""
    house.cloud.script(outcome="SUCCESS", after=30.0)
    await house.send()
    house.cloud.set_client(enabled=False)
    await house.wait(4)

    info = await get_system_health_info(house.hass, DOMAIN)

    assert info["My gate"] == {"type": "failed", "error": "refused"}


async def test_it_asks_nobody(house: House) -> None:
    """The page can be opened as often as one likes."""
    before = house.cloud.counts.copy()

    await get_system_health_info(house.hass, DOMAIN)
    await house.settle()

    assert house.cloud.counts == before


async def test_several_accounts_are_told_apart(
    house: House, make_entry: Callable[..., MockConfigEntry]
) -> None:
    """Also where their users have called them the same; disabled ones are left out."""
    make_entry("second-account")
    third = make_entry("third-account")
    await house.hass.config_entries.async_set_disabled_by(third.entry_id, ConfigEntryDisabler.USER)

    assert await get_system_health_info(house.hass, DOMAIN) == {
        "accounts": 2,
        "open_commands": 0,
        "My gate": "ok",
        "My gate 2": {"type": "failed", "error": "not_loaded"},
    }


async def test_an_account_may_be_called_like_a_line_of_ours(house: House) -> None:
    """Whatever a user has called it, nothing is missing from the page."""
    house.hass.config_entries.async_update_entry(house.entry, title="accounts")

    assert await get_system_health_info(house.hass, DOMAIN) == {
        "accounts": 1,
        "open_commands": 0,
        "accounts 2": "ok",
    }


async def test_an_account_that_has_asked_nothing_yet_says_so(house: House) -> None:
    """It came up from its own records alone."""
    house.coordinator.connection.connected = None

    info = await get_system_health_info(house.hass, DOMAIN)

    assert info["My gate"] == "not asked yet"


async def test_without_accounts_there_is_nothing_but_zeros(hass: HomeAssistant) -> None:
    """The integration is installed, but nobody uses it yet."""
    assert await async_setup_component(hass, DOMAIN, {})

    assert await get_system_health_info(hass, DOMAIN) == {"accounts": 0, "open_commands": 0}


async def test_what_is_always_told_has_a_text(house: House) -> None:
    """The lines of the accounts are called what they are called."""
    texts = await async_get_translations(house.hass, "en", "system_health", [DOMAIN])

    assert texts == {
        f"component.{DOMAIN}.system_health.info.accounts": "Accounts",
        f"component.{DOMAIN}.system_health.info.open_commands": "Open commands",
    }
