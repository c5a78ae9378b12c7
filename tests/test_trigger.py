"""The triggers: when an automation starts, how often, and with what."""

from collections.abc import Awaitable, Callable, Mapping
import importlib
import json
from pathlib import Path
import sys
from typing import Any

from homeassistant.core import Context, Event, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.helpers.icon import async_get_icons
from homeassistant.helpers.script import async_validate_actions_config
from homeassistant.helpers.translation import async_get_translations
from homeassistant.helpers.trigger import async_get_all_descriptions, async_validate_trigger_config
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
import voluptuous as vol

from custom_components.command_status import automation, trigger
from custom_components.command_status.automation.triggers import REMEMBERED
from custom_components.command_status.const import DOMAIN
from custom_components.command_status.tracking import FINAL

from .house import GARAGE, GATE, House

ACCOUNT_EVENT = "event.my_gate_outcome"
GATE_EVENT = "event.gate_relay_1_outcome"
BOTH = [ACCOUNT_EVENT, GATE_EVENT]
"""What reports a command to the gate: its own entity, and that of the account."""
RAN = "automation_ran"

TEXTS: dict[str, Any] = json.loads(
    (Path(trigger.__file__).parent / "translations" / "en.json").read_text()
)

type Runs = list[Event[Mapping[str, Any]]]


async def automate(hass: HomeAssistant, *triggers: Mapping[str, Any]) -> Runs:
    """Make an automation of some triggers; returns its runs as they come."""
    runs: Runs = async_capture_events(hass, RAN)
    told = {
        "id": "{{ trigger.id }}",
        "description": "{{ trigger.description }}",
        "command": "{{ trigger.command | default }}",
        "tag": "{{ trigger.to_state.attributes.tag if trigger.to_state is defined else none }}",
    }
    watch = {
        "alias": "Watch",
        "mode": "queued",
        "max": 1000,
        "triggers": list(triggers),
        "actions": {"event": RAN, "event_data": told},
    }
    assert await async_setup_component(hass, "automation", {"automation": watch})
    await hass.async_block_till_done()
    return runs


def on(key: str, **target: Any) -> dict[str, Any]:
    """Return a trigger of ours with a target."""
    return {"trigger": f"{DOMAIN}.{key}", "id": key, "target": target}


def on_finished(**options: Any) -> dict[str, Any]:
    """Return the trigger that hears of every command."""
    return {"trigger": f"{DOMAIN}.command_finished", "id": "finished", "options": options}


def ids(runs: Runs) -> list[str]:
    """Return which trigger started each run."""
    return [run.data["id"] for run in runs]


# How commands end


async def succeed(house: House, **data: Any) -> str:
    """Let a command succeed; returns its tracking id."""
    record = await house.send(**data)
    await house.wait(4)
    return str(record["tracking_id"])


async def fail(house: House, **data: Any) -> str:
    """Let the device report a failure."""
    house.cloud.script(outcome="FAILED", times=1)
    return await succeed(house, **data)


async def time_out(house: House, **data: Any) -> str:
    """Let a window end without an answer."""
    house.cloud.script(after=None, times=1)
    record = await house.send(timeout=5, **data)
    await house.wait(6)
    return str(record["tracking_id"])


async def cancel(house: House, **data: Any) -> str:
    """Take a command out of the queue, where it waits because the relay rests."""
    await house.send(tag="before")
    record = await house.send(**data)
    await house.order("cancel_command", tracking_id=record["tracking_id"])
    await house.settle()
    return str(record["tracking_id"])


async def lose(house: House, **data: Any) -> str:
    """Let the cloud forget a command."""
    house.cloud.script(after=None, times=1)
    record = await house.send(**data)
    house.cloud.forget(record["command_id"])
    await house.wait(4)
    return str(record["tracking_id"])


ENDS: dict[str, Callable[..., Awaitable[str]]] = {
    "command_succeeded": succeed,
    "command_failed": fail,
    "command_timed_out": time_out,
    "command_cancelled": cancel,
    "command_lost": lose,
}
"""The triggers with a target, and how a command ends so."""


