"""The section of a saved command that says what is expected to be seen afterwards."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    DurationSelector,
    EntitySelector,
    TextSelector,
    TextSelectorConfig,
)
import voluptuous as vol

from ..account.expecting import (
    ATTR_ATTRIBUTE,
    ATTR_EXPECT,
    ATTR_FOR,
    ATTR_STATE,
    ATTR_VALUE,
    saved_expectation,
)
from ..providers.base import Order
from ..providers.house import House
from .forms import as_duration, as_seconds


def expect_fields(values: Mapping[str, Any]) -> dict[vol.Marker, Any]:
    """Return the section with these values in it; closed where it says nothing."""
    fields = {
        ATTR_ENTITY_ID: EntitySelector(),
        ATTR_STATE: TextSelector(TextSelectorConfig(multiple=True)),
        ATTR_ATTRIBUTE: TextSelector(),
        ATTR_VALUE: TextSelector(),
        ATTR_FOR: DurationSelector(),
    }
    schema = vol.Schema(
        {
            vol.Optional(name, description={"suggested_value": values.get(name)}): selector
            for name, selector in fields.items()
        }
    )
    return {vol.Optional(ATTR_EXPECT): section(schema, {"collapsed": not values})}


def known_expectation(house: House, order: Order) -> dict[str, Any]:
    """Return what a provider expects of an order, as far as the section can show it."""
    if order.expect is None or len(order.expect.clauses) != 1 or "toggle" in order.command:
        # What a toggle leads to depends on when the button is pressed.
        return {}
    (clause,) = order.expect.clauses
    entity_id = house.entity_id(order.expect.entity)
    if clause.attribute is not None or not clause.values or entity_id is None:
        return {}
    return {ATTR_ENTITY_ID: entity_id, ATTR_STATE: list(clause.values)}


def typed_expectation(
    house: House, typed: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return what is to be saved; None where nothing was typed, or only what is known anyway.

    Raises ServiceValidationError.
    """
    said = {name: value for name, value in typed.items() if value not in (None, "", [])}
    if held := as_seconds(said.pop(ATTR_FOR, {})):
        said[ATTR_FOR] = held
    if not said or said == known:
        return None
    saved_expectation(house, said)
    return {**said, ATTR_ENTITY_ID: house.lasting(said[ATTR_ENTITY_ID])}


def shown_expectation(house: House, saved: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what was saved, with the entity as it is called now."""
    if saved is None:
        return {}
    held = {ATTR_FOR: as_duration(saved[ATTR_FOR])} if ATTR_FOR in saved else {}
    return {**saved, ATTR_ENTITY_ID: house.entity_id(saved[ATTR_ENTITY_ID]), **held}
