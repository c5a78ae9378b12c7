"""What is expected to be seen in the house after a command to a cloud."""

from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.command_status.account.expecting import EXPECT, expectation_of
from custom_components.command_status.house import HomeAssistantHouse
from custom_components.command_status.tracking import Clause, Expectation
from tests.house import House

DOOR: Final = "binary_sensor.gate_door"
OPENED: Final = {"entity_id": DOOR, "state": "on"}


@pytest.fixture(autouse=True)
def closed_gate(hass: HomeAssistant) -> None:
    """Have a contact that says that the gate is closed."""
    hass.states.async_set(DOOR, "off")


async def test_a_success_waits_for_the_contact(house: House) -> None:
    """The relay has switched, the gate opens later: then it is a success, and not before."""
    record = await house.send(expect=OPENED)
    assert record["evidence"] == "awaited"
    await house.wait(6)
    record = await house.record(record["tracking_id"])
    assert (record["state"], record["provider_state"]) == ("sent", "SUCCESS")
    house.hass.states.async_set(DOOR, "on")
    await house.settle()
    record = await house.record(record["tracking_id"])
    assert (record["state"], record["reason"], record["evidence"]) == ("success", None, "seen")
    assert [event.data["evidence"] for event in house.announced] == ["seen"]
    assert house.state("sensor.gate_relay_1_last_command").attributes["evidence"] == "seen"


async def test_a_success_that_nobody_saw_is_a_timeout_until_it_is_seen(house: House) -> None:
    """The relay clicks, the gate is blocked, and somebody frees it minutes later."""
    record = await house.send(expect=OPENED, timeout=10)
    await house.wait(11)
    record = await house.record(record["tracking_id"])
    assert (record["state"], record["reason"], record["evidence"]) == (
        "timeout",
        "not_seen",
        "missing",
    )
    await house.wait(30, step=5)
    house.hass.states.async_set(DOOR, "on")
    await house.settle()
    record = await house.record(record["tracking_id"])
    assert (record["state"], record["late"], record["evidence"]) == ("success", True, "seen")
    assert [event.data["state"] for event in house.announced] == ["timeout", "success"]


async def test_what_was_seen_is_seen_after_a_reload(house: House) -> None:
    """It is on disk before the account is closed."""
    record = await house.send(expect=OPENED)
    house.hass.states.async_set(DOOR, "on")
    await house.settle()
    house.hass.states.async_set(DOOR, "off")
    assert await house.reload()
    await house.wait(6)
    record = await house.record(record["tracking_id"])
    assert (record["state"], record["evidence"]) == ("success", "seen")


async def test_an_entity_that_is_renamed_is_watched_on(
    house: House, entity_registry: er.EntityRegistry
) -> None:
    """People tidy up at any time."""
    entry = entity_registry.async_get_or_create("binary_sensor", "other", "door")
    house.hass.states.async_set(entry.entity_id, "off")
    record = await house.send(expect={"entity_id": entry.entity_id, "state": "on"})
    entity_registry.async_update_entity(entry.entity_id, new_entity_id="binary_sensor.new_name")
    house.hass.states.async_set("binary_sensor.new_name", "on")
    await house.wait(6)
    record = await house.record(record["tracking_id"])
    assert (record["state"], record["evidence"]) == ("success", "seen")


async def test_an_entity_that_is_gone_is_never_seen(
    house: House, entity_registry: er.EntityRegistry
) -> None:
    """The command ends all the same."""
    entry = entity_registry.async_get_or_create("binary_sensor", "other", "door")
    house.hass.states.async_set(entry.entity_id, "off")
    record = await house.send(expect={"entity_id": entry.entity_id, "state": "on"}, timeout=10)
    entity_registry.async_remove(entry.entity_id)
    house.hass.states.async_remove(entry.entity_id)
    assert await house.reload()
    await house.wait(11)
    record = await house.record(record["tracking_id"])
    assert (record["state"], record["reason"]) == ("timeout", "not_seen")


async def test_a_sight_of_an_assumed_state_is_assumed(house: House) -> None:
    """An entity that cannot know is no better a witness than that."""
    house.hass.states.async_set(DOOR, "on", {"assumed_state": True})
    record = await house.send(expect=OPENED)
    await house.wait(6)
    record = await house.record(record["tracking_id"])
    assert (record["state"], record["evidence"]) == ("success", "assumed")


async def test_a_command_of_someone_else_can_be_expected_to_show(house: House) -> None:
    """Sent with the vendor's app, seen at the gate."""
    sent = await house.send()
    command_id = sent["command_id"]
    await house.order("forget_command", tracking_id=sent["tracking_id"])
    (record,) = await house.act(
        "track_command",
        config_entry_id=house.entry.entry_id,
        command_id=command_id,
        expect=OPENED,
    )
    house.hass.states.async_set(DOOR, "on")
    await house.wait(6)
    record = await house.record(record["tracking_id"])
    assert (record["state"], record["evidence"]) == ("success", "seen")


# The words


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"state": "on"}, Clause(values=("on",))),
        ({"state": True}, Clause(values=("on",))),
        ({"state": [False, "closed"]}, Clause(values=("off", "closed"))),
        ({"attribute": "position", "value": 0}, Clause(attribute="position", values=(0,))),
        ({"attribute": "lux", "above": 5}, Clause(attribute="lux", above=5)),
        ({"above": 5, "below": "7"}, Clause(above=5, below=7)),
    ],
    ids=str,
)
async def test_what_is_said_is_what_is_expected(
    hass: HomeAssistant, said: dict[str, Any], expected: Clause
) -> None:
    """YAML takes on and off for true and false, and nobody should have to know."""
    words = EXPECT({"entity_id": DOOR, "for": 2, **said})
    expectation = expectation_of(HomeAssistantHouse(hass), words)
    assert expectation == Expectation(entity=DOOR, clauses=(expected,), seconds=2)


async def test_the_acted_entity_is_meant_where_none_is_named(hass: HomeAssistant) -> None:
    """And where nothing is said, nothing is expected."""
    house = HomeAssistantHouse(hass)
    expectation = expectation_of(house, EXPECT({"state": "on"}), DOOR)
    assert expectation is not None
    assert expectation.entity == DOOR
    assert expectation_of(house, None, DOOR) is None


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"state": "on"}, "expect_entity"),
        ({"entity_id": "binary_sensor.nowhere", "state": "on"}, "entity_not_found"),
        ({"entity_id": DOOR}, "expect_what"),
        ({"entity_id": DOOR, "for": 5}, "expect_what"),
        ({"entity_id": DOOR, "attribute": "lux"}, "expect_what"),
        ({"entity_id": DOOR, "value": 5}, "expect_what"),
        ({"entity_id": DOOR, "state": "on", "above": 5}, "expect_what"),
        ({"entity_id": DOOR, "state": "on", "attribute": "lux"}, "expect_what"),
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_refused_before_anything_is_sent(
    house: House, said: dict[str, Any], error: str
) -> None:
    """Whoever expects nothing, or nowhere, has made a mistake."""
    with pytest.raises(ServiceValidationError) as raised:
        await house.send(expect=said)
    assert raised.value.translation_key == error
    assert await house.act("get_commands") == []
