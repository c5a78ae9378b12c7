"""A description as a whole: one API, and all of what can be done with it.

It is read from plain data, wherever that comes from: a shipped file, a user's own, or a form. What
is wrong with it is told with its place, and nothing of it is used then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_lowercase, digits
from typing import Any, Final

from ..base import Field, FieldKind
from ..mistakes import DescriptionError, Mistake, Place
from .auth import Auth, auth, declared, with_fields
from .commands import DEFAULTS, Described, Surroundings, all_rules, described
from .listing import Targets, targets
from .polling import Poll, poll
from .reading import (
    Keys,
    boolean,
    by_name,
    filled,
    json_value,
    listing,
    mapping,
    name,
    text,
    word,
    wrong,
)
from .requests import Request, request_of
from .rules import Rule
from .sources import Sources, sources
from .templates import Scope, Template, single, template

FORMAT: Final = 1
BUILT_IN: Final = frozenset({"blink", "esper", "here", "home", "rest", "wlte"})
KEY_LETTERS: Final = frozenset(ascii_lowercase + digits + "_")
MAX_KEY: Final = 40
MAX_COMMANDS: Final = 100
BASE_URL: Final = "base_url"
ALLOW_HTTP: Final = "allow_http"
VERIFY_SSL: Final = "verify_ssl"
KEY: Final = "description"
NAME: Final = "name"
ACCOUNT_ID: Final = "account_id"
RESERVED: Final = frozenset({ALLOW_HTTP, VERIFY_SSL, KEY, NAME, ACCOUNT_ID})
"""Names under which an account keeps what is no field of its description."""

STRANGERS: Final = frozenset({"account", "id", "secret", "target", "tracking_id"})
"""The placeholders that a command has which someone else sent."""

ACCOUNT_KINDS: Final = {
    kind.value: kind
    for kind in (
        FieldKind.TEXT,
        FieldKind.URL,
        FieldKind.SECRET,
        FieldKind.NUMBER,
        FieldKind.CHOICE,
    )
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """One API."""

    key: str
    name: str
    documentation: str | None
    base_url: Template
    fields: tuple[Field, ...]
    """What an account is asked for, the base address among it where it is not written down."""
    auth: Auth
    check: Request | None
    targets: Targets | None
    error: Sources | None
    send_rules: tuple[Rule, ...]
    commands: Mapping[str, Described]
    poll: Poll

    @property
    def secrets(self) -> frozenset[str]:
        """The names of the fields that are secret."""
        return frozenset(field.name for field in self.fields if field.kind is FieldKind.SECRET)

    @property
    def trackable(self) -> Described | None:
        """The first command that can be asked about by nothing but its id and its target."""
        for found in self.commands.values():
            stage = found.stage(0)
            if stage is not None and "id" in stage.request.names <= STRANGERS:
                return found
        return None

    def command(self, wish: str) -> Described | None:
        """Return a command by its name, in whatever case."""
        folded = wish.strip().casefold()
        return next(
            (found for key, found in self.commands.items() if key.casefold() == folded), None
        )


def description(plain: Any, *, fewest: int = 1) -> Description:
    """Read a description of so many commands at least; raises DescriptionError for any other."""
    with Keys(json_value(plain, ()), ()) as keys:
        keys.take("format", _format)
        key = keys.take("key", _key)
        shown = keys.take("name", filled)
        documentation = keys.take("documentation", _link, None)
        base, found_auth, fields = _account(keys)
        scope = with_fields(Scope(named={"account": frozenset({BASE_URL})}), fields)
        send_rules = keys.take("send_rules", lambda p, w: all_rules(p, w, scope), ())
        listed = keys.take("targets", lambda p, w: targets(p, w, scope), None)
        kept = frozenset() if listed is None else frozenset(listed.keep)
        return Description(
            key=key,
            name=shown,
            documentation=documentation,
            base_url=base,
            fields=fields,
            auth=found_auth,
            check=keys.take("check", lambda p, w: _check(p, w, scope), None),
            targets=listed,
            error=keys.take("error", lambda p, w: sources(p, w, scope.without("secret")), None),
            send_rules=send_rules,
            commands=_commands(keys, scope.with_named(target=kept), send_rules, fewest),
            poll=keys.take("poll", poll, Poll()),
        )


def _account(keys: Keys) -> tuple[Template, Auth, tuple[Field, ...]]:
    """Read what an account is made of: its address, its sign-in and its fields."""
    own = keys.take("account", listing(_field, at_most=20), ())
    names = [field.name for field in own]
    for at, found in enumerate(names):
        if found in names[:at] or found in RESERVED:
            raise wrong(found, ("account", at, "name"))
    scope = with_fields(Scope(named={"account": frozenset({BASE_URL})}), own)
    base = keys.take(BASE_URL, lambda p, w: _base_url(p, w, scope.without("secret")))
    found_auth = keys.take("auth", lambda p, w: auth(p, w, scope))
    implied = [field for field in found_auth.fields if field.name not in names]
    address = Field(name=BASE_URL, kind=FieldKind.URL)
    asked = BASE_URL in {hole.key for hole in base.names} and BASE_URL not in names
    return base, found_auth, (*([address] if asked else []), *own, *implied)


def _commands(
    keys: Keys, scope: Scope, send_rules: tuple[Rule, ...], fewest: int
) -> Mapping[str, Described]:
    """Read all commands, with what holds for each of them."""
    defaults = {key: (keys.peek(key), (key,)) for key in DEFAULTS if keys.has(key)}
    for key in defaults.keys() - {"poll"}:
        keys.take(key, json_value)
    around = Surroundings(scope=scope, send_rules=send_rules, defaults=defaults)
    plain = keys.take("commands", mapping, {})
    if not fewest <= len(plain) <= MAX_COMMANDS:
        raise DescriptionError(Mistake.NO_COMMAND, ("commands",), str(len(plain)))
    found = by_name(lambda p, w: described(p, w, around))(plain, ("commands",))
    around.read_unused()
    if len({key.casefold() for key in found}) < len(found):
        raise wrong("commands", ("commands",))
    return found


def _format(plain: Any, place: Place) -> int:
    """Read the version of the format."""
    if plain is True or plain != FORMAT:
        raise DescriptionError(Mistake.UNSUPPORTED_FORMAT, place, str(plain))
    return FORMAT


def _key(plain: Any, place: Place) -> str:
    """Read the key of a description."""
    if not isinstance(plain, str) or not is_key(plain):
        raise DescriptionError(Mistake.INVALID_KEY, place, str(plain))
    return plain


def is_key(text: str) -> bool:
    """Return whether a text can be the key of a description."""
    return 0 < len(text) <= MAX_KEY and KEY_LETTERS.issuperset(text) and text not in BUILT_IN


def _link(plain: Any, place: Place) -> str:
    """Read an address that is shown as a link."""
    found = text(plain, place)
    if not found.startswith(("https://", "http://")) or not found.isprintable() or " " in found:
        raise DescriptionError(Mistake.INVALID_URL, place, found)
    return found


def _base_url(plain: Any, place: Place, scope: Scope) -> Template:
    """Read the base address."""
    return declared(template(filled(plain, place), place, scope), place)


def _field(plain: Any, place: Place) -> Field:
    """Read one field of an account."""
    with Keys(plain, place) as keys:
        found = Field(
            name=keys.take("name", name),
            kind=keys.take("type", word(ACCOUNT_KINDS), FieldKind.TEXT),
            default=keys.take("default", single, None),
            required=keys.take("required", boolean, default=True),
            choices=keys.take("choices", listing(text, at_most=200), ()),
        )
    if (found.kind is FieldKind.CHOICE) is not bool(found.choices):
        raise DescriptionError(Mistake.MISSING_KEY, place, "choices")
    return found


def _check(plain: Any, place: Place, scope: Scope) -> Request:
    """Read the request by which credentials are tried; `json: false` takes any answer."""
    with Keys(plain, place) as keys:
        expects_json = True
        if isinstance(mapping(plain, place).get("json"), bool):
            expects_json = keys.take("json", boolean)
        return request_of(keys, scope, expects_json=expects_json)
