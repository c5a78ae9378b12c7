"""What Blink's answers mean: targets, accepted commands, refusals, and the state of a command.

Nobody documents the answers, so what is not understood is never taken for an outcome: a command
stays open, and only the end of its wait window decides.
"""

from collections.abc import Iterator, Mapping
import re
from types import MappingProxyType
from typing import Any, Final

from ...tracking import CommandState, Observation
from ..base import Target
from ..errors import ProviderNoAnswerError
from .constants import BUSY, CALLS, FLOODLIGHT, LIGHTS

TEXT_LENGTH: Final = 200
"""Characters of a foreign text that are passed on: a sentence, but not a flood."""

PRIVATE: Final = re.compile(r"\S*@\S*|\S{20,}|\+?[\dx]{6,}")
"""What has no place in a sentence: addresses, tokens, and the numbers of accounts and phones."""

# Targets.

_LISTS: Final = (
    ("cameras", "camera"),
    ("owls", "owl"),
    ("doorbells", "doorbell"),
    ("lotus", "doorbell"),  # the name of the same list on some accounts (blinkpy#1208)
)
_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {"network": "Network", "camera": "Camera", "owl": "Mini", "doorbell": "Doorbell"}
)
_ONLINE: Final[Mapping[str, bool]] = MappingProxyType(
    {"online": True, "done": True, "offline": False}
)


def targets(homescreen: Any) -> tuple[Target, ...]:
    """Return everything on the homescreen that takes commands, networks first.

    A Mini without a sync module has a network of its own, which the list of networks may not have:
    it is made from the Mini. Raises ProviderNoAnswerError rather than leave something out.
    """
    if not isinstance(homescreen, Mapping) or "networks" not in homescreen:
        raise ProviderNoAnswerError("homescreen without networks")
    modules = {
        str(module.get("network_id")): module for module in _entries(homescreen, "sync_modules")
    }
    networks = {_id(entry, "id"): entry for entry in _entries(homescreen, "networks")}
    devices = {
        (family, _id(entry, "id")): entry
        for key, family in _LISTS
        for entry in _entries(homescreen, key)
    }
    for (family, number), entry in devices.items():
        name = f"{_name(entry, family, number)} network"
        networks.setdefault(_id(entry, "network_id"), {"name": name})
    return (
        *(_network(number, entry, modules.get(number)) for number, entry in networks.items()),
        *(_device(family, number, entry) for (family, number), entry in devices.items()),
    )


def _network(number: str, entry: Mapping[str, Any], module: Mapping[str, Any] | None) -> Target:
    """Return a network; whether it is online is its sync module's to say."""
    key, name = f"network/{number}", _name(entry, "network", number)
    return Target(
        id=key,
        name=name,
        device=key,
        device_name=name,
        commands=tuple(CALLS["network"]),
        model=_LABELS["network"],
        network_id=number,
        online=_online(module or {}),
    )


def _device(family: str, number: str, entry: Mapping[str, Any]) -> Target:
    """Return a camera of any family."""
    key, name, network = f"{family}/{number}", _name(entry, family, number), entry["network_id"]
    lights = LIGHTS if entry.get("type") == FLOODLIGHT else frozenset()
    return Target(
        id=key,
        name=name,
        device=key,
        device_name=name,
        commands=tuple(word for word in CALLS[family] if word not in LIGHTS or word in lights),
        via=f"network/{network}",
        model=str(entry.get("type") or _LABELS[family]),
        network_id=str(network),
        online=_online(entry),
    )


