"""Each floor leans only on the floors below it, and each wing of the uppermost floor likewise.

Home Assistant stands on the providers, and the providers stand on the tracking. Python does not
enforce that, so this does: it reads every import, also those that only a type checker sees.
"""

import ast
from collections.abc import Container, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from itertools import chain
from pathlib import Path
import sys
from typing import Final

import pytest

TOP: Final = Path(__file__).parents[1]
ROOT: Final = TOP / "custom_components" / "command_status"
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
ORDER: Final = (
    "expectation",
    "command",
    "evidence",
    "sights",
    "lifecycle",
    "schedule",
    "register",
    "journal",
    "outbox",
    "habit",
    "questions",
    "windows",
    "ledger",
    "books",
    "restraint",
    "sending",
    "restart",
    "ending",
    "tracker",
    "__init__",
)

# What each wing of the uppermost floor may lean on, besides itself, the constants and the floors
# below. A door leans on every wing, and on no other door.
WINGS: Final = {
    "storage": set[str](),
    "account": {"storage"},
    "actions": {"account", "storage"},
    "automation": {"account", "storage"},
    "entities": {"account", "storage"},
    "flows": {"account", "storage"},
    "panel": {"account", "storage"},
}
CONSTANTS: Final = "const"


def name_of(path: Path) -> str:
    """Return a path as people write it."""
    return str(path.relative_to(ROOT))


def imports(path: Path, top: Path = TOP) -> Iterator[str]:
    """Return the full name of every module that a file imports, and of what it takes of it."""
    package = ".".join(path.relative_to(top).parts[:-1])
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
        or is_under(module, "aiohttp", "orjson", "yarl")
        or (ours and (table or not is_under(module, *foreign)))
    )


def may_integrate(path: Path, module: str) -> bool:
    """Say whether the uppermost floor may import a module; it knows all clouds, none by name."""
    clouds = [f"{PACKAGE}.providers.{cloud}" for cloud in CLOUDS]
    if is_under(module, "simulators", "tests", *clouds):
        return False
    if not is_under(module, PACKAGE):
        return True
    room = module.removeprefix(f"{PACKAGE}.").partition(".")[0]
    wing = path.relative_to(ROOT).parts[0]
    if wing in WINGS:
        return room in {wing, CONSTANTS, *FLOORS, *WINGS[wing]}
    if path.stem == CONSTANTS:
        return False
    return room in {CONSTANTS, *FLOORS, *WINGS} or is_helper(path, room)


def is_helper(path: Path, room: str) -> bool:
    """Say whether the set-up of the integration hands out a room that stands at the root."""
    return path.name == "__init__.py" and room in {"house", "websocket"}


FLOORS: Final = {"tracking": may_track, "providers": may_provide}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_leans_only_on_lower_floors(path: Path) -> None:
    """No file reaches up to a floor or wing above its own, or sideways to a sibling."""
    may = FLOORS.get(path.relative_to(ROOT).parts[0], may_integrate)
    assert [module for module in imports(path) if not may(path, module)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "tracking").glob("*.py")), ids=name_of)
def test_the_tracking_is_read_from_the_nouns_to_the_facade(path: Path) -> None:
    """Nothing that is read later is needed to understand what came before."""
    package = f"{PACKAGE}.tracking."
    ours = [m.removeprefix(package) for m in imports(path) if m.startswith(package)]
    earlier = ORDER[: ORDER.index(path.stem)]
    assert {module.partition(".")[0] for module in ours} <= {*earlier}


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
        ("account/coordinator.py", f"{PACKAGE}.providers.{CLOUDS[0]}.models"),
        ("account/coordinator.py", "simulators.wlte"),
        ("account/coordinator.py", f"{PACKAGE}.actions.waiting"),
        ("account/coordinator.py", f"{PACKAGE}.sensor"),
        ("storage/store.py", f"{PACKAGE}.account.display"),
        ("actions/sending.py", f"{PACKAGE}.flows.forms"),
        ("flows/options.py", f"{PACKAGE}.entities.base"),
        ("sensor.py", f"{PACKAGE}.event"),
        ("const.py", f"{PACKAGE}.account.clock"),
    ],
)
def test_the_watchman_is_awake(file: str, module: str) -> None:
    """A check that allows everything would never be noticed."""
    may = FLOORS.get(file.partition("/")[0], may_integrate)
    assert not may(ROOT / file, module)


