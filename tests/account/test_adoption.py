"""What users change while an account is at work: nothing flickers, and it holds at once."""

import asyncio
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.command_status.account.records import find_device
from custom_components.command_status.account.settings import Saved
from custom_components.command_status.const import (
    CONF_CREDENTIALS,
    CONF_DEVICES,
    CONF_KEEP_FINISHED,
    CONF_TIMEOUT,
    SUBENTRY_COMMAND,
)
from simulators.clock import ManualClock
from simulators.wlte import CLIENT_ID

from ..house import GARAGE, GATE, House, going

BUTTON: Final = "button.open_the_gate_send"


def saved(command: str, title: str = "Open the gate") -> dict[str, Any]:
    """Return what a subentry says of a saved command."""
    plain = Saved(target=GATE, command=command, parameters={}, window=60.0).to_plain()
    return {"data": MappingProxyType(plain), "title": title}


@pytest.fixture
def gone(house: House) -> list[str]:
    """Return a list to which every entity is added that becomes unavailable."""
    return going(house.hass)


async def save(house: House, command: str = "JOG") -> ConfigSubentry:
    """Save a command."""
    subentry = ConfigSubentry(subentry_type=SUBENTRY_COMMAND, unique_id=None, **saved(command))
    house.hass.config_entries.async_add_subentry(house.entry, subentry)
    await house.settle()
    return subentry


async def press(house: House) -> dict[str, Any]:
    """Press the button of the saved command, and return the record."""
    await house.hass.services.async_call("button", "press", {"entity_id": BUTTON}, blocking=True)
    await house.wait(5)
    (newest, *_) = await house.act("get_commands")
    return newest


class TestSavedCommands:
    """Saved, changed and removed."""

    async def test_a_saved_command_can_be_pressed_at_once(
        self, house: House, gone: list[str]
    ) -> None:
        """And nothing else in the house notices."""
        await save(house)
        record = await press(house)
        assert (record["command"], record["state"]) == ("JOG", "success")
        assert house.state("sensor.open_the_gate_last_command").state == "success"
        assert gone == []

    async def test_a_saved_command_that_is_changed_sends_what_it_says_now(
        self, house: House, gone: list[str]
    ) -> None:
        """Under its new name, with the entities that it has."""
        subentry = await save(house)
        house.hass.config_entries.async_update_subentry(
            house.entry, subentry, **saved("ON", "Keep it open")
        )
        await house.settle()
        assert (await press(house))["command"] == "ON"
        assert house.device(subentry.subentry_id).name == "Keep it open"
        assert gone == []

    async def test_a_saved_command_that_is_removed_takes_nothing_else_along(
        self, house: House, gone: list[str]
    ) -> None:
        """Its device and its entities go, and no other."""
        subentry = await save(house)
        house.hass.config_entries.async_remove_subentry(house.entry, subentry.subentry_id)
        await house.settle()
        assert gone
        assert {entity_id.partition(".")[2].startswith("open_the_gate") for entity_id in gone} == {
            True
        }
        assert find_device(house.hass, house.entry.entry_id, subentry.subentry_id) is None
        again = await save(house, "OFF")
        assert again.subentry_id in house.entry.subentries
        assert (await press(house))["command"] == "OFF"

    async def test_a_button_whose_command_has_just_gone_says_so(self, house: House) -> None:
        """Home Assistant takes its entities away a moment later."""
        await save(house)
        settings = replace(house.coordinator.settings, saved=())
        await house.coordinator.adoption.async_settings(settings)
        with pytest.raises(ServiceValidationError) as raised:
            await press(house)
        assert raised.value.translation_key == "saved_command_gone"


class TestOptions:
    """Set in the account's dialogue."""

    async def test_nothing_flickers(self, house: House, gone: list[str]) -> None:
        """A failure of yesterday would be told once more."""
        house.hass.config_entries.async_update_entry(
            house.entry, options={CONF_TIMEOUT: 30.0, CONF_KEEP_FINISHED: 1}
        )
        await house.settle()
        assert house.coordinator.tracker.keep_days == 1
        assert house.coordinator.window_of() == 30.0
        assert gone == []

    async def test_devices_come_and_go_alone(self, house: House, gone: list[str]) -> None:
        """What is chosen no longer is unavailable; what is chosen has its entities at once."""
        coordinator = house.coordinator
        description = replace(coordinator.description, chosen_devices=True)
        coordinator._parts.description = description

        async def choose(*devices: str) -> None:
            options = {CONF_DEVICES: list(devices)}
            house.hass.config_entries.async_update_entry(house.entry, options=options)
            await house.settle()

        await choose("dev-7")
        assert set(gone) == {
            "sensor.garage_last_command",
            "event.garage_outcome",
            "sensor.cellar_pump_last_command",
            "event.cellar_pump_outcome",
        }
        gone.clear()
        await choose("dev-7", "dev-8")
        assert house.state("sensor.garage_last_command").state == "unknown"
        assert (await house.send(target=GARAGE, wait=True))["state"] == "success"
        assert house.state("sensor.garage_last_command").state == "success"
        assert gone == []


class TestSigningIn:
    """Again, with other credentials or the same."""

    async def test_nothing_flickers(self, house: House, gone: list[str]) -> None:
        """The account goes on with the new credentials."""
        before = house.coordinator.provider
        await house.coordinator.adoption.async_sign_in()
        await house.settle()
        assert house.coordinator.provider is not before
        assert house.cloud.counts["devices"] == 2
        assert (await house.send())["state"] == "success"
        assert gone == []

    async def test_what_could_not_be_asked_is_asked_now(self, house: House) -> None:
        """Credentials that were refused are not asked with again, until they are new."""
        house.cloud.script(after=8.0)
        sent = await house.send()
        house.cloud.add_client(CLIENT_ID, "rotated-secret-1")
        house.cloud.expire_tokens()
        await house.wait(10)
        assert house.coordinator.connection.refused
        credentials = {**house.entry.data[CONF_CREDENTIALS], "client_secret": "rotated-secret-1"}
        data = {**house.entry.data, CONF_CREDENTIALS: credentials}
        house.hass.config_entries.async_update_entry(house.entry, data=data)
        await house.coordinator.adoption.async_sign_in()
        await house.wait(10)
        assert (await house.record(sent["tracking_id"]))["state"] == "success"

    async def test_what_is_being_sent_ends_as_it_began(
        self, house: House, nap: ManualClock
    ) -> None:
        """Half a request is the one whose outcome nobody knows."""
        house.cloud.faults.add("delay", "create", delay=1.0)
        sending = asyncio.create_task(house.send(wait=True))
        await house.cloud.log.until(1, "create")
        await house.coordinator.adoption.async_sign_in()
        await house.go_by(1)
        nap.advance(1.0)
        await house.go_by(10)
        assert (await sending)["state"] == "success"
        assert len(house.cloud.switched("dev-7", 1)) == 1
