"""A network runs one command at a time, and now and then it has no time for ours."""

import asyncio

import pytest

from stage import DOMAIN, Account, Client, CommandError, Simulator

from ..audience import Seat
from .clouds import FRONT_DOOR, GARDEN, HALL, HOME, end, number_of, taken


async def test_commands_of_one_moment_run_one_after_the_other(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """Two thumbnails and an arm all succeed, in order; another network does not wait for them."""
    await cloud.act("script", name="success", seconds=0.9)
    await cloud.act("script", name="success", target=number_of(GARDEN), seconds=4)
    sensor = await account.entity("sensor", "command", HOME)
    async with client.watch(sensor) as changes:
        *ours, other = await asyncio.gather(
            account.send(GARDEN, "thumbnail", wait=True),
            account.send(FRONT_DOOR, "thumbnail", wait=True),
            account.send(HOME, "arm", wait=True),
            account.send(HALL, "thumbnail", wait=True),
        )
        await changes.until(lambda state: state["state"] == "success")
    assert [record["state"] for record in (*ours, other)] == ["success"] * 4

    first, second, third = ours
    assert first["sent_at"] < first["finished_at"] <= second["sent_at"]
    assert second["sent_at"] < second["finished_at"] <= third["sent_at"] < third["finished_at"]
    assert other["sent_at"] < first["finished_at"]
    assert changes.messages[0]["state"] == "queued"

    in_home = [
        str(command["id"]) for command in await taken(cloud) if command["network_id"] == 1234
    ]
    assert in_home == [record["command_id"] for record in ours]
    assert (await cloud.state())["most_at_once"] == {"1234": 1, "5678": 1}


async def test_a_busy_system_is_tried_again(account: Account, cloud: Simulator) -> None:
    """Blink says it with one HTTP status or another; 5 s later the command is taken."""
    await cloud.act("script", name="success", seconds=0)
    await cloud.act("script", name="busy_409", target=number_of(GARDEN), times=1)
    await cloud.act("script", name="busy_200", target=number_of(HALL), times=1)
    records = await account.send_all((GARDEN, HALL), "thumbnail", wait=True)
    assert [(each["state"], each["reason"]) for each in records] == [("success", None)] * 2

    asked = await cloud.requests("thumbnail")
    assert sorted(request["status"] for request in asked) == [200, 200, 200, 409]
    for target in (GARDEN, HALL):
        path = f"/{number_of(target)}/thumbnail"
        first, second = (each["time"] for each in await cloud.requests("thumbnail", path))
        assert second - first > 4.5


async def test_a_system_that_stays_busy_is_a_failure(
    account: Account, cloud: Simulator, seat: Seat
) -> None:
    """A camera that records motion keeps the sync module busy for longer than the user waits."""
    await cloud.act("record_motion", network_id=1234, seconds=60)
    audience = await seat(account, GARDEN)
    record = await account.send(GARDEN, "thumbnail", timeout=9, wait=True)
    assert (record["state"], record["reason"]) == ("failure", "busy")
    assert len(await cloud.requests("thumbnail")) == 3
    assert await taken(cloud) == []
    await audience.heard(record, "failure")


async def test_what_was_cancelled_makes_room_for_what_comes_next(
    account: Account, client: Client, cloud: Simulator, seat: Seat
) -> None:
    """One under way is stopped with `done`, one in our queue is never sent."""
    await cloud.act("script", name="success", seconds=0)
    await cloud.act("script", name="never", times=1)
    audience = await seat(account, GARDEN)
    running = await account.send(GARDEN, "thumbnail")
    waiting = await account.send(FRONT_DOOR, "thumbnail")
    last = await account.send(HOME, "arm")
    assert [each["command_id"] is None for each in (running, waiting, last)] == [False, True, True]

    call = {"tracking_id": waiting["tracking_id"]}
    (cancelled,) = (await client.ask(f"{DOMAIN}.cancel_command", call))["commands"]
    assert (cancelled["state"], cancelled["sent_at"]) == ("cancelled", None)
    assert "done" not in await cloud.counts()

    call = {"config_entry_id": account.entry_id, "command_id": running["command_id"]}
    (cancelled,) = (await client.ask(f"{DOMAIN}.cancel_command", call))["commands"]
    assert cancelled["state"] == "cancelled"
    assert (await cloud.counts())["done"] == 1
    await audience.heard(running, "cancelled")
    asked = len(await cloud.requests("status", running["command_id"]))

    assert (await account.until_final(last["tracking_id"]))["state"] == "success"
    assert len(await cloud.requests("status", running["command_id"])) == asked
    assert [command["command"] for command in await taken(cloud)] == ["thumbnail", "arm"]
    with pytest.raises(CommandError) as over:
        await client.ask(f"{DOMAIN}.cancel_command", call)
    assert over.value.code == "service_validation_error"


async def test_a_cancel_that_comes_too_late_tells_the_outcome(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """A command that had ended by itself keeps its real outcome."""
    await cloud.act("script", name="never")
    record = await account.send(GARDEN, "thumbnail")
    await cloud.until_asked("status")
    await end(cloud, record, "failure")
    call = {"tracking_id": record["tracking_id"]}
    (told,) = (await client.ask(f"{DOMAIN}.cancel_command", call))["commands"]
    assert (told["state"], told["reason"]) == ("failure", "Command failed")
    assert "done" not in await cloud.counts()
