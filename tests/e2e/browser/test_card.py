"""Cards on dashboards: ours, chosen, set up and used by clicking, and all that the docs show."""

from collections.abc import AsyncIterator, Mapping
from itertools import batched
from typing import Any

from playwright.async_api import Page, Route, expect
import pytest_asyncio

from stage import Account, HomeAssistant, Simulator

from ..documented import DEVICE, documented
from ..home.saved import SavedCommand
from .camera import Camera
from .panel import PUMP, send
from .window import PHONE

ADDRESS = "card-test"


@pytest_asyncio.fixture(loop_scope="session")
async def dashboard(home: HomeAssistant, page: Page) -> AsyncIterator[Any]:
    """Return what shows a dashboard with these cards, so many in each column."""
    made = await home.client.command(
        "lovelace/dashboards/create", url_path=ADDRESS, title="Card", mode="storage"
    )

    async def show(*cards: Mapping[str, Any], each: int = 100, query: str = "") -> None:
        columns = batched(cards, each, strict=False)
        sections = [{"type": "grid", "cards": list(column)} for column in columns]
        config = {"views": [{"type": "sections", "sections": sections}]}
        await home.client.command("lovelace/config/save", url_path=ADDRESS, config=config)
        await page.goto(f"/{ADDRESS}/0{query}")

    yield show
    await home.client.command("lovelace/dashboards/delete", dashboard_id=made["id"])


def card(**config: Any) -> dict[str, Any]:
    """Return the configuration of a card."""
    return {"type": "custom:command-status-card", **config}


async def test_the_card_shows_the_same_on_a_dashboard(
    account: Account, page: Page, dashboard: Any, camera: Camera
) -> None:
    """Without any resource that the user must add."""
    await send(account, "dev-7/1", "JOG")
    await send(account, "dev-9/1")
    await dashboard(card())
    row = page.locator("command-status-card .row").first
    await expect(row).to_contain_text(PUMP)
    await camera.take("card")
    await row.click()
    await expect(page.locator("command-status-details dialog")).to_be_visible()


async def test_it_shows_what_was_chosen(account: Account, page: Page, dashboard: Any) -> None:
    """Devices, entities or tags; "more" shows the same in the panel."""
    await send(account, "dev-7/1", "JOG")
    await send(account, "dev-9/1", tag="night")
    await send(account, "dev-9/1", "OFF")
    entity = await account.entity("sensor", "command", "dev-7/1")
    of_account = await account.entity("sensor", "pending_commands")
    await dashboard(
        card(title="One", devices=[await account.device("Cellar pump")]),
        card(title="Two", entities=[entity]),
        card(title="Three", tags=["night"], show="tiles"),
        card(title="Four", entities=[of_account]),
    )
    cards = page.locator("command-status-card")
    await expect(cards.nth(0).locator(".row")).to_have_count(2)
    await expect(cards.nth(1).locator(".row")).to_have_count(1)
    await expect(cards.nth(1)).to_contain_text("Gate relay 1")
    await expect(cards.nth(2).locator(".tile")).to_have_count(1)
    await expect(cards.nth(2)).to_contain_text(f"{PUMP} Switch the relay on")
    rows = page.locator("command-status-list .row")
    for place, number in ((3, 3), (0, 2)):
        await cards.nth(place).get_by_role("link", name="More").click()
        await expect(rows).to_have_count(number)
        await page.go_back()


async def test_on_a_phone_it_stands_on_nothing_else(
    account: Account, page: Page, dashboard: Any
) -> None:
    """A row with a reason is higher there, and what comes next makes room for it."""
    for target in ("dev-9/1", "dev-8/1", "dev-9/1"):
        await send(account, target)
    await page.set_viewport_size(PHONE)
    await dashboard(card(rows=3), {"type": "heading", "heading": "Below it"})
    rows = page.locator("command-status-card .row")
    await expect(rows).to_have_count(3)
    last = await rows.last.bounding_box()
    below = await page.get_by_text("Below it").bounding_box()
    assert last is not None
    assert below is not None
    assert last["y"] + last["height"] <= below["y"]


