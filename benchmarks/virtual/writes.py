"""What a command costs the disk."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Final

from homeassistant.helpers.storage import STORAGE_DIR

from custom_components.command_status.const import DOMAIN, MAX_FINISHED
from custom_components.command_status.storage.store import SPARE_LINES
from custom_components.command_status.tracking import Command, CommandState, Phase

from ..child import in_child
from ..clouds import tracking_id
from ..figures import Effort, Table
from ..home import ENTRY_ID
from .disk import watched
from .house import House, house
from .loop import START, in_virtual_time

CLOUD: Final = "wlte"
SECONDS: Final = 3.0
"""How long every command takes."""
UNDISTURBED: Final = 11_000.0
"""Seconds until Home Assistant has written down all that was new to it, and saves nothing soon."""
SETTLED: Final = 60.0
"""Seconds until everything about a command is written down."""
PAST: Final = (0, 10_000)

FIRST: Final = "first"
ONE: Final = "one"
MANY: Final = "many"
STEPS: Final[Mapping[str, int]] = {FIRST: 1, ONE: 1, MANY: 100}
"""How many commands are sent at once, step by step."""
NAMES: Final = {FIRST: "one command, the first after the start", ONE: "one command"}

MOST_SAVES: Final = {ONE: 3, MANY: 10}
MOST_BYTES: Final = 50_000
"""For one command with a full history."""

TEXT: Final = """\
What reaches the disk from the moment at which commands are sent until all about them is written:
for one command, and for {many} in one call, to as many devices of WLTE, each of which takes
{seconds:g} s; with nothing in the history, and after a start that found {past:,} finished commands
there. Every `fsync` of the process is counted. A save replaces a file and syncs it and its folder;
an addition to the history syncs the file alone. The bytes are the kernel's count of what the
process wrote to files. In virtual time a disk is infinitely fast; on a slow one more outcomes share
a save, so there are fewer.
To reach: at most 3 saves for one command and 10 for {many}; at most 50 KB for one command with a
full history. The first command after the start pays for a file of the history: one that is made,
or, as the history keeps {kept:,} commands, one that is written anew. Later that happens when
{spare:,} of its lines are out of date, so once for as many commands."""


def finished(number: int) -> Iterator[Command]:
    """Return commands that ended during the last hour, the oldest first."""
    for index in range(number):
        moment = START - 3600 + index / 10
        yield Command(
            tracking_id=tracking_id(index),
            target="dev-7/1",
            target_name="Gate relay 1",
            device="dev-7",
            command="ON",
            command_id=f"old-{index}",
            phase=Phase.TAKEN,
            state=CommandState.SUCCESS,
            provider_state="SUCCESS",
            created_at=moment,
            sent_at=moment,
            finished_at=moment + SECONDS,
            deadline=moment + 60,
            settled=True,
            polls=2,
        )


async def measure(*, past: int) -> dict[str, dict[str, int]]:
    """Send commands step by step; return what each step has cost."""

    async def work() -> dict[str, dict[str, int]]:
        settings = {"extra_devices": STEPS[MANY], "confirm_after": SECONDS}
        async with house(CLOUD, history=finished(past), settings=settings) as home:
            await asyncio.sleep(UNDISTURBED)
            return {step: await _cost(home, number) for step, number in STEPS.items()}

    return await in_virtual_time(work)


async def _cost(home: House, number: int) -> dict[str, int]:
    """Send so many commands at once and return what was written for them."""
    targets = [f"dev-x{index:05}/1" for index in range(1, number + 1)]
    history = home.folder / STORAGE_DIR / f"{DOMAIN}.{ENTRY_ID}.history"
    with watched() as writes:
        records = await home.send(*targets)
        await asyncio.sleep(SETTLED)
    assert [record["state"] for record in records] == ["success"] * number
    assert history.read_bytes().count(b"dev-x") >= number
    return {
        "saves": writes.folders,
        "additions": writes.files - writes.folders,
        "size": writes.size,
    }


def misses(past: int, step: str, cost: Mapping[str, int]) -> Iterator[str]:
    """Say where a figure is missed, and by how much."""
    where = f"{_name(step)}, {past:,} in the history"
    if step in MOST_SAVES and cost["saves"] > MOST_SAVES[step]:
        yield f"{where}: {cost['saves']} saves, of {MOST_SAVES[step]} to reach."
    if step == ONE and cost["size"] > MOST_BYTES:
        yield f"{where}: {cost['size']:,} bytes, of {MOST_BYTES:,} to reach."


async def figures(effort: Effort) -> list[Table]:  # noqa: ARG001 - a count needs no repetition
    """Count what is written for commands."""
    found = await asyncio.gather(*(in_child(measure, past=past) for past in PAST))
    costs = {
        (past, step): cost
        for past, steps in zip(PAST, found, strict=True)
        for step, cost in steps.items()
    }
    return [
        Table(
            title="Write load",
            text=TEXT.format(
                many=STEPS[MANY],
                seconds=SECONDS,
                past=PAST[-1],
                kept=MAX_FINISHED,
                spare=SPARE_LINES,
            ),
            columns=("", "in the history", "saves", "additions", "written"),
            rows=tuple(
                (
                    _name(step),
                    f"{past:,}",
                    str(cost["saves"]),
                    str(cost["additions"]),
                    f"{cost['size'] / 1000:.1f} KB",
                )
                for (past, step), cost in costs.items()
            ),
            findings=tuple(
                miss for (past, step), cost in costs.items() for miss in misses(past, step, cost)
            ),
        )
    ]


def _name(step: str) -> str:
    return NAMES.get(step, f"{STEPS[step]} commands at once")
