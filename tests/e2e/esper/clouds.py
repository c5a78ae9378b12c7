"""What these tests ask of an Esper cloud."""

from collections.abc import Mapping
from typing import Any, Final

from simulators.esper import device_id
from stage import Account, Simulator

LOBBY: Final = device_id(1)
KIOSK: Final = device_id(2)
WAREHOUSE: Final = device_id(3)
"""It is offline."""

QUEUED: Final = {"held": 3600}
"""The script of a command that stays `Command Queued`, until `settle` says something else."""

NO_ANSWER: Final = "Esper 127.0.0.1 cannot be asked"
"""What the log says once, whenever the cloud has ceased to answer."""


async def requests(cloud: Simulator) -> list[Mapping[str, Any]]:
    """Return the requests that the cloud has taken with their status objects, oldest first."""
    return list((await cloud.state())["requests"])


async def issue(cloud: Simulator, command: str, *devices: str) -> tuple[str, list[str]]:
    """Let somebody else make a request; return its id, and those of its status objects."""
    request_id = await cloud.act("issue", command=command, devices=devices)
    (statuses,) = [
        request["statuses"] for request in await requests(cloud) if request["id"] == request_id
    ]
    return request_id, [status["id"] for status in statuses]


async def track(account: Account, command_id: str, **fields: Any) -> list[dict[str, Any]]:
    """Follow what somebody else sent, and return the records."""
    call = {"config_entry_id": account.entry_id, "command_id": command_id}
    answer = await account.client.ask("command_status.track_command", call | fields)
    return list(answer["commands"])


async def settle(cloud: Simulator, record: Mapping[str, Any], state: str, reason: str = "") -> None:
    """Let the cloud say from now on that a command has this state."""
    await cloud.act("set_status", status_id=record["command_id"], state=state, reason=reason)
