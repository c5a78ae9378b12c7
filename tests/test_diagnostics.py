"""Diagnostics: enough to find a fault, and nobody's secret."""

from collections.abc import Callable
import json
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.command_status.const import CONF_TIMEOUT, DOMAIN
from custom_components.command_status.diagnostics import NEWEST
from simulators.wlte import CLIENT_ID

from .house import House

type Download = Callable[[ConfigEntry[Any]], Any]


@pytest.fixture
def download(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Download:
    """Return how to download the diagnostics of an account, as a browser does."""

    async def download(entry: ConfigEntry[Any]) -> Any:
        return await get_diagnostics_for_config_entry(hass, hass_client, entry)

    return download


async def test_diagnostics_tell_how_an_account_is(house: House, download: Download) -> None:
    """Whoever reads them was not there."""
    house.cloud.script(outcome="SUCCESS", times=1)
    await house.send()
    await house.wait(4)
    house.cloud.script(after=None, times=1)
    await house.send(tag="morning", target="dev-8/1")

    told = await download(house.entry)

    assert told["state"] == "loaded"
    assert told["data"] == {"provider": "wlte", "credentials": "**REDACTED**"}
    assert (told["connected"], told["last_trouble"]) == (True, None)
    assert told["disk_refuses"] is False
    listing = house.coordinator.data
    assert told["targets"] == {
        "listed": len(listing.targets),
        "missing": 0,
        "offline": 1,
        "read_at": told["targets"]["read_at"],
    }
    assert told["commands"] == {"success": 1, "sent": 1}
    assert (told["pending"], told["not_announced"], told["not_archived"]) == (1, 0, 0)
    assert told["next_alarm"] is not None
    assert [command["target"] for command in told["newest"]] == ["dev-8/1", "dev-7/1"]
    assert told["newest"][0]["tag"] == "morning"


async def test_diagnostics_tell_how_long_a_command_usually_takes(
    house: House, download: Download
) -> None:
    """That explains when it is asked about."""
    for _ in range(3):
        house.cloud.script(after=5)
        await house.send("ON")
        await house.wait(10)
    (learned,) = (await download(house.entry))["learned"]
    assert (learned["command"], learned["known"]) == ("ON", 3)
    assert 5 <= learned["usual_seconds"] < 8


async def test_diagnostics_hold_no_value_of_a_parameter(house: House, download: Download) -> None:
    """A parameter may be a password; its name is enough to find a fault."""
    await house.send(parameters={"relay": 1})

    (command,) = (await download(house.entry))["newest"]

    assert command["parameters"] == ["relay"]
    assert "result" not in command


async def test_diagnostics_hold_no_secret(house: House, download: Download) -> None:
    """Not in the account's data, and not in a provider's message that repeats one."""
    message = f"client {CLIENT_ID} of my-gate-owner@example.com has no relay"
    house.hass.config_entries.async_update_entry(
        house.entry, unique_id="wlte_my-gate-owner@example.com"
    )
    house.cloud.faults.add(
        "status",
        "create",
        status=422,
        body=json.dumps({"code": "COMMAND_REJECTED", "message": message}),
    )
    await house.send()

    told = await download(house.entry)

    (command,) = told["newest"]
    assert command["reason"].endswith("of **REDACTED** has no relay")
    text = json.dumps(told)
    secrets = {CLIENT_ID, "my-gate-owner", *house.cloud.secrets, house.cloud.url}
    assert not {secret for secret in secrets if secret in text}


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Gates", "Gates"),
        ("Blink Home 2", "Blink Home 2"),
        ("Gates of me@example.com", "Gates of **REDACTED**"),
        (f"WLTE {CLIENT_ID}", "WLTE **REDACTED**"),
    ],
)
async def test_diagnostics_name_the_account(
    house: House, download: Download, title: str, told: str
) -> None:
    """As the page "System information" does, but an address or an id in its title is nobody's."""
    house.hass.config_entries.async_update_entry(house.entry, title=title)
    assert (await download(house.entry))["title"] == told


async def test_diagnostics_show_the_newest_commands_only(house: House, download: Download) -> None:
    """Whoever has sent a thousand commands is helped by the last few."""
    for _ in range(NEWEST + 1):
        await house.send()
        await house.wait(4, step=2)

    told = await download(house.entry)

    assert told["commands"] == {"success": NEWEST + 1}
    ids = [command["tracking_id"] for command in told["newest"]]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == NEWEST


async def test_diagnostics_tell_that_the_disk_refuses(house: House, download: Download) -> None:
    """The user may have overlooked it."""
    ir.async_create_issue(
        house.hass,
        DOMAIN,
        f"not_saved_{house.entry.entry_id}",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key="not_saved",
    )

    assert (await download(house.entry))["disk_refuses"] is True


async def test_diagnostics_of_an_account_that_does_not_load(
    hass: HomeAssistant, make_entry: Callable[..., MockConfigEntry], download: Download
) -> None:
    """It is the one that needs them most."""
    assert await async_setup_component(hass, DOMAIN, {})
    other = make_entry("other-account", {CONF_TIMEOUT: 30})

    told = await download(other)

    assert told == {
        "title": other.title,
        "state": "not_loaded",
        "data": {"provider": "wlte", "credentials": "**REDACTED**"},
        "options": {CONF_TIMEOUT: 30},
        "disk_refuses": False,
    }


async def test_diagnostics_of_a_device_whose_account_is_not_loaded(
    hass: HomeAssistant, house: House, hass_client: ClientSessionGenerator
) -> None:
    """It may have been disabled because of that device."""
    device = house.device("dev-7")
    await hass.config_entries.async_unload(house.entry.entry_id)

    told = await get_diagnostics_for_device(hass, hass_client, house.entry, device)

    assert told == {"state": "not_loaded"}


async def test_diagnostics_of_a_device_tell_its_own_commands(
    house: House, hass_client: ClientSessionGenerator
) -> None:
    """Of a house full of relays, one is the one that makes trouble."""
    await house.send(target="dev-8/1")
    await house.send()
    told: Any = await get_diagnostics_for_device(
        house.hass, hass_client, house.entry, house.device("dev-7")
    )
    assert [target["id"] for target in told["targets"]] == ["dev-7/1", "dev-7/2"]
    assert {target["listed"] for target in told["targets"]} == {True}
    assert told["commands"] == {"success": 1}
    assert [command["target"] for command in told["newest"]] == ["dev-7/1"]
