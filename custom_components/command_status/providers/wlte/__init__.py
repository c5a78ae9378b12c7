"""WLTE Open Platform: relays of connected controllers, one command for each switching."""

from .description import DESCRIPTION

__all__ = ["DESCRIPTION"]
