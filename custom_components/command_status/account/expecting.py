"""What a user expects to be seen, from the words of an action, or of a form, to an expectation."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..providers.base import Order
from ..providers.house import House
from ..tracking import Clause, Evidence, Expectation
from .errors import invalid

ATTR_EXPECT: Final = "expect"
ATTR_STATE: Final = "state"
ATTR_ATTRIBUTE: Final = "attribute"
ATTR_VALUE: Final = "value"
ATTR_ABOVE: Final = "above"
ATTR_BELOW: Final = "below"
ATTR_FOR: Final = "for"


def _state(value: Any) -> str:
    """Return a state; YAML takes the words on and off for true and false."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return cv.string(value)


EXPECT: Final = vol.Schema(
    {
        vol.Optional(ATTR_ENTITY_ID): cv.entity_id,
        vol.Optional(ATTR_STATE): vol.All(cv.ensure_list, [_state]),
        vol.Optional(ATTR_ATTRIBUTE): cv.string,
        vol.Optional(ATTR_VALUE): object,
        vol.Optional(ATTR_ABOVE): vol.Coerce(float),
        vol.Optional(ATTR_BELOW): vol.Coerce(float),
        vol.Optional(ATTR_FOR): cv.positive_time_period,
    }
)
"""The field `expect`."""


def expecting(order: Order, expect: Expectation | None) -> Order:
    """Return an order that expects what its user does, where that was said."""
    if expect is None:
        return order
    return replace(order, expect=expect, evidence=Evidence.AWAITED)


def expectation_of(
    house: House, said: Mapping[str, Any] | None, acted: str | None = None
) -> Expectation | None:
    """Return what was said to be expected; None where nothing was.

    `acted` is the entity that is meant where none is named. Raises ServiceValidationError.
    """
    if said is None:
        return None
    entity_id = said.get(ATTR_ENTITY_ID, acted)
    if entity_id is None:
        raise invalid("expect_entity")
    if house.state(entity_id) is None:
        raise invalid("entity_not_found", entity=entity_id)
    held = said.get(ATTR_FOR, timedelta())
    return Expectation(
        entity=house.lasting(entity_id), clauses=(_clause(said),), seconds=held.total_seconds()
    )


def saved_expectation(house: House, saved: Mapping[str, Any] | None) -> Expectation | None:
    """Return what was saved to be expected, with seconds for how long.

    Raises ServiceValidationError.
    """
    if saved is None:
        return None
    held = timedelta(seconds=saved.get(ATTR_FOR, 0))
    return expectation_of(house, {**saved, ATTR_FOR: held})


def _clause(said: Mapping[str, Any]) -> Clause:
    """Return what is to hold; raises ServiceValidationError where that is nothing, or too much."""
    named = said.keys() & {ATTR_STATE, ATTR_VALUE, ATTR_ABOVE, ATTR_BELOW}
    alone = ATTR_STATE in named and (len(named) > 1 or ATTR_ATTRIBUTE in said)
    if not named or alone or (ATTR_VALUE in named and ATTR_ATTRIBUTE not in said):
        raise invalid("expect_what")
    values = [said[ATTR_VALUE]] if ATTR_VALUE in named else said.get(ATTR_STATE, [])
    return Clause(
        attribute=said.get(ATTR_ATTRIBUTE),
        values=tuple(values),
        above=said.get(ATTR_ABOVE),
        below=said.get(ATTR_BELOW),
    )
