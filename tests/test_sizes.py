"""No room is a hall: what cannot be read in one sitting is divided."""

import ast
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1] / "custom_components" / "command_status"

LINES_OF_A_FILE: Final = 400
LINES_OF_A_CLASS: Final = 300
LINES_OF_A_FUNCTION: Final = 50


def lines(node: ast.stmt) -> int:
    """Return how many lines a class or function has."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize(
    "path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_file_and_what_is_in_it_can_be_held_in_the_mind(path: Path) -> None:
    """And the first sentence of each file says what all of it is about."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert [node.name for node in classes if lines(node) > LINES_OF_A_CLASS] == []
    assert [node.name for node in functions if lines(node) > LINES_OF_A_FUNCTION] == []
    assert len(text.splitlines()) <= LINES_OF_A_FILE
    assert (ast.get_docstring(tree) or "").split("\n\n")[0].endswith(".")
