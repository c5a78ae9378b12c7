"""How the panel looks: to those who see, in every light and language, and to those who do not."""

import json

from playwright.async_api import Page, expect
import pytest

from stage import Account, Simulator

from .camera import Camera
from .panel import Panel, send
from .window import PHONE


async def wear(page: Page, key: str, value: object) -> None:
    """Choose how Home Assistant looks in this browser, as its own settings do."""
    text = json.dumps(json.dumps(value))
    await page.add_init_script(f"localStorage.setItem({json.dumps(key)}, {text})")


async def evening(account: Account, cloud: Simulator) -> None:
    """Let things happen, of which one is still under way."""
    script = {"device": "dev-8", "relay": 1, "times": 1}
    await cloud.act("script", **script, outcome="FAILED", after=1)
    await send(account, "dev-8/1")
    await send(account, "dev-9/1")
    for target in ("dev-7/1", "dev-7/2"):
        await send(account, target, "JOG")
    await cloud.act("script", **script | {"device": "dev-7"}, after=None)
    await account.send_all(("dev-7/1",), "OFF", timeout=600)


async def test_every_view_is_there_and_nothing_bars_anybody(
    account: Account, cloud: Simulator, panel: Panel, camera: Camera
) -> None:
    """Axe finds nothing, in any of them, nor in the details."""
    await evening(account, cloud)
    await panel.open()
    await expect(panel.rows).to_have_count(5)
    assert await panel.check() == []
    await camera.take("panel")
    await panel.rows.filter(has_text="Garage").click()
    await expect(panel.details).to_be_visible()
    assert await panel.check() == []
    await camera.take("panel_details")
    await panel.page.keyboard.press("Escape")
    await panel.page.get_by_role("button", name="Time line").click()
    await expect(panel.page.locator("command-status-line canvas")).to_be_visible()
    assert await panel.check() == []
    await camera.take("panel_line")
    await panel.page.get_by_role("button", name="Statistics").click()
    await expect(panel.page.locator("command-status-statistics tbody tr")).to_have_count(4)
    assert await panel.check() == []
    await camera.take("panel_statistics")


@pytest.mark.parametrize(
    ("language", "words", "direction"),
    [("de", "Befehle", "ltr"), ("pl", "Polecenia", "ltr"), ("he", "Commands", "rtl")],
)
async def test_it_speaks_the_language_of_the_user(
    account: Account, panel: Panel, language: str, words: str, direction: str
) -> None:
    """On a phone, and from right to left; what has no words here is English."""
    await send(account, "dev-7/1", "JOG")
    await send(account, "dev-9/1")
    page = panel.page
    await wear(page, "selectedLanguage", language)
    await page.set_viewport_size(PHONE)
    await panel.open()
    await expect(page.locator("command-status-panel h1")).to_have_text(words)
    await expect(panel.rows).to_have_count(2)
    wide = "document.documentElement.scrollWidth > innerWidth"
    assert await page.evaluate(wide) is False
    assert await page.evaluate("document.documentElement.dir || 'ltr'") == direction
    assert await panel.check() == []


async def test_on_a_phone_there_is_room_for_it(
    account: Account, cloud: Simulator, panel: Panel, camera: Camera
) -> None:
    """All of it, also what is open."""
    await evening(account, cloud)
    await panel.page.set_viewport_size(PHONE)
    await panel.open()
    await expect(panel.rows).to_have_count(5)
    assert await panel.check() == []
    await camera.take("panel_phone")
    await panel.rows.filter(has_text="Garage").click()
    await expect(panel.details).to_be_visible()
    assert await panel.check() == []


async def test_at_night_it_is_dark(account: Account, panel: Panel, camera: Camera) -> None:
    """As all of Home Assistant then is; nothing is too faint to read."""
    await send(account, "dev-7/1", "JOG")
    await send(account, "dev-9/1")
    await wear(panel.page, "selectedTheme", {"dark": True})
    await panel.open()
    await expect(panel.rows).to_have_count(2)
    assert await panel.check() == []
    await expect(panel.page.locator("command-status-panel")).to_have_css("color-scheme", "dark")
    await camera.take("panel_dark")
    await panel.rows.first.click()
    await expect(panel.details).to_be_visible()
    assert await panel.check() == []
    await panel.page.keyboard.press("Escape")
    await panel.page.get_by_role("button", name="Time line").click()
    await expect(panel.page.locator("command-status-line canvas")).to_be_visible()
    assert await panel.check() == []
