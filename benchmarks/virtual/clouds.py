"""The clouds in virtual time: simulators in the same loop, and what is sent to them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final, override

from custom_components.command_status.providers.base import ProviderDescription
from custom_components.command_status.providers.blink import DESCRIPTION as BLINK
from custom_components.command_status.providers.esper import DESCRIPTION as ESPER
from custom_components.command_status.providers.wlte import DESCRIPTION as WLTE
from simulators.blink import BlinkSimulator
from simulators.esper import API_KEY, EsperSimulator
from simulators.esper.world import device_id
from simulators.wlte import CLIENT_ID, CLIENT_SECRET, WlteSimulator

from ..clouds import BLINK_ACCOUNT, GARDEN
from .loop import VirtualLoop


class Cloud(ABC):
    """A simulator, an account at it, and one thing that can be commanded again and again."""

    description: ClassVar[ProviderDescription]
    target: ClassVar[str]
    command: ClassVar[str]
    status_labels: ClassVar[tuple[str, ...]] = ("status",)
    """What the simulator calls the requests that ask for the status of commands."""

    simulator: BlinkSimulator | EsperSimulator | WlteSimulator

    @property
    @abstractmethod
    def credentials(self) -> Mapping[str, str]:
        """What a sign-in would have found out."""

    @abstractmethod
    def plan(self, seconds: float) -> None:
        """Let the next command succeed so many seconds after it was taken."""

    @abstractmethod
    def ended_at(self, record: Mapping[str, Any]) -> float:
        """Return the moment at which a command came to its end at the provider."""

    @property
    def polls(self) -> int:
        """How many requests have asked for the status of commands until now."""
        return sum(self.simulator.counts[label] for label in self.status_labels)


class BlinkCloud(Cloud):
    """Blink, with a camera that takes pictures."""

    description = BLINK
    target = GARDEN
    command = "thumbnail"

    def __init__(self, loop: VirtualLoop) -> None:
        """Share the loop's time."""
        self.simulator: BlinkSimulator = BlinkSimulator(clock=loop.time)

    @property
    @override
    def credentials(self) -> Mapping[str, str]:
        return {
            "refresh_token": self.simulator.issue_refresh_token(),
            "client_id": "ios",
            "hardware_id": "2D3C6E5A-9F1B-4C57-8B3E-6A7C0D1E2F30",
            "account_id": BLINK_ACCOUNT,
            "tier": "e008",
            "auth_url": self.simulator.url,
            "api_url": self.simulator.url,
        }

    @override
    def plan(self, seconds: float) -> None:
        self.simulator.script(seconds=seconds, times=1)

    @override
    def ended_at(self, record: Mapping[str, Any]) -> float:
        return self.simulator.book.commands[int(record["command_id"])].completes


class WlteCloud(Cloud):
    """WLTE, with the relay of a gate; the answer to a POST does not wait for the device."""

    description = WLTE
    target = "dev-7/1"
    command = "ON"

    def __init__(self, loop: VirtualLoop) -> None:
        """Share the loop's time."""
        self.simulator: WlteSimulator = WlteSimulator(clock=loop.time)
        self.simulator.configure({"post_wait": 0.0})

    @property
    @override
    def credentials(self) -> Mapping[str, str]:
        return {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "base_url": self.simulator.url,
        }

    @override
    def plan(self, seconds: float) -> None:
        self.simulator.script(after=seconds, times=1)

    @override
    def ended_at(self, record: Mapping[str, Any]) -> float:
        command = self.simulator.commands[record["command_id"]]
        assert command.script.after is not None
        return command.created + command.script.after


class EsperCloud(Cloud):
    """Esper, with a tablet that is locked."""

    description = ESPER
    target = device_id(1)
    command = "LOCK"
    status_labels = ("status", "statuses")

    def __init__(self, loop: VirtualLoop) -> None:
        """Share the loop's time."""
        self.simulator: EsperSimulator = EsperSimulator(clock=loop.time)

    @property
    @override
    def credentials(self) -> Mapping[str, str]:
        return {"tenant": self.simulator.tenant, "api_key": API_KEY}

    @override
    def plan(self, seconds: float) -> None:
        self.simulator.script(after=seconds, times=1)

    @override
    def ended_at(self, record: Mapping[str, Any]) -> float:
        ends = self.simulator.statuses[record["command_id"]].ends
        assert ends is not None
        return ends


CLOUDS: Final[Mapping[str, type[BlinkCloud | EsperCloud | WlteCloud]]] = {
    "blink": BlinkCloud,
    "wlte": WlteCloud,
    "esper": EsperCloud,
}
