"""What Home Assistant's log says about us."""

from collections.abc import Iterator
import re
from typing import Final

LINE: Final = re.compile(
    r"^(?P<time>\d{4}-\d\d-\d\d \S+) (?P<level>[A-Z]+) \((?P<thread>.*?)\) \[(?P<logger>.*?)\] "
)

SERIOUS: Final = frozenset({"WARNING", "ERROR", "CRITICAL"})

OURS: Final = ("command_status", "homeassistant.helpers.frame", "Detected that custom integration")

# Said about every custom integration, and what the API told its caller, who had asked for it.
HARMLESS: Final = (
    "has not been tested by Home Assistant",
    "[homeassistant.components.websocket_api.http.connection]",
)

# Home Assistant's own, but it would tell a user who did nothing wrong to act.
UNWANTED: Final = "Pending HTTP config was not confirmed"


def complaints(log: str) -> list[str]:
    """Return the entries at warning level or above that name us, tracebacks included."""
    return [
        entry
        for entry in _serious_entries(log)
        if UNWANTED in entry
        or (any(word in entry for word in OURS) and not any(word in entry for word in HARMLESS))
    ]


def _serious_entries(log: str) -> Iterator[str]:
    """Put the lines of each entry together; what is no entry belongs to the one before."""
    entry: list[str] = []
    for line in log.splitlines():
        if found := LINE.match(line):
            if entry:
                yield "\n".join(entry)
            entry = [line] if found["level"] in SERIOUS else []
        elif entry:
            entry.append(line)
    if entry:
        yield "\n".join(entry)
