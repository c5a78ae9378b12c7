"""The response of an action, and the error for a caller who asks for none."""

from collections.abc import Sequence

from homeassistant.core import ServiceCall, ServiceResponse

from ..account.coordinator import CommandStatusCoordinator
from ..tracking import Command
from .waiting import Followed, raise_for_failures, raise_for_refusals
from .words import ATTR_WAIT


def told(call: ServiceCall, followed: Followed, commands: Sequence[Command]) -> ServiceResponse:
    """Return the records to a caller who asks for them; raise for one who does not."""
    if not call.return_response:
        (raise_for_failures if call.data[ATTR_WAIT] else raise_for_refusals)(commands)
    return response(call, followed, commands)


def response(call: ServiceCall, followed: Followed, commands: Sequence[Command]) -> ServiceResponse:
    """Return the records of followed commands, where the caller asks for them."""
    if not call.return_response:
        return None
    accounts = [coordinator for coordinator, _ in followed]
    return records(list(zip(accounts, commands, strict=True)))


def records(pairs: Sequence[tuple[CommandStatusCoordinator, Command]]) -> ServiceResponse:
    """Return the response that every action gives."""
    return {"commands": [coordinator.display.record(command) for coordinator, command in pairs]}
