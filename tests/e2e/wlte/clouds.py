"""What these tests ask of a WLTE cloud."""

import json
from typing import Final

from stage import Simulator

NEVER: Final = {"after": None}
"""The script of a command that stays `SENT`, until `settle` ends it."""

NO_ANSWER: Final = " cannot be asked"
"""What the log says once, whenever the cloud has ceased to answer."""


async def settle(cloud: Simulator, command_id: str, status: str) -> None:
    """Let the cloud say from now on that a command has this status."""
    data = {"id": command_id, "status": status}
    answer = {"code": "SUCCESS", "message": "ok", "requestId": "req-settled", "data": data}
    await cloud.fault(
        "status",
        "status",
        path=f"/commands/{command_id}",
        times=None,
        status=200,
        body=json.dumps(answer),
    )


async def sends(cloud: Simulator) -> int:
    """Return how many requests to switch a relay there have been, in any generation."""
    counts = await cloud.counts()
    return counts.get("create", 0) + counts.get("create_old", 0)
