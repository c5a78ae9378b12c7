"""Sensors: the newest command of an account, a target or a saved command, and how many are open."""

from homeassistant.const import ATTR_FRIENDLY_NAME
from homeassistant.core import Context
import pytest

from custom_components.command_status.const import DOMAIN
from custom_components.command_status.tracking import CommandState, Observation

from .house import GARAGE, GATE, LIGHT, House

SENSOR = "sensor.gate_relay_1_last_command"
ACCOUNT = "sensor.my_gate_last_command"
PENDING = "sensor.my_gate_pending_commands"

STATES = [
    "queued",
    "scheduled",
    "sent",
    "acknowledged",
    "in_progress",
    "success",
    "failure",
    "timeout",
    "cancelled",
    "lost",
]

OF_EVERY_ENTITY = {"options", "device_class", ATTR_FRIENDLY_NAME}


@pytest.mark.parametrize("sensor", [SENSOR, ACCOUNT])
async def test_before_the_first_command_nothing_is_known(house: House, sensor: str) -> None:
    """And nothing is made up."""
    state = house.state(sensor)
    assert state.state == "unknown"
    assert set(state.attributes) == OF_EVERY_ENTITY


@pytest.mark.parametrize("sensor", [SENSOR, ACCOUNT])
async def test_every_state_can_be_chosen_in_an_automation(house: House, sensor: str) -> None:
    """Home Assistant offers what is among the options."""
    attributes = house.state(sensor).attributes
    assert (attributes["device_class"], attributes["options"]) == ("enum", STATES)


@pytest.mark.parametrize("sensor", [SENSOR, ACCOUNT])
async def test_the_newest_command_is_shown(house: House, sensor: str) -> None:
    """These attributes are public, under these names."""
    house.cloud.script(outcome="FAILED", after=3.0)
    sent = await house.send(tag="morning", timeout=30)
    open_attributes = house.state(sensor).attributes
    await house.wait(5)
    record = await house.record(sent["tracking_id"])
    state = house.state(sensor)
    told = {key: value for key, value in state.attributes.items() if key not in OF_EVERY_ENTITY}
    assert state.state == "failure"
    assert told == {
        "tracking_id": sent["tracking_id"],
        "command_id": "cmd-1",
        "command": "JOG",
        "reason": "the device did not complete the command",
        "provider_state": "FAILED",
        "tag": "morning",
        "progress": None,
        "late": False,
        "evidence": None,
        "pending": 0,
        "created_at": sent["created_at"],
        "finished_at": record["finished_at"],
        "deadline": sent["deadline"],
    }
    assert (open_attributes["pending"], open_attributes["finished_at"]) == (1, None)


async def test_progress_is_shown_where_the_provider_tells_it(house: House) -> None:
    """In percent."""
    house.cloud.script(outcome="SUCCESS", after=None)
    sent = await house.send()
    coordinator = house.coordinator
    news = Observation(state=CommandState.IN_PROGRESS, progress=40)
    transition = coordinator.tracker.answered(sent["tracking_id"], news, coordinator.now)
    coordinator._keeper.take([transition])
    state = house.state(SENSOR)
    assert (state.state, state.attributes["progress"]) == ("in_progress", 40)


async def test_open_commands_are_counted_by_those_who_cover_them(house: House) -> None:
    """A target counts its own, the account counts all."""
    house.cloud.settings.enforce_limits = False
    house.cloud.script(outcome="SUCCESS", after=10.0)
    for target in (GATE, GATE, LIGHT, GARAGE):
        await house.during(house.send(target=target))
    assert house.state(SENSOR).attributes["pending"] == 2
    assert house.state("sensor.gate_relay_2_last_command").attributes["pending"] == 1
    assert house.state(ACCOUNT).attributes["pending"] == 4
    assert house.state(PENDING).state == "4"
    await house.wait(20)
    assert house.state(SENSOR).attributes["pending"] == 0
    assert house.state(PENDING).state == "0"


async def test_the_number_of_open_commands_is_a_measurement(house: House) -> None:
    """It begins with none, and statistics are kept of it."""
    state = house.state(PENDING)
    assert state.state == "0"
    assert {key: value for key, value in state.attributes.items() if key != ATTR_FRIENDLY_NAME} == {
        "state_class": "measurement"
    }


async def test_a_command_to_another_target_is_not_shown(house: House) -> None:
    """The garage is not the gate; the account has both."""
    await house.send(target=GARAGE)
    assert house.state(SENSOR).state == "unknown"
    assert house.state(ACCOUNT).state == "success"


async def test_an_older_command_that_ends_later_changes_no_state(house: House) -> None:
    """Newest means last accepted."""
    house.cloud.settings.enforce_limits = False
    house.cloud.script(outcome="FAILED", after=10.0, times=1)
    await house.send(target=GATE)
    await house.during(house.send(target=GARAGE))
    states = house.watch(ACCOUNT)
    await house.wait(15)
    assert house.outcomes() == ["success", "failure"]
    assert house.state(ACCOUNT).state == "success"
    assert set(states) == {"success"}  # only the number of open commands has changed


async def test_after_a_restart_the_last_state_is_shown_at_once(house: House) -> None:
    """Before the cloud has said anything."""
    await house.send()
    before = house.state(SENSOR).attributes
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert house.state(SENSOR).state == "unavailable"
    await house.cloud.stop()
    await house.load()
    after = house.state(SENSOR)
    assert (after.state, after.attributes) == ("success", before)


async def test_the_context_is_that_of_the_action(house: House) -> None:
    """So that the logbook can say who opened the gate."""
    house.cloud.script(outcome="SUCCESS", after=3.0)
    context = Context(user_id=None)
    await house.hass.services.async_call(
        DOMAIN,
        "send_command",
        {"config_entry_id": house.entry.entry_id, "target": GATE, "command": "JOG"},
        blocking=True,
        context=context,
    )
    assert house.state(SENSOR).context is context
    await house.wait(5)
    assert (house.state(SENSOR).state, house.state(SENSOR).context) == ("success", context)
    assert house.state(PENDING).context is context
