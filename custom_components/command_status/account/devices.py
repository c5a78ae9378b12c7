"""The devices of an account in Home Assistant's registry."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity_platform import async_get_platforms

from ..const import DOMAIN, LOGGER
from ..providers.base import AccountDescription, Target
from .listing import Listing
from .owners import target_of_entity
from .records import device_identifier, entity_unique_id, find_device
from .settings import CONF_TARGET


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
        configuration_url=description.portal_url or None,
    )


def register_targets(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    description: AccountDescription,
    targets: Iterable[Target],
) -> None:
    """Register the physical devices of targets, those that others hang under first.

    The device of the account, and those that they hang under, are registered already; so are all
    those of a house, of which nothing changes.
    """
    if description.is_house:
        return
    registry = dr.async_get(hass)
    devices = {target.device: target for target in targets}
    for target in sorted(devices.values(), key=lambda target: target.via is not None):
        above = find_device(hass, entry.entry_id, target.via)
        if above is None:
            above = find_device(hass, entry.entry_id)
        registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            identifiers={device_identifier(entry.entry_id, target.device)},
            name=target.device_name,
            manufacturer=description.manufacturer,
            model=target.model,
            sw_version=target.firmware,
            via_device_id=None if above is None else above.id,
        )


def register_saved(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    device_of: Callable[[str], str | None],
    saved: Iterable[ConfigSubentry],
) -> None:
    """Register a device for each saved command, under the one that it commands.

    Where that has none, it hangs under the account. `device_of` returns the id in the registry of
    the device of a target.
    """
    account = find_device(hass, entry.entry_id)
    for subentry in saved:
        own = find_device(hass, entry.entry_id, subentry.subentry_id)
        above = _hub(hass, device_of(subentry.data[CONF_TARGET]))
        if above is None or above == own:
            above = account
        dr.async_get(hass).async_get_or_create(
            config_entry_id=entry.entry_id,
            config_subentry_id=subentry.subentry_id,
            identifiers={device_identifier(entry.entry_id, subentry.subentry_id)},
            name=subentry.title,
            entry_type=dr.DeviceEntryType.SERVICE,
            via_device_id=None if above is None else above.id,
        )


def _hub(hass: HomeAssistant, device_id: str | None) -> dr.DeviceEntry | None:
    """Return the device under which others can hang: of the parts of a device, the whole."""
    registry = dr.async_get(hass)
    device = None if device_id is None else registry.async_get(device_id)
    if isinstance(device, dr.ChildDeviceEntry):
        device = registry.async_get(device.parent_device_id)
    return device if isinstance(device, dr.DeviceEntry) else None


async def async_remove_gone(
    hass: HomeAssistant, entry_id: str, listing: Listing, gone: Collection[str]
) -> None:
    """Remove entities, and devices, of targets that the provider names no longer, one by one."""
    entities = er.async_get(hass)
    left = {target.device for target_id, target in listing.targets.items() if target_id not in gone}
    devices = dr.async_get(hass)
    for target_id in gone:
        target = listing.targets[target_id]
        LOGGER.info("%s is no longer listed and was removed", target.name)
        for platform in (Platform.SENSOR, Platform.EVENT):
            unique_id = entity_unique_id(entry_id, "command", target_id)
            entity_id = entities.async_get_entity_id(platform, DOMAIN, unique_id)
            if entity_id is not None:
                entities.async_remove(entity_id)
        device = find_device(hass, entry_id, target.device)
        if device is not None and target.device not in left:
            devices.async_remove_device(device.id)
        await asyncio.sleep(0)  # there may be thousands, and others wait


def remove_unchosen(hass: HomeAssistant, entry: ConfigEntry[Any], chosen: Collection[str]) -> None:
    """Remove our entities of those entities of the house that are chosen no longer."""
    entities = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(entities, entry.entry_id):
        if _is_of_another(entity, chosen):
            entities.async_remove(entity.entity_id)


async def async_remove_hidden(
    hass: HomeAssistant, entry: ConfigEntry[Any], shown: Collection[str]
) -> None:
    """Take away the entities of targets that are to have none; the registry keeps what it knows."""
    ours = [each for each in async_get_platforms(hass, DOMAIN) if each.config_entry is entry]
    for platform in ours:
        for entity_id, entity in list(platform.entities.items()):
            registered = entity.registry_entry
            if registered is not None and _is_of_another(registered, shown):
                await platform.async_remove_entity(entity_id)


def _is_of_another(entity: er.RegistryEntry, targets: Collection[str]) -> bool:
    """Return whether an entity of ours is that of a target, and of none of these."""
    target = target_of_entity(entity)
    return target is not None and target not in targets


def is_in_use(
    entry: ConfigEntry[Any], listing: Listing, shown: Iterable[Target], device: dr.DeviceEntry
) -> bool:
    """Return whether a device stands for something that is there."""
    used = {None, *entry.subentries}
    used |= {target.device for target in shown if listing.lists(target.id)}
    identifiers = {device_identifier(entry.entry_id, key) for key in used}
    return not identifiers.isdisjoint(device.identifiers)
