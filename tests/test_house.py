"""The doors of Home Assistant that a provider is given."""

from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
import pytest
import voluptuous as vol

from custom_components.command_status.house import HomeAssistantHouse
from custom_components.command_status.providers.errors import ProviderRefusedError
from custom_components.command_status.providers.house import EntityState, House

DOOR = "cover.garage"
MARK = "01KAW2ZM7Q0000000000000000"


@pytest.fixture
def doors(hass: HomeAssistant) -> House:
    """Return the doors."""
    return HomeAssistantHouse(hass)


def test_a_state_is_what_home_assistant_shows(hass: HomeAssistant, doors: House) -> None:
    """With its attributes, and nothing of an entity that does not exist."""
    hass.states.async_set(DOOR, "open", {"current_position": 100})
    shown = doors.state(DOOR)
    assert shown == EntityState(entity_id=DOOR, state="open", attributes={"current_position": 100})
    assert doors.state("cover.barn") is None


async def test_changes_are_told_until_nobody_wants_them(hass: HomeAssistant, doors: House) -> None:
    """Those of this entity, a removal included."""
    seen: list[EntityState | None] = []
    stop = doors.watch(DOOR, seen.append)
    hass.states.async_set(DOOR, "opening")
    hass.states.async_set("cover.barn", "open")
    hass.states.async_remove(DOOR)
    await hass.async_block_till_done()
    stop()
    hass.states.async_set(DOOR, "closed")
    await hass.async_block_till_done()
    assert [state and state.state for state in seen] == ["opening", None]


async def test_an_action_is_performed_to_its_end(hass: HomeAssistant, doors: House) -> None:
    """It has returned when the call has; it bears the mark, and the rights of who asked."""
    called: list[tuple[Any, ...]] = []

    async def close(call: ServiceCall) -> None:
        called.append((call.data, call.context.id, call.context.user_id))

    hass.services.async_register("cover", "close_cover", close)
    await doors.perform("cover.close_cover", {"entity_id": DOOR}, mark=MARK, user_id="anna")
    assert called == [({"entity_id": DOOR}, MARK, "anna")]


@pytest.mark.parametrize(
    "error",
    [HomeAssistantError("the motor is hot"), vol.Invalid("the motor is hot")],
    ids=["failed", "refused"],
)
async def test_an_action_that_raises_is_refused_in_its_words(
    hass: HomeAssistant, doors: House, error: Exception
) -> None:
    """They are the reason that people read."""

    async def close(_: ServiceCall) -> None:
        raise error

    hass.services.async_register("cover", "close_cover", close)
    with pytest.raises(ProviderRefusedError, match="the motor is hot"):
        await doors.perform("cover.close_cover", {}, mark=MARK, user_id=None)


async def test_an_action_that_does_not_exist_is_refused(doors: House) -> None:
    """As one that its integration took away."""
    with pytest.raises(ProviderRefusedError, match="not found"):
        await doors.perform("cover.close_cover", {}, mark=MARK, user_id=None)
