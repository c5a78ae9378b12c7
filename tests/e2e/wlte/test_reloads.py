"""The account is reloaded, disabled or removed while something is under way."""

import asyncio

import pytest

from stage import DOMAIN, Account, Client, CommandError, Simulator

from .clouds import NEVER, sends, settle


async def test_a_request_that_sends_is_not_cut_by_a_reload(
    account: Account, cloud: Simulator
) -> None:
    """WLTE keeps a request waiting for up to 10 s; whoever hangs up learns nothing."""
    await cloud.configure(post_wait=10.0)
    await cloud.act("script", after=6, times=1)
    waiting = asyncio.create_task(account.send("dev-7/1", "ON", wait=True))
    await cloud.until_asked("create")
    await account.reload()
    assert (await waiting)["state"] == "success"
    await account.until_entry("loaded")
    (request,) = await cloud.requests("create")
    assert request["status"] == 202


async def test_an_action_waits_across_a_reload(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """Who waits for a command does not care who asks the cloud."""
    await cloud.act("script", **NEVER)
    sensor = await account.entity("sensor", "command", "dev-7/1")
    waiting = asyncio.create_task(account.send("dev-7/1", "ON", wait=True))
    await client.until_state(sensor, "sent")
    await account.reload()
    await account.until_entry("loaded")
    assert not waiting.done()
    await settle(cloud, "cmd-1", "SUCCESS")
    assert (await waiting)["state"] == "success"
    assert await sends(cloud) == 1


async def test_a_reload_repeats_no_announcement(account: Account, client: Client) -> None:
    """What was told once was told."""
    record = await account.send("dev-7/1", "ON", wait=True)
    sensor = await account.entity("sensor", "command", "dev-7/1")
    async with client.events(f"{DOMAIN}_finished") as finished:
        await account.reload()
        await client.until_state(sensor, "success", tracking_id=record["tracking_id"])
        second = await account.send("dev-8/1", "ON", wait=True)
        await finished.until(lambda event: event["tracking_id"] == second["tracking_id"])
    assert [event["tracking_id"] for event in finished.messages] == [second["tracking_id"]]


async def test_an_action_that_waits_is_told_when_its_account_is_disabled(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """Nobody will ask the cloud any more; the command is there again with its account."""
    await cloud.act("script", **NEVER)
    sensor = await account.entity("sensor", "command", "dev-7/1")
    waiting = asyncio.create_task(account.send("dev-7/1", "ON", wait=True, timeout=3600))
    await client.until_state(sensor, "sent")
    await account.disable()
    with pytest.raises(CommandError) as told:
        await waiting
    assert told.value.code == "home_assistant_error"

    await account.disable(disabled=False)
    await account.until_entry("loaded")
    (record,) = await account.commands()
    assert record["state"] == "sent"
    await settle(cloud, "cmd-1", "SUCCESS")
    assert (await account.until_final(record["tracking_id"]))["state"] == "success"
