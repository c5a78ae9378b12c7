"""Tokens: how they are fetched, and how the one access token of an account stays good.

Access tokens live four hours and are kept in memory only; the refresh token is what is stored.
Blink may hand out a new refresh token with each renewal, and nobody knows for how long the old one
still serves. So a renewal that has begun is carried through whatever becomes of its callers, and
what it brought is on disk before it is used.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
import re
from typing import Any, Final

from aiohttp import ClientSession
from yarl import URL

from ..base import Clock, Keep
from ..errors import (
    ProviderAuthError,
    ProviderConnectionError,
    ProviderInterceptedError,
    ProviderNoAnswerError,
    ProviderOutdatedError,
)
from ..http import HeardDate, Reply, exchange, refuse_generally
from ..lifetime import lifetime
from ..renewal import Renewal, store
from ..words import Filter
from .constants import SCOPE, TOKEN, TOKEN_LIFE, TOKEN_USER_AGENT

RENEWAL: Final = "Blink token"
MARGIN: Final = 60.0
"""Seconds before its end at which an access token is renewed, as blinkpy does."""

INVALID_CLIENT: Final = "invalid_client"
INVALID_GRANT: Final = "invalid_grant"

TOKEN_WORD: Final = re.compile(r"[!-~]+")
"""Printable ASCII without spaces."""

ERROR: Final = re.compile(r"[a-z][a-z0-9_]*")
"""What the OAuth host calls an error (RFC 6749, section 5.2); sentences come from somebody else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What Blink hands out for a code or for a refresh token."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    """The one that was used, where the answer has none; empty where none was used."""
    life: float
    """Seconds."""


async def fetch_grant(
    session: ClientSession,
    auth_url: str,
    form: Mapping[str, str],
    heard_date: HeardDate | None = None,
) -> Grant:
    """Ask for tokens.

    Raises ProviderAuthError when Blink refuses the code or the refresh token: 401 in its own words,
    or 400 `invalid_grant`. Any other failure says nothing about them, nor was anything sent that a
    user asked for: it is a ProviderOutdatedError, ProviderBlockedError, ProviderRateLimitError or
    ProviderConnectionError.
    """
    try:
        reply = await exchange(
            session,
            "POST",
            URL(f"{auth_url}{TOKEN}"),
            headers={"Accept": "*/*", "User-Agent": TOKEN_USER_AGENT},
            data=dict(form),
            heard_date=heard_date,
        )
        return _grant(reply, form)
    except ProviderNoAnswerError as err:
        raise ProviderConnectionError(f"no token: {err}", code=err.code) from err


def refresh_form(refresh_token: str, client_id: str, hardware_id: str) -> Mapping[str, str]:
    """Return the form that a refresh token is exchanged with."""
    return {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": client_id,
        "scope": SCOPE,
        "hardware_id": hardware_id,
    }


def fields(reply: Reply) -> Mapping[str, Any]:
    """Return the fields of an answer; none where it is something else, such as a page."""
    try:
        data = reply.json()
    except ProviderNoAnswerError:
        return {}
    return data if isinstance(data, Mapping) else {}


def cause_in(reply: Reply) -> str | None:
    """Return what the OAuth host calls an error; None where the answer is not in its shape."""
    error = fields(reply).get("error")
    return error if isinstance(error, str) and ERROR.fullmatch(error) else None


def _token(word: object) -> str | None:
    """Return a token as it fits into a header; None for what is none."""
    return word if isinstance(word, str) and TOKEN_WORD.fullmatch(word) else None


def _grant(reply: Reply, form: Mapping[str, str]) -> Grant:
    """Read the answer to a request for tokens."""
    answer, error = fields(reply), cause_in(reply)
    if error == INVALID_CLIENT:
        raise ProviderOutdatedError("Blink does not know this client", code=INVALID_CLIENT)
    if error is not None and (
        reply.status == HTTPStatus.UNAUTHORIZED
        or (reply.status == HTTPStatus.BAD_REQUEST and error == INVALID_GRANT)
    ):
        raise ProviderAuthError(f"HTTP {reply.status}", code=INVALID_GRANT)
    if reply.status != HTTPStatus.OK:
        refuse_generally(reply)
        trouble = ProviderInterceptedError if error is None else ProviderNoAnswerError
        raise trouble(f"HTTP {reply.status}", code=str(reply.status))
    access = _token(answer.get("access_token"))
    if access is None:
        raise ProviderNoAnswerError("a token answer without a token")
    return Grant(
        access_token=access,
        refresh_token=_token(answer.get("refresh_token")) or form.get("refresh_token", ""),
        life=lifetime(answer.get("expires_in"), TOKEN_LIFE),
    )


class Tokens:
    """The tokens of one account."""

    def __init__(
        self,
        session: ClientSession,
        credentials: Mapping[str, str],
        *,
        clock: Clock,
        keep: Keep,
        words: Filter,
        heard_date: HeardDate | None = None,
    ) -> None:
        """Start with a refresh token only; makes no request. `words` has to know each token."""
        self._session = session
        self._words = words
        self._heard_date = heard_date
        self._credentials = dict(credentials)
        self._clock = clock
        self._keep = keep
        self._access: str | None = None
        self._renew_at = 0.0
        self._unused: tuple[Grant, float] | None = None
        """What the last renewal brought and when it was asked for, until it is on disk."""
        self._refused = False
        self._renewal = Renewal(RENEWAL, self._renew)

    @property
    def good(self) -> str | None:
        """The access token, if it is good for a while."""
        return None if self._refused or self._clock() >= self._renew_at else self._access

    async def access(self, refused: str | None = None) -> str:
        """Return an access token that is good for a while, and not the one that was just refused.

        Raises ProviderAuthError when the refresh token is refused, and from then on without asking
        again; otherwise the temporary errors of `fetch_grant`.
        """
        if self._refused:
            raise ProviderAuthError("the refresh token was refused", code=INVALID_GRANT)
        good = self.good
        if good is not None and good != refused:
            return good
        return await self._renewal.wait()

    async def close(self) -> None:
        """Wait for the end of a renewal: the refresh token that it brings is the only good one."""
        await self._renewal.finish()

    async def _renew(self) -> str:
        """Fetch new tokens, store what must survive, and only then put them to use."""
        if self._unused is None:
            self._unused = await self._fetch(), self._clock()
        grant, fetched_at = self._unused
        self._words.learn(grant.access_token, grant.refresh_token)
        if grant.refresh_token != self._credentials["refresh_token"]:
            await self._store({**self._credentials, "refresh_token": grant.refresh_token})
        self._unused = None
        self._access = grant.access_token
        self._renew_at = fetched_at + grant.life - min(MARGIN, grant.life / 2)
        return self._access

    async def _fetch(self) -> Grant:
        """Ask for new tokens; a refusal is remembered."""
        credentials = self._credentials
        form = refresh_form(
            credentials["refresh_token"], credentials["client_id"], credentials["hardware_id"]
        )
        try:
            url = credentials["auth_url"]
            return await fetch_grant(self._session, url, form, self._heard_date)
        except ProviderAuthError:
            self._refused = True
            raise

    async def _store(self, credentials: dict[str, str]) -> None:
        """Have changed credentials stored; where that fails, the next try begins here."""
        await store(self._keep, credentials)
        self._credentials = credentials
