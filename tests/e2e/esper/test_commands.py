"""What is sent, what the devices tell, and how it ends."""

import asyncio

import pytest

from stage import DOMAIN, Account, Client, CommandError, Simulator, eventually

from ..audience import Seat
from .clouds import KIOSK, LOBBY, NO_ANSWER, WAREHOUSE, requests


async def test_what_comes_after_a_timeout_is_announced_as_late(
    account: Account, client: Client, cloud: Simulator, seat: Seat
) -> None:
    """A device comes back after our window; another one is slower than Esper's own patience."""
    warehouse, kiosk = await seat(account, WAREHOUSE), await seat(account, KIOSK)
    fails_later = {"outcome": "Command Failure", "reason": "busy", "after": 20}
    await cloud.act("script", device=KIOSK, times_out_after=1, **fails_later)
    records = away, slow = await account.send_all(
        (WAREHOUSE, KIOSK), "REBOOT", timeout=7, wait=True
    )
    assert [each["state"] for each in records] == ["timeout", "timeout"]
    assert (away["provider_state"], away["reason"]) == ("Command Queued", "the target was offline")
    assert slow["provider_state"] == "Command TimeOut"

    async with client.events(f"{DOMAIN}_finished") as finished:
        await cloud.act("set_device", device=WAREHOUSE, online=True)
        events = await finished.until(number=2, within=120)  # they are looked for after 30 s
    assert {event["target"]: (event["state"], event["late"]) for event in events} == {
        WAREHOUSE: ("success", True),
        KIOSK: ("failure", True),
    }
    corrected = await account.record(away["tracking_id"])
    assert (corrected["state"], corrected["late"]) == ("success", True)
    await warehouse.heard(away, "timeout", "success")
    await kiosk.heard(slow, "timeout", "failure")
    assert len(await requests(cloud)) == 1


async def test_what_a_device_tells_is_the_result(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """A scan brings a list, and an update tells on the way how much of it is there."""
    await cloud.act("script", device=KIOSK, after=7)
    sensor = await account.entity("sensor", "command", KIOSK)
    async with client.watch(sensor) as changes:
        scan, update = await asyncio.gather(
            account.send(LOBBY, "SCAN_OS_UPDATES", wait=True),
            account.send(KIOSK, "OS_UPDATE_STATUS", wait=True),
        )
        await changes.until(lambda state: state["state"] == "success")
    assert [each["product_version"] for each in scan["result"]] == ["17.2"]
    assert scan["progress"] is None

    told = [state["attributes"].get("progress") for state in changes.messages]
    percentages = [percentage for percentage in told if percentage is not None]
    assert percentages == sorted(percentages)
    assert 0 <= percentages[0] < 100
    assert (update["progress"], update["result"]["is_downloaded"]) == (100, True)


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_a_request_whose_answer_was_lost_is_found_by_its_alias(
    account: Account, cloud: Simulator
) -> None:
    """Esper took it and nobody heard it say so; a second request would reboot twice."""
    await cloud.configure(duration=0.0)
    await cloud.fault("drop", "create")
    records = await account.send_all((LOBBY, KIOSK), "REBOOT", wait=True)
    assert [each["state"] for each in records] == ["success", "success"]
    (request,) = await requests(cloud)
    assert {each["request_id"] for each in records} == {request["id"]}
    assert len(await cloud.requests("create")) == 1


async def test_a_command_for_a_device_that_is_away_can_be_cancelled(
    account: Account, client: Client, cloud: Simulator, seat: Seat
) -> None:
    """It waits at Esper for the device, which never gets it."""
    audience = await seat(account, WAREHOUSE)
    record = await account.send(WAREHOUSE, "REBOOT")
    assert (record["state"], record["provider_state"]) == ("queued", "Command Queued")
    call = {"tracking_id": record["tracking_id"]}
    (cancelled,) = (await client.ask(f"{DOMAIN}.cancel_command", call))["commands"]
    assert (cancelled["state"], cancelled["provider_state"]) == ("cancelled", "Command Cancelled")
    await audience.heard(record, "cancelled")

    await cloud.act("set_device", device=WAREHOUSE, online=True)
    ((status,),) = [request["statuses"] for request in await requests(cloud)]
    assert (status["id"], status["state"]) == (record["command_id"], "Command Cancelled")
    with pytest.raises(CommandError) as over:
        await client.ask(f"{DOMAIN}.cancel_command", call)
    assert over.value.translation_key == "already_final"


async def test_a_wipe_needs_a_confirmation_by_an_administrator(
    account: Account, client: Client, guest: Client, cloud: Simulator
) -> None:
    """Whoever slips, and whoever may not, destroys nothing."""
    call = {"config_entry_id": account.entry_id, "target": LOBBY, "command": "wipe"}

    async def refusal(user: Client, **words: bool) -> str | None:
        with pytest.raises(CommandError) as told:
            await user.ask(f"{DOMAIN}.send_command", call | words)
        assert told.value.code == "service_validation_error"
        return told.value.translation_key

    assert await refusal(client) == "confirm_required"
    assert await refusal(client, confirm=False) == "confirm_required"
    assert await refusal(guest) == "confirm_required"
    assert await refusal(guest, confirm=True) == "admin_required"
    assert await requests(cloud) == []
    assert await account.commands() == []

    # A guest may do what does no harm, and an administrator what does.
    harmless = call | {"command": "UPDATE_HEARTBEAT"}
    await asyncio.gather(
        guest.ask(f"{DOMAIN}.send_command", harmless),
        client.ask(f"{DOMAIN}.send_command", call | {"confirm": True}),
    )

    async def both_sent() -> bool:
        sent = {request["command"] for request in await requests(cloud)}
        return sent == {"UPDATE_HEARTBEAT", "WIPE"}

    await eventually(both_sent, "request of each command")
