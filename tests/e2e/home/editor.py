"""What the automation editor asks Home Assistant for."""

from collections.abc import Mapping
from typing import Any, Final

from stage import DOMAIN, Account, Client

OUTCOMES: Final[Mapping[str, str]] = {
    "command_succeeded": "success",
    "command_failed": "failure",
    "command_timed_out": "timeout",
    "command_cancelled": "cancelled",
    "command_lost": "lost",
}
"""Our triggers that have a target, with the outcome that each is for."""

CONDITIONS: Final = ("is_pending", "is_successful", "is_failed", "is_timed_out")


def ours(names: object) -> set[str]:
    """Return those of the names that are ours, without our domain."""
    assert isinstance(names, (list, dict))
    own = (name.partition(".") for name in names)
    return {name for domain, _, name in own if domain == DOMAIN}


async def described(client: Client, what: str) -> dict[str, Any]:
    """Return our `trigger` or `condition` descriptions, by name."""
    kind = f"{what}_platforms/subscribe"
    async with client.connection.subscribe(lambda told: told, kind) as told:
        everything = (await told.until(ours))[0]  # ours may come a moment after the others
    return {name: everything[f"{DOMAIN}.{name}"] for name in ours(everything)}


async def texts(client: Client, language: str, category: str) -> dict[str, str]:
    """Return our texts of a category as the frontend gets them, by the path in our file."""
    answer = await client.command(
        "frontend/get_translations", language=language, category=category, integration=DOMAIN
    )
    prefix = f"component.{DOMAIN}."
    return {key.removeprefix(prefix): text for key, text in answer["resources"].items()}


async def holds(client: Client, condition: str, target: Mapping[str, Any], **options: Any) -> bool:
    """Return whether one of our conditions holds now, as the editor's button tells."""
    asked = {"condition": f"{DOMAIN}.{condition}", "target": target, "options": options}
    answer = await client.command("test_condition", condition=asked)
    return bool(answer["result"])


async def make_area(account: Account, name: str, *devices: str) -> str:
    """Make an area with some of the account's devices, and return its id."""
    area = await account.client.command("config/area_registry/create", name=name)
    known = await account.devices()
    for device in devices:
        await account.client.command(
            "config/device_registry/update", device_id=known[device], area_id=area["area_id"]
        )
    return str(area["area_id"])
