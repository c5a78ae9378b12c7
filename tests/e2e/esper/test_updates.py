"""The state of a command status object is set: the call by which this provider began."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from stage import DOMAIN, Account, Client, CommandError, Simulator, eventually

from .clouds import KIOSK, LOBBY, NO_ANSWER, QUEUED, issue, requests, settle, track

WORDS: Final[Mapping[str, str]] = {
    "acknowledged": "Command Acknowledged",
    "in_progress": "Command In Progress",
    "scheduled": "Command Scheduled",
    "success": "Command Success",
    "failure": "Command Failure",
    "timeout": "Command TimeOut",
    "cancelled": "Command Cancelled",
}
"""The words that Esper takes, ours and its own."""

REFUSED: Final = (
    "queued",
    "sent",
    "lost",
    "Command Queued",
    "Command Initiated",
    "Command Done",
    "done",
    "",
)


async def update(client: Client, call: Mapping[str, Any], /, **fields: Any) -> dict[str, Any]:
    """Set state, reason or both, and return the record."""
    (record,) = (await client.ask(f"{DOMAIN}.update_command", {**call, **fields}))["commands"]
    return dict(record)


async def statuses(cloud: Simulator) -> dict[str, tuple[str, str]]:
    """Return what the cloud says about each command: its word and its reason."""
    return {
        status["id"]: (status["state"], status["reason"])
        for request in await requests(cloud)
        for status in request["statuses"]
    }


@pytest.mark.parametrize(("ours", "theirs"), WORDS.items())
async def test_a_word_that_esper_takes_is_set_and_shown_at_once(
    account: Account, client: Client, cloud: Simulator, ours: str, theirs: str
) -> None:
    """Ours for a command that is followed, Esper's own for one that is followed from then on."""
    await cloud.act("script", **QUEUED)
    _, (lobby, kiosk) = await issue(cloud, "REBOOT", LOBBY, KIOSK)
    (followed,) = await track(account, lobby)
    sensor = await account.entity("sensor", "command", LOBBY)
    await cloud.fault("silence", "statuses", times=None)  # so nothing is known from asking

    one = await update(client, {"tracking_id": followed["tracking_id"]}, state=ours, reason="Seen")
    call = {"config_entry_id": account.entry_id, "command_id": kiosk}
    two = await update(client, call, state=theirs.upper(), reason="Seen")

    told = {"state": ours, "provider_state": theirs, "reason": "Seen"}
    assert one.items() >= {**told, "tracking_id": followed["tracking_id"]}.items()
    assert two.items() >= {**told, "target": KIOSK, "command": "REBOOT"}.items()
    assert await statuses(cloud) == {lobby: (theirs, "Seen"), kiosk: (theirs, "Seen")}
    await client.until_state(sensor, ours, reason="Seen", tracking_id=followed["tracking_id"])


