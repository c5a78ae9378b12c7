"""What an API costs that a description describes, beside the providers with code."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial
import gc
from itertools import batched
from pathlib import Path
from statistics import median
import tempfile
import time
import tracemalloc
from typing import Any, Final

from aiohttp import ClientSession
import yaml

from custom_components.command_status.providers import PROVIDERS
from custom_components.command_status.providers.base import DESCRIBED, Provider, Query
from custom_components.command_status.providers.rest.description import description
from custom_components.command_status.tracking import Command, Phase
from simulators.rest import TOKEN
from stage import Simulator
from stage.programme import JOBS

from .child import in_child, standing
from .clouds import BLINK_NETWORK, credentials_at, issue_endless, tracking_id
from .figures import Effort, Table
from .spread import in_turns, spread

NAMES: Final = {"rest": "described API", "wlte": "WLTE", "blink": "Blink"}
WITH_CODE: Final = ("wlte", "blink")

OPEN: Final = 200
ROUNDS: Final = 15
POLLS: Final = 4000
"""Status requests in each turn."""
AT_ONCE: Final = 20
FEW: Final = 50
"""Open commands; what does not depend on them cancels out."""
COMMANDS: Final = 100
"""Commands of the description whose reading is measured."""

GOAL: Final = 1.3
"""Times the CPU time of the providers with code."""
LOADED: Final = 50.0
"""Milliseconds for a description of so many commands."""

TEXT: Final = f"""\
CPU time of a process that asks about {OPEN} open commands again and again, {AT_ONCE} at a time,
divided by its status requests: the provider with its filter and its reading of the answer, and
aiohttp. No Home Assistant, which costs the same for all. Each has a process of its own and takes
turns of {POLLS:,} polls with the others. The bytes are what one more open command takes in a
provider after it was asked about once (`tracemalloc`): {OPEN} less {FEW}, divided by the
difference; the command itself is the same for all. In the last row: reading a description of
{COMMANDS} commands.

