"""What the cloud says on a bad day ends no command and no account."""

from typing import Any

import pytest

from stage import Account, Client, Simulator

from .clouds import GARDEN, NO_ANSWER, end, taken


@pytest.mark.allowed_logs(NO_ANSWER)
@pytest.mark.parametrize(
    ("kind", "details"),
    [
        pytest.param("html", {}, id="a web page"),
        pytest.param("status", {"status": 429, "headers": {"Retry-After": "1"}}, id="429"),
        pytest.param("status", {"status": 404}, id="404 at first"),
    ],
)
async def test_a_failed_poll_is_not_a_failed_command(
    account: Account, client: Client, cloud: Simulator, kind: str, details: dict[str, Any]
) -> None:
    """The question is asked again, and the account says meanwhile what it knows."""
    await cloud.act("script", name="success", seconds=0)
    await cloud.fault(kind, "status", **details)
    sensor = await account.entity("sensor", "command", GARDEN)
    async with client.watch(sensor) as changes:
        await account.send(GARDEN, "thumbnail")
        await changes.until(lambda state: state["state"] == "success")
    assert {state["state"] for state in changes.messages} == {"queued", "success"}
    assert (await cloud.counts())["status"] == 2
    assert (await account.entry())["state"] == "loaded"


async def test_a_command_that_blink_forgets_is_lost(account: Account, cloud: Simulator) -> None:
    """Blink told about it before, and then knows nothing of it: nobody can tell what became."""
    await cloud.act("script", name="forgotten", known_for=1)
    record = await account.send(GARDEN, "thumbnail", wait=True)
    assert (record["state"], record["reason"]) == ("lost", "not_found")


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_what_may_have_been_taken_is_never_sent_twice(
    account: Account, cloud: Simulator
) -> None:
    """Nothing that is sent to Blink carries a mark by which it could be found again."""
    await cloud.fault("drop", "thumbnail")
    record = await account.send(GARDEN, "thumbnail", wait=True)
    assert (record["state"], record["reason"]) == ("lost", "no_answer")
    assert len(await taken(cloud)) == 1
    assert len(await cloud.requests("thumbnail")) == 1


@pytest.mark.allowed_logs("'unknown' about a command")
async def test_a_word_that_nobody_knows_keeps_the_command_open(
    account: Account, cloud: Simulator
) -> None:
    """Blink's own word is shown; what it means is not guessed."""
    await cloud.act("script", name="unknown_condition", seconds=None)
    record = await account.send(GARDEN, "thumbnail")
    await cloud.until_asked("status", 2)
    shown = await account.record(record["tracking_id"])
    assert (shown["final"], shown["provider_state"]) == (False, "unknown")
    await end(cloud, record)
    assert (await account.until_final(record["tracking_id"]))["state"] == "success"
