"""What can go wrong between us and a cloud, and what it means for a command.

ProviderError
├── ProviderInputError            the user's words make no sense here; nothing was sent
├── ProviderUnsupportedError      the provider has no such call
├── ProviderTooManyError          there is more of it than we can hold
├── ProviderTooLateError          certainly not sent: its moment has passed
├── ProviderAuthError             the credentials are refused: reauthentication
├── ProviderRefusedError          the provider understood and said no (*)
│   ├── ProviderPermissionError   ... because these credentials do not allow it
│   ├── ProviderNotFoundError     ... because it does not know the id, or hides it from us
│   └── ProviderRequestError      ... because it does not take a request like this
├── ProviderLaterError            certainly not taken now; may be tried again after a while
│   ├── ProviderBusyError         ... because the device or its hub is busy
│   ├── ProviderUnavailableError  ... because the thing to act on is not there at the moment
│   └── ProviderRateLimitError    ... because there were too many requests
├── ProviderConnectionError       the cloud was not reached: certainly not taken
├── ProviderNoAnswerError         may have been taken: no answer, a broken one, or a 5xx
│   ├── ProviderDisconnectedError ... because the connection broke before an answer began
│   └── ProviderInterceptedError  ... because somebody in between answered
├── ProviderClientError           the cloud refuses this client whatever the credentials
│   ├── ProviderBlockedError      ... blocked at its edge (406)
│   └── ProviderOutdatedError     ... too old (426)
└── SignInError                   a step of a sign-in can be done again; names the text to show

An error tells what became of the request that raised it. When a command is sent for the first time,
that is the word on the command as well. When it is not known whether it was taken, and it is sent
again under the same mark, only (*) itself is an answer about the command (`about_command`): any
other error, its subclasses included, says that this repeat came to nothing, and not what became of
the first request. No error of a lookup, a status request or a list is ever about a command.
"""

from collections.abc import Mapping
from typing import ClassVar


class ProviderError(Exception):
    """Raised when a provider could not do what it was asked; never carries a secret."""

    key: ClassVar[str] = "unknown"
    """The word under which texts for users, and the reason of a failed command, know this error."""
    about_command: ClassVar[bool] = False
    """Whether it is an answer about a command that was sent again under the same mark."""

    def __init__(self, message: str = "", *, code: str | None = None) -> None:
        """Keep the provider's own message and code."""
        super().__init__(message or self.key)
        self.message = message
        self.code = code


class ProviderInputError(ProviderError):
    """Raised before anything is sent, when a value makes no sense for this provider."""

    key = "invalid_input"

    def __init__(self, key: str, placeholders: Mapping[str, str] | None = None) -> None:
        """Name the text to show and the words to fill in."""
        self.placeholders = dict(placeholders or {})
        super().__init__(f"{key} {self.placeholders}" if placeholders else key)
        self.text_key = key


class ProviderUnsupportedError(ProviderError):
    """Raised when the provider has no call for what is asked."""

    key = "not_supported"


class ProviderTooManyError(ProviderError):
    """Raised when there are more targets, or commands behind one id, than we can hold."""

    key = "too_many"

    def __init__(self, what: str, limit: int) -> None:
        """Say what there is too much of, and how much would be too much."""
        super().__init__(f"more than {limit:,} {what}")
        self.limit = limit


class ProviderTooLateError(ProviderError):
    """Raised instead of making a request whose moment has passed: certainly not sent.

    Of a first try that is the word on the command. Of a repeat it says that there will be no other.
    """

    key = "not_sent"


class ProviderAuthError(ProviderError):
    """Raised when the cloud itself, in its own words, refuses the credentials, also renewed ones.

    Pages of proxies, portals and CDNs never raise it, whatever their status.
    """

    key = "invalid_auth"


class ProviderRefusedError(ProviderError):
    """Raised when the provider understood what was asked for and refused it."""

    key = "refused"
    about_command = True


class ProviderPermissionError(ProviderRefusedError):
    """Raised when the credentials are good but do not allow the request."""

    key = "missing_permission"
    about_command = False


class ProviderNotFoundError(ProviderRefusedError):
    """Raised when the provider does not know what was asked for."""

    key = "not_found"
    about_command = False


class ProviderRequestError(ProviderRefusedError):
    """Raised when the provider does not take a request like this, whatever it asks for."""

    about_command = False


class ProviderLaterError(ProviderError):
    """Raised when the request was certainly not taken, and may be tried again."""

    key = "later"

    def __init__(
        self, message: str = "", *, code: str | None = None, retry_after: float | None = None
    ) -> None:
        """Keep how many seconds the provider asks us to wait; None where it does not say."""
        super().__init__(message, code=code)
        self.retry_after = retry_after


class ProviderBusyError(ProviderLaterError):
    """Raised when the device or its hub works on something else."""

    key = "busy"


class ProviderUnavailableError(ProviderLaterError):
    """Raised when the thing to act on is not there at the moment."""

    key = "unavailable"


class ProviderRateLimitError(ProviderLaterError):
    """Raised when the provider says that there were too many requests."""

    key = "rate_limited"


class ProviderConnectionError(ProviderError):
    """Raised when no connection came about, so that the request was certainly not taken."""

    key = "cannot_connect"


class ProviderNoAnswerError(ProviderError):
    """Raised when there was no answer that makes sense, so that the request may have been taken."""

    key = "no_answer"


class ProviderDisconnectedError(ProviderNoAnswerError):
    """Raised when the connection broke before an answer began.

    Once, that says nothing about the cloud: a connection that was kept from an earlier request is
    closed by its server at any time, maybe at the moment of the next one.
    """


class ProviderInterceptedError(ProviderNoAnswerError):
    """Raised when a proxy, a portal or a CDN answered in the cloud's place: not in its shape."""


class ProviderClientError(ProviderError):
    """Raised when the provider refuses this client, whatever the credentials."""

    key = "client_blocked"


class ProviderBlockedError(ProviderClientError):
    """Raised when the provider's edge blocks this client (406)."""


class ProviderOutdatedError(ProviderClientError):
    """Raised when the provider asks for a newer client (426)."""

    key = "update_required"


class SignInError(ProviderError):
    """Raised by a step of a sign-in that the user can do again; the key names the text to show."""

    def __init__(self, key: str, message: str = "") -> None:
        """Name the text to show."""
        super().__init__(message or key)
        self.text_key = key


def cause_of(error: ProviderError) -> ProviderError:
    """Return the answer of somebody in between that an error comes of; else the error itself.

    That there is no token is a missing connection for whoever wanted one; a sign-in says why.
    """
    cause = error.__cause__
    return cause if isinstance(cause, ProviderInterceptedError) else error
