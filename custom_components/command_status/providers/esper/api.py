"""The way to Esper: one address, one key, and what its refusals mean.

Both shapes of an error carry a `message`: `{code, message, content}` under `/commands/v0`, and
`{errors, message, status}` elsewhere (develop-api.esper.io). It is the only text that tells a user
what is wrong, so it goes into the error, also that of a 500.
"""

from collections.abc import Mapping
from http import HTTPStatus
import re
from typing import Any, Final

from aiohttp import ClientSession
from yarl import URL

from ..errors import (
    ProviderAuthError,
    ProviderError,
    ProviderInterceptedError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderPermissionError,
    ProviderRefusedError,
)
from ..http import HeardDate, Reply, Until, base_url, exchange_json, refuse_generally

TENANT: Final = re.compile(
    r"(?:https://)?(?P<name>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)"
    r"(?P<host>\.esper\.cloud\.?(?::443)?(?:[/?#].*)?)?",
    re.IGNORECASE,
)
"""A tenant, as people copy it: its name, or any address of its console or of its API."""
API_SUFFIX: Final = "-api"
"""What the name of the host has that the name of the tenant has not."""

OWN_FIELDS: Final = frozenset({"code", "content", "errors", "status"})
"""An error of Esper's has a message, and at least one of these."""

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
    copied = TENANT.fullmatch(tenant)
    if copied and (copied["host"] or copied[0] == copied["name"]):
        name = copied["name"].lower().removesuffix(API_SUFFIX)
        return base_url(f"https://{name}{API_SUFFIX}.esper.cloud/api")
    url = base_url(tenant)
    return url if url.path.strip("/") else url / "api"


class Api:
    """One key at one address."""

    def __init__(
        self, session: ClientSession, base: URL, key: str, heard_date: HeardDate | None = None
    ) -> None:
        """Make no request yet."""
        self._session = session
        self._base = base
        self._key = key
        self._heard_date = heard_date

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        until: Until | None = None,
    ) -> Any:
        """Make one request and return the data of its answer.

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
            until=until,
            heard_date=self._heard_date,
        )
        if reply.status < HTTPStatus.MULTIPLE_CHOICES:
            return reply.json()
        raise _refusal(reply)


def _refusal(reply: Reply) -> ProviderError:
    """Return the error for a status; raises those that mean the same at every cloud.

    What is not in Esper's own shape was not said by Esper, whatever its status.
    """
    said = _said(reply)
    message = (said or "").strip() or f"HTTP {reply.status}"
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ProviderNoAnswerError(message, code=str(reply.status))
    refuse_generally(reply)
    if said is None:
        return ProviderInterceptedError(message, code=str(reply.status))
    return REFUSALS.get(reply.status, ProviderRefusedError)(message)


def _said(reply: Reply) -> str | None:
    """Return what Esper says about a refusal; None where somebody else says it."""
    try:
        body = reply.json()
    except ProviderNoAnswerError:
        return None
    if not isinstance(body, dict) or not OWN_FIELDS & body.keys():
        return None
    said = body.get("message")
    return said if isinstance(said, str) else None