async def end_together(house: House, count: int) -> None:
    """Let the windows of many commands end at the same moment."""
    house.cloud.script(after=None)
    coordinator = house.coordinator
    order = coordinator.provider.order([coordinator.data.targets[GATE]], "JOG", {})
    await coordinator.intake.async_send([order] * count, window=5.0)
    await house.wait(5)
    for _ in range(count):  # they end a few at a time, and the time stands still meanwhile
        await house.settle()
    await house.wait(5)
    assert len(house.announced) == count


class TestTheTriggersWithATarget:
    """One for each outcome."""

    @pytest.mark.parametrize("key", ENDS)
    async def test_each_starts_on_its_own_outcome_and_once(self, house: House, key: str) -> None:
        """Two of the targeted entities report the command; it is one announcement."""
        runs = await automate(house.hass, *(on(other, entity_id=BOTH) for other in ENDS))

        await ENDS[key](house, tag="mine")

        assert [run.data["id"] for run in runs if run.data["tag"] == "mine"] == [key]

    async def test_it_names_the_command_as_the_other_trigger_does(self, house: House) -> None:
        """Whoever copies a template from one to the other gets a message, not an error."""
        told = "{{ trigger.command.target_name }} {{ trigger.command.state }}"
        runs: Runs = async_capture_events(house.hass, RAN)
        watch = {
            "alias": "Watch",
            "mode": "queued",
            "triggers": [on("command_failed", entity_id=BOTH), on_finished(state=["failure"])],
            "actions": {"event": RAN, "event_data": {"told": told}},
        }
        assert await async_setup_component(house.hass, "automation", {"automation": watch})
        await house.hass.async_block_till_done()

        await fail(house)

        assert [run.data["told"] for run in runs] == ["Gate relay 1 failure"] * 2

    async def test_equal_outcomes_in_a_row_start_it_each_time(self, house: House) -> None:
        """The second failure is as much news as the first."""
        runs = await automate(house.hass, on("command_failed", entity_id=BOTH))

        await fail(house, tag="first")
        await fail(house, tag="second")

        assert [run.data["tag"] for run in runs] == ["first", "second"]

    async def test_it_drops_none_of_many_at_once(self, house: House) -> None:
        """Most of them never left the queue; they are more than a trigger remembers."""
        runs = await automate(
            house.hass,
            on("command_failed", entity_id=BOTH),
            on("command_timed_out", entity_id=BOTH),
        )

        await end_together(house, REMEMBERED + 10)

        assert ids(runs).count("command_failed") > REMEMBERED
        assert len(runs) == REMEMBERED + 10

    async def test_a_late_correction_is_news_of_its_own(self, house: House) -> None:
        """What had timed out has succeeded after all."""
        runs = await automate(
            house.hass,
            on("command_timed_out", entity_id=BOTH),
            on("command_succeeded", entity_id=BOTH),
        )
        house.cloud.script(after=10.0, times=1)

        await house.send(timeout=5)
        await house.wait(45)

        assert ids(runs) == ["command_timed_out", "command_succeeded"]

    async def test_other_targets_do_not_start_it(self, house: House) -> None:
        """The garage is not the gate."""
        runs = await automate(house.hass, on("command_succeeded", entity_id=GATE_EVENT))

        await succeed(house, target=GARAGE)

        assert not runs

    @pytest.mark.parametrize("kind", ["area_id", "device_id", "label_id"])
    async def test_it_can_be_had_for_a_device_an_area_and_a_label(
        self, house: House, kind: str
    ) -> None:
        """Nobody need know which entities there are."""
        device = house.device("dev-7")
        area = ar.async_get(house.hass).async_create("Drive")
        label = lr.async_get(house.hass).async_create("Doors")
        dr.async_get(house.hass).async_update_device(
            device.id, area_id=area.id, labels={label.label_id}
        )
        target = {"area_id": area.id, "device_id": device.id, "label_id": label.label_id}[kind]
        runs = await automate(house.hass, on("command_succeeded", **{kind: target}))

        await succeed(house)

        assert len(runs) == 1

    async def test_events_of_other_integrations_do_not_start_it(self, house: House) -> None:
        """They may have types of the same name."""
        foreign = er.async_get(house.hass).async_get_or_create("event", "other", "1").entity_id
        runs = await automate(house.hass, on("command_failed", entity_id=foreign))

        house.hass.states.async_set(foreign, "2026-11-20T21:00:00.000+00:00")
        house.hass.states.async_set(
            foreign, "2026-11-20T21:21:06.000+00:00", {"event_type": "failure"}
        )
        await house.settle()

        assert not runs

    async def test_a_reload_starts_nothing_and_breaks_nothing(self, house: House) -> None:
        """The entities come back with their last event, which is old news."""
        runs = await automate(
            house.hass, on("command_succeeded", entity_id=BOTH), on_finished(state="success")
        )
        await succeed(house)
        assert sorted(ids(runs)) == ["command_succeeded", "finished"]

        await house.reload()
        await house.wait(2)
        assert len(runs) == 2

        await succeed(house)
        assert sorted(ids(runs)[2:]) == ["command_succeeded", "finished"]

    async def test_a_trigger_that_was_detached_starts_nothing(self, house: House) -> None:
        """The automation was switched off."""
        runs = await automate(
            house.hass, on("command_succeeded", entity_id=BOTH), on_finished(state="success")
        )
        await house.hass.services.async_call(
            "automation", "turn_off", {"entity_id": "automation.watch"}, blocking=True
        )

        await succeed(house)

        assert not runs


