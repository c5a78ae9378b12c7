"""Tokens end while commands are under way."""

import pytest

from stage import Account, Client, Simulator, eventually
from stage.programme import blink_form

from ..audience import Seat
from .clouds import CODE, FRONT_DOOR, GARDEN, HALL, NO_ANSWER, end, taken, until_quiet


async def test_an_access_token_that_ends_in_mid_flight_is_not_noticed(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """It is renewed once, whoever needs it, and the user sees nothing but their commands."""
    await cloud.act("script", name="never")
    connection = await account.entity("binary_sensor", "connection")
    record = await account.send(GARDEN, "thumbnail")
    await cloud.until_asked("status")
    before = (await cloud.state())["refreshes"]
    async with client.watch(connection) as changes:
        await cloud.act("expire_tokens")
        sent_without = await account.send(HALL, "thumbnail")
        await end(cloud, sent_without)
        await end(cloud, record)
        for each in (record, sent_without):
            assert (await account.until_final(each["tracking_id"]))["state"] == "success"
        assert changes.messages == []
    assert (await cloud.state())["refreshes"] == before + 1
    assert len(await taken(cloud)) == 2
    assert await client.waiting_flows() == []


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_a_renewal_that_fails_for_a_while_asks_nobody_to_sign_in(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """Only a refusal says something about the refresh token."""
    await cloud.act("script", name="never")
    connection = await account.entity("binary_sensor", "connection")
    record = await account.send(GARDEN, "thumbnail")
    await cloud.until_asked("status")
    async with client.watch(connection) as changes:
        await cloud.fault("status", "token", status=500)
        await cloud.act("expire_tokens")
        await end(cloud, record)
        assert (await account.until_final(record["tracking_id"]))["state"] == "success"
        await changes.until(lambda state: state["state"] == "on")
    assert [state["state"] for state in changes.messages] == ["off", "on"]
    assert await client.waiting_flows() == []


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_a_revoked_refresh_token_asks_the_user_once(
    account: Account, client: Client, cloud: Simulator, seat: Seat
) -> None:
    """Open commands wait for that, and are followed on afterwards."""
    await cloud.act("script", name="never")
    audience = await seat(account, GARDEN)
    connection = await account.entity("binary_sensor", "connection")
    record = await account.send(GARDEN, "thumbnail", timeout=3600)
    await cloud.until_asked("status")

    await cloud.act("revoke_tokens")
    await cloud.act("expire_tokens")
    await client.until_state(connection, "off")
    (flow,) = await eventually(client.waiting_flows, "dialogue for new credentials")
    assert flow.step == "reauth_confirm"
    asked = await cloud.counts()
    refused = await account.send(HALL, "thumbnail", wait=True)
    assert (refused["state"], refused["reason"]) == ("failure", "invalid_auth")
    await until_quiet(cloud, 4)
    assert await cloud.counts() == asked
    assert (await account.entry())["state"] == "loaded"
    assert (await account.record(record["tracking_id"]))["final"] is False

    await account.reload()  # closes the dialogue; the list that is read then opens it again
    (flow,) = await eventually(client.waiting_flows, "dialogue for new credentials")
    await flow.walk({}, "blink_password")
    assert flow.shown["api_url"] == cloud.url
    await flow.walk(blink_form(cloud.url), {"code": CODE})
    assert (flow.kind, flow.reason) == ("abort", "reauth_successful")
    await account.until_entry("loaded")
    await client.until_state(connection, "on")
    assert await client.waiting_flows() == []
    await end(cloud, record)
    assert (await account.until_final(record["tracking_id"]))["state"] == "success"
    await audience.heard(record, "success")
    assert [command["target_id"] for command in await taken(cloud)] == [701]
    await cloud.act("clear_scripts")
    await cloud.act("script", name="success", seconds=0)
    assert (await account.send(FRONT_DOOR, "thumbnail", wait=True))["state"] == "success"
