"""Issues: how they come about, and how a user mends them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
import json
from typing import Any, Final

from stage import DOMAIN, Account, Client, HomeAssistant, Simulator, eventually

A_DAY: Final = 24 * 3600.0
GARAGE: Final = "dev-8/1"


@asynccontextmanager
async def asleep(account: Account) -> AsyncIterator[None]:
    """Disable the account, and enable it again: it reads all that it knows from its files."""
    await account.disable()
    await account.until_entry("not_loaded")
    yield
    await account.disable(disabled=False)
    await account.until_entry("loaded")


def rewrite_targets(
    home: HomeAssistant, account: Account, change: Callable[[dict[str, Any]], None]
) -> None:
    """Change what is stored about an account's targets."""
    path = home.folder / ".storage" / f"{DOMAIN}.{account.entry_id}.targets"
    stored = json.loads(path.read_text())
    change(stored["data"])
    path.write_text(json.dumps(stored))


async def lose_the_garage(home: HomeAssistant, account: Account, cloud: Simulator) -> None:
    """Take the garage out of the cloud, and let a day go by between two lists without it."""
    await cloud.act("remove_device", device="dev-8")
    await account.reload()
    await account.until_entry("loaded")

    def a_day_ago(listing: dict[str, Any]) -> None:
        listing["missing_for"][GARAGE] += A_DAY

    async def noticed() -> bool:
        return GARAGE in home.stored(f"{DOMAIN}.{account.entry_id}.targets")["missing_for"]

    await eventually(noticed, "list without the garage")
    async with asleep(account):
        rewrite_targets(home, account, a_day_ago)


async def issues(account: Account) -> list[Mapping[str, Any]]:
    """Return our issues as soon as there are any."""
    found: list[Mapping[str, Any]] = [*await eventually(account.issues, "issue")]
    return found


async def fix(client: Client, issue: Mapping[str, Any], *steps: Mapping[str, Any]) -> Any:
    """Walk through the dialogue of an issue, and return what it shows then."""
    path = "/api/repairs/issues/fix"
    start = {"handler": DOMAIN, "issue_id": issue["issue_id"]}
    shown = await client.request("POST", path, start)
    for step in steps:
        shown = await client.request("POST", f"{path}/{shown['flow_id']}", step)
    return shown


async def until_mended(account: Account) -> None:
    """Wait until there is no issue any more; mending one loads the account again."""

    async def none() -> bool:
        return not await account.issues()

    await eventually(none, "end of all issues")
    await account.until_entry("loaded")
