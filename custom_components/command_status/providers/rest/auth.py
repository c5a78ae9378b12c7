"""How a description signs in: what is asked for, and what every request then carries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

from yarl import URL

from ..base import Field, FieldKind
from ..mistakes import DescriptionError, Mistake, Place
from .addresses import AddressError, base_address, same_origin
from .reading import Keys, filled, number, text, word, wrong
from .requests import TOKEN, Entries, Entry, Request, headers, request
from .rules import Statuses, statuses
from .sources import Sources, sources
from .templates import Name, Scope, Template, Values, template

USUAL_LIFE: Final = 3600.0
"""Seconds of a token whose life is not told."""

USERNAME: Final = Field(name="username")
PASSWORD: Final = Field(name="password", kind=FieldKind.SECRET)
TOKEN_FIELD: Final = Field(name="token", kind=FieldKind.SECRET)
API_KEY: Final = Field(name="api_key", kind=FieldKind.SECRET)
CLIENT_ID: Final = Field(name="client_id")
CLIENT_SECRET: Final = Field(name="client_secret", kind=FieldKind.SECRET)
REFRESH_TOKEN: Final = Field(name="refresh_token", kind=FieldKind.SECRET)
TOKEN_URL: Final = Field(name="token_url", kind=FieldKind.URL)

FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    "none": (),
    "bearer": (TOKEN_FIELD,),
    "basic": (USERNAME, PASSWORD),
    "header": (API_KEY,),
    "query": (API_KEY,),
    "oauth2_client_credentials": (CLIENT_ID, CLIENT_SECRET),
    "oauth2_refresh_token": (REFRESH_TOKEN, CLIENT_ID, CLIENT_SECRET),
    "login": (USERNAME, PASSWORD),
}
"""What each kind of sign-in asks for."""
AUTHORIZATION: Final = "Authorization"


@dataclass(frozen=True, kw_only=True, slots=True)
class Carrier:
    """Where a request carries a token: in a header, or in the query."""

    name: str
    in_query: bool = False
    prefix: str = ""


BEARER: Final = Carrier(name=AUTHORIZATION, prefix="Bearer ")


@dataclass(frozen=True, kw_only=True, slots=True)
class OAuth:
    """How a token is asked for by OAuth 2.0 (RFC 6749, sections 4.4 and 6)."""

    token_url: Template | None
    """None: the user types it, and it must be on the host of the base address."""
    grant: str
    scope: Template | None
    audience: Template | None
    basic: bool
    """Whether the client names itself in a header rather than in the body."""

    def address(self, values: Values, base: URL) -> URL:
        """Return where tokens come from; raises AddressError for a host that is not declared."""
        if self.token_url is None:
            return _on_host_of(base, str(values["account."].get("token_url", "")))
        typed = any(isinstance(part, Name) for part in self.token_url.parts)
        found = self.token_url.text(values)
        return _on_host_of(base, found) if typed else base_address(found, allow_http=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """How a token is asked for by a request of the API's own."""

    request: Request
    token: Sources


@dataclass(frozen=True, kw_only=True, slots=True)
class Auth:
    """The sign-in of a description."""

    kind: str
    fields: tuple[Field, ...]
    headers: Entries = ()
    query: Entries = ()
    way: OAuth | Login | None = None
    """How a token is asked for; None where what the user typed is sent itself."""
    carrier: Carrier = BEARER
    lifetime: float = USUAL_LIFE
    expired: Statuses = frozenset({HTTPStatus.UNAUTHORIZED})
    """What the server answers to a token that is old."""


def auth(plain: Any, place: Place, scope: Scope) -> Auth:
    """Read a sign-in; `scope` has the fields of the account."""
    with Keys(plain, place) as keys:
        kind = keys.take("type", word({kind: kind for kind in FIELDS}))
        fields = FIELDS[kind]
        inner = with_fields(scope, fields)
        found = _KINDS[kind](keys, inner, Auth(kind=kind, fields=fields))
        own = keys.take("headers", lambda p, w: headers(p, w, _note(inner)), ())
        return replace(found, headers=(*found.headers, *own))


def with_fields(scope: Scope, fields: tuple[Field, ...]) -> Scope:
    """Return a scope that knows these fields as well."""
    secret = {field.name for field in fields if field.kind is FieldKind.SECRET}
    plain = {field.name for field in fields} - secret
    return scope.with_named(
        account=scope.named.get("account", frozenset()) | plain,
        secret=scope.named.get("secret", frozenset()) | secret,
    )


