"""Which targets a call means: by devices and entities, by places and labels, or by their ids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.target import (
    SelectedEntities,
    TargetSelection,
    async_extract_referenced_entity_ids,
)
import voluptuous as vol

from ..account.coordinator import CommandStatusCoordinator
from ..account.errors import invalid
from ..account.owners import entity_of_ours, target_of_entity
from ..const import LOGGER
from ..providers.base import Target
from .words import ATTR_CONFIG_ENTRY_ID, ATTR_TARGET, account_of, device_of, target_of

type Addressee = tuple[CommandStatusCoordinator, Sequence[Target]]
"""An account, and those of its targets of which one is meant; which, the command tells."""

ADDRESS: Final[dict[Any, Any]] = {
    **cv.ENTITY_SERVICE_FIELDS,
    vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
    vol.Optional(ATTR_TARGET): vol.All(cv.ensure_list, [cv.string]),
}
"""The fields of a call that say what it acts on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressees:
    """What a call means, in the order in which it says so."""

    named: Sequence[Addressee]
    """What is named one by one: each must know the command."""
    nearby: Sequence[Addressee] = ()
    """What is in a place or has a label: the command does not concern all of that."""


def addressees_of(call: ServiceCall) -> Addressees:
    """Return what a call means; raises ServiceValidationError."""
    ids: list[str] | None = call.data.get(ATTR_TARGET)
    entry_id: str | None = call.data.get(ATTR_CONFIG_ENTRY_ID)
    selection = TargetSelection(dict(call.data))
    if selection.has_any_target and ids is None and entry_id is None:
        found = async_extract_referenced_entity_ids(call.hass, selection)
        found.log_missing(set(), LOGGER)
        return Addressees(
            named=[*_on_devices(call, found), *_of_entities(call, found)],
            nearby=list(_nearby(call, found)),
        )
    if ids and entry_id is not None and not selection.has_any_target:
        coordinator = account_of(call.hass, entry_id)
        return Addressees(named=[(coordinator, [target_of(coordinator, text)]) for text in ids])
    raise invalid("device_or_target")


def _on_devices(call: ServiceCall, found: SelectedEntities) -> Iterator[Addressee]:
    """Return the targets on each device that is named, and not excluded."""
    said = _said(call, ATTR_DEVICE_ID)
    for device_id in (each for each in said if each in found.referenced_devices):
        coordinator, key = device_of(call.hass, device_id)
        targets = coordinator.data.on_device(key)
        if not targets:
            raise invalid("device_not_found", device=device_id)
        yield coordinator, targets


def _of_entities(call: ServiceCall, found: SelectedEntities) -> Iterator[Addressee]:
    """Return the target of each entity that is named, those of a group one by one."""
    said = _said(call, ATTR_ENTITY_ID)
    members = sorted(found.referenced.difference(said))
    for entity_id in (*(each for each in said if each in found.referenced), *members):
        entity = entity_of_ours(call.hass, entity_id)
        if entity is None:
            raise invalid("entity_not_ours", entity=entity_id)
        yield _of_entity(call.hass, entity)


def _nearby(call: ServiceCall, found: SelectedEntities) -> Iterator[Addressee]:
    """Return the targets of our entities in the places, and with the labels, that are named."""
    named = _said(call, ATTR_DEVICE_ID)
    for entity_id in sorted(found.indirectly_referenced):
        entity = entity_of_ours(call.hass, entity_id)
        if (
            entity is not None
            and entity.device_id not in named
            and target_of_entity(entity) is not None
        ):
            yield _of_entity(call.hass, entity)


def _of_entity(hass: HomeAssistant, entity: er.RegistryEntry) -> Addressee:
    """Return the target of an entity of ours; raises ServiceValidationError where it has none."""
    target = target_of_entity(entity)
    if target is None:
        saved = entity.config_subentry_id is not None
        raise invalid("saved_command_meant" if saved else "account_meant", name=_name(hass, entity))
    coordinator = account_of(hass, str(entity.config_entry_id))
    return coordinator, [target_of(coordinator, target)]


def _name(hass: HomeAssistant, entity: er.RegistryEntry) -> str:
    """Return what the device of an entity is called."""
    device = dr.async_get(hass).async_get(entity.device_id or "")
    name = None if device is None else device.name_by_user or device.name
    return name or entity.entity_id


def _said(call: ServiceCall, field: str) -> list[str]:
    """Return the ids in a field of a call."""
    return cv.ensure_list(call.data.get(field))
