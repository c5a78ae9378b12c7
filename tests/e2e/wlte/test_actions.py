"""The actions, as scripts and the developer tools call them."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import pytest

from stage import (
    DOMAIN,
    Account,
    Client,
    CommandError,
    HomeAssistant,
    Line,
    Simulator,
    eventually,
    wlte,
)

from .clouds import NEVER, NO_ANSWER, sends, settle

RECORD = {
    "tracking_id",
    "provider",
    "config_entry_id",
    "command_id",
    "request_id",
    "network_id",
    "device_id",
    "subentry_id",
    "target",
    "target_name",
    "command",
    "parameters",
    "tag",
    "state",
    "final",
    "late",
    "progress",
    "reason",
    "provider_state",
    "result",
    "created_at",
    "sent_at",
    "finished_at",
    "deadline",
    "duration",
    "polls",
    "evidence",
    "message",
    "steps",
    "asked_by",
}


async def test_an_action_that_waits_returns_the_outcome(account: Account, cloud: Simulator) -> None:
    """A script can act on what became of its command, without any race."""
    await cloud.act("script", after=1, times=1)
    record = await account.send("dev-7/1", "jog", tag="mine", wait=True)
    assert record.keys() == RECORD
    told = {
        "provider": "wlte",
        "config_entry_id": account.entry_id,
        "device_id": await account.device("Gate"),
        "target": "dev-7/1",
        "target_name": "Gate relay 1",
        "command": "JOG",
        "tag": "mine",
        "state": "success",
        "final": True,
        "late": False,
        "provider_state": "SUCCESS",
    }
    assert record.items() >= told.items()
    assert record["finished_at"] >= record["sent_at"] >= record["created_at"]


async def test_an_action_that_does_not_wait_returns_what_was_sent(
    account: Account, cloud: Simulator
) -> None:
    """The command is known, on disk and with the provider when the action returns."""
    await cloud.act("script", **NEVER)
    record = await account.send("dev-7/1", "ON")
    assert (record["state"], record["final"]) == ("sent", False)
    assert record["command_id"] == "cmd-1"
    assert [each["tracking_id"] for each in await account.commands()] == [record["tracking_id"]]


async def test_a_device_stands_for_its_relay(account: Account, client: Client) -> None:
    """A device with one relay needs no more; one with more needs the number."""
    call = {"device_id": await account.device("Garage"), "command": "ON", "wait": True}
    garage = await client.ask(f"{DOMAIN}.send_command", call)
    assert [each["target"] for each in garage["commands"]] == ["dev-8/1"]

    call = {"device_id": await account.device("Gate"), "command": "ON", "wait": True}
    second = await client.ask(f"{DOMAIN}.send_command", call | {"parameters": {"relay": 2}})
    assert [each["target"] for each in second["commands"]] == ["dev-7/2"]


async def test_every_target_is_tried(account: Account) -> None:
    """One that refuses keeps no other from its command."""
    records = await account.send_all(("dev-9/1", "dev-7/1", "dev-8/1"), "ON", wait=True)
    assert [each["state"] for each in records] == ["failure", "success", "success"]


async def test_without_a_response_a_failure_stops_the_script(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """The error names the command, its state and its reason."""
    await cloud.act("script", outcome="FAILED", times=1)
    call = {"config_entry_id": account.entry_id, "target": "dev-7/1", "command": "ON"}
    with pytest.raises(CommandError, match=r"Gate relay 1.*failed") as failed:
        await client.act(f"{DOMAIN}.send_command", call | {"wait": True})
    assert failed.value.code == "home_assistant_error"


async def test_the_tracking_goes_on_when_the_script_is_stopped(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """Who waits for a command does not own it."""
    await cloud.act("script", **NEVER)
    call = {"config_entry_id": account.entry_id, "target": "dev-7/1", "command": "ON"}
    steps = [{"action": f"{DOMAIN}.send_command", "data": call | {"wait": True, "tag": "script"}}]
    await client.request("POST", "/api/config/script/config/waits", {"sequence": steps})
    await client.until_state("script.waits", "off")
    await client.act("script.turn_on", {"entity_id": "script.waits"})
    await cloud.until_asked("create")
    (record,) = await eventually(lambda: account.commands(tag="script"), "command of the script")
    await client.act("script.turn_off", {"entity_id": "script.waits"})
    await client.until_state("script.waits", "off")

    await settle(cloud, "cmd-1", "SUCCESS")
    assert (await account.until_final(record["tracking_id"]))["state"] == "success"


async def test_a_command_that_someone_else_sent_is_followed(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """It is announced like our own; asked for again, it is the same."""
    command_id = await cloud.act("issue", device="dev-7", relays={"1": "ON", "2": "OFF"}, **NEVER)
    call = {"config_entry_id": account.entry_id, "command_id": command_id, "tag": "theirs"}
    (record,) = (await client.ask(f"{DOMAIN}.track_command", call))["commands"]
    assert record["state"] == "sent"
    assert record["target"] == "dev-7/1+2"
    (again,) = (await client.ask(f"{DOMAIN}.track_command", call))["commands"]
    assert again["tracking_id"] == record["tracking_id"]

    async with client.events(f"{DOMAIN}_finished") as finished:
        await settle(cloud, command_id, "SUCCESS")
        (event,) = await finished.until(lambda event: event["tag"] == "theirs")
    assert event["tracking_id"] == record["tracking_id"]
    for target in ("dev-7/1", "dev-7/2"):
        sensor = await account.entity("sensor", "command", target)
        await client.until_state(sensor, "success", tracking_id=record["tracking_id"])


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_what_cannot_be_tracked_is_told(home: HomeAssistant, cloud: Simulator) -> None:
    """An id that the cloud does not know is the caller's mistake; an absent cloud is not."""
    async with Line(cloud.url) as line:
        account = await Account.add(home, *wlte(line.url))
        call = {"config_entry_id": account.entry_id, "command_id": "cmd-404"}
        with pytest.raises(CommandError) as unknown:
            await home.client.ask(f"{DOMAIN}.track_command", call)
        await line.cut()
        with pytest.raises(CommandError) as unreachable:
            await home.client.ask(f"{DOMAIN}.track_command", call)
        await account.remove()
    assert unknown.value.code == "service_validation_error"
    assert unreachable.value.code == "home_assistant_error"


