"""Accounts are added, mended and changed through the dialogues that users see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from stage import (
    Account,
    Client,
    HomeAssistant,
    Line,
    Simulator,
    eventually,
    wlte,
    wlte_form,
)

from .clouds import NO_ANSWER


async def test_the_account_and_its_devices_have_their_entities(
    account: Account, client: Client
) -> None:
    """A user finds one device for each physical thing, and one for the account."""
    states = await client.states()
    gate = states[await account.entity("sensor", "command", "dev-7/1")]
    assert gate["attributes"]["friendly_name"] == "Gate Relay 1 last command"
    assert gate["state"] == "unknown"
    assert states[await account.entity("sensor", "last_command")]["state"] == "unknown"
    assert states[await account.entity("sensor", "pending_commands")]["state"] == "0"
    assert states[await account.entity("binary_sensor", "connection")]["state"] == "on"
    assert {"Gate", "Garage", "Cellar pump"} <= (await account.devices()).keys()


@pytest.mark.parametrize(
    ("typed", "faults", "error"),
    [
        pytest.param({"client_secret": "wrong"}, (), "invalid_auth", id="wrong secret"),
        pytest.param({"url": "a b"}, (), "invalid_url", id="no address at all"),
        pytest.param({"url": "http://wlte.invalid"}, (), "insecure_url", id="plain http"),
        pytest.param({"url": "http://127.0.0.1:9"}, (), "cannot_connect", id="nobody there"),
        pytest.param(
            {},
            ({"kind": "status", "label": "token", "status": 429},),
            "rate_limited",
            id="too many sign-ins",
        ),
        pytest.param({}, ({"kind": "html", "label": "token"},), "cannot_connect", id="a web page"),
        pytest.param({}, ({"kind": "huge", "label": "devices"},), "cannot_connect", id="5 MB"),
        pytest.param(
            {},
            ({"kind": "status", "label": "devices", "status": 403},),
            "missing_permission",
            id="devices may not be read",
        ),
    ],
)
async def test_a_mistake_is_told_and_can_be_mended(
    home: HomeAssistant,
    cloud: Simulator,
    typed: dict[str, str],
    faults: tuple[Mapping[str, Any], ...],
    error: str,
) -> None:
    """The form comes back with what was typed, the secret excepted, and can be completed."""
    for fault in faults:
        await cloud.control("POST", "faults", fault)
    right = wlte_form(cloud.url)
    wrong = wlte_form(**({"url": cloud.url} | typed))

    flow = await home.client.flow()
    await flow.walk("wlte", wrong)
    assert (flow.kind, flow.step) == ("form", "wlte")
    assert set(flow.errors.values()) == {error}
    assert flow.shown["client_id"] == right["client_id"]
    assert flow.shown["client_secret"] is None
    assert flow.shown["base_url"] == wrong["advanced"]["base_url"]

    await flow.submit(right)
    assert flow.kind == "create_entry"
    await Account(home, flow.entry_id).remove()


@pytest.mark.usefixtures("account")
async def test_an_account_is_added_once(client: Client, cloud: Simulator) -> None:
    """Two entries for one account would send and announce everything twice."""
    flow = await (await client.flow()).walk(*wlte(cloud.url))
    assert (flow.kind, flow.reason) == ("abort", "already_configured")


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_a_changed_secret_asks_for_the_new_one(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """The account stays as it is meanwhile, and works again as soon as it has the new secret."""
    await cloud.act("add_client", client_id="client-1", secret="another secret")
    await cloud.act("revoke_tokens")
    refused = await account.send("dev-7/1", "ON", wait=True)
    assert refused["state"] == "failure"

    (flow,) = await eventually(client.waiting_flows, "dialogue for new credentials")
    assert flow.step == "reauth_confirm"
    await flow.walk({}, wlte_form(cloud.url, client_secret="another secret"))
    assert (flow.kind, flow.reason) == ("abort", "reauth_successful")
    await account.until_entry("loaded")
    assert (await account.send("dev-7/1", "ON", wait=True))["state"] == "success"


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_an_account_moves_to_another_address(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """WLTE names addresses as it likes; the account keeps its devices and entities."""
    sensor = await account.entity("sensor", "command", "dev-7/1")
    async with Line(cloud.url) as line:
        flow = await account.reconfigure()
        await flow.submit(wlte_form(line.url))
        assert (flow.kind, flow.reason) == ("abort", "reconfigure_successful")
        await account.until_entry("loaded")
        assert (await account.send("dev-7/1", "ON", wait=True))["state"] == "success"
        await client.until_state(sensor, "success")

        await line.cut()
        assert (await account.send("dev-7/2", "ON", timeout=5, wait=True))["state"] == "failure"


async def test_the_options_hold_for_the_next_command(account: Account) -> None:
    """The default wait window is the account's."""
    flow = await account.options()
    await flow.submit({"timeout": {"seconds": 321}, "keep_finished": 2})
    assert flow.kind == "create_entry"
    await account.until_entry("loaded")
    record = await account.send("dev-7/1", "ON", wait=True)
    assert _seconds(record["created_at"], record["deadline"]) == pytest.approx(321, abs=1)


def _seconds(begin: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()
