"""What the stories of one account have in common: who is asked, what is known, who is told."""

from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..providers.base import AccountDescription, Provider
from ..providers.house import House
from ..storage.store import AccountStore
from ..tracking import Tracker
from .clock import Clock
from .connection import Connection
from .display import Display
from .keeper import Keeper
from .mishaps import Mishaps
from .settings import Settings


@dataclass(kw_only=True, slots=True)
class Parts:
    """The parts of one account at work; users may give it other settings, or sign in again."""

    hass: HomeAssistant
    entry: ConfigEntry[Any]
    description: AccountDescription
    provider: Provider
    house: House
    settings: Settings
    tracker: Tracker
    store: AccountStore
    clock: Clock
    mishaps: Mishaps
    connection: Connection
    display: Display
    keeper: Keeper
