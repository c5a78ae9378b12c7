"""The panel in the hand: two fingers on the time line, filters, and a record to take along."""

from playwright.async_api import expect

from stage import Account, HomeAssistant, Simulator
from stage.programme import LOBBY, esper

from ..home.editor import make_area
from .panel import PUMP, Panel, send


async def test_two_fingers_change_the_span_of_the_time_line(account: Account, panel: Panel) -> None:
    """Apart they show less time, together more, as on a map."""
    await send(account, "dev-7/1", "JOG")
    await panel.open("?view=line")
    line = panel.page.locator("command-status-line")
    span = line.locator("button[aria-pressed=true]")
    before = await span.inner_text()
    box = await line.locator("canvas").bounding_box()
    assert box is not None
    middle, height = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    screen = await panel.page.context.new_cdp_session(panel.page)
    await screen.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})

    async def touch(kind: str, *apart: float) -> None:
        points = [
            {"x": middle + side * pixels / 2, "y": height, "id": finger}
            for pixels in apart
            for finger, side in enumerate((-1, 1))
        ]
        await screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    await touch("touchStart", 100)
    await touch("touchMove", 110)
    await touch("touchMove", 200)
    await touch("touchEnd")
    await expect(span).not_to_have_text(before)
    await touch("touchStart", 200)
    await touch("touchMove", 190)
    await touch("touchMove", 100)
    await touch("touchEnd")
    await expect(span).to_have_text(before)


async def test_the_list_is_filtered_by_account_and_by_area(
    account: Account, home: HomeAssistant, esper_cloud: Simulator, panel: Panel
) -> None:
    """Only what occurs can be chosen, and both narrow the list together."""
    tablets = await Account.add(home, *esper(esper_cloud.url))
    await send(account, "dev-7/1", "JOG")
    await send(account, "dev-9/1")
    await send(tablets, LOBBY, "REBOOT")
    cellar = await make_area(account, "Cellar", "Cellar pump")
    yard = await make_area(account, "Yard", "Gate")
    await panel.open()
    await expect(panel.rows).to_have_count(3)
    await panel.page.get_by_label("Account", exact=True).select_option(value=account.entry_id)
    await expect(panel.rows).to_have_count(2)
    await panel.page.get_by_label("Area", exact=True).select_option(label="Cellar")
    await expect(panel.rows).to_have_count(1)
    await expect(panel.rows).to_contain_text(PUMP)
    assert f"account={account.entry_id}" in panel.page.url
    assert f"area={cellar}" in panel.page.url
    await home.client.command("config/area_registry/delete", area_id=cellar)
    await home.client.command("config/area_registry/delete", area_id=yard)


async def test_a_record_is_taken_along(account: Account, panel: Panel) -> None:
    """As the YAML that the details show, to paste into a report."""
    await send(account, "dev-9/1", tag="night")
    await panel.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await panel.open()
    await panel.rows.first.click()
    await panel.details.get_by_text("IDs, parameters").click()
    await panel.details.get_by_role("button", name="Copy the record").click()
    await expect(panel.page.get_by_text("The record was copied").first).to_be_visible()
    shown = await panel.details.locator("pre").inner_text()
    assert await panel.page.evaluate("navigator.clipboard.readText()") == shown
    await panel.page.context.clear_permissions()
