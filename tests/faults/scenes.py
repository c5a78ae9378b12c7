"""Each cloud on a stage of its own: an account at it, and commands that stay open until told."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
import time
from typing import Any, ClassVar, Final, override

from simulators.base import Simulator
from simulators.blink import BlinkSimulator, Busy
from simulators.clock import ManualClock
from simulators.esper import API_KEY, EsperSimulator, device_id
from simulators.request_log import LoggedRequest
from simulators.rest import TOKEN, RestSimulator
from simulators.wlte import CLIENT_ID, CLIENT_SECRET, Script as WlteScript, WlteSimulator
from tests.providers.rest.jobs import changed

HARDWARE_ID: Final = "2D3C6E5A-9F1B-4C57-8B3E-6A7C0D1E2F30"


class Scene(ABC):
    """One cloud whose time is that of Home Assistant, and what a test asks of it."""

    key: ClassVar[str]
    """The provider."""
    target: ClassVar[str]
    command: ClassVar[str]
    sends: ClassVar[str]
    """The label of the request that sends the command."""
    asks: ClassVar[frozenset[str]]
    """The labels of status requests."""
    options: ClassVar[Mapping[str, object]] = {}
    files: ClassVar[Mapping[str, Any]] = {}
    """What users have in their configuration folder, as plain data."""
    whereabouts: ClassVar[Mapping[str, object]] = {}
    """What else `track_command` needs to know."""
    repeats: ClassVar[bool] = False
    """Whether a command is sent again when nobody knows whether it was taken."""
    tells: ClassVar[Mapping[str, str]] = {}
    """Answers that are no doubt here but say how a command has ended, by what they are."""

    def __init__(self, nap: ManualClock) -> None:
        """Build the cloud; nothing listens yet."""
        self.cloud = self.build(nap)

    @abstractmethod
    def build(self, nap: ManualClock) -> Simulator[Any]:
        """Return the cloud."""

    @abstractmethod
    def credentials(self) -> Mapping[str, str]:
        """Return what a sign-in would have found out."""

    @abstractmethod
    def hang(self) -> None:
        """Let commands stay open until `succeed`."""

    @abstractmethod
    def succeed(self, *command_ids: str) -> None:
        """Let commands have ended well, by the ids of the cloud."""

    @abstractmethod
    def taken(self) -> Sequence[str]:
        """Return the ids of all commands that the cloud has taken, oldest first."""

    @abstractmethod
    def issue(self, count: int) -> Sequence[str]:
        """Let others send so many commands that stay open; return the ids to track them by."""

    @abstractmethod
    def after_doubt(self, *, taken: bool) -> str:
        """Return how a command ends whose answer was lost, by whether it was taken."""

    @property
    def asked(self) -> list[LoggedRequest]:
        """All status requests, oldest first."""
        return [request for request in self.cloud.log.requests if request.label in self.asks]


class WlteScene(Scene):
    """A gate."""

    key = "wlte"
    target = "dev-7/1"
    command = "JOG"
    sends = "create"
    asks = frozenset({"status"})
    repeats = True

    cloud: WlteSimulator

    @override
    def build(self, nap: ManualClock) -> WlteSimulator:
        cloud = WlteSimulator(clock=time.time, sleep=nap.sleep)
        cloud.settings.post_wait = 0.0
        return cloud

    @override
    def credentials(self) -> Mapping[str, str]:
        return {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "base_url": self.cloud.url,
        }

    @override
    def hang(self) -> None:
        self.cloud.script(after=None, switches=True)

    @override
    def succeed(self, *command_ids: str) -> None:
        for command_id in command_ids:
            command = self.cloud.commands[command_id]
            self.cloud.commands[command_id] = replace(command, script=WlteScript())

    @override
    def taken(self) -> Sequence[str]:
        return list(self.cloud.commands)

    @override
    def issue(self, count: int) -> Sequence[str]:
        return [self.cloud.issue("dev-7", {1: "ON"}, after=None).command_id for _ in range(count)]

    @override
    def after_doubt(self, *, taken: bool) -> str:
        return "success"


class BlinkScene(Scene):
    """A home with cameras."""

    key = "blink"
    target = "network/1234"
    command = "arm"
    sends = "arm"
    asks = frozenset({"status"})
    whereabouts: ClassVar = {"network_id": "1234"}

    cloud: BlinkSimulator

    @override
    def build(self, nap: ManualClock) -> BlinkSimulator:
        return BlinkSimulator(clock=time.time, sleep=nap.sleep)

    @override
    def credentials(self) -> Mapping[str, str]:
        return {
            "refresh_token": self.cloud.issue_refresh_token(),
            "client_id": "ios",
            "hardware_id": HARDWARE_ID,
            "account_id": str(self.cloud.settings.account_id),
            "tier": self.cloud.settings.tier,
            "auth_url": self.cloud.url,
            "api_url": self.cloud.url,
        }

    @override
    def hang(self) -> None:
        self.cloud.script("never")

    @override
    def succeed(self, *command_ids: str) -> None:
        for command_id in command_ids:
            self.cloud.complete(int(command_id))

    @override
    def taken(self) -> Sequence[str]:
        return list(map(str, self.cloud.book.commands))

    @override
    def issue(self, count: int) -> Sequence[str]:
        self.cloud.settings.busy = Busy.OFF
        return [str(self.cloud.issue("arm", 1234, "never")) for _ in range(count)]

    @override
    def after_doubt(self, *, taken: bool) -> str:
        return "lost"


class RestScene(Scene):
    """Machines that work off jobs, as a file describes them."""

    key = "rest"
    target = "m1"
    command = "make"
    sends = "create"
    asks = frozenset({"status"})
    repeats = True
    tells: ClassVar = {"no JSON": "lost", "a web page": "lost", "redirected": "failure"}
    files: ClassVar = {
        "command_status/jobs.yaml": changed(
            {
                "commands/make/send/json/key": "${tracking_id}",
                "commands/make/send/repeatable": {"already": {"http": 409}},
                "commands/make/id": ["job.id", "error.job"],
            }
        )
    }

    cloud: RestSimulator

    @override
    def build(self, nap: ManualClock) -> RestSimulator:
        return RestSimulator(clock=time.time, sleep=nap.sleep)

    @override
    def credentials(self) -> Mapping[str, str]:
        return {"description": "jobs", "base_url": self.cloud.url, "token": TOKEN}

    @override
    def hang(self) -> None:
        self.cloud.settings.takes = 1e9

    @override
    def succeed(self, *command_ids: str) -> None:
        self.cloud.finish(*command_ids)

    @override
    def taken(self) -> Sequence[str]:
        return list(self.cloud.jobs)

    @override
    def issue(self, count: int) -> Sequence[str]:
        self.hang()
        return [self.cloud.issue() for _ in range(count)]

    @override
    def after_doubt(self, *, taken: bool) -> str:
        return "success"


class EsperScene(Scene):
    """Tablets, three of which are shown."""

    key = "esper"
    target = device_id(1)
    command = "REBOOT"
    sends = "create"
    asks = frozenset({"statuses", "status"})
    options: ClassVar = {"devices": [device_id(1), device_id(2)]}

    cloud: EsperSimulator

    @override
    def build(self, nap: ManualClock) -> EsperSimulator:
        cloud = EsperSimulator(clock=time.time, sleep=nap.sleep)
        cloud.settings.status_delay = 0.0
        return cloud

    @override
    def credentials(self) -> Mapping[str, str]:
        return {"tenant": self.cloud.tenant, "api_key": API_KEY}

    @override
    def hang(self) -> None:
        self.cloud.script(held=1e9)

    @override
    def succeed(self, *command_ids: str) -> None:
        for command_id in command_ids:
            self.cloud.set_status(command_id, "Command Success")

    @override
    def taken(self) -> Sequence[str]:
        return list(self.cloud.statuses)

    @override
    def issue(self, count: int) -> Sequence[str]:
        self.cloud.configure({"extra_devices": count})
        self.hang()
        devices = [device_id(number) for number in range(1, count + 1)]
        return [self.cloud.issue("REBOOT", devices).request_id]

    @override
    def after_doubt(self, *, taken: bool) -> str:
        return "success" if taken else "lost"


SCENES: Final[Mapping[str, type[Scene]]] = {
    scene.key: scene for scene in (BlinkScene, EsperScene, RestScene, WlteScene)
}
