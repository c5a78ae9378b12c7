"""The devices of an account in Home Assistant's registry."""

from collections.abc import Collection, Iterable
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import LOGGER
from ..providers.base import AccountDescription, Target
from .listing import Listing
from .records import device_identifier


def register_account(
    hass: HomeAssistant, entry: ConfigEntry[Any], description: AccountDescription
) -> dr.DeviceEntry:
    """Register the service device of an account, under which all others hang."""
    return dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={device_identifier(entry.entry_id)},
        name=entry.title,
        manufacturer=description.manufacturer,
        entry_type=dr.DeviceEntryType.SERVICE,
        configuration_url=description.portal_url,
    )


def register_targets(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    description: AccountDescription,
    account: dr.DeviceEntry,
    targets: Iterable[Target],
) -> None:
    """Register the physical devices of targets, those that others hang under first."""
    registry = dr.async_get(hass)
    devices = {target.device: target for target in targets}
    for target in sorted(devices.values(), key=lambda target: target.via is not None):
        above = None
        if target.via is not None:
            above = registry.async_get_device_by_identifier(
                device_identifier(entry.entry_id, target.via), entry.entry_id
            )
        registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            identifiers={device_identifier(entry.entry_id, target.device)},
            name=target.device_name,
            manufacturer=description.manufacturer,
            model=target.model,
            via_device_id=account.id if above is None else above.id,
        )


def register_saved(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    account: dr.DeviceEntry,
    saved: Iterable[ConfigSubentry],
) -> None:
    """Register a device for each saved command."""
    for subentry in saved:
        dr.async_get(hass).async_get_or_create(
            config_entry_id=entry.entry_id,
            config_subentry_id=subentry.subentry_id,
            identifiers={device_identifier(entry.entry_id, subentry.subentry_id)},
            name=subentry.title,
            entry_type=dr.DeviceEntryType.SERVICE,
            via_device_id=account.id,
        )


def remove_gone(
    hass: HomeAssistant, entry_id: str, listing: Listing, gone: Collection[str]
) -> None:
    """Remove entities, and devices, of targets that the provider names no longer."""
    entities = er.async_get(hass)
    owners = {f"{entry_id}_{target_id}_command" for target_id in gone}
    for entity in er.async_entries_for_config_entry(entities, entry_id):
        if entity.unique_id in owners:
            entities.async_remove(entity.entity_id)
    left = {target.device for target_id, target in listing.targets.items() if target_id not in gone}
    devices = dr.async_get(hass)
    for target_id in gone:
        target = listing.targets[target_id]
        LOGGER.info("%s is no longer listed and was removed", target.name)
        device = devices.async_get_device_by_identifier(
            device_identifier(entry_id, target.device), entry_id
        )
        if device is not None and target.device not in left:
            devices.async_remove_device(device.id)


def is_in_use(
    entry: ConfigEntry[Any], listing: Listing, shown: Iterable[Target], device: dr.DeviceEntry
) -> bool:
    """Return whether a device stands for something that is there."""
    used = {None, *entry.subentries}
    used |= {target.device for target in shown if listing.lists(target.id)}
    identifiers = {device_identifier(entry.entry_id, key) for key in used}
    return not identifiers.isdisjoint(device.identifiers)
