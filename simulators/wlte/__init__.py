"""The WLTE Open Platform, in three generations of its contract."""

from .commands import Command, Script, Switching
from .settings import ErrorData, Generation, WlteSettings
from .simulator import CLIENT_ID, CLIENT_SECRET, WlteSimulator

__all__ = [
    "CLIENT_ID",
    "CLIENT_SECRET",
    "Command",
    "ErrorData",
    "Generation",
    "Script",
    "Switching",
    "WlteSettings",
    "WlteSimulator",
]
