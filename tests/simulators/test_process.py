"""A simulator as a process of its own, as the demo and the end-to-end tests run it."""

import asyncio
from asyncio.subprocess import PIPE
from pathlib import Path
import signal
import sys

from aiohttp import ClientSession
import pytest

from .client import Client

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
async def test_a_process_says_where_it_is_and_ends_cleanly(
    session: ClientSession, number: signal.Signals
) -> None:
    """Whoever starts it reads one line, and later sends one signal."""
    command = [sys.executable, "-m", "simulators", "wlte", "--set", "generation=G1"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE, stderr=PIPE)
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert line.startswith("wlte simulator ready at http://127.0.0.1:")

    scenario = await Client(session, line.split()[-1]).ask("GET", "/_simulator/scenario")
    assert scenario.json["generation"] == "G1"

    process.send_signal(number)
    output = await process.communicate()
    assert (process.returncode, output) == (0, (b"", b""))
