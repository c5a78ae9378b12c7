"""Saved commands: the dialogue, and what a saved command is in the house."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigSubentry,
    SubentryFlowContext,
    SubentryFlowResult,
)
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.command_status.account.command_words import async_in_words
from custom_components.command_status.const import SUBENTRY_COMMAND
from custom_components.command_status.providers.base import Field

from ..house import GATE, House

BUTTON = "button.open_the_gate_send"
SENSOR = "sensor.open_the_gate_last_command"
EVENT = "event.open_the_gate_outcome"


async def dialogue(
    house: House, source: str, *steps: dict[str, Any], subentry_id: str | None = None
) -> SubentryFlowResult:
    """Walk through the dialogue and return where it ends."""
    context = SubentryFlowContext(source=source)
    if subentry_id is not None:
        context["subentry_id"] = subentry_id
    flows = house.hass.config_entries.subentries
    result = await flows.async_init(
        (house.entry.entry_id, SUBENTRY_COMMAND),
        context=context,
    )
    for step in steps:
        result = await flows.async_configure(result["flow_id"], step)
    await house.settle()
    return result


async def save(house: House, **fields: Any) -> str:
    """Save a command and return the id of its subentry."""
    result = await dialogue(
        house,
        SOURCE_USER,
        {"target": GATE},
        {"command": "jog"},
        {"timeout": {"seconds": 20}, "title": "Open the gate", **fields},
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    return next(iter(house.entry.subentries))


def fields(result: SubentryFlowResult) -> dict[Any, Any]:
    """Return the fields of a form."""
    assert result["data_schema"] is not None
    return dict(result["data_schema"].schema)


def saved(house: House) -> ConfigSubentry:
    """Return the one saved command."""
    (subentry,) = house.entry.subentries.values()
    return subentry


async def press(house: House) -> None:
    """Press the button."""
    await house.hass.services.async_call("button", "press", {ATTR_ENTITY_ID: BUTTON}, blocking=True)


async def test_a_saved_command_gets_a_device_with_three_entities(house: House) -> None:
    """It is a thing of its own, that can be placed in an area and on a dashboard."""
    subentry_id = await save(house)
    assert saved(house).title == "Open the gate"
    assert dict(saved(house).data) == {
        "target": GATE,
        "command": "JOG",
        "parameters": {},
        "timeout": 20,
    }
    device = house.device(subentry_id)
    assert device.name == "Open the gate"
    entities = er.async_entries_for_device(er.async_get(house.hass), device.id)
    assert {entity.entity_id for entity in entities} == {BUTTON, SENSOR, EVENT}
    assert {entity.config_subentry_id for entity in entities} == {subentry_id}


async def test_only_commands_that_the_target_knows_are_offered(house: House) -> None:
    """What cannot work cannot be saved."""
    result = await dialogue(house, SOURCE_USER, {"target": GATE})
    assert result["step_id"] == "command"
    (selector,) = fields(result).values()
    assert selector.config["options"] == ["on", "off", "jog"]
    assert selector.config["translation_key"] == "command"


async def test_a_target_that_is_gone_is_not_offered(house: House) -> None:
    """A command to it could only fail."""
    house.cloud.remove_device("dev-8")
    await house.coordinator.async_refresh()
    result = await dialogue(house, SOURCE_USER)
    (selector,) = fields(result).values()
    assert [option["value"] for option in selector.config["options"]] == [
        "dev-7/1",
        "dev-7/2",
        "dev-9/1",
    ]


async def test_nothing_can_be_saved_while_the_account_is_not_loaded(
    hass: HomeAssistant, house: House
) -> None:
    """Its targets are not known then, and the dialogue says so."""
    await hass.config_entries.async_unload(house.entry.entry_id)
    result = await dialogue(house, SOURCE_USER)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "entry_not_loaded")


async def test_the_dialogue_asks_for_the_parameters_of_the_command(house: House) -> None:
    """One field for each, and what is wrong with it is said where it was typed."""
    asked = (Field(name="relay", required=False),)
    with patch.object(house.coordinator.provider, "parameters", return_value=asked):
        result = await dialogue(
            house,
            SOURCE_USER,
            {"target": GATE},
            {"command": "jog"},
            {"relay": "2", "timeout": {"seconds": 20}, "title": "Wrong"},
        )
        assert result["type"] is FlowResultType.FORM
        assert result["errors"] == {"relay": "invalid_parameter"}
        flows = house.hass.config_entries.subentries
        result = await flows.async_configure(
            result["flow_id"], {"relay": "1", "timeout": {"seconds": 20}, "title": "Right"}
        )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert saved(house).data["parameters"] == {"relay": "1"}


async def test_what_needs_a_confirmation_cannot_be_saved(house: House) -> None:
    """A button must not destroy anything by a slip of the finger."""
    description = replace(
        house.coordinator.description, confirm=frozenset({"OFF"}), free_commands=True
    )
    with patch.object(house.coordinator._parts, "description", description):
        result = await dialogue(
            house,
            SOURCE_USER,
            {"target": GATE},
            {"command": " off "},
        )
    assert (result["step_id"], result["errors"]) == ("command", {"command": "confirm_required"})
    assert result["description_placeholders"] == {"target": "Gate relay 1", "command": "OFF"}
    (selector,) = fields(await dialogue(house, SOURCE_USER, {"target": GATE})).values()
    assert selector.config["custom_value"] is False


async def test_a_saved_command_can_be_changed(house: House) -> None:
    """The dialogue starts from what was saved, and keeps the title as long as it fits."""
    subentry_id = await save(house)
    result = await dialogue(
        house, SOURCE_RECONFIGURE, {"target": GATE}, {"command": "jog"}, subentry_id=subentry_id
    )
    markers = {marker.schema: marker for marker in fields(result)}
    assert markers["title"].default() == "Open the gate"
    assert markers["timeout"].default() == {"days": 0, "hours": 0, "minutes": 0, "seconds": 20}
    flows = house.hass.config_entries.subentries
    await flows.async_configure(result["flow_id"], {"timeout": {"seconds": 30}, "title": "Open it"})
    await house.settle()
    assert saved(house).title == "Open it"
    assert house.device(subentry_id).name == "Open it"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Switch the relay on for a moment"), ("de", "Relais kurz einschalten")],
)
async def test_a_command_is_told_in_words(house: House, language: str, words: str) -> None:
    """In the language of the house; what is stored is the provider's own word."""
    house.hass.config.language = language
    result = await dialogue(house, SOURCE_USER, {"target": GATE}, {"command": "jog"})
    markers = {marker.schema: marker for marker in fields(result)}
    assert markers["title"].default() == f"Gate relay 1: {words}"
    assert result["description_placeholders"] == {"target": "Gate relay 1", "command": words}


