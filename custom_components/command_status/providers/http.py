"""The one door to the network: every request to a cloud goes through `request` or `exchange`.

What can go wrong between us and any cloud becomes one of our errors here: no connection, no answer,
an answer that is too large, that is not JSON or that sends us elsewhere. What a cloud says on
purpose (2xx and 4xx) is returned, because only its own folder knows what it means. No error tells
more of an address than its host, since paths hold account ids.

One odd letter or number never costs an answer: it is replaced by what every file can hold.
"""

from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from ipaddress import ip_address
import json
from math import inf
import re
from typing import Any, Final

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    InvalidURL,
    ServerDisconnectedError,
    StreamReader,
)
import orjson
from yarl import URL

from .errors import (
    ProviderBlockedError,
    ProviderConnectionError,
    ProviderDisconnectedError,
    ProviderError,
    ProviderNoAnswerError,
    ProviderOutdatedError,
    ProviderRateLimitError,
    ProviderTooLateError,
    SignInError,
)

MAX_BODY: Final = 1024 * 1024
"""Bytes; no answer that we ask for comes near it, and a Raspberry Pi has little memory to waste."""

TIMEOUT: Final = ClientTimeout(total=30, connect=10)
"""Seconds. Connecting has its own limit: a request that was never sent can be reported as such."""

LONGEST_WAIT: Final = 86400.0
"""Seconds; nobody means more than a day, and an endless wait would be one that nothing ends."""

SURROGATE_LIKE: Final = "\\ud"
"""How the escape of half a letter begins."""
HALVES: Final = re.compile(
    r"\\\\"  # a backslash that is none of an escape
    r"|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}"  # two halves, a whole letter
    r"|(?P<lone>\\u[dD][89a-fA-F][\da-fA-F]{2})"
)
"""Finds the escape of a half without its partner: a letter that no file can hold."""


def _whole(found: re.Match[str]) -> str:
    """Return what stands for a letter, or for half of one."""
    return "\\ufffd" if found["lone"] else found[0]


def _no_number(_: str) -> None:
    """Return nothing for the words that Python takes for numbers: NaN, Infinity."""


def _number(digits: str) -> int | float:
    """Return a whole number; one that no file of ours can hold becomes a fraction.

    Other languages read it like that, too. With it a journal could not be written any more.
    """
    try:
        number = int(digits)
    except ValueError:  # so many digits that Python does not count them
        return float(digits)
    return number if -(2**63) <= number < 2**64 else float(digits)


DECODER: Final = json.JSONDecoder(parse_constant=_no_number, strict=False)
"""Made once: `json.loads` with an argument makes one for every answer. Not strict: a line break
within a text is no reason to drop an answer."""
CAREFUL_DECODER: Final = json.JSONDecoder(
    parse_constant=_no_number, parse_int=_number, strict=False
)
"""For answers with a long number: it calls back for every number, which costs as much again."""
DIGITS_AS_ZERO: Final = bytes.maketrans(b"123456789", b"000000000")
LONG_NUMBER: Final = b"0" * 19
"""Shorter ones always fit into 64 bits."""


type HeardDate = Callable[[float], None]
"""Told what a server's clock says: seconds since the epoch, in whole seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as plain data; raises ProviderNoAnswerError where it is none."""
        with suppress(ValueError):
            return orjson.loads(self.body)
        with suppress(ValueError, RecursionError):  # they carry the answer, and it may hold tokens
            text = self.body.removeprefix(BOM_UTF8).decode(errors="replace")
            if SURROGATE_LIKE in text.lower():
                text = HALVES.sub(_whole, text)
            has_long_number = LONG_NUMBER in self.body.translate(DIGITS_AS_ZERO)
            return (CAREFUL_DECODER if has_long_number else DECODER).decode(text)
        raise ProviderNoAnswerError(f"HTTP {self.status} without JSON")


