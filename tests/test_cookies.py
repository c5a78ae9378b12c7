"""Cookies of one account reach no other, and none of ours reaches anybody else."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from aiohttp import CookieJar
from homeassistant.config_entries import SOURCE_USER
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from yarl import URL

from custom_components.command_status.account.session import session_of
from custom_components.command_status.const import DOMAIN
from simulators.wlte import CLIENT_ID, CLIENT_SECRET, WlteSimulator

from .house import House

COOKIE: Final = {"Set-Cookie": "session=of-the-first-account; Path=/"}


@pytest.fixture(autouse=True)
async def a_jar_that_takes_everything(hass: HomeAssistant) -> CookieJar:
    """Let the jar that Home Assistant shares also take cookies of addresses, as our clouds have."""
    jar = CookieJar(unsafe=True)
    async_get_clientsession(hass)._cookie_jar = jar
    return jar


def cookies_seen(cloud: WlteSimulator) -> list[Mapping[str, str]]:
    """Return the requests that carried a cookie."""
    return [r.headers for r in cloud.log.requests if "Cookie" in r.headers]


@pytest.mark.parametrize("label", ["devices", "token", "create"])
async def test_a_cookie_of_one_account_reaches_no_other(
    house: House,
    make_entry: Callable[..., MockConfigEntry],
    a_jar_that_takes_everything: CookieJar,
    label: str,
) -> None:
    """Whatever a cloud, or somebody in between, sets: with a list, a token or a command."""
    house.cloud.faults.add("status", label, status=503, headers=COOKIE)
    await house.reload()
    await house.send()
    await house.settle()
    other = make_entry("second-account")
    await house.hass.config_entries.async_setup(other.entry_id)
    await house.settle()
    assert not list(house.cloud.faults), "nobody set a cookie"
    assert cookies_seen(house.cloud) == []
    assert len(a_jar_that_takes_everything) == 0


async def test_a_cookie_of_others_reaches_no_account(
    house_in_planning: House, a_jar_that_takes_everything: CookieJar
) -> None:
    """Another integration may have an account at the same cloud."""
    house = house_in_planning
    a_jar_that_takes_everything.update_cookies({"session": "of others"}, URL(house.cloud.url))
    await house.load()
    await house.send()
    assert cookies_seen(house.cloud) == []


async def test_a_sign_in_neither_takes_nor_leaves_cookies(
    hass: HomeAssistant,
    enable_custom_integrations: None,  # noqa: ARG001 - or ours is not found
    cloud: WlteSimulator,
    a_jar_that_takes_everything: CookieJar,
) -> None:
    """The next one may be to another account."""
    a_jar_that_takes_everything.update_cookies({"session": "of others"}, URL(cloud.url))
    flows = hass.config_entries.flow
    shown = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    shown = await flows.async_configure(shown["flow_id"], {"next_step_id": "wlte"})
    cloud.faults.add("status", "token", status=503, headers=COOKIE)
    typed: dict[str, Any] = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "advanced": {"base_url": cloud.url},
    }
    for _ in range(2):
        shown = await flows.async_configure(shown["flow_id"], typed)
    assert shown["type"] == "create_entry"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert cookies_seen(cloud) == []
    assert [cookie.value for cookie in a_jar_that_takes_everything] == ["of others"]


async def test_a_session_is_that_of_one_account_for_all_of_its_lives(
    house: House, make_entry: Callable[..., MockConfigEntry]
) -> None:
    """What was asked before an account is loaded again is answered afterwards."""
    hass, entry_id = house.hass, house.entry.entry_id
    session = session_of(hass, entry_id)
    await house.reload()
    assert session_of(hass, entry_id) is session
    other = make_entry("second-account")
    await hass.config_entries.async_setup(other.entry_id)
    await house.settle()
    assert session_of(hass, other.entry_id) is not session
    assert not session.closed


async def test_a_session_ends_with_home_assistant(house: House) -> None:
    """Nothing is left behind, and the connections of the others stay as they are."""
    session = session_of(house.hass, house.entry.entry_id)
    house.hass.bus.async_fire(EVENT_HOMEASSISTANT_CLOSE)
    await house.settle()
    assert session.closed
