"""What a call may name: devices and entities, areas, floors and labels of ours."""

from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
import pytest

from custom_components.command_status.const import DOMAIN

from ..house import GARAGE, GATE, LIGHT, House


def entity_of(house: House, key: str, platform: str = Platform.SENSOR) -> str:
    """Return an entity of the account by the rest of its unique id."""
    unique_id = f"{house.entry.entry_id}_{key}"
    entity_id = er.async_get(house.hass).async_get_entity_id(platform, DOMAIN, unique_id)
    assert entity_id is not None, key
    return entity_id


def relay(house: House, target: str, platform: str = Platform.SENSOR) -> str:
    """Return the sensor, or the event, of a relay."""
    return entity_of(house, f"{target}_command", platform)


async def reached(house: House, **where: Any) -> list[str]:
    """Send ON and return the targets that it went to, in the order of the records."""
    call = house.act("send_command", command="ON", **where)
    return [record["target"] for record in await house.during(call)]


async def refusal(house: House, **data: Any) -> tuple[str | None, dict[str, str]]:
    """Send what is to be refused, and return the reason with its words."""
    with pytest.raises(ServiceValidationError) as raised:
        await house.order(**{"command": "ON", **data})
    assert house.cloud.counts["create"] == 0
    return raised.value.translation_key, dict(raised.value.translation_placeholders or {})


@pytest.mark.parametrize("platform", [Platform.SENSOR, Platform.EVENT])
async def test_an_entity_of_a_relay_means_that_relay(house: House, platform: str) -> None:
    """Nobody has to know its number."""
    assert await reached(house, entity_id=relay(house, LIGHT, platform)) == [LIGHT]


async def test_targets_are_reached_once_and_in_the_order_of_the_call(house: House) -> None:
    """Devices come first, then entities; sensor and event of a relay are one relay."""
    found = await reached(
        house,
        entity_id=[relay(house, LIGHT), relay(house, GATE), relay(house, GATE, Platform.EVENT)],
        device_id=house.device("dev-8").id,
    )
    assert found == [GARAGE, LIGHT, GATE]


async def test_the_relay_of_an_entity_may_be_said_and_must_be_right(house: House) -> None:
    """A parameter that contradicts the target is a mistake, not a wish."""
    light = relay(house, LIGHT)
    key, words = await refusal(house, entity_id=light, parameters={"relay": 1})
    assert (key, words["accepted"]) == ("invalid_parameter", "2")
    assert await reached(house, entity_id=light, parameters={"relay": 2}) == [LIGHT]


async def test_a_group_means_its_members(hass: HomeAssistant, house: House) -> None:
    """As with every action of Home Assistant."""
    members = [relay(house, GARAGE), relay(house, GATE)]
    hass.states.async_set("group.gates", "on", {"entity_id": members})
    assert sorted(await reached(house, entity_id="group.gates")) == [GATE, GARAGE]


async def test_an_area_a_floor_and_a_label_mean_every_target_in_them(
    hass: HomeAssistant, house: House
) -> None:
    """Each relay of a device, and what else is there is passed by."""
    floor = fr.async_get(hass).async_create("Outside")
    yard = ar.async_get(hass).async_create("Yard", floor_id=floor.floor_id)
    label = lr.async_get(hass).async_create("Gates")
    registry = er.async_get(hass)
    other = registry.async_get_or_create("light", "other", "1")
    registry.async_update_entity(other.entity_id, area_id=yard.id)
    dr.async_get(hass).async_update_device(
        house.device("dev-7").id, area_id=yard.id, labels={label.label_id}
    )
    for where in ({"area_id": yard.id}, {"floor_id": floor.floor_id}, {"label_id": label.label_id}):
        assert await reached(house, **where) == [GATE, LIGHT]
        await house.wait(4)


async def test_in_an_area_an_account_is_passed_by(hass: HomeAssistant, house: House) -> None:
    """It is there for people to look at, and nobody meant to command it."""
    yard = ar.async_get(hass).async_create("Yard")
    devices = dr.async_get(hass)
    for device in dr.async_entries_for_config_entry(devices, house.entry.entry_id):
        devices.async_update_device(device.id, area_id=yard.id)
    assert GARAGE in await reached(house, area_id=yard.id)


async def test_an_area_without_anything_of_ours_is_an_error(
    hass: HomeAssistant, house: House
) -> None:
    """A command that reaches nobody is not a success."""
    yard = ar.async_get(hass).async_create("Yard")
    assert await refusal(house, area_id=yard.id) == ("nothing_meant", {"action": "ON"})
    assert await refusal(house, area_id="no-such") == ("nothing_meant", {"action": "ON"})


