"""Whoever calls an action, and what they may do: Home Assistant itself may do everything."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import CAT_ENTITIES, POLICY_CONTROL
from homeassistant.core import ServiceCall
from homeassistant.exceptions import Unauthorized, UnknownUser

from ..account.coordinator import CommandStatusCoordinator
from ..account.rights import (
    may_control,
    may_control_some,
    may_read,
    may_see_parameters,
    owners_of,
    without_values,
)
from ..tracking import Command


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """The user who calls an action, if it is one."""

    call: ServiceCall
    user: User | None

    @classmethod
    async def async_of(cls, call: ServiceCall) -> Self:
        """Return who calls; raises UnknownUser for a user who is gone."""
        user_id = call.context.user_id
        if user_id is None:
            return cls(call=call, user=None)
        user = await call.hass.auth.async_get_user(user_id)
        if user is None:
            raise UnknownUser(context=call.context)
        return cls(call=call, user=user)

    @property
    def is_admin(self) -> bool:
        """Whether it is an administrator, or Home Assistant itself."""
        return self.user is None or self.user.is_admin

    def require_control(
        self, coordinator: CommandStatusCoordinator, targets: Iterable[str] = ()
    ) -> None:
        """Raise Unauthorized unless these targets may be controlled; without one, the account."""
        entry_id = coordinator.config_entry.entry_id
        if self.user and not may_control(self.call.hass, self.user, entry_id, targets):
            self._refuse(entry_id)

    def require_control_of_some(self, coordinator: CommandStatusCoordinator) -> None:
        """Raise Unauthorized unless anything of an account may be controlled."""
        entry_id = coordinator.config_entry.entry_id
        if self.user and not may_control_some(self.call.hass, self.user, entry_id):
            self._refuse(entry_id)

    def require_control_of_entities(self, entity_ids: Iterable[str]) -> None:
        """Raise Unauthorized unless each of these entities may be controlled."""
        for entity_id in entity_ids:
            if self.user and not self.user.permissions.check_entity(entity_id, POLICY_CONTROL):
                raise Unauthorized(
                    context=self.call.context, entity_id=entity_id, permission=POLICY_CONTROL
                )

    def may_read(self, coordinator: CommandStatusCoordinator, command: Command) -> bool:
        """Return whether a command may be read."""
        entry_id = coordinator.config_entry.entry_id
        return self.user is None or may_read(
            self.call.hass, self.user, entry_id, owners_of(command)
        )

    def record(self, coordinator: CommandStatusCoordinator, command: Command) -> dict[str, Any]:
        """Return a command as this caller may see it."""
        record = coordinator.display.record(command)
        if self.user is None or may_see_parameters(self.user, command):
            return record
        return without_values(record)

    def _refuse(self, entry_id: str) -> None:
        """Raise Unauthorized, as an action of an entity does."""
        raise Unauthorized(
            context=self.call.context,
            config_entry_id=entry_id,
            perm_category=CAT_ENTITIES,
            permission=POLICY_CONTROL,
        )
