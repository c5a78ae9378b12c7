"""The panel, as people use it: they click, and look."""

from playwright.async_api import expect
import pytest

from stage import Account, HomeAssistant, Simulator
from stage.programme import WAREHOUSE, esper

from .panel import PUMP, Panel, send


async def test_which_failed_and_why_and_the_last_one_again(account: Account, panel: Panel) -> None:
    """No click to see it, two to send it again."""
    await send(account, "dev-7/1", "JOG")
    await send(account, "dev-9/1")
    await panel.open()
    first = panel.rows.first
    await expect(first).to_contain_text(PUMP)
    await expect(first).to_contain_text("failed: ")
    await expect(panel.rows).to_have_count(2)
    await panel.actions.first.click()
    question = f"“Switch the relay on” will be sent to {PUMP} again"
    await expect(panel.question).to_contain_text(question)
    await panel.question.get_by_role("button", name="Send", exact=True).click()
    await expect(panel.rows).to_have_count(3)


async def test_what_is_open_grows_and_ends_while_one_looks(
    account: Account, cloud: Simulator, panel: Panel
) -> None:
    """Without a reload of the page."""
    await cloud.act("script", after=6)
    await panel.open()
    await account.send_all(("dev-7/1",), "JOG")
    row = panel.rows.first
    await expect(row).to_have_attribute("data-state", "sent")
    await expect(row.locator(".bar")).to_be_visible()
    await expect(row).to_have_attribute("data-state", "success")
    await expect(row).to_contain_text("succeeded after")


async def test_the_details_tell_the_whole_story(account: Account, panel: Panel) -> None:
    """In words first; what is technical is one tap away."""
    await send(account, "dev-9/1", parameters={"relay": 1}, tag="night")
    await panel.open()
    await panel.rows.first.click()
    await expect(panel.details.locator("h2")).to_have_text(f"{PUMP} · Switch the relay on")
    await expect(panel.details.locator("code")).to_have_text("ON")
    await expect(panel.details).to_contain_text("asked by")
    await expect(panel.details.locator(".steps li")).not_to_have_count(1)
    await panel.details.get_by_text("IDs, parameters").click()
    await expect(panel.details.locator("pre")).to_contain_text("tag: night")
    await panel.page.keyboard.press("Escape")
    await expect(panel.details).to_have_count(0)
    await panel.rows.first.click()
    await panel.details.get_by_role("button", name="Forget").click()
    await panel.question.get_by_role("button", name="Delete the record").click()
    await expect(panel.rows).to_have_count(0)


async def test_an_automation_is_made_of_it(account: Account, panel: Panel) -> None:
    """Home Assistant's editor opens with our trigger filled in."""
    await send(account, "dev-9/1")
    await panel.open()
    await panel.rows.first.click()
    await panel.details.get_by_role("button", name="Make an automation").click()
    await expect(panel.page.locator("ha-automation-trigger-row")).to_contain_text("Command failed")


async def test_a_link_shows_the_same(account: Account, panel: Panel) -> None:
    """Filters stand in the address, and can be lifted."""
    await send(account, "dev-7/1", "JOG")
    await send(account, "dev-9/1")
    await panel.open("?state=wrong")
    await expect(panel.rows).to_have_count(1)
    await panel.page.get_by_role("searchbox").fill("nowhere")
    await expect(panel.page.get_by_text("Nothing matches the filters")).to_be_visible()
    assert "text=nowhere" in panel.page.url
    await panel.page.locator("main").get_by_role("button", name="Show everything").click()
    await expect(panel.rows).to_have_count(2)


async def test_the_keyboard_is_enough(account: Account, panel: Panel) -> None:
    """Arrows go through the list, Enter opens, Escape closes."""
    await send(account, "dev-7/1", "JOG")
    await send(account, "dev-9/1")
    await panel.open()
    await panel.rows.first.focus()
    await panel.page.keyboard.press("ArrowDown")
    await panel.page.keyboard.press("Enter")
    await expect(panel.details).to_contain_text("Gate relay 1")
    await panel.page.keyboard.press("Escape")
    await expect(panel.rows.nth(1)).to_be_focused()


