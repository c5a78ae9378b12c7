"""What automations are made with: our triggers and conditions.

Home Assistant offers the classes that they are built on without a promise ("may change without
notice"). Should one be missing some day, that Home Assistant goes without our triggers, or without
our conditions; accounts, entities and actions work on. This is the only place that minds.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from homeassistant.helpers.condition import Condition
    from homeassistant.helpers.trigger import Trigger

TRIGGERS: dict[str, type[Trigger]] = {}
CONDITIONS: dict[str, type[Condition]] = {}

with suppress(ImportError):
    from .triggers import TRIGGERS
with suppress(ImportError):
    from .conditions import CONDITIONS

__all__ = ["CONDITIONS", "TRIGGERS"]
