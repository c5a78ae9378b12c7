"""What is still owed: outcomes that the world was not told, and commands to be archived.

Every final command passes through three stages: *unannounced* until the world was told,
*unarchived* until the history on disk holds it, and then it is only remembered.
"""

from collections.abc import Iterable

from .command import Command, changed
from .register import Register


class Ledger:
    """The final commands that were not announced, or not archived, yet."""

    def __init__(self, commands: Register) -> None:
        """Owe nothing."""
        self._commands = commands
        self._unannounced: dict[str, None] = {}
        self._unarchived: dict[str, None] = {}

    @property
    def unannounced(self) -> tuple[str, ...]:
        """The outcomes that the world was not told yet, in the order in which they were learned."""
        return tuple(self._unannounced)

    @property
    def unarchived(self) -> tuple[str, ...]:
        """The commands that the history on disk does not hold as they are now."""
        return tuple(self._unarchived)

    @property
    def archivable(self) -> tuple[str, ...]:
        """Those of them of which the world was told."""
        return tuple(key for key in self._unarchived if key not in self._unannounced)

    def is_unannounced(self, tracking_id: str) -> bool:
        """Return whether there is an outcome that the world was not told yet."""
        return tracking_id in self._unannounced

    def is_unarchived(self, tracking_id: str) -> bool:
        """Return whether the history on disk does not hold a command as it is now."""
        return tracking_id in self._unarchived

    def owe_announcement(self, tracking_id: str) -> None:
        """Note an outcome that must be announced."""
        self._unannounced[tracking_id] = None

    def owe_archiving(self, tracking_id: str) -> None:
        """Note a change of a final command that must be archived."""
        self._unarchived[tracking_id] = None

    def announced(self, commands: Iterable[Command]) -> None:
        """Note that the world was told of these outcomes."""
        for command in commands:
            current = self._commands.get(command.tracking_id)
            if current is not None and current.late == command.late:
                self._unannounced.pop(command.tracking_id, None)

    def archived(self, commands: Iterable[Command]) -> None:
        """Note that the history on disk holds these commands, unless they have changed since."""
        for command in commands:
            current = self._commands.get(command.tracking_id)
            if current is not None and command == changed(current, polls=command.polls):
                self._unarchived.pop(command.tracking_id, None)

    def forget(self, tracking_id: str) -> None:
        """Owe nothing about a command any more."""
        self._unannounced.pop(tracking_id, None)
        self._unarchived.pop(tracking_id, None)
