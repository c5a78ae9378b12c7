"""Signing in: with a password, as the phone app does it, or with a refresh token that the user has.

The password's way is OAuth 2 with PKCE (RFC 7636) through the pages of a browser, as blinkpy 0.25.9
goes it: open the flow, read the CSRF token from the page, send the password, send the code that
came to the phone where one is asked for, and take the authorization code to the token endpoint. All
steps share one cookie jar, in a session of their own that ends with the sign-in: old cookies are
what broke it most often (blinkpy#1147, core#176708).
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from html.parser import HTMLParser
from http import HTTPStatus
import json
from secrets import token_urlsafe
from typing import Any, Final, Self, override
from uuid import uuid4

from aiohttp import ClientSession
from yarl import URL

from ..base import Account, Challenge, Field, FieldKind, Form, Menu, Sessions, SignIn
from ..errors import (
    ProviderAuthError,
    ProviderConnectionError,
    ProviderNoAnswerError,
    ProviderOutdatedError,
    SignInError,
)
from ..http import Reply, base_url, exchange, refuse_generally
from .auth import INVALID_CLIENT, Grant, fetch_grant, fields, refresh_form
from .constants import (
    API_URL,
    API_USER_AGENT,
    AUTH_URL,
    AUTHORIZE,
    BROWSER_USER_AGENT,
    CLIENT_ID,
    DEVICE,
    REDIRECT_URI,
    SCOPE,
    SIGN_IN,
    TIER,
    TOKEN_CLIENT_ID,
    VERIFY,
)

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
"""Blink knows an account by its number and its owner's e-mail only, which are nobody's business."""

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS: Final = 5

CAUSES: Final[Mapping[str, str]] = {
    "empty_cookies": "session_lost",  # blinkpy#1147
    INVALID_CLIENT: "update_required",
}
"""What Blink's own words for a refusal mean to the user, where the step does not tell."""

DENIED: Final[Mapping[int, str]] = {HTTPStatus.UNAUTHORIZED: "invalid_auth"}  # blinkpy#1300

DEAD_ENDS: Final = frozenset({"session_lost", "code_expired"})
"""After these no code can help any more: Blink sends a new one for a password only."""

SECOND_FACTOR: Final = frozenset({"tsv_state", "tsv_methods", "next_time_in_secs"})
"""Any of these in a 202 means that a code is needed (blinkpy#1229)."""

