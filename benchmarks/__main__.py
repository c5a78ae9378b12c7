"""Make all measurements: `scripts/bench`."""

import argparse
import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
import importlib
import os
from pathlib import Path
import time
from typing import Final

from .child import ChildError
from .figures import MODULES, Effort, Figures, Table
from .machine import machine
from .report import as_text, report

RESULTS: Final = Path(__file__).parent / "RESULTS.md"

FULL: Final = Effort(runs=5, quick=False)
QUICK: Final = Effort(runs=1, quick=True)


async def measured(modules: list[str], effort: Effort) -> list[Table]:
    """Make measurements, and print what they have brought.

    One after the other; where times do not matter, as many at once as there are processors.
    """
    room = asyncio.Semaphore((os.process_cpu_count() or 1) if effort.quick else 1)

    async def one(number: int, name: str) -> list[Table]:
        async with room:
            print(f"[{number}/{len(modules)}] {name}", flush=True)
            begun = time.perf_counter()
            figures: Figures = importlib.import_module(f"{__package__}.{name}").figures
            tables = await figures(effort)
            if effort.quick:
                # Of so little nothing can be learned but that it was measured.
                tables = [replace(table, findings=()) for table in tables]
            _check(name, tables)
            print("\n\n".join(map(as_text, tables)))
            print(f"[{number}/{len(modules)}] took {time.perf_counter() - begun:.0f} s", flush=True)
            return tables

    async with asyncio.TaskGroup() as group:
        work = [group.create_task(one(*pair)) for pair in enumerate(modules, 1)]
    return [table for task in work for table in task.result()]


def _check(name: str, tables: list[Table]) -> None:
    """See that there is something in them."""
    assert tables, name
    for table in tables:
        assert table.rows, table.title
        assert all(len(row) == len(table.columns) for row in table.rows), table.title


def _leaves(failure: BaseException) -> Iterator[BaseException]:
    """Return what is in a group of errors, and in the groups in it."""
    if isinstance(failure, BaseExceptionGroup):
        for inner in failure.exceptions:
            yield from _leaves(inner)
    else:
        yield failure


def main() -> None:
    """Do what the command line says; the results are only written by a complete run."""
    parser = argparse.ArgumentParser("scripts/bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="measure little, to see that it works; write nothing"
    )
    parser.add_argument(
        "module", nargs="*", help=f"measure only this, write nothing: {', '.join(MODULES)}"
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.module) - set(MODULES):
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    on = list(machine())
    try:
        tables = asyncio.run(
            measured(arguments.module or list(MODULES), QUICK if arguments.quick else FULL)
        )
    except* ChildError as failures:
        errors = "\n".join(map(str, _leaves(failures)))
        raise SystemExit(f"A measurement did not come to its end:\n{errors}") from None
    if not arguments.quick and not arguments.module:
        date = f"{datetime.now(UTC):%Y-%m-%d}"
        RESULTS.write_text(report(tables, on, date=date, command="scripts/bench"), encoding="utf-8")
        print(f"Written: {RESULTS.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
