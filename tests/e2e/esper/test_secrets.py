"""A Wi-Fi password goes to the device, and nowhere else."""

import json
from typing import Any, Final

from stage import DOMAIN, Account, Client, HomeAssistant, Simulator, eventually

from ..audience import Seat
from ..privacy import leaks
from .clouds import KIOSK, LOBBY, QUEUED, requests, settle
from .disk import events_with, files_with

PASSWORD: Final = "Correct-horse-5521"
NETWORK: Final = {"ssid": "Warehouse", "security": "WPA2", "password": PASSWORD}


async def traces(client: Client) -> list[Any]:
    """Return all that Home Assistant has noted about the runs of automations."""
    runs = await client.command("trace/list", domain="automation")
    return [
        await client.command(
            "trace/get", domain="automation", item_id=run["item_id"], run_id=run["run_id"]
        )
        for run in runs
    ]


async def test_a_wifi_password_is_nowhere_but_on_its_way(
    home: HomeAssistant, account: Account, client: Client, cloud: Simulator, seat: Seat
) -> None:
    """It is sent as it is; records say that there was one. Esper repeats it when it refuses.

    Home Assistant itself records with which data actions are called. Those who do not want that
    exclude `call_service` from its recorder.
    """
    await cloud.act("script", device=LOBBY, **QUEUED)
    message = f"the password {PASSWORD} is too short"
    await cloud.act("script", device=KIOSK, error=400, message=message)
    audience = await seat(account, LOBBY)
    parameters = {"wifi_access_points": [NETWORK], "note": json.dumps(NETWORK)}
    async with client.events(f"{DOMAIN}_finished") as finished:
        sent = await account.send(LOBBY, "ADD_WIFI_AP", parameters=parameters)
        await home.until_stored(sent["request_id"], f"{DOMAIN}.{account.entry_id}")
        assert files_with(PASSWORD, home) == [], "it was on disk only until it was sent"
        refused = await account.send(KIOSK, "ADD_WIFI_AP", parameters=parameters, wait=True)
        await settle(cloud, sent, "Command Success")
        events = await finished.until(number=2)
    await audience.heard(sent, "success")

    (request,) = await requests(cloud)
    assert request["command_args"] == parameters
    assert {PASSWORD} <= await cloud.secrets()
    hidden = {**NETWORK, "password": "**REDACTED**"}
    assert sent["parameters"] == {"wifi_access_points": [hidden], "note": "**REDACTED**"}
    assert refused["reason"] == "the password **REDACTED** is too short"

    told = {"answers": [sent, refused], "events": events, "traces": await traces(client)}
    assert await leaks(frozenset({PASSWORD}), account, home, **told) == []

    async def recorded() -> bool:
        return bool(events_with(sent["tracking_id"], home))

    await eventually(recorded, "record of the events in the database")
    assert events_with(PASSWORD, home) == {"call_service"}
    assert files_with(PASSWORD, home) == []