UNKNOWN: Final = "?"
"""Stands for a phone or a method that the answer does not tell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hosts:
    """Where Blink is."""

    auth: str
    api: str
    """Empty: the host of the account's tier."""

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """Read the fields of a form; raises SignInError `invalid_url` or `insecure_url`."""
        auth = str(base_url(values.get("auth_url") or AUTH_URL))
        api = str(base_url(values.get("api_url") or API_URL))
        return cls(auth=auth, api="" if api == API_URL else api)


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
        except ProviderNoAnswerError as err:
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
        reply = await exchange(
            self._sessions.shared,
            "GET",
            URL(f"{hosts.api or API_URL}{TIER}"),
            headers={
                "Authorization": f"Bearer {grant.access_token}",
                "User-Agent": API_USER_AGENT,
                "Content-Type": "application/json",
            },
        )
        if reply.status != HTTPStatus.OK:
            raise _refusal(reply, DENIED.get(reply.status, "unknown"))
        answer = fields(reply)
        account, tier = (str(answer.get(name) or "") for name in ("account_id", "tier"))
        # Both become parts of addresses, to which the tokens go.
        if not all(word.isascii() and word.isalnum() for word in (account, tier)):
            raise SignInError("unknown", "the answer names no account")
        if not grant.refresh_token:
            raise SignInError("unknown", "the answer has no refresh token")
        return Account(
            id=account,
            title=TITLE,
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


class Browser:
    """The browser of one sign-in: its cookies, its PKCE verifier, and how far it has come."""

    def __init__(self, session: ClientSession, hosts: Hosts, hardware_id: str) -> None:
        """Own the session; make no request yet."""
        self.hosts = hosts
        self._session = session
        self._hardware_id = hardware_id
        self._verifier = token_urlsafe(32)
        self._csrf = ""
        self._verified = False
        self._grant: Grant | None = None

    async def close(self) -> None:
        """End the session."""
        await self._session.close()

    async def open(self) -> None:
        """Open the flow and read the CSRF token from the sign-in page."""
        challenge = urlsafe_b64encode(sha256(self._verifier.encode()).digest()).rstrip(b"=")
        await self._page(
            self._url(AUTHORIZE).with_query(
                {
                    **DEVICE,
                    "client_id": CLIENT_ID,
                    "code_challenge": challenge.decode(),
                    "code_challenge_method": "S256",
                    "hardware_id": self._hardware_id,
                    "redirect_uri": REDIRECT_URI,
                    "response_type": "code",
                    "scope": SCOPE,
                }
            )
        )
        self._csrf = csrf_token(await self._page(self._url(SIGN_IN)))

    async def sign_in(self, email: str, password: str) -> Challenge | None:
        """Send the password; return the challenge where a code is needed, too."""
        form = {"username": email, "password": password, "csrf-token": self._csrf}
        reply = await self._post(SIGN_IN, form)
        if reply.status in REDIRECTS:
            return None
        answer = fields(reply)
        if reply.status == HTTPStatus.PRECONDITION_FAILED or (
            reply.status == HTTPStatus.ACCEPTED and SECOND_FACTOR & answer.keys()
        ):
            phone, method = (answer.get(name) or UNKNOWN for name in ("phone", "tsv_state"))
            return Challenge(
                step="blink_2fa", placeholders={"phone": str(phone), "method": str(method)}
            )
        raise _refusal(reply, DENIED.get(reply.status, "unknown"))

    async def verify(self, code: str) -> None:
        """Send the code; nothing is sent once one was accepted.

        What Blink says about a wrong code is not known, only that it is not 201: any refusal that
        says nothing else is taken for that.
        """
        if self._verified:
            return
        form = {"2fa_code": code, "csrf-token": self._csrf, "remember_me": "false"}
        reply = await self._post(VERIFY, form)
        if reply.status != HTTPStatus.CREATED:
            raise _refusal(
                reply, "code_expired" if b"expired" in reply.body.lower() else "invalid_code"
            )
        self._verified = True

    async def grant(self) -> Grant:
        """Return the tokens of a browser that is signed in."""
        if self._grant is None:
            form = {
                "app_brand": DEVICE["app_brand"],
                "client_id": CLIENT_ID,
                "code": await self._authorization_code(),
                "code_verifier": self._verifier,
                "grant_type": "authorization_code",
                "hardware_id": self._hardware_id,
                "redirect_uri": REDIRECT_URI,
                "scope": SCOPE,
            }
            try:
                self._grant = await fetch_grant(self._session, self.hosts.auth, form)
            except ProviderAuthError as err:
                raise SignInError("session_lost", err.message) from err
        return self._grant

    async def _authorization_code(self) -> str:
        """Return what the app would be called back with."""
        headers = {**self._headers("*/*"), "Referer": str(self._url(SIGN_IN))}
        reply = await exchange(self._session, "GET", self._url(AUTHORIZE), headers=headers)
        if reply.status not in REDIRECTS:
            raise _refusal(reply)
        code = _location(reply, self._url(AUTHORIZE)).query.get("code")
        if not code:
            raise SignInError("session_lost", "no authorization code")
        return code

    async def _page(self, url: URL) -> Reply:
        """Read a page. Redirects are followed as long as they stay at the host."""
        for _ in range(MOST_REDIRECTS):
            reply = await exchange(
                self._session,
                "GET",
                url,
                headers={
                    **self._headers(
                        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
                    ),
                    "Accept-Language": "en-US,en;q=0.9",
                },
            )
            if reply.status == HTTPStatus.OK:
                return reply
            if reply.status not in REDIRECTS:
                raise _refusal(reply)
            url = _location(reply, url)
            if not _same_host(url, URL(self.hosts.auth)):
                raise SignInError("unknown", "redirected to another host")
        raise SignInError("unknown", "redirected in a circle")

    async def _post(self, path: str, form: Mapping[str, str]) -> Reply:
        """Send a form of the page."""
        headers = {
            **self._headers("*/*"),
            "Origin": str(URL(self.hosts.auth).origin()),
            "Referer": str(self._url(SIGN_IN)),
        }
        return await exchange(
            self._session, "POST", self._url(path), headers=headers, data=dict(form)
        )

    def _url(self, path: str) -> URL:
        """Return an address at the OAuth host."""
        return URL(f"{self.hosts.auth}{path}")

    @staticmethod
    def _headers(accept: str) -> dict[str, str]:
        """Return what a browser says of itself."""
        return {"Accept": accept, "User-Agent": BROWSER_USER_AGENT}


class _OAuthArgs(HTMLParser):
    """Finds the script in which the sign-in page keeps its arguments, as JSON."""

    def __init__(self) -> None:
        """Have found nothing yet."""
        super().__init__()
        self.text = ""
        self._inside = False

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and ("id", "oauth-args") in attrs

    @override
    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    @override
    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text += data


def csrf_token(page: Reply) -> str:
    """Return the CSRF token of the sign-in page; raises SignInError where it is another page."""
    parser = _OAuthArgs()
    parser.feed(page.body.decode(errors="replace"))
    try:
        token = json.loads(parser.text)["csrf-token"]
    except (ValueError, TypeError, KeyError, RecursionError) as err:
        raise SignInError("unknown", "no CSRF token in the page") from err
    return str(token)


def _same_host(url: URL, other: URL) -> bool:
    """Return whether both are at one host; not every address has an origin (`mailto:`)."""
    return (url.scheme, url.host, url.port) == (other.scheme, other.host, other.port)


def _location(reply: Reply, base: URL) -> URL:
    """Return where a redirect leads."""
    try:
        return base.join(URL(reply.headers.get("Location", "")))
    except ValueError as err:
        raise SignInError("unknown", "redirected to nowhere") from err


def _refusal(reply: Reply, otherwise: str = "unknown") -> SignInError:
    """Return what an answer means that does not let us go on; `otherwise` where it does not say.

    Raises what a status means at every cloud.
    """
    answer = fields(reply)
    cause = CAUSES.get(str(answer.get("error_cause") or answer.get("error")))
    if cause is None and reply.status >= HTTPStatus.BAD_REQUEST:
        refuse_generally(reply)
    return SignInError(cause or otherwise, f"HTTP {reply.status}")
