"""No room is a hall: what cannot be read in one sitting is divided."""

import ast
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1] / "custom_components" / "command_status"

LINES_OF_A_FILE: Final = 400
LINES: Final = {ast.ClassDef: 300, ast.FunctionDef: 50, ast.AsyncFunctionDef: 50}


@pytest.mark.parametrize(
    "path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_file_and_what_is_in_it_can_be_held_in_the_mind(path: Path) -> None:
    """And the first sentence of each file says what all of it is about."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    long = [
        node.name
        for node in ast.walk(tree)
        for kind, most in LINES.items()
        if isinstance(node, kind) and (node.end_lineno or 0) - node.lineno >= most
    ]
    assert long == []
    assert len(text.splitlines()) <= LINES_OF_A_FILE
    assert (ast.get_docstring(tree) or "").split("\n\n")[0].endswith(".")
