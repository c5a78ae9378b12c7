"""What a provider asks of a user: fields, forms, and a sign-in until there is an account."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Protocol

from aiohttp import ClientSession

from ..tracking import NOTHING
from .mistakes import Place


class FieldKind(StrEnum):
    """What a user types into a field."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    EMAIL = "email"
    URL = "url"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    OBJECT = "object"
    LINES = "lines"
    """Text of several lines."""
    WORDS = "words"
    """Any number of words, the choices among them; a list."""
    DURATION = "duration"
    """Seconds, shown as days, hours, minutes and seconds; it has a default."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field of a form: of a sign-in, or of a command's parameters."""

    name: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    default: Any = None
    advanced: bool = False
    """Whether it stands in the section `advanced`, which is closed at first."""
    choices: tuple[str, ...] = ()
    labels: Mapping[str, str] = NOTHING
    """What is shown of the choices, where that is not the word itself."""
    texts: str | None = None
    """The key under which the choices have texts of their own, in the user's language; there they
    are in lower case, and so is what is chosen."""
    suggested: tuple[str, ...] = ()
    """The words that stand in the field as long as nothing was typed."""
    minimum: float | None = None
    maximum: float | None = None
    unit: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A step of a sign-in in which the user types something."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenForm:
    """A step of a sign-in whose fields depend on what there is, or on what was typed before.

    It is opened by `SignIn.submit` with OPENING, which answers with a Challenge that has them.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class Menu:
    """A step of a sign-in in which the user chooses the next step."""

    options: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What a sign-in found out."""

    id: str
    """The provider's own id of the account; the unique id of the config entry."""
    title: str
    credentials: Mapping[str, str]
    """What `AccountDescription.connect` needs; stored. Never a password where tokens will do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Challenge:
    """The sign-in goes on with another step, such as a code that was sent to the user."""

    step: str
    placeholders: Mapping[str, str] = NOTHING
    fields: tuple[Field, ...] = ()
    """What an open form asks for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drafting:
    """How an account is described by forms, each of its commands by itself."""

    named_by: str
    """The credential that names the description of an account ..."""
    key: str
    """... and what it says where the account is described by forms."""
    steps: Callable[[Sequence[str]], Mapping[str, tuple[Field, ...]]]
    """Returns the forms for a command in their order; takes words that the API was seen to use."""
    compose: Callable[[Mapping[str, str], Mapping[str, Mapping[str, Any]]], Any]
    """Takes the credentials of an account, and what was typed about each command by its name;
    returns a description as plain data, without a secret."""
    check: Callable[[Mapping[str, str], Mapping[str, Any], str], None]
    """Takes the credentials, and what was typed about a command up to a step; raises
    DescriptionError where it makes no sense."""
    share: Callable[[Any], Any]
    """Returns a description without what was typed as a secret in plain."""
    most: int
    """How many commands an account may have."""
    field_at: Callable[[Place], str | None]
    """Returns the field in which the mistake at a place was typed."""


OPENING: Final[Mapping[str, Any]] = MappingProxyType({})
"""In place of what was typed: the step is opened, and nothing was typed yet."""


class SignIn(Protocol):
    """One sign-in, from the first form to an account."""

    async def submit(self, step: str, values: Mapping[str, Any]) -> Account | Challenge:
        """Try what the user typed; the values of advanced fields stand beside the others.

        OPENING opens the form of a step that is an OpenForm.

        Raises SignInError or another ProviderError. The same step can be submitted again.
        """

    async def close(self) -> None:
        """Drop what the sign-in holds; called once at the end of the flow, whatever came of it."""


class Sessions(Protocol):
    """What a sign-in is given: HTTP sessions, and what is known already."""

    @property
    def known(self) -> Mapping[str, str]:
        """The credentials of the account that is signed in to again; empty for a new one."""

    async def descriptions(self) -> Mapping[str, Any]:
        """Return the descriptions of APIs that can be used, as plain data by their keys."""

    @property
    def shared(self) -> ClientSession:
        """A session without cookies, for as long as the sign-in lasts; never closed by it."""

    def private(self) -> ClientSession:
        """Return a new session with cookies of its own, to be closed by its owner.

        Its cookie jar takes cookies of hosts that are IP addresses and sends them unquoted.
        """
