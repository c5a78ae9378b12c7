"""What is performed is followed to its end, row by row of what can be seen."""

import asyncio
from contextlib import nullcontext
from typing import Any, Final

from homeassistant.core import Context, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from tests.house import House

from .conftest import ALARM, DOOR, GARAGE, LAMP, Things

CLOSE: Final = {"action": "cover.close_cover", "target": {"entity_id": GARAGE}}
LOCK: Final = {"action": "lock.lock", "target": {"entity_id": DOOR}}


def told(record: dict[str, Any]) -> tuple[Any, ...]:
    """Return what became of a command."""
    return record["state"], record["reason"], record["evidence"]


async def test_a_garage_is_closed_when_it_is_closed(home: House, things: Things) -> None:
    """Sent, on its way, there: each is seen at the entity, and nothing is asked."""
    things.show(GARAGE, "open", current_position=100)
    states = home.watch("sensor.this_home_last_command")
    (record,) = await home.act("perform_action", **CLOSE)
    assert (record["state"], record["evidence"]) == ("sent", "awaited")
    assert (record["provider"], record["target"], record["command"]) == (
        "home",
        GARAGE,
        "cover.close_cover",
    )
    assert record["command_id"] is None
    (call,) = things.calls
    assert call.data["entity_id"] == [GARAGE]
    await home.wait(3)
    things.show(GARAGE, "closing", current_position=40)
    await home.settle()
    record = await home.record(record["tracking_id"])
    assert (record["state"], record["progress"], record["provider_state"]) == (
        "in_progress",
        60,
        "closing",
    )
    things.show(GARAGE, "closed", current_position=0)
    await home.settle()
    record = await home.record(record["tracking_id"])
    assert told(record) == ("success", None, "seen")
    assert (record["provider_state"], record["polls"]) == ("closed", 0)
    assert list(dict.fromkeys(states)) == ["queued", "sent", "in_progress", "success"]
    assert home.outcomes() == ["success"]


async def test_what_is_so_already_is_a_success_once_the_action_has_returned(
    home: House, things: Things
) -> None:
    """And not before: it may still raise."""
    go_on = asyncio.Event()
    things.show(DOOR, "locked")
    things.reaction = lambda _: go_on.wait()
    (record,) = await home.act("perform_action", **LOCK)
    await home.go_by(2)
    assert (await home.record(record["tracking_id"]))["state"] == "sent"
    go_on.set()
    await home.settle()
    assert told(await home.record(record["tracking_id"])) == ("success", None, "seen")


async def test_an_assumed_state_is_assumed_evidence(home: House, things: Things) -> None:
    """An entity that cannot know says what it was told."""
    things.reaction = lambda _: things.show(DOOR, "locked", assumed_state=True)
    (record,) = await home.act("perform_action", **LOCK, wait=True)
    assert told(record) == ("success", None, "assumed")


async def test_an_action_that_raises_is_a_failure(home: House, things: Things) -> None:
    """Its message is the reason, without the code in it."""

    def refuse(call: ServiceCall) -> None:
        raise HomeAssistantError(f"Code {call.data['code']} is wrong")

    things.reaction = refuse
    (record,) = await home.act(
        "perform_action",
        action="alarm_control_panel.alarm_disarm",
        target={"entity_id": ALARM},
        data={"code": "4711"},
        wait=True,
    )
    assert told(record) == ("failure", "Code **REDACTED** is wrong", "missing")
    assert record["parameters"] == {"code": "**REDACTED**"}


async def test_what_an_integration_says_is_cut_and_cleaned(home: House, things: Things) -> None:
    """It ends up in events and records, where nobody expects an address."""

    def refuse(_: ServiceCall) -> None:
        raise HomeAssistantError("no login for\x1b anna@example.com\n" + "again " * 100)

    things.reaction = refuse
    (record,) = await home.act("perform_action", **LOCK, wait=True)
    assert record["reason"].startswith("no login for\ufffd **REDACTED** again again")
    assert len(record["reason"]) == 255


async def test_an_error_that_nobody_expected_is_a_failure_too(home: House, things: Things) -> None:
    """Integrations raise what they like."""

    def break_down(_: ServiceCall) -> None:
        raise KeyError

    things.reaction = break_down
    (record,) = await home.act("perform_action", **LOCK, wait=True)
    assert told(record) == ("failure", "KeyError", "missing")


async def test_a_jammed_lock_is_a_failure_with_that_state(home: House, things: Things) -> None:
    """Nobody has to wait for the end of the window."""
    (record,) = await home.act("perform_action", **LOCK)
    things.show(DOOR, "locking")
    await home.settle()
    things.show(DOOR, "jammed")
    await home.settle()
    assert told(await home.record(record["tracking_id"])) == ("failure", "jammed", "missing")


async def test_a_lock_that_was_jammed_before_may_still_lock(home: House, things: Things) -> None:
    """Only what happens after the call says anything about it."""
    things.show(DOOR, "jammed")
    (record,) = await home.act("perform_action", **LOCK)
    things.show(DOOR, "jammed", friendly_name="Door")
    await home.settle()
    assert not (await home.record(record["tracking_id"]))["final"]
    things.show(DOOR, "locked")
    await home.settle()
    assert told(await home.record(record["tracking_id"])) == ("success", None, "seen")


