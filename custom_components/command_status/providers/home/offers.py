"""The actions that are offered for an entity: those of its own kind that make sense in a button."""

from collections import defaultdict
from typing import Final

from .actions import EXPECTED

WITHOUT_TRACE: Final = (
    "automation.trigger",
    "button.press",
    "cover.stop_cover",
    "input_button.press",
    "media_player.media_next_track",
    "media_player.media_previous_track",
    "notify.send_message",
    "scene.turn_on",
    "script.turn_on",
    "vacuum.locate",
    "valve.stop_valve",
)
"""Those of which nothing is expected, and which people want all the same."""

_OFFERS: Final[defaultdict[str, list[str]]] = defaultdict(list)
for _name in sorted({*EXPECTED, *WITHOUT_TRACE}):
    _OFFERS[_name.partition(".")[0]].append(_name)


def offers_of(entity_id: str) -> tuple[str, ...]:
    """Return the actions that are offered for an entity."""
    return tuple(_OFFERS.get(entity_id.partition(".")[0], ()))
