"""What of an action must never be shown or written down: codes and passwords.

A secret is known by the name of its parameter, at any depth. To hide a value too many does no harm:
what is called keeps it.
"""

from collections.abc import Iterator, Mapping
import re
from typing import Any, Final

REDACTED: Final = "**REDACTED**"

SECRET_NAME: Final = re.compile(
    r"^code$|^pins?$|_code$|_pin$|^usercode|pass(word|phrase|code|wd|$)|pwd|psk|secret|token|credential"
    r"|(api|access|private)_?key",
    re.IGNORECASE,
)


def redacted(value: Any) -> Any:
    """Return a copy in which the values of secrets read `**REDACTED**`."""
    match value:
        case Mapping():
            return {
                key: REDACTED if _is_secret(key, inner) else redacted(inner)
                for key, inner in value.items()
            }
        case list() | tuple():
            return [redacted(inner) for inner in value]
    return value


def scrubbed(text: str, data: Mapping[str, Any]) -> str:
    """Return a text, such as that of an error, without the secrets of an action."""
    for secret in sorted(map(str, _secrets(data)), key=len, reverse=True):
        text = text.replace(secret, REDACTED) if secret else text
    return text


def _secrets(value: Any) -> Iterator[Any]:
    """Return the values that `redacted` hides."""
    match value:
        case Mapping():
            for key, inner in value.items():
                yield from (inner,) if _is_secret(key, inner) else _secrets(inner)
        case list() | tuple():
            for inner in value:
                yield from _secrets(inner)


def is_redacted(value: Any) -> bool:
    """Return whether a secret is missing, so that an action can no longer be called with it."""
    match value:
        case Mapping():
            return any(is_redacted(inner) for inner in value.values())
        case list() | tuple():
            return any(is_redacted(inner) for inner in value)
    return isinstance(value, str) and value == REDACTED


def _is_secret(name: Any, value: Any) -> bool:
    """Return whether a parameter is a secret; an absent value and a switch have nothing to hide."""
    return (
        not (value is None or isinstance(value, bool)) and SECRET_NAME.search(str(name)) is not None
    )
