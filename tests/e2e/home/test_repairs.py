"""Repairs: what only the user can do something about."""

from collections.abc import Mapping

import pytest

from stage import Account, Client, HomeAssistant, Simulator

from ..blink.clouds import NO_ANSWER
from .conftest import AddAccount
from .repairs import GARAGE, fix, issues, lose_the_garage, until_mended
from .saved import SavedCommand


class TestATargetThatIsGone:
    """A saved command needs it."""

    async def test_the_saved_command_can_be_given_another(
        self, home: HomeAssistant, account: Account, client: Client, cloud: Simulator
    ) -> None:
        """Only targets that know its command are offered, and the button works again."""
        saved = await SavedCommand.save(account, GARAGE, "ON", "Open the garage")
        await lose_the_garage(home, account, cloud)
        (issue,) = await issues(account)
        assert (issue["translation_key"], issue["is_fixable"]) == ("target_gone", True)
        assert issue["translation_placeholders"]["command"] == "Open the garage"

        asked = await fix(client, issue, {"next_step_id": "replace"})
        (field,) = asked["data_schema"]
        offered = [option["value"] for option in field["selector"]["select"]["options"]]
        assert GARAGE not in offered
        assert "dev-7/1" in offered

        replace = ({"next_step_id": "replace"}, {"target": "dev-7/1"})
        assert (await fix(client, issue, *replace))["type"] == "create_entry"
        await until_mended(account)
        await account.until_entry("loaded")
        await saved.press()
        await client.until_state((await saved.entities())["sensor"], "success")
        (record,) = await account.commands()
        assert record["target"] == "dev-7/1"

    async def test_the_saved_command_can_be_removed(
        self, home: HomeAssistant, account: Account, client: Client, cloud: Simulator
    ) -> None:
        """The target goes with it, since nothing needs it any more."""
        await SavedCommand.save(account, GARAGE, "ON", "Open the garage")
        await lose_the_garage(home, account, cloud)
        (issue,) = await issues(account)
        done = await fix(client, issue, {"next_step_id": "remove"}, {})
        assert done["type"] == "create_entry"
        await until_mended(account)
        assert await SavedCommand.all(account) == []

    async def test_the_issue_goes_with_the_saved_command(
        self, home: HomeAssistant, account: Account, cloud: Simulator
    ) -> None:
        """It may be removed, or given another target, without looking at the issue."""
        removed = await SavedCommand.save(account, GARAGE, "ON", "Open the garage")
        changed = await SavedCommand.save(account, GARAGE, "OFF", "Close the garage")
        await lose_the_garage(home, account, cloud)
        assert len(await issues(account)) == 2
        await removed.remove()
        flow = await changed.change()
        await flow.walk({"target": "dev-7/1"}, {"command": "off"})
        await flow.submit({"timeout": {"seconds": 30}, "title": "Close the gate"})
        assert flow.reason == "reconfigure_successful"
        await until_mended(account)


@pytest.mark.parametrize(("status", "issue"), [(406, "client_blocked"), (426, "update_required")])
@pytest.mark.allowed_logs(NO_ANSWER)
async def test_a_provider_that_refuses_this_client_is_an_issue_until_it_answers(
    add_account: AddAccount, clouds: Mapping[str, Simulator], status: int, issue: str
) -> None:
    """Only a newer version helps, and nobody is asked for credentials."""
    account = await add_account("blink")
    cloud = clouds["blink"]
    await cloud.fault("status", "homescreen", status=status, times=None)
    await account.reload()
    (shown,) = await issues(account)
    assert (shown["translation_key"], shown["is_fixable"]) == (issue, False)
    assert await account.client.waiting_flows() == []
    await cloud.clear_faults()
    await account.reload()
    await until_mended(account)
