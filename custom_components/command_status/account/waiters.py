"""Actions that wait for a command; they outlive the account being loaded again."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..tracking import Command

type Test = Callable[[Command], bool]


@dataclass(frozen=True, slots=True)
class _Waiter:
    """One future and what it waits for."""

    test: Test
    future: asyncio.Future[Command]


@dataclass(slots=True)
class Waiters:
    """The futures of one account."""

    over: str | None = None
    """Why nobody can wait any more; the key of a text."""
    _waiting: dict[str, list[_Waiter]] = field(default_factory=dict)

    async def async_wait(self, tracking_id: str, test: Test) -> Command:
        """Return the command as soon as it passes a test.

        Raises HomeAssistantError when it never will, because it was forgotten, the account is gone,
        or Home Assistant stops.
        """
        if self.over is not None:
            raise _never(self.over)
        waiter = _Waiter(test, asyncio.get_running_loop().create_future())
        self._waiting.setdefault(tracking_id, []).append(waiter)
        try:
            return await waiter.future
        finally:
            self._drop(tracking_id, waiter)

    @callback
    def tell(self, command: Command) -> None:
        """Wake those who waited for this."""
        for waiter in self._waiting.get(command.tracking_id, ()):
            if waiter.future.done():
                continue
            try:
                if waiter.test(command):
                    waiter.future.set_result(command)
            except Exception as err:  # noqa: BLE001 - it is raised where it was waited
                waiter.future.set_exception(err)

    @callback
    def give_up(self, reason: str, tracking_id: str | None = None) -> None:
        """Wake those who wait for one command, or for any, with an error.

        The reason is a translation key.
        """
        for key in list(self._waiting) if tracking_id is None else [tracking_id]:
            for waiter in self._waiting.get(key, ()):
                if not waiter.future.done():
                    waiter.future.set_exception(_never(reason))

    @callback
    def end(self, reason: str) -> None:
        """Wake all who wait, and those who come later, with an error."""
        self.over = reason
        self.give_up(reason)

    def _drop(self, tracking_id: str, waiter: _Waiter) -> None:
        """Forget a waiter."""
        self._waiting[tracking_id].remove(waiter)
        if not self._waiting[tracking_id]:
            del self._waiting[tracking_id]


def _never(reason: str) -> HomeAssistantError:
    """Return the error for who waits for what will never come."""
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=reason)


DATA_WAITERS: HassKey[dict[str, Waiters]] = HassKey(f"{DOMAIN}.waiters")


@callback
def waiters_of(hass: HomeAssistant, entry_id: str) -> Waiters:
    """Return the waiters of an account; the same each time it is loaded, unless it was gone."""
    of_accounts = hass.data.setdefault(DATA_WAITERS, {})
    known = of_accounts.get(entry_id)
    if known is None or known.over is not None:
        known = of_accounts[entry_id] = Waiters()
    return known


@callback
def forget_waiters(hass: HomeAssistant, entry_id: str) -> None:
    """Wake those who wait for an account that is gone, with an error, and keep nothing of it."""
    if (known := hass.data.get(DATA_WAITERS, {}).pop(entry_id, None)) is not None:
        known.end("gone")
