"""A clock for tests."""

import asyncio

from simulators.clock import ManualClock


async def test_sleepers_wake_when_their_time_has_come(clock: ManualClock) -> None:
    """Whoever asked for more time sleeps on."""
    short = asyncio.create_task(clock.sleep(2))
    long = asyncio.create_task(clock.sleep(5))
    await clock.until_asleep(2)

    clock.advance(2)
    await short

    assert not long.done()
    clock.advance(3)
    await long


async def test_no_sleep_takes_no_time(clock: ManualClock) -> None:
    """Otherwise nothing would ever go on while time stands still."""
    await clock.sleep(0)


async def test_a_sleeper_that_leaves_is_forgotten(clock: ManualClock) -> None:
    """A request that was given up must not be counted as waiting."""
    sleeper = asyncio.create_task(clock.sleep(2))
    await clock.until_asleep()
    sleeper.cancel()
    await asyncio.gather(sleeper, return_exceptions=True)

    clock.advance(2)

    waiting = asyncio.create_task(clock.until_asleep())
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()
