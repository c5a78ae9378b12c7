"""A description that is made by forms: what is typed into them becomes the same plain data.

An account that is described here keeps its half in its credentials (address, sign-in, check), and
each command in what was typed about it. Only together they are a description, which is read and
checked like one from a file.
"""

from collections.abc import Mapping, Sequence
from string import ascii_lowercase, digits
from typing import Any, Final

from ..dialogue import Drafting, Field, FieldKind
from ..mistakes import DescriptionError, Mistake, Place
from ..words import REDACTED, is_secret
from .auth import FIELDS
from .description import BASE_URL, FORMAT, KEY, MAX_COMMANDS, MAX_KEY, NAME, description
from .known_words import KNOWN, proposed
from .requests import METHODS
from .templates import OPENING

HERE: Final = "here"
"""In place of the key of a description: the account is described by forms."""
SIGN_IN: Final = "auth"
SIGN_IN_NAME: Final = "auth_name"
HEADERS: Final = "headers"
CHECK: Final = "check"

ACCOUNT_FIELDS: Final = (
    Field(
        name=SIGN_IN,
        kind=FieldKind.CHOICE,
        choices=tuple(kind for kind in FIELDS if kind != "login"),
        default="bearer",
        texts="api_sign_in",
    ),
)
ADVANCED_FIELDS: Final = (
    Field(name=SIGN_IN_NAME, required=False, advanced=True),
    Field(name=HEADERS, kind=FieldKind.LINES, required=False, advanced=True),
    Field(name=CHECK, required=False, advanced=True),
)
"""What the form of an account asks for besides where it is."""

BODIES: Final[Mapping[str, str]] = {"json": "JSON", "form": "application/x-www-form-urlencoded"}
STATES: Final = tuple(state.value for state in KNOWN)

# What is typed about a command, by step.
USER: Final = "user"
IDENTIFY: Final = "identify"
ASK: Final = "ask"
WORDS: Final = "words"
MORE: Final = "more"


def _request(prefix: str, method: str, *, needed: bool = True) -> tuple[Field, ...]:
    """Return the fields of a request."""
    return (
        Field(
            name=f"{prefix}method",
            kind=FieldKind.CHOICE,
            choices=tuple(METHODS),
            default=method,
        ),
        Field(name=f"{prefix}path", required=needed),
        Field(name=f"{prefix}query", kind=FieldKind.OBJECT, required=False),
        Field(
            name=f"{prefix}body_type",
            kind=FieldKind.CHOICE,
            choices=tuple(BODIES),
            labels=BODIES,
            default="json",
        ),
        Field(name=f"{prefix}body", kind=FieldKind.OBJECT, required=False),
    )


def _words(seen: Sequence[str]) -> tuple[Field, ...]:
    """Return the fields for the words of each state, with what is proposed in them."""
    table = proposed(seen)
    return tuple(
        Field(
            name=state.value,
            kind=FieldKind.WORDS,
            required=False,
            choices=(
                *KNOWN[state],
                *(word for word in seen if word.casefold() not in KNOWN[state]),
            ),
            suggested=table.get(state, ()),
        )
        for state in KNOWN
    )


def steps(seen: Sequence[str]) -> Mapping[str, tuple[Field, ...]]:
    """Return the forms for a command in their order; `seen` are words that were answered."""
    return {
        USER: (
            Field(name="command"),
            *_request("", "POST"),
            Field(name="parameters", kind=FieldKind.OBJECT, required=False),
        ),
        IDENTIFY: (
            Field(
                name="id_in",
                kind=FieldKind.CHOICE,
                choices=("path", "header", "none"),
                default="path",
                texts="id_place",
            ),
            Field(name="id", required=False),
            Field(
                name="id_segment", kind=FieldKind.NUMBER, required=False, minimum=-50, maximum=50
            ),
        ),
        ASK: _request("ask_", "GET"),
        WORDS: (Field(name="word", required=False), *_words(seen)),
        MORE: (
            *(Field(name=name, required=False) for name in ("reason", "progress", "result")),
            *_request("cancel_", "POST", needed=False),
            Field(name="cancel_final", kind=FieldKind.BOOLEAN, default=False, required=False),
            Field(name="every", kind=FieldKind.DURATION, default=5),
            Field(name="window", kind=FieldKind.DURATION, default=60),
            Field(name="grace", kind=FieldKind.DURATION, default=0),
            Field(name="repeatable", kind=FieldKind.BOOLEAN, default=False, required=False),
            Field(name="confirm", kind=FieldKind.BOOLEAN, default=False, required=False),
            Field(name="rules", kind=FieldKind.OBJECT, required=False),
        ),
    }


def compose(credentials: Mapping[str, str], commands: Mapping[str, Mapping[str, Any]]) -> Any:
    """Return the description of an account, as plain data, without a secret.

    `commands` is what was typed about each, by its name.
    """
    composed: dict[str, Any] = {
        "format": FORMAT,
        KEY_OF_DESCRIPTION: _slug(credentials[NAME]),
        "name": credentials[NAME],
        "base_url": f"${{account.{BASE_URL}}}",
        "auth": _auth(credentials),
    }
    if credentials.get(CHECK):
        composed[CHECK] = {"path": credentials[CHECK]}
    return composed | {"commands": {name: _command(typed) for name, typed in commands.items()}}


KEY_OF_DESCRIPTION: Final = "key"


