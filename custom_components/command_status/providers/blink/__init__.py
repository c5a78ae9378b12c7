"""Blink cameras: the unofficial cloud interface that the phone app uses."""

from .description import ACCOUNT, DESCRIPTION

__all__ = ["ACCOUNT", "DESCRIPTION"]
