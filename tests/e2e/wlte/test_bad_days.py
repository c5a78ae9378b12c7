"""What the cloud says on a bad day ends no command and no account."""

from typing import Any

import pytest

from stage import Account, Client, Simulator

from .clouds import NEVER, NO_ANSWER, settle


@pytest.mark.allowed_logs(NO_ANSWER)
@pytest.mark.parametrize(
    ("kind", "details"),
    [
        pytest.param("html", {}, id="a web page"),
        pytest.param("huge", {}, id="5 MB"),
        pytest.param("status", {"status": 429, "headers": {"Retry-After": "1"}}, id="429"),
    ],
)
async def test_a_failed_poll_is_not_a_failed_command(
    account: Account, client: Client, cloud: Simulator, kind: str, details: dict[str, Any]
) -> None:
    """The question is asked again, and the account says meanwhile what it knows."""
    await cloud.act("script", **NEVER)
    sensor = await account.entity("sensor", "command", "dev-7/1")
    await cloud.fault(kind, "status", **details)
    await settle(cloud, "cmd-1", "SUCCESS")
    async with client.watch(sensor) as changes:
        await account.send("dev-7/1", "ON")
        await changes.until(lambda state: state["state"] == "success")
    assert [state["state"] for state in changes.messages] == ["queued", "sent", "success"]
    assert (await cloud.counts())["status"] == 2
    assert (await account.entry())["state"] == "loaded"


@pytest.mark.allowed_logs("'ROASTING' about a command")
async def test_a_word_that_nobody_knows_keeps_the_command_open(
    account: Account, cloud: Simulator
) -> None:
    """The provider's own word is shown; what it means is not guessed."""
    await cloud.act("script", meanwhile="ROASTING", **NEVER)
    record = await account.send("dev-7/1", "ON")
    assert (record["final"], record["provider_state"]) == (False, "ROASTING")
    await cloud.until_asked("status")
    await settle(cloud, record["command_id"], "SUCCESS")
    assert (await account.until_final(record["tracking_id"]))["state"] == "success"


async def test_an_answer_without_a_status_keeps_the_command_open(
    account: Account, cloud: Simulator
) -> None:
    """Nothing was said, so nothing has changed."""
    await cloud.act("script", show_status=False, **NEVER)
    record = await account.send("dev-7/1", "ON")
    assert record["state"] == "sent"
    await cloud.until_asked("status")
    await settle(cloud, record["command_id"], "SUCCESS")
    assert (await account.until_final(record["tracking_id"]))["polls"] == 2


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_a_lost_answer_is_asked_for_with_the_same_key(
    account: Account, cloud: Simulator
) -> None:
    """The cloud took the command, and nobody heard it say so; it must not be taken twice."""
    await cloud.fault("drop", "create")
    record = await account.send("dev-7/1", "ON", wait=True)
    assert (record["state"], record["command_id"]) == ("success", "cmd-1")
    assert len((await cloud.state())["commands"]) == 1


async def test_a_target_that_is_offline_refuses_for_a_reason(account: Account) -> None:
    """WLTE does not take a command for a device that is away."""
    record = await account.send("dev-9/1", "ON", wait=True)
    assert record["state"] == "failure"
    assert "offline" in record["reason"]
