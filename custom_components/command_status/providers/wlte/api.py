"""The door to WLTE: one request, its envelope, and what each refusal means.

Every answer is an envelope `{code, message, requestId, data}`; errors may lack `data`. Decisions
rest on the HTTP status and on `code`, never on `message`, whose wording may change (docs
01-common/http-behavior, 01-common/response-envelope). The code `SUCCESS` of an envelope says only
that a question was answered; it is never taken for the status of a command.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
import re
from typing import Any, Final, Self
from urllib.parse import quote

from aiohttp import ClientSession, ClientTimeout
from yarl import URL

from ..errors import (
    ProviderAuthError,
    ProviderError,
    ProviderInterceptedError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderPermissionError,
    ProviderRateLimitError,
    ProviderRefusedError,
    ProviderRequestError,
)
from ..http import (
    LONGEST_WAIT,
    TIMEOUT,
    HeardDate,
    Reply,
    Until,
    exchange_json,
    refuse_generally,
    retry_after,
)

ROOT: Final = "wlte/v1"
"""What follows the base address in every path (docs 01-common/base-url-and-headers)."""

CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
"""What a code of the platform looks like; anything else comes from somewhere on the way."""

INVALID_REQUEST: Final = "INVALID_REQUEST"
AUTH_REQUIRED: Final = "AUTH_REQUIRED"
AUTH_EXPIRED: Final = "AUTH_EXPIRED"
COMMAND_NOT_FOUND: Final = "COMMAND_NOT_FOUND"
IDEMPOTENCY_CONFLICT: Final = "IDEMPOTENCY_CONFLICT"
OF_CREDENTIALS: Final = "AUTH_"
"""How the codes begin with which the platform refuses credentials."""


class UnknownPathError(ProviderInterceptedError):
    """Raised when the server, or somebody in between, has no such path: 404 or 405 without a code.

    The platform says so of the paths of other generations than its own.
    """


# docs 05-errors/overview, resource-errors, platform-errors. The list is not closed.
REFUSALS: Final[Mapping[tuple[int, str | None], type[ProviderError]]] = {
    (HTTPStatus.NOT_FOUND, "DEVICE_NOT_FOUND"): ProviderNotFoundError,
    (HTTPStatus.NOT_FOUND, COMMAND_NOT_FOUND): ProviderNotFoundError,
}

# What a status means with any other code of the platform. All others below 500 refuse the command:
# 422 COMMAND_REJECTED and DEVICE_OFFLINE.
REFUSALS_BY_STATUS: Final[Mapping[int, type[ProviderError]]] = {
    HTTPStatus.BAD_REQUEST: ProviderRequestError,
    HTTPStatus.FORBIDDEN: ProviderPermissionError,
    HTTPStatus.NOT_FOUND: UnknownPathError,
    HTTPStatus.METHOD_NOT_ALLOWED: UnknownPathError,
    HTTPStatus.CONFLICT: ProviderRequestError,
}
# What a status means without any: the platform itself always tells one.
FOREIGN: Final[Mapping[int, type[ProviderError]]] = {
    HTTPStatus.NOT_FOUND: UnknownPathError,
    HTTPStatus.METHOD_NOT_ALLOWED: UnknownPathError,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """What an answer says, as far as it can be understood."""

    code: str | None
    message: str
    data: Mapping[str, Any] | None

    @classmethod
    def read(cls, reply: Reply) -> Self:
        """Read an answer; what is no envelope is an empty one."""
        try:
            plain = reply.json()
        except ProviderNoAnswerError:
            plain = None
        fields = plain if isinstance(plain, dict) else {}
        code, message, data = (fields.get(name) for name in ("code", "message", "data"))
        return cls(
            code=code if isinstance(code, str) and CODE.fullmatch(code) else None,
            message=message if isinstance(message, str) else "",
            data=data if isinstance(data, dict) else None,
        )

    @property
    def retry_after(self) -> float | None:
        """The seconds to wait as the data of a 429 tells them (docs 01-common/rate-limits)."""
        seconds = (self.data or {}).get("retryAfterSeconds")
        if not isinstance(seconds, int | float) or seconds < 0:
            return None
        return float(min(seconds, LONGEST_WAIT))


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request, but for the token."""

    method: str
    path: tuple[str, ...]
    """The segments below the root, ids as they are."""
    params: Mapping[str, str] | None = None
    body: Mapping[str, Any] | None = None
    key: str | None = None
    """The Idempotency-Key; a repeat with the same key is the same command."""
    timeout: ClientTimeout = TIMEOUT
    until: Until | None = None


class Api:
    """One WLTE server, as one client sees it."""

    def __init__(
        self, session: ClientSession, base: URL, heard_date: HeardDate | None = None
    ) -> None:
        """Keep where the server is."""
        self._session = session
        self._base = base
        self._heard_date = heard_date

    async def ask(self, call: Call, token: str | None = None) -> Mapping[str, Any]:
        """Make one request and return the `data` of the answer.

        Raises the errors of `http.exchange`, those of `http.refuse_generally`, and what the tables
        of refusals say: ProviderAuthError with its code for a 401.
        """
        headers: dict[str, str] = {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if call.key is not None:
            headers["Idempotency-Key"] = call.key
        reply = await exchange_json(
            self._session,
            call.method,
            self._url(call.path),
            headers=headers,
            params=call.params,
            body=call.body,
            timeout=call.timeout,
            until=call.until,
            heard_date=self._heard_date,
        )
        envelope = Envelope.read(reply)
        if reply.status >= HTTPStatus.MULTIPLE_CHOICES:
            self._refuse(reply, envelope, token)
        if envelope.data is None:
            raise ProviderNoAnswerError(f"HTTP {reply.status} without data")
        return envelope.data

    def _url(self, path: tuple[str, ...]) -> URL:
        """Return the address of a path; an id stays one segment whatever it contains."""
        segments = "/".join(quote(segment, safe="") for segment in path)
        return URL(f"{self._base}".rstrip("/") + f"/{ROOT}/{segments}", encoded=True)

    def _refuse(self, reply: Reply, envelope: Envelope, token: str | None) -> None:
        """Raise what an answer means that is not a good one."""
        message = f"HTTP {reply.status}"
        if token is not None:  # where the secret itself was sent, nothing is quoted
            message = envelope.message or message
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            seconds = retry_after(reply)
            raise ProviderRateLimitError(
                message,
                code=envelope.code,
                retry_after=envelope.retry_after if seconds is None else seconds,
            )
        refuse_generally(reply)
        raise _meaning(reply.status, envelope.code)(message, code=envelope.code)


def _meaning(status: int, code: str | None) -> type[ProviderError]:
    """Return what a refusal means; without a code of the platform's, it is not the platform's."""
    if code is None:
        return FOREIGN.get(status, ProviderInterceptedError)
    if status == HTTPStatus.UNAUTHORIZED:
        return ProviderAuthError if code.startswith(OF_CREDENTIALS) else ProviderInterceptedError
    return REFUSALS.get((status, code), REFUSALS_BY_STATUS.get(status, ProviderRefusedError))
