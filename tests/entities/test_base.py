"""What all entities have in common: their devices, their names, when they come and go."""

from types import MappingProxyType

from homeassistant.config_entries import ConfigSubentry
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.command_status.const import DOMAIN, SUBENTRY_COMMAND

from ..house import GATE, House

ENTITIES = {
    "binary_sensor.my_gate_connection": "gate-account_connection",
    "event.cellar_pump_outcome": "gate-account_dev-9/1_command",
    "event.garage_outcome": "gate-account_dev-8/1_command",
    "event.gate_relay_1_outcome": "gate-account_dev-7/1_command",
    "event.gate_relay_2_outcome": "gate-account_dev-7/2_command",
    "event.my_gate_outcome": "gate-account_command",
    "sensor.cellar_pump_last_command": "gate-account_dev-9/1_command",
    "sensor.garage_last_command": "gate-account_dev-8/1_command",
    "sensor.gate_relay_1_last_command": "gate-account_dev-7/1_command",
    "sensor.gate_relay_2_last_command": "gate-account_dev-7/2_command",
    "sensor.my_gate_last_command": "gate-account_last_command",
    "sensor.my_gate_pending_commands": "gate-account_pending_commands",
}


def entities(house: House) -> list[er.RegistryEntry]:
    """Return the registered entities of the account."""
    return er.async_entries_for_config_entry(er.async_get(house.hass), house.entry.entry_id)


async def test_every_target_has_a_sensor_and_an_event(house: House) -> None:
    """Their unique ids are built from the entry's id, for the account behind it may change."""
    assert {entity.entity_id: entity.unique_id for entity in entities(house)} == ENTITIES


@pytest.mark.parametrize(
    ("entity_id", "name"),
    [
        ("sensor.gate_relay_1_last_command", "Gate Relay 1 last command"),
        ("event.gate_relay_2_outcome", "Gate Relay 2 outcome"),
        ("sensor.my_gate_last_command", "My gate Last command"),
        ("sensor.my_gate_pending_commands", "My gate Pending commands"),
        ("event.my_gate_outcome", "My gate Outcome"),
    ],
)
async def test_names_say_which_relay(house: House, entity_id: str, name: str) -> None:
    """They are translated, and the number is filled in."""
    assert house.state(entity_id).attributes["friendly_name"] == name


async def test_entities_sit_on_the_device_of_their_target(house: House) -> None:
    """And the account's on its own."""
    account = dr.async_get(house.hass).async_get_device_by_identifier(
        (DOMAIN, house.entry.entry_id), house.entry.entry_id
    )
    assert account is not None
    of_account = {entity.entity_id for entity in entities(house) if entity.device_id == account.id}
    gate = house.device("dev-7").id
    of_gate = {entity.entity_id for entity in entities(house) if entity.device_id == gate}
    assert of_account == {entity_id for entity_id in ENTITIES if ".my_gate_" in entity_id}
    assert of_gate == {entity_id for entity_id in ENTITIES if ".gate_relay_" in entity_id}


async def test_a_device_that_is_bought_later_gets_its_entities(house: House) -> None:
    """With the next list; those that are there are left alone."""
    house.cloud.configure({"extra_devices": 1})
    await house.coordinator.async_refresh()
    await house.settle()
    new = {entity.entity_id for entity in entities(house)} - ENTITIES.keys()
    assert new == {"event.relay_box_1_outcome", "sensor.relay_box_1_last_command"}


async def test_an_entity_can_be_renamed_in_place(house: House) -> None:
    """Nothing here depends on its id."""
    er.async_get(house.hass).async_update_entity(
        "sensor.gate_relay_1_last_command", new_entity_id="sensor.front_gate"
    )
    await house.settle()
    await house.send()
    assert house.state("sensor.front_gate").state == "success"
    assert house.hass.states.get("sensor.gate_relay_1_last_command") is None


async def test_only_sensors_of_a_target_that_is_not_listed_are_unavailable(house: House) -> None:
    """Its event may still tell, and the account goes on."""
    house.cloud.remove_device("dev-8")
    await house.coordinator.async_refresh()
    unavailable = {
        state.entity_id for state in house.hass.states.async_all() if state.state == "unavailable"
    }
    assert unavailable == {"sensor.garage_last_command"}


async def test_a_saved_command_has_a_device_of_its_own(house: House) -> None:
    """Its sensor and event tell about what was sent from it, and about nothing else."""
    data = {"target": GATE, "command": "ON", "parameters": {}, "timeout": 60.0}
    subentry = ConfigSubentry(
        data=MappingProxyType(data),
        subentry_type=SUBENTRY_COMMAND,
        title="Let me in",
        unique_id=None,
    )
    house.hass.config_entries.async_add_subentry(house.entry, subentry)
    await house.settle()
    await house.send(command="OFF")
    assert house.state("sensor.let_me_in_last_command").state == "unknown"
    await house.wait(4)
    fired = house.watch("event.let_me_in_outcome")
    await house.hass.services.async_call(
        "button", "press", {"entity_id": "button.let_me_in_send"}, blocking=True
    )
    sensor = house.state("sensor.let_me_in_last_command")
    assert (sensor.state, sensor.attributes["command"], len(fired)) == ("success", "ON", 1)
    saved = {
        entity.entity_id: entity.unique_id
        for entity in entities(house)
        if entity.config_subentry_id == subentry.subentry_id
    }
    assert saved == {
        "button.let_me_in_send": f"gate-account_{subentry.subentry_id}_send",
        "event.let_me_in_outcome": f"gate-account_{subentry.subentry_id}_command",
        "sensor.let_me_in_last_command": f"gate-account_{subentry.subentry_id}_command",
    }


async def test_a_command_of_nobody_has_no_context(house: House) -> None:
    """Home Assistant then makes a new one, as for everything that happens by itself."""
    coordinator = house.coordinator
    target = coordinator.data.targets[GATE]
    order = coordinator.provider.order([target], "ON", {})
    await coordinator.intake.async_send([order], window=30.0)
    await house.settle()
    assert house.outcomes() == ["success"]
    assert house.announced[0].context.user_id is None
