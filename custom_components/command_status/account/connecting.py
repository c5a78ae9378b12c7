"""The provider of an account, with the credentials that hold."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..const import CONF_CREDENTIALS
from ..providers.base import AccountDescription, Provider
from ..providers.house import House
from ..storage.store import AccountStore
from .clock import Clock
from .session import session_of
from .settings import Settings


async def async_connect(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    description: AccountDescription,
    store: AccountStore,
    clock: Clock,
    house: House,
) -> Provider:
    """Return the provider of an account, as the user has signed in to it and chosen last."""
    original = entry.data[CONF_CREDENTIALS]

    async def keep(newest: Mapping[str, str]) -> None:
        """Write renewed credentials down before they are used."""
        await store.async_save_credentials(original, newest)

    provider = description.connect(
        session=session_of(hass, entry.entry_id),
        credentials=await store.async_load_credentials(original),
        clock=lambda: clock.latest,
        keep=keep,
        house=house,
        heard_date=clock.heard,
    )
    provider.choose(Settings.from_entry(entry).devices)
    return provider