async def test_what_was_asked_is_told_and_found_in_words(account: Account, panel: Panel) -> None:
    """Who knows the cloud's own word finds it by that."""
    await send(account, "dev-7/1", "JOG")
    await send(account, "dev-9/1")
    await panel.open()
    await expect(panel.rows.last).to_contain_text("Switch the relay on for a moment")
    action = panel.actions.first
    await expect(action).to_have_attribute("aria-label", f"Send again: {PUMP}, Switch the relay on")
    for words in ("for a moment", "jog"):
        await panel.page.get_by_role("searchbox").fill(words)
        await expect(panel.rows).to_have_count(1)
        await expect(panel.rows).to_contain_text("Gate relay 1")


async def test_what_waits_at_the_provider_says_so(
    home: HomeAssistant, esper_cloud: Simulator, panel: Panel
) -> None:
    """A tablet that is offline: its cloud has the command, and nothing of ours waits to be sent."""
    tablets = await Account.add(home, *esper(esper_cloud.url))
    await tablets.send_all((WAREHOUSE,), "REBOOT", timeout=600)
    await panel.open()
    await expect(panel.rows).to_contain_text("Restart the device")
    await expect(panel.rows).to_contain_text("queued at the provider")


@pytest.mark.allowed_logs("too many requests")
async def test_what_waits_is_stopped(account: Account, cloud: Simulator, panel: Panel) -> None:
    """With one tap, and the row says so."""
    await cloud.fault("status", "create", status=429, headers={"Retry-After": "30"}, times=None)
    await panel.open()
    await account.send_all(("dev-7/1",), "JOG", timeout=3600)
    await expect(panel.rows.first).to_have_attribute("data-state", "queued")
    await expect(panel.rows.first).to_contain_text("waits to be sent")
    await panel.actions.first.click()
    await expect(panel.rows.first).to_have_attribute("data-state", "cancelled")


async def test_what_cannot_be_stopped_says_why(
    account: Account, cloud: Simulator, panel: Panel
) -> None:
    """In the words of the action, where Home Assistant tells such things."""
    await cloud.act("script", after=None)
    await panel.open()
    await account.send_all(("dev-7/1",), "JOG", timeout=10)
    await expect(panel.rows.first).to_have_attribute("data-state", "sent")
    await panel.actions.first.click()
    await expect(panel.page.get_by_text("WLTE cannot").first).to_be_visible()
    await expect(panel.rows.first).to_have_attribute("data-state", "sent")


async def test_the_time_line_is_walked_through(account: Account, panel: Panel) -> None:
    """With the arrows, from the newest back; Enter opens the details."""
    await send(account, "dev-7/1", "JOG")
    await send(account, "dev-9/1")
    await panel.open("?view=line")
    line = panel.page.locator("command-status-line")
    await line.locator("canvas").focus()
    await panel.page.keyboard.press("ArrowLeft")
    await expect(line.locator(".tip")).to_contain_text(f"{PUMP} · Switch the relay on")
    await panel.page.keyboard.press("ArrowLeft")
    await expect(line.locator(".tip")).to_contain_text("Gate relay 1")
    await panel.page.keyboard.press("Enter")
    await expect(panel.details).to_contain_text("Gate relay 1")
    await panel.page.keyboard.press("Escape")
    await line.get_by_role("button", name="7 days").click()
    await expect(line.get_by_role("button", name="7 days")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert "span=168" in panel.page.url


async def test_a_row_of_the_statistics_opens_the_list(account: Account, panel: Panel) -> None:
    """With what it is about, and nothing else."""
    await send(account, "dev-7/1", "JOG")
    await send(account, "dev-9/1")
    await panel.open("?view=statistics")
    rows = panel.page.locator("command-status-statistics tbody tr")
    # What needs attention is on top.
    await expect(rows.first).to_contain_text(f"{PUMP} Switch the relay on")
    await expect(rows.first).to_contain_text("0%")
    await rows.first.get_by_role("button").click()
    await expect(panel.rows).to_have_count(1)
    await expect(panel.rows).to_contain_text(PUMP)