def share(plain: Any) -> Any:
    """Return a description without what looks like a secret that was typed in plain.

    What stands under the name of a secret is hidden, unless it only says where the secret goes.
    """
    match plain:
        case Mapping():
            return {
                key: REDACTED
                if isinstance(value, str) and is_secret(key, value) and OPENING not in value
                else share(value)
                for key, value in plain.items()
            }
        case list() | tuple():
            return [share(value) for value in plain]
    return plain


def check(credentials: Mapping[str, str], typed: Mapping[str, Any], reached: str) -> None:
    """Raise DescriptionError where what was typed up to a step makes no sense.

    What the later steps ask for stands in for itself: it is as simple as can be.
    """
    order = list(steps(()))
    at = order.index(reached)
    names = {field.name for step in order[: at + 1] for field in steps(())[step]}
    known = {name: value for name, value in typed.items() if name in names}
    command = _command(known)
    if at < order.index(ASK):
        command["ask"] = {"path": "/", "outcome": STAND_IN}
    elif at < order.index(WORDS):
        command["ask"]["outcome"] = STAND_IN
    description(compose(credentials, {}) | {"commands": {str(typed["command"]): command}})


STAND_IN: Final[Mapping[str, Any]] = {"word": {"value": "x"}, "words": {"success": ["x"]}}


def field_at(place: Place) -> str | None:
    """Return the field in which the mistake at a place of a description was typed."""
    way = tuple(str(step) for step in place[2:])
    if place[:1] == ("commands",) and not way:
        return "command"
    found = max((part for part in FIELD_AT if way[: len(part)] == part), key=len, default=None)
    return None if found is None else FIELD_AT[found]


FIELD_AT: Final[Mapping[tuple[str, ...], str]] = {
    ("parameters",): "parameters",
    ("send", "path"): "path",
    ("send", "query"): "query",
    ("send", "json"): "body",
    ("send", "form"): "body",
    ("send", "repeatable"): "repeatable",
    ("id",): "id",
    ("ask", "path"): "ask_path",
    ("ask", "query"): "ask_query",
    ("ask", "json"): "ask_body",
    ("ask", "form"): "ask_body",
    ("ask", "outcome", "word"): "word",
    **{("ask", "outcome", "words", state): state for state in STATES},
    **{
        ("ask", "outcome", name): name
        for name in ("reason", "progress", "result", "rules", "grace")
    },
    ("cancel", "path"): "cancel_path",
    ("cancel", "query"): "cancel_query",
    ("cancel", "json"): "cancel_body",
    ("cancel", "form"): "cancel_body",
    ("timeout",): "window",
    ("poll", "every"): "every",
}


def _auth(credentials: Mapping[str, str]) -> dict[str, Any]:
    """Return the sign-in."""
    kind = credentials.get(SIGN_IN, "none")
    found: dict[str, Any] = {"type": kind}
    if credentials.get(SIGN_IN_NAME) and kind in {"header", "query"}:
        found["name"] = credentials[SIGN_IN_NAME]
    headers = {}
    for line in credentials.get(HEADERS, "").splitlines():
        name, colon, value = line.partition(":")
        if line.strip() and not colon:
            raise DescriptionError(Mistake.INVALID_VALUE, ("auth", HEADERS), line)
        if colon:
            headers[name.strip()] = value.strip()
    return found | ({"headers": headers} if headers else {})


def _command(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return one command."""
    outcome = {
        "word": typed.get("word"),
        "words": {state: typed[state] for state in STATES if typed.get(state)},
        **{name: typed.get(name) for name in ("reason", "progress", "result", "rules", "grace")},
    }
    cancel = _sent(typed, "cancel_") | {"final": typed.get("cancel_final")}
    repeatable = {"repeatable": True} if typed.get("repeatable") else {}
    ask = _sent(typed, "ask_") | {"outcome": _filled(outcome)}
    return _filled(
        {
            "parameters": typed.get("parameters"),
            "send": _sent(typed, "") | repeatable,
            "ask": ask,
            "cancel": _filled(cancel) if "path" in cancel else None,
            "confirm": typed.get("confirm"),
            "timeout": typed.get("window"),
            "poll": _filled({"every": typed.get("every")}),
        }
    ) | {"id": _identity(typed)}


def _identity(typed: Mapping[str, Any]) -> Any:
    """Return where the id of a command is."""
    where, found = typed.get("id_in", "none"), typed.get("id")
    if where == "none":
        return None
    if not found:
        raise DescriptionError(Mistake.MISSING_KEY, ("commands", str(typed["command"]), "id"), "id")
    segment = typed.get("id_segment")
    return {where: found} | ({} if segment is None else {"segment": int(segment)})


def _sent(typed: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return one request."""
    kind = typed.get(f"{prefix}body_type", "json")
    return _filled(
        {
            "method": typed.get(f"{prefix}method"),
            "path": typed.get(f"{prefix}path"),
            "query": typed.get(f"{prefix}query"),
            kind: typed.get(f"{prefix}body"),
        }
    )


def _filled(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has something in it: an empty field was not filled in."""
    return {
        key: value
        for key, value in plain.items()
        if value is not False and value not in (None, "", [], {})
    }


def _slug(name: str) -> str:
    """Return a key that is like a name."""
    letters = frozenset(ascii_lowercase + digits)
    found = "".join(mark if mark in letters else "_" for mark in name.lower())
    return found.strip("_")[:MAX_KEY] or "api"


DRAFTING: Final = Drafting(
    named_by=KEY,
    key=HERE,
    steps=steps,
    compose=compose,
    check=check,
    share=share,
    most=MAX_COMMANDS,
    field_at=field_at,
)
