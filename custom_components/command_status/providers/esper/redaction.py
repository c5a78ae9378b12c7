"""What must not be shown: Wi-Fi passwords and their like in the arguments of a command.

Not all arguments are documented, so a secret is recognised by the name of its key, at any depth,
also inside a text that is JSON itself. To hide a value too many does no harm: what is sent stays
as it is.
"""

from collections.abc import Iterable, Iterator, Mapping
import json
import re
from typing import Any, Final

REDACTED: Final = "**REDACTED**"

SECRET_KEY: Final = re.compile(
    r"pass(word|phrase|code|wd|$)|pwd|psk|secret|pre_?shared|(wep|private|api)_?key|token|credential",
    re.IGNORECASE,
)

UUID: Final = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

TOKEN: Final = re.compile(rf"(?<![\w-])(?!{UUID}(?![\w-]))(?=[\w-]*\d)[\w-]{{20,}}", re.IGNORECASE)
"""What looks like a key: a long word with digits. Ids are no secrets."""


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """Return a text of the cloud's without these secrets, and without what looks like a key."""
    for secret in filter(None, secrets):
        text = text.replace(secret, REDACTED)
    return TOKEN.sub(REDACTED, text)


def redact(value: Any) -> Any:
    """Return a copy in which values under secret keys read `**REDACTED**`."""
    match value:
        case Mapping():
            return {
                key: REDACTED if _is_secret(key, inner) else redact(inner)
                for key, inner in value.items()
            }
        case list() | tuple():
            return [redact(inner) for inner in value]
        case str() if any(True for _ in secrets_in(value)):
            return REDACTED
        case _:
            return value


def secrets_in(value: Any) -> Iterator[str]:
    """Return the texts that `redact` hides."""
    match value:
        case Mapping():
            for key, inner in value.items():
                yield from _texts(inner) if _is_secret(key, inner) else secrets_in(inner)
        case list() | tuple():
            for inner in value:
                yield from secrets_in(inner)
        case str() if value.lstrip()[:1] in ("{", "["):
            yield from secrets_in(_parsed(value))


def _is_secret(key: Any, value: Any) -> bool:
    """Return whether a key is that of a secret; a switch or an absent value has nothing to hide."""
    return not (value is None or isinstance(value, bool)) and bool(SECRET_KEY.search(str(key)))


def _texts(value: Any) -> Iterator[str]:
    """Return every text and number within a value, as text."""
    match value:
        case Mapping():
            for inner in value.values():
                yield from _texts(inner)
        case list() | tuple():
            for inner in value:
                yield from _texts(inner)
        case _:
            yield str(value)


def _parsed(text: str) -> Any:
    """Return the data in a text of JSON; None for any other text."""
    try:
        return json.loads(text)
    except ValueError:
        return None
