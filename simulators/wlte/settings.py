"""What a WLTE cloud may be like."""

from dataclasses import dataclass
from enum import StrEnum


class Generation(StrEnum):
    """The generations of the contract. Which one the real server speaks is not known."""

    G1 = "G1"
    """June 2026: one relay for each call, flat answers."""
    G2 = "G2"
    """As G1; answers name the type of the command."""
    G3 = "G3"
    """Several relays in one call, nested answers; the old path is deprecated."""


class ErrorData(StrEnum):
    """What errors carry as `data`. The vendor's pages show all three."""

    ABSENT = "absent"
    NULL = "null"
    DETAILS = "details"


@dataclass(slots=True)
class WlteSettings:
    """What can be changed while the simulator runs."""

    generation: Generation = Generation.G3
    missing_path_status: int = 404
    """What G1 and G2 answer on the path of G3: 404 or 405, without a word of WLTE's own."""
    status_in_create: bool = True
    """Whether G1 tells `status` and `createdAt` of a new command; its schema asks for neither."""
    post_wait: float = 10.0
    """The longest that a POST waits for the device, in seconds."""
    confirm_after: float = 0.0
    """Seconds until the device confirms a command that no script speaks of."""
    token_lifetime: float = 3600.0
    """Seconds until a new token expires."""
    enforce_limits: bool = True
    """Whether a breach of a rate limit is refused. It is counted in any case."""
    cooldown_from_end: bool = False
    """Whether the cooldown of a relay begins when the operation has ended, not when it is taken.

    The documentation says "after each operation" and no more.
    """
    error_data: ErrorData = ErrorData.DETAILS
    extra_fields: bool = False
    """Whether all answers carry fields that nobody has documented."""
    extra_devices: int = 0
    """Devices beside those of the default world, each with one relay."""
