"""Plain data becomes values, one key after the other; what is left over is a mistake.

Readers are functions of a value and its place. They raise DescriptionError and nothing else,
whatever the value is.
"""

from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from string import ascii_letters, digits
from typing import Any, Final, Self

from ..mistakes import DescriptionError, Mistake, Place

type Read[T] = Callable[[Any, Place], T]
"""Makes a value of plain data; the place is for the mistake that may be in it."""

MAX_DEPTH: Final = 40
"""Levels of a description, or of a value in it; nobody writes so deep."""
MAX_NAME: Final = 64
MAX_TEXT: Final = 20_000
"""Characters of one text: a GraphQL query is long, a megabyte is not one."""

NOT_FIRST: Final = frozenset(digits + "-")
NAME_LETTERS: Final = frozenset(ascii_letters + "_") | NOT_FIRST

_REQUIRED: Final[Any] = object()


class Keys:
    """The keys of one mapping, which are taken one after the other."""

    def __init__(self, plain: Any, place: Place) -> None:
        """Begin with all of them; raises DescriptionError where it is no mapping."""
        self._left = dict(mapping(plain, place))
        self.place = place

    def take[T, D](self, key: str, read: Read[T], default: D = _REQUIRED) -> T | D:
        """Return the value of a key, or the default where it is not there."""
        if key not in self._left:
            if default is _REQUIRED:
                raise DescriptionError(Mistake.MISSING_KEY, self.place, key)
            return default
        return read(self._left.pop(key), (*self.place, key))

    def peek(self, key: str) -> Any:
        """Return the plain value of a key that is there, without taking it."""
        return self._left[key]

    def only_one_of(self, keys: Iterable[str], usual: str) -> str:
        """Return which one of some keys is there.

        Raises DescriptionError where none is, in the name of the usual one, or more than one.
        """
        there = [key for key in keys if self.has(key)]
        if not there:
            raise DescriptionError(Mistake.MISSING_KEY, self.place, usual)
        if len(there) > 1:
            raise DescriptionError(Mistake.INVALID_VALUE, (*self.place, there[1]), there[1])
        return there[0]

    def has(self, key: str) -> bool:
        """Return whether a key is there and was not taken yet."""
        return key in self._left

    def __enter__(self) -> Self:
        """Take keys within a `with`; what is left at its end is a mistake."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Refuse the keys that nobody knows."""
        if kind is None and self._left:
            unknown = str(next(iter(self._left)))
            raise DescriptionError(Mistake.UNKNOWN_KEY, (*self.place, unknown), unknown)


def mapping(plain: Any, place: Place) -> Mapping[str, Any]:
    """Return a mapping whose keys are texts."""
    if not isinstance(plain, Mapping):
        raise wrong(plain, place)
    for key in plain:
        if not isinstance(key, str):
            raise wrong(key, place)
    return plain


def text(plain: Any, place: Place) -> str:
    """Return a text; numbers count as theirs, since files do not quote them."""
    if isinstance(plain, int | float) and not isinstance(plain, bool):
        plain = str(plain)
    if not isinstance(plain, str) or len(plain) > MAX_TEXT:
        raise wrong(plain, place)
    return plain


def filled(plain: Any, place: Place) -> str:
    """Return a text with something in it."""
    found = text(plain, place)
    if not found.strip():
        raise wrong(found, place)
    return found


def boolean(plain: Any, place: Place) -> bool:
    """Return true or false."""
    if not isinstance(plain, bool):
        raise wrong(plain, place)
    return plain


def number(minimum: float, maximum: float) -> Read[float]:
    """Return a reader of numbers within limits."""

    def read(plain: Any, place: Place) -> float:
        if isinstance(plain, bool) or not isinstance(plain, int | float):
            raise wrong(plain, place)
        if not (isfinite(plain) and minimum <= plain <= maximum):
            raise wrong(plain, place)
        return plain

    return read


def whole(minimum: int, maximum: int) -> Read[int]:
    """Return a reader of whole numbers within limits."""

    def read(plain: Any, place: Place) -> int:
        found = number(minimum, maximum)(plain, place)
        if not isinstance(found, int):
            raise wrong(plain, place)
        return found

    return read


def word[E](table: Mapping[str, E]) -> Read[E]:
    """Return a reader of the words of a table."""

    def read(plain: Any, place: Place) -> E:
        if not isinstance(plain, str) or plain not in table:
            raise wrong(plain, place)
        return table[plain]

    return read


def listing[T](read: Read[T], *, at_most: int = 1000) -> Read[tuple[T, ...]]:
    """Return a reader of lists."""

    def read_all(plain: Any, place: Place) -> tuple[T, ...]:
        if not isinstance(plain, list | tuple) or len(plain) > at_most:
            raise wrong(plain, place)
        return tuple(read(item, (*place, index)) for index, item in enumerate(plain))

    return read_all


def one_or_more[T](read: Read[T]) -> Read[tuple[T, ...]]:
    """Return a reader of one value, or of a list of them."""
    read_all = listing(read)

    def read_any(plain: Any, place: Place) -> tuple[T, ...]:
        if not isinstance(plain, list | tuple):
            return (read(plain, place),)
        if not plain:
            raise wrong(plain, place)
        return read_all(plain, place)

    return read_any


def by_name[T](read: Read[T]) -> Read[dict[str, T]]:
    """Return a reader of a mapping from names of the author's own."""

    def read_all(plain: Any, place: Place) -> dict[str, T]:
        found = mapping(plain, place)
        return {name(key, (*place, key)): read(found[key], (*place, key)) for key in found}

    return read_all


def name(plain: Any, place: Place) -> str:
    """Return a name: ASCII letters, digits, `_` and `-`, a letter or `_` first."""
    found = text(plain, place)
    if not found or len(found) > MAX_NAME or not NAME_LETTERS.issuperset(found):
        raise wrong(found, place)
    if found[0] in NOT_FIRST:
        raise wrong(found, place)
    return found


def json_value(plain: Any, place: Place, depth: int = 0) -> Any:
    """Return data that JSON can say."""
    if depth > MAX_DEPTH:
        raise DescriptionError(Mistake.TOO_LARGE, place)
    match plain:
        case None | bool() | str():
            return plain
        case int() | float():
            return number(-(2**63), 2**64)(plain, place)
        case list() | tuple():
            return [
                json_value(item, (*place, index), depth + 1) for index, item in enumerate(plain)
            ]
        case Mapping():
            return {
                key: json_value(item, (*place, key), depth + 1)
                for key, item in mapping(plain, place).items()
            }
    raise wrong(plain, place)


def wrong(plain: Any, place: Place) -> DescriptionError:
    """Return the mistake of a value that does not fit its place."""
    shown = str(plain) if isinstance(plain, str | int | float) else type(plain).__name__
    return DescriptionError(Mistake.INVALID_VALUE, place, shown)
