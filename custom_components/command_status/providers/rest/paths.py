"""Paths into an answer: `a.b[0][-1]["x.y"][*][key="v"]`, at most 20 steps.

A step looks at each value once, so that a path is linear in the size of the answer. There are no
wildcards in depth and no expressions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..mistakes import DescriptionError, Mistake, Place
from .reading import text
from .templates import MISSING, Scope, Template, Values, spelled, template

MAX_STEPS: Final = 20
MAX_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Key:
    """The value of a key of an object."""

    name: str

    def of(self, value: Any, _: Values) -> Any:
        """Take the step."""
        return value.get(self.name, MISSING) if isinstance(value, Mapping) else MISSING


@dataclass(frozen=True, slots=True)
class Index:
    """An item of a list; negative ones count from its end."""

    number: int

    def of(self, value: Any, _: Values) -> Any:
        """Take the step."""
        if isinstance(value, list) and -len(value) <= self.number < len(value):
            return value[self.number]
        return MISSING


@dataclass(frozen=True, slots=True)
class Match:
    """The first item of a list in which a key has a value."""

    name: str
    wanted: Template

    def of(self, value: Any, values: Values) -> Any:
        """Take the step."""
        wanted = self.wanted.text(values)
        items = value if isinstance(value, list) else []
        hits = (
            item
            for item in items
            if isinstance(item, Mapping) and spelled(item.get(self.name)) == wanted
        )
        return next(hits, MISSING)


@dataclass(frozen=True, slots=True)
class Each:
    """Every item of a list; what follows is looked up in each of them."""


type Step = Key | Index | Match | Each


@dataclass(frozen=True, slots=True)
class Path:
    """A way to a value."""

    steps: tuple[Step, ...]

    @property
    def many(self) -> bool:
        """Whether it leads to a list of all that it found."""
        return any(isinstance(step, Each) for step in self.steps)

    def find(self, data: Any, values: Values) -> Any:
        """Return the value there, or MISSING; a list of all values behind a `[*]`.

        Raises UnfitError where a placeholder in it has no value.
        """
        found = [data]
        for step in self.steps:
            if isinstance(step, Each):
                found = [item for value in found if isinstance(value, list) for item in value]
            else:
                found = [step.of(value, values) for value in found]
        known = [value for value in found if value is not MISSING]
        if self.many:
            return known
        return known[0] if known else MISSING


ROOT: Final = Path(())
"""The whole answer."""


def path(plain: Any, place: Place, scope: Scope) -> Path:
    """Read a path; the empty one is the whole answer."""
    source = text(plain, place)
    try:
        steps = tuple(_steps(source, place, scope))
    except ValueError as err:
        raise DescriptionError(Mistake.BAD_PATH, place, source) from err
    if len(steps) > MAX_STEPS:
        raise DescriptionError(Mistake.BAD_PATH, place, source)
    return Path(steps)


def _steps(source: str, place: Place, scope: Scope) -> Iterator[Step]:
    """Read one step after the other; raises ValueError where there is none."""
    position = 0
    while position < len(source):
        if source[position] == "[":
            end = _bracket_end(source, position)
            yield _bracket(source[position + 1 : end], place, scope)
            position = end + 1
        else:
            if position:
                if source[position] != ".":
                    raise ValueError
                position += 1
            end = _key_end(source, position)
            yield Key(_bare(source[position:end]))
            position = end


def _key_end(source: str, start: int) -> int:
    """Return where a key without quotes ends."""
    ends = (at for at in (source.find(".", start), source.find("[", start)) if at >= 0)
    return min(ends, default=len(source))


def _bracket_end(source: str, start: int) -> int:
    """Return where a bracket closes; those within quotes close nothing."""
    quote = source.find('"', start)
    end = source.index("]", start)
    return source.index("]", source.index('"', quote + 1)) if 0 <= quote < end else end


def _bracket(inner: str, place: Place, scope: Scope) -> Step:
    """Read what stands between brackets."""
    if inner == "*":
        return Each()
    if '"' not in inner:
        digits = inner.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= MAX_DIGITS):
            raise ValueError
        return Index(int(inner))
    key, _, rest = inner.partition('"')
    quoted, closing, behind = rest.partition('"')
    if not closing or behind:
        raise ValueError
    if not key:
        return Key(quoted)
    if not key.endswith("="):
        raise ValueError
    return Match(_bare(key[:-1]), template(quoted, place, scope))


def _bare(key: str) -> str:
    """Return a key without quotes; raises ValueError for what cannot be one."""
    if not key or not key.isprintable() or any(mark in key for mark in '"]{}='):
        raise ValueError
    return key
