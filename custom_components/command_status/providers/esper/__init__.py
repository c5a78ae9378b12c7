"""Esper: device management for tablets, kiosks and phones."""

from .description import ACCOUNT, DESCRIPTION

__all__ = ["ACCOUNT", "DESCRIPTION"]
