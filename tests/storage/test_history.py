"""The file of finished commands: cheap to add to, hard to hurt."""

from pathlib import Path
import stat
from typing import Any
from unittest.mock import patch

from homeassistant.exceptions import UnsupportedStorageVersionError
import pytest

from custom_components.command_status.storage.history import HistoryFile, Past, forgotten
from custom_components.command_status.storage.versions import RECORD

FIRST = {"tracking_id": "a", "state": "success"}
SECOND = {"tracking_id": "b", "state": "timeout"}
CORRECTED = {"tracking_id": "b", "state": "success", "late": True}
FULL = OSError("No space left on device")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the file is; its folder is new as well."""
    return tmp_path / ".storage" / "command_status.gate.history"


@pytest.fixture
def history(path: Path) -> HistoryFile:
    """Return a history of two commands."""
    history = HistoryFile(path)
    history.append([FIRST, SECOND])
    return history


def remembered(path: Path) -> list[Any]:
    """Return what somebody remembers who opens the file after a restart, undamaged."""
    past = HistoryFile(path).read()
    assert not past.damaged
    return list(past.records)


class TestWriting:
    """What was added is there."""

    def test_there_is_nothing_in_the_beginning(self, path: Path) -> None:
        """And looking for it makes no file."""
        assert HistoryFile(path).read() == Past()
        assert not path.parent.exists()

    @pytest.mark.usefixtures("history")
    def test_what_is_added_is_remembered(self, path: Path) -> None:
        """In its order."""
        assert remembered(path) == [FIRST, SECOND]

    @pytest.mark.usefixtures("history")
    def test_more_is_added_after_a_restart(self, path: Path) -> None:
        """Which costs the new lines only."""
        before = path.read_bytes()
        again = HistoryFile(path)
        again.read()
        again.append([CORRECTED])
        assert path.read_bytes().startswith(before)

    def test_a_later_line_replaces_an_earlier_one(self, path: Path, history: HistoryFile) -> None:
        """A late outcome is one more line about the same command."""
        history.append([CORRECTED])
        assert remembered(path) == [FIRST, CORRECTED]

    def test_a_command_can_be_forgotten(self, path: Path, history: HistoryFile) -> None:
        """And is no longer known after a restart."""
        history.append([forgotten("a")])
        assert remembered(path) == [SECOND]

    def test_what_was_forgotten_twice_or_never_known_is_not_there(
        self, path: Path, history: HistoryFile
    ) -> None:
        """An open command that is forgotten was never in the history."""
        history.append([forgotten("a"), forgotten("a"), forgotten("z")])
        assert remembered(path) == [SECOND]

    def test_writing_it_anew_makes_it_as_short_as_it_can_be(
        self, path: Path, history: HistoryFile
    ) -> None:
        """One line for the version, and one for each command."""
        history.append([CORRECTED, forgotten("a")])
        assert history.lines == 5
        history.rewrite([CORRECTED])
        assert history.lines == 2
        assert remembered(path) == [CORRECTED]

    def test_it_knows_its_length_after_a_restart(self, path: Path, history: HistoryFile) -> None:
        """Or it would grow for ever."""
        history.append([CORRECTED])
        again = HistoryFile(path)
        again.read()
        assert again.lines == history.lines == 4

    @pytest.mark.usefixtures("history")
    def test_nobody_else_can_read_it(self, path: Path) -> None:
        """Who opened which door when is nobody's business."""
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_what_is_added_is_synced(self, history: HistoryFile) -> None:
        """The journal lets go of it then."""
        with patch("custom_components.command_status.storage.history.os.fsync") as fsync:
            history.append([CORRECTED])
        fsync.assert_called_once()

    def test_a_file_that_somebody_deleted_is_made_again(
        self, path: Path, history: HistoryFile
    ) -> None:
        """What is new is remembered all the same."""
        path.unlink()
        history.append([CORRECTED])
        assert remembered(path) == [CORRECTED]


class TestDamage:
    """What crashes and disks do to a file."""

    @pytest.mark.usefixtures("history")
    def test_a_line_that_was_cut_short_is_no_damage(self, path: Path) -> None:
        """A crash cut it; its command is still in the journal."""
        with path.open("ab") as file:
            file.write(b'{"tracking_id": "c", "sta')
        assert remembered(path) == [FIRST, SECOND]

    @pytest.mark.usefixtures("history")
    @pytest.mark.parametrize("rest", [b'{"tracking_id": "c", "sta', b"\0" * 512], ids=["cut", "0"])
    def test_the_next_line_takes_the_place_of_one_that_was_cut_short(
        self, path: Path, rest: bytes
    ) -> None:
        """Or the two of them would be one that nobody can read."""
        with path.open("ab") as file:
            file.write(rest)
        again = HistoryFile(path)
        again.read()
        again.append([CORRECTED])
        assert remembered(path) == [FIRST, CORRECTED]

    def test_the_next_line_takes_the_place_of_one_that_a_full_disk_cut_short(
        self, path: Path, history: HistoryFile
    ) -> None:
        """Without a restart in between, too."""
        with (
            patch("custom_components.command_status.storage.history.os.fsync", side_effect=FULL),
            pytest.raises(OSError, match="No space"),
        ):
            history.append([{"tracking_id": "c", "reason": "x" * 500}])
        history.append([CORRECTED])
        assert remembered(path) == [FIRST, CORRECTED]

    @pytest.mark.parametrize("content", [b"", b"\0\0\0\0"], ids=["empty", "zeros"])
    def test_a_file_without_a_line_is_an_empty_one(self, path: Path, content: bytes) -> None:
        """A crash right after it was made leaves such a file behind."""
        path.parent.mkdir()
        path.write_bytes(content)
        history = HistoryFile(path)
        assert history.read() == Past()
        history.append([FIRST])
        assert path.read_bytes().startswith(b'{"version":1}\n')
        assert remembered(path) == [FIRST]

    @pytest.mark.usefixtures("history")
    @pytest.mark.parametrize(
        "line",
        [
            b"garbage",
            b"\xff\xfe",
            b"",
            b"[1]",
            b"null",
            b'{"state": "success"}',
            b'{"tracking_id": 7}',
        ],
        ids=["no json", "no text", "empty", "a list", "nothing", "without an id", "a number"],
    )
    def test_a_line_that_cannot_be_read_harms_no_other(self, path: Path, line: bytes) -> None:
        """But it is told, and the file stays as it is for whoever wants to look."""
        path.write_bytes(line + b"\n" + path.read_bytes())
        content = path.read_bytes()
        assert HistoryFile(path).read() == Past(records=(FIRST, SECOND), damaged=True)
        assert path.read_bytes() == content

    @pytest.mark.usefixtures("history")
    def test_a_newer_version_is_not_touched(self, path: Path) -> None:
        """Whoever wrote it knows better."""
        path.write_bytes(b'{"version": %d}\n{"tracking_id": "a"}' % (RECORD.version + 1))
        content = path.read_bytes()
        with pytest.raises(UnsupportedStorageVersionError):
            HistoryFile(path).read()
        assert path.read_bytes() == content

    def test_what_cannot_be_read_at_all_raises(self, path: Path) -> None:
        """A folder in its place, a disk that fails."""
        path.mkdir(parents=True)
        with pytest.raises(OSError, match="directory"):
            HistoryFile(path).read()
