"""Chosen entities are followed whoever acts on them."""

from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.command_status.account.records import find_device
from custom_components.command_status.account.settings import Saved
from custom_components.command_status.const import CONF_ENTITIES, SUBENTRY_COMMAND
from custom_components.command_status.logbook import async_describe_events
from tests.house import House

from .conftest import ALARM, DOOR, GARAGE, LAMP, Things


async def call(home: House, action: str, context: Context | None = None, **data: Any) -> None:
    """Call an action as a dashboard does."""
    domain, _, service = action.partition(".")
    await home.hass.services.async_call(domain, service, data, blocking=True, context=context)
    await home.settle()


async def commands(home: House) -> list[dict[str, Any]]:
    """Return the commands, the newest first."""
    return await home.act("get_commands", config_entry_id=home.entry.entry_id)


async def test_a_call_of_a_dashboard_is_followed(home: House, things: Things) -> None:
    """Queued, sent, and a success when the door is locked, without any automation changed."""
    states = home.watch("sensor.this_home_last_command")
    await call(home, "lock.lock", Context(user_id="anna"), entity_id=DOOR, code="4711")
    things.show(DOOR, "locking")
    await home.settle()
    things.show(DOOR, "locked")
    await home.settle()
    (record,) = await commands(home)
    assert (record["state"], record["reason"], record["evidence"]) == ("success", None, "seen")
    assert record["parameters"] == {"code": "**REDACTED**"}
    assert record["target"] == DOOR
    assert list(dict.fromkeys(states)) == ["queued", "sent", "in_progress", "success"]
    assert [(event.data["state"], event.context.user_id) for event in home.announced] == [
        ("success", "anna")
    ]


async def test_whoever_acted_asked_for_it(home: House) -> None:
    """A followed action has somebody behind it, as one that is sent has."""
    await call(home, "lock.lock", Context(user_id="anna"), entity_id=DOOR, code="4711")
    (record,) = await commands(home)
    assert record["asked_by"] == {"user_id": "anna", "source": "user"}


async def test_what_was_not_chosen_is_not_followed(home: House) -> None:
    """The garage is nobody's business."""
    await call(home, "cover.close_cover", entity_id=GARAGE)
    assert await commands(home) == []


async def test_what_leaves_no_trace_is_not_followed(home: House, things: Things) -> None:
    """A toggle of a lamp whose state nobody knows leads nowhere in particular."""
    things.show(LAMP, "unknown")
    await call(home, "light.toggle", entity_id=LAMP)
    assert await commands(home) == []


async def test_one_wish_is_one_command(home: House, things: Things, hass: HomeAssistant) -> None:
    """Home Assistant turns its own general action into one of the platform."""
    await async_setup_component(hass, "homeassistant", {})
    things.reaction = lambda _: things.show(LAMP, "on")
    await call(home, "homeassistant.turn_on", entity_id=LAMP)
    (record,) = await commands(home)
    assert (record["command"], record["state"]) == ("homeassistant.turn_on", "success")


async def test_two_wishes_of_one_run_are_two_commands(home: House, things: Things) -> None:
    """An automation may lock the door and unlock it again."""
    context = Context()
    await call(home, "light.turn_on", context, entity_id=LAMP)
    things.show(LAMP, "on")
    await call(home, "light.turn_off", context, entity_id=LAMP)
    things.show(LAMP, "off")
    await home.settle()
    assert [record["state"] for record in await commands(home)] == ["success", "success"]


async def test_what_we_perform_is_followed_once(home: House, things: Things) -> None:
    """Also when its entity is a chosen one."""
    things.reaction = lambda _: things.show(DOOR, "locked")
    await home.act("perform_action", action="lock.lock", target={"entity_id": DOOR}, wait=True)
    assert len(await commands(home)) == 1


async def test_a_call_for_everything_means_the_chosen_ones(home: House, things: Things) -> None:
    """All lights, and this is one."""
    things.show(LAMP, "on")
    await call(home, "light.turn_off", entity_id="all")
    assert [record["target"] for record in await commands(home)] == [LAMP]


async def test_what_somebody_did_and_nobody_saw_is_a_timeout(home: House, things: Things) -> None:
    """Whether the call raised is not told to those who only listen."""
    await call(home, "lock.lock", entity_id=DOOR)
    await home.wait(62, step=2)
    (record,) = await commands(home)
    assert (record["state"], record["reason"], record["evidence"]) == ("timeout", None, "missing")
    things.show(DOOR, "locked")
    await home.settle()
    (record,) = await commands(home)
    assert (record["state"], record["late"]) == ("success", True)


async def test_a_lamp_that_is_on_within_two_seconds_costs_no_save(
    home: House, things: Things
) -> None:
    """A house switches lights all day, from an SD card."""
    things.reaction = lambda _: things.show(LAMP, "on")
    with home.count_saves() as saves:
        await call(home, "light.turn_on", entity_id=LAMP)
        await home.wait(5)
        assert home.outcomes() == ["success"]
        assert saves == []


async def test_a_door_that_takes_its_time_is_on_disk(home: House, things: Things) -> None:
    """What lasts survives a crash."""
    with home.count_saves() as saves:
        await call(home, "lock.lock", entity_id=DOOR)
        assert saves == []
        await home.wait(3)
        assert saves == [1]
    assert await home.reload()
    things.show(DOOR, "locked")
    await home.settle()
    (record,) = await commands(home)
    assert (record["state"], record["evidence"]) == ("success", "seen")