async def test_commands_are_listed_newest_first_and_by_what_is_asked(
    account: Account, cloud: Simulator
) -> None:
    """The list is the whole memory of an account."""
    first = await account.send("dev-7/1", "ON", tag="a", wait=True)
    await cloud.act("script", outcome="FAILED", times=1)
    second = await account.send("dev-7/2", "ON", tag="b", wait=True)
    third = await account.send("dev-8/1", "ON", tag="a", wait=True)

    async def listed(**fields: Any) -> list[str]:
        return [each["tracking_id"] for each in await account.commands(**fields)]

    ids = [each["tracking_id"] for each in (third, second, first)]
    assert await listed() == ids
    assert await listed(limit=2) == ids[:2]
    assert await listed(tag="a") == [ids[0], ids[2]]
    assert await listed(state=["failure"]) == [ids[1]]
    assert await listed(device_id=await account.device("Gate")) == ids[1:]


async def test_a_command_in_our_queue_is_taken_out_of_it(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """A relay rests for 3 s after each command; what waits for that was never sent."""
    await account.send("dev-7/1", "ON", wait=True)
    waiting = await account.send("dev-7/1", "OFF")
    assert waiting["state"] == "queued"
    call = {"tracking_id": waiting["tracking_id"]}
    (record,) = (await client.ask(f"{DOMAIN}.cancel_command", call))["commands"]
    assert record["state"] == "cancelled"
    assert await sends(cloud) == 1


async def test_what_wlte_has_taken_cannot_be_cancelled(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """WLTE has no such call, and says nothing of a command that has ended either."""
    await cloud.act("script", **NEVER)
    taken = await account.send("dev-7/1", "ON")
    with pytest.raises(CommandError) as refused:
        await client.ask(f"{DOMAIN}.cancel_command", {"tracking_id": taken["tracking_id"]})
    assert refused.value.code == "service_validation_error"

    await settle(cloud, taken["command_id"], "SUCCESS")
    await account.until_final(taken["tracking_id"])
    call = {"config_entry_id": account.entry_id, "command_id": taken["command_id"]}
    with pytest.raises(CommandError) as over:
        await client.ask(f"{DOMAIN}.cancel_command", call)
    assert over.value.code == "service_validation_error"


async def test_a_forgotten_command_ends_without_an_event(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """Its record is gone, the sensors show the one before, and who waits for it is told."""
    before = await account.send("dev-7/1", "ON", wait=True)
    await cloud.act("script", **NEVER)
    sensor = await account.entity("sensor", "last_command")
    async with client.events(f"{DOMAIN}_finished") as finished:
        waiting = asyncio.create_task(account.send("dev-7/2", "ON", wait=True))
        await client.until_state(sensor, "sent")
        (forgotten, _) = await account.commands()
        await client.act(f"{DOMAIN}.forget_command", {"tracking_id": forgotten["tracking_id"]})
        with pytest.raises(CommandError) as told:
            await waiting
        await client.until_state(sensor, "success", tracking_id=before["tracking_id"])
        assert finished.messages == []
    assert told.value.code == "home_assistant_error"
    assert [each["tracking_id"] for each in await account.commands()] == [before["tracking_id"]]


VALUE = "service_validation_error"
"""The code of what only we can judge."""
SHAPE = "invalid_format"
"""The code of what Home Assistant's own check refuses."""

NONSENSE: Final[Mapping[str, tuple[dict[str, Any], str]]] = {
    "unknown command": ({"command": "OPEN"}, VALUE),
    "unknown relay": ({"target": "dev-7/9"}, VALUE),
    "unknown device": ({"target": "dev-404/1"}, VALUE),
    "unknown account": ({"config_entry_id": "no"}, VALUE),
    "one of the targets unknown": ({"target": ["dev-7/1", "dev-404/1"]}, VALUE),
    "a device beside a target": ({"device_id": "no"}, VALUE),
    "window too short": ({"timeout": 4}, VALUE),
    "window too long": ({"timeout": 604_801}, VALUE),
    "another relay": ({"parameters": {"relay": 2}}, VALUE),
    "unknown parameter": ({"parameters": {"speed": 2}}, VALUE),
    "no command": ({"command": None}, SHAPE),
    "no number": ({"timeout": "soon"}, SHAPE),
    "wrong type": ({"wait": "perhaps"}, SHAPE),
    "unknown field": ({"relay": 1}, SHAPE),
}


async def test_what_makes_no_sense_is_never_sent(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """The caller is told, and nothing has happened."""
    right: dict[str, Any] = {
        "config_entry_id": account.entry_id,
        "target": "dev-7/1",
        "command": "ON",
    }

    async def told(words: dict[str, Any]) -> str:
        with pytest.raises(CommandError) as error:
            await client.ask(f"{DOMAIN}.send_command", right | words)
        return error.value.code

    codes = {name: await told(words) for name, (words, _) in NONSENSE.items()}
    assert codes == {name: code for name, (_, code) in NONSENSE.items()}
    assert await sends(cloud) == 0
    assert await account.commands() == []
