"""The panel in all conditions: nothing there yet, no connection, an error, no account, a guest."""

import json
from typing import Any, Final

from aiohttp import ClientSession
from playwright.async_api import BrowserContext, Page, WebSocketRoute, expect
import pytest

from stage import Account, Client, HomeAssistant
from stage.patience import eventually

from .panel import PUMP, Panel, send
from .window import window

GUEST: Final = "visitor"
SUBSCRIBE: Final = "command_status/subscribe"


@pytest.mark.usefixtures("account")
async def test_where_there_is_nothing_yet(panel: Panel) -> None:
    """It says what to do, and leads there."""
    await panel.open()
    await expect(panel.page.get_by_text("Nothing yet")).to_be_visible()
    assert await panel.check() == []
    await panel.page.get_by_role("link", name="Save a command").click()
    await panel.page.wait_for_url("**/config/integrations/integration/command_status")


async def test_a_restart_of_home_assistant_is_survived(
    account: Account, home: HomeAssistant, panel: Panel
) -> None:
    """The list stays, and lives again by itself."""
    await send(account, "dev-7/1", "JOG")
    await panel.open()
    await expect(panel.rows).to_have_count(1)
    await home.stop()
    await expect(panel.page.get_by_text("The connection to Home Assistant is lost")).to_be_visible()
    await expect(panel.rows).to_have_count(1)
    await home.start()
    await account.send_all(("dev-9/1",), "ON")
    await expect(panel.rows).to_have_count(2)


