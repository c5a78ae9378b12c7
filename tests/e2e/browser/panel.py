"""The panel "Commands" in a browser, and what axe says about it."""

from typing import Any, Final

from playwright.async_api import Page

from stage import ROOT, Account

AXE: Final = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PUMP: Final = "Cellar pump relay 1"


class Panel:
    """The panel "Commands"."""

    def __init__(self, page: Page) -> None:
        """Know where it is."""
        self.page = page
        self.rows = page.locator("command-status-list .row")
        self.actions = page.locator("command-status-list .action")
        self.details = page.locator("command-status-details dialog")
        self.question = page.locator("command-status-ask dialog")

    async def open(self, query: str = "") -> None:
        """Go there."""
        await self.page.goto(f"/command-status{query}")
        await self.page.locator("command-status-panel main").wait_for()

    async def check(self) -> list[str]:
        """Return what axe says is wrong, in words."""
        await self.page.evaluate(AXE.read_text())
        found: dict[str, Any] = await self.page.evaluate(
            """async () => {
                const inside = (root) => [...root.querySelectorAll("*")]
                    .map((each) => each.shadowRoot && find(each.shadowRoot)).find(Boolean);
                const find = (root) =>
                    root.querySelector("command-status-panel") ?? inside(root);
                const {passes, violations} = await axe.run(find(document));
                return {
                    passes: passes.length,
                    wrong: violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html)}`),
                };
            }"""
        )
        assert found["passes"] > 0  # it has looked at something
        wrong: list[str] = found["wrong"]
        return wrong


async def send(account: Account, target: str, command: str = "ON", **fields: Any) -> None:
    """Send a command, and wait until it has ended."""
    (record,) = await account.send_all((target,), command, **fields)
    await account.until_final(str(record["tracking_id"]))
