"""The clouds of the kill loop: what is sent to each, what becomes of it, and what each has done."""

from abc import ABC, abstractmethod
import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any, ClassVar, Final, override

from simulators.rest import TOKEN
from stage import DOMAIN, Account, Client, HomeAssistant, Simulator, rest, wlte
from stage.programme import JOBS, TABLETS, WAREHOUSE, blink, esper

LONGEST: Final = 6.0
"""Seconds that a command takes at the most: some end before a kill, some after it."""
SLOW: Final = 0.3
"""Seconds until a request that sends is answered, so that many are cut off while they are made."""
WINDOWS: Final = (5, 15, 3600)
"""Seconds: some end while Home Assistant is down, and some never."""


class Place(ABC):
    """A cloud, the account at it, and what was sent."""

    cloud_name: ClassVar[str]
    wishes: ClassVar[Sequence[tuple[str, str]]]
    """Targets, each with a command that it takes."""
    pause: ClassVar[float]
    """Seconds between two commands of one person, about: in 100 lives a history holds all."""
    settings: ClassVar[Mapping[str, Any]] = {}
    account: Account
    """Once it is open."""

    def __init__(self, folder: Path, dice: Random) -> None:
        """Start nothing yet."""
        self.cloud = Simulator(self.cloud_name, folder, **self.settings)
        self.dice = dice
        self.accepted: set[str] = set()
        """The commands that an action has accepted, by tracking id."""
        self.records: dict[str, dict[str, Any]] = {}
        """What was last known of each command, by tracking id."""

    async def open(self, home: HomeAssistant, stack: AsyncExitStack) -> Account:
        """Start the cloud and add an account."""
        await stack.enter_async_context(self.cloud)
        self.account = await Account.add(home, *self.sign_in())
        await self.furnish(self.account)
        return self.account

    async def send(self, client: Client) -> None:
        """Send commands until Home Assistant is killed: ConnectionError."""
        while True:
            await asyncio.sleep(self.dice.expovariate(1 / self.pause))
            target, word = self.dice.choice(self.wishes)
            await self.plan(self.dice.uniform(0, LONGEST))
            call = {
                "config_entry_id": self.account.entry_id,
                "target": target,
                "command": word,
                "timeout": self.dice.choice(WINDOWS),
            }
            answer = await client.ask(f"{DOMAIN}.send_command", call)
            self.accepted |= {record["tracking_id"] for record in answer["commands"]}

    async def furnish(self, account: Account) -> None:  # noqa: B027 - most need nothing
        """Choose what is shown."""

    @abstractmethod
    def sign_in(self) -> Any:
        """Return the way through the dialogue."""

    @abstractmethod
    async def plan(self, seconds: float) -> None:
        """Say how long the next command takes."""

    @abstractmethod
    async def taken(self) -> list[str]:
        """Return the ids of the commands that the cloud has taken; an id for each time."""

    async def taken_at(self) -> Mapping[str, str]:
        """Return when the cloud has taken each command, as far as it tells: ISO 8601, UTC."""
        return {}

    async def harm(self) -> list[str]:
        """Return what was done twice to a device, or to the cloud, though it was wanted once."""
        return [command_id for command_id, n in Counter(await self.taken()).items() if n > 1]


class Gate(Place):
    """Relays: each movement of one is on record at the cloud."""

    cloud_name = "wlte"
    wishes = (
        ("dev-7/1", "ON"),
        ("dev-7/2", "OFF"),
        ("dev-8/1", "ON"),
        ("dev-9/1", "ON"),  # it is offline
        ("dev-x00001/1", "OFF"),
        ("dev-x00002/1", "ON"),
    )
    pause = 1.0
    settings: ClassVar = {"post_wait": SLOW, "extra_devices": 2}

    @override
    def sign_in(self) -> Any:
        return wlte(self.cloud.url)

    @override
    async def plan(self, seconds: float) -> None:
        await self.cloud.act("script", after=seconds)

    @override
    async def taken_at(self) -> Mapping[str, str]:
        commands = (await self.cloud.state())["commands"]
        return {command["id"]: command["createdAt"] for command in commands}

    @override
    async def taken(self) -> list[str]:
        return [command["id"] for command in (await self.cloud.state())["commands"]]

    @override
    async def harm(self) -> list[str]:
        switchings = (await self.cloud.state())["switchings"]
        moved = Counter(switching["command_id"] for switching in switchings)
        return [*await super().harm(), *(one for one, times in moved.items() if times > 1)]


