"""Mistakes in a description: what is wrong, and where."""

from enum import StrEnum

type Place = tuple[str | int, ...]
"""The way to a value of a description: keys of mappings and indexes of lists."""


class Mistake(StrEnum):
    """What can be wrong with a description; each has a text."""

    BAD_PATH = "bad_path"
    FOREIGN_URL = "foreign_url"
    INSECURE_URL = "insecure_url"
    INVALID_KEY = "invalid_key"
    INVALID_URL = "invalid_url"
    INVALID_VALUE = "invalid_value"
    MISSING_KEY = "missing_key"
    NO_COMMAND = "no_command"
    NO_FINAL_STATE = "no_final_state"
    NO_SUCCESS_WORD = "no_success_word"
    TOO_LARGE = "too_large"
    UNKNOWN_KEY = "unknown_key"
    UNKNOWN_PARAMETER = "unknown_parameter"
    UNKNOWN_PLACEHOLDER = "unknown_placeholder"
    UNSUPPORTED_FORMAT = "unsupported_format"
    WORD_TWICE = "word_twice"


class DescriptionError(Exception):
    """Raised when a description makes no sense; nothing of it is used then."""

    def __init__(self, mistake: Mistake, place: Place = (), detail: str = "") -> None:
        """Keep what is wrong, the way to it, and the words at that place."""
        self.mistake = mistake
        self.place = place
        self.detail = detail[:100]
        super().__init__(": ".join(filter(None, (self.where, mistake, self.detail))))

    @property
    def where(self) -> str:
        """The place as people write it, such as `commands.add.send.path` or `ask[0].outcome`."""
        text = ""
        for step in self.place:
            text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
        return text
