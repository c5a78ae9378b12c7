"""The way to one API: an address, a sign-in, and what may be told of its answers."""

from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
import json
from string import ascii_letters, digits
from typing import Any, Final

from aiohttp import ClientSession, ClientTimeout
from yarl import URL

from ..base import Clock, Keep
from ..errors import ProviderRefusedError
from ..http import HeardDate, Reply, Until, exchange
from ..mistakes import Mistake
from ..renewal import store
from ..words import Filter
from .addresses import (
    AddressError,
    answered_address,
    base_address,
    is_loopback,
    is_private,
)
from .description import ALLOW_HTTP, BASE_URL, VERIFY_SSL, Description
from .listing import Targets
from .requests import Call, Request, with_query
from .response import Response
from .sources import Sources
from .templates import UnfitError, Values
from .tokens import Credentials, Stamp

FOREIGN: Final = "foreign_url"
CONNECT: Final = 10.0
"""Seconds; a request that was never sent can be reported as such."""
ON: Final = "true"
HEARD: Final = 8
"""Requests that are remembered for users who try something."""
HEARD_LENGTH: Final = 2000
"""Bytes of a body that are remembered."""
LABEL: Final = frozenset(ascii_letters + digits + "-_")


class ForeignAddressError(ProviderRefusedError):
    """Raised for an address out of an answer that leads elsewhere; nothing was sent."""

    key = FOREIGN
    about_command = False


class UnsendableError(ProviderRefusedError):
    """Raised for a request whose values are missing, or do not fit their places."""

    key = "invalid_parameter"
    about_command = False

    def __init__(self, err: UnfitError) -> None:
        """Keep which value it is, as it is named in a description."""
        super().__init__(f"{err}")
        self.name = err.name


class Api:
    """One account at one API."""

    def __init__(
        self,
        session: ClientSession,
        description: Description,
        credentials: Mapping[str, str],
        clock: Clock,
        keep: Keep,
        words: Filter,
        heard_date: HeardDate | None = None,
    ) -> None:
        """Keep the account; makes no request. Raises AddressError for an address of no use."""
        self._session = session
        self._stored = dict(credentials)
        self._keep = keep
        self._heard_date = heard_date
        self.values = account_values(description, credentials)
        self.base = address_of(description, credentials)
        self.values["account."][BASE_URL] = f"{self.base}".rstrip("/")
        self._heard: deque[tuple[Call, int, bytes]] = deque(maxlen=HEARD)
        self._ssl = credentials.get(VERIFY_SSL, ON) == ON
        self.auth = Credentials(
            description.auth, self.values, self.base, self._exchange, clock, self._renewed, words
        )

    async def send(self, request: Request, values: Values, until: Until | None = None) -> Response:
        """Make a request with a good token; an old one is renewed once, and then believed.

        Nothing goes out after `until`.
        """
        return await self._sent(self.call(request, values), until)

    async def _sent(self, call: Call, until: Until | None = None) -> Response:
        """Make a call with a good token."""
        stamp = await self.auth.get()
        reply = await self._stamped(call, stamp, until)
        if reply.status in self.auth.expired:
            reply = await self._stamped(call, await self.auth.get(refused=stamp), until)
        return Response(reply)

    async def page(self, listed: Targets, mark: str | None) -> Response:
        """Ask for a page of the list of targets: the first, or the one behind a mark."""
        assert listed.get is not None  # noqa: S101 - there is a list to ask for
        if mark is None:
            return await self.send(listed.get, {})
        assert listed.page is not None  # noqa: S101 - marks come from pages
        call = self.call(listed.get, {})
        if listed.page.query is not None:
            name = listed.page.query
            query = (*((k, v) for k, v in call.query if k != name), (name, mark))
            return await self._sent(replace(call, query=query))
        try:
            url = answered_address(mark, self.base)
        except AddressError as err:
            raise ForeignAddressError(FOREIGN) from err
        return await self._sent(replace(call, url=url, query=()))

    async def ask(self, request: Request, values: Values, *, renewed: bool) -> Response | None:
        """Make a request, or ask for a token where there is no good one; None means the latter."""
        call = self.call(request, values)
        stamp = self.auth.good
        if stamp is None and not renewed:
            await self.auth.get()
            return None
        stamp = await self.auth.get()
        reply = await self._stamped(call, stamp)
        if reply.status in self.auth.expired and not renewed:
            await self.auth.get(refused=stamp)
            return None
        return Response(reply)

    def call(self, request: Request, values: Values) -> Call:
        """Return a request with its values; raises UnsendableError or ForeignAddressError."""
        try:
            return request.call({**self.values, **values}, self.base)
        except AddressError as err:
            raise ForeignAddressError(FOREIGN) from err
        except UnfitError as err:
            raise UnsendableError(err) from err

    def refusal(self, response: Response, error: Sources | None) -> str:
        """Return why a request was refused, in the server's own words where it has some."""
        told = None if error is None else error.text(response, self.values)
        return (told or "").strip() or f"http_{response.status}"

    async def _stamped(self, call: Call, stamp: Stamp, until: Until | None = None) -> Reply:
        """Make a request with what the sign-in adds."""
        return await self._exchange(
            replace(
                call,
                headers={**call.headers, **stamp.headers},
                query=(*call.query, *stamp.query),
            ),
            until,
        )

    async def _exchange(self, call: Call, until: Until | None = None) -> Reply:
        """Make a request as it is; raises the errors of `http.exchange`."""
        reply = await exchange(
            self._session,
            call.method,
            with_query(call.url, call.query),
            headers=call.headers,
            data=call.body,
            timeout=ClientTimeout(total=call.timeout, connect=min(CONNECT, call.timeout)),
            ssl=self._ssl,
            until=until,
            heard_date=self._heard_date,
        )
        self._heard.append((call, reply.status, reply.body[:HEARD_LENGTH]))
        return reply

    def transcript(self) -> list[dict[str, Any]]:
        """Return the last requests with what was answered, oldest first."""
        return [
            told_of(call) | {"status": status, "answer": _readable(answer)}
            for call, status, answer in self._heard
        ]

    async def _renewed(self, refresh_token: str) -> None:
        """Store a new refresh token; raises ProviderConnectionError where that fails."""
        self._stored["refresh_token"] = refresh_token
        await store(self._keep, self._stored)


