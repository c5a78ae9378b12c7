"""The sign-in: a tenant and an API key, tried with `GET /v1/token-info/`."""

from collections.abc import Mapping
import re
from typing import Any, Final

from yarl import URL

from ..base import Account, Challenge, Field, FieldKind, Form, Sessions
from ..errors import (
    ProviderError,
    ProviderInterceptedError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderPermissionError,
    ProviderRefusedError,
    SignInError,
)
from ..guard import CleanedErrors
from ..words import Filter
from .api import API_SUFFIX, Api, address
from .models import required_id

STEP: Final = "esper"

FORM: Final = Form(fields=(Field(name="tenant"), Field(name="api_key", kind=FieldKind.SECRET)))

KEY: Final = re.compile(r"[\x21-\x7e]+")
"""What an HTTP header can carry; anything else is no key."""

# What an error means for a sign-in where its key does not say so; the first row that fits holds.
MEANINGS: Final[tuple[tuple[type[ProviderError], str | None], ...]] = (
    (ProviderPermissionError, None),
    (ProviderNotFoundError, "cannot_connect"),  # the address is not that of a tenant
    (ProviderInterceptedError, "client_blocked"),
    (ProviderNoAnswerError, "cannot_connect"),
    (ProviderRefusedError, "unknown"),
)


class EsperSignIn:
    """One sign-in; there is nothing to remember between its steps."""

    def __init__(self, sessions: Sessions) -> None:
        """Use the session that is shared: there are no cookies."""
        self._session = sessions.shared

    async def submit(self, step: str, values: Mapping[str, Any]) -> Account | Challenge:  # noqa: ARG002 - there is one step
        """Try the key; raises ProviderError, always with a key that the form has a text for."""
        credentials = {name: str(values[name]).strip() for name in ("tenant", "api_key")}
        base = address(credentials["tenant"])
        if not KEY.fullmatch(credentials["api_key"]):
            raise SignInError("invalid_auth")
        key = credentials["api_key"]
        try:
            with CleanedErrors(Filter(key)):
                enterprise = await _enterprise(Api(self._session, base, key))
        except ProviderError as err:
            meaning = next((word for kind, word in MEANINGS if isinstance(err, kind)), None)
            if meaning is None:
                raise
            raise SignInError(meaning, err.message) from err
        return Account(id=enterprise, title=f"Esper {_tenant(base)}", credentials=credentials)

    async def close(self) -> None:
        """Do nothing: the sign-in holds nothing."""


async def _enterprise(api: Api) -> str:
    """Return the id of the enterprise that a key belongs to.

    Nothing else of the answer is kept: it repeats the key and adds a refresh token (esper-api-spec,
    TokenInfoV1).
    """
    return required_id(await api.call("GET", "v1/token-info/"), "enterprise")


def _tenant(base: URL) -> str:
    """Return the tenant's name where the address tells it, else its host."""
    return (base.host or "").removesuffix(f"{API_SUFFIX}.esper.cloud")
