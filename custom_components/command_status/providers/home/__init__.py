"""The house itself: actions of Home Assistant, followed at its own entities."""

from .description import DESCRIPTION

__all__ = ["DESCRIPTION"]
