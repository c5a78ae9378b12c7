"""The action `send_command`: sends a command to each target and tracks it."""

from collections.abc import Iterable, Sequence
from typing import Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..account.coordinator import CommandStatusCoordinator
from ..account.errors import invalid, translated_errors
from ..account.expecting import ATTR_EXPECT, expectation_of, expecting
from ..providers.base import Order, Target
from .action import Action
from .answering import told
from .caller import Caller
from .waiting import async_answers, async_outcomes
from .words import (
    ATTR_COMMAND,
    ATTR_CONFIG_ENTRY_ID,
    ATTR_CONFIRM,
    ATTR_PARAMETERS,
    ATTR_TAG,
    ATTR_TARGET,
    ATTR_WAIT,
    FOLLOWED,
    account_of,
    device_of,
    target_of,
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
    orders: dict[CommandStatusCoordinator, dict[str, Order]] = {}
    for coordinator, candidates in _candidates(call):
        with translated_errors():
            order = coordinator.provider.order(
                candidates, call.data[ATTR_COMMAND], call.data[ATTR_PARAMETERS]
            )
        orders.setdefault(coordinator, {})[order.target.id] = order
    return {coordinator: list(by_target.values()) for coordinator, by_target in orders.items()}


def _expecting(
    call: ServiceCall, coordinator: CommandStatusCoordinator, orders: Sequence[Order]
) -> list[Order]:
    """Return orders that expect what the caller does; raises ServiceValidationError."""
    expect = expectation_of(coordinator.house, call.data.get(ATTR_EXPECT))
    return [expecting(order, expect) for order in orders]


def _candidates(call: ServiceCall) -> list[tuple[CommandStatusCoordinator, Sequence[Target]]]:
    """Return the targets that each device, or each target id, of a call may mean."""
    devices = call.data.get(ATTR_DEVICE_ID)
    targets = call.data.get(ATTR_TARGET)
    entry_id = call.data.get(ATTR_CONFIG_ENTRY_ID)
    if devices and targets is None and entry_id is None:
        return [_targets_on(call.hass, device_id) for device_id in devices]
    if targets and entry_id is not None and devices is None:
        coordinator = account_of(call.hass, entry_id)
        return [(coordinator, [target_of(coordinator, text)]) for text in targets]
    raise invalid("device_or_target")


def _targets_on(
    hass: HomeAssistant, device_id: str
) -> tuple[CommandStatusCoordinator, Sequence[Target]]:
    """Return the targets of a device; raises ServiceValidationError where none is listed now."""
    coordinator, device = device_of(hass, device_id)
    targets = coordinator.data.on_device(device)
    if not targets:
        raise invalid("device_not_found", device=device_id)
    return coordinator, targets


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
        vol.Optional(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string]),
        vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Optional(ATTR_TARGET): vol.All(cv.ensure_list, [cv.string]),
        vol.Required(ATTR_COMMAND): cv.string,
        vol.Optional(ATTR_PARAMETERS, default=dict): dict,
        vol.Optional(ATTR_CONFIRM, default=False): cv.boolean,
        **FOLLOWED,
    },
)
