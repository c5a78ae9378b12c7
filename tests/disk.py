"""The disk of a house: what is really on it, and what can happen to it."""

from collections.abc import Iterator
from contextlib import contextmanager
import json
from pathlib import Path
import stat
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.util.file import WriteError, write_utf8_file_atomic
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

PACKAGE = "custom_components.command_status"
FULL = "No space left on device"


class Disk:
    """The files of one account, by the ends of their names; the journal's is empty."""

    def __init__(self, config: Path, entry_id: str) -> None:
        """Make the folder, as Home Assistant does for its own files."""
        self.folder = config / ".storage"
        self.folder.mkdir(exist_ok=True)
        self._name = f"command_status.{entry_id}"

    def path(self, end: str = "") -> Path:
        """Return where a file is."""
        return self.folder / f"{self._name}{end}"

    def files(self) -> dict[str, bytes]:
        """Return all files and what is in them."""
        found = [self.path(), *self.folder.glob(f"{self._name}.*")]
        return {
            path.name.removeprefix(self._name): path.read_bytes()
            for path in sorted(found)
            if path.is_file()
        }

    def put(self, files: dict[str, bytes]) -> None:
        """Have these files and no others."""
        for end in self.files():
            self.path(end).unlink()
        for end, content in files.items():
            self.write(end, content)

    def write(self, end: str, content: bytes | str) -> None:
        """Write a file."""
        self.path(end).write_bytes(content.encode() if isinstance(content, str) else content)

    def add(self, end: str, content: bytes | str) -> None:
        """Add to the end of a file."""
        self.write(
            end, self.files()[end] + (content.encode() if isinstance(content, str) else content)
        )

    def write_journal(self, *records: Any, version: int = 1) -> None:
        """Write a journal that holds these records."""
        data = {"commands": list(records)}
        self.write("", json.dumps({"version": version, "minor_version": 1, "data": data}))

    @property
    def journal(self) -> list[Any]:
        """The records in the journal."""
        records: list[Any] = json.loads(self.files()[""])["data"]["commands"]
        return records

    @property
    def history(self) -> list[Any]:
        """The lines of the history about commands."""
        return [line for line in self._lines if "habit" not in line]

    @property
    def habits(self) -> list[Any]:
        """The lines of the history about how long commands take."""
        return [line["habit"] for line in self._lines if "habit" in line]

    @property
    def _lines(self) -> list[Any]:
        """The lines of the history that follow the version."""
        _, *lines = self.files()[".history"].splitlines()
        return [json.loads(line) for line in lines]

    def set_aside(self) -> list[bytes]:
        """Return what is in the copies of damaged files."""
        return [content for end, content in self.files().items() if ".corrupt." in end]

    def modes(self) -> set[int]:
        """Return who may do what with the files."""
        return {stat.S_IMODE(self.path(end).stat().st_mode) for end in self.files()}

    @contextmanager
    def full(self, error: Exception | None = None) -> Iterator[None]:
        """Let no write of ours succeed; what Home Assistant writes for itself is not our matter."""
        refusal = error or WriteError(FULL)

        def write(path: str | Path, *args: Any, **kwargs: Any) -> None:
            if Path(path).name.startswith(self._name):
                raise refusal
            write_utf8_file_atomic(str(path), *args, **kwargs)

        with (
            patch("homeassistant.helpers.storage.write_utf8_file_atomic", write),
            patch("homeassistant.helpers.storage.write_utf8_file", write),
            patch(f"{PACKAGE}.storage.store.write_utf8_file_atomic", write),
            patch(f"{PACKAGE}.storage.history.write_utf8_file_atomic", write),
            patch(f"{PACKAGE}.storage.history.os.fsync", side_effect=OSError(FULL)),
        ):
            yield


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Write to the disk: what is really there is the question here."""
    return {}


@pytest.fixture
def disk(hass: HomeAssistant, entry: MockConfigEntry) -> Disk:
    """Return what is on the disk of the account."""
    return Disk(Path(hass.config.config_dir), entry.entry_id)
