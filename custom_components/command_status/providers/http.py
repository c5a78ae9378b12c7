"""The one door to the network: every request to a cloud goes through `request` or `exchange`.

What can go wrong between us and any cloud becomes one of our errors here: no connection, no answer,
an answer that is too large, that is not JSON or that sends us elsewhere. What a cloud says on
purpose (2xx and 4xx) is returned, because only its own folder knows what it means. No error tells
more of an address than its host, since paths hold account ids.
"""

from codecs import BOM_UTF8
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import ip_address
import json
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
from yarl import URL

from .errors import (
    ProviderBlockedError,
    ProviderConnectionError,
    ProviderDisconnectedError,
    ProviderError,
    ProviderNoAnswerError,
    ProviderOutdatedError,
    ProviderRateLimitError,
    SignInError,
)

MAX_BODY: Final = 1024 * 1024
"""Bytes; no answer that we ask for comes near it, and a Raspberry Pi has little memory to waste."""

TIMEOUT: Final = ClientTimeout(total=30, connect=10)
"""Seconds. Connecting has its own limit: a request that was never sent can be reported as such."""

LONGEST_WAIT: Final = 86400.0
"""Seconds; nobody means more than a day, and an endless wait would be one that nothing ends."""

LONE_SURROGATE_LIKE: Final = "\\ud"
"""How the escape of a surrogate begins. One without its partner is a text that no file can hold."""


def _refuse_constant(name: str) -> None:
    """Refuse the words that Python takes for numbers and that are no JSON: NaN, Infinity."""
    raise ValueError(name)


def _number(digits: str) -> int | float:
    """Return a whole number; one that no file of ours can hold becomes a fraction.

    Other languages read it like that, too. With it a journal could not be written any more.
    """
    number = int(digits)
    return number if -(2**63) <= number < 2**64 else float(digits)


DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)
"""Made once: `json.loads` with an argument makes one for every answer."""
CAREFUL_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=_number)
"""For answers with a long number: it calls back for every number, which costs as much again."""
DIGITS_AS_ZERO: Final = bytes.maketrans(b"123456789", b"000000000")
LONG_NUMBER: Final = b"0" * 19
"""Shorter ones always fit into 64 bits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as plain data; raises ProviderNoAnswerError where it is none."""
        with suppress(ValueError, RecursionError):  # they carry the answer, and it may hold tokens
            text = self.body.removeprefix(BOM_UTF8).decode()
            has_long_number = LONG_NUMBER in self.body.translate(DIGITS_AS_ZERO)
            data = (CAREFUL_DECODER if has_long_number else DECODER).decode(text)
            if LONE_SURROGATE_LIKE in text.lower():
                json.dumps(data, ensure_ascii=False).encode()
            return data
        raise ProviderNoAnswerError(f"HTTP {self.status} without JSON")


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
) -> Reply:
    """Send one request and return whatever was answered; redirects are not followed.

    Raises ProviderConnectionError when the request was certainly not sent, and
    ProviderNoAnswerError when it may have been: ProviderDisconnectedError where that need not be
    the cloud's fault.
    """
    try:
        async with session.request(
            method,
            url,
            headers=headers,
            params=params,
            data=data,
            timeout=timeout,
            allow_redirects=False,
            middlewares=MIDDLEWARES,
        ) as response:
            return Reply(
                status=response.status,
                headers=response.headers,
                body=await _limited_body(response.content),
            )
    except (ClientConnectorError, ConnectionTimeoutError, InvalidURL) as err:
        failure: ProviderError = ProviderConnectionError(
            f"{url.host}: no connection ({type(err).__name__})"
        )
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
        session, method, url, headers=sent, params=params, data=data, timeout=timeout
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
) -> tuple[int, Any]:
    """Send one request with plain data as its JSON body; return status and data of a 2xx or 4xx.

    A 4xx without JSON has None as its data. Besides the errors of `exchange` it raises those of
    `refuse_generally`, and ProviderNoAnswerError for a 2xx that is not JSON: whether the request
    was taken is not known then.
    """
    reply = await exchange_json(
        session, method, url, headers=headers, params=params, body=body, timeout=timeout
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
    except ValueError as err:
        raise SignInError("invalid_url") from err
    if url.scheme not in {"http", "https"} or not url.host:
        raise SignInError("invalid_url")
    if url.user or url.password or url.query_string or url.fragment:
        raise SignInError("invalid_url")
    if url.scheme == "http" and not _is_loopback(url.host):
        raise SignInError("insecure_url")
    return url


def _is_loopback(host: str) -> bool:
    """Return whether traffic to a host never leaves this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
