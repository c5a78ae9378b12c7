"""Where commands act: their targets and devices, as Home Assistant knows them at this moment."""

from collections.abc import Callable, Mapping

from homeassistant.core import HomeAssistant

from ..providers.base import AccountDescription, Target
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
        listed: Callable[[], Mapping[str, Target]],
    ) -> None:
        """Look nothing up yet; `named` tells how the id of a target is shown."""
        self._hass = hass
        self._entry_id = entry_id
        self._is_house = description.is_house
        self._named = named
        self._house = house
        self._listed = listed

    def of(self, command: Command) -> tuple[str, str | None]:
        """Return the id of the target of a command as it is shown, and that of its device."""
        return self._named(command.target), self._device_id(command.target, command.device)

    def device_of(self, target_id: str) -> str | None:
        """Return the id in the registry of the device of a target, where it has one."""
        target = self._listed().get(target_id)
        return self._device_id(target_id, None if target is None else target.device)

    def _device_id(self, target_id: str, device: str | None) -> str | None:
        if self._is_house:
            return self._house.device_id(target_id)
        return device_id_of(self._hass, self._entry_id, device)
