"""Any value as JSON that Home Assistant can write, and whoever asks can read.

Clouds and users hand over what Python's own JSON lets through and Home Assistant's refuses: whole
numbers beyond 64 bits, texts with half a character in them, endless nesting. One such value must
neither keep the journal from being saved nor an action from answering.
"""

from collections.abc import Mapping
from typing import Any, Final

SMALLEST: Final = -(2**63)
LARGEST: Final = 2**64 - 1
"""The whole numbers that can be written lie between these."""
DEEPEST: Final = 100
"""Levels of nesting that are kept: writers of JSON take some 250, what devices tell has a few."""


def as_plain(value: Any, levels: int = DEEPEST) -> Any:
    """Return a value that can be written; where it cannot be, a text that comes close."""
    match value:
        case None | bool() | float():
            return value
        case str():
            return value if value.isascii() else value.encode(errors="replace").decode()
        case int() if SMALLEST <= value <= LARGEST:
            return value
        case Mapping():
            items = value.items() if levels else ()
            return {as_plain(str(key)): as_plain(item, levels - 1) for key, item in items}
        case list() | tuple() | set() | frozenset():
            return [as_plain(item, levels - 1) for item in (value if levels else ())]
    return as_plain(str(value))
