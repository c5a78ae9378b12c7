"""What the account has: networks, sync modules and cameras of three families."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Family(StrEnum):
    """The camera families; each has its own list on the homescreen and its own paths."""

    CLASSIC = "cameras"
    OWL = "owls"
    DOORBELL = "doorbells"


OFFLINE: Final = "offline"
FLOODLIGHT: Final = "superior"
"""The type of a wired floodlight, which is an owl with lamps."""


@dataclass(slots=True)
class Device:
    """A camera, mini, doorbell or floodlight."""

    id: int
    name: str
    network_id: int
    family: Family
    type: str
    status: str = "done"
    """`online` and `done` mean reachable; one that is `offline` fails unless scripted otherwise."""
    enabled: bool = True
    lights: bool = False
    pictures: int = 1
    """How often its thumbnail was taken: part of the thumbnail's address."""
    clips: int = 0
    onboarded: bool = True
    """Whether it was ever set up; only newer families tell."""
    mount: int | None = None
    """The id of the battery floodlight mount that it sits in."""

    @property
    def offline(self) -> bool:
        """Whether it cannot be reached."""
        return self.status == OFFLINE


@dataclass(slots=True)
class SyncModule:
    """The hub of a network."""

    id: int
    name: str
    status: str = "online"


@dataclass(slots=True)
class Network:
    """A system."""

    id: int
    name: str
    sync_module: SyncModule | None = None
    armed: bool = False
    listed: bool = True
    """Whether the homescreen lists it: the network of a mini without sync module may be absent."""


@dataclass(slots=True)
class World:
    """Everything that the account has."""

    networks: dict[int, Network] = field(default_factory=dict)
    devices: dict[int, Device] = field(default_factory=dict)

    def add(self, *things: Network | Device) -> None:
        """Put up networks and devices."""
        for thing in things:
            if isinstance(thing, Network):
                self.networks[thing.id] = thing
            else:
                self.devices[thing.id] = thing

    def devices_in(self, network_id: int, family: Family | None = None) -> Iterator[Device]:
        """Go through the devices of a network, or those of one family."""
        for device in self.devices.values():
            if device.network_id == network_id and family in (None, device.family):
                yield device

    def find(self, network_id: int, family: Family, device_id: int) -> Device | None:
        """Return a device, if it is where the path says and of the family the path is for."""
        device = self.devices.get(device_id)
        if device is None or (device.network_id, device.family) != (network_id, family):
            return None
        return device


def default_world() -> World:
    """Return a home with one device of each kind, one of them out of reach."""
    world = World()
    world.add(
        Network(1234, "Home", SyncModule(51, "Home sync")),
        Network(5678, "Hall", listed=False),
        Device(701, "Garden", 1234, Family.CLASSIC, "catalina"),
        Device(702, "Driveway", 1234, Family.CLASSIC, "catalina", status=OFFLINE),
        Device(801, "Hall", 5678, Family.OWL, "owl", status="online"),
        Device(802, "Yard light", 1234, Family.OWL, FLOODLIGHT, status="online"),
        Device(901, "Front door", 1234, Family.DOORBELL, "lotus"),
    )
    return world
