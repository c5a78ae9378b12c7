"""Which of the targeted entities are ours."""

from homeassistant.core import HomeAssistant

from ..account.owners import entity_of_ours


def ours(hass: HomeAssistant, entity_ids: set[str]) -> set[str]:
    """Return those entities that this integration provides."""
    return {each for each in entity_ids if entity_of_ours(hass, each) is not None}
