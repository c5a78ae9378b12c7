"""A power cut while an action runs: it is followed on, and never done again.

Here the disk is real. A crash is played by putting back what was on it at that moment.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final
from unittest.mock import patch

import pytest

from tests.disk import Disk, disk, hass_storage
from tests.house import House

from .conftest import DOOR, Things

__all__ = ["disk", "hass_storage"]

LOCK: Final = {"action": "lock.lock", "target": {"entity_id": DOOR}}

type Crash = Callable[[float], Awaitable[None]]


@pytest.fixture
def crash(home: House, disk: Disk) -> Crash:
    """Return how to pull the plug, and put it back after some seconds."""

    async def crash(downtime: float) -> None:
        files = disk.files()
        with patch("custom_components.command_status.account.coordinator.UNLOAD_PATIENCE", -1):
            await home.hass.config_entries.async_unload(home.entry.entry_id)
        disk.put(files)
        home.freezer.tick(downtime)
        await home.load()

    return crash


async def running(home: House, things: Things, **data: Any) -> str:
    """Begin an action that does not return; its tracking id."""
    hangs = asyncio.Event()
    things.reaction = lambda _: hangs.wait()
    (record,) = await home.act("perform_action", **LOCK, **data)
    return str(record["tracking_id"])


def told(record: dict[str, Any]) -> tuple[Any, ...]:
    """Return what became of a command."""
    return record["state"], record["reason"], record["evidence"]


async def test_what_is_seen_afterwards_is_a_success(
    home: House, things: Things, crash: Crash
) -> None:
    """The bolt had got the message."""
    tracking_id = await running(home, things)
    await crash(10)
    assert not (await home.record(tracking_id))["final"]
    things.show(DOOR, "locked")
    await home.settle()
    assert told(await home.record(tracking_id)) == ("success", "seen", "seen")
    assert len(things.calls) == 1


async def test_an_entity_that_comes_back_later_is_seen_too(
    home: House, things: Things, crash: Crash
) -> None:
    """Its own integration needs longer than we do."""
    tracking_id = await running(home, things)
    home.hass.states.async_remove(DOOR)
    await crash(10)
    things.show(DOOR, "unavailable")
    await home.settle()
    things.show(DOOR, "locked")
    await home.settle()
    assert told(await home.record(tracking_id)) == ("success", "seen", "seen")


async def test_what_is_not_seen_is_lost(home: House, things: Things, crash: Crash) -> None:
    """Whether the message arrived cannot be known any more."""
    tracking_id = await running(home, things, timeout=30)
    await crash(10)
    await home.wait(21)
    assert told(await home.record(tracking_id)) == ("lost", "interrupted", "missing")
    assert len(things.calls) == 1


async def test_an_action_that_had_returned_is_followed_on(
    home: House, things: Things, crash: Crash
) -> None:
    """Its word is on disk with what was seen, or soon after."""
    (record,) = await home.act("perform_action", **LOCK)
    await home.wait(2)
    await crash(10)
    things.show(DOOR, "locked")
    await home.settle()
    record = await home.record(record["tracking_id"])
    assert (record["state"], record["evidence"]) == ("success", "seen")
    assert len(things.calls) == 1
