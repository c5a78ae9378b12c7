"""The actions: what they take, what they return, when they raise."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import (
    Context,
    CoreState,
    Event,
    EventStateChangedData,
    HomeAssistant,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.command_status.const import DOMAIN
from custom_components.command_status.tracking import CommandState, Observation
from simulators.clock import ManualClock

from ..house import GARAGE, GATE, LIGHT, PUMP, House, full_disk
from ..obliging import ObligingProvider, Update

FIELDS = (
    "tracking_id",
    "provider",
    "config_entry_id",
    "command_id",
    "request_id",
    "network_id",
    "device_id",
    "subentry_id",
    "target",
    "target_name",
    "command",
    "parameters",
    "tag",
    "state",
    "final",
    "late",
    "progress",
    "reason",
    "provider_state",
    "result",
    "created_at",
    "sent_at",
    "finished_at",
    "deadline",
    "duration",
    "polls",
    "evidence",
    "message",
    "steps",
    "asked_by",
)
"""The record, field by field."""


ACCOUNT: Final = {"config_entry_id": "gate-account"}

type Cases[T] = Mapping[str, tuple[Mapping[str, Any], T]]
"""The data of calls, and what comes of each."""

NO_TARGETS: Final[Cases[str]] = {
    "nothing": ({}, "device_or_target"),
    "no target": (ACCOUNT, "device_or_target"),
    "no account": ({"target": GATE}, "device_or_target"),
    "no device": ({"device_id": []}, "device_or_target"),
    "no id": ({**ACCOUNT, "target": []}, "device_or_target"),
    "both": ({**ACCOUNT, "target": GATE, "device_id": "a"}, "device_or_target"),
    "unknown device": ({"device_id": "no-such"}, "device_not_found"),
    "unknown target": ({**ACCOUNT, "target": "dev-7/3"}, "unknown_target"),
    "one good and one bad target": ({**ACCOUNT, "target": [GATE, "dev-7"]}, "unknown_target"),
    "unknown account": (
        {"config_entry_id": "nobody", "target": GATE},
        "service_config_entry_not_found",
    ),
}
NO_SENSE: Final[Cases[str]] = {
    "unknown command": ({"command": "EXPLODE"}, "unknown_command"),
    "empty command": ({"command": ""}, "unknown_command"),
    "unknown parameter": ({"parameters": {"colour": "red"}}, "unknown_parameter"),
    "no such relay": ({"parameters": {"relay": 3}}, "invalid_parameter"),
    "no number": ({"parameters": {"relay": "x"}}, "invalid_parameter"),
    "too short": ({"timeout": 4.9}, "timeout_range"),
    "too long": ({"timeout": 604801}, "timeout_range"),
    "negative": ({"timeout": -1}, "timeout_range"),
    "not a number": ({"timeout": "nan"}, "timeout_range"),
}
FILTERS: Final[Cases[list[int]]] = {
    "of all accounts": ({}, [2, 1, 0]),
    "of one account": (ACCOUNT, [2, 1, 0]),
    "by state": ({"state": "failure"}, [1]),
    "by several states": ({"state": ["failure", "sent"]}, [2, 1]),
    "by no state": ({"state": []}, []),
    "by tag": ({"tag": "evening"}, [2, 1]),
    "by a tag that nothing has": ({"tag": "night"}, []),
    "the newest two": ({"limit": 2}, [2, 1]),
    "none": ({"limit": 0}, []),
    "the newest that fits": ({"state": ["success", "failure"], "limit": 1}, [1]),
}
NO_COMMANDS: Final[Cases[str]] = {
    "nothing": ({}, "tracking_or_command_id"),
    "only the account": (ACCOUNT, "tracking_or_command_id"),
    "only the command": ({"command_id": "cmd-1"}, "tracking_or_command_id"),
    "both ways": (
        {**ACCOUNT, "command_id": "cmd-1", "tracking_id": "x"},
        "tracking_or_command_id",
    ),
    "unknown": ({"tracking_id": "x"}, "command_not_found"),
    "unknown account": (
        {"config_entry_id": "nobody", "command_id": "cmd-1"},
        "service_config_entry_not_found",
    ),
}


def to(house: House, *targets: str, command: str = "JOG", **data: Any) -> dict[str, Any]:
    """Return the data of a call that sends to targets of the account."""
    return {
        "config_entry_id": house.entry.entry_id,
        "target": list(targets),
        "command": command,
        **data,
    }


def obliging(house: House) -> ObligingProvider:
    """Return the provider of a cloud that can do more than WLTE."""
    provider = house.coordinator.provider
    assert isinstance(provider, ObligingProvider)
    return provider


async def why_refused(house: House, action: str, **data: Any) -> str | None:
    """Call an action that is to be refused, and return the key of the reason."""
    response = house.hass.services.supports_response(DOMAIN, action)
    with pytest.raises(ServiceValidationError) as raised:
        await house.hass.services.async_call(
            DOMAIN,
            action,
            data,
            blocking=True,
            return_response=response is SupportsResponse.ONLY,
        )
    return raised.value.translation_key


def seconds(since: str, until: str) -> float:
    """Return the time between two moments of a record."""
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()


class TestWhatIsReturned:
    """The record, and when the action is over."""

    async def test_a_record_says_all_that_is_known(self, house: House) -> None:
        """Scripts and templates read these names, so none may be missing or be misspelled."""
        house.cloud.script(outcome="SUCCESS", after=3.0)
        sent = await house.send(command="jog", parameters={"relay": 1}, tag="morning", timeout=30)
        await house.wait(6)
        record = await house.record(sent["tracking_id"])
        assert tuple(record) == FIELDS
        assert record == {
            "tracking_id": sent["tracking_id"],
            "provider": "wlte",
            "config_entry_id": "gate-account",
            "command_id": "cmd-1",
            "request_id": None,
            "network_id": None,
            "device_id": house.device("dev-7").id,
            "subentry_id": None,
            "target": GATE,
            "target_name": "Gate relay 1",
            "command": "JOG",
            "parameters": {"relay": 1},
            "tag": "morning",
            "state": "success",
            "final": True,
            "late": False,
            "evidence": None,
            "progress": None,
            "reason": None,
            "provider_state": "SUCCESS",
            "result": None,
            "created_at": sent["created_at"],
            "sent_at": sent["created_at"],
            "finished_at": record["finished_at"],
            "deadline": record["deadline"],
            "duration": 5.0,
            "polls": 2,
            "message": "Gate relay 1: JOG succeeded after 5.0 s",
            "steps": record["steps"],
            "asked_by": {"user_id": None, "source": None},
        }
        assert [(step["state"], step["provider_state"]) for step in record["steps"]] == [
            ("queued", None),
            ("sent", "SENT"),
            ("success", "SUCCESS"),
        ]
        assert record["steps"][0]["at"].startswith(sent["created_at"][:-6])

    async def test_the_action_returns_when_the_provider_has_answered(self, house: House) -> None:
        """By then the provider's id is known, which a script may want to show."""
        house.cloud.script(outcome="SUCCESS", after=5.0)
        record = await house.send()
        assert (record["state"], record["command_id"], record["polls"]) == ("sent", "cmd-1", 0)

    async def test_an_outcome_that_came_with_the_answer_is_returned(self, house: House) -> None:
        """The cloud waits for the device itself, so most commands are over by then."""
        record = await house.send()
        assert (record["state"], record["final"], record["polls"]) == ("success", True, 0)
        assert house.outcomes() == ["success"]

    async def test_a_command_that_waits_in_our_queue_is_returned_as_queued(
        self, house: House
    ) -> None:
        """The relay rests for 3 s after each switching, and no script is held up by that."""
        await house.send()
        record = await house.send()
        assert (record["state"], record["command_id"], record["sent_at"]) == ("queued", None, None)
        assert house.cloud.counts["create"] == 1
        await house.wait(4)
        assert (await house.record(record["tracking_id"]))["state"] == "success"

    async def test_with_wait_the_action_ends_with_the_outcome(self, house: House) -> None:
        """A script goes on when the gate has moved, and not before."""
        house.cloud.script(outcome="SUCCESS", after=5.0)
        call = asyncio.create_task(house.send(wait=True))
        await house.wait(4)
        assert not call.done()
        await house.wait(3)
        assert (await call)["state"] == "success"

    async def test_a_lost_answer_is_waited_for_no_longer_than_the_first_try(
        self, house: House
    ) -> None:
        """The command then stands in our queue, to be asked for again."""
        house.cloud.faults.add("drop", "create")
        record = await house.send()
        assert (record["state"], record["command_id"]) == ("queued", None)
        await house.wait(4)
        assert (await house.record(record["tracking_id"]))["state"] == "success"

    async def test_ids_that_come_later_are_waited_for(self, obliging_house: House) -> None:
        """Some clouds make the id of a command only some time after they have taken it."""
        house = obliging_house
        provider = obliging(house)
        provider.hides_ids = True
        house.cloud.script(outcome="SUCCESS", after=60.0)
        call = asyncio.create_task(house.send())
        await house.wait(1)
        assert not call.done()
        (command,) = house.coordinator.tracker
        news = Observation(state=CommandState.SENT, command_id="cmd-1")
        house.coordinator._keeper.take(
            [house.coordinator.tracker.answered(command.tracking_id, news, house.coordinator.now)]
        )
        assert (await call)["command_id"] == "cmd-1"

    async def test_ids_that_do_not_come_are_waited_for_10_s(self, obliging_house: House) -> None:
        """An automation is not held up for longer by a cloud that is slow with its ids."""
        house = obliging_house
        obliging(house).hides_ids = True
        house.cloud.script(outcome="SUCCESS", after=60.0)
        house.cloud.faults.add("status", "status", status=503, times=None)
        call = asyncio.create_task(house.send())
        await house.wait(9.5)
        assert not call.done()
        await house.wait(1)
        record = await call
        assert (record["state"], record["command_id"]) == ("sent", None)

    async def test_the_default_window_is_the_providers(self, house: House) -> None:
        """60 s at WLTE."""
        record = await house.send()
        assert seconds(record["created_at"], record["deadline"]) == 60

    async def test_the_accounts_own_window_comes_before_the_providers(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """It is an option of the account."""
        hass.config_entries.async_update_entry(house.entry, options={"timeout": 20})
        await house.settle()
        record = await house.send()
        assert seconds(record["created_at"], record["deadline"]) == 20

    @pytest.mark.parametrize(
        ("window", "meant"),
        [
            (5, 5),
            (604800, 604800),
            ("60", 60),
            ("01:30:00", 5400),
            ({"minutes": 5}, 300),
            ({"days": 7, "hours": 0, "minutes": 0, "seconds": 0}, 604800),
        ],
    )
    async def test_the_window_of_a_call_comes_before_all_others(
        self, house: House, window: Any, meant: float
    ) -> None:
        """From 5 s to 7 days; seconds, or any duration as Home Assistant writes it."""
        record = await house.send(timeout=window)
        assert seconds(record["created_at"], record["deadline"]) == meant


class TestErrors:
    """What stops a script, and what does not."""

    async def test_a_refused_command_stops_a_script(self, house: House) -> None:
        """The error says which command, and why."""
        house.cloud.script(error="COMMAND_REJECTED")
        with pytest.raises(HomeAssistantError) as raised:
            await house.order(**to(house, GATE))
        assert raised.value.translation_key == "command_failed"
        assert raised.value.translation_placeholders == {
            "commands": "Gate relay 1: JOG failed: command rejected"
        }
        assert not isinstance(raised.value, ServiceValidationError)

    async def test_an_error_has_a_text_for_people(self, house: House) -> None:
        """It is what the user reads in the trace of a script."""
        house.cloud.script(error="COMMAND_REJECTED")
        with pytest.raises(HomeAssistantError) as raised:
            await house.order(**to(house, GATE))
        assert str(raised.value) == (
            "The command failed: Gate relay 1: JOG failed: command rejected"
        )

    async def test_every_target_is_tried(self, house: House) -> None:
        """One gate that is off the network is no reason to leave the others closed."""
        with pytest.raises(HomeAssistantError) as raised:
            await house.during(house.order(**to(house, PUMP, GATE, GARAGE)))
        assert raised.value.translation_placeholders == {
            "commands": "Cellar pump relay 1: JOG failed: device offline"
        }
        assert len(house.cloud.switched("dev-7", 1)) == 1
        assert len(house.cloud.switched("dev-8", 1)) == 1

    async def test_every_failed_command_is_named(self, house: House) -> None:
        """Or a user would mend one and wonder about the other."""
        house.cloud.script(error="COMMAND_REJECTED")
        with pytest.raises(HomeAssistantError) as raised:
            await house.during(house.order(**to(house, GATE, GARAGE, command="ON")))
        assert raised.value.translation_placeholders == {
            "commands": "Gate relay 1: ON failed: command rejected; "
            "Garage relay 1: ON failed: command rejected"
        }

    async def test_a_caller_who_asks_for_records_gets_them_whatever_they_say(
        self, house: House
    ) -> None:
        """A script that looks at the records wants to decide for itself."""
        records = await house.during(house.act("send_command", **to(house, PUMP, GATE)))
        assert [record["state"] for record in records] == ["failure", "success"]
        assert [record["target"] for record in records] == [PUMP, GATE]

    async def test_without_wait_a_timeout_is_no_error(self, house: House) -> None:
        """Nobody knows whether the gate has moved, so nothing is known to have failed."""
        house.cloud.script(outcome="TIMEOUT")
        await house.order(**to(house, GATE))
        assert house.outcomes() == ["timeout"]

    async def test_with_wait_a_timeout_is_an_error(self, house: House) -> None:
        """The script asked for the outcome in order to rely on it."""
        house.cloud.script(outcome="TIMEOUT")
        with pytest.raises(HomeAssistantError) as raised:
            await house.order(**to(house, GATE), wait=True)
        assert raised.value.translation_placeholders == {
            "commands": "Gate relay 1: JOG not confirmed within 0.0 s"
        }

    async def test_a_success_is_no_error(self, house: House) -> None:
        """Nor is it a response where none was asked for."""
        await house.order(**to(house, GATE), wait=True)
        assert house.outcomes() == ["success"]

    async def test_a_command_that_is_lost_is_an_error(self, obliging_house: House) -> None:
        """Nobody knows whether it was taken, and nobody ever will."""
        house = obliging_house
        house.cloud.faults.add("drop", "create", times=None)
        call = asyncio.create_task(house.order(**to(house, GATE), wait=True))
        await house.wait(61, step=1)
        with pytest.raises(HomeAssistantError) as raised:
            await call
        assert raised.value.translation_placeholders == {
            "commands": "Gate relay 1: JOG lost after 7.0 s: nobody knows whether it was taken"
        }


class TestTargets:
    """Which relay is meant."""

    async def test_a_device_with_one_relay_needs_no_parameter(self, house: House) -> None:
        """There is nothing to choose."""
        (record,) = await house.act(
            "send_command", device_id=house.device("dev-8").id, command="ON"
        )
        assert (record["target"], record["parameters"]) == (GARAGE, {"relay": 1})

    @pytest.mark.parametrize("relay", [2, "2"])
    async def test_a_parameter_chooses_the_relay(self, house: House, relay: object) -> None:
        """Templates make texts of numbers."""
        (record,) = await house.act(
            "send_command",
            device_id=house.device("dev-7").id,
            command="ON",
            parameters={"relay": relay},
        )
        assert (record["target"], record["parameters"]) == (LIGHT, {"relay": 2})
        assert len(house.cloud.switched("dev-7", 2)) == 1

    async def test_several_devices_are_commanded_in_one_call(self, house: House) -> None:
        """In their order."""
        devices = [house.device("dev-8").id, house.device("dev-9").id]
        records = await house.during(house.act("send_command", device_id=devices, command="ON"))
        assert [record["target"] for record in records] == [GARAGE, PUMP]

    async def test_a_target_that_is_named_twice_is_switched_once(self, house: House) -> None:
        """A second JOG would close the gate again."""
        records = await house.during(house.act("send_command", **to(house, GATE, GARAGE, GATE)))
        assert [record["target"] for record in records] == [GATE, GARAGE]
        assert len(house.cloud.switched("dev-7", 1)) == 1

    async def test_devices_of_two_accounts_are_commanded_in_one_call(
        self, house: House, make_entry: Callable[..., MockConfigEntry]
    ) -> None:
        """Each by its own account."""
        other = House(house.hass, house.freezer, house.cloud, make_entry("second-account"))
        await other.load()
        house.cloud.settings.enforce_limits = False
        devices = [house.device("dev-8").id, other.device("dev-8").id]
        records = await house.act("send_command", device_id=devices, command="ON", wait=True)
        assert [record["config_entry_id"] for record in records] == [
            "gate-account",
            "second-account",
        ]

    async def test_the_newest_command_is_that_of_the_last_target(self, house: House) -> None:
        """Within one call their order decides."""
        await house.during(house.act("send_command", **to(house, GATE, GARAGE)))
        newest = house.state("sensor.my_gate_last_command")
        garage = house.state("sensor.garage_last_command")
        assert newest.attributes["tracking_id"] == garage.attributes["tracking_id"]

    async def test_a_name_will_do_where_the_provider_says_so(self, obliging_house: House) -> None:
        """As with Esper, where people know their tablets by name."""
        record = await obliging_house.send(target="Garage relay 1")
        assert record["target"] == GARAGE

    async def test_a_name_that_nothing_has_is_refused(self, obliging_house: House) -> None:
        """As an id would be."""
        reason = await why_refused(
            obliging_house, "send_command", **to(obliging_house, "Stable relay 1")
        )
        assert reason == "unknown_target"

    async def test_a_name_of_two_targets_is_refused(self, obliging_house: House) -> None:
        """One of them would be the wrong one."""
        house = obliging_house
        house.cloud.devices["dev-9"].name = "Garage"
        await house.coordinator.async_refresh()
        with pytest.raises(ServiceValidationError) as raised:
            await house.send(target="Garage relay 1")
        assert raised.value.translation_key == "ambiguous_target"
        assert house.cloud.counts["create"] == 0


class TestRefused:
    """Calls that make no sense: nothing is sent, and nothing is on record."""

    @pytest.fixture(autouse=True)
    def nothing_happens(self, house: House) -> Iterator[None]:
        """Look at the cloud and at the records after each of these tests."""
        yield
        assert house.cloud.counts["create"] == 0
        assert house.cloud.switchings == []

    async def test_a_target_is_named_in_one_way(self, house: House) -> None:
        """Neither nothing nor two things at once; and it must be known."""
        assert {
            name: await why_refused(house, "send_command", command="ON", **data)
            for name, (data, _) in NO_TARGETS.items()
        } == {name: reason for name, (_, reason) in NO_TARGETS.items()}

    async def test_what_makes_no_sense_for_a_target_is_refused(self, house: House) -> None:
        """What is wrong is said before anything moves."""
        assert {
            name: await why_refused(house, "send_command", **{**to(house, GATE), **data})
            for name, (data, _) in NO_SENSE.items()
        } == {name: reason for name, (_, reason) in NO_SENSE.items()}
        assert not list(house.coordinator.tracker)

    async def test_what_is_accepted_is_said(self, house: House) -> None:
        """A user should not have to look it up."""
        with pytest.raises(ServiceValidationError) as raised:
            await house.order(**to(house, "dev-7/3"))
        assert str(raised.value) == (
            "dev-7/3 is not a target of the account. Accepted: dev-7/1, dev-7/2, dev-8/1, dev-9/1"
        )

    async def test_of_many_targets_only_some_are_named(self, house: House) -> None:
        """A text of a thousand ids helps nobody."""
        house.cloud.configure({"extra_devices": 20})
        await house.coordinator.async_refresh()
        with pytest.raises(ServiceValidationError) as raised:
            await house.order(**to(house, "dev-7/3"))
        assert str(raised.value).endswith(
            "dev-9/1, dev-x00001/1, dev-x00002/1, dev-x00003/1, "
            "dev-x00004/1, dev-x00005/1, dev-x00006/1, ..."
        )

    async def test_a_device_with_two_relays_needs_the_parameter(self, house: House) -> None:
        """The light is not the gate."""
        with pytest.raises(ServiceValidationError) as raised:
            await house.order(device_id=house.device("dev-7").id, command="ON")
        assert raised.value.translation_key == "relay_missing"
        assert raised.value.translation_placeholders == {
            "device": "Gate",
            "parameter": "relay",
            "accepted": "1, 2",
        }

    async def test_the_accounts_own_device_is_no_target(self, house: House) -> None:
        """It stands for the cloud, and nothing moves there."""
        account = dr.async_get(house.hass).async_get_device_by_identifier(
            (DOMAIN, house.entry.entry_id), house.entry.entry_id
        )
        assert account is not None
        with pytest.raises(ServiceValidationError) as raised:
            await house.order(device_id=account.id, command="ON")
        assert raised.value.translation_key == "account_meant"
        assert raised.value.translation_placeholders == {"name": "My gate"}

    async def test_a_device_of_another_integration_is_no_target(self, house: House) -> None:
        """However much it looks like a gate."""
        other = MockConfigEntry(domain="other")
        other.add_to_hass(house.hass)
        device = dr.async_get(house.hass).async_get_or_create(
            config_entry_id=other.entry_id, identifiers={("other", "gate")}, name="A gate"
        )
        with pytest.raises(ServiceValidationError) as raised:
            await house.order(device_id=device.id, command="ON")
        assert raised.value.translation_key == "device_not_found"
        assert raised.value.translation_placeholders == {"device": "A gate"}

    async def test_a_device_that_the_cloud_lists_no_more_is_no_target(self, house: House) -> None:
        """It is still shown, in case it comes back, but there is nothing to send to."""
        device = house.device("dev-8")
        house.cloud.remove_device("dev-8")
        await house.coordinator.async_refresh()
        with pytest.raises(ServiceValidationError) as raised:
            await house.order(device_id=device.id, command="ON")
        assert raised.value.translation_key == "device_not_found"
        with pytest.raises(ServiceValidationError) as raised:
            await house.order(**to(house, GARAGE))
        assert raised.value.translation_key == "unknown_target"

    async def test_an_account_that_is_not_loaded_takes_no_command(self, house: House) -> None:
        """Neither by its id nor by its devices."""
        device = house.device("dev-8")
        await house.hass.config_entries.async_unload(house.entry.entry_id)
        for data in ({"device_id": device.id, "command": "ON"}, to(house, GATE)):
            with pytest.raises(ServiceValidationError) as raised:
                await house.order(**data)
            assert raised.value.translation_key == "service_config_entry_not_loaded"

    async def test_the_shape_of_a_call_is_checked_by_home_assistant(self, house: House) -> None:
        """As for every other action."""
        calls: tuple[dict[str, Any], ...] = (
            {},
            {"command": "ON", "colour": "red"},
            {"command": "ON", "parameters": "relay 1"},
            {"command": "ON", "timeout": "soon"},
            {"command": "ON", "wait": "later"},
        )
        for data in calls:
            with pytest.raises(vol.Invalid):
                await house.order(**ACCOUNT, target=GATE, **data)

    async def test_a_list_is_never_shorter_than_empty(self, house: House) -> None:
        """A limit below nothing is a mistake in an automation, which should be told of it."""
        with pytest.raises(vol.Invalid):
            await house.act("get_commands", limit=-1)

    async def test_nothing_is_taken_while_home_assistant_stops(self, house: House) -> None:
        """Nobody would be there to follow it to its end."""
        house.hass.set_state(CoreState.stopping)
        with pytest.raises(HomeAssistantError) as raised:
            await house.order(**to(house, GATE))
        assert raised.value.translation_key == "stopping"
        house.hass.set_state(CoreState.running)

    async def test_nothing_is_sent_that_is_not_on_disk(self, house: House) -> None:
        """After a power cut nobody would know that the gate was told to open."""
        with full_disk(), pytest.raises(HomeAssistantError) as raised:
            await house.order(**to(house, GATE))
        assert raised.value.translation_key == "not_saved"
        assert not list(house.coordinator.tracker)
        assert house.state("sensor.gate_relay_1_last_command").state == "unknown"


class TestConfirmation:
    """Commands that destroy data or lock people out; in these tests OFF is one."""

    async def test_without_confirmation_nothing_is_sent(self, obliging_house: House) -> None:
        """Not to any of the targets."""
        house = obliging_house
        with pytest.raises(ServiceValidationError) as raised:
            await house.order(**to(house, GATE, GARAGE, command="off"))
        assert raised.value.translation_key == "confirm_required"
        assert raised.value.translation_placeholders == {"command": "OFF"}
        assert house.cloud.counts["create"] == 0

    async def test_an_automation_may_confirm(self, obliging_house: House) -> None:
        """Whoever wrote it was an administrator."""
        record = await obliging_house.send(command="OFF", confirm=True)
        assert record["state"] == "success"

    async def test_an_administrator_may_confirm(
        self, obliging_house: House, hass_admin_user: MockUser
    ) -> None:
        """It is theirs to decide."""
        house = obliging_house
        context = Context(user_id=hass_admin_user.id)
        await house.hass.services.async_call(
            DOMAIN,
            "send_command",
            to(house, GATE, command="OFF", confirm=True),
            blocking=True,
            context=context,
        )
        assert house.cloud.counts["create"] == 1

    async def test_nobody_else_may_confirm(self, obliging_house: House) -> None:
        """Whoever may switch a tablet's screen off is not to wipe it."""
        house = obliging_house
        user = MockUser().add_to_hass(house.hass)
        user.mock_policy({"entities": True})
        with pytest.raises(ServiceValidationError) as raised:
            await house.hass.services.async_call(
                DOMAIN,
                "send_command",
                to(house, GATE, command="OFF", confirm=True),
                blocking=True,
                context=Context(user_id=user.id),
            )
        assert raised.value.translation_key == "admin_required"
        assert house.cloud.counts["create"] == 0


class TestWaiting:
    """What may happen to an account while an action waits."""

    @pytest.fixture
    async def waiting(self, house: House) -> asyncio.Task[dict[str, Any]]:
        """Return an action that waits for a gate that takes its time."""
        house.cloud.script(outcome="SUCCESS", after=10.0)
        call = asyncio.create_task(house.send(wait=True))
        await house.wait(1)
        assert not call.done()
        return call

    async def test_the_tracking_goes_on_when_the_script_is_stopped(
        self, house: House, waiting: asyncio.Task[dict[str, Any]]
    ) -> None:
        """The gate moves, whether anybody waits or not."""
        waiting.cancel()
        await house.wait(12)
        assert house.outcomes() == ["success"]

    async def test_a_reload_does_not_end_the_waiting(
        self, house: House, waiting: asyncio.Task[dict[str, Any]]
    ) -> None:
        """The account comes back and goes on asking."""
        assert await house.reload()
        assert not waiting.done()
        await house.wait(12)
        assert (await waiting)["state"] == "success"

    async def test_the_removal_of_the_account_ends_it_with_an_error(
        self, house: House, waiting: asyncio.Task[dict[str, Any]]
    ) -> None:
        """Nobody will ever know."""
        await house.hass.config_entries.async_remove(house.entry.entry_id)
        with pytest.raises(HomeAssistantError) as raised:
            await waiting
        assert raised.value.translation_key == "gone"

    async def test_disabling_the_account_ends_it_with_an_error(
        self, house: House, waiting: asyncio.Task[dict[str, Any]]
    ) -> None:
        """It may stay so for weeks."""
        await house.hass.config_entries.async_set_disabled_by(
            house.entry.entry_id, ConfigEntryDisabler.USER
        )
        with pytest.raises(HomeAssistantError) as raised:
            await waiting
        assert raised.value.translation_key == "gone"

    async def test_the_end_of_home_assistant_ends_it_with_an_error(
        self, house: House, waiting: asyncio.Task[dict[str, Any]]
    ) -> None:
        """Scripts do not outlive it."""
        house.hass.set_state(CoreState.stopping)
        house.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
        await house.settle()
        with pytest.raises(HomeAssistantError) as raised:
            await waiting
        assert raised.value.translation_key == "stopping"

    async def test_forgetting_the_command_ends_it_with_an_error(
        self, house: House, waiting: asyncio.Task[dict[str, Any]]
    ) -> None:
        """There is nothing left to wait for."""
        (command,) = house.coordinator.tracker
        await house.order("forget_command", tracking_id=command.tracking_id)
        with pytest.raises(HomeAssistantError) as raised:
            await waiting
        assert raised.value.translation_key == "forgotten"

    async def test_forgetting_one_of_many_commands_ends_it_too(self, house: House) -> None:
        """An action that cannot return all its records returns none."""
        house.cloud.script(outcome="SUCCESS", after=10.0)
        call = asyncio.create_task(house.order(**to(house, GATE, GARAGE), wait=True))
        await house.wait(1)
        first, _ = house.coordinator.tracker
        await house.order("forget_command", tracking_id=first.tracking_id)
        with pytest.raises(HomeAssistantError) as raised:
            await call
        assert raised.value.translation_key == "forgotten"

    async def test_a_command_that_is_forgotten_at_once_is_not_waited_for(
        self, house: House
    ) -> None:
        """An automation may forget it as soon as it is shown, before the action looks for it."""

        @callback
        def forget(event: Event[EventStateChangedData]) -> None:
            state = event.data["new_state"]
            assert state is not None
            house.hass.async_create_task(
                house.order("forget_command", tracking_id=state.attributes["tracking_id"])
            )

        async_track_state_change_event(house.hass, "sensor.gate_relay_1_last_command", forget)
        with pytest.raises(HomeAssistantError) as raised:
            await house.send(wait=True)
        assert raised.value.translation_key == "forgotten"


class TestTrack:
    """Commands that someone else sent."""

    async def track(self, house: House, command_id: str, **data: Any) -> dict[str, Any]:
        """Follow a command and return its record."""
        (record,) = await house.act(
            "track_command", config_entry_id=house.entry.entry_id, command_id=command_id, **data
        )
        return record

    async def test_it_is_followed_to_its_end(self, house: House) -> None:
        """As if it were ours."""
        house.cloud.issue("dev-7", {1: "OPEN"}, after=5.0)
        record = await self.track(house, "cmd-1", tag="the app", timeout=30)
        assert (record["state"], record["target"], record["target_name"]) == (
            "sent",
            GATE,
            "Gate relay 1",
        )
        assert (record["command"], record["tag"], record["sent_at"]) == ("OPEN", "the app", None)
        assert record["device_id"] == house.device("dev-7").id
        assert seconds(record["created_at"], record["deadline"]) == 30
        await house.wait(6)
        assert house.outcomes() == ["success"]
        assert house.cloud.counts["create"] == 0

    async def test_it_is_seen_as_queued_first(self, house: House) -> None:
        """So that it is a change, whatever its state."""
        states = house.watch("sensor.gate_relay_1_last_command")
        house.cloud.issue("dev-7", {1: "ON"}, after=5.0)
        await self.track(house, "cmd-1")
        assert states == ["queued", "sent"]

    async def test_it_is_asked_about_once_to_begin_with(self, house: House) -> None:
        """The answer that says that it exists says where it is, too."""
        house.cloud.issue("dev-7", {1: "ON"}, after=60.0)
        await self.track(house, "cmd-1")
        await house.wait(2)
        assert house.cloud.counts["status"] == 1

    async def test_what_is_finished_is_on_record_and_announced_once(self, house: House) -> None:
        """It happened before we looked, but nobody here knew."""
        house.cloud.issue("dev-7", {1: "ON"}, outcome="FAILED")
        record = await self.track(house, "cmd-1")
        assert (record["state"], record["final"]) == ("failure", True)
        await house.wait(5)
        assert house.outcomes() == ["failure"]

    async def test_an_id_that_is_followed_keeps_its_record(self, house: House) -> None:
        """One command, one record, however often one asks."""
        house.cloud.issue("dev-7", {1: "ON"}, after=5.0)
        first = await self.track(house, "cmd-1")
        again = await self.track(house, "cmd-1", tag="another")
        assert again["tracking_id"] == first["tracking_id"]
        assert again["tag"] is None
        assert len(list(house.coordinator.tracker)) == 1

    async def test_two_calls_at_once_make_one_record(self, house: House) -> None:
        """Two automations may react to the same thing."""
        house.cloud.issue("dev-7", {1: "ON"}, after=5.0)
        first, second = await asyncio.gather(self.track(house, "cmd-1"), self.track(house, "cmd-1"))
        assert first["tracking_id"] == second["tracking_id"]

    async def test_our_own_commands_are_followed_already(self, house: House) -> None:
        """Their ids are known since they were sent."""
        house.cloud.script(outcome="SUCCESS", after=5.0)
        sent = await house.send()
        assert (await self.track(house, sent["command_id"]))["tracking_id"] == sent["tracking_id"]

    async def test_with_wait_the_action_ends_with_the_outcome(self, house: House) -> None:
        """As for commands of our own."""
        house.cloud.issue("dev-7", {1: "ON"}, after=5.0)
        call = asyncio.create_task(self.track(house, "cmd-1", wait=True))
        await house.wait(4)
        assert not call.done()
        await house.wait(3)
        assert (await call)["state"] == "success"

    async def test_several_relays_tell_about_one_command(self, house: House) -> None:
        """Each of them moves, so the entities of each have news."""
        gate = house.watch("event.gate_relay_1_outcome")
        light = house.watch("event.gate_relay_2_outcome")
        house.cloud.issue("dev-7", {1: "ON", 2: "OFF"})
        record = await self.track(house, "cmd-1")
        assert (record["target"], record["target_name"]) == ("dev-7/1+2", "Gate relay 1+2")
        assert record["command"] == "ON+OFF"
        assert (len(gate), len(light)) == (1, 1)
        assert house.state("sensor.gate_relay_1_last_command").state == "success"
        assert house.state("sensor.gate_relay_2_last_command").state == "success"
        assert house.outcomes() == ["success"]

    async def test_a_command_without_relays_is_the_accounts_alone(self, house: House) -> None:
        """It sets something of the device, and no relay moves."""
        house.cloud.issue("dev-7", operation="device.rs485.transceive")
        record = await self.track(house, "cmd-1")
        assert (record["target"], record["target_name"]) == ("dev-7", "Gate")
        assert house.state("sensor.my_gate_last_command").state == "success"
        assert house.state("sensor.gate_relay_1_last_command").state == "unknown"

    async def test_an_unknown_id_is_refused(self, house: House) -> None:
        """Nothing is on record then."""
        with pytest.raises(ServiceValidationError) as raised:
            await self.track(house, "cmd-404")
        assert raised.value.translation_key == "command_not_found"
        assert not list(house.coordinator.tracker)

    async def test_an_unreachable_cloud_is_another_error(self, house: House) -> None:
        """Whether there is such a command is not known, so the user was not wrong."""
        await house.cloud.stop()
        with pytest.raises(HomeAssistantError) as raised:
            await self.track(house, "cmd-1")
        assert not isinstance(raised.value, ServiceValidationError)
        assert raised.value.translation_key == "cannot_connect"

    async def test_a_failure_stops_a_script(self, house: House) -> None:
        """As for commands of our own."""
        house.cloud.issue("dev-7", {1: "ON"}, outcome="FAILED")
        with pytest.raises(HomeAssistantError) as raised:
            await house.order(
                "track_command", config_entry_id=house.entry.entry_id, command_id="cmd-1"
            )
        assert raised.value.translation_key == "command_failed"

    async def test_nothing_is_followed_that_is_not_on_disk(self, house: House) -> None:
        """A restart would forget it."""
        house.cloud.issue("dev-7", {1: "ON"}, after=5.0)
        with full_disk(), pytest.raises(HomeAssistantError) as raised:
            await self.track(house, "cmd-1")
        assert raised.value.translation_key == "not_saved"
        assert not list(house.coordinator.tracker)

    async def test_a_window_out_of_range_is_refused(self, house: House) -> None:
        """Before the cloud is asked."""
        with pytest.raises(ServiceValidationError):
            await self.track(house, "cmd-1", timeout=1)
        assert house.cloud.counts["status"] == 0


class TestGet:
    """The list of commands."""

    @pytest.fixture
    async def history(self, house: House) -> list[str]:
        """Return the tracking ids of a success, a failure, and a command that is open."""
        house.cloud.script(outcome="SUCCESS", times=1)
        house.cloud.script(outcome="FAILED", times=1)
        house.cloud.script(outcome="SUCCESS", after=30.0, times=1)
        records = [
            await house.send(target=GATE, tag="morning"),
            await house.send(target=GARAGE, tag="evening"),
            await house.send(target=LIGHT, tag="evening"),
        ]
        return [record["tracking_id"] for record in records]

    async def test_the_newest_come_first(self, house: House, history: list[str]) -> None:
        """Open and finished ones alike, and of them those that were asked for."""
        assert {
            name: [
                history.index(record["tracking_id"])
                for record in await house.act("get_commands", **data)
            ]
            for name, (data, _) in FILTERS.items()
        } == {name: places for name, (_, places) in FILTERS.items()}

    async def test_by_device(self, house: House, history: list[str]) -> None:
        """All relays of a device, and of several devices."""
        gate, garage = house.device("dev-7").id, house.device("dev-8").id
        of_gate = await house.act("get_commands", device_id=gate)
        of_both = await house.act("get_commands", device_id=[gate, garage])
        assert [record["tracking_id"] for record in of_gate] == [history[2], history[0]]
        assert len(of_both) == 3

    async def test_by_account(
        self, house: House, history: list[str], make_entry: Callable[..., MockConfigEntry]
    ) -> None:
        """Each has its own commands; without an account those of all are listed."""
        other = House(house.hass, house.freezer, house.cloud, make_entry("second-account"))
        await other.load()
        await house.wait(4)
        newest = await other.send()
        assert len(await house.act("get_commands", config_entry_id="second-account")) == 1
        everything = await house.act("get_commands")
        assert [record["tracking_id"] for record in everything] == [
            newest["tracking_id"],
            *reversed(history),
        ]

    async def test_a_hundred_unless_told(self, house: House) -> None:
        """A history may hold a thousand."""
        house.cloud.settings.enforce_limits = False
        commands = [house.cloud.issue("dev-7", {1: "ON"}, after=None) for _ in range(101)]
        await asyncio.gather(
            *(
                house.order(
                    "track_command",
                    config_entry_id="gate-account",
                    command_id=command.command_id,
                )
                for command in commands
            )
        )
        assert len(await house.act("get_commands")) == 100

    async def test_what_makes_no_sense_is_refused(self, house: House) -> None:
        """An empty list would look like an answer."""
        assert [
            await why_refused(house, "get_commands", **data)
            for data in (
                {"state": ["done"]},
                {"device_id": "no-such"},
                {"config_entry_id": "nobody"},
            )
        ] == ["invalid_state", "device_not_found", "service_config_entry_not_found"]

    async def test_an_account_that_is_not_loaded_is_left_out(self, house: House) -> None:
        """Its records cannot be read now; by its id that is an error."""
        await house.send()
        await house.hass.config_entries.async_unload(house.entry.entry_id)
        assert await house.act("get_commands") == []
        with pytest.raises(ServiceValidationError):
            await house.act("get_commands", config_entry_id="gate-account")


class TestCancel:
    """Stopping a command."""

    async def test_a_command_in_our_queue_is_cancelled_and_never_sent(self, house: House) -> None:
        """The relay still rests from the first switching."""
        await house.send()
        queued = await house.send()
        (record,) = await house.act("cancel_command", tracking_id=queued["tracking_id"])
        assert (record["state"], record["reason"], record["sent_at"]) == ("cancelled", None, None)
        await house.wait(10)
        assert house.cloud.counts["create"] == 1
        assert house.outcomes() == ["success", "cancelled"]

    async def test_a_command_that_wlte_has_taken_cannot_be_cancelled(self, house: House) -> None:
        """WLTE has no call for it, and says so clearly."""
        house.cloud.script(outcome="SUCCESS", after=5.0)
        sent = await house.send()
        with pytest.raises(ServiceValidationError) as raised:
            await house.order("cancel_command", tracking_id=sent["tracking_id"])
        assert raised.value.translation_key == "cannot_cancel"
        assert raised.value.translation_placeholders == {"provider": "WLTE"}
        await house.wait(6)
        assert house.outcomes() == ["success"]

    async def test_a_finished_command_cannot_be_cancelled(self, house: House) -> None:
        """By whichever id it is named."""
        sent = await house.send()
        for data in (
            {"tracking_id": sent["tracking_id"]},
            {"config_entry_id": "gate-account", "command_id": sent["command_id"]},
        ):
            with pytest.raises(ServiceValidationError) as raised:
                await house.order("cancel_command", **data)
            assert raised.value.translation_key == "already_final"
            assert raised.value.translation_placeholders == {"state": "success"}

    async def test_a_command_that_is_being_sent_cannot_be_cancelled_now(
        self, house: House, nap: ManualClock
    ) -> None:
        """It may have arrived already."""
        house.cloud.faults.add("delay", "create", delay=1.0)
        call = asyncio.create_task(house.send())
        await house.cloud.log.until(1, "create")
        (command,) = house.coordinator.tracker
        with pytest.raises(HomeAssistantError) as raised:
            await house.order("cancel_command", tracking_id=command.tracking_id)
        assert raised.value.translation_key == "still_sending"
        assert not isinstance(raised.value, ServiceValidationError)
        nap.advance(1.0)
        assert (await call)["state"] == "success"

    async def test_a_provider_that_can_is_asked(self, obliging_house: House) -> None:
        """The outcome is what it answers."""
        house = obliging_house
        house.cloud.script(outcome="SUCCESS", after=60.0)
        sent = await house.send()
        (record,) = await house.act("cancel_command", tracking_id=sent["tracking_id"])
        assert (record["state"], record["provider_state"]) == ("cancelled", "STOPPED")
        assert house.outcomes() == ["cancelled"]

    async def test_without_a_response_a_cancelled_command_is_no_error(
        self, obliging_house: House
    ) -> None:
        """It is what was asked for."""
        house = obliging_house
        house.cloud.script(outcome="SUCCESS", after=60.0)
        sent = await house.send()
        await house.order("cancel_command", tracking_id=sent["tracking_id"])
        assert house.outcomes() == ["cancelled"]

    async def test_a_provider_that_refuses_is_quoted(self, obliging_house: House) -> None:
        """The command goes on."""
        house = obliging_house
        obliging(house).refuses_to_cancel = True
        house.cloud.script(outcome="SUCCESS", after=5.0)
        sent = await house.send()
        with pytest.raises(HomeAssistantError) as raised:
            await house.order("cancel_command", tracking_id=sent["tracking_id"])
        assert raised.value.translation_placeholders == {"error": "too late"}
        await house.wait(6)
        assert house.outcomes() == ["success"]

    async def test_a_disk_that_hangs_does_not_hold_up_the_action_for_ever(
        self, house: House
    ) -> None:
        """The command is cancelled, though its outcome is not announced before it is saved."""
        await house.send()
        queued = await house.send()
        with house.slow_disk() as go_on:
            call = asyncio.create_task(
                house.act("cancel_command", tracking_id=queued["tracking_id"])
            )
            await house.go_by(9)
            assert not call.done()
            await house.go_by(2)
            (record,) = await call
            assert record["state"] == "queued"
            go_on.set()
            await house.settle()
        assert house.outcomes() == ["success", "cancelled"]

    @pytest.mark.parametrize("action", ["cancel_command", "forget_command", "update_command"])
    async def test_a_command_is_named_in_one_way(self, obliging_house: House, action: str) -> None:
        """And it must be known."""
        assert {
            name: await why_refused(obliging_house, action, **data)
            for name, (data, _) in NO_COMMANDS.items()
        } == {name: reason for name, (_, reason) in NO_COMMANDS.items()}

    @pytest.mark.parametrize("action", ["cancel_command", "forget_command"])
    async def test_an_id_of_the_provider_must_be_followed_here(
        self, house: House, action: str
    ) -> None:
        """What is not on record can be neither stopped nor forgotten."""
        reason = await why_refused(
            house, action, config_entry_id="gate-account", command_id="cmd-404"
        )
        assert reason == "command_not_found"


class TestForget:
    """Deleting a record."""

    async def test_sensors_fall_back_to_the_newest_that_is_left(self, house: House) -> None:
        """And to nothing when none is left. No event tells about it."""
        house.cloud.script(outcome="SUCCESS", times=1)
        house.cloud.script(outcome="FAILED", times=1)
        first = await house.send()
        await house.wait(4)
        second = await house.send(wait=True)
        states = house.watch("sensor.gate_relay_1_last_command")
        assert house.state("sensor.gate_relay_1_last_command").state == "failure"
        await house.order("forget_command", tracking_id=second["tracking_id"])
        await house.order(
            "forget_command", config_entry_id="gate-account", command_id=first["command_id"]
        )
        assert states == ["success", "unknown"]
        assert house.outcomes() == ["success", "failure"]
        assert await house.act("get_commands") == []

    async def test_an_open_command_is_asked_about_no_more(self, house: House) -> None:
        """And its outcome is never told."""
        house.cloud.script(outcome="SUCCESS", after=5.0)
        sent = await house.send()
        await house.order("forget_command", tracking_id=sent["tracking_id"])
        assert house.state("sensor.my_gate_pending_commands").state == "0"
        await house.wait(10)
        assert house.cloud.counts["status"] == 0
        assert house.outcomes() == []

    async def test_a_command_that_is_being_sent_is_forgotten_too(
        self, house: House, nap: ManualClock
    ) -> None:
        """What is answered about it later concerns nobody."""
        house.cloud.faults.add("delay", "create", delay=1.0)
        call = asyncio.create_task(house.send())
        await house.cloud.log.until(1, "create")
        (command,) = house.coordinator.tracker
        await house.order("forget_command", tracking_id=command.tracking_id)
        with pytest.raises(HomeAssistantError):
            await call
        nap.advance(1.0)
        await house.settle()
        assert house.outcomes() == []

    async def test_it_is_forgotten_for_good(self, house: House) -> None:
        """Also after the account was loaded again from what is on disk."""
        sent = await house.send()
        await house.wait(2)
        await house.order("forget_command", tracking_id=sent["tracking_id"])
        await house.reload()
        assert await house.act("get_commands") == []


class TestUpdate:
    """Setting the state of a command at the provider."""

    async def test_wlte_cannot_do_that(self, house: House) -> None:
        """It has no call for it."""
        sent = await house.send()
        with pytest.raises(ServiceValidationError) as raised:
            await house.order("update_command", tracking_id=sent["tracking_id"], state="success")
        assert raised.value.translation_key == "update_not_supported"
        assert raised.value.translation_placeholders == {"provider": "WLTE"}

    async def test_the_state_of_an_open_command_is_set(self, obliging_house: House) -> None:
        """At the provider, in its own word; here it is then what the provider answers."""
        house = obliging_house
        house.cloud.script(outcome="SUCCESS", after=60.0)
        sent = await house.send()
        (record,) = await house.act(
            "update_command", tracking_id=sent["tracking_id"], state="Failure", reason="by hand"
        )
        assert obliging(house).updates == [
            Update(command_id="cmd-1", state="FAILED", reason="by hand")
        ]
        assert (record["state"], record["reason"]) == ("failure", "by hand")
        assert house.outcomes() == ["failure"]

    async def test_a_record_that_is_final_for_good_keeps_its_state(
        self, obliging_house: House
    ) -> None:
        """What has happened has happened; the provider's new word is shown all the same."""
        house = obliging_house
        await house.send()
        (record,) = await house.act(
            "update_command", config_entry_id="gate-account", command_id="cmd-1", state="failure"
        )
        assert (record["state"], record["provider_state"]) == ("success", "FAILED")
        assert house.outcomes() == ["success"]

    async def test_an_id_that_is_not_followed_yet_is_followed_from_then_on(
        self, obliging_house: House
    ) -> None:
        """Whoever sets a command's state cares about it."""
        house = obliging_house
        house.cloud.issue("dev-7", {1: "ON"}, after=5.0)
        (record,) = await house.act(
            "update_command",
            config_entry_id="gate-account",
            command_id="cmd-1",
            reason="under repair",
        )
        assert (record["state"], record["reason"]) == ("sent", "under repair")
        await house.wait(6)
        assert house.outcomes() == ["success"]

    async def test_what_makes_no_sense_is_refused(self, obliging_house: House) -> None:
        """The provider is not asked then."""
        house = obliging_house
        sent = await house.send()
        assert [
            await why_refused(house, "update_command", tracking_id=sent["tracking_id"], **data)
            for data in ({}, {"state": "perfect"})
        ] == ["nothing_to_update", "invalid_state"]
        assert obliging(house).updates == []

    async def test_a_command_without_an_id_cannot_be_updated(self, obliging_house: House) -> None:
        """The provider would not know which one is meant."""
        house = obliging_house
        await house.send()
        queued = await house.send()
        with pytest.raises(ServiceValidationError) as raised:
            await house.order("update_command", tracking_id=queued["tracking_id"], state="success")
        assert raised.value.translation_key == "no_command_id"

    async def test_an_id_that_the_provider_does_not_know_is_refused(
        self, obliging_house: House
    ) -> None:
        """Nothing is followed then."""
        with pytest.raises(ServiceValidationError) as raised:
            await obliging_house.order(
                "update_command",
                config_entry_id="gate-account",
                command_id="cmd-404",
                state="success",
            )
        assert raised.value.translation_key == "command_not_found"