class House(Place):
    """Cameras: nothing that is sent carries a mark."""

    cloud_name = "blink"
    wishes = (
        ("network/1234", "arm"),
        ("camera/701", "thumbnail"),
        ("owl/801", "thumbnail"),
        ("network/5678", "disarm"),
    )
    pause = 2.0

    @override
    def sign_in(self) -> Any:
        return blink(self.cloud.url)

    @override
    async def furnish(self, account: Account) -> None:
        for label in {word for _, word in self.wishes}:
            await self.cloud.fault("delay", label, delay=SLOW, times=None)

    @override
    async def plan(self, seconds: float) -> None:
        await self.cloud.act("script", seconds=seconds / 4)

    @override
    async def taken_at(self) -> Mapping[str, str]:
        commands = (await self.cloud.state())["commands"]
        return {str(command["id"]): command["created_at"] for command in commands}

    @override
    async def taken(self) -> list[str]:
        return [str(command["id"]) for command in (await self.cloud.state())["commands"]]


class Fleet(Place):
    """Tablets: a request carries an alias, and is never made twice."""

    cloud_name = "esper"
    wishes = tuple((tablet, "REBOOT") for tablet in TABLETS if tablet != WAREHOUSE)
    pause = 0.8
    settings: ClassVar = {"extra_devices": 2}

    @override
    def sign_in(self) -> Any:
        return esper(self.cloud.url)

    @override
    async def furnish(self, account: Account) -> None:
        await account.choose_devices(*TABLETS)
        await self.cloud.fault("delay", "create", delay=SLOW, times=None)

    @override
    async def plan(self, seconds: float) -> None:
        await self.cloud.act("script", after=seconds)

    @override
    async def taken_at(self) -> Mapping[str, str]:
        requests = (await self.cloud.state())["requests"]
        return {
            status["id"]: status["created_at"]
            for request in requests
            for status in request["statuses"]
        }

    @override
    async def taken(self) -> list[str]:
        requests = (await self.cloud.state())["requests"]
        return [status["id"] for request in requests for status in request["statuses"]]

    @override
    async def harm(self) -> list[str]:
        requests = (await self.cloud.state())["requests"]
        made = Counter(request["alias"] for request in requests)
        return [*await super().harm(), *(alias for alias, times in made.items() if times > 1)]


class Workshop(Place):
    """Machines that a file describes: a job carries our mark, and may be ordered twice with it."""

    cloud_name = "rest"
    wishes = (("m1", "make"), ("m2", "make"), ("m3", "make"))
    pause = 1.0

    @override
    async def open(self, home: HomeAssistant, stack: AsyncExitStack) -> Account:
        home.describe(JOBS)
        return await super().open(home, stack)

    @override
    def sign_in(self) -> Any:
        return rest("jobs", self.cloud.url, token=TOKEN)

    @override
    async def furnish(self, account: Account) -> None:
        await self.cloud.fault("delay", "create", delay=SLOW, times=None)

    @override
    async def plan(self, seconds: float) -> None:
        await self.cloud.act("script", after=seconds)

    @override
    async def taken(self) -> list[str]:
        return [job["id"] for job in (await self.cloud.state())["jobs"]]

    @override
    async def harm(self) -> list[str]:
        made = Counter(job["order"]["key"] for job in (await self.cloud.state())["jobs"])
        return [*await super().harm(), *(key for key, times in made.items() if times > 1)]


PLACES: Final[Sequence[type[Place]]] = (Gate, House, Fleet, Workshop)