async def test_nobody_in_the_area_knows_the_command(hass: HomeAssistant, house: House) -> None:
    """Then there is nothing to be done, and that is said."""
    yard = ar.async_get(hass).async_create("Yard")
    dr.async_get(hass).async_update_device(house.device("dev-7").id, area_id=yard.id)
    found = await refusal(house, area_id=yard.id, command="thumbnail")
    assert found == ("nothing_meant", {"action": "thumbnail"})
    key, _ = await refusal(house, entity_id=relay(house, GATE), command="thumbnail")
    assert key == "unknown_command"


async def test_what_else_is_wrong_in_an_area_is_an_error(hass: HomeAssistant, house: House) -> None:
    """Only those that do not know the command are passed by."""
    yard = ar.async_get(hass).async_create("Yard")
    dr.async_get(hass).async_update_device(house.device("dev-7").id, area_id=yard.id)
    key, _ = await refusal(house, area_id=yard.id, parameters={"colour": "red"})
    assert key == "unknown_parameter"


async def test_a_device_that_is_named_keeps_its_meaning_beside_its_area(
    hass: HomeAssistant, house: House
) -> None:
    """Of a device with several relays, the parameter chooses one, and the area adds no other."""
    device = house.device("dev-7").id
    yard = ar.async_get(hass).async_create("Yard")
    dr.async_get(hass).async_update_device(device, area_id=yard.id)
    found = await reached(house, device_id=device, area_id=yard.id, parameters={"relay": 2})
    assert found == [LIGHT]


async def test_an_account_says_what_it_is(house: House) -> None:
    """And what to choose instead."""
    found = await refusal(house, entity_id=entity_of(house, "last_command"))
    assert found == ("account_meant", {"name": "My gate"})


async def test_a_saved_command_says_what_it_is(hass: HomeAssistant, house: House) -> None:
    """Its button sends it."""
    data = {"target": GATE, "command": "ON", "parameters": {}, "timeout": 60.0}
    subentry = ConfigSubentry(
        data=MappingProxyType(data), subentry_type="command", title="Open the gate", unique_id=None
    )
    hass.config_entries.async_add_subentry(house.entry, subentry)
    await house.settle()
    saved = subentry.subentry_id
    found = ("saved_command_meant", {"name": "Open the gate"})
    assert await refusal(house, entity_id=entity_of(house, f"{saved}_command")) == found
    assert await refusal(house, device_id=house.device(saved).id) == found


async def test_an_entity_without_a_device_is_called_by_its_id(
    hass: HomeAssistant, house: House
) -> None:
    """There is no other name for it."""
    account = entity_of(house, "last_command")
    er.async_get(hass).async_update_entity(account, device_id=None)
    assert await refusal(house, entity_id=account) == ("account_meant", {"name": account})


@pytest.mark.parametrize("entity_id", ["light.other_1", "light.no_such"])
async def test_an_entity_of_somebody_else_is_refused(
    hass: HomeAssistant, house: House, entity_id: str
) -> None:
    """What other entities do is performed by another action, and the error names it."""
    er.async_get(hass).async_get_or_create("light", "other", "1")
    assert await refusal(house, entity_id=entity_id) == ("entity_not_ours", {"entity": entity_id})


@pytest.mark.parametrize("where", [{"entity_id": "none"}, {"device_id": "none"}])
async def test_none_means_nothing(house: House, where: dict[str, str]) -> None:
    """Home Assistant has a word for it, which templates may give."""
    assert (await refusal(house, **where))[0] == "device_or_target"


async def test_more_than_a_thousand_in_an_area_are_refused(
    hass: HomeAssistant, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a list."""
    yard = ar.async_get(hass).async_create("Yard")
    dr.async_get(hass).async_update_device(house.device("dev-7").id, area_id=yard.id)
    monkeypatch.setattr("custom_components.command_status.account.sizes.MOST_ITEMS", 1)
    key, words = await refusal(house, area_id=yard.id)
    assert (key, words) == ("too_many_items", {"field": "target", "maximum": "1"})


async def test_a_device_that_nothing_is_known_of_any_more_is_refused(
    hass: HomeAssistant, house: House
) -> None:
    """The registry may keep for longer what an account has let go."""
    entry_id = house.entry.entry_id
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry_id, identifiers={(DOMAIN, f"{entry_id}_dev-1")}, name="Old gate"
    )
    assert await refusal(house, device_id=device.id) == ("device_not_found", {"device": "Old gate"})
