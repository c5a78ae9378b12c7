"""What was measured on, and with which versions; nothing that tells whose machine it is."""

from collections.abc import Iterator
from importlib.metadata import version
import os
from pathlib import Path
import platform

PACKAGES = ("homeassistant", "aiohttp", "blinkpy", "azure-core", "google-api-core")
GIGABYTE = 1024**3


def machine() -> Iterator[tuple[str, str]]:
    """Return names and values."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    yield "Processor", _processor()
    yield "Cores", str(os.process_cpu_count())
    yield "Memory", f"{memory / GIGABYTE:.0f} GB"
    yield "System", f"{platform.system()} {platform.release().partition('-')[0]}"
    yield "Load at the start", f"{os.getloadavg()[0]:.1f} (1 min)"
    yield "Python", platform.python_version()
    for package in PACKAGES:
        yield package, version(package)


def _processor() -> str:
    """Return the model of the processor; its architecture where the model is not told."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return f"{next(models, 'unknown')} ({platform.machine()})"
