"""Blink cameras: the unofficial cloud interface that the phone app uses."""

from .description import DESCRIPTION

__all__ = ["DESCRIPTION"]