async def test_an_unavailable_entity_is_tried_again(home: House, things: Things) -> None:
    """Home Assistant would pass it by without a word."""
    things.show(DOOR, "unavailable")
    (record,) = await home.act("perform_action", **LOCK)
    assert record["state"] == "queued"
    assert things.calls == []
    things.show(DOOR, "unlocked")
    await home.wait(6)
    assert len(things.calls) == 1
    things.show(DOOR, "locked")
    await home.settle()
    assert told(await home.record(record["tracking_id"])) == ("success", None, "seen")


async def test_an_entity_that_stays_unavailable_is_a_failure(home: House, things: Things) -> None:
    """Nothing was called."""
    things.show(DOOR, "unavailable")
    (record,) = await home.act("perform_action", **LOCK, timeout=20)
    await home.wait(21)
    assert told(await home.record(record["tracking_id"])) == ("failure", "unavailable", "missing")
    assert things.calls == []


async def test_what_never_arrives_is_a_timeout_until_it_does(home: House, things: Things) -> None:
    """Ten minutes long."""
    (record,) = await home.act("perform_action", **LOCK, timeout=10)
    await home.wait(11)
    assert told(await home.record(record["tracking_id"])) == ("timeout", "not_seen", "missing")
    things.show(DOOR, "locked")
    await home.settle()
    record = await home.record(record["tracking_id"])
    assert (told(record), record["late"]) == (("success", None, "seen"), True)
    assert home.outcomes() == ["timeout", "success"]


async def test_an_action_without_a_trace_succeeds_when_it_has_returned(
    home: House, things: Things
) -> None:
    """A notification leaves nothing to be seen; its target is its name."""
    (record,) = await home.act(
        "perform_action", action="notify.all", data={"message": "hello"}, wait=True
    )
    assert told(record) == ("success", None, "none")
    assert (record["target"], record["parameters"]) == ("notify.all", {"message": "hello"})
    assert things.calls[0].data == {"message": "hello"}


async def test_the_user_may_expect_something_else(home: House, things: Things) -> None:
    """Such as a contact beside the lock, or another state of the thing itself."""
    home.hass.states.async_set("binary_sensor.bolt", "off")
    (record,) = await home.act(
        "perform_action", **LOCK, expect={"entity_id": "binary_sensor.bolt", "state": "on"}
    )
    things.show(DOOR, "locked")
    await home.settle()
    assert not (await home.record(record["tracking_id"]))["final"]
    home.hass.states.async_set("binary_sensor.bolt", "on")
    await home.settle()
    assert told(await home.record(record["tracking_id"])) == ("success", None, "seen")
    (record,) = await home.act("perform_action", **LOCK, expect={"state": "unlocked"})
    things.show(DOOR, "unlocked")
    await home.settle()
    assert told(await home.record(record["tracking_id"])) == ("success", None, "seen")


async def test_one_command_for_each_member_of_a_group(home: House, things: Things) -> None:
    """A group of the old kind means its members; what the action does not concern is left out."""
    home.hass.states.async_set("light.other", "off")
    home.hass.states.async_set("light.third", "off")
    things.reaction = lambda call: things.show(call.data["entity_id"][0], "on")
    home.hass.states.async_set("group.all", "off", {"entity_id": ["light.other", "light.third"]})
    records = await home.act(
        "perform_action", action="light.turn_on", target={"entity_id": "group.all"}, wait=True
    )
    assert {record["target"]: record["state"] for record in records} == {
        "light.other": "success",
        "light.third": "success",
    }


async def test_one_command_for_each_entity_of_an_area(
    home: House, things: Things, entity_registry: er.EntityRegistry, area_registry: Any
) -> None:
    """An area has more in it than the action concerns."""
    hall = area_registry.async_create("Hall")
    entity_registry.async_update_entity(DOOR, area_id=hall.id)
    entity_registry.async_update_entity(GARAGE, area_id=hall.id)
    things.reaction = lambda _: things.show(DOOR, "locked")
    records = await home.act(
        "perform_action", action="lock.lock", target={"area_id": hall.id}, wait=True
    )
    assert [(record["target"], record["state"]) for record in records] == [(DOOR, "success")]


async def test_cancelling_stops_following_and_undoes_nothing(home: House, things: Things) -> None:
    """Whatever the thing does then is another story."""
    (record,) = await home.act("perform_action", **LOCK)
    (record,) = await home.act("cancel_command", tracking_id=record["tracking_id"])
    assert told(record) == ("cancelled", None, "missing")
    things.show(DOOR, "locked")
    await home.settle()
    assert told(await home.record(record["tracking_id"])) == ("cancelled", None, "missing")
    assert len(things.calls) == 1


