"""The actions `cancel_command` and `forget_command`: no more of a command is wanted."""

from typing import Final

from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import HomeAssistantError

from ..account.changing import async_cancel
from ..account.errors import invalid, translated_errors
from ..const import DOMAIN
from ..tracking import Phase, StillSendingError
from .action import Action
from .answering import response
from .caller import Caller
from .waiting import async_settled
from .words import ONE_COMMAND, command_of


async def _async_cancel(call: ServiceCall) -> ServiceResponse:
    """Stop a command."""
    caller = await Caller.async_of(call)
    coordinator, command = command_of(call)
    caller.require_control(coordinator, command.covered)
    if command.final:
        raise invalid("already_final", state=command.state.value)
    if command.phase is Phase.TAKEN and not coordinator.description.can_cancel:
        raise invalid("cannot_cancel", provider=coordinator.description.manufacturer)
    try:
        with translated_errors():
            await async_cancel(coordinator, command)
    except StillSendingError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="still_sending"
        ) from err
    followed = [(coordinator, command.tracking_id)]
    return response(caller, followed, await async_settled(followed))


async def _async_forget(call: ServiceCall) -> None:
    """Delete the record of a command."""
    caller = await Caller.async_of(call)
    coordinator, command = command_of(call)
    caller.require_control(coordinator, command.covered)
    await coordinator.async_forget(command.tracking_id)


CANCEL: Final = Action(name="cancel_command", handler=_async_cancel, fields=ONE_COMMAND)
FORGET: Final = Action(
    name="forget_command",
    handler=_async_forget,
    fields=ONE_COMMAND,
    response=SupportsResponse.NONE,
)
