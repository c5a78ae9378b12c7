"""What the demonstration shows: clouds, a house, commands and automations, one row each.

A new cloud is a row in `CLOUDS` and some in `ACTS`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, override

from simulators.blink import Settings as BlinkSettings
from simulators.esper import API_KEY, device_id
from simulators.rest import TOKEN
from simulators.wlte.simulator import CLIENT_ID, CLIENT_SECRET

from . import house
from .automations import automation, on_bus, on_event, on_outcome, on_state
from .process import ROOT

type Steps = tuple[str | Mapping[str, Any], ...]
"""The way through a dialogue, see `Flow.walk`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cloud:
    """A simulated cloud, and how to add an account at it."""

    name: str
    """Of the simulator and of the provider."""
    port: int
    """Where it listens if it can, so that a note of its address stays good."""
    sign_in: Callable[[str], Steps]
    """Takes the address of the simulator."""
    cue: Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
    """Takes a target and the cue of an act; returns the arguments of the simulator's `script`."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    description: Path | None = None
    """Of an API that its user has described in a file."""
    devices: tuple[str, ...] = ()
    """Those to show, at a cloud that has so many of them that they are chosen in the options."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One command, and what becomes of it.

    Neighbours in the table that differ in nothing but their targets are sent with one call.
    """

    cloud: str
    """The provider."""
    target: str
    command: str
    ends: str
    """The state in which it must end."""
    late: bool = False
    """Whether it must have been a time-out first, which was corrected."""
    cue: Mapping[str, Any] | None = None
    """What the simulator does with it; None: what it does anyway."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """More fields of the action that sends it."""
    update: Mapping[str, Any] | None = None
    """What is written over its status then: fields of `update_command`."""

    @property
    def call(self) -> tuple[object, ...]:
        """What is the same for all acts that are sent with one call."""
        return (self.cloud, self.command, *sorted(self.fields.items()))

    @property
    def announced(self) -> frozenset[str]:
        """The states that are announced of it."""
        return frozenset({self.ends, "timeout"} if self.late else {self.ends})

    def request(self, entry_id: str, targets: Sequence[str]) -> tuple[str, Mapping[str, Any]]:
        """Return the action that sends it to some targets, and its data."""
        call = {"config_entry_id": entry_id, "target": list(targets), "command": self.command}
        return "send_command", {**call, **self.fields}


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed(Act):
    """One action of Home Assistant itself, and what becomes of it in the house."""

    cloud: str = "home"

    @override
    def request(self, entry_id: str, targets: Sequence[str]) -> tuple[str, Mapping[str, Any]]:
        call = {"action": self.command, "target": {"entity_id": list(targets)}}
        return "perform_action", {**call, **self.fields}


@dataclass(frozen=True, kw_only=True, slots=True)
class Listener:
    """An automation that waits for commands to end."""

    name: str
    hears: frozenset[str]
    """The states that it must hear of."""
    config: Callable[[list[str], list[str]], Mapping[str, Any]]
    """Takes the event entities of the accounts and the sensors of the targets."""


def wlte_form(
    url: str, *, client_id: str = CLIENT_ID, client_secret: str = CLIENT_SECRET
) -> dict[str, Any]:
    """Return what is typed into the form of WLTE; without more words for the simulator."""
    typed = {"client_id": client_id, "client_secret": client_secret}
    return {**typed, "advanced": {"base_url": url}}


def wlte(url: str) -> Steps:
    """Return the way to an account at the simulator of WLTE."""
    return ("wlte", wlte_form(url))


def _wlte_cue(target: str, cue: Mapping[str, Any]) -> Mapping[str, Any]:
    device, relay = target.split("/")
    return {"device": device, "relay": int(relay), "times": 1, **cue}


def rest(description: str, url: str, **credentials: str) -> Steps:
    """Return the way to an account at an API by the key of its description."""
    where = {"name": description, "base_url": url, "advanced": {}}
    return ("rest", {"description": description}, where, credentials)


BLINK: Final = BlinkSettings()
"""The Blink account that the simulator has; as with the real one, a code comes to its phone."""


def blink_form(
    url: str, *, email: str = BLINK.email, password: str = BLINK.password
) -> dict[str, Any]:
    """Return what is typed into the form of Blink; without more words for the simulator."""
    hosts = {"auth_url": url, "api_url": url}
    return {"email": email, "password": password, "advanced": hosts}


def blink(url: str, *, code: str = BLINK.code) -> Steps:
    """Return the way to an account at the simulator of Blink, with a password and a code."""
    return ("blink", "blink_password", blink_form(url), {"code": code})


def _blink_cue(target: str, cue: Mapping[str, Any]) -> Mapping[str, Any]:
    _, number = target.split("/")
    return {"target": int(number), "times": 1, **cue}


def esper_form(url: str, *, key: str = API_KEY) -> dict[str, Any]:
    """Return what is typed into the form of Esper; without more words for the simulator."""
    return {"tenant": f"{url}/api", "api_key": key}


def esper(url: str, *, key: str = API_KEY) -> Steps:
    """Return the way to an account at the simulator of Esper."""
    return ("esper", esper_form(url, key=key))


def _esper_cue(target: str, cue: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"device": target, "times": 1, **cue}


JOBS: Final = ROOT / "stage" / "descriptions" / "jobs.yaml"
"""What a user knows of the machines that the last simulator plays."""


LOBBY, KIOSK, WAREHOUSE, FOURTH, FIFTH = TABLETS = tuple(map(device_id, range(1, 6)))
"""Devices of the Esper simulator; the one in the warehouse is offline."""


CLOUDS: Final = (
    Cloud(
        name="wlte",
        port=8701,
        sign_in=wlte,
        cue=_wlte_cue,
        # The request waits for the device less long than in the real cloud, so that commands are
        # also followed by asking, and not only by waiting.
        settings={"post_wait": 1.0, "extra_devices": 2},
    ),
    Cloud(name="blink", port=8702, sign_in=blink, cue=_blink_cue),
    Cloud(
        name="esper",
        port=8703,
        sign_in=esper,
        cue=_esper_cue,
        settings={"extra_devices": 2},
        devices=TABLETS,
    ),
    Cloud(
        name="rest",
        port=8704,
        sign_in=lambda url: rest("jobs", url, token=TOKEN),
        cue=lambda target, cue: {"machine": target, **cue},
        description=JOBS,
    ),
)

# Each on a target of its own: a sensor shows the newest command, and not how an older one ended.
ACTS: Final = (
    Act(cloud="wlte", target="dev-7/1", command="JOG", ends="success"),
    Act(cloud="wlte", target="dev-7/2", command="ON", ends="success", cue={"after": 4}),
    Act(
        cloud="wlte",
        target="dev-8/1",
        command="ON",
        ends="failure",
        cue={"outcome": "FAILED", "after": 2},
    ),
    Act(cloud="wlte", target="dev-9/1", command="ON", ends="failure"),  # it is offline
    Act(
        cloud="wlte",
        target="dev-x00001/1",
        command="OFF",
        ends="timeout",
        cue={"outcome": "TIMEOUT", "after": 2},
    ),
    Act(
        cloud="wlte",
        target="dev-x00002/1",
        command="OFF",
        ends="timeout",
        cue={"after": None},  # the cloud never says more than that it was sent
        fields={"timeout": 8},
    ),
    Act(cloud="blink", target="network/1234", command="arm", ends="success"),
    Act(cloud="blink", target="network/5678", command="disarm", ends="success"),
    Act(cloud="blink", target="camera/701", command="thumbnail", ends="success"),
    Act(cloud="blink", target="camera/702", command="thumbnail", ends="failure"),  # out of reach
    Act(
        cloud="blink",
        target="owl/801",
        command="thumbnail",
        ends="success",
        cue={"name": "busy_409"},  # at first, as when a camera records motion
    ),
    Act(cloud="rest", target="m1", command="make", ends="success", cue={"after": 3}),
    Act(
        cloud="rest",
        target="m2",
        command="make",
        ends="failure",
        cue={"state": "failed", "why": "no steel", "after": 2},
    ),
    # One request for three tablets, of which one is offline.
    Act(cloud="esper", target=LOBBY, command="REBOOT", ends="success", fields={"timeout": 15}),
    Act(cloud="esper", target=KIOSK, command="REBOOT", ends="success", fields={"timeout": 15}),
    Act(cloud="esper", target=WAREHOUSE, command="REBOOT", ends="timeout", fields={"timeout": 15}),
    Act(cloud="esper", target=FOURTH, command="SCAN_OS_UPDATES", ends="success"),
    Act(
        cloud="esper",
        target=FIFTH,
        command="LOCK",
        ends="success",
        cue={"held": 3600},  # nothing happens, until somebody knows better
        update={"state": "success", "reason": "Locked by hand"},
    ),
    Deed(target=house.WINDOW, command="cover.open_cover", ends="success"),
    Deed(target=house.JAMMED, command="lock.lock", ends="failure"),
    Deed(target=house.GATE, command="switch.turn_on", ends="timeout", fields={"timeout": 8}),
    Deed(
        target=house.BOILER,
        command="switch.turn_on",
        ends="success",
        late=True,
        fields={"timeout": 5},
    ),
)

FINAL: Final = frozenset({"success", "failure", "timeout", "cancelled", "lost"})

TELLER: Final = Listener(
    name="Tell me what failed",
    hears=frozenset({"failure"}),
    config=lambda events, _: automation(on_outcome("command_failed", events)),
)
"""What a user would write: it says in a sentence what failed last."""

SILENT: Final[Mapping[str, Any]] = {"stop": "It was heard."}

LISTENERS: Final = (
    TELLER,
    Listener(
        name="Success (event entity)",
        hears=frozenset({"success"}),
        config=lambda events, _: automation(on_event(events, "success"), actions=[SILENT]),
    ),
    Listener(
        name="Failure (bus event)",
        hears=frozenset({"failure"}),
        config=lambda _, __: automation(on_bus(state="failure"), actions=[SILENT]),
    ),
    Listener(
        name="Timeout (state trigger)",
        hears=frozenset({"timeout"}),
        config=lambda events, _: automation(
            on_state(events),
            conditions=["{{ trigger.to_state.attributes.event_type == 'timeout' }}"],
            actions=[SILENT],
        ),
    ),
    Listener(
        name="Any end (sensor)",
        hears=FINAL,
        config=lambda _, sensors: automation(on_state(sensors, *sorted(FINAL)), actions=[SILENT]),
    ),
)
"""Every way in which an automation hears of an outcome; a check has them all."""
