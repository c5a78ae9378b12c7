"""Home Assistant is stopped or killed meanwhile, and nothing is lost, sent twice or told twice."""

import asyncio

import pytest

from stage import Account, HomeAssistant, Simulator, automation, eventually, on_bus

from ..audience import Seat
from .clouds import FRONT_DOOR, GARDEN, HALL, HOME, end, taken


async def test_every_outcome_is_announced_once_across_a_restart(
    home: HomeAssistant, account: Account, cloud: Simulator, seat: Seat
) -> None:
    """One command has ended before it, one ends while Home Assistant is down, one after that."""
    await cloud.act("script", name="success", seconds=0, times=1)
    await cloud.act("script", name="never")
    before = await account.send(FRONT_DOOR, "thumbnail", wait=True)
    down = await account.send(GARDEN, "thumbnail", timeout=3600)
    later = await account.send(HALL, "thumbnail", timeout=3600)
    records = (before, down, later)
    audiences = [await seat(account, record["target"]) for record in records]
    sensors = [await account.entity("sensor", "command", each["target"]) for each in records]

    await home.stop()
    await end(cloud, down)
    await home.start()

    # What is known is shown at once.
    states = await home.client.states()
    assert states[sensors[0]]["state"] == "success"
    again = await account.record(later["tracking_id"])
    assert (again["final"], again["deadline"]) == (False, later["deadline"])

    assert (await account.until_final(down["tracking_id"]))["state"] == "success"
    await audiences[1].heard(down, "success")
    await end(cloud, later, "failure")
    assert (await account.until_final(later["tracking_id"]))["state"] == "failure"
    await audiences[2].heard(later, "failure")

    await audiences[0].heard_nothing_of(before)
    await audiences[1].heard(down, "success")
    assert len(await taken(cloud)) == 3


async def test_a_timeout_is_corrected_by_a_late_success_also_across_a_power_cut(
    home: HomeAssistant, account: Account, cloud: Simulator, seat: Seat
) -> None:
    """Blink itself never gives up; what it says after our window is news.

    The second command, whose window is longer, ends while the power is gone. While it was sent, a
    new refresh token was handed out, and the old one serves no more.
    """
    await cloud.act("script", name="never")
    garden, hall = await seat(account, GARDEN), await seat(account, HALL)
    late = await account.send(GARDEN, "thumbnail", timeout=5, wait=True)
    assert (late["state"], late["late"]) == ("timeout", False)
    assert late["duration"] >= 5
    await garden.heard(late, "timeout")
    await cloud.act("expire_tokens")
    down = await account.send(HALL, "thumbnail", timeout=3600)

    # What is not ours is written down late: after about 10 s.
    await home.until_stored(account.entry_id, "core.config_entries", "core.entity_registry")
    await home.kill()
    await end(cloud, down, "failure")
    await end(cloud, late)
    await home.start()

    assert (await account.until_final(down["tracking_id"]))["state"] == "failure"
    await hall.heard(down, "failure")

    async def corrected() -> bool:
        return bool((await account.record(late["tracking_id"]))["late"])

    await eventually(corrected, "late outcome", within=120)  # it is looked for every 30 s
    assert (await account.record(late["tracking_id"]))["state"] == "success"
    await garden.heard(late, "success")  # of what was before, the runs went with the power
    (run,) = await home.client.runs(garden.automations["bus"])
    assert run.told["late"] is True
    await hall.heard(down, "failure")
    assert len(await taken(cloud)) == 2
    assert await home.client.waiting_flows() == []


async def test_a_command_cut_off_while_it_was_sent_is_never_sent_again(
    home: HomeAssistant, account: Account, cloud: Simulator
) -> None:
    """Nobody can tell whether Blink took it; the one behind it was certainly not sent, and is."""
    await cloud.act("script", name="success", seconds=0)
    await cloud.fault("silence", "thumbnail")
    await home.client.add_automation("cut_off", automation(on_bus(target=GARDEN)))
    await home.until_stored(account.entry_id, "core.config_entries")
    waiting = asyncio.create_task(account.send(GARDEN, "thumbnail", wait=True))
    await cloud.until_asked("thumbnail")
    behind = await account.send(HOME, "disarm", timeout=3600)
    await home.kill()
    with pytest.raises(ConnectionError):
        await waiting
    await home.start()

    cut_off = (await account.commands())[-1]
    cut_off = await account.until_final(cut_off["tracking_id"])
    assert (cut_off["state"], cut_off["reason"]) == ("lost", "interrupted")
    (run,) = await home.client.until_runs("cut_off", cut_off["tracking_id"])
    assert run.state == "lost"
    assert (await account.until_final(behind["tracking_id"]))["state"] == "success"
    assert len(await cloud.requests("thumbnail")) == 1
    assert [command["command"] for command in await taken(cloud)] == ["disarm"]
    await home.client.remove_automation("cut_off")
