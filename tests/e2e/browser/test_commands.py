"""Commands are saved, sent and watched by clicking, and repaired when their target goes."""

from collections.abc import Mapping
import json
from typing import Any, Final

from playwright.async_api import Page, expect
import pytest

from stage import Account, HomeAssistant, Simulator
from stage.programme import LOBBY, blink, esper

from ..blink.clouds import CODE, HOME
from .camera import Camera
from .pages import AutomationEditor, DevicePage, IntegrationPage, RepairsPage

NOTIFY: Final = "Persistent Notification: Create persistent notification"

SWITCH_ON: Final = "Switch the relay on"

HOURS_AGO: Final = 7 * 3600.0
"""Longer than a target must have been missing until it counts as gone."""


async def save(page: Page, target: str, command: str, name: str) -> IntegrationPage:
    """Save a command by clicking."""
    accounts = await IntegrationPage(page).open()
    dialogue = await accounts.save_command()
    await dialogue.pick("Target", target)
    await dialogue.submit()
    await dialogue.pick("Command", command)
    await dialogue.submit()
    await dialogue.fill_duration("Wait window", minutes=1, seconds=30)
    await dialogue.fill(title=name)
    await dialogue.submit()
    await dialogue.finish()
    return accounts


async def test_a_saved_command_is_made_and_pressed(
    account: Account, cloud: Simulator, page: Page, camera: Camera
) -> None:
    """Its device shows what becomes of it, without a reload of the page."""
    await cloud.act("script", after=1)
    accounts = await save(page, "Garage relay 1", SWITCH_ON, "Open the garage")
    await accounts.device("Open the garage").click()
    device = DevicePage(page)
    await expect(device.shown("Sensors", "Last command")).to_contain_text("Unknown")
    await device.press()
    await expect(device.shown("Sensors", "Last command")).to_contain_text("Success")
    await expect(device.shown("Events", "Outcome")).to_contain_text("Success")
    await expect(device.activity).to_contain_text("Success")
    await camera.take("saved_command")
    (record,) = await account.commands()
    assert (record["target"], record["command"], record["state"]) == ("dev-8/1", "ON", "success")


async def test_a_command_of_blink_is_saved_and_pressed(
    home: HomeAssistant, blink_cloud: Simulator, page: Page
) -> None:
    """A network is a target like a camera."""
    await blink_cloud.act("script", name="success", seconds=0)
    account = await Account.add(home, *blink(blink_cloud.url, code=CODE))
    accounts = await save(page, "Home", "Arm the system", "Good night")
    await accounts.device("Good night").click()
    device = DevicePage(page)
    await device.press()
    await expect(device.shown("Sensors", "Last command")).to_contain_text("Success")
    (record,) = await account.commands()
    assert (record["target"], record["command"]) == (HOME, "arm")


async def test_a_command_of_esper_is_saved_with_its_parameters_and_pressed(
    home: HomeAssistant, esper_cloud: Simulator, page: Page
) -> None:
    """The form has a field for each of them; among so many commands one is searched for."""
    await esper_cloud.configure(status_delay=0.0, duration=0.0)
    account = await Account.add(home, *esper(esper_cloud.url))
    await account.choose_devices(LOBBY)
    accounts = await IntegrationPage(page).open()
    dialogue = await accounts.save_command()
    await dialogue.pick("Target", "Lobby")
    await dialogue.submit()
    await dialogue.find("Command", "Set the volume")
    await dialogue.submit()
    await dialogue.pick("Sound", "Media")
    await dialogue.fill_number("Volume", 40)
    await dialogue.fill(title="Turn it down")
    await dialogue.submit()
    await dialogue.finish()
    await accounts.device("Turn it down").click()
    device = DevicePage(page)
    await device.press()
    await expect(device.shown("Sensors", "Last command")).to_contain_text("Success")
    (request,) = (await esper_cloud.state())["requests"]
    assert request["command_args"] == {"stream": 3, "volume_level": 40}


