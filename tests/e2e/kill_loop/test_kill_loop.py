"""After any number of crashes nothing was lost, and nothing was done twice.

Killed so many times as `COMMAND_STATUS_KILLS` says; `COMMAND_STATUS_SEED` plays a run again, as far
as the machine's own pace allows.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from itertools import chain
import json
import os
from pathlib import Path
from random import Random, SystemRandom
import re
import time
from typing import Any, Final

import pytest_asyncio

from stage import HomeAssistant, automation, eventually, on_bus
from stage.errors import OutOfPatienceError

from .places import PLACES, SLOW, Place

KILLS: Final = int(os.environ.get("COMMAND_STATUS_KILLS", "5"))
SEED: Final = int(os.environ.get("COMMAND_STATUS_SEED", SystemRandom().randrange(10**6)))

LIVES: Final = (0.1, 4.0)
"""Seconds that Home Assistant lives, once it has been started: at least, and at most."""
HANDS: Final = 3
"""How many people send to a cloud at the same time."""
REPEATED_WITHIN: Final = 1.0
"""Seconds before a crash in which an announcement may be one that is repeated after it."""
SLACK: Final = 0.5
"""Seconds that the writing of a log may lag behind what it tells of."""
CATCH_UP: Final = 600.0
"""Seconds that everything may take to come to its end after the last crash."""

LISTENER: Final = "kill_loop_listener"
WRITE: Final = {
    "action": "system_log.write",
    "data": {
        "logger": "kill_loop",
        "level": "warning",
        "message": "ANNOUNCED {{ trigger.event.data.tracking_id }} {{ trigger.event.data.state }}"
        " {{ trigger.event.data.late }} {{ as_timestamp(trigger.event.time_fired) }}",
    },
}
"""What is written to the log is still there when Home Assistant is not."""
WRITTEN: Final = re.compile(r"ANNOUNCED (\S+) (\S+) (True|False) ([\d.]+)")


@pytest_asyncio.fixture(loop_scope="session")
async def places(home: HomeAssistant, tmp_path: Path) -> AsyncIterator[list[Place]]:
    """Start all clouds, with an account at each, and an automation that writes announcements."""
    dice = Random(SEED)
    async with AsyncExitStack() as stack:
        opened = [place(tmp_path, dice) for place in PLACES]
        accounts = [await place.open(home, stack) for place in opened]
        for account in accounts:
            await home.until_stored(account.entry_id, "core.config_entries", "core.entity_registry")
        await home.client.add_automation(LISTENER, automation(on_bus(), actions=(WRITE,)))
        yield opened
        await home.client.remove_automation(LISTENER)
        for place in opened:
            await place.account.remove()


def tell(line: str) -> None:
    """Tell how the run goes, to those who look (`pytest -s`) or who look for what failed."""
    print(line, flush=True)  # noqa: T201


def on_disk(home: HomeAssistant, place: Place) -> set[str]:
    """Return the commands that the journal of an account holds, by tracking id."""
    journal = home.stored(f"command_status.{place.account.entry_id}")
    return set(re.findall(r'"tracking_id": "(\w+)"', json.dumps(journal)))


async def one_life(home: HomeAssistant, places: list[Place], seconds: float) -> float:
    """Send for so many seconds, kill Home Assistant, and return when that was."""

    async def send(place: Place) -> None:
        with suppress(ConnectionError):  # what a browser sees of a crash
            await place.send(home.client)

    for place in places:
        await look_up(place)
    senders = [asyncio.create_task(send(place)) for place in places for _ in range(HANDS)]
    await asyncio.sleep(seconds)
    await home.kill()
    killed = time.time()
    await asyncio.gather(*senders)
    for place in places:
        place.accepted |= on_disk(home, place)
    return killed


async def look_up(place: Place) -> None:
    """Take down the records of an account, as its history forgets the oldest of very many."""
    records = await place.account.commands(limit=1000)
    place.records |= {record["tracking_id"]: record for record in records}


async def until_over(places: list[Place]) -> None:
    """Wait until no command is open any more, and take down what became of them."""

    async def over() -> bool:
        busy = [await place.account.is_busy() for place in places]
        for place in places:
            await look_up(place)
        return not any(busy)

    await eventually(over, "end of all commands", within=CATCH_UP)


def announcements(log: str) -> Mapping[tuple[str, str, bool], list[float]]:
    """Return when each outcome was announced, over all lives."""
    told: dict[tuple[str, str, bool], list[float]] = {}
    for tracking_id, state, late, moment in WRITTEN.findall(log):
        told.setdefault((tracking_id, state, late == "True"), []).append(float(moment))
    return told


def wrongly_repeated(moments: list[float], kills: list[float]) -> bool:
    """Return whether an outcome was repeated without a crash right after it was announced."""
    return not all(
        any(0 <= kill - moment <= REPEATED_WITHIN + SLACK for kill in kills)
        for moment in sorted(moments)[:-1]
    )


def late_deeds(records: list[dict[str, Any]], taken_at: Mapping[str, str]) -> dict[str, float]:
    """Return by how many seconds commands were taken after their windows.

    A window is told in whole seconds, and a request that was made in time is taken when the cloud
    has thought about it.
    """
    allowed = 1 + SLOW + SLACK
    late = {
        record["command_id"]: (
            datetime.fromisoformat(taken_at[record["command_id"]])
            - datetime.fromisoformat(record["deadline"])
        ).total_seconds()
        for record in records
        if record["command_id"] in taken_at
    }
    return {command_id: seconds for command_id, seconds in late.items() if seconds > allowed}


async def test_nothing_is_lost_and_nothing_is_done_twice(
    home: HomeAssistant, places: list[Place]
) -> None:
    """Home Assistant is killed at random moments, and everything is counted afterwards."""
    dice = Random(SEED)
    before = len(home.log)
    kills = []
    for number in range(KILLS):
        kills.append(await one_life(home, places, dice.uniform(*LIVES)))
        tell(f"kill {number + 1} of {KILLS}, seed {SEED}")
        await home.start()
    await until_over(places)
    found = {place: list(place.records.values()) for place in places}
    ended = {(r["tracking_id"], r["state"], r["late"]): r for r in chain(*found.values())}

    async def all_told() -> bool:
        return ended.keys() <= announcements(home.log[before:]).keys()

    with suppress(OutOfPatienceError):
        await eventually(all_told, "announcement of every outcome")
    told = announcements(home.log[before:])
    assert not [record for key, record in ended.items() if key not in told]
    repeats = {key: moments for key, moments in told.items() if len(moments) > 1}

    for place, records in found.items():
        assert place.accepted <= place.records.keys(), "a command that was accepted is not known"

        taken = await place.taken()
        ours = [record["command_id"] for record in records if record["command_id"] is not None]
        nameless = [record for record in records if record["command_id"] is None]
        assert len(set(ours)) == len(ours), "two records are of one command"
        assert set(ours) <= set(taken)
        assert len(taken) <= len(records), "more was sent than anybody wanted"
        astray = [r for r in nameless if r["state"] == "lost"]
        assert len(set(taken) - set(ours)) <= len(astray), "a command was taken that is not known"
        assert await place.harm() == []
        assert late_deeds(records, await place.taken_at()) == {}
        states = Counter(f"{record['state']} {record['reason'] or ''}" for record in records)
        tell(f"{place.cloud_name}: {len(records)} commands: {dict(states)}")

    assert not [key for key, moments in repeats.items() if wrongly_repeated(moments, kills)]
    tell(f"{len(told)} outcomes, {len(repeats)} of them repeated after {KILLS} kills")
