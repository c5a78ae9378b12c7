"""What is learned of how long commands take survives restarts, and costs no save of its own.

Here the disk is real.
"""

from pathlib import Path

from ..disk import Disk, disk, hass_storage
from ..house import House
from .test_restart import Restart, crash, reload, restart

__all__ = ["crash", "disk", "hass_storage", "reload", "restart"]

SECONDS = 9.0


async def learn(house: House, times: int) -> None:
    """Let the relay of the gate be switched so often, each time taking as long."""
    for _ in range(times):
        house.cloud.script(after=SECONDS)
        await house.send("ON")
        await house.wait(20)


async def polls(house: House) -> int:
    """Return what one more of those commands costs."""
    house.cloud.script(after=SECONDS)
    sent = await house.send("ON")
    await house.wait(20)
    return int((await house.record(sent["tracking_id"]))["polls"])


async def test_what_was_learned_before_a_restart_is_known_after_it(
    house: House, disk: Disk, restart: Restart
) -> None:
    """Also when the plug was pulled."""
    unknown = await polls(house)
    await learn(house, 8)
    await restart(30)
    assert await polls(house) < unknown
    ((target, command, ages),) = disk.habits[-1:]
    assert (target, command, len(ages)) == ("dev-7/1", "ON", 2 * 10)


async def test_it_is_written_along_with_the_history(house: House, disk: Disk) -> None:
    """One line more for a command, in the same write."""
    await learn(house, 1)
    assert len(disk.habits) == len(disk.history) == 1


async def test_a_command_that_was_not_seen_to_end_is_written_when_the_account_closes(
    house: House, disk: Disk
) -> None:
    """Nobody waits for that, so it has no write of its own either."""
    house.cloud.script(after=3600)
    await house.send("ON", timeout=5)
    await house.wait(700)
    assert disk.habits == []
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    ((*key, (_, until)),) = disk.habits
    assert (key, until) == (["dev-7/1", "ON"], None)


async def test_nothing_of_it_is_left_when_the_account_is_removed(house: House, disk: Disk) -> None:
    """As of everything else."""
    await learn(house, 1)
    folder = Path(disk.path(".history")).parent
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    assert [path for path in folder.iterdir() if house.entry.entry_id in path.name] == []


async def test_a_forgotten_command_stays_forgotten(house: House, disk: Disk) -> None:
    """What it has taught names neither it nor its moment."""
    await learn(house, 1)
    (record,) = await house.act("get_commands")
    await house.order("forget_command", tracking_id=record["tracking_id"])
    assert record["tracking_id"] not in str(disk.habits)
