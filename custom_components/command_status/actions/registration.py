"""The table of all actions, and how Home Assistant learns of them."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
import voluptuous as vol

from ..const import DOMAIN
from .action import Action
from .ending import CANCEL, FORGET
from .following import TRACK
from .listing import GET
from .sending import SEND
from .updating import UPDATE

ACTIONS: Final[tuple[Action, ...]] = (SEND, TRACK, GET, CANCEL, FORGET, UPDATE)


@callback
def async_register_actions(hass: HomeAssistant) -> None:
    """Register the actions."""
    for action in ACTIONS:
        hass.services.async_register(
            DOMAIN,
            action.name,
            action.handler,
            schema=vol.Schema(dict(action.fields)),
            supports_response=action.response,
        )
