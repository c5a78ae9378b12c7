"""The devices: what they are, and how their relays stand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

type Json = dict[str, Any]


@dataclass(slots=True)
class Relay:
    """One relay. How it stands follows from the clock, not from anything that runs."""

    index: int
    initial: bool | None = False
    """None: the cloud does not know."""
    turns: list[tuple[float, bool]] = field(default_factory=list)
    """When it was or will be turned, and how it stands from then on."""

    def on(self, now: float) -> bool | None:
        """Tell how the relay stands."""
        past = [on for at, on in self.turns if at <= now]
        return past[-1] if past else self.initial


@dataclass(slots=True)
class Device:
    """A connected controller."""

    device_id: str
    name: str
    device_type: str
    online: bool = True
    relays: dict[int, Relay] = field(default_factory=dict)
    inputs: Json = field(default_factory=dict)
    """The peripherals beside the relays, as the cloud shows them."""

    @property
    def supported(self) -> bool:
        """Whether the cloud knows what is in this device."""
        return self.device_type != "UNSUPPORTED"

    def describe(self, now: float, updated_at: str) -> Json:
        """Return the device as the cloud shows it."""
        described = {
            "deviceId": self.device_id,
            "name": self.name,
            "status": "ONLINE" if self.online else "OFFLINE",
            "deviceType": self.device_type,
        }
        if not self.supported:
            return described
        relays = [{"index": relay.index, "on": relay.on(now)} for relay in self.relays.values()]
        peripherals = {"relays": relays, **NO_INPUTS, **self.inputs}
        return {**described, "stateUpdatedAt": updated_at, "peripherals": peripherals}


NO_INPUTS: Final[Json] = {"digitalInputs": [], "analogInputs": [], "sensors": []}

# A sensor is known by its index and its type together: 2 occurs twice.
GATE_INPUTS: Final[Json] = {
    "digitalInputs": [{"index": 1, "active": None}, {"index": 2, "active": True}],
    "analogInputs": [
        {
            "index": 1,
            "type": "VOLTAGE",
            "status": "NORMAL",
            "measurement": {"value": 11.9, "unit": "V"},
        }
    ],
    "sensors": [
        {"index": 1, "type": "TEMP", "value": 21.5, "unit": "C", "status": "NORMAL"},
        {"index": 2, "type": "TEMP", "value": 19.0, "unit": "C", "status": "NORMAL"},
        {"index": 2, "type": "HUMI", "value": 48, "unit": "%", "status": "NORMAL"},
        {"index": 3, "type": "TEMP", "unit": "C", "status": "OFFLINE"},
    ],
}

ACTIONS: Final = ("ON", "OFF", "JOG")

JOG_SECONDS: Final = 1.0
"""How long a JOG closes the relay. A real device stores it."""

# Device types and their number of relays.
PROFILES: Final = {"RL1": 1, "RL2": 2}


def _relays(count: int, *, initial: bool | None = False) -> dict[int, Relay]:
    return {index: Relay(index, initial) for index in range(1, count + 1)}


def _devices(extra: int) -> Iterator[Device]:
    gate = Device("dev-7", "Gate", "RL2", relays=_relays(2), inputs=GATE_INPUTS)
    gate.relays[2].initial = None
    yield gate
    yield Device("dev-8", "Garage", "RL1", relays=_relays(1))
    yield Device("dev-9", "Cellar pump", "RL1", online=False, relays=_relays(1, initial=None))
    yield Device("dev-10", "Weather mast", "UNSUPPORTED")
    for number in range(1, extra + 1):
        yield Device(f"dev-x{number:05}", f"Relay box {number}", "RL1", relays=_relays(1))


def default_world(extra: int = 0) -> dict[str, Device]:
    """Return the devices by id, in the cloud's order."""
    devices = sorted(_devices(extra), key=lambda device: device.device_id)
    return {device.device_id: device for device in devices}


def profiles() -> list[Json]:
    """Return what the types of devices can do."""
    return [
        {
            "deviceType": device_type,
            "capabilities": {
                "relayCount": relays,
                "digitalInputCount": 2,
                "analogInputCount": 1,
                "sensorInterfaces": [{"index": 1, "supportedTypes": ["TEMP", "HUMI"]}],
                "operationSpecs": {"relay": {"actions": list(ACTIONS)}},
            },
        }
        for device_type, relays in PROFILES.items()
    ]
