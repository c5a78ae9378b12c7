"""The actions: what users, automations and scripts call."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv, device_registry as dr, service
import voluptuous as vol

from .const import DOMAIN, MAX_TIMEOUT, MIN_TIMEOUT
from .coordinator import CommandStatusConfigEntry, CommandStatusCoordinator
from .errors import invalid, translated_errors
from .following import (
    Followed,
    async_answers,
    async_outcomes,
    async_settled,
    raise_for_failures,
    raise_for_refusals,
)
from .providers.base import Order, Target
from .records import device_identifier
from .tracking import Command, CommandState, Phase, StillSendingError

ATTR_COMMAND: Final = "command"
ATTR_COMMAND_ID: Final = "command_id"
ATTR_CONFIG_ENTRY_ID: Final = "config_entry_id"
ATTR_CONFIRM: Final = "confirm"
ATTR_LIMIT: Final = "limit"
ATTR_NETWORK_ID: Final = "network_id"
ATTR_PARAMETERS: Final = "parameters"
ATTR_REASON: Final = "reason"
ATTR_STATE: Final = "state"
ATTR_TAG: Final = "tag"
ATTR_TARGET: Final = "target"
ATTR_TIMEOUT: Final = "timeout"
ATTR_TRACKING_ID: Final = "tracking_id"
ATTR_WAIT: Final = "wait"

DEFAULT_LIMIT: Final = 100
NOT_NEGATIVE: Final = vol.Range(min=0)

FOLLOWED: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_TIMEOUT): vol.Coerce(float),
    vol.Optional(ATTR_TAG): cv.string,
    vol.Optional(ATTR_WAIT, default=False): cv.boolean,
}
ONE_COMMAND: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_TRACKING_ID): cv.string,
    vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
    vol.Optional(ATTR_COMMAND_ID): cv.string,
}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, handler, schema, response in (
        (
            "send_command",
            _async_send,
            {
                vol.Optional(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string]),
                vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
                vol.Optional(ATTR_TARGET): vol.All(cv.ensure_list, [cv.string]),
                vol.Required(ATTR_COMMAND): cv.string,
                vol.Optional(ATTR_PARAMETERS, default=dict): dict,
                vol.Optional(ATTR_CONFIRM, default=False): cv.boolean,
                **FOLLOWED,
            },
            SupportsResponse.OPTIONAL,
        ),
        (
            "track_command",
            _async_track,
            {
                vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string,
                vol.Required(ATTR_COMMAND_ID): cv.string,
                vol.Optional(ATTR_NETWORK_ID): cv.string,
                **FOLLOWED,
            },
            SupportsResponse.OPTIONAL,
        ),
        (
            "get_commands",
            _async_get,
            {
                vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
                vol.Optional(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string]),
                vol.Optional(ATTR_STATE): vol.All(cv.ensure_list, [cv.string]),
                vol.Optional(ATTR_TAG): cv.string,
                vol.Optional(ATTR_LIMIT, default=DEFAULT_LIMIT): vol.All(
                    vol.Coerce(int), NOT_NEGATIVE
                ),
            },
            SupportsResponse.ONLY,
        ),
        ("cancel_command", _async_cancel, ONE_COMMAND, SupportsResponse.OPTIONAL),
        ("forget_command", _async_forget, ONE_COMMAND, SupportsResponse.NONE),
        (
            "update_command",
            _async_update,
            {
                **ONE_COMMAND,
                vol.Optional(ATTR_STATE): cv.string,
                vol.Optional(ATTR_REASON): cv.string,
            },
            SupportsResponse.OPTIONAL,
        ),
    ):
        hass.services.async_register(
            DOMAIN,
            name,
            handler,
            schema=vol.Schema(schema),
            supports_response=response,
        )


# The handlers


async def _async_send(call: ServiceCall) -> ServiceResponse:
    """Send a command to each target and track it."""
    sends = _orders_of(call)
    for coordinator, orders in sends.items():
        await _async_require_confirmation(call, coordinator, orders)
    windows = {coordinator: _window(call, coordinator) for coordinator in sends}
    followed: list[tuple[CommandStatusCoordinator, str]] = []
    for coordinator, orders in sends.items():
        ids = await coordinator.async_send(
            orders,
            window=windows[coordinator],
            tag=call.data.get(ATTR_TAG),
            context=call.context,
        )
        followed.extend((coordinator, tracking_id) for tracking_id in ids)
    if call.data[ATTR_WAIT]:
        return _told(call, followed, await async_outcomes(followed))
    return _told(call, followed, await async_answers(followed))


async def _async_track(call: ServiceCall) -> ServiceResponse:
    """Follow a command that someone else sent."""
    coordinator = _account(call.hass, call.data[ATTR_CONFIG_ENTRY_ID])
    window = _window(call, coordinator)
    with translated_errors():
        sightings = await coordinator.connection.async_ask(
            coordinator.provider.find(call.data[ATTR_COMMAND_ID], call.data.get(ATTR_NETWORK_ID))
        )
    ids = await coordinator.async_track(
        sightings, window=window, tag=call.data.get(ATTR_TAG), context=call.context
    )
    followed = [(coordinator, tracking_id) for tracking_id in ids]
    if call.data[ATTR_WAIT]:
        return _told(call, followed, await async_outcomes(followed))
    return _told(call, followed, await async_settled(followed))


async def _async_get(call: ServiceCall) -> ServiceResponse:
    """List commands, the newest first."""
    if (entry_id := call.data.get(ATTR_CONFIG_ENTRY_ID)) is not None:
        accounts = [_account(call.hass, entry_id)]
    else:
        accounts = _accounts(call.hass)
    words = call.data.get(ATTR_STATE)
    states = None if words is None else {_state(word) for word in words}
    devices = call.data.get(ATTR_DEVICE_ID)
    owned = {_device(call.hass, device_id) for device_id in devices or ()}
    tag = call.data.get(ATTR_TAG)
    found = [
        (coordinator, command)
        for coordinator in accounts
        for command in map(coordinator.display.shown, coordinator.tracker)
        if (states is None or command.state in states)
        and (tag is None or command.tag == tag)
        and (devices is None or (coordinator, command.device) in owned)
    ]
    found.sort(key=lambda pair: pair[1].tracking_id, reverse=True)
    return _records(found[: call.data[ATTR_LIMIT]])


async def _async_cancel(call: ServiceCall) -> ServiceResponse:
    """Stop a command."""
    coordinator, command = _command(call)
    if command.final:
        raise invalid("already_final", state=command.state.value)
    if command.phase is Phase.TAKEN and not coordinator.description.can_cancel:
        raise invalid("cannot_cancel", provider=coordinator.description.manufacturer)
    try:
        with translated_errors():
            await coordinator.async_cancel(command)
    except StillSendingError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="still_sending"
        ) from err
    followed = [(coordinator, command.tracking_id)]
    return _response(call, followed, await async_settled(followed))


async def _async_forget(call: ServiceCall) -> None:
    """Delete the record of a command."""
    coordinator, command = _command(call)
    await coordinator.async_forget(command.tracking_id)


async def _async_update(call: ServiceCall) -> ServiceResponse:
    """Set the state of a command at the provider."""
    coordinator, command_id = _command_id(call)
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
        sighting = await coordinator.async_update(command_id, state, reason)
    known = coordinator.find(command_id)
    if known is not None:
        followed = [(coordinator, known.tracking_id)]
    else:
        ids = await coordinator.async_track(
            [sighting], window=coordinator.window, context=call.context
        )
        followed = [(coordinator, tracking_id) for tracking_id in ids]
    return _response(call, followed, await async_settled(followed))


# What the words of a call mean


def _account(hass: HomeAssistant, entry_id: str) -> CommandStatusCoordinator:
    """Return a loaded account; raises ServiceValidationError."""
    entry: CommandStatusConfigEntry = service.async_get_config_entry(hass, DOMAIN, entry_id)
    return entry.runtime_data


def _accounts(hass: HomeAssistant) -> list[CommandStatusCoordinator]:
    """Return all loaded accounts."""
    entries: list[CommandStatusConfigEntry] = hass.config_entries.async_entries(DOMAIN)
    return [entry.runtime_data for entry in entries if entry.state is ConfigEntryState.LOADED]


def _device(hass: HomeAssistant, device_id: str) -> tuple[CommandStatusCoordinator, str]:
    """Return the account of a device and the device's key there; raises ServiceValidationError."""
    device = dr.async_get(hass).async_get(device_id)
    if device is None:
        raise invalid("device_not_found", device=device_id)
    entry_id = device.config_entry_id
    coordinator = _account(hass, entry_id)
    for target in coordinator.data.targets.values():
        if device_identifier(entry_id, target.device) in device.identifiers:
            return coordinator, target.device
    raise invalid("device_not_found", device=device.name or device_id)


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


