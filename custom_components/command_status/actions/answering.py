"""The response of an action, and the error for a caller who asks for none."""

from collections.abc import Sequence

from homeassistant.core import ServiceResponse

from ..account.coordinator import CommandStatusCoordinator
from ..tracking import Command
from .caller import Caller
from .waiting import Followed, raise_for_failures, raise_for_refusals
from .words import ATTR_WAIT


def told(caller: Caller, followed: Followed, commands: Sequence[Command]) -> ServiceResponse:
    """Return the records to a caller who asks for them; raise for one who does not."""
    if not caller.call.return_response:
        raise_for = raise_for_failures if caller.call.data[ATTR_WAIT] else raise_for_refusals
        raise_for(followed, commands)
    return response(caller, followed, commands)


def response(caller: Caller, followed: Followed, commands: Sequence[Command]) -> ServiceResponse:
    """Return the records of followed commands, where the caller asks for them."""
    if not caller.call.return_response:
        return None
    accounts = [coordinator for coordinator, _ in followed]
    return records(caller, list(zip(accounts, commands, strict=True)))


def records(
    caller: Caller, pairs: Sequence[tuple[CommandStatusCoordinator, Command]]
) -> ServiceResponse:
    """Return the response that every action gives."""
    return {"commands": [caller.record(coordinator, command) for coordinator, command in pairs]}
