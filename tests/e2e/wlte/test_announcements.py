"""Automations hear of every end of a command, whichever trigger they were written with."""

import time

from stage import DOMAIN, Account, Client, Simulator, eventually

from ..audience import Seat
from .clouds import NEVER, settle


async def test_a_success_starts_every_kind_of_automation(account: Account, seat: Seat) -> None:
    """Confirmed while the request waits, it is announced like any other."""
    audience = await seat(account, "dev-7/1", "success")
    record = await account.send("dev-7/1", "ON", wait=True)
    assert record["state"] == "success"
    await audience.heard(record, "success")


async def test_a_failure_starts_every_kind_of_automation(
    account: Account, cloud: Simulator, seat: Seat
) -> None:
    """The device did not do it; the automation reads why."""
    await cloud.act("script", outcome="FAILED", after=1, times=1)
    audience = await seat(account, "dev-7/1", "failure")
    record = await account.send("dev-7/1", "ON", wait=True)
    assert (record["state"], record["provider_state"]) == ("failure", "FAILED")
    assert record["reason"]
    await audience.heard(record, "failure")
    (run,) = await account.client.runs(audience.automations["event"])
    assert run.told["reason"] == record["reason"]


async def test_a_timeout_by_the_provider_starts_every_kind_of_automation(
    account: Account, cloud: Simulator, seat: Seat
) -> None:
    """WLTE gave up before we did."""
    await cloud.act("script", outcome="TIMEOUT", after=1, times=1)
    audience = await seat(account, "dev-7/1", "timeout")
    record = await account.send("dev-7/1", "ON", wait=True)
    assert (record["state"], record["provider_state"]) == ("timeout", "TIMEOUT")
    await audience.heard(record, "timeout")


async def test_our_own_timeout_is_corrected_by_a_late_success(
    account: Account, client: Client, cloud: Simulator, seat: Seat
) -> None:
    """The end of the wait window proves nothing about the device; what it says later is news."""
    await cloud.act("script", **NEVER)
    audience = await seat(account, "dev-7/1")
    record = await account.send("dev-7/1", "ON", timeout=5, wait=True)
    assert (record["state"], record["provider_state"]) == ("timeout", "SENT")
    assert record["duration"] >= 5
    await audience.heard(record, "timeout")

    async with client.events(f"{DOMAIN}_finished") as finished:
        await settle(cloud, record["command_id"], "SUCCESS")
        (event,) = await finished.until(within=120)  # it is looked for every 30 s
    assert (event["tracking_id"], event["late"]) == (record["tracking_id"], True)
    corrected = await account.record(record["tracking_id"])
    assert (corrected["state"], corrected["late"]) == ("success", True)
    await audience.heard(record, "timeout", "success")


async def test_two_successes_in_a_row_are_two_runs_of_the_sensors_automation(
    account: Account, client: Client, seat: Seat
) -> None:
    """Between two equal outcomes the sensor shows something else."""
    audience = await seat(account, "dev-7/1", "success")
    sensor = await account.entity("sensor", "command", "dev-7/1")
    async with client.watch(sensor) as changes:
        records = [await account.send("dev-7/1", "ON", wait=True) for _ in range(2)]
        shown = await changes.until(lambda state: state["state"] == "success", number=2)
        words = [state["state"] for state in changes.messages]
    assert [each["attributes"]["tracking_id"] for each in shown] == [
        record["tracking_id"] for record in records
    ]
    assert words.count("queued") == 2
    for record in records:
        await audience.heard(record, "success")


async def test_a_poll_that_brings_no_news_tells_nobody(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """History and automations see changes only."""
    await cloud.act("script", **NEVER)
    sensor = await account.entity("sensor", "command", "dev-7/1")
    record = await account.send("dev-7/1", "ON")
    await client.until_state(sensor, "sent")
    async with client.watch(sensor) as changes:
        await cloud.until_asked("status")
        await settle(cloud, record["command_id"], "SUCCESS")
        await changes.until(lambda state: state["state"] == "success")
    assert [state["state"] for state in changes.messages] == ["success"]


async def test_nothing_is_asked_when_nothing_is_open(account: Account, cloud: Simulator) -> None:
    """A command that has ended is the cloud's past."""
    await account.send("dev-7/1", "ON", wait=True)
    before = await cloud.counts()

    async def quiet() -> bool:
        """Tell whether nothing was asked for longer than the pause between two polls."""
        newest = (await cloud.requests())[-1]
        return time.monotonic() > float(newest["time"]) + 4  # the simulator's clock is the same

    await eventually(quiet, "silence")
    assert await cloud.counts() == before
