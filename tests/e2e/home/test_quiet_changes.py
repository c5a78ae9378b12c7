"""What a user changes in our dialogues is no news of commands."""

from typing import Final

from stage import Account, Client, Simulator, automation, wlte_form

from .conftest import Automate
from .saved import SavedCommand

PUMP: Final = "dev-9/1"
"""It is offline: what it is told fails."""


async def test_an_old_failure_is_told_once_whatever_is_changed(
    account: Account, client: Client, cloud: Simulator, automate: Automate
) -> None:
    """A plain state trigger fires when an entity comes back with the state that it had."""
    sensor = await account.entity("sensor", "command", PUMP)
    trigger = {"trigger": "state", "entity_id": sensor, "to": "failure"}
    await automate("told_of_a_failure", automation(trigger))
    failed = await account.send(PUMP, "ON", wait=True)
    await client.until_runs("told_of_a_failure", failed["tracking_id"])

    saved = await SavedCommand.save(account, PUMP, "OFF", "Stop the pump")
    flow = await saved.change()
    await flow.walk(
        {"target": PUMP}, {"command": "jog"}, {"timeout": {"seconds": 60}, "title": "Jog it"}
    )
    assert flow.reason == "reconfigure_successful"
    await saved.remove()
    flow = await account.options()
    await flow.submit({"timeout": {"seconds": 99}, "keep_finished": 3})
    assert flow.kind == "create_entry"
    flow = await account.reconfigure()
    await flow.submit(wlte_form(cloud.url))
    assert flow.reason == "reconfigure_successful"
    succeeded = await account.send("dev-8/1", "ON", wait=True)

    assert (succeeded["state"], succeeded["deadline"] is None) == ("success", False)
    assert len(await client.runs("told_of_a_failure")) == 1
