"""The sign-in: a form, a token, and one look at the devices."""

from collections.abc import Mapping
from typing import Any, Final

from yarl import URL

from ..base import Account, Challenge, Field, FieldKind, Form, Sessions
from ..errors import (
    ProviderError,
    ProviderInterceptedError,
    ProviderLaterError,
    ProviderNoAnswerError,
    ProviderPermissionError,
    ProviderRateLimitError,
    ProviderRefusedError,
    SignInError,
    cause_of,
)
from ..guard import CleanedErrors
from ..http import base_url
from .api import ROOT, UnknownPathError
from .provider import client_for, filter_for

STEP: Final = "wlte"

PRODUCTION: Final = "https://openapi.svnwi.com"
"""The server of the vendor's contract file; others are named when an environment is delivered."""

HTTPS: Final = 443
"""The port where everybody looks for a server."""

FORM: Final = Form(
    fields=(
        Field(name="client_id"),
        Field(name="client_secret", kind=FieldKind.SECRET),
        Field(name="base_url", kind=FieldKind.URL, default=PRODUCTION, advanced=True),
    )
)

# docs 01-common/authorization-scopes: each of them reads, none of them switches a relay. What else
# there may be is given the benefit of the doubt.
POWERLESS: Final = frozenset({"device:read", "device:config", "device:manage"})

# What an error means for a sign-in; None: what its own key says. The first row that fits holds.
MEANINGS: Final[tuple[tuple[type[ProviderError], str | None], ...]] = (
    (ProviderRateLimitError, None),
    (ProviderPermissionError, None),
    (UnknownPathError, "cannot_connect"),  # the address is not that of a server of theirs
    (ProviderInterceptedError, "client_blocked"),
    (ProviderNoAnswerError, "cannot_connect"),
    (ProviderLaterError, "cannot_connect"),
    (ProviderRefusedError, "unknown"),
)


class WlteSignIn:
    """One sign-in."""

    def __init__(self, sessions: Sessions) -> None:
        """Use the session that is shared: there are no cookies."""
        self._session = sessions.shared

    async def submit(
        self,
        step: str,  # noqa: ARG002 - there is only one
        values: Mapping[str, Any],
    ) -> Account | Challenge:
        """Try the credentials; raises ProviderError with a key that there is a text for."""
        base = _server(values)
        credentials = {
            "client_id": values["client_id"].strip(),
            "client_secret": values["client_secret"].strip(),
            "base_url": f"{base}",
        }
        try:
            await self._try(credentials)
        except ProviderError as err:
            met = cause_of(err)
            meaning = next((word for kind, word in MEANINGS if isinstance(met, kind)), None)
            if meaning is None:
                raise
            raise SignInError(meaning, err.message) from err
        place = _place(base)
        title = "WLTE" if place == _place(URL(PRODUCTION)) else f"WLTE {place}"
        return Account(id=account_id(credentials), title=title, credentials=credentials)

    async def close(self) -> None:
        """Do nothing: the sign-in holds nothing."""

    async def _try(self, credentials: Mapping[str, str]) -> None:
        """Get a token and read one device; raises SignInError when no relay can be switched."""
        # The clock stands still: a sign-in is over long before its token.
        words = filter_for(credentials)
        client = client_for(self._session, credentials, lambda: 0.0, words)
        with CleanedErrors(words):
            scopes = await client.scopes()
            if scopes is not None and scopes <= POWERLESS:
                raise SignInError("missing_permission")
            await client.page(1, size=1)


def account_id(credentials: Mapping[str, str]) -> str:
    """Return what tells accounts apart: the client, and the server that knows it."""
    return f"{credentials['client_id']}@{_place(URL(credentials['base_url']))}"


def _place(server: URL) -> str:
    """Return the host of a server, with its port where it is not the usual one."""
    host = (server.host or "").lower()
    return host if server.port == HTTPS else f"{host}:{server.port}"


def _server(values: Mapping[str, Any]) -> URL:
    """Return the server's address, without the path that every call has in common."""
    typed = str(values.get("base_url") or PRODUCTION)
    return base_url(typed.strip().rstrip("/").removesuffix(f"/{ROOT}"))
