"""What happens rarely in a house, and must not break anything."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util.ulid import ulid_now
import pytest

from custom_components.command_status.providers.base import Query
from custom_components.command_status.providers.errors import (
    ProviderNotFoundError,
    ProviderUnsupportedError,
)
from custom_components.command_status.providers.home import provider as home_provider
from custom_components.command_status.tracking import Command, CommandState, Observation
from tests.house import House

from .conftest import DOOR, LAMP, Things


async def send(home: House, command: str, **data: Any) -> dict[str, Any]:
    """Send a command to the door, as to any other target."""
    (record,) = await home.act(
        "send_command", config_entry_id=home.entry.entry_id, target=DOOR, command=command, **data
    )
    return record


async def test_a_command_can_be_sent_to_an_entity_as_to_any_target(
    home: House, things: Things
) -> None:
    """Its own kind need not be named."""
    things.reaction = lambda _: things.show(DOOR, "locked")
    record = await send(home, "Lock", wait=True)
    assert (record["command"], record["state"], record["target"]) == (
        "lock.lock",
        "success",
        DOOR,
    )


async def test_an_action_that_does_not_exist_is_not_sent(home: House) -> None:
    """The error names those that do."""
    with pytest.raises(ServiceValidationError) as raised:
        await send(home, "dance")
    assert raised.value.translation_key == "unknown_command"
    assert "lock.lock" in (raised.value.translation_placeholders or {})["accepted"]


async def test_a_general_action_acts_on_what_has_one_of_that_name(
    hass: HomeAssistant, home: House, things: Things
) -> None:
    """A lock cannot be turned on, and says so."""
    await async_setup_component(hass, "homeassistant", {})
    things.reaction = lambda _: things.show(LAMP, "on")
    (record,) = await home.act(
        "perform_action",
        action="homeassistant.turn_on",
        target={"entity_id": LAMP},
        wait=True,
    )
    assert (record["state"], record["evidence"]) == ("success", "seen")
    with pytest.raises(ServiceValidationError) as raised:
        await home.act("perform_action", action="homeassistant.turn_on", target={"entity_id": DOOR})
    assert raised.value.translation_key == "entity_not_concerned"


async def test_an_action_of_an_integration_acts_on_its_own_entities(
    hass: HomeAssistant, home: House, things: Things, entity_registry: er.EntityRegistry
) -> None:
    """Nothing is expected of it, and what belongs to others is none of its business."""
    hass.services.async_register("things", "polish", things.called)
    (record,) = await home.act(
        "perform_action", action="things.polish", target={"entity_id": DOOR}, wait=True
    )
    assert (record["state"], record["evidence"]) == ("success", "none")
    foreign = entity_registry.async_get_or_create("lock", "others", "gate")
    things.show(foreign.entity_id, "locked")
    with pytest.raises(ServiceValidationError) as raised:
        await home.act(
            "perform_action", action="things.polish", target={"entity_id": foreign.entity_id}
        )
    assert raised.value.translation_key == "entity_not_concerned"


async def test_a_call_for_more_than_a_thousand_is_refused(home: House, things: Things) -> None:
    """Somebody meant something else."""
    for number in range(1001):
        home.hass.states.async_set(f"light.number_{number}", "off")
    lamps = [f"light.number_{number}" for number in range(1001)]
    with pytest.raises(ServiceValidationError) as raised:
        await home.act("perform_action", action="light.turn_on", target={"entity_id": lamps})
    assert raised.value.translation_key == "too_many_items"
    assert things.calls == []


async def test_wishes_are_forgotten_in_time(
    home: House, things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A house runs for years."""
    monkeypatch.setattr(home_provider, "REMEMBERED", 2)
    for _ in range(4):
        things.show(DOOR, "unlocked")
        await home.hass.services.async_call("lock", "lock", {"entity_id": DOOR}, blocking=True)
    await home.settle()
    assert len(await home.act("get_commands")) == 4


async def test_a_house_is_asked_nothing(home: House) -> None:
    """It has no ids of its own, and tells by itself."""
    provider = home.coordinator.provider
    with pytest.raises(ProviderUnsupportedError):
        await provider.check(Query(commands=()))
    with pytest.raises(ProviderNotFoundError):
        await provider.find("1", None)


async def test_a_saved_entity_that_is_gone_is_no_target(home: House) -> None:
    """Its id in the registry leads nowhere any more."""
    assert home.coordinator.target("0123456789abcdef0123456789abcdef") is None


async def test_an_entity_that_is_nowhere_is_no_target(home: House) -> None:
    """A command to it would wait for nothing."""
    with pytest.raises(ServiceValidationError) as raised:
        await home.act(
            "send_command", config_entry_id=home.entry.entry_id, target="lock.no", command="lock"
        )
    assert raised.value.translation_key == "unknown_target"


async def test_a_chosen_entity_that_is_not_there_yet_stays_chosen(
    hass: HomeAssistant, home: House
) -> None:
    """Its integration starts later than we do."""
    hass.states.async_remove(LAMP)
    assert await home.reload()
    assert home.state("sensor.light_lamp_last_command").state == "unknown"


async def test_a_chosen_entity_that_was_removed_is_no_target_any_more(
    home: House, entity_registry: er.EntityRegistry
) -> None:
    """Its id leads nowhere, and the other one is followed on."""
    entity_registry.async_remove(DOOR)
    assert await home.reload()
    await home.settle()
    assert [target.name for target in await home.coordinator.provider.targets()] == ["light.lamp"]


async def test_an_entity_that_is_not_there_is_waited_for(home: House, things: Things) -> None:
    """It may still come; nothing is called, and what is expected of it is not known."""
    home.hass.states.async_remove(LAMP)
    assert await home.reload()
    (record,) = await home.act(
        "send_command",
        config_entry_id=home.entry.entry_id,
        target=LAMP,
        command="turn_on",
        timeout=5,
    )
    assert (record["state"], record["evidence"]) == ("queued", "none")
    await home.wait(6)
    record = await home.record(record["tracking_id"])
    assert (record["state"], record["reason"]) == ("failure", "unavailable")
    assert things.calls == []


async def test_an_action_that_nobody_follows_is_done_all_the_same(
    home: House, things: Things
) -> None:
    """Where listening failed, its own word is still taken in."""
    provider = home.coordinator.provider
    door = provider.target(DOOR)
    assert door is not None
    order = provider.order([door], "lock.lock", {})
    command = Command(
        tracking_id=ulid_now(),
        target=order.target.id,
        target_name=order.target.name,
        command=order.command,
        created_at=home.coordinator.now,
        deadline=home.coordinator.now + 60,
    )
    outcomes = await provider.submit([command])
    assert outcomes == {
        command.tracking_id: Observation(state=CommandState.SUCCESS, provider_state="unlocked")
    }
    assert len(things.calls) == 1


async def test_an_account_that_is_closed_overhears_nothing(home: House, things: Things) -> None:
    """What it could not see through, it does not begin."""
    home.coordinator.intake.close()
    await home.hass.services.async_call("lock", "lock", {"entity_id": DOOR}, blocking=True)
    await home.settle()
    assert len(things.calls) == 1
    assert await home.act("get_commands") == []


async def test_an_entity_that_goes_as_it_is_called_is_refused(
    home: House, things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the two looks at it."""
    monkeypatch.setattr(home.coordinator, "target", lambda _: None)
    with pytest.raises(ServiceValidationError) as raised:
        await home.act("perform_action", action="lock.lock", target={"entity_id": DOOR})
    assert raised.value.translation_key == "entity_not_found"
    assert things.calls == []
