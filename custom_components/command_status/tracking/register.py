"""All commands that an account remembers: open ones and a bounded history, and who shows them.

A *key* names something that shows commands: the account, a target, or a saved command. For every
key the newest command and the number of open ones are kept up to date, so that asking costs
nothing.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from .command import Command

ACCOUNT: Final = "account"
"""The key that covers every command."""


def target_key(target: str) -> str:
    """Return the key of a target."""
    return f"target:{target}"


def subentry_key(subentry_id: str) -> str:
    """Return the key of a saved command."""
    return f"subentry:{subentry_id}"


def keys_of(command: Command) -> Iterator[str]:
    """Return the keys that cover a command."""
    yield ACCOUNT
    yield from map(target_key, command.covered)
    if command.subentry_id is not None:
        yield subentry_key(command.subentry_id)


class Register:
    """Commands by tracking id, in the order in which they were accepted."""

    def __init__(self) -> None:
        """Start empty."""
        self._commands: dict[str, Command] = {}
        self._newest: dict[str, str] = {}
        self._open: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Command]:
        """Return all commands, the oldest first."""
        return iter(self._commands.values())

    def __getitem__(self, tracking_id: str) -> Command:
        """Return a command; raises KeyError when it is not known."""
        return self._commands[tracking_id]

    def get(self, tracking_id: str) -> Command | None:
        """Return a command, or None where it is not known."""
        return self._commands.get(tracking_id)

    def newest(self, key: str) -> Command | None:
        """Return the command that was accepted last among those that a key covers."""
        return self._commands.get(self._newest.get(key, ""))

    def pending(self, key: str) -> int:
        """Return how many open commands a key covers."""
        return self._open[key]

    @property
    def last_id(self) -> str:
        """The tracking id that was accepted last; the empty text where there is none."""
        return next(reversed(self._commands), "")

    def put(self, command: Command) -> None:
        """Remember a new command, or the new value of one."""
        before = self._commands.get(command.tracking_id)
        self._commands[command.tracking_id] = command
        if before is not None and before.final == command.final:
            return
        self._count(command, 1)
        if before is not None:
            self._count(before, -1)
            return
        for key in keys_of(command):
            if self._newest.get(key, "") < command.tracking_id:
                self._newest[key] = command.tracking_id

    def remove(self, tracking_id: str) -> Command:
        """Forget a command; raises KeyError when it is not known."""
        command = self._commands.pop(tracking_id)
        self._count(command, -1)
        for key in keys_of(command):
            if self._newest.get(key) == tracking_id:
                self._choose_newest(key)
        return command

    def discard(self, tracking_id: str) -> None:
        """Forget a command, if it is known."""
        if tracking_id in self._commands:
            self.remove(tracking_id)

    def expendable(self, *, before: float, at_most: int) -> list[str]:
        """Return the finished commands that are too old, or too many.

        The newest command of every key is never one of them.
        """
        pinned = set(self._newest.values())
        finished = [command for command in self if command.final]
        surplus = len(finished) - at_most
        return [
            command.tracking_id
            for place, command in enumerate(finished)
            if (place < surplus or (command.finished_at or 0.0) < before)
            and command.tracking_id not in pinned
        ]

    def sort(self) -> None:
        """Put the commands into the order in which they were accepted."""
        self._commands = dict(sorted(self._commands.items()))

    def _count(self, command: Command, step: int) -> None:
        """Count a command in or out."""
        if command.final:
            return
        for key in keys_of(command):
            self._open[key] += step
            if not self._open[key]:
                del self._open[key]

    def _choose_newest(self, key: str) -> None:
        """Find the newest command of a key among those that are left."""
        left = (command.tracking_id for command in self if key in keys_of(command))
        newest = max(left, default=None)
        if newest is None:
            del self._newest[key]
        else:
            self._newest[key] = newest
