"""A dashboard that shows everything: our card, and the entities of each account as tiles."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .account import Account
from .client import Client

PATH: Final = "all-commands"
TITLE: Final = "All commands"
ICON: Final = "mdi:progress-check"


async def async_add_dashboard(client: Client, accounts: Iterable[Account]) -> None:
    """Add it to the sidebar, as somebody does who makes a dashboard by hand."""
    await client.command(
        "lovelace/dashboards/create",
        url_path=PATH,
        title=TITLE,
        icon=ICON,
        show_in_sidebar=True,
        require_admin=False,
        mode="storage",
    )
    sections = [await _account(account) for account in accounts]
    config = {"views": [{"title": TITLE, "type": "sections", "sections": [_COMMANDS, *sections]}]}
    await client.command("lovelace/config/save", url_path=PATH, config=config)


_COMMANDS: Final[Mapping[str, Any]] = {
    "type": "grid",
    "column_span": 2,
    "cards": [
        {"type": "custom:command-status-card", "grid_options": {"columns": "full"}},
    ],
}


async def _account(account: Account) -> Mapping[str, Any]:
    """Return the section of one account: its name, and a tile for each of its sensors."""
    title = (await account.entry())["title"]
    shown = sorted(
        entity["entity_id"]
        for entity in await account.entities()
        if entity["entity_id"].startswith("sensor.") and entity["disabled_by"] is None
    )
    tiles = [{"type": "tile", "entity": entity_id} for entity_id in shown]
    return {"type": "grid", "cards": [{"type": "heading", "heading": title}, *tiles]}
