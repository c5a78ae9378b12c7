"""The dialogues of this home: nothing to type, entities to choose, actions to save."""

from dataclasses import replace
from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.command_status.const import CONF_ENTITIES, DOMAIN
from custom_components.command_status.flows.expect import known_expectation
from custom_components.command_status.tracking import Clause, Expectation
from tests.house import House

from .conftest import DOOR, GARAGE, LAMP, Things

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


async def add(hass: HomeAssistant) -> Any:
    """Go through the dialogue."""
    flow = hass.config_entries.flow
    menu = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert "home" in menu["menu_options"]
    form = await flow.async_configure(menu["flow_id"], {"next_step_id": "home"})
    assert form["type"] is FlowResultType.FORM
    assert form["data_schema"] is not None
    assert form["data_schema"].schema == {}
    return await flow.async_configure(form["flow_id"], {})


def chosen_in(form: Any) -> list[str]:
    """Return the entities that a form shows as chosen."""
    suggested = {str(key): key.default() for key in form["data_schema"].schema}
    entities: list[str] = suggested[CONF_ENTITIES]
    return entities


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(("language", "title"), [("en", "This home"), ("de", "Dieses Zuhause")])
async def test_this_home_is_added_with_nothing_to_type(
    hass: HomeAssistant, language: str, title: str
) -> None:
    """Its name is in the language of the house."""
    hass.config.language = language
    result = await add(hass)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == title


@pytest.mark.usefixtures("home")
async def test_there_is_one_at_most(hass: HomeAssistant) -> None:
    """A second one would follow everything twice."""
    result = await add(hass)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")


async def test_entities_are_chosen_and_stay_chosen_under_a_new_name(
    hass: HomeAssistant, home: House, entity_registry: er.EntityRegistry
) -> None:
    """What is stored is what no new name changes."""
    options = hass.config_entries.options
    form = await options.async_init(home.entry.entry_id)
    assert chosen_in(form) == [DOOR, LAMP]
    chosen = {"timeout": {"seconds": 30}, "keep_finished": 3, CONF_ENTITIES: [GARAGE]}
    await options.async_configure(form["flow_id"], chosen)
    await home.settle()
    garage = entity_registry.async_get(GARAGE)
    assert garage is not None
    assert home.entry.options[CONF_ENTITIES] == [garage.id]
    entity_registry.async_update_entity(GARAGE, new_entity_id="cover.new")
    form = await options.async_init(home.entry.entry_id)
    assert chosen_in(form) == ["cover.new"]


async def begin(home: House, entity_id: str, command: str) -> Any:
    """Begin to save a command, up to its details."""
    flow = home.hass.config_entries.subentries
    form = await flow.async_init((home.entry.entry_id, "command"), context={"source": SOURCE_USER})
    form = await flow.async_configure(form["flow_id"], {"target": entity_id})
    assert form["data_schema"] is not None
    (choice,) = form["data_schema"].schema.values()
    assert command in choice.config["options"]
    return await flow.async_configure(form["flow_id"], {"command": command})


def expected(form: Any) -> dict[str, Any]:
    """Return what the section of a form suggests to expect."""
    section = next(value for key, value in form["data_schema"].schema.items() if key == "expect")
    suggested = {str(key): key.description["suggested_value"] for key in section.schema.schema}
    return {name: value for name, value in suggested.items() if value is not None}


async def test_a_saved_command_knows_what_is_expected(home: House, things: Things) -> None:
    """It is filled in already, and what is left as it is stays what the table says."""
    form = await begin(home, DOOR, "lock.lock")
    known = expected(form)
    assert known == {"entity_id": DOOR, "state": ["locked"]}
    await home.hass.config_entries.subentries.async_configure(
        form["flow_id"], {"timeout": {"seconds": 20}, "title": "Lock up", "expect": known}
    )
    await home.settle()
    (subentry,) = home.entry.subentries.values()
    assert "expect" not in subentry.data
    things.reaction = lambda _: things.show(DOOR, "locked")
    await home.hass.services.async_call(
        "button", "press", {"entity_id": "button.lock_up_send"}, blocking=True
    )
    await home.settle()
    assert home.state("sensor.lock_up_last_command").state == "success"
    assert home.state("sensor.lock_up_last_command").attributes["evidence"] == "seen"


