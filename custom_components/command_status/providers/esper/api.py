"""The way to Esper: one address, one key, and what its refusals mean.

Both shapes of an error carry a `message`: `{code, message, content}` under `/commands/v0`, and
`{errors, message, status}` elsewhere (develop-api.esper.io). It is the only text that tells a user
what is wrong, so it goes into the error, also that of a 500.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
import re
from typing import Any, Final

from aiohttp import ClientSession
from yarl import URL

from ..errors import (
    ProviderAuthError,
    ProviderError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderPermissionError,
    ProviderRefusedError,
)
from ..http import Reply, base_url, exchange_json, refuse_generally
from .redaction import scrubbed

TENANT: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.IGNORECASE)

MESSAGE_LENGTH: Final = 300
"""Characters of a message that are kept: enough for a sentence, too few for a web page."""

REFUSALS: Final[Mapping[int, type[ProviderError]]] = {
    HTTPStatus.UNAUTHORIZED: ProviderAuthError,
    HTTPStatus.FORBIDDEN: ProviderPermissionError,
    HTTPStatus.NOT_FOUND: ProviderNotFoundError,
}
"""What a status means here. 403 is not documented, but how a good key without rights would look."""


def address(tenant: str) -> URL:
    """Return the base address of a tenant, which is given by its name or by that address.

    Raises SignInError: `invalid_url` or `insecure_url`.
    """
    tenant = tenant.strip()
    if TENANT.fullmatch(tenant):
        return URL(f"https://{tenant.lower()}-api.esper.cloud/api")
    url = base_url(tenant)
    return url if url.path.strip("/") else url / "api"


class Api:
    """One key at one address."""

    def __init__(self, session: ClientSession, base: URL, key: str) -> None:
        """Make no request yet."""
        self._session = session
        self._base = base
        self._key = key

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        secrets: Iterable[str] = (),
    ) -> Any:
        """Make one request and return the data of its answer; `secrets` are kept out of errors.

        The path ends with a slash. Raises what `exchange` raises, and a ProviderError for every
        status but a 2xx.
        """
        reply = await exchange_json(
            self._session,
            method,
            self._base / path,
            headers={"Authorization": f"Bearer {self._key}"},
            params=params,
            body=body,
        )
        if reply.status < HTTPStatus.MULTIPLE_CHOICES:
            return reply.json()
        raise _refusal(reply, _message(reply, (self._key, *secrets)))


def _refusal(reply: Reply, message: str) -> ProviderError:
    """Return the error for a status; raises those that mean the same at every cloud."""
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ProviderNoAnswerError(message, code=str(reply.status))
    refuse_generally(reply)
    return REFUSALS.get(reply.status, ProviderRefusedError)(message)


def _message(reply: Reply, secrets: Iterable[str]) -> str:
    """Return what Esper says about a refusal, without the secrets that it may repeat."""
    try:
        body = reply.json()
    except ProviderNoAnswerError:
        body = None
    said = body.get("message") if isinstance(body, dict) else None
    if not isinstance(said, str) or not said.strip():
        return f"HTTP {reply.status}"
    return " ".join(scrubbed(said, secrets).split())[:MESSAGE_LENGTH]