async def test_a_word_that_has_no_text_stays_as_it_is(house: House) -> None:
    """Also the same word at an API that somebody has described, where it may mean anything."""
    cloud = house.coordinator.description
    described = replace(cloud, named_commands=False)
    assert await async_in_words(house.hass, described, "JOG") == "JOG"
    assert await async_in_words(house.hass, cloud, "HOP") == "HOP"


async def test_another_command_gets_another_title(house: House) -> None:
    """A button that is called after what it does no longer would be a trap."""
    subentry_id = await save(house)
    result = await dialogue(
        house,
        SOURCE_RECONFIGURE,
        {"target": "dev-8/1"},
        {"command": "on"},
        subentry_id=subentry_id,
    )
    markers = {marker.schema: marker for marker in fields(result)}
    assert markers["title"].default() == "Garage relay 1: Switch the relay on"


async def test_a_saved_command_of_a_target_that_is_gone_can_be_given_another(
    house: House,
) -> None:
    """What is not there any more is no default."""
    subentry_id = await save(house)
    house.cloud.remove_device("dev-7")
    await house.coordinator.async_refresh()
    result = await dialogue(
        house,
        SOURCE_RECONFIGURE,
        {"target": "dev-8/1"},
        {"command": "on"},
        {"timeout": {"seconds": 20}, "title": "Garage"},
        subentry_id=subentry_id,
    )
    assert result["reason"] == "reconfigure_successful"
    assert saved(house).data["target"] == "dev-8/1"


