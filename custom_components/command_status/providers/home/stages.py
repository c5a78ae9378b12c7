"""What the state of an entity says of an action that is under way: moving, failed, how far.

Source: the states of each platform in Home Assistant's `homeassistant/components`, documented at
https://developers.home-assistant.io/docs/core/entity/.
"""

from collections.abc import Mapping
from typing import Any, Final

from ...tracking import Clause
from ...tracking.expectation import as_number

MOVING: Final[Mapping[str, frozenset[str]]] = {
    "alarm_control_panel": frozenset({"arming", "disarming", "pending"}),
    "cover": frozenset({"opening", "closing"}),
    "lawn_mower": frozenset({"returning"}),
    "lock": frozenset({"locking", "unlocking", "opening"}),
    "media_player": frozenset({"buffering"}),
    "vacuum": frozenset({"returning"}),
    "valve": frozenset({"opening", "closing"}),
}
"""The states on the way, by platform."""

FAILED: Final[Mapping[str, frozenset[str]]] = {
    "lawn_mower": frozenset({"error"}),
    "lock": frozenset({"jammed"}),
    "vacuum": frozenset({"error"}),
}
"""The states that say that it failed, by platform."""


def is_moving(entity_id: str, state: str) -> bool:
    """Return whether a state says that an entity is on its way."""
    return state in MOVING.get(entity_id.partition(".")[0], ())


def has_failed(entity_id: str, state: str) -> bool:
    """Return whether a state says that what the entity was told has failed."""
    return state in FAILED.get(entity_id.partition(".")[0], ())


ENDS: Final = {
    "cover.close_cover": ("current_position", 0),
    "valve.close_valve": ("current_position", 0),
}
"""Where a number ends whose end need not be seen: what is closed may still show a per cent."""


def progress(
    action: str,
    clauses: tuple[Clause, ...],
    start: Mapping[str, Any],
    now: Mapping[str, Any],
) -> int | None:
    """Return how much of its way a number has gone, in per cent; None where there is no number.

    `start` and `now` are the attributes of the entity at the beginning and at this moment.
    """
    ends = [
        (clause.attribute, clause.values[0])
        for clause in clauses
        if clause.attribute is not None and len(clause.values) == 1
    ]
    for attribute, end in (*ends, ENDS.get(action, ("", None))):
        goal, first, here = map(as_number, (end, start.get(attribute), now.get(attribute)))
        if goal is not None and first is not None and here is not None and goal != first:
            return round(max(0.0, min(1.0, (here - first) / (goal - first))) * 100)
    return None
