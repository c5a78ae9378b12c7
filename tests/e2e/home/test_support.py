"""What a user can show to somebody who helps: diagnostics and system health."""

from typing import Final

import pytest

from simulators.esper import device_id
from stage import DOMAIN, Account, Client, Simulator

from ..wlte.clouds import NEVER, NO_ANSWER
from .conftest import AddAccount
from .saved import SavedCommand
from .support import device_diagnostics, health

LOBBY: Final = device_id(1)


async def test_diagnostics_of_an_account_tell_how_it_is(account: Account, cloud: Simulator) -> None:
    """Counts by state, the schedule, and the newest commands; no credentials."""
    await account.send("dev-7/1", "ON", wait=True)
    await cloud.act("script", **NEVER)
    await account.send("dev-8/1", "ON")
    downloaded = await account.diagnostics()
    assert downloaded["integration_manifest"]["domain"] == DOMAIN
    told = downloaded["data"]
    assert told["state"] == "loaded"
    assert told["data"]["credentials"] == "**REDACTED**"
    assert told["connected"] is True
    assert told["commands"] == {"success": 1, "sent": 1}
    assert told["pending"] == 1
    assert told["next_alarm"] is not None
    assert told["targets"]["offline"] == 1
    assert [command["target"] for command in told["newest"]] == ["dev-8/1", "dev-7/1"]


async def test_diagnostics_of_a_device_tell_its_own_commands(account: Account) -> None:
    """And what it knows; nothing of the others."""
    await account.send_all(("dev-7/1", "dev-8/1"), "ON", wait=True)
    told = await device_diagnostics(account, "Gate")
    assert [target["id"] for target in told["targets"]] == ["dev-7/1", "dev-7/2"]
    assert told["targets"][0]["commands"] == ["ON", "OFF", "JOG"]
    assert told["commands"] == {"success": 1}
    assert [command["target"] for command in told["newest"]] == ["dev-7/1"]


async def test_diagnostics_of_a_saved_command_tell_what_it_sent(account: Account) -> None:
    """It has a device of its own."""
    saved = await SavedCommand.save(account, "dev-7/1", "JOG", "Open the gate")
    await account.send("dev-7/1", "ON", wait=True)
    await saved.press()
    told = await device_diagnostics(account, "Open the gate")
    assert [command["subentry_id"] for command in told["newest"]] == [saved.id]


async def test_diagnostics_hold_the_name_of_a_parameter_and_not_its_value(
    add_account: AddAccount,
) -> None:
    """It may be a password of the user's."""
    account = await add_account("esper", LOBBY)
    parameters = {"wifi_access_points": [{"ssid": "Palace", "password": "open-sesame-42"}]}
    await account.send(LOBBY, "ADD_WIFI_AP", parameters=parameters, wait=True)
    downloads = [await account.diagnostics()]
    (lobby,) = [
        name for name in await account.devices() if name != (await account.entry())["title"]
    ]
    downloads.append(await device_diagnostics(account, lobby))
    assert ["wifi_access_points" in str(each) for each in downloads] == [True, True]
    assert ["open-sesame-42" in str(each) for each in downloads] == [False, False]
    assert ["Palace" in str(each) for each in downloads] == [False, False]


@pytest.mark.allowed_logs(NO_ANSWER)
async def test_system_health_tells_accounts_open_commands_and_who_answers(
    add_account: AddAccount, client: Client, cloud: Simulator
) -> None:
    """Accounts are called what they are called everywhere else."""
    account = await add_account("wlte")
    title = (await account.entry())["title"]
    await add_account("esper")
    assert await health(client) == {
        "accounts": 2,
        "open_commands": 0,
        title: "ok",
        "Esper 127.0.0.1": "ok",
    }
    await cloud.act("script", **NEVER)
    await account.send("dev-7/1", "ON")
    assert (await health(client))["open_commands"] == 1
    await cloud.fault("status", "status", status=503, times=None)
    await client.until_state(await account.entity("binary_sensor", "connection"), "off")
    assert (await health(client))[title] == {"type": "failed", "error": "unreachable"}
