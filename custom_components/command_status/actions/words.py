"""The words of a call: its fields, and which account, device, target or command they mean."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import config_validation as cv, device_registry as dr, service
import voluptuous as vol

from ..account.accounts import loaded_accounts
from ..account.coordinator import CommandStatusConfigEntry, CommandStatusCoordinator
from ..account.errors import invalid
from ..account.expecting import ATTR_EXPECT, EXPECT
from ..account.sizes import require_window
from ..const import DOMAIN
from ..providers.base import Target
from ..tracking import Command, CommandState

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

FOLLOWED: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_TIMEOUT): vol.Any(
        vol.Coerce(float), vol.All(cv.time_period, timedelta.total_seconds)
    ),
    vol.Optional(ATTR_TAG): cv.string,
    vol.Optional(ATTR_WAIT, default=False): cv.boolean,
    vol.Optional(ATTR_EXPECT): EXPECT,
}
ONE_COMMAND: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_TRACKING_ID): cv.string,
    vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
    vol.Optional(ATTR_COMMAND_ID): cv.string,
}


def account_of(hass: HomeAssistant, entry_id: str) -> CommandStatusCoordinator:
    """Return a loaded account; raises ServiceValidationError."""
    entry: CommandStatusConfigEntry = service.async_get_config_entry(hass, DOMAIN, entry_id)
    return entry.runtime_data


def device_of(hass: HomeAssistant, device_id: str) -> tuple[CommandStatusCoordinator, str]:
    """Return the account of a device and the device's key there; raises ServiceValidationError."""
    device = dr.async_get(hass).async_get(device_id)
    if device is None:
        raise invalid("device_not_found", device=device_id)
    name = device.name_by_user or device.name or device_id
    ours = [identifier for domain, identifier in device.identifiers if domain == DOMAIN]
    if not ours:
        raise invalid("device_not_found", device=name)
    coordinator = account_of(hass, device.config_entry_id)
    key = ours[0].removeprefix(device.config_entry_id).removeprefix("_")
    if not key:
        raise invalid("account_meant", name=name)
    if key in coordinator.config_entry.subentries:
        raise invalid("saved_command_meant", name=name)
    if not coordinator.data.knows_device(key):
        raise invalid("device_not_found", device=name)
    return coordinator, key


def target_of(coordinator: CommandStatusCoordinator, text: str) -> Target:
    """Return the target that an id means, or the unique name of a device where names are taken."""
    if coordinator.data.lists(text):
        return coordinator.data.targets[text]
    if (known := coordinator.provider.target(text)) is not None:
        return known
    if coordinator.description.named_targets:
        named = coordinator.data.named(text)
        if len(named) == 1:
            return named[0]
        if named:
            raise invalid("ambiguous_target", target=text)
    raise invalid("unknown_target", target=text, targets=some_of(coordinator.data.listed))


def command_of(call: ServiceCall) -> tuple[CommandStatusCoordinator, Command]:
    """Return the command that a call is about; raises ServiceValidationError."""
    tracking_id = call.data.get(ATTR_TRACKING_ID)
    entry_id = call.data.get(ATTR_CONFIG_ENTRY_ID)
    command_id = call.data.get(ATTR_COMMAND_ID)
    if tracking_id is not None and entry_id is None and command_id is None:
        for coordinator in loaded_accounts(call.hass):
            if (command := coordinator.tracker.get(tracking_id)) is not None:
                return coordinator, command
        raise invalid("command_not_found")
    if tracking_id is None and entry_id is not None and command_id is not None:
        coordinator = account_of(call.hass, entry_id)
        if (command := coordinator.intake.find(command_id)) is not None:
            return coordinator, command
        raise invalid("command_not_found")
    raise invalid("tracking_or_command_id")


def command_id_of(call: ServiceCall) -> tuple[CommandStatusCoordinator, str]:
    """Return the provider's id of the command that a call is about; it need not be known here."""
    command_id = call.data.get(ATTR_COMMAND_ID)
    entry_id = call.data.get(ATTR_CONFIG_ENTRY_ID)
    if ATTR_TRACKING_ID not in call.data and entry_id and command_id:
        return account_of(call.hass, entry_id), command_id
    coordinator, command = command_of(call)
    if command.command_id is None:
        raise invalid("no_command_id")
    return coordinator, command.command_id


def state_of(word: str) -> CommandState:
    """Return a state; raises ServiceValidationError."""
    try:
        return CommandState(word)
    except ValueError as err:
        raise invalid("invalid_state", state=word, states=", ".join(CommandState)) from err


def window_of(
    call: ServiceCall, coordinator: CommandStatusCoordinator, command: str | None = None
) -> float:
    """Return the wait window of a call, in seconds; raises ServiceValidationError."""
    window: float | None = call.data.get(ATTR_TIMEOUT)
    if window is None:
        return coordinator.window_of(command)
    require_window(window)
    return window


def some_of(words: Sequence[str], most: int = 10) -> str:
    """Return some of many words, for a text."""
    shown = ", ".join(words[:most])
    return f"{shown}, ..." if len(words) > most else shown