async def test_the_button_sends_and_its_own_entities_tell(house: House) -> None:
    """A dashboard needs no more than this device."""
    await save(house)
    house.cloud.script(after=3, times=1)
    await press(house)
    assert house.state(SENSOR).state == "sent"
    assert house.state("sensor.gate_relay_1_last_command").state == "sent"
    await house.wait(5)
    assert house.state(SENSOR).state == "success"
    assert house.state(EVENT).attributes["event_type"] == "success"
    (record,) = await house.act("get_commands")
    assert record["subentry_id"] == saved(house).subentry_id


async def test_another_command_to_the_same_target_leaves_the_saved_one_alone(
    house: House,
) -> None:
    """The sensor of a saved command tells about that command only."""
    await save(house)
    await house.send("ON")
    assert house.state(SENSOR).state == "unknown"


async def test_the_button_raises_when_the_provider_refuses(house: House) -> None:
    """Whoever pressed it sees why nothing happens."""
    await save(house)
    house.cloud.script(error="COMMAND_REJECTED", times=1)
    with pytest.raises(HomeAssistantError) as raised:
        await press(house)
    assert raised.value.translation_key == "command_failed"
    assert house.state(SENSOR).state == "failure"


async def test_the_button_raises_when_its_target_is_gone(house: House) -> None:
    """Nothing is sent to a target that is not listed."""
    await save(house)
    house.cloud.remove_device("dev-7")
    await house.coordinator.async_refresh()
    with pytest.raises(ServiceValidationError) as raised:
        await press(house)
    assert raised.value.translation_key == "saved_target_gone"
    assert house.cloud.counts["create"] == 0


async def test_a_removed_saved_command_takes_its_device_along(
    hass: HomeAssistant, house: House
) -> None:
    """Its records stay in the history of the account."""
    subentry_id = await save(house)
    await press(house)
    await house.wait(3)
    hass.config_entries.async_remove_subentry(house.entry, subentry_id)
    await house.settle()
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), house.entry.entry_id)
    assert "Open the gate" not in {device.name for device in devices}
    assert len(await house.act("get_commands")) == 1


async def test_the_device_of_a_saved_command_cannot_be_deleted_by_itself(
    house: House,
) -> None:
    """It goes with its saved command, and with nothing else."""
    subentry_id = await save(house)
    component = house.hass.data["integrations"]["command_status"].get_component()
    refused = await component.async_remove_config_entry_device(
        house.hass, house.entry, house.device(subentry_id)
    )
    assert refused is False


async def test_a_saved_command_survives_a_restart(house: House) -> None:
    """What its sensor showed last is shown at once."""
    await save(house)
    await press(house)
    await house.wait(3)
    await house.reload()
    assert house.state(SENSOR).state == "success"
    assert isinstance(saved(house).data, MappingProxyType)


@pytest.mark.parametrize(
    ("typed", "key"),
    [({"title": "x" * 256}, "text_too_long"), ({"note": "x" * 65_536}, "object_too_large")],
    ids=["its name", "its parameters"],
)
async def test_what_is_too_large_is_not_saved(
    obliging_house: House, typed: dict[str, Any], key: str
) -> None:
    """It is said where it was typed, and can be put right there."""
    asked = (Field(name="note", required=False),)
    with patch.object(obliging_house.coordinator.provider, "parameters", return_value=asked):
        result = await dialogue(
            obliging_house,
            SOURCE_USER,
            {"target": GATE},
            {"command": "jog"},
            {"timeout": {"seconds": 20}, "title": "Open the gate", **typed},
        )
    assert result["errors"] == {"base": key}
    assert not obliging_house.entry.subentries


async def test_the_button_sends_nothing_that_an_older_version_saved_too_large(
    obliging_house: House,
) -> None:
    """It is refused as in a call, before anything is written or sent."""
    house = obliging_house
    subentry_id = await save(house)
    data = {**saved(house).data, "parameters": {"note": "x" * 65_536}}
    house.hass.config_entries.async_update_subentry(
        house.entry, house.entry.subentries[subentry_id], data=data
    )
    await house.settle()
    with pytest.raises(ServiceValidationError) as raised:
        await press(house)
    assert raised.value.translation_key == "object_too_large"
    assert house.cloud.counts["create"] == 0
