"""WLTE Open Platform: relays of connected controllers, one command for each switching."""

from .description import ACCOUNT, DESCRIPTION

__all__ = ["ACCOUNT", "DESCRIPTION"]