def _candidates(call: ServiceCall) -> list[tuple[CommandStatusCoordinator, Sequence[Target]]]:
    """Return the targets that each device, or each target id, of a call may mean."""
    devices = call.data.get(ATTR_DEVICE_ID)
    targets = call.data.get(ATTR_TARGET)
    entry_id = call.data.get(ATTR_CONFIG_ENTRY_ID)
    if devices and targets is None and entry_id is None:
        return [_targets_on(call.hass, device_id) for device_id in devices]
    if targets and entry_id is not None and devices is None:
        coordinator = _account(call.hass, entry_id)
        return [(coordinator, [_target(coordinator, text)]) for text in targets]
    raise invalid("device_or_target")


def _targets_on(
    hass: HomeAssistant, device_id: str
) -> tuple[CommandStatusCoordinator, Sequence[Target]]:
    """Return the targets of a device; raises ServiceValidationError where none is listed now."""
    coordinator, device = _device(hass, device_id)
    targets = coordinator.data.on_device(device)
    if not targets:
        raise invalid("device_not_found", device=device_id)
    return coordinator, targets


def _target(coordinator: CommandStatusCoordinator, text: str) -> Target:
    """Return the target that an id means, or the unique name of a device where names are taken."""
    listed = {
        target_id: target
        for target_id, target in coordinator.data.targets.items()
        if coordinator.data.lists(target_id)
    }
    if text in listed:
        return listed[text]
    if coordinator.description.named_targets:
        named = [target for target in listed.values() if target.name == text]
        if len(named) == 1:
            return named[0]
        if named:
            raise invalid("ambiguous_target", target=text)
    raise invalid("unknown_target", target=text, targets=_some(listed))


