"""Requests as a description writes them, and the calls that come of them.

Each place has its own escaping: a segment of a path, a query, a header, a form, and JSON, which is
built as a tree. A value arrives literally, or the request is refused; none can change what the
request is about.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
import json
from string import ascii_letters, digits
from typing import Any, Final
from urllib.parse import quote, urlencode

from yarl import URL

from ..mistakes import DescriptionError, Mistake, Place
from .addresses import answered_address
from .reading import Keys, filled, json_value, mapping, number, text, word, wrong
from .templates import OPENING, Scope, Template, UnfitError, Values, single, template

METHODS: Final = {method: method for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
BODIES: Final = ("json", "form", "text")
MAX_BODY: Final = 64 * 1024
"""Bytes of a body that is sent."""
TIMEOUT: Final = 30.0
"""Seconds for one request; a description may ask for less."""

OPTIONAL: Final = "?"
"""At the end of a key: it is left out where its value, or a part of it, is missing."""

SEGMENT_SAFE: Final = "-._~!$&'()*+,;=:@%"
"""What a description may write within a segment of a path (RFC 3986); values keep nothing of it."""
DOTS: Final = frozenset({"", ".", ".."})
"""Segments that would lead elsewhere."""
TOKEN: Final = frozenset(ascii_letters + digits + "!#$%&'*+-.^_`|~")
"""Letters of a header's name (RFC 9110)."""
FRAMING: Final = frozenset(
    {
        "connection",
        "content-length",
        "cookie",
        "host",
        "keep-alive",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that say where a request goes or how it is cut: nobody's business but ours."""
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request as it goes out, but for the sign-in."""

    method: str
    url: URL
    headers: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    body: bytes | None
    timeout: float


@dataclass(frozen=True, slots=True)
class Entry[T]:
    """One key with its value."""

    key: str
    optional: bool
    value: T


type Entries = tuple[Entry[Template], ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """Data without placeholders."""

    value: Any

    def build(self, _: Values) -> Any:
        """Return the data."""
        return self.value


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text with placeholders within data."""

    template: Template

    def build(self, values: Values) -> Any:
        """Return the value; raises UnfitError."""
        return self.template.value(values)


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]

    def build(self, values: Values) -> Any:
        """Return the list; raises UnfitError."""
        return [item.build(values) for item in self.items]


@dataclass(frozen=True, slots=True)
class Object:
    """A mapping."""

    entries: tuple[Entry[Node], ...]

    def build(self, values: Values) -> Any:
        """Return the mapping without the optional keys that have no value; raises UnfitError."""
        return dict(_present(self.entries, lambda node: node.build(values)))


type Node = Constant | Leaf | Items | Object


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One request of a description."""

    method: str = "GET"
    path: tuple[Template, ...] = ()
    """Its segments, below the base address."""
    url: Template | None = None
    """A whole address out of an answer, in place of a path."""
    query: Entries = ()
    headers: Entries = ()
    kind: str | None = None
    """Which body it has; see BODIES."""
    body: Any = None
    expects_json: bool = True
    """Whether its answer must be JSON; only `check` may say otherwise."""
    timeout: float = TIMEOUT
    names: frozenset[str] = field(default=frozenset())
    """The first words of all its placeholders."""

    def call(self, values: Values, base: URL) -> Call:
        """Return the request with these values.

        Raises UnfitError where a value is missing or does not fit, and AddressError for an address
        that leads elsewhere.
        """
        headers = dict(_present(self.headers, lambda value: header_value(value, values)))
        body, content_type = self._content(values)
        if content_type is not None and "content-type" not in map(str.lower, headers):
            headers["Content-Type"] = content_type
        if "accept" not in map(str.lower, headers):
            headers["Accept"] = "application/json, */*;q=0.5"
        return Call(
            method=self.method,
            url=self._address(values, base),
            headers=headers,
            query=tuple(_present(self.query, lambda value: value.text(values))),
            body=body,
            timeout=self.timeout,
        )

    def _address(self, values: Values, base: URL) -> URL:
        """Return where it goes."""
        if self.url is not None:
            return answered_address(self.url.text(values), base)
        segments = "".join(f"/{_segment(part, values)}" for part in self.path)
        return URL(f"{base}".rstrip("/") + segments, encoded=True)

    def _content(self, values: Values) -> tuple[bytes | None, str | None]:
        """Return the body and its type."""
        match self.kind:
            case "json":
                content = _encoded(self.body.build(values))
                kind = "application/json"
            case "form":
                pairs = _present(self.body, lambda value: value.text(values))
                content, kind = urlencode(list(pairs)).encode(), FORM
            case "text":
                content, kind = self.body.text(values).encode(), "text/plain; charset=utf-8"
            case _:
                return None, None
        if len(content) > MAX_BODY:
            raise UnfitError("the body")
        return content, kind


def with_query(url: URL, query: tuple[tuple[str, str], ...]) -> URL:
    """Return an address with more in its query; what it has stays as it is."""
    if not query:
        return url
    before = url.raw_query_string
    return URL(f"{url}{'&' if before else '?'}{urlencode(query)}", encoded=True)


def request(plain: Any, place: Place, scope: Scope) -> Request:
    """Read a request; raises DescriptionError."""
    with Keys(plain, place) as keys:
        return request_of(keys, scope)


def request_of(keys: Keys, scope: Scope, *, expects_json: bool = True) -> Request:
    """Read the keys of a request that stand beside others."""
    seen: set[str] = set()

    def noted(plain: Any, place: Place, allowed: Scope = scope) -> Template:
        found = template(plain, place, allowed)
        seen.update(name.scope for name in found.names)
        return found

    open_scope = scope.without("secret")
    method = keys.take("method", word(METHODS), "GET")
    url = keys.take("url", lambda plain, place: _url(plain, place, noted), None)
    if url is not None and keys.has("path"):
        raise DescriptionError(Mistake.INVALID_VALUE, (*keys.place, "path"), "url")
    path: tuple[Template, ...] = ()
    if url is None:
        path = keys.take("path", lambda p, w: _path(p, w, lambda t, x: noted(t, x, open_scope)))
    kinds = [kind for kind in BODIES if keys.has(kind)]
    if len(kinds) > 1:
        raise DescriptionError(Mistake.INVALID_VALUE, (*keys.place, kinds[1]), kinds[1])
    kind = kinds[0] if kinds else None
    body = None if kind is None else keys.take(kind, _BODY_READERS[kind](noted))
    return Request(
        method=method,
        path=path,
        url=url,
        query=keys.take("query", lambda p, w: _entries(p, w, noted), ()),
        headers=keys.take("headers", lambda p, w: headers(p, w, noted), ()),
        kind=kind,
        body=body,
        expects_json=expects_json,
        timeout=keys.take("timeout", number(1, TIMEOUT), TIMEOUT),
        names=frozenset(seen),
    )


type Note = Callable[[Any, Place], Template]
"""Reads a text with placeholders and remembers which ones there are."""


def headers(plain: Any, place: Place, note: Note) -> Entries:
    """Read headers; those that frame a request are refused."""
    entries = _entries(plain, place, note)
    for entry in entries:
        if not entry.key or not TOKEN.issuperset(entry.key) or entry.key.lower() in FRAMING:
            raise DescriptionError(Mistake.INVALID_VALUE, (*place, entry.key), entry.key)
        for part in entry.value.parts:
            if isinstance(part, str) and not _fits_header(part):
                raise wrong(part, (*place, entry.key))
    return entries


def is_header_text(value: str) -> bool:
    """Return whether a text can stand in a header as it is."""
    return _fits_header(value) and value == value.strip()


def _fits_header(value: str) -> bool:
    """Return whether a text has nothing that would end a header, or that a server may refuse."""
    return value.isascii() and (value.isprintable() or not value)


def _entries(plain: Any, place: Place, note: Note) -> Entries:
    """Read a mapping to texts."""
    found = mapping(plain, place)
    return tuple(
        Entry(*_key(key, (*place, key)), note(single(value, (*place, key)), (*place, key)))
        for key, value in found.items()
    )


def _key(plain: str, place: Place) -> tuple[str, bool]:
    """Return a key and whether it may be left out; keys hold no placeholders."""
    if OPENING in plain:
        raise DescriptionError(Mistake.UNKNOWN_PLACEHOLDER, place, plain)
    return plain.removesuffix(OPTIONAL), plain.endswith(OPTIONAL)


def _present[T, V](
    entries: tuple[Entry[T], ...], build: Callable[[T], V]
) -> Iterator[tuple[str, V]]:
    """Return the keys with their values, without the optional ones that have none."""
    for entry in entries:
        try:
            value = build(entry.value)
        except UnfitError as err:
            if entry.optional and err.missing:
                continue
            raise
        yield entry.key, value


def _path(plain: Any, place: Place, note: Note) -> tuple[Template, ...]:
    """Read a path, segment by segment."""
    source = filled(plain, place)
    if not source.startswith("/") or any(mark in source for mark in "?#\\"):
        raise DescriptionError(Mistake.BAD_PATH, place, source)
    segments = tuple(note(segment, place) for segment in source[1:].split("/"))
    for index, segment in enumerate(segments):
        written = "".join(part if isinstance(part, str) else "x" for part in segment.parts)
        trailing = written == "" and index == len(segments) - 1
        if written.replace("%2e", ".").replace("%2E", ".") in DOTS and not trailing:
            raise DescriptionError(Mistake.BAD_PATH, place, source)
    return segments


def _segment(part: Template, values: Values) -> str:
    """Return one segment of a path."""
    pieces = list(part.texts(values))
    found = "".join(
        quote(piece, safe=SEGMENT_SAFE if name is None else "") for piece, name in pieces
    )
    holes = [name for _, name in pieces if name is not None]
    if holes and (found in DOTS or not all(piece for piece, name in pieces if name is not None)):
        raise UnfitError(str(holes[0]))
    return found


def _url(plain: Any, place: Place, note: Note) -> Template:
    """Read an address that comes out of an answer: it begins with the id, or with what was kept."""
    found = note(plain, place)
    first = found.parts[0] if found.parts else ""
    fits = not isinstance(first, str) and first.scope in {"id", "kept"}
    if not fits or any(not isinstance(part, str) for part in found.parts[1:]):
        raise DescriptionError(Mistake.FOREIGN_URL, place, text(plain, place))
    return found


def header_value(value: Template, values: Values) -> str:
    """Return the value of a header; raises UnfitError for what cannot stand in one."""
    found = value.text(values)
    if not is_header_text(found):
        raise UnfitError(next(map(str, value.names), "a header"))
    return found


def _json_body(note: Note) -> Callable[[Any, Place], Node]:
    """Return a reader of JSON bodies."""

    def read(plain: Any, place: Place) -> Node:
        return _node(json_value(plain, place), place, note)

    return read


def _node(plain: Any, place: Place, note: Note) -> Node:
    """Read data with placeholders in it; what has none is kept as it is."""
    match plain:
        case str() if OPENING in plain:
            return Leaf(note(plain, place))
        case list():
            items = tuple(_node(item, (*place, at), note) for at, item in enumerate(plain))
            if all(isinstance(item, Constant) for item in items):
                return Constant(plain)
            return Items(items)
        case dict():
            entries = tuple(
                Entry(*_key(key, (*place, key)), _node(item, (*place, key), note))
                for key, item in plain.items()
            )
            if all(isinstance(e.value, Constant) and not e.optional for e in entries):
                return Constant(plain)
            return Object(entries)
    return Constant(plain)


_BODY_READERS: Final[Mapping[str, Callable[[Note], Callable[[Any, Place], Any]]]] = {
    "json": _json_body,
    "form": lambda note: lambda plain, place: _entries(plain, place, note),
    "text": lambda note: note,
}


def _encoded(value: Any) -> bytes:
    """Return data as JSON; raises UnfitError for what JSON cannot say, or no server could read."""
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as err:
        raise UnfitError("the body") from err
