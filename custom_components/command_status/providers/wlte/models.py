"""What WLTE says, and what that means here.

Fields that one generation of the contract does not have are optional, fields that nobody has
documented are ignored. Where something is missing that every generation requires, the answer is no
answer: half a truth about a gate is none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ...tracking import NOTHING, CommandState, Observation
from ..base import Sighting, Target
from ..errors import ProviderNoAnswerError
from ..words import identifier

MOST_RELAYS: Final = 1000
"""No controller has more; a number beyond is not one of a relay."""

# docs 04-commands, "Get Command Result". A word that is not in the table keeps the command open.
STATES: Final[Mapping[str, CommandState]] = {
    "SENT": CommandState.SENT,
    "SUCCESS": CommandState.SUCCESS,
    "FAILED": CommandState.FAILURE,
    # Documented as no proof that the device did not act, and as the last word.
    "TIMEOUT": CommandState.TIMEOUT,
}

# No generation tells why a command did not complete.
REASONS: Final[Mapping[CommandState, str]] = {
    CommandState.FAILURE: "the device did not complete the command",
    CommandState.LOST: "the provider does not know the command any more",
}

CONNECTED: Final[Mapping[str, bool]] = {"ONLINE": True, "OFFLINE": False}


class Action(StrEnum):
    """What a relay can be told to do (docs 04-commands/create-relay-command)."""

    ON = "ON"
    """Close and stay so."""
    OFF = "OFF"
    """Open and stay so."""
    JOG = "JOG"
    """Close for a moment, whose length is stored in the device, then open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """A connected controller, and the numbers of its relays."""

    id: str
    name: str
    model: str | None
    online: bool | None
    relays: tuple[int, ...]
    whole: bool
    """Whether all of its relays were understood."""

    @property
    def targets(self) -> Iterable[Target]:
        """One target for each relay."""
        for relay in self.relays:
            yield Target(
                id=target_id(self.id, relay),
                name=f"{self.name} relay {relay}",
                device=self.id,
                device_name=self.name,
                commands=tuple(action.value for action in Action),
                model=self.model,
                online=self.online,
                label="relay_command" if len(self.relays) > 1 else "command",
                placeholders={"relay": str(relay)},
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What is told about a command."""

    command_id: str
    device: str | None
    status: str | None
    """None where the answer does not tell, as the first generation may when a command is made."""
    actions: Mapping[int, str | None]
    """What each relay was told to do; empty for operations on something else."""
    operation: str | None
    params: Mapping[str, Any]
    result: Mapping[str, Any] | None

    @property
    def observation(self) -> Observation:
        """The report as news about the command."""
        state = CommandState.SENT if self.status is None else STATES.get(self.status)
        return Observation(
            state=state,
            provider_state=self.status,
            reason=None if state is None else REASONS.get(state),
            result=self.result,
            command_id=self.command_id,
            settled=state is CommandState.TIMEOUT,
        )

    def sighting(self, names: Mapping[str, str]) -> Sighting:
        """Return the report as a command that someone else sent; `names` are those of the devices.

        Raises ProviderNoAnswerError where the report does not tell the device.
        """
        if self.device is None:
            raise ProviderNoAnswerError("a command without a device")
        relays = sorted(self.actions)
        name = names.get(self.device, self.device)
        numbers = "+".join(map(str, relays))
        words = dict.fromkeys(word for word in self.actions.values() if word)
        return Sighting(
            target=f"{self.device}/{numbers}" if relays else self.device,
            target_name=f"{name} relay {numbers}" if relays else name,
            command="+".join(words) or self.operation or "unknown",
            observation=self.observation,
            parameters={"relay": relays[0]} if len(relays) == 1 else self.params,
            device=self.device,
            covers=tuple(target_id(self.device, r) for r in relays) if len(relays) > 1 else (),
        )


def target_id(device: str, relay: int) -> str:
    """Return the id of the target that a relay is."""
    return f"{device}/{relay}"


def relay_of(target: str) -> tuple[str, int]:
    """Return the device and the number of the relay that a target is."""
    device, _, relay = target.rpartition("/")
    return device, int(relay)


def forgotten() -> Observation:
    """Return what it means that the platform does not know a command that it once took."""
    return Observation(state=CommandState.LOST, reason=REASONS[CommandState.LOST])


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A part of the list of devices."""

    devices: tuple[Device, ...]
    odd: int
    """How many items are no devices."""
    total: int
    """How many devices the whole list has; 0 where the answer does not say."""
    goes_on: bool


def read_page(data: Mapping[str, Any], number: int, size: int) -> Page:
    """Read a page of the list that was asked for with this number and size.

    Raises ProviderNoAnswerError where there is no list. Whether another page follows is told by
    `hasNext`, by the number of pages, or else by a page that is full.
    """
    plain = data.get("devices")
    if not isinstance(plain, list):
        raise ProviderNoAnswerError("no list of devices")
    read = [_device(_fields(item)) for item in plain]
    pagination = _fields(data.get("pagination"))
    told, pages = pagination.get("hasNext"), _count(pagination.get("totalPages"))
    if isinstance(told, bool) or pages:
        goes_on = told is True or number < pages
    else:
        goes_on = len(plain) >= size
    return Page(
        devices=tuple(device for device in read if device is not None),
        odd=read.count(None),
        total=_count(pagination.get("total")),
        goes_on=goes_on and bool(plain),
    )


def read_report(data: Mapping[str, Any]) -> Report:
    """Read what is told about a command, in whichever generation.

    Raises ProviderNoAnswerError where there is no id.
    """
    told = _fields(data.get("command")) or data
    command_id = _id(told.get("id"))
    if command_id is None:
        raise ProviderNoAnswerError("a command without an id")
    result = _fields(told.get("result"))
    return Report(
        command_id=command_id,
        device=_id(told.get("deviceId")),
        status=_text(told.get("status")),
        actions=_actions(told),
        operation=_text(told.get("operation")) or _text(told.get("type")),
        params=_fields(told.get("params")),
        result=result or None,
    )


def _device(plain: Mapping[str, Any]) -> Device | None:
    """Read a device of the list; None for one without an id, which nothing can be sent to.

    One of an unsupported type has no peripherals.
    """
    device_id = _id(plain.get("deviceId"))
    if device_id is None:
        return None
    relays = _fields(plain.get("peripherals")).get("relays", [])
    listed = relays if isinstance(relays, list) else [None]
    numbers = [_number(_fields(relay).get("index")) for relay in listed]
    return Device(
        id=device_id,
        name=_text(plain.get("name")) or device_id,
        model=_text(plain.get("deviceType")),
        online=CONNECTED.get(_text(plain.get("status")) or ""),
        relays=tuple(sorted({number for number in numbers if number is not None})),
        whole=None not in numbers,
    )


def _actions(told: Mapping[str, Any]) -> Mapping[int, str | None]:
    """Read what each relay was told to do, as the newest generation tells it or the older ones."""
    rows = _fields(told.get("params")).get("relays")
    if not isinstance(rows, list):
        rows = [{"index": told.get("relayIndex"), "action": told.get("action")}]
    pairs = ((_number(_fields(row).get("index")), _fields(row).get("action")) for row in rows)
    return {number: _text(action) for number, action in pairs if number is not None}


def _fields(plain: object) -> Mapping[str, Any]:
    """Return an object's fields; what is no object has none."""
    return plain if isinstance(plain, dict) else NOTHING


def _id(plain: object) -> str | None:
    """Return an id, which is always a text."""
    return identifier(plain) if isinstance(plain, str) else None


def _text(plain: object) -> str | None:
    """Return a name or a word; None for an empty or missing one."""
    return plain if isinstance(plain, str) and plain else None


def _count(plain: object) -> int:
    """Return how many there are; 0 where that is not told, or makes no sense."""
    return plain if type(plain) is int and plain > 0 else 0


def _number(plain: object) -> int | None:
    """Return the number of a relay; they count from 1."""
    return plain if type(plain) is int and 0 < plain <= MOST_RELAYS else None
