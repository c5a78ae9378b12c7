"""Repairs: what a user can put away, and what only a healthy disk can."""

from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.command_status.account.settings import Saved
from custom_components.command_status.const import DOMAIN, SUBENTRY_COMMAND

from .house import House


@pytest.mark.usefixtures("enable_custom_integrations", "socket_enabled")
async def test_a_damaged_journal_can_be_put_away(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    """There is nothing to mend, but it must not be overlooked."""
    for component in ("repairs", "http", DOMAIN):
        assert await async_setup_component(hass, component, {})
    ir.async_create_issue(
        hass,
        DOMAIN,
        "journal_damaged_1",
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key="journal_damaged",
        translation_placeholders={"account": "My gate", "files": "journal.corrupt"},
    )
    browser = await hass_client()
    dialogues = "/api/repairs/issues/fix"
    answer = await browser.post(
        dialogues, json={"handler": DOMAIN, "issue_id": "journal_damaged_1"}
    )
    form = await answer.json()
    assert (form["type"], form["step_id"]) == ("form", "confirm")
    assert form["description_placeholders"] == {"account": "My gate", "files": "journal.corrupt"}

    answer = await browser.post(f"{dialogues}/{form['flow_id']}", json={})

    assert (await answer.json())["type"] == "create_entry"
    assert ir.async_get(hass).async_get_issue(DOMAIN, "journal_damaged_1") is None


async def gone(house: House) -> str:
    """Save a command to a target that goes; return the id of the issue that follows."""
    subentry = ConfigSubentry(
        data=MappingProxyType(
            Saved(target="dev-8/1", command="ON", parameters={}, window=60).to_plain()
        ),
        subentry_type=SUBENTRY_COMMAND,
        title="Close the garage",
        unique_id=None,
    )
    house.hass.config_entries.async_add_subentry(house.entry, subentry)
    await house.settle()
    house.cloud.remove_device("dev-8")
    # The browser's login does not last for the hours that this really takes.
    with patch("custom_components.command_status.account.listing.GONE_AFTER", 0.0):
        await house.coordinator.async_refresh()
        await house.coordinator.async_refresh()
    await house.settle()
    return f"target_gone_{house.entry.entry_id}_{subentry.subentry_id}"


async def mend(
    house: House, hass_client: ClientSessionGenerator, issue_id: str, *steps: dict[str, str]
) -> dict[str, Any]:
    """Walk through the dialogue of an issue and return where it ends."""
    browser = await hass_client()
    dialogues = "/api/repairs/issues/fix"
    answer = await browser.post(dialogues, json={"handler": DOMAIN, "issue_id": issue_id})
    told: dict[str, Any] = await answer.json()
    for step in steps:
        answer = await browser.post(f"{dialogues}/{told['flow_id']}", json=step)
        told = await answer.json()
    await house.settle()
    return told


@pytest.fixture
async def repairs(hass: HomeAssistant) -> None:
    """Set up what shows repairs, before the first browser comes."""
    for component in ("repairs", "http"):
        assert await async_setup_component(hass, component, {})


@pytest.mark.usefixtures("repairs")
async def test_a_saved_command_without_target_can_be_given_another(
    hass: HomeAssistant, house: House, hass_client: ClientSessionGenerator
) -> None:
    """Only those are offered that know its command."""
    issue_id = await gone(house)
    asked = await mend(house, hass_client, issue_id, {"next_step_id": "replace"})
    (field,) = asked["data_schema"]
    assert [option["value"] for option in field["selector"]["select"]["options"]] == [
        "dev-7/1",
        "dev-7/2",
        "dev-9/1",
    ]
    done = await mend(
        house, hass_client, issue_id, {"next_step_id": "replace"}, {"target": "dev-7/2"}
    )
    assert done["type"] == "create_entry"
    (subentry,) = house.entry.subentries.values()
    assert subentry.data["target"] == "dev-7/2"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


@pytest.mark.usefixtures("repairs")
async def test_a_saved_command_without_target_can_be_removed(
    hass: HomeAssistant, house: House, hass_client: ClientSessionGenerator
) -> None:
    """What it sent stays in the history."""
    issue_id = await gone(house)
    asked = await mend(house, hass_client, issue_id, {"next_step_id": "remove"})
    assert asked["description_placeholders"] == {
        "command": "Close the garage",
        "account": "My gate",
    }
    await mend(house, hass_client, issue_id, {"next_step_id": "remove"}, {})
    assert not house.entry.subentries
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


@pytest.mark.usefixtures("repairs")
async def test_nothing_is_chosen_from_the_targets_of_an_account_that_is_not_loaded(
    hass: HomeAssistant, house: House, hass_client: ClientSessionGenerator
) -> None:
    """They are not known then; the saved command can be removed all the same."""
    issue_id = await gone(house)
    await hass.config_entries.async_unload(house.entry.entry_id)
    asked = await mend(house, hass_client, issue_id)
    assert asked["menu_options"] == ["remove"]


@pytest.mark.usefixtures("repairs")
async def test_an_account_may_be_unloaded_while_its_issue_is_looked_at(
    hass: HomeAssistant, house: House, hass_client: ClientSessionGenerator
) -> None:
    """The dialogue begins again."""
    issue_id = await gone(house)
    browser = await hass_client()
    dialogues = "/api/repairs/issues/fix"
    answer = await browser.post(dialogues, json={"handler": DOMAIN, "issue_id": issue_id})
    flow_id = (await answer.json())["flow_id"]
    await hass.config_entries.async_unload(house.entry.entry_id)
    answer = await browser.post(f"{dialogues}/{flow_id}", json={"next_step_id": "replace"})
    assert (await answer.json())["menu_options"] == ["remove"]


async def test_the_issue_goes_with_the_saved_command(hass: HomeAssistant, house: House) -> None:
    """Somebody who removes it need not look at the issue as well."""
    issue_id = await gone(house)
    (subentry_id,) = house.entry.subentries
    hass.config_entries.async_remove_subentry(house.entry, subentry_id)
    await house.settle()
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_the_issue_goes_when_the_target_comes_back(hass: HomeAssistant, house: House) -> None:
    """Nobody has to do anything then."""
    issue_id = await gone(house)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is not None
    house.cloud.reset()
    await house.coordinator.async_refresh()
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


@pytest.mark.usefixtures("repairs")
async def test_an_issue_of_a_saved_command_that_is_gone_can_be_put_away(
    house: House, hass_client: ClientSessionGenerator
) -> None:
    """It was removed by other means while the issue was open."""
    issue_id = await gone(house)
    (subentry_id,) = house.entry.subentries
    with patch.object(type(house.hass.config_entries), "async_get_entry", return_value=None):
        asked = await mend(house, hass_client, issue_id)
    assert asked["step_id"] == "confirm"
    assert subentry_id in house.entry.subentries


@pytest.mark.parametrize(("status", "issue"), [(406, "client_blocked"), (426, "update_required")])
async def test_a_provider_that_refuses_this_client_is_an_issue(
    hass: HomeAssistant, house: House, status: int, issue: str
) -> None:
    """Only a newer version helps, and only the user can install it."""
    issue_id = f"{issue}_{house.entry.entry_id}"
    house.cloud.faults.add("status", "devices", status=status, times=1)
    await house.coordinator.async_refresh()
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is not None
    await house.coordinator.async_refresh()
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_an_issue_goes_although_the_account_was_loaded_again_meanwhile(
    hass: HomeAssistant, house: House
) -> None:
    """As it is after an update, or after a change of its options."""
    house.cloud.faults.add("status", "devices", status=406, times=1)
    await house.coordinator.async_refresh()
    assert ir.async_get(hass).issues
    await house.reload()
    assert not ir.async_get(hass).issues