class TestTheTriggerForAllCommands:
    """It has no target, but options."""

    async def test_it_carries_the_whole_record(self, house: House) -> None:
        """Templates can tell everything that is known."""
        runs = await automate(house.hass, on_finished())

        tracking_id = await succeed(house, tag="mine", parameters={"relay": 1})

        assert [run.data["command"] for run in runs] == [await house.record(tracking_id)]
        assert runs[0].data["description"] == "JOG of Gate relay 1: success"

    @pytest.mark.parametrize(
        "options",
        [
            {"config_entry_id": "gate-account"},
            {"state": "success"},
            {"state": ["failure", "success"]},
            {"state": []},
            {"tag": "mine"},
            {"config_entry_id": "gate-account", "state": ["success"], "tag": "mine"},
        ],
        ids=["account", "state", "states", "no states", "tag", "all"],
    )
    async def test_it_starts_on_what_is_asked_for(
        self, house: House, options: dict[str, Any]
    ) -> None:
        """An emptied list of states asks for nothing, as an absent one does."""
        runs = await automate(house.hass, on_finished(**options))

        await succeed(house, tag="mine")

        assert len(runs) == 1

    @pytest.mark.parametrize(
        "options",
        [{"config_entry_id": "other"}, {"state": ["failure"]}, {"tag": "other"}],
        ids=["account", "state", "tag"],
    )
    async def test_it_starts_on_nothing_else(self, house: House, options: dict[str, Any]) -> None:
        """Each option leaves out what does not have it."""
        runs = await automate(house.hass, on_finished(**options))

        await succeed(house, tag="mine")

        assert not runs

    async def test_it_drops_none_of_many_at_once(self, house: House) -> None:
        """Fifty commands end in the same turn of the loop."""
        runs = await automate(house.hass, on_finished())

        await end_together(house, 50)

        assert [run.data["command"]["tracking_id"] for run in runs] == [
            event.data["tracking_id"] for event in house.announced
        ]

    @pytest.mark.parametrize(
        "options",
        [{"state": ["queued"]}, {"state": "no such"}, {"colour": "red"}],
        ids=["not an outcome", "no state", "no option"],
    )
    async def test_options_without_sense_are_refused(
        self, house: House, options: dict[str, Any]
    ) -> None:
        """Such an automation would never start, and nobody would know why."""
        config = {"platform": f"{DOMAIN}.command_finished", "options": options}

        with pytest.raises(vol.Invalid):
            await async_validate_trigger_config(house.hass, [config])

    @pytest.mark.parametrize("option", ["tag", "config_entry_id"])
    @pytest.mark.parametrize("template", ["{{ my_tag }}", "{% if x %}a{% endif %}", "a {# b #}"])
    async def test_a_template_is_refused_with_a_reason(
        self, house: House, option: str, template: str
    ) -> None:
        """It would be compared as it is written, and a script would wait for ever."""
        waiting = {"trigger": f"{DOMAIN}.command_finished", "options": {option: template}}
        sequence = cv.SCRIPT_SCHEMA([{"wait_for_trigger": [waiting]}])

        with pytest.raises(vol.Invalid, match="templates are not supported here"):
            await async_validate_actions_config(house.hass, sequence)


