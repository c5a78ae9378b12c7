"""Any REST API that takes a command and lets one ask what became of it, as a description says."""

from .account import DESCRIPTION

__all__ = ["DESCRIPTION"]