async def test_it_is_picked_with_a_preview_and_set_up_by_clicking(
    account: Account, page: Page, dashboard: Any
) -> None:
    """As any of Home Assistant's own cards."""
    await send(account, "dev-9/1")
    await dashboard(card(title="First"), query="?edit=1")
    await page.get_by_role("button", name="Add card").first.click()
    picker = page.locator("hui-card-picker")
    await page.get_by_role("tab", name="By card").click()
    await picker.get_by_placeholder("Search cards").fill("Command Status")
    preview = page.locator("command-status-card")
    choice = picker.locator(".card").filter(has=preview)
    await expect(choice).to_contain_text(PUMP)
    await choice.locator(".overlay").click()
    editor = page.locator("hui-dialog-edit-card")
    await editor.get_by_role("textbox", name="Title").fill("What became of it")
    await expect(editor.locator("command-status-card")).to_contain_text("What became of it")
    await editor.get_by_role("button", name="Save").click()
    await expect(page.locator("hui-section command-status-card")).to_have_count(2)


async def test_it_is_there_however_late_the_app_comes(
    account: Account, page: Page, dashboard: Any
) -> None:
    """The app replaces the registry of elements; a card that was quicker would be lost."""

    async def late(route: Route) -> None:
        await page.wait_for_timeout(2000)
        await route.continue_()

    await page.route("**/frontend_latest/app.*.js", late)
    await send(account, "dev-9/1")
    await dashboard(card())
    await expect(page.locator("command-status-card .row").first).to_contain_text(PUMP)


async def test_every_card_of_the_documentation_shows_what_it_is_for(
    account: Account, cloud: Simulator, page: Page, dashboard: Any, camera: Camera
) -> None:
    """Somebody pastes them, and puts in entities of their own."""
    saved = await SavedCommand.save(account, "dev-7/1", "JOG", "Open the gate")
    await saved.press()
    await account.client.until_state("sensor.gate_relay_1_last_command", "success")
    await cloud.act("script", device="dev-7", relay=1, outcome="FAILED", times=1)
    await account.send("dev-7/1", "ON", wait=True)
    pending = await account.entity("sensor", "pending_commands")
    ids = {"sensor.my_gate_pending_commands": pending, DEVICE: await account.device("Gate")}
    cards = documented("dashboards", ids)

    await dashboard(*cards, each=4)

    shown = page.locator("hui-section hui-card")
    await expect(shown).to_have_count(len(cards) + 1)  # one is in a conditional card
    await expect(page.locator("command-status-card .row")).to_have_count(2)
    await expect(page.locator("hui-tile-card").last).to_contain_text("Success")
    await expect(page.locator("hui-entities-card")).to_contain_text("Failure")
    await expect(page.locator("hui-logbook-card")).to_contain_text("Failure")
    await expect(page.locator("hui-markdown-card")).to_contain_text("Gate relay 1: ON failed")
    await expect(page.locator("hui-error-card")).to_have_count(0)
    await expect(page.locator("hui-warning, hui-warning-element")).to_have_count(0)
    await camera.take("dashboard")

    await page.get_by_text("What went wrong").click()
    await expect(page.locator("command-status-list .row")).to_have_count(1)


async def test_a_tile_asks_before_it_sends(account: Account, page: Page, dashboard: Any) -> None:
    """A thumb must not open a gate."""
    await SavedCommand.save(account, "dev-7/1", "JOG", "Open the gate")
    tile = documented("dashboards", {})[1]
    await dashboard(tile)
    await page.locator("hui-tile-card").click()
    await expect(page.get_by_role("dialog", name="Are you sure?")).to_be_visible()
    assert await account.commands() == []
    await page.get_by_role("button", name="OK").click()
    await account.client.until_state("sensor.open_the_gate_last_command", "success")
