"""The devices, and when each of them can be reached."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

type Json = dict[str, Any]

ACTIVE: Final = 1
INACTIVE: Final = 60

CHECK_IN: Final = 300.0
"""Seconds between two check-ins of a device."""


def device_id(number: int) -> str:
    """Return the id of the device with this number, from 1."""
    return f"3d0c8a52-0000-4000-8000-{number:012}"


@dataclass(slots=True)
class Device:
    """A tablet. Whether it can be reached follows from the clock, not from anything that runs."""

    device_id: str
    name: str
    alias: str = ""
    initial: bool = True
    turns: list[tuple[float, bool]] = field(default_factory=list)
    """When it went or will go away or come back, in this order."""

    def online(self, now: float) -> bool:
        """Tell whether it can be reached."""
        past = [online for at, online in self.turns if at <= now]
        return past[-1] if past else self.initial

    def turn(self, at: float, *, online: bool) -> None:
        """Plan that it goes away or comes back."""
        self.turns.append((at, online))
        self.turns.sort()

    def reached_at(self, since: float) -> float | None:
        """Return the first moment from `since` on at which it can be reached; None: not planned."""
        if self.online(since):
            return since
        return next((at for at, online in self.turns if at > since and online), None)

    def unseen(self, now: float) -> float:
        """Return how many seconds ago it was seen last."""
        if self.online(now):
            return now % CHECK_IN
        return now - max((at for at, _ in self.turns if at <= now), default=now - 864_000)

    def describe(self, now: float, last_seen: str) -> Json:
        """Return the device as the list shows it."""
        return {
            "id": self.device_id,
            "name": self.name,
            "alias": self.alias,
            "state": ACTIVE if self.online(now) else INACTIVE,
            "os": "Android",
            "last_seen": last_seen,
            "tags": [],
        }


def _devices(extra: int) -> Iterator[Device]:
    yield Device(device_id(1), "ESR-LOB-1", "Lobby")
    yield Device(device_id(2), "ESR-KIO-2", "Kiosk")
    yield Device(device_id(3), "ESR-WAR-3", "Warehouse", initial=False)
    for number in range(4, extra + 4):
        yield Device(device_id(number), f"Tablet {number:05}")


def default_world(extra: int = 0) -> dict[str, Device]:
    """Return the devices by id, in the cloud's order."""
    return {device.device_id: device for device in _devices(extra)}
