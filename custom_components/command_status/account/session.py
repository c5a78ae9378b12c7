"""The HTTP session of an account: without cookies, over the connections that all share."""

from aiohttp import ClientSession, DummyCookieJar
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

DATA_SESSIONS: HassKey[dict[str, ClientSession]] = HassKey(f"{DOMAIN}.sessions")


@callback
def session_of(hass: HomeAssistant, entry_id: str) -> ClientSession:
    """Return the session of an account; the same each time it is loaded.

    An action may still have something to ask with it while the account is loaded again, or is
    removed, so it ends with Home Assistant. It holds nothing: its connections are those of all.
    """
    of_accounts = hass.data.setdefault(DATA_SESSIONS, {})
    if entry_id not in of_accounts:
        session = async_create_clientsession(hass, auto_cleanup=False, cookie_jar=DummyCookieJar())

        @callback
        def let_go(_event: Event) -> None:
            session.detach()

        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, let_go)
        of_accounts[entry_id] = session
    return of_accounts[entry_id]
