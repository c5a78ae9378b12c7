"""What every request carries: what the user typed, or a token that is asked for with it.

A token is kept in memory and renewed 60 s before its end, or a fifth of its life where that is
less; parallel callers share one renewal. A new refresh token is on disk before anything is asked
with it. Credentials that were refused are never tried again.
"""

from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from yarl import URL

from ..base import Clock
from ..errors import ProviderAuthError, ProviderConnectionError, ProviderNoAnswerError
from ..http import Reply, refuse_generally
from ..lifetime import lifetime, renew_at
from ..renewal import Renewal
from ..words import Filter
from .addresses import AddressError
from .auth import AUTHORIZATION, Auth, Login, OAuth
from .requests import FORM, TIMEOUT, Call, header_value, is_header_text
from .response import Response
from .templates import MISSING, UnfitError, Values

RENEWAL: Final = "REST token"
MAX_TOKEN: Final = 16_384
REFUSALS: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
"""Statuses by which a token is refused (RFC 6749, section 5.2; 403 is Airflow's)."""

type Send = Callable[[Call], Awaitable[Reply]]
"""Makes one request as it is; raises the errors of `http.exchange`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """What a request carries; two of them are the same only when they came of one sign-in."""

    headers: Mapping[str, str] = field(repr=False)
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    renew_at: float = float("inf")


class Credentials:
    """The sign-in of one account at work."""

    def __init__(
        self,
        auth: Auth,
        values: Values,
        base: URL,
        send: Send,
        clock: Clock,
        renewed: Callable[[str], Awaitable[None]],
        words: Filter,
    ) -> None:
        """Keep what was typed, and the filter that has to know each token; makes no request.

        A new refresh token is handed to `renewed`.
        """
        self._auth = auth
        self._values = values
        self._base = base
        self._send = send
        self._clock = clock
        self._renewed = renewed
        self._words = words
        self._refused: ProviderAuthError | None = None
        self._renewal = Renewal(RENEWAL, self._renew)
        self._held: Stamp | None = None
        self._unstored: str | None = None
        """A new refresh token, until it is on disk."""

    @property
    def expired(self) -> frozenset[int]:
        """The statuses that may mean that a token is old; none where there are no tokens."""
        return frozenset() if self._auth.way is None else self._auth.expired

    @property
    def good(self) -> Stamp | None:
        """The newest stamp, if it is good for a while."""
        if self._held is None and self._auth.way is None:
            self._held = self._typed()
        held = self._held
        return held if held is not None and self._clock() < held.renew_at else None

    async def get(self, *, refused: Stamp | None = None) -> Stamp:
        """Return a stamp that is good, and is not the one that the server has just refused.

        Raises ProviderAuthError when the credentials are refused, from then on without asking
        again, and otherwise only errors that say that nothing was taken.
        """
        good = self.good
        if good is not None and good is not refused:
            return good
        if self._refused is not None:
            raise ProviderAuthError(self._refused.message, code=self._refused.code)
        return await self._renewal.wait()

    async def close(self) -> None:
        """Wait for the end of a renewal: a refresh token that it brings is the only good one."""
        await self._renewal.finish()

    def _typed(self) -> Stamp:
        """Return what is sent of what the user typed."""
        try:
            headers = {e.key: header_value(e.value, self._values) for e in self._auth.headers}
            query = tuple((e.key, e.value.text(self._values)) for e in self._auth.query)
        except UnfitError as err:
            raise ProviderAuthError(f"{err}") from err
        if self._auth.kind == "basic":
            account, secret = self._values["account."], self._values["secret."]
            headers[AUTHORIZATION] = _basic(account["username"], secret["password"])
            self._words.learn(headers[AUTHORIZATION].removeprefix("Basic "))
        return Stamp(headers=headers, query=query)

    async def _renew(self) -> Stamp:
        """Ask for a new token."""
        await self._store()
        asked_at = self._clock()
        try:
            token, seconds = await self._ask()
        except ProviderAuthError as err:
            self._refused = err
            raise
        self._words.learn(token)
        await self._store()
        carrier = self._auth.carrier
        carried = f"{carrier.prefix}{token}"
        typed = self._typed()
        in_header = {} if carrier.in_query else {carrier.name: carried}
        in_query = ((carrier.name, carried),) if carrier.in_query else ()
        self._held = Stamp(
            headers={**typed.headers, **in_header},
            query=(*typed.query, *in_query),
            renew_at=renew_at(asked_at, seconds),
        )
        return self._held

    async def _ask(self) -> tuple[str, float]:
        """Return a new token and its life in seconds."""
        way = self._auth.way
        assert way is not None  # noqa: S101 - only who has tokens gets here
        try:
            reply = await self._send(self._call(way))
            if reply.status >= HTTPStatus.MULTIPLE_CHOICES and reply.status not in REFUSALS:
                refuse_generally(reply)
        except (AddressError, UnfitError) as err:
            raise ProviderConnectionError(f"no token: {err}") from err
        except ProviderNoAnswerError as err:
            # What the token was wanted for has certainly not been sent.
            raise ProviderConnectionError(f"no token: {err}", code=err.code) from err
        if reply.status in REFUSALS:
            raise ProviderAuthError(f"HTTP {reply.status}", code=str(reply.status))
        response = Response(reply)
        if isinstance(way, OAuth):
            return self._taken_over(response)
        return _fit(way.token.text(response, self._values), response), self._auth.lifetime

    def _call(self, way: OAuth | Login) -> Call:
        """Return the request for a token."""
        if isinstance(way, Login):
            return way.request.call(self._values, self._base)
        account, secret = self._values["account."], self._values["secret."]
        form = {"grant_type": way.grant}
        if way.grant == "refresh_token":
            form["refresh_token"] = secret["refresh_token"]
        for name, told in (("scope", way.scope), ("audience", way.audience)):
            if told is not None:
                form[name] = told.text(self._values)
        headers = {"Content-Type": FORM, "Accept": "application/json"}
        client_id, client_secret = account["client_id"], secret["client_secret"]
        if way.basic:
            headers[AUTHORIZATION] = _basic(quote_plus(client_id), quote_plus(client_secret))
        else:
            form |= {"client_id": client_id, "client_secret": client_secret}
        return Call(
            method="POST",
            url=way.address(self._values, self._base),
            headers=headers,
            query=(),
            body=urlencode(form).encode(),
            timeout=TIMEOUT,
        )

    def _taken_over(self, response: Response) -> tuple[str, float]:
        """Return the token of an OAuth answer, and keep the new refresh token that it may have."""
        data = response.data if isinstance(response.data, dict) else {}
        token = _fit(data.get("access_token"), response)
        newer, secret = data.get("refresh_token"), self._values["secret."]
        if isinstance(newer, str) and newer and newer != secret.get("refresh_token"):
            secret["refresh_token"] = self._unstored = newer
            self._words.learn(newer)
        return token, lifetime(data.get("expires_in"), self._auth.lifetime)

    async def _store(self) -> None:
        """Have a new refresh token stored; where that fails, the next renewal begins here."""
        if self._unstored is not None:
            await self._renewed(self._unstored)
            self._unstored = None


def _fit(token: Any, response: Response) -> str:
    """Return a token; an answer without one refuses, in the API's own words or in none."""
    if isinstance(token, str) and 0 < len(token) <= MAX_TOKEN and is_header_text(token):
        return token
    if response.data is MISSING or not response.good:
        raise ProviderConnectionError("no token: the answer has none")
    raise ProviderAuthError("the answer has no token")


def _basic(user: str, password: str) -> str:
    """Return what basic authentication sends (RFC 7617, in UTF-8)."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
