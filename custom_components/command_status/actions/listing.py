"""The action `get_commands`: lists commands, the newest first."""

from typing import Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..account.accounts import loaded_accounts
from .action import Action
from .answering import records
from .caller import Caller
from .words import (
    ATTR_CONFIG_ENTRY_ID,
    ATTR_LIMIT,
    ATTR_STATE,
    ATTR_TAG,
    account_of,
    device_of,
    state_of,
)

DEFAULT_LIMIT: Final = 100
NOT_NEGATIVE: Final = vol.Range(min=0)


async def _async_get(call: ServiceCall) -> ServiceResponse:
    """List commands, the newest first."""
    caller = await Caller.async_of(call)
    if (entry_id := call.data.get(ATTR_CONFIG_ENTRY_ID)) is not None:
        accounts = [account_of(call.hass, entry_id)]
    else:
        accounts = loaded_accounts(call.hass)
    words = call.data.get(ATTR_STATE)
    states = None if words is None else {state_of(word) for word in words}
    devices = call.data.get(ATTR_DEVICE_ID)
    owned = {device_of(call.hass, device_id) for device_id in devices or ()}
    tag = call.data.get(ATTR_TAG)
    found = [
        (coordinator, command)
        for coordinator in accounts
        for command in map(coordinator.display.shown, coordinator.tracker)
        if (states is None or command.state in states)
        and (tag is None or command.tag == tag)
        and (devices is None or (coordinator, command.device) in owned)
        and caller.may_read(coordinator, command)
    ]
    found.sort(key=lambda pair: pair[1].tracking_id, reverse=True)
    return records(caller, found[: call.data[ATTR_LIMIT]])


GET: Final = Action(
    name="get_commands",
    handler=_async_get,
    fields={
        vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Optional(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string]),
        vol.Optional(ATTR_STATE): vol.All(cv.ensure_list, [cv.string]),
        vol.Optional(ATTR_TAG): cv.string,
        vol.Optional(ATTR_LIMIT, default=DEFAULT_LIMIT): vol.All(vol.Coerce(int), NOT_NEGATIVE),
    },
    response=SupportsResponse.ONLY,
)
