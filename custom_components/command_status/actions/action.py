"""What an action is to Home Assistant: a name, a handler, its fields, and whether it answers."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
import voluptuous as vol


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """One row of the table of actions."""

    name: str
    handler: Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]
    fields: Mapping[vol.Marker, Any]
    response: SupportsResponse = SupportsResponse.OPTIONAL
