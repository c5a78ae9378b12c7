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


RECORD: Final = Format()
"""One command, in the journal and in the history."""
LISTING: Final = Format()
CREDENTIALS: Final = Format()


def migrate_journal(data: Mapping[str, Any], version: int) -> Mapping[str, Any]:
    """Return the data of a journal with each of its records migrated."""
    records = [RECORD.migrate(record, version) for record in data["commands"]]
    return {**data, "commands": records}
