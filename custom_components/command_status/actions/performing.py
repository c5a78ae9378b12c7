"""The action `perform_action`: does an action of Home Assistant and tracks it."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import CONF_TARGET
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.generated.entity_platforms import EntityPlatforms
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
import voluptuous as vol

from ..account.accounts import loaded_accounts
from ..account.coordinator import CommandStatusCoordinator
from ..account.errors import invalid, translated_errors
from ..account.expecting import ATTR_EXPECT, expectation_of, expecting
from ..account.overhearing import TARGET_KEYS
from ..account.sizes import require_few
from ..providers.base import Order
from .action import Action
from .answering import told
from .caller import Caller
from .waiting import async_answers, async_outcomes
from .words import ATTR_TAG, ATTR_WAIT, FOLLOWED, window_of

ATTR_ACTION: Final = "action"
ATTR_DATA: Final = "data"

GENERIC: Final = "homeassistant"
"""The domain whose actions do to any entity what its own platform does under the same name."""


async def _async_perform(call: ServiceCall) -> ServiceResponse:
    """Do an action of Home Assistant on each entity that is meant, and track it."""
    caller = await Caller.async_of(call)
    coordinator = _house_of(call.hass)
    orders = _orders_of(call, coordinator)
    caller.require_control_of_entities(
        coordinator.provider.named(order.target.id) for order in orders if _acts(order)
    )
    ids = await coordinator.intake.async_send(
        orders,
        window=window_of(call, coordinator),
        tag=call.data.get(ATTR_TAG),
        context=call.context,
    )
    followed = [(coordinator, tracking_id) for tracking_id in ids]
    if call.data[ATTR_WAIT]:
        return told(caller, followed, await async_outcomes(followed))
    return told(caller, followed, await async_answers(followed))


def _acts(order: Order) -> bool:
    """Return whether an order acts on an entity: without one, its target is the action itself."""
    return order.target.id != order.command


def _house_of(hass: HomeAssistant) -> CommandStatusCoordinator:
    """Return the house itself; raises ServiceValidationError where it was not added."""
    for coordinator in loaded_accounts(hass):
        if coordinator.description.is_house:
            return coordinator
    raise invalid("no_house")


def _orders_of(call: ServiceCall, coordinator: CommandStatusCoordinator) -> list[Order]:
    """Return what is to be done; raises ServiceValidationError."""
    hass, action = call.hass, call.data[ATTR_ACTION].lower()
    if not coordinator.house.offers(action):
        raise invalid("action_not_found", action=action)
    data: Mapping[str, Any] = {
        key: value for key, value in call.data[ATTR_DATA].items() if key not in TARGET_KEYS
    }
    meant = {**_only_target(call.data[ATTR_DATA]), **call.data.get(CONF_TARGET, {})}
    if not meant:
        _check(hass, action, data)
        with translated_errors():
            order = coordinator.provider.alone(action, data)
        return [_expecting(call, coordinator, order, None)]
    entity_ids = _entities_of(hass, action, meant)
    _check(hass, action, {**data, "entity_id": entity_ids})
    return [_order_of(call, coordinator, action, data, entity_id) for entity_id in entity_ids]


def _order_of(
    call: ServiceCall,
    coordinator: CommandStatusCoordinator,
    action: str,
    data: Mapping[str, Any],
    entity_id: str,
) -> Order:
    """Return what is to be done at one entity; raises ServiceValidationError."""
    target = coordinator.target(coordinator.house.lasting(entity_id))
    if target is None:
        raise invalid("entity_not_found", entity=entity_id)
    with translated_errors():
        order = coordinator.provider.order([target], action, data)
    return _expecting(call, coordinator, order, entity_id)


def _expecting(
    call: ServiceCall, coordinator: CommandStatusCoordinator, order: Order, acted: str | None
) -> Order:
    """Return an order that expects what the caller does, where that was said."""
    said = call.data.get(ATTR_EXPECT)
    return expecting(order, expectation_of(coordinator.house, said, acted))


def _entities_of(hass: HomeAssistant, action: str, meant: Mapping[str, Any]) -> list[str]:
    """Return the entities that a target means, those of a group one by one.

    An area or a device also has entities that the action does not concern, and so may a group; one
    that is named must be there, and of the right kind.
    """
    selection = TargetSelection(dict(meant))
    found = async_extract_referenced_entity_ids(hass, selection)
    for entity_id in selection.entity_ids & found.referenced:
        if hass.states.get(entity_id) is None:
            raise invalid("entity_not_found", entity=entity_id)
        if not _concerns(hass, action, entity_id):
            raise invalid("entity_not_concerned", entity=entity_id, action=action)
    everything = found.referenced | found.indirectly_referenced
    entity_ids = sorted(
        entity_id
        for entity_id in everything
        if hass.states.get(entity_id) is not None and _concerns(hass, action, entity_id)
    )
    if not entity_ids:
        raise invalid("nothing_meant", action=action)
    require_few(CONF_TARGET, len(entity_ids))
    return entity_ids


def _concerns(hass: HomeAssistant, action: str, entity_id: str) -> bool:
    """Return whether an action can act on an entity; Home Assistant passes by what it cannot."""
    domain, _, service = action.partition(".")
    kind = entity_id.partition(".")[0]
    if domain == GENERIC:
        return hass.services.has_service(kind, service)
    if domain in EntityPlatforms or hass.states.async_entity_ids(domain):
        return domain == kind
    entry = er.async_get(hass).async_get(entity_id)
    return entry is None or entry.platform == domain


def _check(hass: HomeAssistant, action: str, data: Mapping[str, Any]) -> None:
    """Raise ServiceValidationError where the action's own schema refuses its data."""
    domain, _, service = action.partition(".")
    handler = hass.services.async_services_for_domain(domain)[service]
    if handler.schema is None:
        return
    try:
        handler.schema(dict(data))
    except vol.Invalid as err:
        # Without the value: it may be a code.
        where = ".".join(map(str, err.path)) or action
        raise invalid("invalid_data", action=action, field=where) from None


def _only_target(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of the data of an action says what it acts on."""
    return {key: value for key, value in data.items() if key in TARGET_KEYS}


PERFORM: Final = Action(
    name="perform_action",
    handler=_async_perform,
    fields={
        vol.Required(ATTR_ACTION): cv.service,
        vol.Optional(CONF_TARGET): vol.Schema(cv.ENTITY_SERVICE_FIELDS),
        vol.Optional(ATTR_DATA, default=dict): dict,
        **FOLLOWED,
    },
)
