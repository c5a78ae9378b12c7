"""Commands as plain data, for the disk: what one version writes, another can read.

A record holds only what differs from the defaults, so that an open command takes a few hundred
bytes. Words that this version does not know survive: unknown fields stay with their command, and a
command in an unknown state is carried along untouched as plain data, until a version that knows it
reads the journal again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from math import isfinite
from sys import intern
from types import MappingProxyType
from typing import Any, Final

from .command import NOTHING, Command, CommandState, Evidence, Phase, Step
from .expectation import Expectation


class UnreadableError(Exception):
    """Raised when data cannot be a command of any version."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """What was read."""

    commands: tuple[Command, ...]
    foreign: tuple[Mapping[str, Any], ...]
    """Records in the words of another version."""


def to_plain(command: Command) -> dict[str, Any]:
    """Return a command as data that can be written as JSON."""
    plain = dict(command.extra)
    for name in _FIELDS:
        value = getattr(command, name)
        if name not in _DEFAULTS or value != _DEFAULTS[name]:
            plain[name] = _written(value)
    if command.changes:
        plain["changes"] = [list(step) for step in command.changes]
    return plain


def from_plain(plain: Any) -> Contents:
    """Return the commands in plain data, which is a list of records.

    Raises UnreadableError when it is not what any version writes.
    """
    if not isinstance(plain, Iterable):
        raise UnreadableError("no list of records")
    commands: list[Command] = []
    foreign: list[Mapping[str, Any]] = []
    for record in plain:
        if not isinstance(record, Mapping) or not isinstance(record.get("tracking_id"), str):
            raise UnreadableError("a record without a tracking id")
        try:
            commands.append(_command(record))
        except _ForeignError:
            foreign.append(record)
        except (TypeError, ValueError, OverflowError) as err:
            raise UnreadableError("a record that is not a command") from err
    return Contents(commands=tuple(commands), foreign=tuple(foreign))


def _written(value: Any) -> Any:
    """Return a value of a command as JSON knows it."""
    match value:
        case MappingProxyType():
            return dict(value)
        case Expectation():
            return value.to_plain()
    return value


class _ForeignError(Exception):
    """Raised for a record in the words of another version."""


def _command(record: Mapping[str, Any]) -> Command:
    """Return one command.

    Raises _ForeignError, and TypeError, ValueError or OverflowError where a value is missing or
    wrong.
    """
    values = {name: read(record[name]) for name, read in _FIELDS.items() if name in record}
    unknown = {name: value for name, value in record.items() if name not in _FIELDS}
    return Command(**values, extra=unknown or NOTHING)


def _as_it_is(value: Any) -> Any:
    """Return any value."""
    return value


def _exactly[T](kind: type[T]) -> Callable[[Any], T]:
    """Return a reader of values of one type."""

    def read(value: Any) -> T:
        if not isinstance(value, kind):
            raise TypeError
        return value

    return read


def _or_none[T](read: Callable[[Any], T]) -> Callable[[Any], T | None]:
    """Return a reader that also takes nothing."""
    return lambda value: None if value is None else read(value)


def _moment(value: Any) -> float:
    """Return a moment; there is no such moment as infinity."""
    moment = float(value)
    if not isfinite(moment):
        raise ValueError
    return moment


def _texts(value: Any) -> tuple[str, ...]:
    """Return a tuple of texts, of which JSON makes a list."""
    if not isinstance(value, list | tuple):
        raise TypeError
    return tuple(map(_text, value))


def _steps(value: Any) -> tuple[Step, ...]:
    """Return the steps of a command, of which JSON makes lists."""
    if not isinstance(value, list | tuple):
        raise TypeError
    return tuple(map(_step, value))


def _step(value: Any) -> Step:
    """Return one step."""
    state, provider_state, at = value
    return Step(_state(state), _or_none(_shared)(provider_state), _moment(at))


def _mapping(value: Any) -> Mapping[str, Any]:
    """Return names and values; all that are empty are one."""
    if not isinstance(value, Mapping):
        raise TypeError
    return value or NOTHING


def _shared(value: Any) -> str:
    """Return a text that many have in common; it is in memory once."""
    return intern(_text(value))


def _word[E: (CommandState, Evidence, Phase)](kind: type[E]) -> Callable[[Any], E]:
    """Return a reader of words; another version may know more of them."""

    def read(value: Any) -> E:
        try:
            return kind(_text(value))
        except ValueError as err:
            raise _ForeignError from err

    return read


def _expectation(value: Any) -> Expectation:
    """Return an expectation; another version may know how to say more."""
    try:
        return Expectation.from_plain(value)
    except (TypeError, ValueError) as err:
        raise _ForeignError from err


_text: Final = _exactly(str)
_state: Final = _word(CommandState)
_READERS: Final[Mapping[Any, Callable[[Any], Any]]] = {
    Any: _as_it_is,
    CommandState: _state,
    CommandState | None: _or_none(_word(CommandState)),
    Evidence | None: _or_none(_word(Evidence)),
    Expectation | None: _or_none(_expectation),
    Mapping[str, Any]: _mapping,
    Mapping[str, Any] | None: _or_none(_exactly(Mapping)),
    Phase: _word(Phase),
    bool: _exactly(bool),
    float: _moment,
    float | None: _or_none(_moment),
    int: _exactly(int),
    int | None: _or_none(_exactly(int)),
    str: _text,
    str | None: _or_none(_text),
    tuple[Step, ...]: _steps,
    tuple[str, ...]: _texts,
}
"""How a value of each type is read."""

_SHARED: Final = frozenset(
    {"target", "target_name", "command", "device", "network_id", "provider_state", "user_id"}
)
"""The fields whose texts many commands have in common."""
_SHARED_READERS: Final[Mapping[Any, Callable[[Any], Any]]] = {
    str: _shared,
    str | None: _or_none(_shared),
}

_FIELDS: Final[Mapping[str, Callable[[Any], Any]]] = {
    field.name: (_SHARED_READERS if field.name in _SHARED else _READERS)[field.type]
    for field in fields(Command)
    if field.name != "extra"
}
_DEFAULTS: Final[Mapping[str, Any]] = {
    field.name: field.default for field in fields(Command) if field.default is not MISSING
}
