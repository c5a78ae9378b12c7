"""The page about adding a provider, followed to the letter in a copy of the repository."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import re
import shutil
import subprocess
import sys
from typing import Any, Final

import pytest

from .test_texts import TEXTS, leaves

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "development" / "adding-a-provider.md"

PYTHON: Final = re.compile(r"^```python\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
JSON: Final = re.compile(r"^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)

NEEDED: Final = ("custom_components", "docs", "simulators", "stage", "tests")
LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", "images", "brand")

LAMP: Final = "custom_components/command_status/providers/lamp"
ENGLISH: Final = "custom_components/command_status/translations/en.json"

TABLES: Final = (
    "custom_components/command_status/providers/__init__.py",
    "simulators/__main__.py",
    "tests/providers/stages/__init__.py",
)
"""Files in which the page adds a line."""

PROGRAMME: Final = "stage/programme.py"
"""Where the page adds a function, and rows to two tables; all other files are new."""


def told() -> Iterator[tuple[str, str]]:
    """Return the files of the page and what it tells to write into them."""
    return ((match[1], match[2]) for match in PYTHON.finditer(PAGE.read_text()))


def texts_told() -> list[dict[str, Any]]:
    """Return the texts that the page tells to write, each piece by itself."""
    return [json.loads(match[1]) for match in JSON.finditer(PAGE.read_text())]


def with_lines(text: str, told: str) -> str:
    """Return a file with lines of the page: an import beside the others, a row in the table."""
    *imports, row = [line for line in told.splitlines() if line]
    for line in imports:
        text = re.sub(r"^(?=from \.(esper|wlte))", f"{line}\n", text, count=1, flags=re.MULTILINE)
    return re.sub(r'^(?=    (WLTE\.|WlteStage\.|"wlte"))', f"{row}\n", text, flags=re.MULTILINE)


def with_rows(text: str, told: str) -> str:
    """Return the programme of the demo with that of the page: new rows are the first."""
    function, *rows = re.split(r"^(?=    (?:Cloud|Act)\()", told, flags=re.MULTILINE)
    places = ["\nCLOUDS: ", *("\n" + row.partition("(")[0] + "(" for row in rows)]
    for place, piece in zip(places, (function, *rows), strict=True):
        before, _, after = text.partition(place)
        text = f"{before}\n{piece}{place}{after}"
    return text


def written(name: str, before: str, told: str) -> str:
    """Return a file of the repository after what the page tells of it."""
    if name == PROGRAMME:
        return with_rows(before, told)
    return with_lines(before, told) if name in TABLES else told


def with_texts(texts: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Return texts with those of the page among them."""
    inner = {
        key: with_texts(texts.get(key, {}), value) if isinstance(value, Mapping) else value
        for key, value in told.items()
    }
    return {**texts, **inner}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the repository, as somebody has it who has followed the page."""
    root = tmp_path_factory.mktemp("repository")
    for name in NEEDED:
        shutil.copytree(ROOT / name, root / name, ignore=LEFT_OUT)
    (root / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
    for name, text in told():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(written(name, path.read_text() if path.exists() else "", text))
    texts = json.loads((root / ENGLISH).read_text())
    for piece in texts_told():
        texts = with_texts(texts, piece)
    (root / ENGLISH).write_text(json.dumps(texts))
    return root


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy."""
    return subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, *arguments],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )


def checked(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run tests in the copy."""
    return run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments)


def test_the_texts_of_the_page_are_new() -> None:
    """It would otherwise change what others say."""
    pieces = texts_told()
    ours = dict(leaves(TEXTS))

    assert pieces
    assert not [path for piece in pieces for path, _ in leaves(piece) if path in ours]


def test_the_page_leads_to_a_provider_that_keeps_the_contract(copy: Path) -> None:
    """Whoever follows it has a provider that works in every line, not one that nearly does."""
    covered = f"--cov={copy / LAMP}", "--cov-branch", "--cov-fail-under=100"
    found = checked(copy, "tests/providers", "-k", "lamp", *covered)

    assert found.returncode == 0, found.stdout
    assert " passed" in found.stdout
    assert not re.search(r"\d skipped", found.stdout)


def test_the_page_leads_to_texts_that_are_whole(copy: Path) -> None:
    """By the checks of all texts; and English is enough for those of the other languages."""
    texts = ("tests/test_texts.py", "tests/test_languages.py")
    found = checked(copy, *texts, "-k", "not speaks or config")

    assert found.returncode == 0, found.stdout


def test_the_simulator_of_the_page_can_be_started(copy: Path) -> None:
    """By the name that the page gives it."""
    found = run(copy, "-m", "simulators", "lamp", "--help")

    assert found.returncode == 0, found.stderr


def test_the_demonstration_of_the_page_can_be_read(copy: Path) -> None:
    """Its rows have what a row needs, and stand where the page says."""
    rows = "*[cloud.name for cloud in CLOUDS], *[act.cloud for act in ACTS]"
    found = run(copy, "-c", f"from stage.programme import ACTS, CLOUDS; print({rows})")

    assert found.returncode == 0, found.stderr
    assert found.stdout.split().count("lamp") == 3
