"""How much is taken at once: more is refused before anything was done, or cut where it is shown."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from homeassistant.helpers.json import json_bytes

from ..const import MAX_TIMEOUT, MIN_TIMEOUT
from ..storage.plain import as_plain
from .errors import invalid

LONGEST_TEXT: Final = 255
"""Characters; a state of Home Assistant may have as many."""
LARGEST_OBJECT: Final = 64
"""KiB, as JSON."""
MOST_ITEMS: Final = 1000
"""Targets in one call."""

CUT: Final = "…"
"""Ends what was cut."""


def require_sizes(values: Mapping[str, Any]) -> None:
    """Raise ServiceValidationError for the first of some values that is too large."""
    for name, value in values.items():
        _require_size(name, value)


def require_few(field: str, number: int) -> None:
    """Raise ServiceValidationError where a field means more targets than one call may have."""
    if number > MOST_ITEMS:
        raise invalid("too_many_items", field=field, maximum=f"{MOST_ITEMS:,}")


def require_window(seconds: float) -> None:
    """Raise ServiceValidationError for a wait window that is too short or too long."""
    if not MIN_TIMEOUT <= seconds <= MAX_TIMEOUT:
        days = timedelta(seconds=MAX_TIMEOUT).days
        raise invalid("timeout_range", minimum=f"{MIN_TIMEOUT:g}", maximum=str(days))


def shortened(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of a command without the rest of texts that are too long.

    The recorder of Home Assistant keeps nothing of what takes too much room.
    """
    return {name: _short(value) for name, value in told.items()}


def _require_size(name: str, value: Any) -> None:
    """Raise ServiceValidationError for a value that is too large."""
    match value:
        case str() if len(value) > LONGEST_TEXT:
            raise invalid("text_too_long", field=name, maximum=str(LONGEST_TEXT))
        case list():
            require_few(name, len(value))
            for item in value:
                _require_size(name, item)
        case Mapping() if len(json_bytes(as_plain(value))) > LARGEST_OBJECT * 1024:
            raise invalid("object_too_large", field=name, maximum=str(LARGEST_OBJECT))


def _short(value: Any) -> Any:
    """Return a text that is not too long; anything else as it is."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return value[: LONGEST_TEXT - len(CUT)] + CUT
    return value
