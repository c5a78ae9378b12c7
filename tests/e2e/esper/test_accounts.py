"""Accounts are added and mended through the dialogues that users see."""

from collections.abc import Mapping
import json
from typing import Any

import pytest

from stage import Account, Client, HomeAssistant, Simulator, eventually, free_port
from stage.programme import esper, esper_form

from ..audience import Seat
from .clouds import KIOSK, LOBBY, NO_ANSWER, QUEUED, WAREHOUSE, issue, settle, track
from .conftest import AddAccount


async def test_only_chosen_devices_have_entities(add_account: AddAccount, client: Client) -> None:
    """Before the first command there is nothing to show, but it is there to be shown."""
    account = await add_account(LOBBY)
    states = await client.states()
    lobby = states[await account.entity("sensor", "command", LOBBY)]
    assert (lobby["state"], lobby["attributes"]["friendly_name"]) == (
        "unknown",
        "Lobby Last command",
    )
    assert states[await account.entity("event", "command", LOBBY)]["state"] == "unknown"
    assert states[await account.entity("sensor", "pending_commands")]["state"] == "0"
    assert states[await account.entity("binary_sensor", "connection")]["state"] == "on"
    assert len(await account.devices()) == 2


async def test_a_choice_can_be_changed(
    add_account: AddAccount, client: Client, cloud: Simulator
) -> None:
    """What is chosen no longer can be deleted by the user, and keeps its records."""
    account = await add_account(LOBBY)
    _, (command_id,) = await issue(cloud, "REBOOT", LOBBY)
    (record,) = await track(account, command_id)
    assert record["device_id"] == await account.device("Lobby")
    await account.choose_devices(WAREHOUSE)
    assert {"Lobby", "Warehouse"} < (await account.devices()).keys()
    await client.command(
        "config/device_registry/remove_config_entry",
        config_entry_id=account.entry_id,
        device_id=await account.device("Lobby"),
    )
    assert "Lobby" not in await account.devices()
    assert (await account.record(record["tracking_id"]))["device_id"] is None


@pytest.mark.parametrize(
    "tenant",
    [
        pytest.param("{url}", id="host"),
        pytest.param("{url}/", id="host and slash"),
        pytest.param("{url}/api", id="whole address"),
        pytest.param(" {url}/api/ ", id="whole address, pasted"),
    ],
)
async def test_a_tenant_can_be_given_by_its_address(
    home: HomeAssistant, cloud: Simulator, tenant: str
) -> None:
    """It is copied from the browser or from a manual; what follows is the same."""
    typed = esper_form(cloud.url) | {"tenant": tenant.format(url=cloud.url)}
    account = await Account.add(home, "esper", typed)
    assert (await account.entry())["title"] == "Esper 127.0.0.1"
    (listed,) = await cloud.requests("devices")
    assert (listed["path"].partition("?")[0], listed["status"]) == ("/api/v2/devices/", 200)
    await account.remove()


@pytest.mark.parametrize(
    ("typed", "fault", "error"),
    [
        pytest.param({"api_key": "wrong"}, None, "invalid_auth", id="wrong key"),
        pytest.param({"api_key": "schlüssel"}, None, "invalid_auth", id="no key at all"),
        pytest.param({"tenant": "my tenant"}, None, "invalid_url", id="no tenant at all"),
        pytest.param({"tenant": "http://esper.invalid/api"}, None, "insecure_url", id="plain http"),
        pytest.param(
            {"tenant": f"http://127.0.0.1:{free_port()}"}, None, "cannot_connect", id="nobody there"
        ),
        pytest.param({}, {"kind": "status", "status": 404}, "cannot_connect", id="no such tenant"),
        pytest.param({}, {"kind": "status", "status": 500}, "cannot_connect", id="out of order"),
        pytest.param({}, {"kind": "html"}, "cannot_connect", id="a web page"),
        pytest.param({}, {"kind": "status", "status": 429}, "rate_limited", id="too many requests"),
        pytest.param({}, {"kind": "status", "status": 403}, "missing_permission", id="no rights"),
    ],
)
async def test_a_mistake_is_told_and_can_be_mended(
    home: HomeAssistant,
    cloud: Simulator,
    typed: Mapping[str, str],
    fault: Mapping[str, Any] | None,
    error: str,
) -> None:
    """The form comes back with what was typed, the key excepted, and can be completed."""
    for details in filter(None, [fault]):
        await cloud.control("POST", "faults", {"label": "token", **details})
    right = esper_form(cloud.url)
    wrong = {**right, **typed}
    flow = await home.client.flow()
    await flow.walk("esper", wrong)
    assert (flow.kind, flow.step, flow.errors) == ("form", "esper", {"base": error})
    assert flow.shown == {"tenant": wrong["tenant"], "api_key": None}

    await flow.submit(right)
    assert flow.kind == "create_entry"
    await Account(home, flow.entry_id).remove()


@pytest.mark.usefixtures("account")
async def test_an_account_is_added_once(client: Client, cloud: Simulator) -> None:
    """Two entries for one account would send and announce everything twice."""
    flow = await (await client.flow()).walk(*esper(cloud.url))
    assert (flow.kind, flow.reason) == ("abort", "already_configured")


async def test_an_account_does_not_become_another_one(account: Account, cloud: Simulator) -> None:
    """Its devices, entities and records are those of the enterprise that it was made for."""
    other = {"enterprise": "6f1c0f2e-0000-4000-8000-000000000002"}
    await cloud.fault("status", "token", status=200, body=json.dumps(other))
    flow = await (await account.reconfigure()).submit(esper_form(cloud.url))
    assert (flow.kind, flow.reason) == ("abort", "wrong_account")
    flow = await (await account.reconfigure()).submit(esper_form(cloud.url))
    assert (flow.kind, flow.reason) == ("abort", "reconfigure_successful")
    await account.until_entry("loaded")


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_a_key_that_is_replaced_in_mid_flight_asks_for_the_new_one(
    account: Account, client: Client, cloud: Simulator, seat: Seat
) -> None:
    """Open commands wait for it and are followed on; meanwhile the dead key is used no more."""
    await cloud.act("script", **QUEUED)
    audience = await seat(account, LOBBY)
    connection = await account.entity("binary_sensor", "connection")
    _, (command_id,) = await issue(cloud, "REBOOT", LOBBY)
    (record,) = await track(account, command_id)
    await cloud.act("replace_key", key="esper-key-2f8a6613e0")
    (flow,) = await eventually(client.waiting_flows, "dialogue for a new key")
    assert flow.step == "reauth_confirm"
    await client.until_state(connection, "off")
    assert (await account.entry())["state"] == "loaded"
    asked = await cloud.counts()
    refused = await account.send(KIOSK, "REBOOT", wait=True)
    assert (refused["state"], refused["reason"]) == ("failure", "invalid_auth")
    await settle(cloud, record, "Command Success")

    await flow.walk({}, esper_form(cloud.url))
    assert flow.errors == {"base": "invalid_auth"}  # the old one
    assert await cloud.counts() == {**asked, "token": asked["token"] + 1}
    assert not (await account.record(record["tracking_id"]))["final"]
    await flow.submit(esper_form(cloud.url, key="esper-key-2f8a6613e0"))
    assert (flow.kind, flow.reason) == ("abort", "reauth_successful")
    await account.until_entry("loaded")
    assert (await account.until_final(record["tracking_id"]))["state"] == "success"
    await audience.heard(record, "success")
    await client.until_state(connection, "on")
    assert await client.waiting_flows() == []