def _command(call: ServiceCall) -> tuple[CommandStatusCoordinator, Command]:
    """Return the command that a call is about; raises ServiceValidationError."""
    tracking_id = call.data.get(ATTR_TRACKING_ID)
    entry_id = call.data.get(ATTR_CONFIG_ENTRY_ID)
    command_id = call.data.get(ATTR_COMMAND_ID)
    if tracking_id is not None and entry_id is None and command_id is None:
        for coordinator in _accounts(call.hass):
            if (command := coordinator.tracker.get(tracking_id)) is not None:
                return coordinator, command
        raise invalid("command_not_found")
    if tracking_id is None and entry_id is not None and command_id is not None:
        coordinator = _account(call.hass, entry_id)
        if (command := coordinator.find(command_id)) is not None:
            return coordinator, command
        raise invalid("command_not_found")
    raise invalid("tracking_or_command_id")


def _command_id(call: ServiceCall) -> tuple[CommandStatusCoordinator, str]:
    """Return the provider's id of the command that a call is about; it need not be known here."""
    command_id = call.data.get(ATTR_COMMAND_ID)
    entry_id = call.data.get(ATTR_CONFIG_ENTRY_ID)
    if ATTR_TRACKING_ID not in call.data and entry_id and command_id:
        return _account(call.hass, entry_id), command_id
    coordinator, command = _command(call)
    if command.command_id is None:
        raise invalid("no_command_id")
    return coordinator, command.command_id


def _state(word: str) -> CommandState:
    """Return a state; raises ServiceValidationError."""
    try:
        return CommandState(word)
    except ValueError as err:
        raise invalid("invalid_state", state=word, states=", ".join(CommandState)) from err


def _window(call: ServiceCall, coordinator: CommandStatusCoordinator) -> float:
    """Return the wait window of a call, in seconds; raises ServiceValidationError."""
    window: float | None = call.data.get(ATTR_TIMEOUT)
    if window is None:
        return coordinator.window
    if not MIN_TIMEOUT <= window <= MAX_TIMEOUT:
        raise invalid("timeout_range", minimum=f"{MIN_TIMEOUT:g}", maximum=f"{MAX_TIMEOUT:g}")
    return window


async def _async_require_confirmation(
    call: ServiceCall, coordinator: CommandStatusCoordinator, orders: Iterable[Order]
) -> None:
    """Refuse what destroys data or locks people out, unless an administrator confirms it."""
    dangerous = [o.command for o in orders if o.command in coordinator.description.confirm]
    if not dangerous:
        return
    if not call.data[ATTR_CONFIRM]:
        raise invalid("confirm_required", command=dangerous[0])
    if call.context.user_id is not None:
        user = await call.hass.auth.async_get_user(call.context.user_id)
        if user is None or not user.is_admin:
            raise invalid("admin_required", command=dangerous[0])


def _some(words: Mapping[str, Any], most: int = 10) -> str:
    """Return some of many words, for a text."""
    shown = ", ".join(list(words)[:most])
    return f"{shown}, ..." if len(words) > most else shown


# The response


def _told(call: ServiceCall, followed: Followed, commands: Sequence[Command]) -> ServiceResponse:
    """Return the records to a caller who asks for them; raise for one who does not."""
    if not call.return_response:
        (raise_for_failures if call.data[ATTR_WAIT] else raise_for_refusals)(commands)
    return _response(call, followed, commands)


def _response(
    call: ServiceCall, followed: Followed, commands: Sequence[Command]
) -> ServiceResponse:
    """Return the records of followed commands, where the caller asks for them."""
    if not call.return_response:
        return None
    accounts = [coordinator for coordinator, _ in followed]
    return _records(list(zip(accounts, commands, strict=True)))


def _records(pairs: Sequence[tuple[CommandStatusCoordinator, Command]]) -> ServiceResponse:
    """Return the response that every action gives."""
    return {"commands": [coordinator.display.record(command) for coordinator, command in pairs]}
