"""Many devices: few of them shown, all of them commanded, and hardly any requests."""

import asyncio
from collections import Counter
import time
from typing import Final

import pytest

from simulators.esper import device_id
from stage import Account, Client, CommandError, Simulator

from .clouds import requests
from .conftest import AddAccount

FIFTY: Final = tuple(map(device_id, range(1, 51)))
NOT_CHOSEN: Final = device_id(1234)
SET_UP: Final = 5.0
"""Seconds that it may take at the most."""


async def shown_devices(account: Account, client: Client) -> set[str]:
    """Return the ids at the provider of the devices that Home Assistant shows."""
    listed = await client.command("config/device_registry/list")
    return {
        identifier.removeprefix(account.entry_id).removeprefix("_")
        for device in listed
        if account.entry_id in device["config_entries"]
        for _, identifier in device["identifiers"]
    }


async def test_two_thousand_devices_are_fifty_one_for_home_assistant(
    add_account: AddAccount, client: Client, cloud: Simulator
) -> None:
    """The account and those that were chosen; whoever has thousands does not wait for them.

    The first set-up reads the whole list, later ones have it on disk. Nobody follows the `next` of
    a page, which leads to another host.
    """
    await cloud.configure(extra_devices=1997)
    began = time.monotonic()
    account = await add_account()
    first = time.monotonic() - began
    assert await shown_devices(account, client) == {""}
    pages = await cloud.requests("devices")
    assert [page["status"] for page in pages] == [200] * 20

    began = time.monotonic()
    await account.choose_devices(*FIFTY)
    chosen = time.monotonic() - began
    assert await shown_devices(account, client) == {"", *FIFTY}
    assert len(await account.entities()) == 4 + 2 * len(FIFTY)

    began = time.monotonic()
    await account.reload()
    await account.until_entry("loaded")
    again = time.monotonic() - began
    assert max(first, chosen, again) < SET_UP

    # Searched for by name: the form has all of them, with their names.
    (choice,) = [
        field["selector"]["select"]["options"]
        for name, field in (await account.options()).fields.items()
        if name == "devices"
    ]
    assert len(choice) == 2000
    assert {"value": NOT_CHOSEN, "label": "Tablet 01234"} in choice


async def test_devices_that_were_not_chosen_are_commanded_by_name_and_by_id(
    add_account: AddAccount, client: Client, cloud: Simulator
) -> None:
    """They need no device in Home Assistant for that, and get none; who sent it knows the end."""
    await cloud.configure(extra_devices=1997, duration=0.0)
    account = await add_account(*FIFTY[:2])
    last_command = await account.entity("sensor", "last_command")
    by_name, by_id = await asyncio.gather(
        account.send("Tablet 01234", "reboot", wait=True),
        account.send(device_id(1999), "REBOOT", wait=True),
    )
    for record, target, name in (
        (by_name, NOT_CHOSEN, "Tablet 01234"),
        (by_id, device_id(1999), "Tablet 01999"),
    ):
        told = {"target": target, "target_name": name, "device_id": None, "state": "success"}
        assert record.items() >= told.items()
    assert {request["devices"][0] for request in await requests(cloud)} == {
        NOT_CHOSEN,
        device_id(1999),
    }
    assert (await client.state(last_command))["state"] == "success"
    assert await shown_devices(account, client) == {"", *FIFTY[:2]}
    assert len(await account.entities()) == 4 + 2 * 2


async def test_a_name_that_no_device_has_is_refused(
    add_account: AddAccount, cloud: Simulator
) -> None:
    """The caller is told, and nothing was sent."""
    account = await add_account()
    with pytest.raises(CommandError) as unknown:
        await account.send("Attic", "REBOOT")
    assert unknown.value.code == "service_validation_error"
    assert unknown.value.translation_key == "unknown_target"
    assert await requests(cloud) == []


async def test_fifty_devices_are_one_request_with_fifty_outcomes(
    add_account: AddAccount, client: Client, cloud: Simulator
) -> None:
    """For half a minute they are followed together; those that are not done then are time-outs."""
    await cloud.configure(extra_devices=47)
    scheduled, gave_up, away = FIFTY[47:]
    expected: dict[str, tuple[str, str]] = {
        **dict.fromkeys(FIFTY[:40], ("success", "Command Success")),
        **dict.fromkeys(FIFTY[40:45], ("failure", "Command Failure")),
        **dict.fromkeys(FIFTY[45:47], ("cancelled", "Command Cancelled")),
        scheduled: ("timeout", "Command Scheduled"),
        gave_up: ("timeout", "Command TimeOut"),
        away: ("timeout", "Command Queued"),
    }
    for seconds, device in enumerate(FIFTY[:47]):
        outcome = expected[device][1]
        await cloud.act(
            "script", device=device, outcome=outcome, after=seconds * 0.4, reason=f"{seconds}"
        )
    await cloud.act("script", device=scheduled, waits_as="Command Scheduled", held=3600)
    await cloud.act("script", device=gave_up, outcome=None, times_out_after=10)
    await cloud.act("set_device", device=away, online=False)
    await cloud.act("set_device", device=FIFTY[2], online=True)

    account = await add_account(*FIFTY)
    devices = await account.devices()
    before = Counter(await cloud.counts())
    call = {
        "device_id": [each for name, each in devices.items() if not name.startswith("Esper")],
        "command": "REBOOT",
        "timeout": 30,
        "wait": True,
    }
    records = (await client.ask("command_status.send_command", call))["commands"]
    asked = Counter(await cloud.counts()) - before

    assert {each["target"]: (each["state"], each["provider_state"]) for each in records} == expected
    assert [each["device_id"] for each in records] == call["device_id"]
    reasons = {each["target"]: each["reason"] for each in records}
    assert reasons[FIFTY[44]] == "44"
    assert max(each["duration"] for each in records) >= 30
    (request,) = await requests(cloud)
    command_ids = {status["id"] for status in request["statuses"]}
    assert {each["command_id"] for each in records} == command_ids
    assert {each["request_id"] for each in records} == {request["id"]}
    assert asked["create"] == 1
    assert sum(asked.values()) <= 20, asked
