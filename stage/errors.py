"""What can go wrong on stage.

StageError
├── OutOfPatienceError     something did not come about
├── DiedError              a program ended that should run
├── HttpError              the HTTP API answered anything but a success
├── CommandError           the WebSocket API answered with an error
└── UnexpectedStepError    a dialogue showed something else than it should
"""

from collections.abc import Mapping
from typing import Any


class StageError(Exception):
    """Raised when the play does not go as it should; says in plain words what was seen."""


class OutOfPatienceError(StageError):
    """Raised when something did not come about in time."""


class DiedError(StageError):
    """Raised when a program ended that should run; carries the end of what it wrote."""


class HttpError(StageError):
    """Raised when the HTTP API answers anything but a success."""

    def __init__(self, request: str, status: int, text: str) -> None:
        """Keep the answer."""
        self.status = status
        self.text = text
        super().__init__(f"{request} was answered with {status}: {text}")


class CommandError(StageError):
    """Raised when the WebSocket API answers with an error.

    `code` is `service_validation_error`, `home_assistant_error`, `invalid_format`, ...;
    `translation_key` names the text in an integration's translations, where it is one of those.
    """

    def __init__(self, error: Mapping[str, Any]) -> None:
        """Take the error out of the answer."""
        self.code: str = error["code"]
        self.message: str = error["message"]
        self.translation_key: str | None = error.get("translation_key")
        self.translation_placeholders: Mapping[str, str] = (
            error.get("translation_placeholders") or {}
        )
        super().__init__(f"{self.code}: {self.message}")


class UnexpectedStepError(StageError):
    """Raised when a dialogue shows something else than it should."""
