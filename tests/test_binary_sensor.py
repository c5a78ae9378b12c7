"""The connection of an account: the result of the last request."""

import asyncio

from homeassistant.const import ATTR_FRIENDLY_NAME, EntityCategory
from homeassistant.helpers import entity_registry as er
import pytest

from simulators.clock import ManualClock

from .house import House

CONNECTION = "binary_sensor.my_gate_connection"


async def test_it_is_on_once_the_cloud_has_answered(house: House) -> None:
    """The list of targets was read when the account was loaded."""
    state = house.state(CONNECTION)
    assert state.state == "on"
    assert state.attributes == {
        "device_class": "connectivity",
        ATTR_FRIENDLY_NAME: "My gate Connection",
    }
    entry = er.async_get(house.hass).async_get(CONNECTION)
    assert entry is not None
    assert entry.entity_category is EntityCategory.DIAGNOSTIC


async def test_it_is_unknown_until_the_first_answer(house: House, nap: ManualClock) -> None:
    """An account loads from its own records, and the cloud may take its time."""
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    house.cloud.faults.add("delay", "devices", delay=1.0)
    await house.hass.config_entries.async_setup(house.entry.entry_id)
    assert house.state(CONNECTION).state == "unknown"
    await house.cloud.log.until(2, "devices")
    nap.advance(1.0)
    await house.settle()
    assert house.state(CONNECTION).state == "on"


@pytest.mark.parametrize("fault", ["reset", "html", "garbage"])
async def test_it_is_off_while_there_is_no_answer(house: House, fault: str) -> None:
    """Whatever it is that keeps us from the cloud."""
    broken = house.cloud.faults.add(fault, times=None)
    await house.coordinator.async_refresh()
    assert house.state(CONNECTION).state == "off"
    house.cloud.faults.remove(broken)
    await house.coordinator.async_refresh()
    assert house.state(CONNECTION).state == "on"


async def test_it_is_off_while_there_were_too_many_requests(house: House) -> None:
    """The cloud answers, but not what was asked."""
    house.cloud.faults.add("status", "devices", status=429, headers={"Retry-After": "5"})
    await house.coordinator.async_refresh()
    assert house.state(CONNECTION).state == "off"


async def test_a_command_that_is_refused_says_nothing_about_the_connection(house: House) -> None:
    """The cloud has understood, and said no."""
    states = house.watch(CONNECTION)
    house.cloud.script(error="COMMAND_REJECTED")
    await house.send()
    assert states == []


async def test_without_the_cloud_everything_else_stays_available(house: House) -> None:
    """What is known of commands does not depend on who answers right now."""
    await house.send()
    await house.cloud.stop()
    await house.coordinator.async_refresh()
    await house.reload()
    assert house.state(CONNECTION).state == "off"
    states = {state.entity_id: state.state for state in house.hass.states.async_all()}
    assert "unavailable" not in states.values()
    assert states["sensor.gate_relay_1_last_command"] == "success"
    assert states["sensor.my_gate_pending_commands"] == "0"


async def test_it_follows_every_kind_of_request(house: House) -> None:
    """Sending and asking as well as the list."""
    states = house.watch(CONNECTION)
    house.cloud.script(outcome="SUCCESS", after=1.0)
    await house.send()
    house.cloud.faults.add("status", "status", status=503)
    await house.wait(3)
    assert states == ["off"]
    await house.wait(3)
    assert states == ["off", "on"]
    house.cloud.faults.add("status", "create", status=503)
    task = asyncio.create_task(house.send())
    await house.wait(5)
    await task
    assert states == ["off", "on", "off", "on"]
