"""Commands that someone else sent, with the app for example, are followed like our own."""

from typing import Any

import pytest

from stage import DOMAIN, Account, Client, CommandError, Simulator

from .clouds import FRONT_DOOR, GARDEN, HOME, NO_ANSWER, end, number_of


async def test_a_command_that_someone_else_sent_is_followed(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """It is announced like our own; asked for again, it is the same."""
    number = await cloud.act("issue", command="thumbnail", target=number_of(GARDEN), name="never")
    call = {
        "config_entry_id": account.entry_id,
        "network_id": "1234",
        "command_id": str(number),
        "tag": "theirs",
    }
    (record,) = (await client.ask(f"{DOMAIN}.track_command", call))["commands"]
    told = {
        "command": "thumbnail",
        "command_id": str(number),
        "network_id": "1234",
        "target": GARDEN,
        "target_name": "Garden",
        "device_id": await account.device("Garden"),
        "final": False,
    }
    assert record.items() >= told.items()
    (again,) = (await client.ask(f"{DOMAIN}.track_command", call))["commands"]
    assert again["tracking_id"] == record["tracking_id"]

    async with client.events(f"{DOMAIN}_finished") as finished:
        await end(cloud, record)
        (event,) = await finished.until(lambda event: event["tag"] == "theirs")
    assert (event["tracking_id"], event["state"]) == (record["tracking_id"], "success")
    sensor = await account.entity("sensor", "command", GARDEN)
    await client.until_state(sensor, "success", tracking_id=record["tracking_id"])


async def test_our_own_waits_for_a_command_that_someone_else_sent(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """The network is busy with it, and we know."""
    number = await cloud.act("issue", command="arm", target=number_of(HOME), name="never")
    call = {"config_entry_id": account.entry_id, "network_id": "1234", "command_id": str(number)}
    (theirs,) = (await client.ask(f"{DOMAIN}.track_command", call))["commands"]
    assert (theirs["target"], theirs["command"]) == (HOME, "arm")
    await cloud.act("script", name="success", seconds=0)
    ours = await account.send(FRONT_DOOR, "thumbnail")
    assert (ours["state"], ours["sent_at"]) == ("queued", None)
    await end(cloud, theirs)
    assert (await account.until_final(ours["tracking_id"]))["state"] == "success"
    assert [request["status"] for request in await cloud.requests("thumbnail")] == [200]


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param({"command_id": "4242", "network_id": "1234"}, id="unknown command"),
        pytest.param({"command_id": "4242", "network_id": "99"}, id="unknown network"),
        pytest.param({"command_id": "4242"}, id="no network"),
        pytest.param({"command_id": "cmd-1", "network_id": "1234"}, id="no number"),
    ],
)
async def test_what_blink_does_not_know_cannot_be_tracked(
    account: Account, client: Client, ids: dict[str, Any]
) -> None:
    """The caller is told at once, and nothing is on record."""
    call = {"config_entry_id": account.entry_id, **ids}
    with pytest.raises(CommandError) as told:
        await client.ask(f"{DOMAIN}.track_command", call)
    assert told.value.code == "service_validation_error"
    assert await account.commands() == []


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_who_cannot_be_asked_is_not_the_callers_mistake(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """The very same call may work a minute later."""
    number = await cloud.act("issue", command="thumbnail", target=number_of(GARDEN))
    call = {"config_entry_id": account.entry_id, "network_id": "1234", "command_id": str(number)}
    await cloud.fault("status", "status", status=503)
    with pytest.raises(CommandError) as told:
        await client.ask(f"{DOMAIN}.track_command", call)
    assert told.value.code == "home_assistant_error"
    (record,) = (await client.ask(f"{DOMAIN}.track_command", call))["commands"]
    assert record["command_id"] == str(number)
