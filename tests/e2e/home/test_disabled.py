"""An account that is disabled: what can still be asked about it."""

import pytest

from stage import Account, Client, CommandError, HomeAssistant, Simulator

from .repairs import GARAGE, asleep, fix, issues, lose_the_garage
from .saved import SavedCommand, begin
from .support import device_diagnostics, health


async def test_diagnostics_can_be_had_of_it_and_of_its_devices(account: Account) -> None:
    """It may have been disabled because of what they did."""
    async with asleep(account):
        told = (await account.diagnostics())["data"]
        assert told["state"] == "not_loaded"
        assert "targets" not in told
        assert await device_diagnostics(account, "Gate") == {"state": "not_loaded"}


async def test_a_target_that_is_gone_cannot_be_replaced(
    home: HomeAssistant, account: Account, client: Client, cloud: Simulator
) -> None:
    """Its targets are not known; the saved command can be removed all the same."""
    await SavedCommand.save(account, GARAGE, "ON", "Open the garage")
    await lose_the_garage(home, account, cloud)
    (issue,) = await issues(account)
    assert (await fix(client, issue))["menu_options"] == ["replace", "remove"]
    async with asleep(account):
        assert (await fix(client, issue))["menu_options"] == ["remove"]
        await fix(client, issue, {"next_step_id": "remove"}, {})
        assert await SavedCommand.all(account) == []


async def test_nothing_can_be_saved(account: Account) -> None:
    """The dialogue says why."""
    async with asleep(account):
        flow = await begin(account)
        assert (flow.kind, flow.reason) == ("abort", "entry_not_loaded")


async def test_its_devices_stay(account: Account, client: Client) -> None:
    """Whether they are needed, is not known."""
    device_id = await account.device("Gate")
    async with asleep(account):
        with pytest.raises(CommandError) as told:
            await client.command(
                "config/device_registry/remove_config_entry",
                config_entry_id=account.entry_id,
                device_id=device_id,
            )
        assert told.value.code == "home_assistant_error"
        assert "Gate" in await account.devices()


async def test_system_health_does_not_count_it(account: Account, client: Client) -> None:
    """Nobody asks it anything."""
    async with asleep(account):
        assert await health(client) == {"accounts": 0, "open_commands": 0}
