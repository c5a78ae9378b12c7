"""What is really written to the disk: every sync, and every byte."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
import os
from pathlib import Path
import stat
from typing import Final
from unittest.mock import patch

IO: Final = Path("/proc/self/io")


@dataclass(slots=True)
class Writes:
    """What was written while somebody watched."""

    files: int = 0
    """Syncs of files."""
    folders: int = 0
    """Syncs of folders, which make durable that a file has been replaced."""
    size: int = 0
    """Bytes that the process wrote to files, synced or not, by the kernel's own count."""

    def note(self, descriptor: int) -> None:
        """Count the sync of a file or folder."""
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            self.folders += 1
        else:
            self.files += 1


@contextmanager
def watched() -> Generator[Writes]:
    """Watch what is written; the size is known in the end."""
    writes, sync = Writes(), os.fsync

    def note_and_sync(descriptor: int) -> None:
        writes.note(descriptor)
        sync(descriptor)

    before = _written()
    # Home Assistant's atomic writes have a name of their own for it.
    with patch("os.fsync", note_and_sync), patch("atomicwrites._proper_fsync", note_and_sync):
        yield writes
    writes.size = _written() - before


def _written() -> int:
    """Return the bytes that this process has written until now; what it sends does not count."""
    fields = dict(line.split(": ") for line in IO.read_text().splitlines())
    return int(fields["wchar"])