async def test_an_error_is_told_and_tried_again(account: Account, page: Page) -> None:
    """With a button, should the user know better."""
    refusing = True

    def relay(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def from_page(text: str | bytes) -> None:
            asked = json.loads(text)
            asked = asked if isinstance(asked, list) else [asked]
            refused = [each for each in asked if refusing and each.get("type") == SUBSCRIBE]
            for each in refused:
                error = {"code": "unknown_error", "message": "No"}
                answer = {"id": each["id"], "type": "result", "success": False, "error": error}
                route.send(json.dumps(answer))
            passed = [each for each in asked if each not in refused]
            if passed:
                server.send(json.dumps(passed) if len(asked) > 1 else text)

        route.on_message(from_page)

    await page.route_web_socket("**/api/websocket", relay)
    await send(account, "dev-9/1")
    panel = Panel(page)
    await panel.open()
    await expect(page.get_by_text("The commands could not be loaded")).to_be_visible()
    assert await panel.check() == []
    refusing = False
    await page.get_by_role("button", name="Try again").click()
    await expect(panel.rows).to_have_count(1)


async def test_nothing_is_shown_before_its_words_are_there(account: Account, page: Page) -> None:
    """However late they come: neither a cloud's own word, nor a row without any."""
    asked: set[int] = set()
    held: list[Any] = []
    pages: list[WebSocketRoute] = []

    def relay(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        pages.append(route)

        def from_page(text: str | bytes) -> None:
            asked.update(each["id"] for each in several(text) if each.get("category") == "selector")
            server.send(text)

        def from_server(text: str | bytes) -> None:
            told = several(text)
            held.extend(each for each in told if each.get("id") in asked)
            for each in told:
                if each not in held:
                    route.send(json.dumps(each))

        route.on_message(from_page)
        server.on_message(from_server)

    await page.route_web_socket("**/api/websocket", relay)
    await send(account, "dev-9/1")
    panel = Panel(page)
    await page.goto("/command-status")
    element = page.locator("command-status-panel")
    known = "(panel) => panel.snapshot.commands.length"
    await eventually(lambda: element.evaluate(known), "command that the panel knows of")
    assert held != []
    await expect(panel.rows).to_have_count(0)
    for each in held:
        pages[-1].send(json.dumps(each))
    await expect(panel.rows).to_contain_text("Switch the relay on")


def several(text: str | bytes) -> list[dict[str, Any]]:
    """Return the messages that came as one."""
    told = json.loads(text)
    return told if isinstance(told, list) else [told]


async def test_everything_comes_from_home_assistant(
    account: Account, home: HomeAssistant, panel: Panel
) -> None:
    """Nothing is fetched from any other host."""
    hosts: set[str] = set()
    panel.page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    await panel.open()
    await send(account, "dev-7/1", "JOG")
    await expect(panel.rows).to_have_count(1)
    assert {host for host in hosts if host not in home.url} == set()


async def test_it_is_in_the_sidebar_while_there_is_an_account(account: Account, page: Page) -> None:
    """A reload does not take it away, and nobody who looks at it is sent elsewhere."""
    link = page.locator("ha-sidebar").get_by_text("Commands", exact=True)
    await send(account, "dev-9/1")
    panel = Panel(page)
    await panel.open()
    await expect(link).to_be_visible()
    await account.reload()
    await expect(panel.rows).to_have_count(1)
    assert "/command-status" in page.url
    await account.disable()
    await expect(link).to_have_count(0)
    await account.disable(disabled=False)
    await expect(link).to_be_visible()


async def test_after_an_update_nothing_old_is_shown(
    account: Account, home: HomeAssistant, page: Page
) -> None:
    """The new files have addresses of their own; a page that is open says what to do."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    panel = Panel(page)
    await send(account, "dev-9/1")
    await panel.open()
    await expect(panel.rows).to_have_count(1)
    files = home.folder / "custom_components" / "command_status" / "panel" / "files"
    (files / "panel.js").write_text((files / "panel.js").read_text() + "\n// newer\n")
    await home.restart()
    await expect(page.get_by_text("Command Status was updated")).to_be_visible()
    await page.get_by_role("button", name="Reload the page").click()
    await expect(page.get_by_text("Command Status was updated")).to_have_count(0)
    await expect(panel.rows).to_have_count(1)
    assert len({url for url in asked if "/panel.js?v=" in url}) == 2


async def admit_guest(home: HomeAssistant, *entity_ids: str) -> None:
    """Let a guest in who may see these entities and no others; Home Assistant is restarted.

    Home Assistant keeps groups with rules of their own, and shows no way to make them.
    """
    created = await home.client.command("config/auth/create", name=GUEST)
    user_id = created["user"]["id"]
    await home.client.command(
        "config/auth_provider/homeassistant/create",
        user_id=user_id,
        username=GUEST,
        password=GUEST,
    )
    await home.stop()
    path = home.folder / ".storage" / "auth"
    auth: dict[str, Any] = json.loads(path.read_text())
    rules = {"entities": {"entity_ids": {each: {"read": True} for each in entity_ids}}}
    auth["data"]["groups"].append({"id": GUEST, "name": GUEST, "policy": rules})
    (guest,) = [user for user in auth["data"]["users"] if user["id"] == user_id]
    guest["group_ids"] = [GUEST]
    path.write_text(json.dumps(auth))
    await home.start()


async def test_a_guest_sees_what_he_may_see_and_nothing_else(
    account: Account, home: HomeAssistant, profile: BrowserContext
) -> None:
    """Neither what was done with other things, nor the words that somebody else has sent."""
    await send(account, "dev-7/1", "JOG", parameters={"relay": 1})
    await send(account, "dev-9/1")
    await admit_guest(home, await account.entity("sensor", "command", "dev-7/1"))
    async with ClientSession() as session:
        guest = await Client.log_in(session, home.url, GUEST, GUEST)
        async with window(profile, guest) as page:
            panel = Panel(page)
            await panel.open()
            await expect(panel.rows).to_have_count(1)
            await expect(panel.rows).to_contain_text("Gate relay 1")
            await expect(page.get_by_text(PUMP)).to_have_count(0)
            await panel.rows.first.click()
            await expect(panel.details).to_contain_text("Gate relay 1")
            await expect(panel.details.get_by_role("button", name="Make")).to_have_count(0)
            await panel.details.get_by_text("IDs, parameters").click()
            await expect(panel.details.locator("pre")).to_contain_text("REDACTED")
            await page.keyboard.press("Escape")
            await page.get_by_role("button", name="Statistics").click()
            rows = page.locator("command-status-statistics tbody tr")
            await expect(rows).to_have_count(1)
            await account.send_all(("dev-9/1",), "OFF")
            await send(account, "dev-7/1", "OFF")
            await page.get_by_role("button", name="List").click()
            await expect(panel.rows).to_have_count(2)
        await guest.close()
