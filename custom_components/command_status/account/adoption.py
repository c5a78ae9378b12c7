"""What users change of an account while it is at work: its settings, its description, its sign-in.

Nothing is loaded again for that: entities would be unavailable for a moment, and come back with the
state that they had, which automations would take for news.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from homeassistant.exceptions import ConfigEntryError

from ..providers.base import Provider
from .arrivals import Arrivals
from .background import Background
from .connecting import async_connect
from .descriptions import async_describe, drafting_of
from .devices import async_remove_hidden, register_account, remove_unchosen
from .parts import Parts
from .policy import carefully
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
        read: Callable[[], Awaitable[None]],
        read_again: Callable[[], None],
        pump: Callable[[], None],
    ) -> None:
        """Change nothing yet.

        Those `at_work` may still need the provider as it was. `read` reads the list of targets,
        `read_again` has that done in the background, `pump` does what is due.
        """
        self._parts = parts
        self._arrivals = arrivals
        self._saved = saved
        self._at_work = at_work
        self._read = read
        self._read_again = read_again
        self._pump = pump
        self._leaving = Background(parts.hass, "leave", parts.mishaps, lambda: None)
        self._turn = asyncio.Lock()

    async def async_settings(self, settings: Settings) -> None:
        """Go by other settings from now on."""
        async with self._turn:
            parts = self._parts
            before, parts.settings = parts.settings, settings
            parts.tracker.keep_days = settings.keep_days
            devices_differ = settings.devices != before.devices
            if devices_differ:
                await self._async_choose(settings)
            if devices_differ or settings.saved != before.saved:
                self._saved.bring(settings.saved)
                self._read_again()
            if settings.described != before.described:
                await self._async_connect()

    async def async_sign_in(self) -> None:
        """Work with the newest credentials from now on; to a house nobody signs in."""
        async with self._turn:
            if not self._parts.description.is_house:
                await self._async_connect()

    async def _async_choose(self, settings: Settings) -> None:
        """Give entities to the targets that are chosen now, and take those of others away."""
        parts = self._parts
        parts.provider.choose(settings.devices)
        if parts.description.is_house:
            remove_unchosen(parts.hass, parts.entry, settings.devices)
            await self._read()  # what is chosen is what is listed, and nobody needs to be asked
        else:
            await async_remove_hidden(parts.hass, parts.entry, self._arrivals.shown().keys())
        await self._arrivals.async_bring()

    async def _async_connect(self) -> None:
        """Work with the account as it is described and signed in to now.

        What has begun ends as it was. An account that makes no sense any more is loaded again,
        which says so.
        """
        parts = self._parts
        try:
            await self._async_describe()
        except ConfigEntryError:
            parts.hass.config_entries.async_schedule_reload(parts.entry.entry_id)
            return
        newest = await async_connect(
            parts.hass, parts.entry, parts.description, parts.store, parts.clock, parts.house
        )
        before, parts.provider = parts.provider, newest
        newest.succeed(before)
        parts.connection.refused = False
        self._read_again()
        self._pump()
        self._leaving.start(self._async_leave(before))

    async def _async_describe(self) -> None:
        """Go by what was typed about an API that is described by forms; raises ConfigEntryError.

        Another description stays as it was loaded.
        """
        parts = self._parts
        if drafting_of(parts.entry) is None:
            return
        parts.description = carefully(await async_describe(parts.hass, parts.entry), parts.mishaps)
        parts.tracker.go_by(parts.description.policy)
        register_account(parts.hass, parts.entry, parts.description)

    async def _async_leave(self, provider: Provider) -> None:
        """Close a provider once nobody needs it any more."""
        under_way = [task for background in self._at_work for task in background.tasks]
        if under_way:
            await asyncio.wait(under_way)
        await provider.close()
