"""The results as Markdown."""

from collections.abc import Iterable, Sequence
from typing import Final

from .figures import Table

INTRODUCTION: Final = """\
Made by `{command}` on {date}; everything runs on loopback, against the simulators of this
repository. Figures are medians, with the least and the greatest of all runs behind them."""


def as_text(measured: Table) -> str:
    """Return one comparison."""
    return "\n\n".join(
        [
            f"## {measured.title}",
            measured.text.strip(),
            _grid(measured.columns, measured.rows),
            *(f"**Missed**: {finding}" for finding in measured.findings),
        ]
    )


def report(
    tables: Sequence[Table], machine: Iterable[tuple[str, str]], *, date: str, command: str
) -> str:
    """Return all of the results."""
    missed = [
        f"- {measured.title}: {finding}" for measured in tables for finding in measured.findings
    ]
    parts = [
        "# Results",
        INTRODUCTION.format(command=command, date=date),
        _grid(("Machine", ""), machine),
        "## Missed",
        "\n".join(missed) or "Nothing: every figure that was to be reached is.",
        *map(as_text, tables),
    ]
    return "\n\n".join(parts) + "\n"


def _grid(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of text."""
    lines = [columns, ["---"] * len(columns), *rows]
    cells = ([cell.replace("|", "\\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)