async def test_a_renamed_entity_is_followed_on(
    home: House, things: Things, entity_registry: er.EntityRegistry
) -> None:
    """Before, after, and while a command is open."""
    await call(home, "lock.lock", entity_id=DOOR)
    entity_registry.async_update_entity(DOOR, new_entity_id="lock.front")
    home.hass.states.async_remove(DOOR)
    things.show("lock.front", "locked")
    await home.settle()
    (record,) = await commands(home)
    assert (record["state"], record["target"]) == ("success", "lock.front")
    await call(home, "lock.unlock", entity_id="lock.front")
    assert [record["target"] for record in await commands(home)] == ["lock.front"] * 2


async def test_the_entities_sit_on_the_device_of_the_chosen_one(
    hass: HomeAssistant,
    home: House,
    things: Things,
    entity_registry: er.EntityRegistry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """Nothing else of that device changes, and nothing of it goes with us."""
    owner = MockConfigEntry(domain="things")
    owner.add_to_hass(hass)
    device = device_registry.async_get_or_create(
        config_entry_id=owner.entry_id, identifiers={("things", "door")}, name="Front door"
    )
    entity_registry.async_update_entity(DOOR, device_id=device.id)
    assert await home.reload()
    ours = [
        entity.entity_id
        for entity in er.async_entries_for_device(entity_registry, device.id)
        if entity.platform == "command_status"
    ]
    assert sorted(entity_id.partition(".")[0] for entity_id in ours) == ["event", "sensor"]
    assert device_registry.async_get(device.id) == device
    things.reaction = lambda _: things.show(DOOR, "locked")
    await call(home, "lock.lock", entity_id=DOOR)
    (record,) = await commands(home)
    assert record["device_id"] == device.id
    assert {home.state(entity_id).state for entity_id in ours if "sensor" in entity_id} == {
        "success"
    }
    await hass.config_entries.async_remove(home.entry.entry_id)
    assert device_registry.async_get(device.id) == device


async def save(home: House, entity: str) -> dr.DeviceEntry:
    """Save an action on an entity, by the id that stays, and return the device of it."""
    saved = Saved(target=entity, command="lock.lock", parameters={}, window=60.0)
    subentry = ConfigSubentry(
        subentry_type=SUBENTRY_COMMAND,
        unique_id=None,
        title="Lock up",
        data=MappingProxyType(saved.to_plain()),
    )
    home.hass.config_entries.async_add_subentry(home.entry, subentry)
    await home.settle()
    return home.device(subentry.subentry_id)


async def test_a_saved_action_hangs_under_the_device_that_it_acts_on(
    home: House, entity_registry: er.EntityRegistry, device_registry: dr.DeviceRegistry
) -> None:
    """Of whatever integration; under the whole, where the entity sits on a part of it."""
    owner = MockConfigEntry(domain="things")
    owner.add_to_hass(home.hass)
    house = device_registry.async_get_or_create(
        config_entry_id=owner.entry_id, identifiers={("things", "house")}, name="House"
    )
    door = device_registry.async_get_or_create_child(
        config_entry_id=owner.entry_id,
        parent_device_id=house.id,
        identifiers={("things", "door")},
        name="Front door",
    )
    entity = entity_registry.async_update_entity(DOOR, device_id=house.id)
    assert (await save(home, entity.id)).via_device_id == house.id
    entity_registry.async_update_entity(DOOR, device_id=door.id)
    assert (await save(home, entity.id)).via_device_id == house.id


async def test_a_saved_action_without_a_device_above_hangs_under_the_account(
    home: House, entity_registry: er.EntityRegistry
) -> None:
    """A lamp has none, and nothing hangs under itself."""
    account = find_device(home.hass, home.entry.entry_id)
    assert account is not None
    device = await save(home, LAMP)
    assert device.via_device_id == account.id
    button = entity_registry.async_get("button.lock_up_send")
    assert button is not None
    (subentry,) = home.entry.subentries.values()
    pressed = {**subentry.data, "target": button.id, "command": "button.press"}
    home.hass.config_entries.async_update_subentry(home.entry, subentry, data=pressed)
    await home.settle()
    assert home.device(subentry.subentry_id).via_device_id == account.id


async def test_the_logbook_leads_to_the_entity_beside_the_one_that_was_acted_on(
    home: House, things: Things
) -> None:
    """Whether it is in the registry or not."""
    described: list[Any] = []
    async_describe_events(home.hass, lambda *told: described.append(told[2]))
    things.reaction = lambda _: things.show(DOOR, "locked")
    await call(home, "lock.lock", entity_id=DOOR)
    things.reaction = lambda _: things.show(LAMP, "on")
    await call(home, "light.turn_on", entity_id=LAMP)
    await home.settle()
    lines = [described[0](event) for event in home.announced]
    assert [line["entity_id"] for line in lines] == [
        "event.door_outcome",
        "event.light_lamp_outcome",
    ]


async def test_what_is_chosen_no_longer_loses_its_entities(
    hass: HomeAssistant, home: House, entity_registry: er.EntityRegistry
) -> None:
    """And nothing else does."""

    def ours() -> set[str]:
        entries = er.async_entries_for_config_entry(entity_registry, home.entry.entry_id)
        return {entry.entity_id for entry in entries}

    before = ours()
    hass.config_entries.async_update_entry(home.entry, options={CONF_ENTITIES: [LAMP]})
    await home.settle()
    gone = before - ours()
    assert gone == {entity_id for entity_id in before if "door" in entity_id}
    assert len(gone) == 2


async def test_a_thousand_followed_actions_wake_nobody(home: House, things: Things) -> None:
    """A change that concerns nobody costs nothing, and there is no polling at all."""
    assert home.coordinator.tracker.is_idle
    await call(home, "lock.lock", entity_id=DOOR)
    with home.count_writes() as written:
        things.show(ALARM, "disarmed")
        things.show(GARAGE, "closed")
        await home.settle()
    assert written == []
