"""What users change of an account while it is at work: its settings, and how it is signed in to.

Nothing is loaded again for that: entities would be unavailable for a moment, and come back with the
state that they had, which automations would take for news.
"""

import asyncio
from collections.abc import Callable, Sequence

from ..providers.base import Provider
from .arrivals import Arrivals
from .background import Background
from .connecting import async_connect
from .devices import async_remove_hidden
from .parts import Parts
from .saved_commands import SavedCommands
from .settings import Settings


class Adoption:
    """Changes one account at work."""

    def __init__(
        self,
        parts: Parts,
        arrivals: Arrivals,
        saved: SavedCommands,
        at_work: Sequence[Background],
        read_again: Callable[[], None],
        pump: Callable[[], None],
    ) -> None:
        """Change nothing yet.

        Those `at_work` may still need the provider as it was. `read_again` has the list of targets
        read, `pump` does what is due.
        """
        self._parts = parts
        self._arrivals = arrivals
        self._saved = saved
        self._at_work = at_work
        self._read_again = read_again
        self._pump = pump
        self._leaving = Background(parts.hass, "leave", parts.mishaps, lambda: None)

    async def async_settings(self, settings: Settings) -> None:
        """Go by other settings from now on."""
        parts = self._parts
        before, parts.settings = parts.settings, settings
        parts.tracker.keep_days = settings.keep_days
        devices_differ = settings.devices != before.devices
        saved_differ = settings.saved != before.saved
        if devices_differ:
            shown = self._arrivals.shown().keys()
            await async_remove_hidden(parts.hass, parts.entry, shown)
            await self._arrivals.async_bring()
        if devices_differ or saved_differ:
            self._saved.bring(settings.saved)
            self._read_again()

    async def async_sign_in(self) -> None:
        """Work with the newest credentials from now on; what has begun ends with the old ones."""
        parts = self._parts
        newest = await async_connect(
            parts.hass, parts.entry, parts.description, parts.store, parts.clock, parts.house
        )
        before, parts.provider = parts.provider, newest
        parts.connection.refused = False
        self._read_again()
        self._pump()
        self._leaving.start(self._async_leave(before))

    async def _async_leave(self, provider: Provider) -> None:
        """Close a provider once nobody needs it any more."""
        under_way = [task for background in self._at_work for task in background.tasks]
        if under_way:
            await asyncio.wait(under_way)
        await provider.close()
