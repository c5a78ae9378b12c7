"""Debian's Chromium, in which the panel is looked at."""

import shutil
from typing import Final

PROGRAMS: Final = ("chromium-headless-shell", "chromium")
"""The one without windows of its own needs two thirds of the time."""


def chromium() -> str | None:
    """Return the path of the program; None where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)
