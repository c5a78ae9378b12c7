"""The house itself is added by clicking, follows what was chosen, and does what was saved."""

from collections.abc import AsyncIterator
from typing import Final

from playwright.async_api import Page, expect
import pytest
import pytest_asyncio

from stage import Account, HomeAssistant, preloaded
from stage.house import CONFIGURATION, JAMMED

from .camera import Camera
from .pages import DevicePage, IntegrationPage
from .panel import Panel

THIS_HOME: Final = "This home"
LOCK: Final = "Poorly Installed Door"
SAVED: Final = {
    "Heat the water": ("Boiler", "switch.turn_on", "Success"),
    "Lock up": (LOCK, "lock.lock", "Failure"),
}
"""What is saved: for which entity, which action, and what becomes of it."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def furnished_home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HomeAssistant]:
    """Start the house of the demonstration."""
    folder = tmp_path_factory.mktemp("furnished")
    async with HomeAssistant(folder, things=CONFIGURATION, launch=preloaded) as home:
        yield home


@pytest.fixture
def home(furnished_home: HomeAssistant) -> HomeAssistant:
    """Return it."""
    return furnished_home


async def test_this_home_is_added_and_told_what_to_do(
    home: HomeAssistant, page: Page, panel: Panel, camera: Camera
) -> None:
    """From nothing to a success and a failure that a person sees, without any account."""
    accounts = IntegrationPage(page)
    dialogue = await accounts.add(THIS_HOME)
    await dialogue.submit()
    await dialogue.finish()

    await accounts.open()
    options = await accounts.configure(THIS_HOME)
    await options.pick_entity("Entities", LOCK)
    await options.submit()
    await options.finish()
    (account,) = await Account.all(home)
    await account.until_entry("loaded")

    for title, (entity, action, _) in SAVED.items():
        await accounts.open()
        dialogue = await accounts.save_command()
        await dialogue.pick_entity("Target", entity)
        await dialogue.submit()
        await dialogue.find("Command", action)
        await dialogue.submit()
        await dialogue.box.get_by_text("The entity that shows it.").scroll_into_view_if_needed()
        await camera.take("this_home_saved")
        await dialogue.fill(title=title)
        await dialogue.submit()
        await dialogue.finish()

    for title, (_, _, outcome) in SAVED.items():
        await accounts.open()
        await accounts.device(title).click()
        device = DevicePage(page)
        await device.press()
        await expect(device.shown("Sensors", "Last command")).to_contain_text(outcome)

    # What is followed is told whoever acts.
    await home.client.act("lock.unlock", {"entity_id": JAMMED})
    await home.client.act("lock.lock", {"entity_id": JAMMED})
    (newest,) = await account.commands(limit=1)
    followed = await account.until_final(newest["tracking_id"])
    assert (followed["command"], followed["reason"]) == ("lock.lock", "jammed")
    await panel.open()
    row = panel.rows.filter(has_text=LOCK).first
    await expect(row).to_contain_text("jammed")
    await expect(row).to_contain_text("Lock lock")  # as Home Assistant calls it
    await camera.take("this_home")

    # What has no device is chosen by its name.
    await page.get_by_label("Device", exact=True).select_option(label="Boiler")
    await expect(panel.rows).to_have_count(1)
    await expect(panel.rows).to_contain_text("Turn on switch")
