"""What a user sends to somebody who helps."""

from collections.abc import Mapping
from typing import Any

from stage import DOMAIN, Account, Client


async def device_diagnostics(account: Account, device: str) -> Any:
    """Download the diagnostics of a device, and return what is ours."""
    return (await account.diagnostics(device))["data"]


async def health(client: Client) -> Mapping[str, Any]:
    """Return our lines of the page of system health."""
    async with client.connection.subscribe(lambda told: told, "system_health/info") as told:
        (first, *_) = await told.until(lambda message: message["type"] == "initial")
    lines: Mapping[str, Any] = first["data"][DOMAIN]["info"]
    return lines