@dataclass(frozen=True, kw_only=True, slots=True)
class Until:
    """The moment after which a request may not go out any more, and the clock that it is told by.

    Seconds since the epoch.
    """

    moment: float
    clock: Callable[[], float]

    def limit(self, timeout: ClientTimeout) -> ClientTimeout:
        """Return a time-out with which a connection comes about before the moment, or never.

        To look for the host, to connect and to greet each other (TLS) takes its time, and a request
        is sent as soon as that is done. Raises ProviderTooLateError when the moment has passed.
        """
        left = self.moment - self.clock()
        if left <= 0:
            raise ProviderTooLateError
        connect = timeout.connect or inf
        # The threshold: longer times are otherwise rounded up to a whole second.
        if left >= connect:
            return timeout
        return ClientTimeout(
            total=timeout.total,
            connect=left,
            sock_connect=timeout.sock_connect,
            sock_read=timeout.sock_read,
            ceil_threshold=inf,
        )


async def _once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Send a request a single time.

    aiohttp by itself repeats a GET or PUT whose connection broke, at the same moment and counted by
    nobody: when several kept connections break, a cloud would be asked twice as often as it allows.
    It does so for its own errors only (`ClientSession._request` of aiohttp 3.14).
    """
    try:
        return await handler(request)
    except ClientConnectorError:
        raise
    except ClientOSError, ServerDisconnectedError:
        pass
    raise ProviderDisconnectedError(f"{request.url.host}: the connection broke")


MIDDLEWARES: Final = (_once,)
"""They replace those of the session. Home Assistant's has one, which watches over redirects that
are followed; ours are not."""


async def exchange(
    session: ClientSession,
    method: str,
    url: URL,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    data: Any = None,
    timeout: ClientTimeout = TIMEOUT,  # noqa: ASYNC109 - aiohttp's, with its parts
    until: Until | None = None,
    heard_date: HeardDate | None = None,
    ssl: bool = True,
) -> Reply:
    """Send one request and return whatever was answered; redirects are not followed.

    Without `ssl` no certificate is checked; `heard_date` is told the server's clock (`Date`).
    Raises ProviderTooLateError, ProviderConnectionError (certainly not sent), ProviderNoAnswerError
    (maybe sent) and its ProviderDisconnectedError (which need not be the cloud's fault).
    """
    limited = timeout if until is None else until.limit(timeout)
    failure: ProviderError
    try:
        async with session.request(
            method,
            url,
            headers=headers,
            params=params,
            data=data,
            timeout=limited,
            ssl=ssl,
            allow_redirects=False,
            middlewares=MIDDLEWARES,
        ) as response:
            date = response.headers.get("Date", "")
            if heard_date is not None and (moment := _moment(date)) is not None:
                heard_date(moment)
            body = await _limited_body(response.content)
            return Reply(status=response.status, headers=response.headers, body=body)
    except (ClientConnectorError, ConnectionTimeoutError, InvalidURL) as err:
        failure = ProviderConnectionError(f"{url.host}: no connection ({type(err).__name__})")
        if limited is not timeout and isinstance(err, ConnectionTimeoutError):
            failure = ProviderTooLateError(f"{url.host}: no connection in time")
    except TimeoutError:
        failure = ProviderNoAnswerError(f"{url.host}: no answer in time")
    except (ClientError, OSError, ValueError) as err:
        failure = ProviderNoAnswerError(f"{url.host}: no whole answer ({type(err).__name__})")
    # Out here nothing of aiohttp's errors is carried along: they know the headers and the path.
    raise failure


async def exchange_json(
    session: ClientSession,
    method: str,
    url: URL,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    body: Any = None,
    timeout: ClientTimeout = TIMEOUT,  # noqa: ASYNC109 - aiohttp's, with its parts
    until: Until | None = None,
    heard_date: HeardDate | None = None,
) -> Reply:
    """Send one request with plain data as its JSON body; otherwise the same as `exchange`.

    For clouds whose errors say more in their body than the status does; `request` serves the
    others.
    """
    sent = {"Accept": "application/json", **(headers or {})}
    data = None
    if body is not None:
        sent["Content-Type"] = "application/json"
        data = json.dumps(body, separators=(",", ":")).encode()
    return await exchange(
        session,
        method,
        url,
        headers=sent,
        params=params,
        data=data,
        timeout=timeout,
        until=until,
        heard_date=heard_date,
    )


async def request(
    session: ClientSession,
    method: str,
    url: URL,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    body: Any = None,
    timeout: ClientTimeout = TIMEOUT,  # noqa: ASYNC109 - aiohttp's, with its parts
    until: Until | None = None,
    heard_date: HeardDate | None = None,
) -> tuple[int, Any]:
    """Send one request with plain data as its JSON body; return status and data of a 2xx or 4xx.

    A 4xx without JSON has None as its data. Besides the errors of `exchange` it raises those of
    `refuse_generally`, and ProviderNoAnswerError for a 2xx that is not JSON: whether the request
    was taken is not known then.
    """
    reply = await exchange_json(
        session,
        method,
        url,
        headers=headers,
        params=params,
        body=body,
        timeout=timeout,
        until=until,
        heard_date=heard_date,
    )
    if reply.status < HTTPStatus.MULTIPLE_CHOICES:
        return reply.status, reply.json()
    refuse_generally(reply)
    try:
        return reply.status, reply.json()
    except ProviderNoAnswerError:
        return reply.status, None


def refuse_generally(reply: Reply) -> None:
    """Raise for what a status means at every cloud.

    ProviderRateLimitError (429), ProviderBlockedError (406), ProviderOutdatedError (426), and
    ProviderNoAnswerError for a 5xx or a redirect: it may have been taken all the same.
    """
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ProviderRateLimitError("HTTP 429", retry_after=retry_after(reply))
    if reply.status == HTTPStatus.NOT_ACCEPTABLE:
        raise ProviderBlockedError("HTTP 406")
    if reply.status == HTTPStatus.UPGRADE_REQUIRED:
        raise ProviderOutdatedError("HTTP 426")
    if not HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ProviderNoAnswerError(f"HTTP {reply.status}", code=str(reply.status))


def retry_after(reply: Reply) -> float | None:
    """Return the seconds that `Retry-After` asks for; a date counts from the answer's own `Date`.

    Both forms: RFC 9110, section 10.2.3.
    """
    wish = reply.headers.get("Retry-After", "").strip()
    if wish.isdecimal():
        return min(float(wish), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(wish)
        since = parsedate_to_datetime(reply.headers.get("Date", ""))
        return min(max(0.0, (until - since).total_seconds()), LONGEST_WAIT)
    except ValueError, TypeError, OverflowError:
        return None


@lru_cache(maxsize=8)  # all answers of one second tell the same
def _moment(date: str) -> float | None:
    """Return the moment at which a server says that it answered; None where it does not say."""
    try:
        told = parsedate_to_datetime(date)
        # RFC 9110, section 5.6.7: it is always in UTC.
        return (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()
    except ValueError, TypeError, OverflowError:
        return None


async def _limited_body(stream: StreamReader) -> bytes:
    """Read a body; raises ProviderNoAnswerError when it is too large."""
    body = bytearray()
    while part := await stream.readany():
        body += part
        if len(body) > MAX_BODY:
            raise ProviderNoAnswerError("the answer is too large")
    return bytes(body)


def base_url(text: str) -> URL:
    """Return the address that a user typed, without a slash at its end.

    Raises SignInError: `invalid_url`, or `insecure_url` for plain http to anything but a loopback
    address.
    """
    try:
        url = URL(text.strip().rstrip("/"))
        host = url.host or ""
        # Only a host that can be looked up is one; it is not every text that a URL takes for one.
        usable = _is_address(host) or bool(HOST.fullmatch(host.encode("idna").decode()))
    except ValueError as err:
        raise SignInError("invalid_url") from err
    if url.scheme not in {"http", "https"} or not usable:
        raise SignInError("invalid_url")
    if url.user or url.password or url.query_string or url.fragment:
        raise SignInError("invalid_url")
    if url.scheme == "http" and not _is_loopback(host):
        raise SignInError("insecure_url")
    return url


HOST: Final = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_-]{1,63}\.?", re.IGNORECASE
)
"""A name of the domain name system."""


def _is_address(host: str) -> bool:
    """Return whether a host is given by its IP address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    """Return whether traffic to a host never leaves this machine."""
    return ip_address(host).is_loopback if _is_address(host) else host == "localhost"
