"""Where in an answer a value stands: a path, a header, the text, the status, or a constant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from ..mistakes import Place
from ..words import identifier
from .paths import Path, path
from .reading import Keys, Read, boolean, filled, listing, text, whole, wrong
from .response import Response
from .templates import MISSING, Scope, Template, Values, single, spelled, template

WAYS: Final = ("path", "header", "text", "status", "value")
MAX_ID: Final = 512
"""Characters of an id, or of anything else that is kept."""

type Look = Callable[[Response, Values], Any]
"""Looks a value up; MISSING where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One place in an answer."""

    look: Look
    path: Path | None = None
    segment: int | None = None
    between: tuple[str, str] | None = None

    def raw(self, response: Response, values: Values) -> Any:
        """Return what stands there, as it is; MISSING for nothing, and for `null`."""
        found = self.look(response, values)
        if self.segment is not None:
            found = _segment(found, self.segment)
        if self.between is not None:
            found = _between(found, *self.between)
        return MISSING if found is None else found


@dataclass(frozen=True, slots=True)
class Sources:
    """Places in an answer, of which the first that has a value counts."""

    places: tuple[Source, ...]

    def raw(self, response: Response, values: Values) -> Any:
        """Return the first value that is not empty; MISSING where there is none."""
        for place in self.places:
            found = place.raw(response, values)
            if found is not MISSING and found != "":
                return found
        return MISSING

    def text(self, response: Response, values: Values) -> str | None:
        """Return the first value as text; None where there is none, or it is no single one."""
        found = self.raw(response, values)
        if found is MISSING:
            return None
        return spelled(found)

    def id(self, response: Response, values: Values) -> str | None:
        """Return a text that is fit to be an id."""
        return identifier(self.text(response, values), MAX_ID)


def piece(value: Any) -> str | None:
    """Return a value that is fit to be kept as text; None where it is no short single one."""
    found = spelled(value)
    return found if found == "" else identifier(found, MAX_ID)


def source(plain: Any, place: Place, scope: Scope) -> Source:
    """Read one place; a text alone is a path."""
    if not isinstance(plain, Mapping):
        return _by_path(path(plain, place, scope))
    with Keys(plain, place) as keys:
        found = source_of(keys, scope)
        segment = keys.take("segment", whole(-50, 50), None)
        between = keys.take("between", _pair, None)
        return Source(look=found.look, path=found.path, segment=segment, between=between)


def source_of(keys: Keys, scope: Scope) -> Source:
    """Read the one key that says where a value stands."""
    way = keys.only_one_of(WAYS, "path")
    return keys.take(way, _readers(scope)[way])


def sources(plain: Any, place: Place, scope: Scope) -> Sources:
    """Read a place, or a list of them."""
    if not isinstance(plain, list | tuple):
        return Sources((source(plain, place, scope),))
    if not plain:
        raise wrong(plain, place)
    return Sources(listing(lambda item, at: source(item, at, scope), at_most=20)(plain, place))


def _readers(scope: Scope) -> Mapping[str, Read[Source]]:
    """Return how each way to a value is read."""
    return {
        "path": lambda plain, place: _by_path(path(plain, place, scope)),
        "header": lambda plain, place: _by_header(filled(plain, place)),
        "text": lambda plain, place: _always(plain, place, lambda response, _: response.text),
        "status": lambda plain, place: _always(plain, place, lambda response, _: response.status),
        "value": lambda plain, place: _constant(template(single(plain, place), place, scope)),
    }


def _by_path(found: Path) -> Source:
    """Return a source that follows a path."""

    def look(response: Response, values: Values) -> Any:
        data = response.data
        return MISSING if data is MISSING else found.find(data, values)

    return Source(look=look, path=found)


def _by_header(header: str) -> Source:
    """Return a source that reads a header."""
    return Source(look=lambda response, _: response.headers.get(header, MISSING))


def _always(plain: Any, place: Place, look: Look) -> Source:
    """Return a source that needs no further words: its key is true."""
    if not boolean(plain, place):
        raise wrong(plain, place)
    return Source(look=look)


def _constant(found: Template) -> Source:
    """Return a source that is always the same, but for what placeholders stand for."""
    return Source(look=lambda _, values: found.value(values))


def _pair(plain: Any, place: Place) -> tuple[str, str]:
    """Read what stands before and behind a value."""
    match listing(text)(plain, place):
        case (before, behind) if before and behind:
            return before, behind
    raise wrong(plain, place)


def _segment(value: Any, number: int) -> Any:
    """Return one part of the path of an address; slashes at its ends make no parts."""
    if not isinstance(value, str):
        return MISSING
    bare = value.partition("#")[0].partition("?")[0]
    authority = bare.partition("://")[2]
    parts = [part for part in (authority or bare).split("/") if part][bool(authority) :]
    return unquote(parts[number]) if -len(parts) <= number < len(parts) else MISSING


def _between(value: Any, before: str, behind: str) -> Any:
    """Return what stands between two texts for the first time."""
    if not isinstance(value, str):
        return MISSING
    _, start, rest = value.partition(before)
    found, end, _ = rest.partition(behind)
    return found if start and end else MISSING