@pytest.mark.usefixtures("account")
async def test_a_refused_command_is_told_where_the_button_was_pressed(page: Page) -> None:
    """Who presses it should not have to look for the outcome elsewhere."""
    accounts = await save(page, "Cellar pump relay 1", SWITCH_ON, "Start the pump")
    await accounts.device("Start the pump").click()
    device = DevicePage(page)
    await device.press()
    await expect(page.locator("ha-toast")).to_contain_text("offline")
    await expect(device.shown("Sensors", "Last command")).to_contain_text("Failure")


async def test_a_saved_command_is_changed(account: Account, page: Page) -> None:
    """What was saved stands in the fields."""
    accounts = await save(page, "Garage relay 1", SWITCH_ON, "Garage")
    dialogue = await accounts.change_command("Garage")
    await dialogue.pick("Target", "Gate relay 2")
    await dialogue.submit()
    await dialogue.pick("Command", "Switch the relay on for a moment")
    await dialogue.submit()
    await expect(dialogue.duration("Wait window", "minutes")).to_have_value("01")
    await expect(dialogue.duration("Wait window", "seconds")).to_have_value("30")
    await dialogue.fill(title="Open the gate")
    await dialogue.submit()
    await dialogue.finish()
    await accounts.device("Open the gate").click()
    device = DevicePage(page)
    await device.press()
    await expect(device.shown("Sensors", "Last command")).to_contain_text("Success")
    (record,) = await account.commands()
    assert (record["target"], record["command"]) == ("dev-7/2", "JOG")


async def test_a_saved_command_is_removed(account: Account, page: Page) -> None:
    """Its row and its device go; what it sent stays on record."""
    accounts = await save(page, "Garage relay 1", SWITCH_ON, "Open the garage")
    await expect(accounts.device("Open the garage")).to_be_visible()
    await accounts.remove_command("Open the garage")
    await expect(accounts.command("Open the garage")).to_have_count(0)
    await expect(accounts.device("Open the garage")).to_have_count(0)
    await account.until_entry("loaded")
    assert "Open the garage" not in await account.devices()


async def test_a_device_shows_what_became_of_its_commands(
    account: Account, cloud: Simulator, page: Page, camera: Camera
) -> None:
    """Each relay has a state of its own."""
    await cloud.act("script", device="dev-7", relay=1, after=1, times=1)
    await cloud.act("script", device="dev-7", relay=2, outcome="FAILED", after=2, times=1)
    device = await DevicePage(page).open(await account.device("Gate"))
    await expect(device.shown("Sensors", "Relay 1 last command")).to_contain_text("Unknown")
    await account.send("dev-7/1", "JOG", wait=True)
    await account.send("dev-7/2", "ON", wait=True)
    for card, name in (("Sensors", "last command"), ("Events", "outcome")):
        await expect(device.shown(card, f"Relay 1 {name}")).to_contain_text("Success")
        await expect(device.shown(card, f"Relay 2 {name}")).to_contain_text("Failure")
    await expect(device.activity).to_contain_text("Failure")
    await camera.take("device")


async def test_a_command_is_sent_by_an_automation_that_nobody_had_to_type(
    account: Account, home: HomeAssistant, page: Page, camera: Camera
) -> None:
    """The action takes a device as its target, and its command out of a list."""
    editor = await AutomationEditor(page).open()
    await editor.search("action", "Send a command")
    await editor.found("Command Status: Send a command").click()
    await editor.choose_device("Garage")
    await editor.choose(SWITCH_ON)
    await camera.take("send_command")
    automation_id = await editor.save("Open the garage")
    states = await home.client.states()
    (entity_id,) = [
        each for each in states if states[each]["attributes"].get("id") == automation_id
    ]
    await home.client.act("automation.trigger", {"entity_id": entity_id})
    (record,) = await account.commands()
    assert (record["target"], record["command"]) == ("dev-8/1", "ON")


