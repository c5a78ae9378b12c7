"""Commands that someone else sent."""

import pytest

from stage import DOMAIN, Account, Client, CommandError, Simulator

from .clouds import KIOSK, LOBBY, NO_ANSWER, QUEUED, WAREHOUSE, issue, settle, track


async def test_a_status_id_tracks_the_command_on_one_device(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """The others of its request are none of our business."""
    await cloud.act("script", **QUEUED)
    request_id, (_, kiosk) = await issue(cloud, "LOCK", LOBBY, KIOSK)
    (record,) = await track(account, kiosk, tag="theirs")
    told = {
        "command_id": kiosk,
        "request_id": request_id,
        "target": KIOSK,
        "target_name": "Kiosk",
        "device_id": await account.device("Kiosk"),
        "command": "LOCK",
        "state": "queued",
        "tag": "theirs",
    }
    assert record.items() >= told.items()
    assert len(await account.commands()) == 1

    sensor = await account.entity("sensor", "command", KIOSK)
    async with client.events(f"{DOMAIN}_finished") as finished:
        await settle(cloud, record, "Command Failure", "no such app")
        (event,) = await finished.until()
    assert (event["tag"], event["state"], event["reason"]) == ("theirs", "failure", "no such app")
    await client.until_state(sensor, "failure", tracking_id=record["tracking_id"])


async def test_a_request_id_tracks_every_command_of_the_request(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """Each has a record and an outcome of its own; what has ended is announced as well."""
    await cloud.act("script", **QUEUED)
    request_id, status_ids = await issue(cloud, "REBOOT", LOBBY, KIOSK, WAREHOUSE)
    await cloud.act("set_status", status_id=status_ids[0], state="Command Success")
    async with client.events(f"{DOMAIN}_finished") as finished:
        records = await track(account, request_id)
        assert [each["command_id"] for each in records] == status_ids
        assert [each["target"] for each in records] == [LOBBY, KIOSK, WAREHOUSE]
        assert [each["state"] for each in records] == ["success", "queued", "queued"]
        assert {each["request_id"] for each in records} == {request_id}

        # Asked for again, also by one of the status ids, they are the same.
        again = [*await track(account, request_id), *await track(account, status_ids[1])]
        ids = [each["tracking_id"] for each in records]
        assert [each["tracking_id"] for each in again] == [*ids, ids[1]]

        await settle(cloud, records[1], "Command Cancelled")
        await settle(cloud, records[2], "Command Success")
        events = await finished.until(number=3)
    assert {event["tracking_id"]: event["state"] for event in events} == dict(
        zip(ids, ("success", "cancelled", "success"), strict=True)
    )


async def test_hundreds_of_commands_of_one_request_are_tracked(
    account: Account, cloud: Simulator
) -> None:
    """The list of them comes in pages."""
    await cloud.configure(extra_devices=250)
    devices = [f"3d0c8a52-0000-4000-8000-{number:012}" for number in range(1, 251)]
    request_id, status_ids = await issue(cloud, "REBOOT", *devices)
    records = await track(account, request_id)
    assert [each["command_id"] for each in records] == status_ids


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_what_cannot_be_tracked_is_told(account: Account, cloud: Simulator) -> None:
    """An id that Esper does not know is the caller's mistake; a broken Esper is not."""
    with pytest.raises(CommandError) as unknown:
        await track(account, "5b7d1f60-0000-4000-8000-999999999999")
    with pytest.raises(CommandError) as no_id:
        await track(account, "../../v2/devices")
    await cloud.fault("status", "status", status=503)
    with pytest.raises(CommandError) as broken:
        await track(account, "5b7d1f60-0000-4000-8000-999999999999")
    assert unknown.value.code == no_id.value.code == "service_validation_error"
    assert broken.value.code == "home_assistant_error"
    assert await account.commands() == []
