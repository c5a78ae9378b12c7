"""What Home Assistant imports before our houses are running: to be imported, for no other use."""

from contextlib import redirect_stderr
import gc
from importlib import import_module
from io import StringIO
import json
from pathlib import Path
from typing import Final

from homeassistant import __main__ as program, bootstrap, components

__all__ = ["program"]

OURS: Final = ("automation", "frontend", "history", "logbook", "script")
"""What our houses have beside what is set up in every house."""


def _import(domains: set[str]) -> None:
    """Import integrations, and those that they need."""
    folder = Path(components.__path__[0])
    imported: set[str] = set()
    while waiting := domains - imported:
        for domain in waiting:
            manifest = json.loads((folder / domain / "manifest.json").read_text())
            domains |= set(manifest.get("dependencies", ()))
            import_module(f"{components.__name__}.{domain}")
        imported |= waiting


with redirect_stderr(StringIO()):  # some miss a library here, and say so before there is a log
    _import({*bootstrap.DEFAULT_INTEGRATIONS, *OURS})

# A copy that looks through all of it for garbage would need memory of its own for all of it.
gc.collect()
gc.freeze()