def _nothing(_: Keys, __: Scope, found: Auth) -> Auth:
    """Read what needs no further words."""
    return found


def _bearer(_: Keys, scope: Scope, found: Auth) -> Auth:
    """Read a token that the user has."""
    value = template("Bearer ${secret.token}", (), scope)
    return replace(found, headers=(Entry(AUTHORIZATION, optional=False, value=value),))


def _header(keys: Keys, scope: Scope, found: Auth) -> Auth:
    """Read a key in a header."""
    name = keys.take("name", _header_name, AUTHORIZATION)
    value = keys.take("value", text, "${secret.api_key}")
    return replace(found, headers=headers({name: value}, (*keys.place, "value"), _note(scope)))


def _query(keys: Keys, scope: Scope, found: Auth) -> Auth:
    """Read a key in the query."""
    name = keys.take("name", filled, "api_key")
    value = keys.take("value", lambda p, w: template(p, w, scope), _API_KEY)
    return replace(found, query=(Entry(name, optional=False, value=value),))


_API_KEY: Final = Template((Name("secret", "api_key"),))


def _oauth(grant: str) -> Callable[[Keys, Scope, Auth], Auth]:
    """Return a reader of one grant of OAuth 2.0."""

    def read(keys: Keys, scope: Scope, found: Auth) -> Auth:
        open_scope = scope.without("secret")

        def open_text(plain: Any, place: Place) -> Template:
            return template(filled(plain, place), place, open_scope)

        def address(plain: Any, place: Place) -> Template:
            return declared(open_text(plain, place), place)

        way = OAuth(
            token_url=keys.take("token_url", address, None),
            grant=grant,
            scope=keys.take("scope", open_text, None),
            audience=keys.take("audience", open_text, None),
            basic=keys.take("in", word({"body": False, "basic": True}), default=False),
        )
        asked = () if way.token_url is not None else (TOKEN_URL,)
        return replace(found, way=way, fields=(*found.fields, *asked))

    return read


def _login(keys: Keys, scope: Scope, found: Auth) -> Auth:
    """Read a login with a request of the API's own."""
    way = Login(
        request=keys.take("request", lambda p, w: request(p, w, scope)),
        token=keys.take("token", lambda p, w: sources(p, w, scope.without("secret"))),
    )
    if keys.has("query"):
        carrier = Carrier(name=keys.take("query", filled), in_query=True)
    else:
        name = keys.take("header", _header_name, AUTHORIZATION)
        usual = "Bearer " if name.lower() == AUTHORIZATION.lower() else ""
        carrier = Carrier(name=name, prefix=keys.take("prefix", text, usual))
    return replace(
        found,
        way=way,
        carrier=carrier,
        lifetime=keys.take("lifetime", number(10, 10 * 86400), USUAL_LIFE),
        expired=keys.take("expired", statuses, found.expired),
    )


_KINDS: Final[Mapping[str, Callable[[Keys, Scope, Auth], Auth]]] = {
    "none": _nothing,
    "bearer": _bearer,
    "basic": _nothing,
    "header": _header,
    "query": _query,
    "oauth2_client_credentials": _oauth("client_credentials"),
    "oauth2_refresh_token": _oauth("refresh_token"),
    "login": _login,
}


def _note(scope: Scope) -> Callable[[Any, Place], Template]:
    """Return a reader of texts with the placeholders of a scope."""
    return lambda plain, place: template(plain, place, scope)


def _header_name(plain: Any, place: Place) -> str:
    """Read the name of a header."""
    found = filled(plain, place)
    if not TOKEN.issuperset(found):
        raise wrong(found, place)
    return found


def declared(found: Template, place: Place) -> Template:
    """Return an address; one that is written out is checked now."""
    if not any(isinstance(part, Name) for part in found.parts):
        try:
            base_address(found.text({}), allow_http=True)
        except AddressError as err:
            raise DescriptionError(err.mistake, place, found.text({})) from err
    return found


def _on_host_of(base: URL, text: str) -> URL:
    """Return an address that the description does not write out: on the host of the base only."""
    url = base_address(text, allow_http=True)
    if not same_origin(url, base):
        raise AddressError(Mistake.FOREIGN_URL)
    return url
