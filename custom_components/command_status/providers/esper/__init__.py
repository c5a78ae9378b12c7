"""Esper: device management for tablets, kiosks and phones."""

from .description import DESCRIPTION

__all__ = ["DESCRIPTION"]