def test_there_is_something_to_watch() -> None:
    """A wrong path would find no file, and so no fault."""
    watched = set(chain.from_iterable(path.relative_to(ROOT).parts[:1] for path in FILES))
    assert {"tracking", "providers", "sensor.py", *WINGS} <= watched
    assert f"{PACKAGE}.tracking.command.Command" in set(imports(ROOT / "tracking" / "tracker.py"))
    assert len(CLOUDS) > 1


# No circle: of any two modules, one can be read and understood without the other.


def module_of(path: Path, top: Path) -> str:
    """Return the full name of the module that a file holds."""
    return ".".join(path.relative_to(top).with_suffix("").parts).removesuffix(".__init__")


def owner(name: str, modules: Container[str]) -> str:
    """Return which of these modules a name is, or is taken from; empty where it is none of them."""
    parts = name.split(".")
    longest_first = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((module for module in longest_first if module in modules), "")


def import_graph(folder: Path, top: Path = TOP) -> dict[str, set[str]]:
    """Return the modules below a folder, each with those of them that it imports by name.

    That Python runs a package before any module in it does not count: by that, every package that
    offers what its modules have would be a circle.
    """
    files = {module_of(path, top): path for path in sorted(folder.rglob("*.py"))}
    return {
        module: {owner(name, files) for name in imports(path, top)} - {""}
        for module, path in files.items()
    }


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Return a circle of modules that import each other, closed by its first one; empty: none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as err:
        found: list[str] = err.args[1]
        return found
    return []


@pytest.mark.parametrize(
    ("folder", "known"),
    [
        (ROOT, (f"{PACKAGE}.tracking.tracker", f"{PACKAGE}.tracking.command")),
        (TOP / "simulators", ("simulators.base", "simulators.control")),
    ],
    ids=["integration", "simulators"],
)
def test_no_module_needs_itself(folder: Path, known: tuple[str, str]) -> None:
    """Where two import each other, neither can be understood, tested or moved alone.

    An import that only a type checker sees, or that waits inside a function, hides a circle and
    opens none. The known import shows that there was something to look at.
    """
    graph = import_graph(folder)
    assert known[1] in graph[known[0]]
    assert " is imported by ".join(circle(graph)) == ""


HIDDEN: Final = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .b import B\n"


@pytest.mark.parametrize(
    ("files", "members"),
    [
        ({"a.py": "from .b import B", "b.py": "from .a import A"}, {"p.a", "p.b"}),
        ({"a.py": "import p.b", "b.py": "import p.a"}, {"p.a", "p.b"}),
        ({"a.py": HIDDEN, "b.py": "from . import a"}, {"p.a", "p.b"}),
        ({"a.py": "from .b import B", "b.py": "def f():\n    from .a import A"}, {"p.a", "p.b"}),
        (
            {
                "a.py": "from .q import B",
                "q/__init__.py": "from .b import B",
                "q/b.py": "import p.a",
            },
            {"p.a", "p.q", "p.q.b"},
        ),
        ({"__init__.py": "from .a import A", "a.py": "from . import X"}, {"p", "p.a"}),
        ({"a.py": "from .a import A"}, {"p.a"}),
    ],
    ids=["plain", "absolute", "type checking", "function", "round a package", "package", "alone"],
)
def test_a_circle_is_found(tmp_path: Path, files: Mapping[str, str], members: set[str]) -> None:
    """Whatever way the imports are written, and however long the way round is."""
    plant(tmp_path, files)
    assert set(circle(import_graph(tmp_path / "p", tmp_path))) == members


def test_a_tree_is_no_circle(tmp_path: Path) -> None:
    """A package may offer what is in it, and its modules may share one below them."""
    files = {
        "__init__.py": "from .a import A\nfrom .b import B",
        "a.py": "from . import base\nfrom .b import B\nimport json",
        "b.py": "from .base import Base",
        "base.py": "import p_of_somebody_else",
    }
    plant(tmp_path, files)
    graph = import_graph(tmp_path / "p", tmp_path)
    assert graph == {
        "p": {"p.a", "p.b"},
        "p.a": {"p.b", "p.base"},
        "p.b": {"p.base"},
        "p.base": set(),
    }
    assert circle(graph) == []


def plant(top: Path, files: Mapping[str, str]) -> None:
    """Write the files of a package `p`."""
    for name, text in files.items():
        path = top / "p" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
