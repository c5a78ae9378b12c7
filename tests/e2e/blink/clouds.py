"""What these tests ask of a Blink cloud."""

from collections.abc import Mapping
import time
from typing import Any, Final

from stage import Simulator, eventually

HOME: Final = "network/1234"
"""A network with a sync module; all but the Mini are in it."""
HALL_NETWORK: Final = "network/5678"
"""The network that the Mini makes for itself."""
GARDEN: Final = "camera/701"
DRIVEWAY: Final = "camera/702"
"""A camera out of reach."""
HALL: Final = "owl/801"
YARD_LIGHT: Final = "owl/802"
FRONT_DOOR: Final = "doorbell/901"

CODE: Final = "48291507"
"""The second factor; longer than a real one, because a time stamp may hold any six digits."""

NO_ANSWER: Final = "Blink Home cannot be asked"
"""What the log says once, whenever the cloud has ceased to answer."""


def number_of(target: str) -> int:
    """Return Blink's own id of a target."""
    return int(target.partition("/")[2])


async def end(cloud: Simulator, record: Mapping[str, Any], script: str = "success") -> None:
    """Let a command be complete from now on, as a script says."""
    await cloud.act("complete", command_id=int(record["command_id"]), name=script)


async def taken(cloud: Simulator) -> list[Mapping[str, Any]]:
    """Return the commands that the cloud has taken, oldest first."""
    return list((await cloud.state())["commands"])


async def until_quiet(cloud: Simulator, seconds: float) -> None:
    """Wait until nothing was asked for so long."""

    async def quiet() -> bool:
        newest = (await cloud.requests())[-1]
        return time.monotonic() > float(newest["time"]) + seconds  # the simulator's clock, too

    await eventually(quiet, "silence")