def account_values(
    description: Description, credentials: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Return what `${account.x}` and `${secret.x}` stand for."""
    names = [field.name for field in description.fields]
    known = {name: credentials[name] for name in names if credentials.get(name)}
    secrets = {name: value for name, value in known.items() if name in description.secrets}
    account = {name: value for name, value in known.items() if name not in secrets}
    return {"account.": account, "secret.": secrets}


def told_of(call: Call) -> dict[str, Any]:
    """Return a request as it is shown to who tries it."""
    body = None if call.body is None else _readable(call.body)
    return {"request": f"{call.method} {with_query(call.url, call.query)}", "body": body}


def _readable(body: bytes) -> Any:
    """Return what a body says: as data where it is JSON, or else as the beginning of a text."""
    with suppress(ValueError):
        return json.loads(body)
    return body[:HEARD_LENGTH].decode(errors="replace")


def filter_for(description: Description, credentials: Mapping[str, str]) -> Filter:
    """Return what takes the account's secrets out of the API's words."""
    return Filter(*account_values(description, credentials)["secret."].values())


def address_of(description: Description, credentials: Mapping[str, str]) -> URL:
    """Return the base address of an account.

    Raises AddressError. What the user typed is a whole address, or one label of a host's name: it
    cannot end the name, and so lead elsewhere.
    """
    values = account_values(description, credentials)
    template = description.base_url
    allow_http = credentials.get(ALLOW_HTTP) == ON
    try:
        whole = template.parts[:1] and not isinstance(template.parts[0], str)
        pieces = list(template.texts(values))
    except UnfitError as err:
        raise AddressError(Mistake.INVALID_URL) from err
    typed = pieces[1:] if whole else pieces
    if any(name is not None and not LABEL.issuperset(piece) for piece, name in typed):
        raise AddressError(Mistake.INVALID_URL)
    url = base_address("".join(piece for piece, _ in pieces), allow_http=allow_http)
    if credentials.get(VERIFY_SSL, ON) != ON and not (is_loopback(url) or is_private(url)):
        raise AddressError(Mistake.INSECURE_URL)
    return url
