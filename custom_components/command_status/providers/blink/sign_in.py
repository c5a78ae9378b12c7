"""Signing in: with a password, as the phone app does it, or with the user's own refresh token."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, override
from uuid import uuid4

from aiohttp import ClientTimeout
from yarl import URL

from ..base import Account, Challenge, Field, FieldKind, Form, Menu, Sessions, SignIn
from ..errors import (
    ProviderBlockedError,
    ProviderConnectionError,
    ProviderError,
    ProviderInterceptedError,
    ProviderNoAnswerError,
    ProviderOutdatedError,
    SignInError,
    cause_of,
)
from ..http import TIMEOUT, Reply, exchange
from ..words import Filter
from .auth import INVALID_CLIENT, Grant, fetch_grant, fields, refresh_form
from .browser import Browser
from .constants import (
    API_URL,
    API_USER_AGENT,
    AUTH_URL,
    CLIENT_ID,
    HOMESCREEN,
    TIER,
    TIER_URL,
    TOKEN_CLIENT_ID,
)
from .hosts import Hosts
from .models import first_network, is_own, number
from .pages import DENIED, refusal

_ADVANCED: Final = (
    Field(name="auth_url", kind=FieldKind.URL, required=False, default=AUTH_URL, advanced=True),
    Field(name="api_url", kind=FieldKind.URL, required=False, default=API_URL, advanced=True),
)

STEPS: Final[Mapping[str, Form | Menu]] = {
    "blink": Menu(options=("blink_password", "blink_token")),
    "blink_password": Form(
        fields=(
            Field(name="email", kind=FieldKind.EMAIL),
            Field(name="password", kind=FieldKind.SECRET),
            *_ADVANCED,
        )
    ),
    "blink_2fa": Form(fields=(Field(name="code"),)),
    "blink_token": Form(
        fields=(
            Field(name="refresh_token", kind=FieldKind.SECRET),
            Field(name="client_id", required=False),
            *_ADVANCED,
        )
    ),
}

TITLE: Final = "Blink"
"""Blink knows an account by its number and its owner's e-mail only, which are nobody's business; so
the name of its first network tells it from another."""

BRIEF: Final = ClientTimeout(total=10, connect=5)
"""Nobody waits longer for a name."""

DEAD_ENDS: Final = frozenset({"session_lost", "code_expired"})
"""After these no code can help any more: Blink sends a new one for a password only."""


class BlinkSignIn(SignIn):
    """One sign-in, until it is closed."""

    def __init__(self, sessions: Sessions) -> None:
        """Make no request yet."""
        self._sessions = sessions
        # Blink knows an installation by it. Upper case, because that is how the iPhone writes it.
        self._hardware_id = str(uuid4()).upper()
        self._browser: Browser | None = None
        self._grants: dict[str, Grant] = {}
        """What refresh tokens were exchanged for: the old one may serve no second time."""
        self._steps = {
            "blink_password": self._password,
            "blink_2fa": self._code,
            "blink_token": self._token,
        }

    @override
    async def submit(self, step: str, values: Mapping[str, Any]) -> Account | Challenge:
        """Try what the user typed.

        Raises SignInError `invalid_auth`, `invalid_code`, `code_expired`, `session_lost`,
        `update_required`, `invalid_url`, `insecure_url` or `unknown`; ProviderConnectionError,
        ProviderRateLimitError (too many sign-ins), ProviderBlockedError or ProviderOutdatedError.
        """
        try:
            return await self._steps[step](values)
        except (ProviderNoAnswerError, ProviderConnectionError) as err:
            if isinstance(cause_of(err), ProviderInterceptedError):
                raise ProviderBlockedError(err.message, code=err.code) from err
            raise ProviderConnectionError(err.message, code=err.code) from err

    @override
    async def close(self) -> None:
        """Close the browser, with its cookies."""
        if self._browser is not None:
            await self._browser.close()
            self._browser = None

    async def _password(self, values: Mapping[str, Any]) -> Account | Challenge:
        """Begin anew, with fresh cookies."""
        await self.close()
        hosts = Hosts.read(values)
        self._browser = browser = Browser(self._sessions.private(), hosts, self._hardware_id)
        await browser.open()
        challenge = await browser.sign_in(values["email"].strip(), values["password"])
        return challenge or await self._finish(browser)

    async def _code(self, values: Mapping[str, Any]) -> Account | Challenge:
        """Go on with the code; after a dead end, a sign-in can only begin anew."""
        if self._browser is None:
            return Challenge(step="blink_password")
        try:
            await self._browser.verify(values["code"].strip())
            return await self._finish(self._browser)
        except SignInError as err:
            if err.text_key in DEAD_ENDS:
                await self.close()
            raise

    async def _finish(self, browser: Browser) -> Account:
        """Turn a browser that is signed in into an account."""
        grant = await browser.grant()
        return await self._account(grant, CLIENT_ID, browser.hosts)

    async def _token(self, values: Mapping[str, Any]) -> Account:
        """Try a refresh token of the user's own."""
        hosts = Hosts.read(values)
        token = values["refresh_token"].strip()
        client_id = (values.get("client_id") or "").strip()
        if token not in self._grants:
            form = refresh_form(token, client_id or TOKEN_CLIENT_ID, self._hardware_id)
            try:
                self._grants[token] = await fetch_grant(self._sessions.shared, hosts.auth, form)
            except ProviderOutdatedError as err:
                if client_id and err.code == INVALID_CLIENT:
                    raise SignInError("invalid_auth", err.message) from err
                raise
        return await self._account(self._grants[token], client_id or TOKEN_CLIENT_ID, hosts)

    async def _account(self, grant: Grant, client_id: str, hosts: Hosts) -> Account:
        """Ask whose tokens they are, and which host serves the account."""
        reply = await self._read(grant, f"{hosts.first_api}{TIER}")
        if reply.status != HTTPStatus.OK:
            raise refusal(reply, DENIED.get(reply.status, "unknown"), own=is_own(reply))
        answer = fields(reply)
        account, tier = number(answer.get("account_id")), str(answer.get("tier") or "")
        # Both become parts of addresses, to which the tokens go.
        if not (account and tier.isascii() and tier.isalnum()):
            raise SignInError("unknown", "the answer names no account")
        if not grant.refresh_token:
            raise SignInError("unknown", "the answer has no refresh token")
        return Account(
            id=account,
            title=await self._title(grant, hosts.api or TIER_URL.format(tier=tier), account),
            credentials={
                "refresh_token": grant.refresh_token,
                "client_id": client_id,
                "hardware_id": self._hardware_id,
                "account_id": account,
                "tier": tier,
                "auth_url": hosts.auth,
                "api_url": hosts.api,
            },
        )

    async def _title(self, grant: Grant, api: str, account: str) -> str:
        """Return a name for a new account; the plain one where Blink does not tell another."""
        if self._sessions.known:
            return TITLE
        words = Filter(account, self._hardware_id, grant.access_token, grant.refresh_token)
        try:
            reply = await self._read(grant, f"{api}{HOMESCREEN.format(account=account)}", BRIEF)
            network = first_network(reply.json())
        except ProviderError:
            return TITLE
        return TITLE if network is None else f"{TITLE} {words.name(network.strip())}"

    async def _read(self, grant: Grant, url: str, patience: ClientTimeout = TIMEOUT) -> Reply:
        """Ask the REST host with the first token."""
        return await exchange(
            self._sessions.shared,
            "GET",
            URL(url),
            headers={
                "Authorization": f"Bearer {grant.access_token}",
                "User-Agent": API_USER_AGENT,
                "Content-Type": "application/json",
            },
            timeout=patience,
        )
