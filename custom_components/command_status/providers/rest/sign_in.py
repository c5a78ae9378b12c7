"""The sign-in: a description, where its API is, what it asks for, and one request that tries it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

from aiohttp import ClientSession
from yarl import URL

from ..base import OPENING, Account, Challenge, Field, FieldKind, Sessions
from ..errors import (
    ProviderAuthError,
    ProviderConnectionError,
    ProviderError,
    ProviderInterceptedError,
    ProviderNoAnswerError,
    ProviderPermissionError,
    ProviderRateLimitError,
    SignInError,
)
from ..guard import CleanedErrors
from ..mistakes import DescriptionError
from .addresses import AddressError
from .api import ON, Api, address_of, filter_for
from .composing import ACCOUNT_FIELDS, ADVANCED_FIELDS, HERE, compose
from .description import (
    ACCOUNT_ID,
    ALLOW_HTTP,
    BASE_URL,
    KEY,
    NAME,
    VERIFY_SSL,
    Description,
    description,
)
from .outcome import refuse_to_judge
from .requests import Request
from .response import Response
from .templates import MISSING

CHOOSE: Final = "rest"
ACCOUNT: Final = "rest_account"
CREDENTIALS: Final = "rest_credentials"

NAME_FIELD: Final = Field(name=NAME)
ADDRESS_FIELD: Final = Field(name=BASE_URL, kind=FieldKind.URL)
SWITCHES: Final = (
    Field(name=VERIFY_SSL, kind=FieldKind.BOOLEAN, default=True, required=False, advanced=True),
    Field(name=ALLOW_HTTP, kind=FieldKind.BOOLEAN, default=False, required=False, advanced=True),
)
WHO: Final = ("username", "client_id", "token", "api_key", "refresh_token")
"""The fields that tell two accounts at one API apart; the first that there is counts."""

# What an error means for a sign-in. The first row that fits holds.
MEANINGS: Final[tuple[tuple[type[ProviderError], str], ...]] = (
    (ProviderAuthError, "invalid_auth"),
    (ProviderPermissionError, "invalid_auth"),
    (ProviderRateLimitError, "rate_limited"),
    (ProviderConnectionError, "cannot_connect"),
    (ProviderInterceptedError, "client_blocked"),
    (ProviderNoAnswerError, "cannot_connect"),
)


class RestSignIn:
    """One sign-in."""

    def __init__(self, sessions: Sessions) -> None:
        """Begin with what is known of the account, if it is not a new one."""
        self._sessions = sessions
        self._values: dict[str, str] = dict(sessions.known)
        self._description: Description | None = None

    async def submit(self, step: str, values: Mapping[str, Any]) -> Account | Challenge:
        """Go on from one form to the next, and at the end to an account."""
        typed = {name: _stored(value) for name, value in values.items()}
        match step:
            case "rest" if values is OPENING:
                return await self._open()
            case "rest":
                return await self._choose(typed[KEY])
            case "rest_account":
                return await self._locate(typed)
        return await self._finish(typed)

    async def close(self) -> None:
        """Do nothing: the sign-in holds nothing."""

    async def _open(self) -> Challenge:
        """Ask which description; that of an account is known."""
        if KEY in self._values:
            return await self._choose(self._values[KEY])
        found = await self._sessions.descriptions()
        names = {key: str(plain["name"]) for key, plain in found.items()}
        ordered = (HERE, *sorted(names, key=lambda key: names[key].casefold()))
        choice = Field(
            name=KEY, kind=FieldKind.CHOICE, choices=ordered, labels=names, texts="api_description"
        )
        return Challenge(step=CHOOSE, fields=(choice,))

    async def _choose(self, key: str) -> Challenge:
        """Ask where the API is; what is written down is not asked for."""
        self._values[KEY] = key
        if key == HERE:
            return self._describe()
        plain = (await self._sessions.descriptions()).get(key)
        self._description = found = _read(lambda: description(plain))
        described = next((f for f in found.fields if f.name == BASE_URL), None)
        address = () if described is None else (replace(described, kind=FieldKind.URL),)
        name = replace(NAME_FIELD, default=found.name)
        return Challenge(
            step=ACCOUNT,
            fields=(name, *address, *SWITCHES),
            placeholders={"api": found.name, "documentation": found.documentation or "-"},
        )

    def _describe(self) -> Challenge:
        """Ask where an API is that is described here, and how it is signed in to."""
        return Challenge(
            step=ACCOUNT,
            fields=(NAME_FIELD, ADDRESS_FIELD, *ACCOUNT_FIELDS, *ADVANCED_FIELDS, *SWITCHES),
            placeholders={"api": "REST API", "documentation": "-"},
        )

    async def _locate(self, typed: Mapping[str, str]) -> Account | Challenge:
        """Take the address, and ask for what the sign-in needs."""
        if self._values.get(KEY) == HERE:
            plain = _read(lambda: compose({**self._values, **typed}, {}))
            self._description = _read(lambda: description(plain, fewest=0))
        found = self._chosen()
        values = {**self._values, VERIFY_SSL: ON, ALLOW_HTTP: "false", **typed}
        other_host = values.get(BASE_URL) != self._values.get(BASE_URL)
        _checked_address(found, {**_any_labels(found), **values})
        if other_host:  # what was typed for one host is never sent to another
            values = {key: value for key, value in values.items() if key not in found.secrets}
        self._values = values
        fields = tuple(
            replace(f, required=f.required and f.name not in values)
            for f in found.fields
            if f.name != BASE_URL
        )
        if not fields:
            return await self._finish({})
        return Challenge(
            step=CREDENTIALS,
            fields=fields,
            placeholders={"api": found.name, "documentation": found.documentation or "-"},
        )

    async def _finish(self, typed: Mapping[str, str]) -> Account:
        """Try it, with one request."""
        found = self._chosen()
        values = {**self._values, **{key: value for key, value in typed.items() if value}}
        base = _checked_address(found, values)
        credentials = {**values, BASE_URL: f"{base}".rstrip("/")} if BASE_URL in values else values
        identity = self._identity(found, base, credentials)
        newest = await _tried(self._sessions.shared, found, credentials)
        return Account(
            id=identity,
            title=credentials.get(NAME) or found.name,
            credentials={**newest, ACCOUNT_ID: identity},
        )

    def _identity(self, found: Description, base: URL, credentials: Mapping[str, str]) -> str:
        """Return an id that tells nothing; with new secrets at the same place it stays."""
        known = self._sessions.known
        public = {f.name for f in found.fields} - found.secrets
        if known and all(known.get(name) == credentials.get(name) for name in public):
            return known[ACCOUNT_ID]
        who = next((credentials[name] for name in WHO if name in credentials), "")
        words = [found.key, f"{base}", *(credentials.get(name, "") for name in sorted(public)), who]
        return sha256("\n".join(words).encode()).hexdigest()[:32]

    def _chosen(self) -> Description:
        """Return the description; raises SignInError where the forms came in another order."""
        if self._description is None:
            raise SignInError("session_lost")
        return self._description


async def _tried(
    session: ClientSession, found: Description, credentials: Mapping[str, str]
) -> Mapping[str, str]:
    """Make the request that tells whether the credentials fit; return them as they are then.

    Raises SignInError.
    """
    newest = dict(credentials)

    async def keep(renewed: Mapping[str, str]) -> None:
        newest.update(renewed)

    words = filter_for(found, credentials)
    # The clock stands still: a sign-in is over long before its token.
    api = Api(session, found, credentials, lambda: 0.0, keep, words)
    request, needs_json = _check_of(found)
    try:
        with CleanedErrors(words):
            await api.auth.get()
            if request is not None:
                response = await api.send(request, {})
                refuse_to_judge(response)
                _judge(api, found, response, needs_json=needs_json)
    except SignInError:
        raise
    except ProviderError as err:
        meaning = next((word for kind, word in MEANINGS if isinstance(err, kind)), "check_failed")
        raise SignInError(meaning, err.message) from err
    return newest


def _read[T](read: Callable[[], T]) -> T:
    """Return what is read; raises SignInError where the description makes no sense."""
    try:
        return read()
    except DescriptionError as err:
        raise SignInError("invalid_description", f"{err}") from err


def _judge(api: Api, found: Description, response: Response, *, needs_json: bool) -> None:
    """Raise SignInError unless an answer says that the credentials fit."""
    if not response.good:
        raise SignInError("check_failed", api.refusal(response, found.error))
    if needs_json and response.data is MISSING:
        raise SignInError("not_json")


def _check_of(found: Description) -> tuple[Request | None, bool]:
    """Return the request that tries credentials: the check, or else the list of targets."""
    if found.check is not None:
        return found.check, found.check.expects_json
    if found.targets is not None and found.targets.get is not None:
        return found.targets.get, True
    return None, False


def _checked_address(found: Description, values: Mapping[str, str]) -> URL:
    """Return the base address; raises SignInError: `invalid_url` or `insecure_url`."""
    try:
        return address_of(found, values)
    except AddressError as err:
        raise SignInError(err.mistake) from err


def _any_labels(found: Description) -> Mapping[str, str]:
    """Return stand-ins for parts of an address that the next form asks for."""
    return {f.name: "x" for f in found.fields if f.name != BASE_URL}


def _stored(value: Any) -> str:
    """Return what was typed as text, as it is stored."""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