async def test_an_outcome_that_was_set_is_announced_at_once(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """Automations need not wait until Esper is asked again, be the command new to us or not."""
    await cloud.act("script", **QUEUED)
    _, (lobby, kiosk) = await issue(cloud, "REBOOT", LOBBY, KIOSK)
    await track(account, lobby)
    await cloud.fault("silence", "statuses", times=None)
    async with client.events(f"{DOMAIN}_finished") as finished:
        for command_id in (lobby, kiosk):
            call = {"config_entry_id": account.entry_id, "command_id": command_id}
            await update(client, call, state="failure", reason="Stolen")
        events = await finished.until(number=2)
    told = [(each["command_id"], each["state"], each["reason"]) for each in events]
    assert told == [(lobby, "failure", "Stolen"), (kiosk, "failure", "Stolen")]


async def test_a_reason_can_be_set_alone(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """The state stays as it is."""
    await cloud.act("script", **QUEUED)
    _, (lobby,) = await issue(cloud, "REBOOT", LOBBY)
    call = {"config_entry_id": account.entry_id, "command_id": lobby}
    record = await update(client, call, reason="Battery is being changed")
    assert (record["state"], record["reason"]) == ("queued", "Battery is being changed")
    assert await statuses(cloud) == {lobby: ("Command Queued", "Battery is being changed")}


async def test_what_is_final_for_good_keeps_its_state(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """What was announced is not taken back; that Esper says something else now is shown."""
    await cloud.act("script", **QUEUED)
    _, (lobby,) = await issue(cloud, "REBOOT", LOBBY)
    (record,) = await track(account, lobby)
    await settle(cloud, record, "Command Success")
    done = await account.until_final(record["tracking_id"])
    async with client.events(f"{DOMAIN}_finished") as finished:
        call = {"tracking_id": record["tracking_id"]}
        after = await update(client, call, state="failure", reason="It was not")
        assert finished.messages == []
    newest = {"provider_state": "Command Failure", "steps": after["steps"]}
    assert after == done | newest
    assert [step["state"] for step in after["steps"]][-2:] == ["success", "success"]


async def test_a_timeout_is_corrected_by_hand(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """Somebody looked at the device; nobody need wait until Esper learns of it."""
    await cloud.act("script", **QUEUED)
    _, (lobby,) = await issue(cloud, "REBOOT", LOBBY)
    await track(account, lobby)
    call = {"config_entry_id": account.entry_id, "command_id": lobby}
    async with client.events(f"{DOMAIN}_finished") as finished:
        for state in ("timeout", "success"):
            await update(client, call, state=state)
        events = await finished.until(number=2)
    told = [(event["state"], event["late"]) for event in events]
    assert told == [("timeout", False), ("success", True)]


async def test_what_esper_does_not_take_is_never_sent(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """The caller reads what is accepted; the command stays as it was."""
    await cloud.act("script", **QUEUED)
    _, (lobby,) = await issue(cloud, "REBOOT", LOBBY)
    (before,) = await track(account, lobby)
    call = {"tracking_id": before["tracking_id"]}

    async def refusal(**fields: str) -> tuple[str, str | None]:
        with pytest.raises(CommandError) as told:
            await update(client, call, **fields)
        return told.value.code, told.value.translation_key

    refusals = {word: await refusal(state=word, reason="Seen") for word in REFUSED}
    assert refusals == dict.fromkeys(REFUSED, ("service_validation_error", "invalid_state"))
    assert await refusal() == ("service_validation_error", "nothing_to_update")
    assert "update" not in await cloud.counts()
    assert _words_of(await account.record(before["tracking_id"])) == _words_of(before)


@pytest.mark.allowed_logs(NO_ANSWER)
@pytest.mark.parametrize("shape", ["commands", "classic"])
@pytest.mark.parametrize(
    ("status", "code", "key", "said"),
    [
        pytest.param(400, "home_assistant_error", "provider_error", "Invalid input.", id="400"),
        pytest.param(401, "home_assistant_error", "auth_refused", "Sign in again", id="401"),
        pytest.param(404, "service_validation_error", "command_not_found", "no such", id="404"),
        pytest.param(
            500, "home_assistant_error", "provider_failed", "Internal server error.", id="500"
        ),
    ],
)
async def test_a_refusal_is_told_and_changes_nothing(
    account: Account,
    client: Client,
    cloud: Simulator,
    shape: str,
    status: int,
    code: str,
    key: str,
    said: str,
) -> None:
    """The error says what Esper says, in whichever of its two shapes; the command stays open."""
    await cloud.configure(fault_shape=shape)
    await cloud.act("script", **QUEUED)
    _, (lobby,) = await issue(cloud, "REBOOT", LOBBY)
    (before,) = await track(account, lobby)
    await cloud.fault("status", "update", status=status)
    with pytest.raises(CommandError) as told:
        await update(client, {"tracking_id": before["tracking_id"]}, state="success")
    assert (told.value.code, told.value.translation_key) == (code, key)
    assert said in told.value.message
    assert _words_of(await account.record(before["tracking_id"])) == _words_of(before)
    assert await statuses(cloud) == {lobby: ("Command Queued", "")}


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_a_key_that_is_refused_asks_the_user_once(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """A second attempt would be refused as well, so it is not made."""
    await cloud.act("script", **QUEUED)
    _, (lobby,) = await issue(cloud, "REBOOT", LOBBY)
    (record,) = await track(account, lobby)
    await cloud.fault("status", "update", status=401, times=None)
    for key in ("auth_refused", "invalid_auth"):
        with pytest.raises(CommandError) as told:
            await update(client, {"tracking_id": record["tracking_id"]}, state="success")
        assert told.value.translation_key == key
    (flow,) = await eventually(client.waiting_flows, "dialogue for a new key")
    assert flow.step == "reauth_confirm"
    assert (await cloud.counts())["update"] == 1
    assert not (await account.record(record["tracking_id"]))["final"]


async def test_a_command_that_nobody_knows_cannot_be_updated(
    account: Account, client: Client
) -> None:
    """The caller is told at once, and nothing is on record."""
    call = {"config_entry_id": account.entry_id, "command_id": "5b7d1f60-0000-4000-8000-9"}
    with pytest.raises(CommandError) as told:
        await update(client, call, state="success")
    assert told.value.translation_key == "command_not_found"
    assert await account.commands() == []


def _words_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without the number of times that the cloud was asked about it."""
    return {name: value for name, value in record.items() if name != "polls"}
