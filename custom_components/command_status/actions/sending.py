"""The action `send_command`: sends a command to each target and tracks it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..account.coordinator import CommandStatusCoordinator
from ..account.errors import invalid, translated_errors
from ..account.expecting import ATTR_EXPECT, expectation_of, expecting
from ..account.sizes import require_few
from ..providers.base import Order, Target
from ..providers.errors import ProviderInputError
from .action import Action
from .addressing import ADDRESS, addressees_of
from .answering import told
from .caller import Caller
from .waiting import async_answers, async_outcomes
from .words import (
    ATTR_COMMAND,
    ATTR_CONFIRM,
    ATTR_PARAMETERS,
    ATTR_TAG,
    ATTR_TARGET,
    ATTR_WAIT,
    FOLLOWED,
    window_of,
)


async def _async_send(call: ServiceCall) -> ServiceResponse:
    """Send a command to each target and track it."""
    caller = await Caller.async_of(call)
    sends = {
        coordinator: _expecting(call, coordinator, orders)
        for coordinator, orders in _orders_of(call).items()
    }
    for coordinator, orders in sends.items():
        caller.require_control(coordinator, [order.target.id for order in orders])
        _require_confirmation(caller, coordinator, orders)
    windows = {
        coordinator: window_of(call, coordinator, orders[0].command)
        for coordinator, orders in sends.items()
    }
    followed: list[tuple[CommandStatusCoordinator, str]] = []
    for coordinator, orders in sends.items():
        account = await coordinator.async_current()
        ids = await account.intake.async_send(
            orders,
            window=windows[coordinator],
            tag=call.data.get(ATTR_TAG),
            context=call.context,
        )
        followed.extend((account, tracking_id) for tracking_id in ids)
    if call.data[ATTR_WAIT]:
        return told(caller, followed, await async_outcomes(followed))
    return told(caller, followed, await async_answers(followed))


def _orders_of(call: ServiceCall) -> dict[CommandStatusCoordinator, list[Order]]:
    """Return what is to be sent by each account; raises ServiceValidationError."""
    meant = addressees_of(call)
    orders: dict[CommandStatusCoordinator, dict[str, Order]] = {}
    for coordinator, candidates in meant.named:
        with translated_errors():
            order = _order(call, coordinator, candidates)
        orders.setdefault(coordinator, {})[order.target.id] = order
    for coordinator, candidates in meant.nearby:
        with translated_errors(), _passing_by():
            order = _order(call, coordinator, candidates)
            orders.setdefault(coordinator, {}).setdefault(order.target.id, order)
    found = sum(map(len, orders.values()))
    if not found:
        raise invalid("nothing_meant", action=call.data[ATTR_COMMAND])
    require_few(ATTR_TARGET, found)
    return {coordinator: list(by_target.values()) for coordinator, by_target in orders.items()}


def _order(
    call: ServiceCall, coordinator: CommandStatusCoordinator, candidates: Sequence[Target]
) -> Order:
    """Return what is to be sent to one of these targets; raises ProviderInputError."""
    return coordinator.provider.order(
        candidates, call.data[ATTR_COMMAND], call.data[ATTR_PARAMETERS]
    )


@contextmanager
def _passing_by() -> Iterator[None]:
    """Pass by a target that does not know the command."""
    try:
        yield
    except ProviderInputError as err:
        if err.text_key != "unknown_command":
            raise


def _expecting(
    call: ServiceCall, coordinator: CommandStatusCoordinator, orders: Sequence[Order]
) -> list[Order]:
    """Return orders that expect what the caller does; raises ServiceValidationError."""
    expect = expectation_of(coordinator.house, call.data.get(ATTR_EXPECT))
    return [expecting(order, expect) for order in orders]


def _require_confirmation(
    caller: Caller, coordinator: CommandStatusCoordinator, orders: Iterable[Order]
) -> None:
    """Refuse what destroys data or locks people out, unless an administrator confirms it."""
    dangerous = [o.command for o in orders if o.command in coordinator.description.confirm]
    if not dangerous:
        return
    if not caller.call.data[ATTR_CONFIRM]:
        raise invalid("confirm_required", command=dangerous[0])
    if not caller.is_admin:
        raise invalid("admin_required", command=dangerous[0])


SEND: Final = Action(
    name="send_command",
    handler=_async_send,
    fields={
        **ADDRESS,
        vol.Required(ATTR_COMMAND): cv.string,
        vol.Optional(ATTR_PARAMETERS, default=dict): dict,
        vol.Optional(ATTR_CONFIRM, default=False): cv.boolean,
        **FOLLOWED,
    },
)
