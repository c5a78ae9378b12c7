"""The history on disk: finished commands, one line of JSON each, in a file that grows at its end.

Writing one finished command costs one line, however many are remembered. A later line about the
same command replaces an earlier one, and a line can say that a command was forgotten. A line with a
version holds for all that follow it, so a file that an older version began grows on as it is. What
was learned of how long commands take stands between them (see `tracking.habit`), so that it costs
no write of its own; there, too, a later line replaces an earlier one.

Everything here blocks, and is called in the executor, one call at a time.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
import os
from pathlib import Path
from typing import Any, Final

from homeassistant.exceptions import UnsupportedStorageVersionError
from homeassistant.helpers.json import json_bytes
from homeassistant.util.file import write_utf8_file_atomic
from homeassistant.util.json import JSON_DECODE_EXCEPTIONS, json_loads

from . import versions

FORGOTTEN: Final = "forgotten"
TRACKING_ID: Final = "tracking_id"
HABIT: Final = "habit"


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """What a history file held."""

    records: tuple[Mapping[str, Any], ...] = ()
    habits: tuple[Any, ...] = ()
    """What was learned, as `Habits` writes it: of each key the last line."""
    damaged: bool = False
    """Whether some of its lines could not be read."""


class HistoryFile:
    """The finished commands of one account."""

    def __init__(self, path: Path) -> None:
        """Remember where the file is; touches nothing."""
        self.path = path
        self.lines = 0
        """How long the file is; more than the records where some were replaced or forgotten."""
        self._version = 0
        """The version of the lines at the end; 0 where there are none."""
        self._end = 0
        """Where the last whole line ends.

        What follows was cut short by a crash or a full disk, and the next lines are written over
        it: its command is still in the journal, which lets go only of what was archived whole.
        """

    def read(self) -> Past:
        """Return what is remembered; changes nothing.

        Raises UnsupportedStorageVersionError for a file of a newer version, and OSError.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return Past()
        *lines, torn = content.split(b"\n")
        self._end = len(content) - len(torn)
        self.lines = len(lines)
        records: dict[str, Mapping[str, Any]] = {}
        habits: dict[str, Any] = {}
        readable = sum(self._take_line(line, records, habits) for line in lines)
        return Past(
            records=tuple(records.values()),
            habits=tuple(habits.values()),
            damaged=readable < len(lines),
        )

    def append(self, records: Collection[Mapping[str, Any]]) -> None:
        """Add records, and return when they are on disk."""
        if not self._end or not self.path.exists():
            self.rewrite(records)
            return
        content = _as_lines(self._with_version(records))
        with self.path.open("r+b") as file:
            file.seek(self._end)
            file.truncate()
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._end += len(content)
        self.lines += len(records)
        self._version = versions.RECORD.version

    def rewrite(self, records: Collection[Mapping[str, Any]]) -> None:
        """Write the file anew."""
        self.path.parent.mkdir(exist_ok=True)
        self._version = 0
        content = _as_lines(self._with_version(records))
        write_utf8_file_atomic(str(self.path), content, private=True, mode="wb")
        self._end = len(content)
        self.lines = len(records) + 1
        self._version = versions.RECORD.version

    def _take_line(
        self, line: bytes, records: dict[str, Mapping[str, Any]], habits: dict[str, Any]
    ) -> bool:
        """Take in one line; False where it cannot be read."""
        try:
            record = json_loads(line)
        except JSON_DECODE_EXCEPTIONS:
            return False
        if not isinstance(record, dict):
            return False
        version = record.get("version")
        if isinstance(version, int):
            newest = versions.RECORD.version
            if version > newest:
                raise UnsupportedStorageVersionError(self.path.name, version, newest)
            self._version = version
            return True
        if HABIT in record:
            habit = record[HABIT]
            key = str(habit[:2]) if isinstance(habit, list) else ""
            habits.pop(key, None)
            habits[key] = habit
            return True
        return self._take_command(record, records)

    def _take_command(
        self, record: Mapping[str, Any], records: dict[str, Mapping[str, Any]]
    ) -> bool:
        """Take in what a line says of a command; False where it says nothing that is known."""
        tracking_id = record.get(TRACKING_ID)
        if not isinstance(tracking_id, str):
            return False
        records.pop(tracking_id, None)
        if not record.get(FORGOTTEN):
            try:
                records[tracking_id] = versions.RECORD.migrate(record, self._version)
            except KeyError, TypeError, AttributeError, ValueError:
                return False
        return True

    def _with_version(self, records: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """Return records behind a line that tells their version, where the file does not yet."""
        if self._version != versions.RECORD.version:
            yield {"version": versions.RECORD.version}
        yield from records


def forgotten(tracking_id: str) -> dict[str, Any]:
    """Return the record that makes a history forget a command."""
    return {TRACKING_ID: tracking_id, FORGOTTEN: True}


def habit_line(habit: Any) -> dict[str, Any]:
    """Return the record of something that was learned."""
    return {HABIT: habit}


def _as_lines(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Return records as lines of JSON."""
    return b"".join(json_bytes(record) + b"\n" for record in records)