@pytest.mark.parametrize(
    "made", [on("command_succeeded", entity_id=BOTH), on_finished()], ids=["target", "all"]
)
async def test_a_run_knows_who_sent_the_command(house: House, made: dict[str, Any]) -> None:
    """The logbook then names the user who called the action."""
    runs = await automate(house.hass, made)
    context = Context()

    await house.hass.services.async_call(
        DOMAIN,
        "send_command",
        {"config_entry_id": house.entry.entry_id, "target": GATE, "command": "JOG"},
        blocking=True,
        context=context,
    )
    await house.wait(4)

    assert [run.context.parent_id for run in runs] == [context.id]


class TestTheEditor:
    """What the editor of automations shows."""

    async def test_it_offers_all_triggers_for_a_device(
        self, house: House, hass_ws_client: WebSocketGenerator
    ) -> None:
        """Those with a target, for a device that has our event entities."""
        assert await async_setup_component(house.hass, "automation", {})
        client = await hass_ws_client(house.hass)
        target = {"device_id": [house.device("dev-7").id]}

        await client.send_json_auto_id({"type": "get_triggers_for_target", "target": target})
        answer = await client.receive_json()

        ours = {key for key in answer["result"] if key.startswith(DOMAIN)}
        assert ours == {f"{DOMAIN}.{key}" for key in ENDS}

    async def test_it_finds_a_description_of_each(self, house: House) -> None:
        """Home Assistant's own schema has accepted them."""
        descriptions = {
            key.removeprefix(f"{DOMAIN}."): description
            for key, description in (await async_get_all_descriptions(house.hass)).items()
            if key.startswith(f"{DOMAIN}.")
        }

        assert descriptions.keys() == automation.TRIGGERS.keys() == {*ENDS, "command_finished"}
        finished = descriptions["command_finished"]
        assert finished is not None
        assert finished["fields"].keys() == {"config_entry_id", "state", "tag"}
        options = finished["fields"]["state"]["selector"]["select"]["options"]
        assert set(options) == {state.value for state in FINAL}

    async def test_each_trigger_and_field_has_a_text(self, house: House) -> None:
        """A name and an explanation, and no text is left of one that went."""
        descriptions = await async_get_all_descriptions(house.hass)
        texts = TEXTS["triggers"]

        assert texts.keys() == automation.TRIGGERS.keys()
        for key, text in texts.items():
            description = descriptions[f"{DOMAIN}.{key}"]
            assert description is not None
            fields = text.get("fields", {})
            assert {"name", "description"} <= text.keys()
            assert fields.keys() == description["fields"].keys()
            assert all(field.keys() == {"name", "description"} for field in fields.values())

    async def test_home_assistant_finds_texts_and_icons(self, house: House) -> None:
        """They are read from the files that it looks for."""
        texts = await async_get_translations(house.hass, "en", "triggers", [DOMAIN])
        icons = (await async_get_icons(house.hass, "triggers", [DOMAIN]))[DOMAIN]

        assert texts[f"component.{DOMAIN}.triggers.command_failed.name"] == "Command failed"
        assert icons.keys() == automation.TRIGGERS.keys()


async def test_a_home_assistant_without_these_classes_goes_without_our_triggers(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are offered without a promise; the integration must load all the same."""
    with monkeypatch.context() as patch:
        patch.delattr("homeassistant.helpers.trigger.StatelessEntityTriggerBase")
        patch.delitem(sys.modules, f"{automation.__name__}.triggers")
        importlib.reload(automation)
        importlib.reload(trigger)
        offered = await trigger.async_get_triggers(hass)
    importlib.reload(automation)
    importlib.reload(trigger)

    assert offered == {}
    assert await trigger.async_get_triggers(hass)
