"""Event entities and the bus event: what ended, told once."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import ATTR_FRIENDLY_NAME
from homeassistant.core import Context
import pytest

from custom_components.command_status.const import DOMAIN

from .house import GARAGE, GATE, House

TARGET = "event.gate_relay_1_outcome"
ACCOUNT = "event.my_gate_outcome"

TYPES = ["cancelled", "failure", "lost", "success", "timeout"]


def told(house: House, entity_id: str) -> dict[str, Any]:
    """Return the attributes of an event, without those that every event entity has."""
    common = {"event_types", ATTR_FRIENDLY_NAME}
    attributes = house.state(entity_id).attributes
    return {key: value for key, value in attributes.items() if key not in common}


@pytest.mark.parametrize("entity_id", [TARGET, ACCOUNT])
async def test_before_the_first_outcome_nothing_has_happened(house: House, entity_id: str) -> None:
    """But what can happen is known."""
    state = house.state(entity_id)
    assert state.state == "unknown"
    assert state.attributes["event_types"] == TYPES


@pytest.mark.parametrize("entity_id", [TARGET, ACCOUNT])
async def test_an_outcome_is_told_with_all_that_matters(house: House, entity_id: str) -> None:
    """These attributes are public, under these names; parameters are not among them."""
    house.cloud.script(outcome="SUCCESS", after=3.0)
    sent = await house.send(tag="morning")
    await house.wait(5)
    record = await house.record(sent["tracking_id"])
    assert told(house, entity_id) == {
        "event_type": "success",
        "tracking_id": sent["tracking_id"],
        "command_id": "cmd-1",
        "command": "JOG",
        "target": GATE,
        "target_name": "Gate relay 1",
        "reason": None,
        "provider_state": "SUCCESS",
        "tag": "morning",
        "duration": 5.0,
        "late": False,
        "evidence": None,
        "message": "Gate relay 1: JOG succeeded after 5.0 s",
        "created_at": sent["created_at"],
        "finished_at": record["finished_at"],
    }


async def test_the_bus_hears_the_same_with_the_device(house: House) -> None:
    """For automations that listen for everything."""
    sent = await house.send(tag="morning")
    (event,) = house.announced
    assert event.data == {
        "tracking_id": sent["tracking_id"],
        "command_id": "cmd-1",
        "command": "JOG",
        "target": GATE,
        "target_name": "Gate relay 1",
        "reason": None,
        "provider_state": "SUCCESS",
        "tag": "morning",
        "duration": 0.0,
        "late": False,
        "evidence": None,
        "message": "Gate relay 1: JOG succeeded after 0.0 s",
        "created_at": sent["created_at"],
        "finished_at": sent["finished_at"],
        "state": "success",
        "device_id": house.device("dev-7").id,
        "config_entry_id": "gate-account",
        "provider": "wlte",
    }


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ({"outcome": "SUCCESS"}, "success"),
        ({"outcome": "FAILED"}, "failure"),
        ({"outcome": "TIMEOUT"}, "timeout"),
        ({"after": None, "forget_after": 1.0}, "lost"),
    ],
)
async def test_every_outcome_fires(house: House, script: Mapping[str, Any], outcome: str) -> None:
    """Once on the target, once on the account, once on the bus."""
    fired = house.watch(TARGET, ACCOUNT)
    house.cloud.script(**script)
    await house.send()
    await house.wait(3)
    assert len(fired) == 2
    assert house.state(TARGET).attributes["event_type"] == outcome
    assert house.outcomes() == [outcome]


async def test_a_cancelled_command_fires(house: House) -> None:
    """It ended, if not as it was meant to."""
    await house.send()
    queued = await house.send()
    await house.order("cancel_command", tracking_id=queued["tracking_id"])
    assert house.state(TARGET).attributes["event_type"] == "cancelled"


async def test_two_equal_outcomes_are_two_events(house: House) -> None:
    """An automation acts on both."""
    fired = house.watch(TARGET)
    await house.send()
    await house.wait(4)
    await house.send()
    assert len(set(fired)) == 2


async def test_a_late_correction_fires_once_more(house: House) -> None:
    """And says that it is one."""
    fired = house.watch(TARGET)
    house.cloud.script(outcome="SUCCESS", after=20.0)
    await house.send(timeout=5)
    await house.wait(6)
    assert (told(house, TARGET)["event_type"], told(house, TARGET)["late"]) == ("timeout", False)
    await house.wait(31)
    assert (told(house, TARGET)["event_type"], told(house, TARGET)["late"]) == ("success", True)
    assert len(fired) == 2


async def test_other_targets_hear_nothing(house: House) -> None:
    """The garage is not the gate."""
    await house.send(target=GARAGE)
    assert house.state(TARGET).state == "unknown"
    assert house.state("event.garage_outcome").attributes["event_type"] == "success"


async def test_a_target_that_is_not_listed_any_more_still_tells(house: House) -> None:
    """What was sent to it is followed to its end, and an automation may wait for that."""
    house.cloud.script(outcome="SUCCESS", after=5.0)
    await house.send(target=GARAGE)
    house.cloud.remove_device("dev-8")
    await house.coordinator.async_refresh()
    assert house.state("event.garage_outcome").state == "unknown"
    await house.wait(8)
    assert house.state("event.garage_outcome").attributes["event_type"] == "success"


async def test_the_context_is_that_of_the_action(house: House) -> None:
    """So that an automation can tell who opened the gate."""
    house.cloud.script(outcome="SUCCESS", after=3.0)
    context = Context()
    await house.hass.services.async_call(
        DOMAIN,
        "send_command",
        {"config_entry_id": house.entry.entry_id, "target": GATE, "command": "JOG"},
        blocking=True,
        context=context,
    )
    await house.wait(5)
    (event,) = house.announced
    (command,) = house.coordinator.tracker
    assert event.context is context
    assert house.coordinator.display.context_of(command) is None  # forgotten when it was handed on
    assert house.state(TARGET).context is context
    assert house.state(ACCOUNT).context is context


async def test_the_context_of_one_command_is_not_that_of_the_next(house: House) -> None:
    """Each has its own, also where they end in the other order."""
    house.cloud.script(outcome="SUCCESS", after=9.0, times=1)
    contexts = {GATE: Context(), GARAGE: Context()}
    for target, context in contexts.items():
        await house.during(
            house.hass.services.async_call(
                DOMAIN,
                "send_command",
                {"config_entry_id": house.entry.entry_id, "target": target, "command": "ON"},
                blocking=True,
                context=context,
            )
        )
    await house.wait(12)
    assert [(e.data["target"], e.context) for e in house.announced] == [
        (GARAGE, contexts[GARAGE]),
        (GATE, contexts[GATE]),
    ]
