"""Esper, device management: the Commands API and what a client needs around it."""

from .commands import Request, Script, Status
from .settings import ErrorShape, EsperSettings
from .simulator import API_KEY, ENTERPRISE, EsperSimulator
from .world import Device, device_id

__all__ = [
    "API_KEY",
    "ENTERPRISE",
    "Device",
    "ErrorShape",
    "EsperSettings",
    "EsperSimulator",
    "Request",
    "Script",
    "Status",
    "device_id",
]