@pytest.mark.parametrize("ends", ["returns", "raises"])
async def test_an_action_that_was_cancelled_while_it_ran_stays_cancelled(
    home: House, things: Things, ends: str
) -> None:
    """Whatever becomes of it: nobody follows it any more."""
    go_on = asyncio.Event()

    async def run(call: ServiceCall) -> None:
        await go_on.wait()
        if call.data["message"] == "raises":
            raise HomeAssistantError("too late")

    things.reaction = run
    (record,) = await home.act("perform_action", action="notify.all", data={"message": ends})
    (record,) = await home.act("cancel_command", tracking_id=record["tracking_id"])
    assert told(record) == ("cancelled", None, "none")
    go_on.set()
    await home.settle()
    record = await home.record(record["tracking_id"])
    assert (told(record), record["late"]) == (("cancelled", None, "none"), False)


async def test_a_script_stops_where_an_action_failed(home: House, things: Things) -> None:
    """As with every other provider."""
    things.reaction = lambda _: things.show(DOOR, "jammed")
    with pytest.raises(HomeAssistantError, match="jammed"):
        await home.order("perform_action", **LOCK, wait=True)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"action": "lock.nothing", "target": {"entity_id": DOOR}}, "action_not_found"),
        ({"action": "lock.lock", "target": {"entity_id": "lock.nowhere"}}, "entity_not_found"),
        ({"action": "lock.lock", "target": {"entity_id": GARAGE}}, "entity_not_concerned"),
        ({"action": "lock.lock", "target": {"area_id": "nowhere"}}, "nothing_meant"),
        (
            {
                "action": "cover.set_cover_position",
                "target": {"entity_id": GARAGE},
                "data": {"position": 999},
            },
            "invalid_data",
        ),
        ({**LOCK, "expect": {"attribute": "x"}}, "expect_what"),
        ({**LOCK, "timeout": 1}, "timeout_range"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_makes_no_sense_is_refused_and_nothing_is_done(
    home: House, things: Things, data: dict[str, Any], error: str
) -> None:
    """Not even a record is left of it."""
    with pytest.raises(ServiceValidationError) as raised:
        await home.act("perform_action", **data)
    assert raised.value.translation_key == error
    assert things.calls == []
    assert await home.act("get_commands") == []


async def test_without_this_home_nothing_can_be_performed(house: House) -> None:
    """The error says what to do about it."""
    with pytest.raises(ServiceValidationError) as raised:
        await house.act("perform_action", action="light.turn_on")
    assert raised.value.translation_key == "no_house"


async def test_a_code_is_nowhere(
    home: House, things: Things, hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Not on disk, in no record, no state, no event, no log line; only in what is called."""
    things.show(ALARM, "unavailable")
    (record,) = await home.act(
        "perform_action",
        action="alarm_control_panel.alarm_disarm",
        target={"entity_id": ALARM},
        data={"code": "48151623"},
    )
    assert record["state"] == "queued"
    assert "48151623" not in str(hass_storage)
    things.show(ALARM, "armed_away")
    await home.wait(6)
    assert things.calls[0].data["code"] == "48151623"
    things.show(ALARM, "disarmed")
    await home.settle()
    assert (await home.record(record["tracking_id"]))["state"] == "success"
    assert "48151623" not in str(hass_storage)
    assert "48151623" not in str(await home.act("get_commands"))
    assert "48151623" not in str([state.as_dict() for state in hass.states.async_all()])
    assert "48151623" not in str([event.data for event in home.announced])


async def test_a_command_whose_code_is_lost_is_not_sent(home: House, things: Things) -> None:
    """A reload forgets the code, and without it nothing is called."""
    things.show(ALARM, "unavailable")
    (record,) = await home.act(
        "perform_action",
        action="alarm_control_panel.alarm_disarm",
        target={"entity_id": ALARM},
        data={"code": "4711"},
    )
    assert await home.reload()
    things.show(ALARM, "armed_away")
    await home.wait(6)
    assert things.calls == []
    assert told(await home.record(record["tracking_id"])) == ("failure", "not_sent", "missing")


async def test_a_lamp_without_a_registry_entry_is_followed_by_its_id(
    home: House, things: Things
) -> None:
    """Entities of YAML have no other."""
    things.reaction = lambda _: things.show(LAMP, "on")
    (record,) = await home.act(
        "perform_action", action="light.turn_on", data={"entity_id": LAMP}, wait=True
    )
    assert told(record) == ("success", None, "seen")
    assert record["target"] == LAMP


@pytest.mark.parametrize(("allowed", "acts"), [(DOOR, 1), (LAMP, 0)])
async def test_it_acts_with_the_rights_of_whoever_calls(
    home: House, things: Things, allowed: str, acts: int
) -> None:
    """Who may not lock the door does not lock it through us; nothing is begun then."""
    user = MockUser().add_to_hass(home.hass)
    user.mock_policy({"entities": {"entity_ids": {allowed: {"control": True}}}})
    with nullcontext() if acts else pytest.raises(Unauthorized):
        await home.hass.services.async_call(
            "command_status",
            "perform_action",
            LOCK,
            blocking=True,
            context=Context(user_id=user.id),
        )
    assert [call.context.user_id for call in things.calls] == [user.id] * acts
    assert len(await home.act("get_commands")) == acts
