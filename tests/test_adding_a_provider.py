"""The page about adding a provider, followed to the letter in a copy of the repository."""

from collections.abc import Iterator
from pathlib import Path
import re
import shutil
import subprocess
import sys
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "development" / "adding-a-provider.md"

BLOCK: Final = re.compile(r"^```python\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

NEEDED: Final = ("custom_components", "simulators", "tests/__init__.py", "tests/providers")

TABLES: Final = (
    "custom_components/command_status/providers/__init__.py",
    "simulators/__main__.py",
    "tests/providers/stages/__init__.py",
)
"""Files in which the page adds a line; all others are new."""


def told() -> Iterator[tuple[str, str]]:
    """Return the files of the page and what it tells to write into them."""
    return ((match[1], match[2]) for match in BLOCK.finditer(PAGE.read_text()))


def with_lines(text: str, told: str) -> str:
    """Return a file with lines of the page: an import beside the others, a row in the table."""
    *imports, row = [line for line in told.splitlines() if line]
    for line in imports:
        text = re.sub(r"^(?=from \.(esper|wlte))", f"{line}\n", text, count=1, flags=re.MULTILINE)
    return re.sub(r'^(?=    (WLTE\.|WlteStage\.|"wlte"))', f"{row}\n", text, flags=re.MULTILINE)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the repository, as somebody has it who has followed the page."""
    for name in NEEDED:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        kind = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        kind(ROOT / name, target)
    (tmp_path / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
    for name, text in told():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(with_lines(path.read_text(), text) if name in TABLES else text)
    return tmp_path


def test_the_page_leads_to_a_provider_that_keeps_the_contract(copy: Path) -> None:
    """Whoever follows it has a provider that works, not one that nearly does."""
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "lamp or Lamp")
    run = subprocess.run(  # noqa: S603 - our own tests
        [*command, "tests/providers/test_contract.py"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    assert " passed" in run.stdout


def test_the_simulator_of_the_page_can_be_started(copy: Path) -> None:
    """By the name that the page gives it."""
    run = subprocess.run(
        [sys.executable, "-m", "simulators", "lamp", "--help"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
