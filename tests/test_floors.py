"""Each floor leans only on the floors below it.

Home Assistant stands on the providers, and the providers stand on the tracking. Python does not
enforce that, so this does: it reads every import, also those that only a type checker sees.
"""

import ast
from collections.abc import Iterator
from importlib.util import resolve_name
from itertools import chain
from pathlib import Path
import sys
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1] / "custom_components" / "command_status"
PACKAGE: Final = "custom_components.command_status"

FILES: Final = sorted(ROOT.rglob("*.py"))
CLOUDS: Final = sorted(path.parent.name for path in (ROOT / "providers").glob("*/__init__.py"))

# Time, chance and the outer world come in as arguments on the lower floors.
IMPURE: Final = frozenset({"logging", "random", "time", "threading", "multiprocessing"})
OUTER_WORLD: Final = frozenset(
    {"asyncio", "http", "os", "pathlib", "socket", "subprocess", "urllib"}
)
PURE: Final = sys.stdlib_module_names - IMPURE

# Who may import whom inside the tracking, besides the nouns: the reading order of a newcomer.
ORDER: Final = {
    "command": set[str](),
    "lifecycle": {"command"},
    "schedule": {"command"},
    "register": {"command"},
    "journal": {"command"},
    "outbox": {"command", "register", "schedule"},
    "tracker": {"command", "lifecycle", "outbox", "register", "schedule"},
    "__init__": {"command", "journal", "lifecycle", "outbox", "register", "schedule", "tracker"},
}


def name_of(path: Path) -> str:
    """Return a path as people write it."""
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[str]:
    """Return the full name of every module that a file imports, and of what it takes of it."""
    package = ".".join((PACKAGE, *path.relative_to(ROOT).parts[:-1]))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom():
                module = resolve_name("." * node.level + (node.module or ""), package)
                yield from (f"{module}.{alias.name}" for alias in node.names)


def is_under(module: str, *packages: str) -> bool:
    """Return whether a module is one of these packages, or in one of them."""
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


def is_standard(module: str) -> bool:
    """Return whether a module belongs to the part of the standard library that has no effects."""
    return module.partition(".")[0] in PURE


def may_track(_: Path, module: str) -> bool:
    """Say whether the tracking may import a module."""
    standard = is_standard(module) and not is_under(module, *OUTER_WORLD)
    return standard or is_under(module, f"{PACKAGE}.tracking")


def may_provide(path: Path, module: str) -> bool:
    """Say whether the providers may import a module; a cloud does not know its siblings."""
    room = path.relative_to(ROOT / "providers").parts[0]
    foreign = [f"{PACKAGE}.providers.{cloud}" for cloud in CLOUDS if cloud != room]
    table = room == "__init__.py"
    ours = is_under(module, f"{PACKAGE}.tracking", f"{PACKAGE}.providers")
    return (
        is_standard(module)
        or is_under(module, "aiohttp", "yarl")
        or (ours and (table or not is_under(module, *foreign)))
    )


def may_integrate(_: Path, module: str) -> bool:
    """Say whether the uppermost floor may import a module; it knows all clouds, none by name."""
    clouds = [f"{PACKAGE}.providers.{cloud}" for cloud in CLOUDS]
    return not is_under(module, "simulators", "tests", *clouds)


FLOORS: Final = {"tracking": may_track, "providers": may_provide}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_leans_only_on_lower_floors(path: Path) -> None:
    """No file reaches up to a floor above its own, or sideways to a sibling cloud."""
    may = FLOORS.get(path.relative_to(ROOT).parts[0], may_integrate)
    assert [module for module in imports(path) if not may(path, module)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "tracking").glob("*.py")), ids=name_of)
def test_the_tracking_is_read_from_the_nouns_to_the_facade(path: Path) -> None:
    """Nothing that is read later is needed to understand what came before."""
    package = f"{PACKAGE}.tracking."
    ours = [m.removeprefix(package) for m in imports(path) if m.startswith(package)]
    assert {module.partition(".")[0] for module in ours} <= ORDER[path.stem]


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("tracking/tracker.py", "asyncio"),
        ("tracking/tracker.py", "time"),
        ("tracking/tracker.py", "homeassistant.core"),
        ("tracking/tracker.py", "aiohttp"),
        ("tracking/tracker.py", f"{PACKAGE}.providers.base"),
        ("tracking/tracker.py", f"{PACKAGE}.const"),
        ("providers/http.py", "homeassistant.core"),
        ("providers/http.py", "logging"),
        ("providers/http.py", f"{PACKAGE}.const"),
        ("providers/http.py", f"{PACKAGE}.providers.{CLOUDS[0]}"),
        (f"providers/{CLOUDS[0]}/client.py", f"{PACKAGE}.providers.{CLOUDS[1]}.models"),
        ("coordinator.py", f"{PACKAGE}.providers.{CLOUDS[0]}.models"),
        ("coordinator.py", "simulators.wlte"),
    ],
)
def test_the_watchman_is_awake(file: str, module: str) -> None:
    """A check that allows everything would never be noticed."""
    may = FLOORS.get(file.partition("/")[0], may_integrate)
    assert not may(ROOT / file, module)


def test_there_is_something_to_watch() -> None:
    """A wrong path would find no file, and so no fault."""
    watched = set(chain.from_iterable(path.relative_to(ROOT).parts[:1] for path in FILES))
    assert {"tracking", "providers", "coordinator.py"} <= watched
    assert f"{PACKAGE}.tracking.command.Command" in set(imports(ROOT / "tracking" / "tracker.py"))
    assert len(CLOUDS) > 1
