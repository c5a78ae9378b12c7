"""The action `track_command`: follows a command that someone else sent."""

from typing import Final

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..account.errors import translated_errors
from ..account.expecting import ATTR_EXPECT, expectation_of
from .action import Action
from .answering import told
from .caller import Caller
from .waiting import async_outcomes, async_settled
from .words import (
    ATTR_COMMAND_ID,
    ATTR_CONFIG_ENTRY_ID,
    ATTR_NETWORK_ID,
    ATTR_TAG,
    ATTR_TARGET,
    ATTR_WAIT,
    FOLLOWED,
    account_of,
    window_of,
)


async def _async_track(call: ServiceCall) -> ServiceResponse:
    """Follow a command that someone else sent."""
    caller = await Caller.async_of(call)
    coordinator = account_of(call.hass, call.data[ATTR_CONFIG_ENTRY_ID])
    caller.require_control_of_some(coordinator)
    window = window_of(call, coordinator)
    expect = expectation_of(coordinator.house, call.data.get(ATTR_EXPECT))
    with translated_errors():
        account, sightings = await coordinator.async_ask(
            coordinator.provider.find(
                call.data[ATTR_COMMAND_ID],
                call.data.get(ATTR_NETWORK_ID),
                call.data.get(ATTR_TARGET),
            )
        )
    for sighting in sightings:
        caller.require_control(account, sighting.covers or (sighting.target,))
    ids = await account.intake.async_track(
        sightings,
        window=window,
        tag=call.data.get(ATTR_TAG),
        context=call.context,
        expect=expect,
    )
    followed = [(account, tracking_id) for tracking_id in ids]
    if call.data[ATTR_WAIT]:
        return told(caller, followed, await async_outcomes(followed))
    return told(caller, followed, await async_settled(followed))


TRACK: Final = Action(
    name="track_command",
    handler=_async_track,
    fields={
        vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Required(ATTR_COMMAND_ID): cv.string,
        vol.Optional(ATTR_NETWORK_ID): cv.string,
        vol.Optional(ATTR_TARGET): cv.string,
        **FOLLOWED,
    },
)
