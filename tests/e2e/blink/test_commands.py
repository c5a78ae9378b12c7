"""What is sent, what is shown meanwhile, and how it ends."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import pytest

from stage import DOMAIN, Account, Client, CommandError, Simulator

from ..audience import Seat
from .clouds import (
    DRIVEWAY,
    FRONT_DOOR,
    GARDEN,
    HALL,
    HOME,
    YARD_LIGHT,
    number_of,
    taken,
)

COMMANDS: Final[tuple[tuple[str, str, Mapping[str, Any]], ...]] = (
    (HALL, "disable", {"enabled": False}),
    (GARDEN, "disable", {"enabled": False}),
    (GARDEN, "clip", {"clips": 1}),
    (YARD_LIGHT, "light_on", {"lights": True}),
    (FRONT_DOOR, "disable", {"enabled": False}),
    (FRONT_DOOR, "status", {}),
)
"""A command of each family of devices, and what it makes of the device."""


# The outcome


async def test_arming_succeeds(account: Account, client: Client, cloud: Simulator) -> None:
    """The network is armed when the user is told so."""
    await cloud.act("script", name="success", seconds=0.5)
    record = await account.send(HOME, "ARM", tag="night", wait=True)
    told = {
        "provider": "blink",
        "device_id": await account.device("Home"),
        "target": HOME,
        "target_name": "Home",
        "network_id": "1234",
        "command": "arm",
        "tag": "night",
        "state": "success",
        "provider_state": "done",
        "progress": 100,
        "reason": None,
    }
    assert record.items() >= told.items()
    (command,) = await taken(cloud)
    assert record["command_id"] == str(command["id"])
    networks = {network["id"]: network for network in (await cloud.state())["networks"]}
    assert networks[1234]["armed"]
    await client.until_state(await account.entity("sensor", "command", HOME), "success")


async def test_a_thumbnail_starts_every_kind_of_automation(
    account: Account, cloud: Simulator, seat: Seat
) -> None:
    """908, "Command succeeded", came with every answer; only the last one is believed."""
    audience = await seat(account, GARDEN, "success")
    record = await account.send(GARDEN, "thumbnail", wait=True)
    assert record["state"] == "success"
    assert record["duration"] >= 3  # seconds, which is what the simulated camera takes
    assert len(await cloud.requests("status")) > 1
    await audience.heard(record, "success")


async def test_a_failure_starts_every_kind_of_automation(
    account: Account, cloud: Simulator, seat: Seat
) -> None:
    """The reason is what Blink says, though its code is that of a success."""
    await cloud.act("script", name="failure", seconds=1.0, status_msg="Camera has hiccups")
    audience = await seat(account, GARDEN, "failure")
    record = await account.send(GARDEN, "thumbnail", wait=True)
    assert (record["state"], record["reason"]) == ("failure", "Camera has hiccups")
    assert (record["provider_state"], record["result"]) == (
        "error",
        {"status": 1, "status_code": 908},
    )
    await audience.heard(record, "failure")
    (run,) = await account.client.runs(audience.automations["event"])
    assert run.told["reason"] == "Camera has hiccups"


async def test_a_camera_called_offline_is_commanded_all_the_same(
    account: Account, cloud: Simulator
) -> None:
    """The list may be old; where the command fails, it is the likely reason."""
    await cloud.act("script", name="out_of_reach", target=number_of(DRIVEWAY), seconds=1.0, times=1)
    failed = await account.send(DRIVEWAY, "thumbnail", wait=True)
    assert (failed["state"], failed["reason"]) == (
        "failure",
        "Camera is offline",
    )
    await cloud.act("script", name="success", target=number_of(DRIVEWAY), seconds=1.0)
    succeeded = await account.send(DRIVEWAY, "thumbnail", wait=True)
    assert (succeeded["state"], succeeded["reason"]) == ("success", None)


async def test_a_refusal_in_a_good_answer_is_a_failure(
    account: Account, client: Client, cloud: Simulator, seat: Seat
) -> None:
    """Blink says with 200 that no camera is armed; there is no command to follow then."""
    for target in (GARDEN, DRIVEWAY, YARD_LIGHT, FRONT_DOOR):
        await cloud.act("set_device", device_id=number_of(target), enabled=False)
    audience = await seat(account, HOME, "failure")
    record = await account.send(HOME, "arm")
    assert (record["state"], record["reason"]) == ("failure", "No Cameras Enabled for Motion")
    assert (record["command_id"], record["provider_state"]) == (None, "304")
    await audience.heard(record, "failure")
    call = {"config_entry_id": account.entry_id, "target": HOME, "command": "arm"}
    with pytest.raises(CommandError, match=r"Home.*failed.*No Cameras Enabled") as told:
        await client.act(f"{DOMAIN}.send_command", call)
    assert told.value.code == "home_assistant_error"
    assert [request["status"] for request in await cloud.requests("arm")] == [200, 200]


async def test_every_family_of_devices_does_what_it_is_told(
    account: Account, cloud: Simulator
) -> None:
    """Each has paths and answers of its own."""
    await cloud.act("script", name="success", seconds=0)
    records = await asyncio.gather(
        *(account.send(target, command, wait=True) for target, command, _ in COMMANDS)
    )
    assert [record["state"] for record in records] == ["success"] * len(COMMANDS)
    devices = {device["id"]: device for device in (await cloud.state())["devices"]}
    for target, _, change in COMMANDS:
        assert devices[number_of(target)].items() >= change.items()


# On the way


async def test_the_stages_are_shown_as_they_pass(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """Queued, in the cloud, at the sync module, at the camera, done: each for some seconds."""
    sensor = await account.entity("sensor", "command", GARDEN)
    await cloud.act("script", name="success", seconds=14, stages=["cs_sent", "sm", "dev"])
    async with client.watch(sensor) as changes:
        await account.send(GARDEN, "thumbnail", wait=True)
        await changes.until(lambda state: state["state"] == "success")
    shown = [(each["state"], each["attributes"]["progress"]) for each in changes.messages]
    assert list(dict.fromkeys(shown)) == [
        ("queued", None),
        ("queued", 0),
        ("sent", 30),
        ("acknowledged", 50),
        ("in_progress", 70),
        ("success", 100),
    ]