async def test_an_automation_is_built_with_a_trigger_of_ours(
    account: Account, home: HomeAssistant, cloud: Simulator, page: Page, camera: Camera
) -> None:
    """The editor finds the trigger by its name, and offers our devices as targets."""
    editor = await AutomationEditor(page).open()
    await editor.search("trigger", "Command")
    await editor.show_only("Triggers")
    for end in ("succeeded", "failed", "timed out", "cancelled", "lost", "finished"):
        await expect(editor.found(f"Command {end}")).to_be_visible()
    await editor.until_drawn()
    await camera.take("automation")
    await editor.search_for("Command failed")
    await editor.found("Command failed").click()
    await editor.choose_device("Gate")
    await editor.search("action", "create notification")
    await editor.found(NOTIFY).click()
    await editor.write("A command of the gate has failed")
    automation_id = await editor.save("Gate trouble")
    try:
        await cloud.act("script", device="dev-7", outcome="FAILED", times=1)
        record = await account.send("dev-7/1", "ON", wait=True)
        (run,) = await home.client.until_runs(automation_id, record["tracking_id"])
        assert run.state == "failure"
        await editor.show_notifications()
        await expect(page.get_by_text("A command of the gate has failed")).to_be_visible()
    finally:
        await home.client.remove_automation(automation_id)


def forge(home: HomeAssistant, key: str, content: Mapping[str, Any]) -> None:
    """Write over a file in which an account that is disabled keeps something."""
    (home.folder / ".storage" / key).write_text(json.dumps(content))


async def lose_target(home: HomeAssistant, account: Account, cloud: Simulator, device: str) -> None:
    """Take a device out of the cloud, for as long as it takes until it counts as gone."""
    await cloud.act("remove_device", device=device)
    await account.disable()
    await account.until_entry("not_loaded")
    key = f"command_status.{account.entry_id}.targets"
    listing = home.stored(key) | {"missing_for": {f"{device}/1": HOURS_AGO}}
    forge(home, key, {"version": 2, "minor_version": 1, "key": key, "data": listing})
    await account.disable(disabled=False)
    await account.until_entry("loaded")


async def test_a_saved_command_without_target_gets_another(
    account: Account, home: HomeAssistant, cloud: Simulator, page: Page
) -> None:
    """The repair offers what knows the command, and goes when it was mended."""
    await save(page, "Garage relay 1", SWITCH_ON, "Open the garage")
    await lose_target(home, account, cloud, "dev-8")
    title = "The target of “Open the garage” is gone"
    repairs = await RepairsPage(page).open()
    dialogue = await repairs.mend(title)
    await dialogue.choose("Choose another target")
    await dialogue.pick("Target", "Gate relay 2")
    await dialogue.submit()
    await dialogue.finish()
    await expect(repairs.issue(title)).to_have_count(0)

    await account.until_entry("loaded")
    accounts = await IntegrationPage(page).open()
    await accounts.device("Open the garage").click()
    device = DevicePage(page)
    await device.press()
    await expect(device.shown("Sensors", "Last command")).to_contain_text("Success")
    assert (await account.commands())[0]["target"] == "dev-7/2"


async def test_a_damaged_journal_is_told_and_put_away(
    account: Account, home: HomeAssistant, page: Page
) -> None:
    """It must not be overlooked that outcomes may be missing."""
    await account.send("dev-7/1", "ON", wait=True)
    await account.disable()
    await account.until_entry("not_loaded")
    key = f"command_status.{account.entry_id}"
    data = {"commands": [{"tracking_id": "what was once a command"}]}
    forge(home, key, {"version": 1, "minor_version": 1, "key": key, "data": data})
    await account.disable(disabled=False)
    await account.until_entry("loaded")
    title = f"Records of {(await account.entry())['title']} were damaged"
    repairs = await RepairsPage(page).open()
    dialogue = await repairs.mend(title)
    await expect(dialogue.box).to_contain_text("could not be read and were set aside")
    await dialogue.submit()
    await dialogue.finish()
    await expect(repairs.issue(title)).to_have_count(0)
