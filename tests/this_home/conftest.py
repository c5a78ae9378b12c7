"""A Home Assistant with a garage, a lock and an alarm, in which each does what its test says."""

from collections.abc import Callable
from typing import Any, Final
from unittest.mock import MagicMock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import config_validation as cv, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.command_status.const import (
    CONF_CREDENTIALS,
    CONF_ENTITIES,
    CONF_PROVIDER,
    DOMAIN,
)
from tests.house import House

GARAGE: Final = "cover.garage"
DOOR: Final = "lock.door"
ALARM: Final = "alarm_control_panel.alarm"
LAMP: Final = "light.lamp"

ACTIONS: Final = {
    "cover": ("open_cover", "close_cover", "set_cover_position", "toggle"),
    "lock": ("lock", "unlock"),
    "alarm_control_panel": ("alarm_disarm", "alarm_arm_away"),
    "light": ("turn_on", "turn_off", "toggle"),
}


class Things:
    """What stands in the house: it notes what it is told, and does nothing by itself."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Stand there."""
        self.hass = hass
        self.calls: list[ServiceCall] = []
        self.reaction: Callable[[ServiceCall], Any] = lambda _: None
        """What happens when an action is called, before it returns."""

    async def called(self, call: ServiceCall) -> None:
        """Note a call, and react."""
        self.calls.append(call)
        result = self.reaction(call)
        if result is not None:
            await result

    def show(self, entity_id: str, state: str, **attributes: Any) -> None:
        """Let an entity show a state."""
        self.hass.states.async_set(entity_id, state, attributes)


@pytest.fixture
def things(hass: HomeAssistant, entity_registry: er.EntityRegistry) -> Things:
    """Return the things of the house."""
    found = Things(hass)
    for domain, actions in ACTIONS.items():
        schema = vol.Schema(
            {
                **cv.ENTITY_SERVICE_FIELDS,
                vol.Optional("code"): cv.string,
                vol.Optional("position"): vol.All(vol.Coerce(int), vol.Range(0, 100)),
            }
        )
        for action in actions:
            hass.services.async_register(domain, action, found.called, schema)
    hass.services.async_register("notify", "all", found.called)
    for entity_id, state in ((GARAGE, "open"), (DOOR, "unlocked"), (ALARM, "armed_away")):
        domain, name = entity_id.split(".")
        entity_registry.async_get_or_create(domain, "things", name, suggested_object_id=name)
        found.show(entity_id, state, friendly_name=name.title())
    found.show(LAMP, "off")
    return found


@pytest.fixture
def home_entry(
    hass: HomeAssistant,
    enable_custom_integrations: None,  # noqa: ARG001 - comes first, or ours is not found
    entity_registry: er.EntityRegistry,
    things: Things,  # noqa: ARG001 - comes first, for there is nothing to choose before
) -> MockConfigEntry:
    """Return the account of the house, with the door and the lamp chosen."""
    door = entity_registry.async_get(DOOR)
    assert door is not None
    entry = MockConfigEntry(
        domain=DOMAIN,
        entry_id="this-home",
        title="This home",
        unique_id="home_home",
        data={CONF_PROVIDER: "home", CONF_CREDENTIALS: {}},
        options={CONF_ENTITIES: [door.id, LAMP]},
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def home(
    hass: HomeAssistant, frozen: FrozenDateTimeFactory, home_entry: MockConfigEntry
) -> House:
    """Return a Home Assistant with its own account loaded."""
    house = House(hass, frozen, MagicMock(), home_entry)
    assert await house.load()
    return house