async def test_what_is_expected_can_be_changed(
    home: House, things: Things, entity_registry: er.EntityRegistry
) -> None:
    """A contact knows better than the lock, and it may be renamed."""
    bolt = entity_registry.async_get_or_create("binary_sensor", "things", "bolt")
    things.show(bolt.entity_id, "off")
    form = await begin(home, DOOR, "lock.lock")
    flow = home.hass.config_entries.subentries
    typed = {"timeout": {"seconds": 20}, "title": "Lock up"}
    refused = await flow.async_configure(
        form["flow_id"], {**typed, "expect": {"entity_id": "binary_sensor.no", "state": ["on"]}}
    )
    assert refused["errors"] == {"base": "entity_not_found"}
    await flow.async_configure(
        form["flow_id"],
        {
            **typed,
            "expect": {"entity_id": bolt.entity_id, "state": ["on"], "for": {"seconds": 2}},
        },
    )
    await home.settle()
    (subentry,) = home.entry.subentries.values()
    assert subentry.data["expect"] == {"entity_id": bolt.id, "state": ["on"], "for": 2}
    await home.hass.services.async_call(
        "button", "press", {"entity_id": "button.lock_up_send"}, blocking=True
    )
    things.show(DOOR, "locked")
    things.show(bolt.entity_id, "on")
    await home.settle()
    assert home.state("sensor.lock_up_last_command").state == "sent"
    await home.wait(3)
    assert home.state("sensor.lock_up_last_command").state == "success"
    again = await flow.async_init(
        (home.entry.entry_id, "command"),
        context={"source": "reconfigure", "subentry_id": subentry.subentry_id},
    )
    form = await flow.async_configure(again["flow_id"], {"target": DOOR})
    form = await flow.async_configure(form["flow_id"], {"command": "lock.lock"})
    held = {"days": 0, "hours": 0, "minutes": 0, "seconds": 2}
    assert expected(form) == {"entity_id": bolt.entity_id, "state": ["on"], "for": held}


async def test_parameters_are_those_of_the_entity(home: House, things: Things) -> None:
    """And what is expected follows from them."""
    things.show(GARAGE, "open", current_position=100)
    form = await begin(home, GARAGE, "cover.set_cover_position")
    assert expected(form) == {}
    await home.hass.config_entries.subentries.async_configure(
        form["flow_id"], {"position": 30, "timeout": {"seconds": 20}, "title": "Air"}
    )
    await home.settle()
    things.reaction = lambda call: things.show(
        GARAGE, "open", current_position=call.data["position"]
    )
    await home.hass.services.async_call(
        "button", "press", {"entity_id": "button.air_send"}, blocking=True
    )
    await home.settle()
    assert home.state("sensor.air_last_command").state == "success"


async def test_a_toggle_is_not_filled_in(home: House) -> None:
    """What it leads to depends on when the button is pressed."""
    form = await begin(home, LAMP, "light.toggle")
    assert expected(form) == {}


async def test_an_entity_of_which_nothing_is_known_cannot_be_saved(
    home: House, things: Things
) -> None:
    """There is nothing to press."""
    things.show("sensor.rain", "5")
    flow = home.hass.config_entries.subentries
    form = await flow.async_init((home.entry.entry_id, "command"), context={"source": SOURCE_USER})
    form = await flow.async_configure(form["flow_id"], {"target": "sensor.rain"})
    assert form["errors"] == {"base": "no_commands"}
    form = await flow.async_configure(form["flow_id"], {"target": DOOR})
    assert form["step_id"] == "command"


async def test_an_action_that_went_away_expects_nothing(home: House) -> None:
    """Its integration was unloaded while the form was open; pressing the button will say so."""
    flow = home.hass.config_entries.subentries
    form = await flow.async_init((home.entry.entry_id, "command"), context={"source": SOURCE_USER})
    form = await flow.async_configure(form["flow_id"], {"target": DOOR})
    home.hass.services.async_remove("lock", "lock")
    form = await flow.async_configure(form["flow_id"], {"command": "lock.lock"})
    assert expected(form) == {}


def test_what_the_form_cannot_show_is_not_filled_in(home: House) -> None:
    """It has no field for an attribute; what the table says counts all the same."""
    provider = home.coordinator.provider
    door = provider.target(DOOR)
    assert door is not None
    clause = Clause(attribute="code_slot", values=(1,))
    expect = Expectation(entity=DOOR, clauses=(clause,))
    order = replace(provider.order([door], "lock.lock", {}), expect=expect)
    assert known_expectation(home.coordinator.house, order) == {}
