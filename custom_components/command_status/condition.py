"""The door at which Home Assistant asks for our conditions."""

from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant

from .automation import CONDITIONS

if TYPE_CHECKING:
    from homeassistant.helpers.condition import Condition


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions that are offered."""
    return CONDITIONS
