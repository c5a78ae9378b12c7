"""Where commands act: their targets and devices, as Home Assistant knows them at this moment."""

from collections.abc import Callable

from homeassistant.core import HomeAssistant

from ..providers.base import AccountDescription
from ..providers.house import House
from ..tracking import Command
from .records import device_id_of


class Whereabouts:
    """Knows where the targets of one account are; entities of this house may be renamed."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry_id: str,
        description: AccountDescription,
        named: Callable[[str], str],
        house: House,
    ) -> None:
        """Look nothing up yet; `named` tells how the id of a target is shown."""
        self._hass = hass
        self._entry_id = entry_id
        self._is_house = description.is_house
        self._named = named
        self._house = house

    def of(self, command: Command) -> tuple[str, str | None]:
        """Return the id of the target of a command as it is shown, and that of its device."""
        if self._is_house:
            device_id = self._house.device_id(command.target)
        else:
            device_id = device_id_of(self._hass, self._entry_id, command.device)
        return self._named(command.target), device_id
