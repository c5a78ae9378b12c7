"""The door at which Home Assistant asks for our triggers."""

from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant

from .automation import TRIGGERS

if TYPE_CHECKING:
    from homeassistant.helpers.trigger import Trigger


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers that are offered."""
    return TRIGGERS
