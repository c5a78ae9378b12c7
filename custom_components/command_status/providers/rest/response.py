"""An answer as rules and sources look at it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from ..errors import ProviderNoAnswerError
from ..http import Reply
from .templates import MISSING

UNSAYING: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    }
)
"""Statuses of an answer that is about us, or about now, and not about a command."""


DENYING: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    }
)
"""Statuses with which somebody in between keeps us out."""

UNREAD: Final[Any] = object()


class Response:
    """One answer; its body is read when it is first looked at."""

    __slots__ = ("_data", "headers", "reply", "status")

    def __init__(self, reply: Reply, data: Any = UNREAD) -> None:
        """Keep the answer; `data` stands for its body where it is only a part of it."""
        self.reply = reply
        self.status = reply.status
        self.headers: Mapping[str, str] = reply.headers
        self._data = data

    @property
    def good(self) -> bool:
        """Whether it is a 2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def says_something(self) -> bool:
        """Whether it can be about a command, as an API's own word."""
        return self.status < HTTPStatus.INTERNAL_SERVER_ERROR and self.status not in UNSAYING

    @property
    def is_of_another(self) -> bool:
        """Whether somebody in between refuses: with a page, and no word on how to sign in.

        A server that refuses credentials says how it wants them (RFC 9110, 11.6.1).
        """
        refuses = self.status in DENYING and "WWW-Authenticate" not in self.headers
        return refuses and self.reply.body.lstrip().startswith(b"<")

    @property
    def data(self) -> Any:
        """The body as plain data; MISSING where it is no JSON, whatever its content type says."""
        if self._data is UNREAD:
            try:
                self._data = self.reply.json()
            except ProviderNoAnswerError:
                self._data = MISSING
        return self._data

    @property
    def text(self) -> str:
        """The body as text."""
        return self.reply.body.decode(errors="replace")
