"""The action `update_command`: sets the state of a command at the provider."""

from typing import Final

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..account.changing import async_update
from ..account.errors import invalid, translated_errors
from .action import Action
from .answering import response
from .caller import Caller
from .waiting import async_settled
from .words import ATTR_REASON, ATTR_STATE, ONE_COMMAND, command_id_of


async def _async_update(call: ServiceCall) -> ServiceResponse:
    """Set the state of a command at the provider."""
    caller = await Caller.async_of(call)
    coordinator, command_id = command_id_of(call)
    known = coordinator.intake.find(command_id)
    # Of a command that is not followed, nobody knows here what it acts on.
    caller.require_control(coordinator, () if known is None else known.covered)
    description = coordinator.description
    if not description.update_states:
        raise invalid("update_not_supported", provider=description.manufacturer)
    word = call.data.get(ATTR_STATE)
    reason = call.data.get(ATTR_REASON)
    if word is None and reason is None:
        raise invalid("nothing_to_update")
    state = None if word is None else description.update_states.get(word.lower())
    if word is not None and state is None:
        accepted = ", ".join(description.update_states)
        raise invalid("invalid_state", state=word, states=accepted)
    with translated_errors():
        account, sighting = await async_update(coordinator, command_id, state, reason)
    if (known := account.intake.find(command_id)) is not None:
        followed = [(account, known.tracking_id)]
    else:
        ids = await account.intake.async_track(
            [sighting], window=account.window_of(), context=call.context
        )
        followed = [(account, tracking_id) for tracking_id in ids]
    return response(caller, followed, await async_settled(followed))


UPDATE: Final = Action(
    name="update_command",
    handler=_async_update,
    fields={
        **ONE_COMMAND,
        vol.Optional(ATTR_STATE): cv.string,
        vol.Optional(ATTR_REASON): cv.string,
    },
)
