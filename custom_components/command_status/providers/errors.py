"""What can go wrong between us and a cloud, and what it means for a command.

ProviderError
├── ProviderInputError            the user's words make no sense here; nothing was sent
├── ProviderUnsupportedError      the provider has no such call
├── ProviderAuthError             the credentials are refused: reauthentication
├── ProviderRefusedError          the provider understood and said no
│   ├── ProviderPermissionError   ... because these credentials do not allow it
│   └── ProviderNotFoundError     ... because it does not know the id, or hides it from us
├── ProviderLaterError            certainly not taken now; may be tried again after a while
│   ├── ProviderBusyError         ... because the device or its hub is busy
│   └── ProviderRateLimitError    ... because there were too many requests
├── ProviderConnectionError       the cloud was not reached: certainly not taken
├── ProviderNoAnswerError         may have been taken: no answer, a broken one, or a 5xx
│   └── ProviderDisconnectedError ... because the connection broke before an answer began
├── ProviderClientError           the cloud refuses this client whatever the credentials
│   ├── ProviderBlockedError      ... blocked at its edge (406)
│   └── ProviderOutdatedError     ... too old (426)
└── SignInError                   a step of a sign-in can be done again; names the text to show
"""

from collections.abc import Mapping
from typing import ClassVar


class ProviderError(Exception):
    """Raised when a provider could not do what it was asked; never carries a secret."""

    key: ClassVar[str] = "unknown"
    """The word under which texts for users, and the reason of a failed command, know this error."""

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


class ProviderAuthError(ProviderError):
    """Raised when the credentials are refused, also after a renewal."""

    key = "invalid_auth"


class ProviderRefusedError(ProviderError):
    """Raised when the provider understood the request and refused it."""

    key = "refused"


class ProviderPermissionError(ProviderRefusedError):
    """Raised when the credentials are good but do not allow the request."""

    key = "missing_permission"


class ProviderNotFoundError(ProviderRefusedError):
    """Raised when the provider does not know what was asked for."""

    key = "not_found"


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
