"""The calls of the Commands API, in the words of its documentation."""

from typing import Any

from simulators.esper import device_id
from tests.simulators.client import Answer, Client

LOBBY, KIOSK, WAREHOUSE = device_id(1), device_id(2), device_id(3)

COMMANDS = "/commands/v0/commands/"
STATUS = "/commands/v0/status/"


async def create(client: Client, *devices: str, word: str = "REBOOT", **changes: Any) -> Answer:
    """Make a request, as documented unless something is changed."""
    body = {
        "command_type": "DEVICE",
        "devices": list(devices),
        "device_type": "all",
        "command": word,
        **changes,
    }
    return await client.ask("POST", COMMANDS, body)


async def statuses(client: Client, query: str = "") -> list[dict[str, Any]]:
    """List status objects."""
    found: list[dict[str, Any]] = (await client.ask("GET", f"{STATUS}?limit=500&{query}")).json[
        "content"
    ]["results"]
    return found


async def words(client: Client, query: str = "") -> list[str]:
    """List the states of status objects."""
    return [status["state"] for status in await statuses(client, query)]


async def update(client: Client, status_id: str, **body: Any) -> Answer:
    """Change a status object."""
    return await client.ask("PUT", f"{STATUS}{status_id}/", body)
