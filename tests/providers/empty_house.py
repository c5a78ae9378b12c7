"""A house without entities, for providers that need none."""

from collections.abc import Callable, Mapping
from typing import Any

from custom_components.command_status.providers.base import EntityState, Stop
from custom_components.command_status.providers.errors import ProviderRefusedError


class EmptyHouse:
    """Shows nothing, and can do nothing."""

    def state(self, entity_id: str) -> EntityState | None:  # noqa: ARG002
        """Return nothing."""
        return None

    def watch(
        self,
        entity_id: str,  # noqa: ARG002
        changed: Callable[[EntityState | None], None],  # noqa: ARG002
    ) -> Stop:
        """Watch nothing."""
        return lambda: None

    async def perform(self, action: str, data: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Refuse."""
        raise ProviderRefusedError("there is no such action")
