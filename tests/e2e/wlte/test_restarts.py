"""Home Assistant is stopped or killed meanwhile, and nothing is lost or told twice."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from stage import Account, HomeAssistant, Line, Simulator, wlte

from ..audience import Seat
from .clouds import NEVER, NO_ANSWER, sends, settle

type End = Callable[[HomeAssistant, Account], Awaitable[None]]


async def stop(home: HomeAssistant, _: Account) -> None:
    """End Home Assistant as the system does."""
    await home.stop()


async def kill(home: HomeAssistant, account: Account) -> None:
    """End Home Assistant as a power cut does, once it has written down what is not ours.

    It takes its time for that: about 10 s.
    """
    await home.until_stored(account.entry_id, "core.config_entries", "core.entity_registry")
    await home.kill()


@pytest.mark.parametrize(
    "end", [pytest.param(stop, id="SIGTERM"), pytest.param(kill, id="SIGKILL")]
)
async def test_every_outcome_is_announced_once_across_a_restart(
    home: HomeAssistant, account: Account, cloud: Simulator, seat: Seat, end: End
) -> None:
    """One command has ended before it, one ends while Home Assistant is down, one after that."""
    before = await account.send("dev-7/1", "ON", wait=True)
    await cloud.act("script", **NEVER)
    down = await account.send("dev-7/2", "ON", timeout=3600)
    later = await account.send("dev-8/1", "ON", timeout=3600)
    records = (before, down, later)
    audiences = [await seat(account, record["target"]) for record in records]
    sensors = [await account.entity("sensor", "command", each["target"]) for each in records]

    await end(home, account)
    await settle(cloud, down["command_id"], "SUCCESS")
    await home.start()

    # What is known is shown at once.
    states = await home.client.states()
    assert states[sensors[0]]["state"] == "success"
    assert states[sensors[2]]["state"] == "sent"
    again = await account.record(later["tracking_id"])
    assert (again["state"], again["deadline"]) == ("sent", later["deadline"])

    assert (await account.until_final(down["tracking_id"]))["state"] == "success"
    await audiences[1].heard(down, "success")
    await settle(cloud, later["command_id"], "FAILED")
    assert (await account.until_final(later["tracking_id"]))["state"] == "failure"
    await audiences[2].heard(later, "failure")

    await audiences[0].heard_nothing_of(before)
    await audiences[1].heard(down, "success")
    assert await sends(cloud) == 3


async def test_a_command_cut_off_while_it_was_sent_is_sent_once(
    home: HomeAssistant, account: Account, cloud: Simulator, seat: Seat
) -> None:
    """The same Idempotency-Key finds the command that the cloud had taken already."""
    await cloud.configure(post_wait=10.0)
    await cloud.act("script", **NEVER)
    audience = await seat(account, "dev-7/1")
    await home.until_stored(account.entry_id, "core.config_entries", "core.entity_registry")
    waiting = asyncio.create_task(account.send("dev-7/1", "ON", wait=True))
    await cloud.until_asked("create")
    await home.kill()
    with pytest.raises(ConnectionError):
        await waiting
    await home.start()

    await cloud.until_asked("create", 2)
    (record,) = await account.commands()
    await settle(cloud, "cmd-1", "SUCCESS")
    assert (await account.until_final(record["tracking_id"]))["state"] == "success"
    await audience.heard(record, "success")
    assert len((await cloud.state())["commands"]) == 1


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_windows_go_on_while_the_provider_is_down(
    home: HomeAssistant, cloud: Simulator, seat: Seat
) -> None:
    """The account is there without its cloud; everything is caught up when the cloud returns."""
    await cloud.act("script", **NEVER)
    async with Line(cloud.url) as line:
        account = await Account.add(home, *wlte(line.url))
        connection = await account.entity("binary_sensor", "connection")
        gate, garage = await seat(account, "dev-7/1"), await seat(account, "dev-8/1")
        short = await account.send("dev-7/1", "ON", timeout=5)
        long = await account.send("dev-8/1", "ON", timeout=3600)
        await home.stop()
        await line.cut()

        await home.start()
        assert (await account.entry())["state"] == "loaded"
        await home.client.until_state(connection, "off")
        assert (await account.until_final(short["tracking_id"]))["state"] == "timeout"
        await gate.heard(short, "timeout")
        assert (await account.record(long["tracking_id"]))["state"] == "sent"

        await settle(cloud, long["command_id"], "SUCCESS")
        await line.mend()
        assert (await account.until_final(long["tracking_id"], within=120))["state"] == "success"
        await home.client.until_state(connection, "on")
        await garage.heard(long, "success")
        await account.remove()
