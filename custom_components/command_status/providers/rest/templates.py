"""Texts with placeholders: `${target}`, `${parameter.url}`, `${secret.token}` ...

One pass, and no language: a value is put in as it is and never read again, so nothing in it can
become a placeholder. The place decides how it is written; that is the business of `requests`.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
import json
from typing import Any, Final, override

from ...tracking import NOTHING
from ..mistakes import DescriptionError, Mistake, Place
from .reading import text, wrong

OPENING: Final = "${"
CLOSING: Final = "}"

MISSING: Final[Any] = type("Missing", (), {"__repr__": lambda _: "MISSING"})()
"""Stands for a value that is not there; `null` counts as that, too."""

type Values = Mapping[str, Any]
"""What placeholders stand for: the value of each word; those of two words are in a mapping behind
the first and a dot."""


class UnfitError(Exception):
    """Raised when a value is missing, or cannot stand at its place; nothing is sent then."""

    def __init__(self, name: str, *, missing: bool = False) -> None:
        """Keep the placeholder, never the value."""
        super().__init__(f"{name} {'is missing' if missing else 'does not fit its place'}")
        self.name = name
        self.missing = missing


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """The placeholders that may stand at a place."""

    plain: frozenset[str] = frozenset()
    """Those of one word."""
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Those of two words: the first with all that may follow it."""

    @property
    def key(self) -> Hashable:
        """What is the same for scopes with the same placeholders."""
        return self.plain, frozenset(self.named.items())

    def without(self, *words: str) -> Scope:
        """Return the scope without some first words."""
        return Scope(
            plain=self.plain.difference(words),
            named={key: names for key, names in self.named.items() if key not in words},
        )

    def with_plain(self, *words: str) -> Scope:
        """Return the scope with more placeholders of one word."""
        return Scope(plain=self.plain.union(words), named=self.named)

    def with_named(self, **named: Iterable[str]) -> Scope:
        """Return the scope with more placeholders of two words."""
        more = {key: frozenset(names) for key, names in named.items()}
        return Scope(plain=self.plain, named={**self.named, **more})


NOWHERE: Final = Scope()


@dataclass(frozen=True, slots=True)
class Name:
    """One placeholder."""

    scope: str
    key: str | None = None

    @override
    def __str__(self) -> str:
        """Return it as it is written."""
        return f"${{{self.scope}{f'.{self.key}' if self.key is not None else ''}}}"

    def value(self, values: Values) -> Any:
        """Return what it stands for, or MISSING."""
        if self.key is None:
            found = values.get(self.scope, MISSING)
        else:
            found = values.get(f"{self.scope}.", NOTHING).get(self.key, MISSING)
        return MISSING if found is None else found


@dataclass(frozen=True, slots=True)
class Template:
    """A text with placeholders in it."""

    parts: tuple[str | Name, ...]

    @property
    def names(self) -> Iterator[Name]:
        """The placeholders in it."""
        return (part for part in self.parts if isinstance(part, Name))

    def texts(self, values: Values) -> Iterator[tuple[str, Name | None]]:
        """Return its pieces as texts, those of placeholders with them; raises UnfitError."""
        for part in self.parts:
            if isinstance(part, str):
                yield part, None
            else:
                yield _text_of(part, values), part

    def text(self, values: Values) -> str:
        """Return the text; raises UnfitError where a value is missing, or is no text or number."""
        return "".join(piece for piece, _ in self.texts(values))

    def value(self, values: Values) -> Any:
        """Return the text; a placeholder that stands alone keeps the type of its value."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Name):
            found = self.parts[0].value(values)
            if found is MISSING:
                raise UnfitError(str(self.parts[0]), missing=True)
            return found
        return self.text(values)


def template(plain: Any, place: Place, scope: Scope) -> Template:
    """Read a text with placeholders; raises DescriptionError for one that does not belong there."""
    left = text(plain, place)
    parts: list[str | Name] = []
    while OPENING in left:
        before, _, behind = left.partition(OPENING)
        word, closing, left = behind.partition(CLOSING)
        if not closing:
            raise DescriptionError(Mistake.UNKNOWN_PLACEHOLDER, place, OPENING + word)
        parts += [before, _name(word, place, scope)]
    parts.append(left)
    return Template(tuple(part for part in parts if part != ""))


def spelled(value: Any) -> str | None:
    """Return a single value as text, as JSON spells it; None for a list, an object or nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return None


def single(plain: Any, place: Place) -> str:
    """Read a single value as text; raises DescriptionError for anything else."""
    found = spelled(plain)
    if found is None:
        raise wrong(plain, place)
    return found


def is_text(found: str) -> bool:
    """Return whether a text can be sent at all; half a surrogate pair cannot."""
    try:
        found.encode()
    except UnicodeEncodeError:
        return False
    return True


def _name(word: str, place: Place, scope: Scope) -> Name:
    """Read what stands between the braces."""
    first, dot, key = word.partition(".")
    if not dot and first in scope.plain:
        return Name(first)
    if dot and key in scope.named.get(first, ()):
        return Name(first, key)
    known = first == "parameter" and first in scope.named
    mistake = Mistake.UNKNOWN_PARAMETER if known else Mistake.UNKNOWN_PLACEHOLDER
    raise DescriptionError(mistake, place, word)


def _text_of(name: Name, values: Values) -> str:
    """Return the value of a placeholder as text; ids of a batch are joined by commas."""
    value = name.value(values)
    if value is MISSING:
        raise UnfitError(str(name), missing=True)
    if name.scope == "ids":
        value = ",".join(value)
    found = spelled(value)
    if found is None or not is_text(found):
        raise UnfitError(str(name))
    return found
