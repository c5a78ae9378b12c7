"""Other entities of this home are followed from now on: those that stay do not flicker."""

import asyncio

from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.command_status.const import CONF_ENTITIES, DOMAIN
from tests.house import House, going

from .conftest import DOOR, GARAGE, LAMP, Things


@pytest.fixture
def gone(hass: HomeAssistant, home: House) -> list[str]:  # noqa: ARG001 - loaded before
    """Return a list to which every entity is added that becomes unavailable, or goes."""
    return going(hass)


def lasting(home: House, entity_id: str) -> str:
    """Return the id of an entity that no new name changes."""
    entity = er.async_get(home.hass).async_get(entity_id)
    assert entity is not None
    return entity.id


async def choose(home: House, *entities: str) -> None:
    """Choose the entities that are followed."""
    home.hass.config_entries.async_update_entry(home.entry, options={CONF_ENTITIES: list(entities)})
    await home.settle()


async def call(home: House, domain: str, action: str, entity_id: str) -> None:
    """Call an action as somebody else does."""
    data = {"entity_id": entity_id}
    await home.hass.services.async_call(domain, action, data, blocking=True)
    await home.settle()


async def lock(home: House, things: Things) -> None:
    """Lock the door, which is seen and told."""
    things.reaction = lambda _: things.show(DOOR, "locked")
    await call(home, "lock", "lock", DOOR)
    assert home.state("sensor.door_last_command").state == "success"


async def test_an_entity_that_is_chosen_too_is_followed_at_once(
    home: House, things: Things, gone: list[str]
) -> None:
    """And those that were chosen before stay as they are."""
    account = home.coordinator
    await choose(home, lasting(home, DOOR), LAMP, lasting(home, GARAGE))
    assert home.coordinator is account
    assert home.state("sensor.garage_last_command").state == "unknown"
    things.reaction = lambda _: things.show(GARAGE, "closed")
    await call(home, "cover", "close_cover", GARAGE)
    assert home.state("sensor.garage_last_command").state == "success"
    assert gone == []


async def test_an_entity_that_is_chosen_no_longer_goes_alone(
    home: House, things: Things, gone: list[str]
) -> None:
    """What is done to it is followed no more; chosen again it is there again."""
    door = lasting(home, DOOR)
    await choose(home, LAMP)
    assert set(gone) == {"sensor.door_last_command", "event.door_outcome"}
    await call(home, "lock", "lock", DOOR)
    assert await home.act("get_commands") == []
    gone.clear()
    await choose(home, LAMP, door)
    await lock(home, things)
    assert gone == []


async def test_what_runs_meanwhile_is_followed_to_its_end(
    home: House, things: Things, gone: list[str]
) -> None:
    """It is performed once, and nobody takes it for interrupted."""
    go_on = asyncio.Event()

    async def reaction() -> None:
        await go_on.wait()
        things.show(DOOR, "locked")

    things.reaction = lambda _: reaction()
    performed = asyncio.create_task(
        home.act("perform_action", action="lock.lock", target={"entity_id": DOOR}, wait=True)
    )
    await home.breathe()
    home.hass.config_entries.async_update_entry(home.entry, options={CONF_ENTITIES: [LAMP]})
    await home.breathe()
    assert "sensor.door_last_command" in gone
    go_on.set()
    (record,) = await performed
    assert (record["state"], record["evidence"]) == ("success", "seen")
    assert [each.service for each in things.calls] == ["lock"]
    assert not [entity_id for entity_id in gone if "door" not in entity_id]


async def test_there_is_nothing_to_sign_in_to(home: House, things: Things, gone: list[str]) -> None:
    """Who goes through the dialogue all the same changes nothing, also of what is chosen."""
    await choose(home, lasting(home, DOOR))
    gone.clear()
    flows = home.hass.config_entries.flow
    context = {"source": SOURCE_RECONFIGURE, "entry_id": home.entry.entry_id}
    form = await flows.async_init(DOMAIN, context=context)  # type: ignore[arg-type]
    result = await flows.async_configure(form["flow_id"], {})
    await home.settle()
    assert result["reason"] == "reconfigure_successful"
    await lock(home, things)
    assert gone == []
