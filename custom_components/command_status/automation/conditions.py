"""Conditions: the newest command is in some state."""

from collections.abc import Mapping
from typing import Final, override

from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN, SensorDeviceClass
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.condition import Condition, EntityStateConditionBase

from ..tracking import OPEN, CommandState
from .ours import ours


class CommandStateCondition(EntityStateConditionBase):
    """Hold when our command sensors show certain states; they are our only ones of words."""

    _domain_specs: Mapping[str, DomainSpec] = {
        SENSOR_DOMAIN: DomainSpec(device_class=SensorDeviceClass.ENUM)
    }

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        return ours(self._hass, super().entity_filter(entities))


def _in_states(*states: CommandState) -> type[Condition]:
    """Make a condition that holds in some states."""
    words: set[str | bool] = {state.value for state in states}

    class NewestCommandCondition(CommandStateCondition):
        """Hold in these states."""

        _states = words

    return NewestCommandCondition


CONDITIONS: Final = {
    "is_failed": _in_states(CommandState.FAILURE),
    "is_pending": _in_states(*OPEN),
    "is_successful": _in_states(CommandState.SUCCESS),
    "is_timed_out": _in_states(CommandState.TIMEOUT),
}
