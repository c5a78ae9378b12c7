"""What an Esper cloud may be like."""

from dataclasses import dataclass
from enum import StrEnum


class ErrorShape(StrEnum):
    """The two shapes of an error."""

    COMMANDS = "commands"
    """`{code, message, content}`, as under `/commands/v0`."""
    CLASSIC = "classic"
    """`{errors, message, status}`, as everywhere else."""


@dataclass(slots=True)
class EsperSettings:
    """What can be changed while the simulator runs."""

    status_delay: float = 0.3
    """Seconds until a new request has its status objects. That there are any, is not documented."""
    duration: float = 2.0
    """Seconds from the moment a device is reached to the outcome, where no script says another."""
    flat_create: bool = False
    """Whether a new request is told without the envelope, as a third-party client reads it."""
    device_as_url: bool = False
    """Whether status objects name their device by its address, as Commands V2 does."""
    command_meta: bool = True
    """Whether status objects have the field at all; older documentation does not know it."""
    request_devices: bool = True
    """Whether a listed request tells its devices."""
    newest_first: bool = True
    """Whether requests are listed from the newest on. The order is not documented."""
    hostile_next: bool = True
    """Whether `next` names another scheme and host, as Esper's own tool has met it."""
    largest_page: int = 500
    """The most items in one answer, whatever `limit` asks for."""
    fault_shape: ErrorShape = ErrorShape.COMMANDS
    """The shape of the errors that faults bring; other errors have the shape of their path."""
    extra_devices: int = 0
    """Devices beside those of the default world."""