def _entries(homescreen: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a list, which may be absent."""
    entries = homescreen.get(key) or []
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise ProviderNoAnswerError(f"homescreen with strange {key}")
    yield from entries


def _id(entry: Mapping[str, Any], key: str) -> str:
    """Return an id as text."""
    if entry.get(key) is None:
        raise ProviderNoAnswerError(f"homescreen entry without {key}")
    return str(entry[key])


def _name(entry: Mapping[str, Any], family: str, number: str) -> str:
    """Return the name that the user gave, or what it is."""
    return str(entry.get("name") or f"{_LABELS[family]} {number}")


def _online(entry: Mapping[str, Any]) -> bool | None:
    """Return what a status says; nobody knows words besides these three (blinkpy constants)."""
    return _ONLINE.get(str(entry.get("status")))


# Answers to a command.


def acceptance(data: Any, network_id: str) -> Observation | None:
    """Return the accepted command, or None where the answer names none.

    There are two shapes: the whole record, and `{id, network_id, command, state}`. Live view has
    its id in `command_id` instead, and some answers name no network: it is the one of the request
    then.
    """
    if not isinstance(data, Mapping) or (command_id := _command_id(data)) is None:
        return None
    return Observation(
        state=CommandState.QUEUED,
        provider_state=_word(data),
        progress=0,
        command_id=command_id,
        network_id=str(data.get("network_id") or network_id),
    )


def complaint(data: Any) -> tuple[str, str | None]:
    """Return the message and the code of an answer that names no command; both may be missing."""
    if not isinstance(data, Mapping) or _command_id(data) is not None:
        return "", None
    code = data.get("code")
    return _text(data.get("message") or ""), None if code is None else _text(code)


def busy(message: str, code: str | None) -> bool:
    """Return whether a complaint says that the hub is busy, which no HTTP status tells reliably.

    Seen with 200, 307 and 409 (homebridge-blink-for-home, blinkpy `camera.py`).
    """
    return code == BUSY or "busy" in message.lower()


def _command_id(data: Mapping[str, Any]) -> str | None:
    """Return the id of the command in the answer to a POST."""
    found = data.get("id") or data.get("command_id")
    return None if found is None else str(found)


def _text(word: Any) -> str:
    """Return a foreign text as it may be shown, whatever Blink quotes in it."""
    return PRIVATE.sub("**REDACTED**", str(word))[:TEXT_LENGTH]


# The state of a command.

_NEW: Final = "new"
_RUNNING: Final = "running"

STATES: Final[Mapping[str, tuple[CommandState, int]]] = MappingProxyType(
    {
        _NEW: (CommandState.QUEUED, 0),
        # In the cloud, on its way.
        f"{_RUNNING}/rest": (CommandState.SENT, 10),
        f"{_RUNNING}/cs_db": (CommandState.SENT, 20),
        f"{_RUNNING}/cs_sent": (CommandState.SENT, 30),
        # The sync module has it.
        f"{_RUNNING}/sm": (CommandState.ACKNOWLEDGED, 50),
        # The device works, or its upload runs.
        f"{_RUNNING}/dev": (CommandState.IN_PROGRESS, 70),
        f"{_RUNNING}/is": (CommandState.IN_PROGRESS, 90),
        f"{_RUNNING}/lv": (CommandState.IN_PROGRESS, 90),
        f"{_RUNNING}/vs": (CommandState.IN_PROGRESS, 90),
    }
)
"""What the condition and stage of a command mean while it is not complete, and how far along it is.

Every other word, `done`, `error` and `unknown` among them, means nothing before `complete` is true.
"""

_STATUS_WORDS: Final[Mapping[str, bool]] = MappingProxyType({"complete": True, "failed": False})
"""Whether a `status` in words is good. Clients know such words, nobody has seen them live."""


def news(data: Any, command_id: str) -> Observation:
    """Return what a status answer says about a command.

    `complete` and `status` decide and nothing else: `status_code` 908, "Command succeeded", also
    comes with commands that still run or that failed. Raises ProviderNoAnswerError for JSON without
    `complete`.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("complete"), bool):
        raise ProviderNoAnswerError("command status without `complete`")
    word = _word(record_of(data, command_id))
    if data["complete"]:
        return _outcome(data, word)
    state, progress = STATES.get(word or "", (None, None))
    return Observation(state=state, provider_state=word, progress=progress)


def record_of(data: Mapping[str, Any], command_id: str) -> Mapping[str, Any]:
    """Return the record of the command itself: children may stand beside it, or nothing at all."""
    commands = data.get("commands")
    records = [
        record
        for record in (commands if isinstance(commands, list) else ())
        if isinstance(record, Mapping)
    ]
    own = (record for record in records if str(record.get("id")) == command_id)
    return next(own, records[0] if records else {})


def _word(record: Mapping[str, Any]) -> str | None:
    """Return Blink's own word: the condition, and while it runs the stage, such as `running/sm`."""
    condition = record.get("state_condition") or record.get("state")
    stage = record.get("state_stage")
    word = f"{_RUNNING}/{stage}" if condition == _RUNNING and stage else condition
    if word is None or (isinstance(word, str) and word in STATES):
        return word
    return _text(word)


def _outcome(data: Mapping[str, Any], word: str | None) -> Observation:
    """Return how a complete command ended."""
    status = data.get("status")
    good = _is_good(status)
    if good is None:
        return Observation(provider_state=_text(status))
    if good:
        return Observation(state=CommandState.SUCCESS, provider_state=word, progress=100)
    return Observation(
        state=CommandState.FAILURE,
        provider_state=word,
        reason=_text(data.get("status_msg") or f"status {status}"),
        result={"status": status, "status_code": data.get("status_code")},
    )


def _is_good(status: Any) -> bool | None:
    """Return whether a status is good: 0, or none at all; None for a word that nobody knows."""
    if status is None or isinstance(status, int):
        return not status
    return _STATUS_WORDS.get(str(status))


# Commands of others.

_DEVICES: Final = tuple(family for family in CALLS if family != "network")


def acted_on(
    record: Mapping[str, Any], network_id: str, known: Mapping[str, Target]
) -> tuple[str, str]:
    """Return the id and the name of the target that a command acts on.

    The record tells a number but not of which family, so it is looked for among the known targets
    of the network. Whatever is not found there is a matter of the network itself, as arming is.
    """
    number = record.get("target_id") or record.get("camera_id")
    for key in (f"{family}/{number}" for family in _DEVICES):
        if key in known and known[key].network_id == network_id:
            return key, known[key].name
    key = f"network/{network_id}"
    return key, known[key].name if key in known else key
