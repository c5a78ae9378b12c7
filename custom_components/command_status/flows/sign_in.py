"""One sign-in at a provider, as a conversation from the first form to an account."""

import asyncio
from collections.abc import Mapping
from traceback import format_tb
from typing import Any, Final

from aiohttp import ClientSession, CookieJar, DummyCookieJar
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_create_clientsession

from ..account.descriptions import async_read_descriptions
from ..const import LOGGER
from ..providers.base import Account, Challenge, ProviderDescription
from ..providers.errors import ProviderError, SignInError
from ..tracking import NOTHING

ERRORS: Final = frozenset(
    {
        "cannot_connect",
        "check_failed",
        "client_blocked",
        "code_expired",
        "insecure_url",
        "invalid_auth",
        "invalid_code",
        "invalid_description",
        "invalid_url",
        "missing_permission",
        "not_json",
        "rate_limited",
        "session_lost",
        "unknown",
        "update_required",
    }
)
"""What a form can say about what was typed; each has a text."""


class Conversation:
    """One sign-in at a provider, and where it gets its HTTP sessions from."""

    def __init__(
        self,
        hass: HomeAssistant,
        description: ProviderDescription,
        known: Mapping[str, str] = NOTHING,
    ) -> None:
        """Begin; makes no request. `known` are the credentials of an account that there is."""
        self._description = description
        self._private: list[ClientSession] = []
        self._hass = hass
        self.shared = async_create_clientsession(
            hass, auto_cleanup=False, cookie_jar=DummyCookieJar()
        )
        """A session without cookies, over the connections that Home Assistant shares."""
        self.known = known
        self._sign_in = description.sign_in(self)
        self._turn = asyncio.Lock()

    async def descriptions(self) -> Mapping[str, Any]:
        """Return the descriptions of APIs that can be used."""
        return await async_read_descriptions(self._hass)

    def private(self) -> ClientSession:
        """Return a session with cookies of its own, over the same connections.

        Home Assistant's own function for this makes sessions that must not be closed; an owner that
        closes its session needs one that it may close.
        """
        session = ClientSession(
            connector=self.shared.connector,
            connector_owner=False,
            cookie_jar=CookieJar(unsafe=True, quote_cookie=False),
        )
        self._private.append(session)
        return session

    async def submit(self, step: str, values: Mapping[str, Any]) -> Account | Challenge | str:
        """Try what was typed; return what came of it, or the word for what is wrong with it."""
        try:
            async with self._turn:
                return await self._sign_in.submit(step, values)
        except ProviderError as err:
            word = err.text_key if isinstance(err, SignInError) else err.key
            if word in ERRORS - {"unknown"}:
                return word
            LOGGER.warning(
                "The sign-in at %s failed: %s (%s)", self._description.manufacturer, err, err.code
            )
        except Exception as err:  # noqa: BLE001 - whatever it is, the user can try again
            # Where it happened, without its message: that may hold what was typed.
            LOGGER.error(
                "Unexpected %s during the sign-in at %s:\n%s",
                type(err).__name__,
                self._description.manufacturer,
                "".join(format_tb(err.__traceback__)),
            )
        return "unknown"

    async def close(self) -> None:
        """End the conversation, after a request that is still under way."""
        async with self._turn:
            try:
                await self._sign_in.close()
            finally:
                for session in self._private:
                    await session.close()
                self.shared.detach()
