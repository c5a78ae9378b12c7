"""The parameters of a command: their form, and the check of what the user says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Final

from ..base import Field, FieldKind
from ..mistakes import DescriptionError, Mistake, Place
from ..refusals import missing, unaccepted, unknown_parameter
from ..words import REDACTED
from .reading import Keys, boolean, json_value, listing, name, number, text, word, wrong
from .templates import spelled

KINDS: Final = {
    kind.value: kind
    for kind in (
        FieldKind.TEXT,
        FieldKind.NUMBER,
        FieldKind.BOOLEAN,
        FieldKind.CHOICE,
        FieldKind.OBJECT,
    )
}
TRUE_WORDS: Final = frozenset({"true", "on", "yes", "1"})
FALSE_WORDS: Final = frozenset({"false", "off", "no", "0"})
MAX_LENGTH: Final = 20_000


class UnacceptableError(Exception):
    """Raised for a value that is not of its parameter's kind."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One parameter of a command."""

    name: str
    kind: FieldKind
    required: bool
    default: Any
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    secret: bool

    @property
    def field(self) -> Field:
        """The field of a form that asks for it."""
        return replace(self.asked, kind=FieldKind.SECRET) if self.secret else self.asked

    @property
    def asked(self) -> Field:
        """What is asked for, whether it is shown or not."""
        return Field(
            name=self.name,
            kind=self.kind,
            required=self.required and self.default is None,
            default=self.default,
            choices=self.choices,
            minimum=self.minimum,
            maximum=self.maximum,
        )

    def accepted(self, value: Any) -> Any:
        """Return a value as it is sent; raises UnacceptableError."""
        return _ACCEPT[self.kind](self, value)


def checked(
    parameters: tuple[Parameter, ...], given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values of all parameters as they are sent, and as they are shown.

    Those with a default have it where nothing is given. Raises ProviderInputError.
    """
    known = {parameter.name: parameter for parameter in parameters}
    for found in given:
        if found not in known:
            raise unknown_parameter(found, known)
    sent: dict[str, Any] = {}
    for parameter in parameters:
        value = given.get(parameter.name)
        value = parameter.default if value is None or value == "" != parameter.default else value
        if value is None:
            if parameter.required:
                raise missing(parameter.asked)
            continue
        try:
            sent[parameter.name] = parameter.accepted(value)
        except UnacceptableError as err:
            raise unaccepted(parameter.asked) from err
    shown = {key: REDACTED if known[key].secret else value for key, value in sent.items()}
    return sent, shown


def parameter(plain: Any, place: Place) -> Parameter:
    """Read one parameter of a description."""
    with Keys(plain, place) as keys:
        found = Parameter(
            name=keys.take("name", name),
            kind=keys.take("type", word(KINDS), FieldKind.TEXT),
            required=keys.take("required", boolean, True),  # noqa: FBT003 - the default of a key
            default=keys.take("default", json_value, None),
            choices=keys.take("choices", listing(text, at_most=200), ()),
            minimum=keys.take("minimum", number(-1e15, 1e15), None),
            maximum=keys.take("maximum", number(-1e15, 1e15), None),
            secret=keys.take("secret", boolean, False),  # noqa: FBT003
        )
    if (found.kind is FieldKind.CHOICE) is not bool(found.choices):
        raise DescriptionError(Mistake.MISSING_KEY, place, "choices")
    if found.default is not None:
        try:
            found.accepted(found.default)
        except UnacceptableError as err:
            raise wrong(found.default, (*place, "default")) from err
    return found


def _text(_: Parameter, value: Any) -> str:
    """Return a text; numbers count as theirs, since templates make numbers of texts."""
    found = spelled(value)
    if found is None or len(found) > MAX_LENGTH:
        raise UnacceptableError
    return found


def _number(parameter: Parameter, value: Any) -> float:
    """Return a number within its limits; a whole one without a fraction."""
    try:
        found = float("nan") if isinstance(value, bool) else float(value)
    except TypeError, ValueError, OverflowError:
        found = float("nan")
    low = -1e15 if parameter.minimum is None else parameter.minimum
    high = 1e15 if parameter.maximum is None else parameter.maximum
    if not (isfinite(found) and low <= found <= high):
        raise UnacceptableError
    return int(found) if found.is_integer() else found


def _boolean(_: Parameter, value: Any) -> bool:
    """Return true or false."""
    word = (spelled(value) or "").strip().lower()
    if word not in TRUE_WORDS | FALSE_WORDS:
        raise UnacceptableError
    return word in TRUE_WORDS


def _choice(parameter: Parameter, value: Any) -> str:
    """Return one of the words to choose from."""
    found = spelled(value)
    if found not in parameter.choices:
        raise UnacceptableError
    return found


def _object(_: Parameter, value: Any) -> Any:
    """Return an object or a list that JSON can say."""
    if not isinstance(value, Mapping | list):
        raise UnacceptableError
    try:
        return json_value(value, ())
    except DescriptionError as err:
        raise UnacceptableError from err


_ACCEPT: Final[Mapping[FieldKind, Callable[[Parameter, Any], Any]]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.CHOICE: _choice,
    FieldKind.OBJECT: _object,
}