To reach: at most {GOAL} times the mean of the providers with code, as many bytes as they take, and
{LOADED:g} ms."""


async def measure(*, key: str, ids: list[str], credentials: Mapping[str, str], polls: int) -> float:
    """Return the microseconds of CPU for one poll in this process."""
    async with ClientSession() as session:
        provider = _provider(key, session, credentials)
        await provider.targets()
        queries = [query for each in _commands(key, ids) for query in provider.queries([each])]
        await _ask_all(provider, queries[:AT_ONCE])
        gc.collect()
        cpu, asked = time.process_time(), 0
        while asked < polls:
            await _ask_all(provider, queries)
            asked += len(queries)
        return (time.process_time() - cpu) / asked * 1e6


async def hold(*, key: str, ids: list[str], credentials: Mapping[str, str]) -> int:
    """Return the bytes that open commands and their questions take in this process."""
    async with ClientSession() as session:
        provider = _provider(key, session, credentials)
        await provider.targets()
        tracemalloc.start()
        queries = [query for each in _commands(key, ids) for query in provider.queries([each])]
        await _ask_all(provider, queries)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]


def _provider(key: str, session: ClientSession, credentials: Mapping[str, str]) -> Provider:
    """Return a provider as an account has it."""

    async def keep(_: Mapping[str, str]) -> None:
        """Drop renewed credentials."""

    data = {DESCRIBED: yaml.safe_load(JOBS.read_text())}
    connect: Any = PROVIDERS[key].account(data).connect
    connected: Provider = connect(
        session=session, credentials=credentials, clock=time.time, keep=keep, house=None
    )
    return connected


async def _ask_all(provider: Provider, queries: list[Query]) -> None:
    """Ask everything once, some questions at a time."""
    for some in batched(queries, AT_ONCE, strict=False):
        await asyncio.gather(*map(partial(_ask, provider), some))


async def _ask(provider: Provider, query: Query) -> None:
    """Ask once; a query that comes back for want of a token is asked again."""
    rest: Query | None = query
    while rest is not None:
        rest = (await provider.check(rest)).rest


def _commands(key: str, ids: list[str]) -> list[Command]:
    """Return the open commands."""
    now = time.time()
    target, command = {
        "rest": ("m1", "make"),
        "wlte": ("dev-7/1", "ON"),
        "blink": ("camera/701", "thumbnail"),
    }[key]
    return [
        Command(
            tracking_id=tracking_id(number),
            target=target,
            target_name="",
            device=target,
            command=command,
            network_id=BLINK_NETWORK,
            command_id=command_id,
            phase=Phase.TAKEN,
            created_at=now,
            sent_at=now,
            deadline=now + 86400,
        )
        for number, command_id in enumerate(ids)
    ]


async def figures(effort: Effort) -> list[Table]:
    """Let all of them ask, in turns."""
    rounds, polls = (1, OPEN) if effort.quick else (ROUNDS, POLLS)
    found: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            work = {key: await stack.enter_async_context(standing(measure)) for key in NAMES}
            arguments = {
                key: await _stage(
                    await stack.enter_async_context(Simulator(key, Path(folder))), key
                )
                for key in NAMES
            }
            for run in range(rounds):
                for key in in_turns(tuple(NAMES), run):
                    found[key].append(await work[key](key=key, polls=polls, **arguments[key]))
            held = {key: await _held(key, **arguments[key]) for key in NAMES}
    loading = [_loading() for _ in range(rounds)]
    return [_table(found, held, loading)]


async def _held(key: str, ids: list[str], **more: Any) -> float:
    """Return the bytes that one more open command takes."""
    few, many = [await in_child(hold, key=key, ids=some, **more) for some in (ids[:FEW], ids)]
    return (many - few) / (OPEN - FEW)


async def _stage(cloud: Simulator, key: str) -> dict[str, Any]:
    """Return what somebody needs to ask a simulator about open commands."""
    if key == "rest":
        await cloud.act("script", after=86400)
        ids = [str(await cloud.act("issue")) for _ in range(OPEN)]
        return {"ids": ids, "credentials": {"base_url": cloud.url, "token": TOKEN}}
    return {"ids": await issue_endless(cloud, OPEN), "credentials": await credentials_at(cloud)}


def _loading() -> float:
    """Return the milliseconds in which a large description is read."""
    plain = yaml.safe_load(JOBS.read_text())
    plain["commands"] = {f"make_{n}": plain["commands"]["make"] for n in range(COMMANDS)}
    begun = time.process_time()
    description(plain)
    return (time.process_time() - begun) * 1e3


def _table(
    found: Mapping[str, list[float]], held: Mapping[str, float], loading: list[float]
) -> Table:
    """Return who needs how much."""
    rounds = zip(*found.values(), strict=True)
    turns = [dict(zip(found, turn, strict=True)) for turn in rounds]
    ratios = [
        turn["rest"] / (sum(turn[key] for key in WITH_CODE) / len(WITH_CODE)) for turn in turns
    ]
    findings = []
    if median(ratios) > GOAL:
        findings.append(f"{median(ratios):.2f} times the providers with code, not {GOAL}.")
    most = max(held[key] for key in WITH_CODE)
    if held["rest"] > most:
        findings.append(f"{held['rest']:,.0f} bytes for one open command, not {most:,.0f}.")
    if median(loading) > LOADED:
        findings.append(f"{median(loading):.0f} ms for {COMMANDS} commands, not {LOADED:g}.")
    rows = [
        (
            name,
            spread(found[key]),
            spread(ratios, 2) if key == "rest" else "",
            f"{held[key]:,.0f}",
        )
        for key, name in NAMES.items()
    ]
    rows.append((f"reading {COMMANDS} commands", f"{spread(loading, 1)} ms", "", ""))
    return Table(
        title="A described API",
        text=TEXT,
        columns=(
            "Who",
            "µs of CPU per poll",
            "Times the providers with code",
            "Bytes for one open command",
        ),
        rows=tuple(rows),
        findings=tuple(findings),
    )
