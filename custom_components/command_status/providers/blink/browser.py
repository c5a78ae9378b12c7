"""The browser of one sign-in, and its way from a password to tokens.

It is OAuth 2 with PKCE (RFC 7636) through the pages of a browser, as blinkpy 0.25.9 goes it:
open the flow, read the CSRF token from the page, send the password, send the code that came to the
phone where one is asked for, and take the authorization code to the token endpoint. All steps share
one cookie jar, in a session of their own that ends with the sign-in: old cookies are what broke it
most often (blinkpy#1147, core#176708).
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
import re
from secrets import compare_digest, token_urlsafe
from typing import Final

from aiohttp import ClientSession
from yarl import URL

from ..base import Challenge
from ..errors import ProviderAuthError, ProviderInterceptedError, SignInError
from ..http import Reply, exchange
from .auth import Grant, fetch_grant, fields
from .constants import (
    AUTHORIZE,
    BROWSER_USER_AGENT,
    CLIENT_ID,
    DEVICE,
    REDIRECT_URI,
    SCOPE,
    SIGN_IN,
    VERIFY,
)
from .hosts import Hosts
from .pages import DENIED, REDIRECTS, csrf_token, location, refusal, same_host

MOST_REDIRECTS: Final = 5

SECOND_FACTOR: Final = frozenset({"tsv_state", "tsv_methods", "next_time_in_secs"})
"""Any of these in a 202 means that a code is needed (blinkpy#1229)."""

PHONE: Final = re.compile(r"[+\dxX*•(). -]{1,32}")
METHOD: Final = re.compile(r"[a-z_]{1,32}")
"""What the form for the code shows of the answer looks like this: no link, no image."""

UNKNOWN: Final = "?"
"""Stands for a phone or a method that the answer does not tell."""


class Browser:
    """The browser of one sign-in: its cookies, its PKCE verifier, and how far it has come."""

    def __init__(self, session: ClientSession, hosts: Hosts, hardware_id: str) -> None:
        """Own the session; make no request yet."""
        self.hosts = hosts
        self._session = session
        self._hardware_id = hardware_id
        self._verifier = token_urlsafe(32)
        self._state = token_urlsafe(16)
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
                    "state": self._state,
                }
            )
        )
        self._csrf = csrf_token(await self._page(self._url(SIGN_IN)))

    async def sign_in(self, email: str, password: str) -> Challenge | None:
        """Send the password; return the challenge where a code is needed, too."""
        form = {"username": email, "password": password, "csrf-token": self._csrf}
        reply = await self._post(SIGN_IN, form)
        if reply.status in REDIRECTS:
            self._own(location(reply, self._url(SIGN_IN)))
            return None
        answer = fields(reply)
        if reply.status == HTTPStatus.PRECONDITION_FAILED or (
            reply.status == HTTPStatus.ACCEPTED and SECOND_FACTOR & answer.keys()
        ):
            phone, method = answer.get("phone"), answer.get("tsv_state")
            return Challenge(
                step="blink_2fa",
                placeholders={"phone": _shown(phone, PHONE), "method": _shown(method, METHOD)},
            )
        raise refusal(reply, DENIED.get(reply.status, "unknown"))

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
            raise refusal(
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
            raise refusal(reply)
        back = location(reply, self._url(AUTHORIZE))
        code, state = (back.query.get(name, "") for name in ("code", "state"))
        if back.with_query(None) != URL(REDIRECT_URI) or not code:
            raise SignInError("session_lost", "no authorization code")
        # RFC 6749, section 10.12: with another state it is the code of somebody else's sign-in.
        if not compare_digest(state.encode(), self._state.encode()):
            raise SignInError("session_lost", "the code of another sign-in")
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
                raise refusal(reply)
            url = self._own(location(reply, url))
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

    def _own(self, url: URL) -> URL:
        """Return an address at the OAuth host; elsewhere only somebody in between would send us."""
        if not same_host(url, URL(self.hosts.auth)):
            raise ProviderInterceptedError("redirected to another host")
        return url

    def _url(self, path: str) -> URL:
        """Return an address at the OAuth host."""
        return URL(f"{self.hosts.auth}{path}")

    @staticmethod
    def _headers(accept: str) -> dict[str, str]:
        """Return what a browser says of itself."""
        return {"Accept": accept, "User-Agent": BROWSER_USER_AGENT}


def _shown(word: object, form: re.Pattern[str]) -> str:
    """Return a word of an answer as the form for the code shows it."""
    return word if isinstance(word, str) and form.fullmatch(word) else UNKNOWN
