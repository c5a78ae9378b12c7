"""The WebSocket commands: live commands, their statistics, and what else a reader must know."""

from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .account.accounts import loaded_accounts
from .account.rights import may_read, may_read_account
from .const import CONF_PROVIDER, DOMAIN
from .panel.feed import Feed
from .panel.registration import BUNDLE
from .panel.selection import Selection
from .tracking import CommandState

DEFAULT_LIMIT: Final = 100


@callback
def async_register_commands(hass: HomeAssistant) -> None:
    """Register the commands, which exist whether or not an account is loaded."""
    for command in (_subscribe, _statistics, _about):
        websocket_api.async_register_command(hass, command)


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/subscribe",
        vol.Optional("config_entry_id"): cv.string,
        vol.Optional(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string]),
        vol.Optional(ATTR_ENTITY_ID): vol.All(cv.ensure_list, [cv.entity_id]),
        vol.Optional("state"): vol.All(cv.ensure_list, [vol.In([s.value for s in CommandState])]),
        vol.Optional("tag"): cv.string,
        vol.Optional("limit", default=DEFAULT_LIMIT): vol.All(vol.Coerce(int), vol.Range(min=0)),
    }
)
@callback
def _subscribe(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, message: dict[str, Any]
) -> None:
    """Tell what matches, and then every change."""
    feed = Feed(hass, connection, message["id"], Selection.from_message(hass, message))
    connection.subscriptions[message["id"]] = feed.stop
    connection.send_result(message["id"])
    feed.begin(message["limit"])


@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/statistics"})
@callback
def _statistics(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, message: dict[str, Any]
) -> None:
    """Tell how often, how well and how fast commands ended in the last 7 days."""
    rows = [
        {"config_entry_id": coordinator.config_entry.entry_id, **figures}
        for coordinator in loaded_accounts(hass)
        for figures in coordinator.display.statistics.figures(coordinator.now)
        if may_read(hass, connection.user, coordinator.config_entry.entry_id, [figures["target"]])
    ]
    connection.send_result(message["id"], {"statistics": rows})


@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/about"})
@callback
def _about(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, message: dict[str, Any]
) -> None:
    """Tell the time here, the version of the files that browsers load, and what accounts are."""
    entries = [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN, include_disabled=False)
        if may_read_account(hass, connection.user, entry.entry_id)
    ]
    told = {
        "now": dt_util.utcnow().timestamp(),
        "version": hass.data.get(BUNDLE, ""),
        "accounts": {entry.entry_id: entry.title for entry in entries},
        "providers": {entry.entry_id: entry.data[CONF_PROVIDER] for entry in entries},
    }
    connection.send_result(message["id"], told)
