"""Who may do what with commands: whoever may do it with the entities that tell about them."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..tracking import Command
from .records import entity_unique_id

REDACTED: Final = "**REDACTED**"

OF_OWNER: Final = ((Platform.SENSOR, "command"), (Platform.EVENT, "command"))
"""The entities of a target, or of a saved command, that tell about its commands."""
OF_ACCOUNT: Final = ((Platform.SENSOR, "last_command"), (Platform.EVENT, "command"))
"""The entities of an account that tell about all of its commands."""


def may_control(hass: HomeAssistant, user: User, entry_id: str, targets: Iterable[str]) -> bool:
    """Return whether a user may control each of these targets of an account.

    That takes control of all its entities. Without a target, it is the account that counts.
    """
    return _may_everything(user, POLICY_CONTROL) or all(
        _may_all(user, POLICY_CONTROL, told_by(hass, entry_id, owners))
        for owners in ([[target] for target in targets] or [[]])
    )


def may_read(hass: HomeAssistant, user: User, entry_id: str, owners: Sequence[str]) -> bool:
    """Return whether a user may read what is known of targets or saved commands of an account.

    For that it is enough to read one of the entities that tell about them.
    """
    return _may_everything(user, POLICY_READ) or any(
        user.permissions.check_entity(entity_id, POLICY_READ)
        for entity_id in told_by(hass, entry_id, owners)
    )


def may_control_some(hass: HomeAssistant, user: User, entry_id: str) -> bool:
    """Return whether a user may control anything of an account."""
    return _may_some(hass, user, entry_id, POLICY_CONTROL)


def may_read_account(hass: HomeAssistant, user: User, entry_id: str) -> bool:
    """Return whether a user may read anything of an account."""
    return _may_some(hass, user, entry_id, POLICY_READ)


def may_see_parameters(user: User, command: Command) -> bool:
    """Return whether a user may read what a command was sent with."""
    return user.is_admin or command.user_id == user.id


def owners_of(command: Command) -> tuple[str, ...]:
    """Return the targets and the saved command whose entities tell about a command."""
    saved = () if command.subentry_id is None else (command.subentry_id,)
    return (*command.covered, *saved)


def without_values(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record that says which parameters there were, and not what they were."""
    return {**record, "parameters": dict.fromkeys(record["parameters"], REDACTED)}


def told_by(hass: HomeAssistant, entry_id: str, owners: Iterable[str]) -> list[str]:
    """Return the entities that tell of targets or saved commands.

    Where none does, those of the account, which tell about everything; those that are switched off
    do not count.
    """
    found = [each for owner in owners for each in _entities(hass, entry_id, OF_OWNER, owner)]
    return found or _entities(hass, entry_id, OF_ACCOUNT)


def _entities(
    hass: HomeAssistant,
    entry_id: str,
    keys: Iterable[tuple[Platform, str]],
    owner: str | None = None,
) -> list[str]:
    """Return those entities of an owner, or of the account itself, that there are."""
    registry = er.async_get(hass)
    found = (
        registry.async_get_entity_id(platform, DOMAIN, entity_unique_id(entry_id, key, owner))
        for platform, key in keys
    )
    return [
        entity_id
        for entity_id in found
        if entity_id is not None and not registry.entities[entity_id].disabled
    ]


def _may_everything(user: User, policy: str) -> bool:
    """Return whether a user may do something with whatever there is."""
    return user.is_admin or user.permissions.access_all_entities(policy)


def _may_all(user: User, policy: str, entity_ids: Sequence[str]) -> bool:
    """Return whether a user may do something with all of some entities; none allows nothing."""
    return bool(entity_ids) and all(
        user.permissions.check_entity(entity_id, policy) for entity_id in entity_ids
    )


def _may_some(hass: HomeAssistant, user: User, entry_id: str, policy: str) -> bool:
    """Return whether a user may do something with any entity of an account."""
    return _may_everything(user, policy) or any(
        user.permissions.check_entity(entity.entity_id, policy)
        for entity in er.async_entries_for_config_entry(er.async_get(hass), entry_id)
    )
