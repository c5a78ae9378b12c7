"""The list of targets: reading it, and what follows from what it names and names no more."""

from collections.abc import Collection
from math import inf
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import UpdateFailed

from ..const import DOMAIN, TARGETS_AGAIN
from ..providers.errors import ProviderAuthError, ProviderError, ProviderTooManyError
from ..tracking import Command, CommandState, target_key
from .clock import Moment
from .devices import async_remove_gone
from .issues import Issue, async_clear, async_raise
from .listing import Listing
from .parts import Parts
from .settings import Saved, Settings


class Targets:
    """Reads the list of one account's targets."""

    def __init__(self, parts: Parts) -> None:
        """Read nothing yet."""
        self.told = Listing()
        """The listing that entities show."""
        self._parts = parts
        self._uptime = -inf
        """When the list was read last."""

    async def async_read(self, before: Listing) -> Listing:
        """Return the listing after the provider was asked; the one before if it cannot answer.

        Raises ConfigEntryAuthFailed or UpdateFailed where there has never been a list.
        """
        parts = self._parts
        self._uptime = parts.clock.uptime()
        try:
            targets = await parts.connection.async_ask(parts.provider.targets())
        except ProviderError as err:
            self._note_too_many(err)
            if before.read is not None:
                return before
            raise _as_failure(err) from err
        async_clear(parts.hass, parts.entry.entry_id, Issue.TOO_MANY_TARGETS)
        listing = before.after(targets, Moment.current(parts.clock.now()))
        gone = {
            target_id
            for target_id in listing.gone
            if not parts.tracker.pending(target_key(target_id))
        } - parts.settings.saved_targets
        _note_needed(parts.hass, parts.entry, parts.settings, listing)
        if gone:
            await async_remove_gone(parts.hass, parts.entry.entry_id, listing, gone)
            listing = listing.without(gone)
        with parts.mishaps.survived("The list of targets could not be written"):
            plain = await parts.hass.async_add_executor_job(listing.to_plain)
            await parts.store.async_save_listing(plain)
        if listing == before:
            self.told = listing  # Nothing is to be told of it, and it takes the place of its like.
        return listing

    @callback
    def news(self, listing: Listing) -> list[str]:
        """Return the keys of the targets about which entities are to be told now."""
        before, self.told = self.told, listing
        return [target_key(target_id) for target_id in before.differences(listing)]

    @callback
    def _note_too_many(self, err: ProviderError) -> None:
        """Say that the list is too long, if that is what is wrong with it."""
        if isinstance(err, ProviderTooManyError):
            parts = self._parts
            words = {"error": str(err)}
            async_raise(parts.hass, parts.entry, Issue.TOO_MANY_TARGETS, placeholders=words)

    @callback
    def should_read_after(self, outcomes: Collection[Command]) -> bool:
        """Return whether to read the list again, which had called a target offline that failed."""
        now = self._parts.clock.uptime()
        hopeless = any(
            command.offline and command.state in {CommandState.FAILURE, CommandState.TIMEOUT}
            for command in outcomes
        )
        if not hopeless or self._parts.connection.refused or now - self._uptime < TARGETS_AGAIN:
            return False
        self._uptime = now
        return True


def _as_failure(err: ProviderError) -> Exception:
    """Return what Home Assistant is told when there has never been a list."""
    if isinstance(err, ProviderAuthError):
        return ConfigEntryAuthFailed(translation_domain=DOMAIN, translation_key="invalid_auth")
    too_many = isinstance(err, ProviderTooManyError)
    return UpdateFailed(
        translation_domain=DOMAIN,
        translation_key="too_many" if too_many else "cannot_connect",
        translation_placeholders={"error": str(err)},
    )


@callback
def _note_needed(
    hass: HomeAssistant, entry: ConfigEntry[Any], settings: Settings, listing: Listing
) -> None:
    """Say which saved commands need a target that is gone."""
    for subentry in settings.saved:
        target_id = Saved.from_plain(subentry.data).target
        about = subentry.subentry_id
        if target_id in listing.gone:
            name = listing.targets[target_id].name
            words = {"command": subentry.title, "target": name}
            async_raise(hass, entry, Issue.TARGET_GONE, about, words)
        else:
            async_clear(hass, entry.entry_id, Issue.TARGET_GONE, about=about)
