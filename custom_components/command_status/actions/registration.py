"""The table of all actions, and how Home Assistant learns of them."""

from functools import partial
from typing import Final

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback
import voluptuous as vol

from ..account.sizes import require_sizes
from ..const import DOMAIN
from .action import Action
from .ending import CANCEL, FORGET
from .following import TRACK
from .listing import GET
from .performing import PERFORM
from .sending import SEND
from .updating import UPDATE

ACTIONS: Final[tuple[Action, ...]] = (SEND, PERFORM, TRACK, GET, CANCEL, FORGET, UPDATE)


@callback
def async_register_actions(hass: HomeAssistant) -> None:
    """Register the actions."""
    for action in ACTIONS:
        hass.services.async_register(
            DOMAIN,
            action.name,
            partial(_async_perform, action),
            schema=vol.Schema(dict(action.fields)),
            supports_response=action.response,
        )


async def _async_perform(action: Action, call: ServiceCall) -> ServiceResponse:
    """Perform an action, unless something in its call is too large."""
    require_sizes(call.data)
    return await action.handler(call)
