"""The versions of our files: how what an older version wrote becomes what this one reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

type Step = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Turns data of one version into data of the next, and loses nothing of it."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of data and the way to it: the first step leads from version 1 to 2, and so on."""

    steps: tuple[Step, ...] = ()

    @property
    def version(self) -> int:
        """The version that is written."""
        return 1 + len(self.steps)

    def migrate(self, data: Mapping[str, Any], version: int) -> Mapping[str, Any]:
        """Return data of some version as this one writes it."""
        for step in self.steps[max(version, 1) - 1 :]:
            data = step(data)
        return data


def with_felt_time(listing: Mapping[str, Any]) -> Mapping[str, Any]:
    """Version 2 of a listing counts for how long a target is missing, as the machine has felt it.

    How long that was until now cannot be told from a clock that may have been wrong.
    """
    kept = {key: value for key, value in listing.items() if key not in {"missing", "read_at"}}
    read_at = listing["read_at"]
    return {
        **kept,
        "missing_for": dict.fromkeys(listing["missing"], 0.0),
        "read": None if read_at is None else {"wall": read_at, "uptime": 0.0, "boot": ""},
    }


RECORD: Final = Format()
"""One command, in the journal and in the history."""
LISTING: Final = Format(steps=(with_felt_time,))
CREDENTIALS: Final = Format()


def migrate_journal(data: Mapping[str, Any], version: int) -> Mapping[str, Any]:
    """Return the data of a journal with each of its records migrated."""
    records = [RECORD.migrate(record, version) for record in data["commands"]]
    return {**data, "commands": records}
