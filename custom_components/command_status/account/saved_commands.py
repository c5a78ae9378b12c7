"""Saved commands get their devices and entities, also while the account is at work."""

from collections.abc import Callable, Iterable

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import callback

type Add = Callable[[ConfigSubentry], None]


class SavedCommands:
    """The saved commands of one account that have entities, and how others get them."""

    def __init__(self, register: Callable[[Iterable[ConfigSubentry]], None]) -> None:
        """Give nothing to any of them yet; `register` gives devices to some."""
        self._register = register
        self._adders: list[Add] = []
        self._there: set[str] = set()

    def join(self, add: Add) -> None:
        """Call with each saved command that is to have entities."""
        self._adders.append(add)

    @callback
    def bring(self, saved: Iterable[ConfigSubentry]) -> None:
        """Give devices, by their newest names, and entities to exactly these.

        Home Assistant itself removes what belongs to those that are gone.
        """
        by_id = {subentry.subentry_id: subentry for subentry in saved}
        self._register(by_id.values())
        for subentry_id in by_id.keys() - self._there:
            for add in self._adders:
                add(by_id[subentry_id])
        self._there = set(by_id)
