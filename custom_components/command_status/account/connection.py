"""The connection to a provider, as its answers and errors tell it."""

from collections.abc import Callable, Coroutine
from random import random
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..const import LOGGER
from ..providers.errors import (
    ProviderAuthError,
    ProviderClientError,
    ProviderConnectionError,
    ProviderError,
    ProviderNoAnswerError,
    ProviderRateLimitError,
    ProviderTooLateError,
)
from ..tracking import Tracker
from .clock import Clock
from .issues import OF_CLIENT, Issue, async_clear, async_raise

CONNECTION: Final = "connection"
"""The key under which news of the connection is told."""

TROUBLES: Final = {
    ProviderAuthError.key: "the credentials are refused",
    ProviderRateLimitError.key: "there were too many requests",
}
"""What errors that explain themselves by their key are called in the log."""


class Connection:
    """Whether the provider answers; every request tells."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        tracker: Tracker,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        """Know nothing yet; `changed` is called when the provider is gone, and when it is back."""
        self.connected: bool | None = None
        """The result of the last request; None before the first."""
        self.trouble: str | None = None
        """The last error that kept us from the provider, as far as users may know it."""
        self.refused = False
        """Whether the credentials were refused: then nothing is asked until they are new."""
        self._closed = False
        self._hass = hass
        self._entry = entry
        self._tracker = tracker
        self._clock = clock
        self._changed = changed

    async def async_ask[T](self, request: Coroutine[Any, Any, T]) -> T:
        """Make one request and note what it says about the connection; raises ProviderError."""
        if self.refused:
            request.close()
            raise ProviderAuthError
        try:
            answer = await request
        except ProviderError as err:
            self.note_trouble(err)
            raise
        self.note_reached()
        return answer

    @callback
    def close(self) -> None:
        """Note nothing more: whoever comes next finds out for itself."""
        self._closed = True

    @callback
    def note_reached(self) -> None:
        """Note that the provider answers."""
        if self._closed:
            return
        self._tracker.reached()
        self._set(connected=True)

    @callback
    def note_trouble(self, err: ProviderError) -> None:
        """Note what an error says about the account as a whole."""
        if self._closed:
            return
        now = self._clock.now()
        if isinstance(err, ProviderAuthError):
            self._lose(err.key)
            self.refused = True
            self._entry.async_start_reauth(self._hass)
        elif isinstance(err, ProviderRateLimitError):
            if err.retry_after is None:
                self._tracker.hold_off(now)
            else:
                self._tracker.hold(now, err.retry_after)
            self._lose(err.key)
        elif isinstance(err, ProviderConnectionError | ProviderNoAnswerError | ProviderClientError):
            self._tracker.unreachable(now, random())
            self._lose(str(err))
            if isinstance(err, ProviderClientError):
                async_raise(self._hass, self._entry, Issue(err.key))
        elif not isinstance(err, ProviderTooLateError):
            self.note_reached()

    @property
    def _trouble_in_words(self) -> str | None:
        """The last error as a sentence says it."""
        return None if self.trouble is None else TROUBLES.get(self.trouble, self.trouble)

    def _lose(self, trouble: str) -> None:
        """Remember why the provider is of no use now."""
        self.trouble = trouble
        self._set(connected=False)

    def _set(self, *, connected: bool) -> None:
        """Remember the result of the last request; say once when it changes."""
        before, self.connected = self.connected, connected
        if before is connected:
            return
        if connected:
            # The issue may be older than this load of the account.
            async_clear(self._hass, self._entry.entry_id, *OF_CLIENT)
        else:
            LOGGER.warning("%s cannot be asked: %s", self._entry.title, self._trouble_in_words)
        if before is False:
            LOGGER.info("%s answers again", self._entry.title)
        self._changed()
