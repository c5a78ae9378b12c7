"""A house without entities, for providers that need none."""

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from typing import Any

from custom_components.command_status.providers.errors import ProviderRefusedError
from custom_components.command_status.providers.house import EntityState, Stop


class EmptyHouse:
    """Shows nothing, and can do nothing."""

    def lasting(self, entity_id: str) -> str:
        """Return the entity id itself."""
        return entity_id

    def entity_id(self, entity: str) -> str | None:  # noqa: ARG002
        """Return nothing."""
        return None

    def device_id(self, entity: str) -> str | None:  # noqa: ARG002
        """Return nothing."""
        return None

    @property
    def zone(self) -> tzinfo:
        """The time zone of a house that stands nowhere."""
        return UTC

    def offers(self, action: str) -> bool:  # noqa: ARG002
        """Offer nothing."""
        return False

    def state(self, entity: str) -> EntityState | None:  # noqa: ARG002
        """Return nothing."""
        return None

    def watch(
        self,
        entity: str,  # noqa: ARG002
        changed: Callable[[EntityState | None], None],  # noqa: ARG002
    ) -> Stop:
        """Watch nothing."""
        return lambda: None

    async def perform(
        self,
        action: str,  # noqa: ARG002
        data: Mapping[str, Any],  # noqa: ARG002
        *,
        mark: str,  # noqa: ARG002
        user_id: str | None,  # noqa: ARG002
    ) -> None:
        """Refuse."""
        raise ProviderRefusedError("there is no such action")
