"""What Blink's answers mean: targets, accepted commands, refusals, and the state of a command.

Nobody documents the answers, so what is not understood is never taken for an outcome: a command
stays open, and only the end of its wait window decides.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
import re
from types import MappingProxyType
from typing import Any, Final

from ...tracking import CommandState, Observation
from ..base import Target, Targets
from ..errors import ProviderNoAnswerError
from ..http import Reply
from .auth import fields
from .constants import BUSY, CALLS, FLOODLIGHT, LIGHTS, NOT_FOUND_PAGE

NUMBER: Final = re.compile(r"[0-9]{1,20}")
"""What every id of Blink's looks like; nothing else is put into a path."""

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
_PRODUCTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "catalina": "Outdoor",  # blink2video (`serve.py`), from somebody who owns one
        "hawk": "Mini 2",  # blink-liveview-middleware@31c798f
        "lotus": "Video Doorbell",  # blinkpy `sync_module.py`
        "owl": "Mini",  # blinkpy `camera.py`
        "sm1": "Sync Module",
        "sm2": "Sync Module 2",  # blink2video (`serve.py`)
        "superior": "Wired Floodlight",  # blinkpy#1258
        "xt": "XT",  # blinkpy#865
        "xt2": "XT2",  # blinkpy#551
    }
)
"""The products behind Blink's words for them; a word that nobody has explained stays as it is."""
_HUB: Final = "Sync module"
_MOUNTS: Final = "storm"
"""What Blink calls battery floodlight mounts among the accessories of cameras."""
_ONLINE: Final[Mapping[str, bool]] = MappingProxyType(
    {"online": True, "done": True, "offline": False}
)


def targets(homescreen: Any) -> Targets:
    """Return everything on the homescreen that takes commands, networks first.

    A Mini without a sync module has a network of its own, which the list of networks may not have:
    it is made from the Mini. What was never set up cannot be commanded. Raises
    ProviderNoAnswerError where there are no lists.
    """
    if not isinstance(homescreen, Mapping) or "networks" not in homescreen:
        raise ProviderNoAnswerError("homescreen without networks")
    lists = _Lists(homescreen)
    hubs = {number(hub["network_id"]): hub for hub in lists.read("sync_modules", "network_id")}
    networks = {number(entry["id"]): entry for entry in lists.read("networks", "id")}
    devices = {
        (family, number(entry["id"])): entry
        for key, family in _LISTS
        for entry in lists.read(key, "id", "network_id")
    }
    for (family, own), entry in devices.items():
        name = f"{_name(entry, family, own)} network"
        networks.setdefault(number(entry["network_id"]), {"name": name})
    mounts = lights(homescreen)
    return Targets(
        (
            *(_network(own, entry, hubs.get(own)) for own, entry in networks.items()),
            *(
                _device(family, own, entry, hubs.get(number(entry["network_id"])), mounts)
                for (family, own), entry in devices.items()
            ),
        ),
        whole=lists.whole,
    )


def first_network(homescreen: Any) -> str | None:
    """Return the name of the first network that its user has named; None where there is none.

    Raises ProviderNoAnswerError where there is no list of networks.
    """
    if not isinstance(homescreen, Mapping):
        raise ProviderNoAnswerError("homescreen without networks")
    networks = _Lists(homescreen).read("networks", "id")
    return next(filter(None, (_told(network, "name") for network in networks)), None)


def lights(homescreen: Any) -> Mapping[str, str]:
    """Return the battery floodlight mounts by the id of the target that is their camera."""
    accessories = homescreen.get("accessories") if isinstance(homescreen, Mapping) else None
    mounts = accessories.get(_MOUNTS) if isinstance(accessories, Mapping) else None
    return {
        f"camera/{number(mount['target_id'])}": number(mount["id"])
        for mount in (mounts if isinstance(mounts, list) else ())
        if _has_numbers(mount, "id", "target_id")
    }


def number(value: object) -> str:
    """Return an id as text; the empty text for what is no number, and so no id."""
    word = "" if isinstance(value, bool) or not isinstance(value, int | str) else str(value)
    return word if NUMBER.fullmatch(word) else ""


def _has_numbers(entry: object, *names: str) -> bool:
    """Return whether an entry has these ids."""
    return isinstance(entry, Mapping) and all(number(entry.get(name)) for name in names)


class _Lists:
    """The lists of a homescreen, read item by item."""

    def __init__(self, homescreen: Mapping[str, Any]) -> None:
        """Have read nothing yet."""
        self._homescreen = homescreen
        self.whole = True
        """Whether every item was understood."""

    def read(self, key: str, *ids: str) -> Iterator[Mapping[str, Any]]:
        """Yield the entries of a list, which may be absent, that have their ids and are set up."""
        entries = self._homescreen.get(key) or []
        if not isinstance(entries, list):
            raise ProviderNoAnswerError(f"homescreen with strange {key}")
        for entry in entries:
            if not _has_numbers(entry, *ids):
                self.whole = False
            elif entry.get("onboarded") is not False:
                yield entry


def _network(own: str, entry: Mapping[str, Any], hub: Mapping[str, Any] | None) -> Target:
    """Return a network; whether it is online is its sync module's to say."""
    key, name = f"network/{own}", _name(entry, "network", own)
    return Target(
        id=key,
        name=name,
        device=key,
        device_name=name,
        commands=tuple(CALLS["network"]),
        model=_product(hub or {}, "network"),
        firmware=_told(hub or {}, "fw_version"),
        network_id=own,
        online=_online(hub or {}),
        offline_hub=_offline_hub(hub),
    )


def _device(
    family: str,
    own: str,
    entry: Mapping[str, Any],
    hub: Mapping[str, Any] | None,
    mounts: Mapping[str, str],
) -> Target:
    """Return a camera of any family; none can be reached while its hub cannot."""
    key, name, network = f"{family}/{own}", _name(entry, family, own), number(entry["network_id"])
    offline_hub = _offline_hub(hub)
    has_lights = key in mounts or (family == "owl" and entry.get("type") == FLOODLIGHT)
    return Target(
        id=key,
        name=name,
        device=key,
        device_name=name,
        commands=tuple(word for word in CALLS[family] if word not in LIGHTS or has_lights),
        via=f"network/{network}",
        model=_product(entry, family),
        firmware=_told(entry, "fw_version"),
        network_id=network,
        online=_online(entry) if offline_hub is None else False,
        offline_hub=offline_hub,
    )


def _name(entry: Mapping[str, Any], family: str, own: str) -> str:
    """Return the name that the user gave, or what it is."""
    return _told(entry, "name") or f"{_LABELS[family]} {own}"


def _product(entry: Mapping[str, Any], family: str) -> str:
    """Return what a thing is sold as, or else what it is."""
    word = _told(entry, "type")
    return _LABELS[family] if word is None else _PRODUCTS.get(word, word)


def _told(entry: Mapping[str, Any], field: str) -> str | None:
    """Return a text of an entry; None for what is missing, blank, or no text."""
    text = entry.get(field)
    return text if isinstance(text, str) and text.strip() else None


def _offline_hub(hub: Mapping[str, Any] | None) -> str | None:
    """Return the name of a sync module that cannot be reached."""
    if hub is None or _online(hub) is not False:
        return None
    return _told(hub, "name") or _HUB


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
        network_id=number(data.get("network_id")) or network_id,
    )


def complaint(data: Any) -> tuple[str, str | None]:
    """Return the message and the code of an answer that names no command; both may be missing."""
    if not isinstance(data, Mapping) or _command_id(data) is not None:
        return "", None
    code, message = data.get("code"), data.get("message")
    return str(message or ""), None if code is None else str(code)


def is_own(reply: Reply) -> bool:
    """Return whether the REST host itself says no: `{message, code}`, or its page for a 404.

    Anything else was said by a CDN, a portal or a proxy on the way, whatever its status.
    """
    if reply.status == HTTPStatus.NOT_FOUND and reply.body.strip() == NOT_FOUND_PAGE:
        return True
    code = fields(reply).get("code")
    return isinstance(code, int) and not isinstance(code, bool)


def refused(reply: Reply) -> bool:
    """Return whether a 5xx is Blink's own refusal after all.

    A code that only repeats the status is that of any server; but 500 is also Blink's own code for
    a camera that it does not find (BlinkMonitorProtocol#63).
    """
    message, code = complaint(fields(reply))
    return is_own(reply) and (code != str(reply.status) or "not found" in message.lower())


def busy(message: str, code: str | None) -> bool:
    """Return whether a complaint says that the hub is busy, which no HTTP status tells reliably.

    Seen with 200, 307 and 409 (homebridge-blink-for-home, blinkpy `camera.py`).
    """
    return code == BUSY or "busy" in message.lower()


def _command_id(data: Mapping[str, Any]) -> str | None:
    """Return the id of the command in the answer to a POST."""
    return number(data.get("id")) or number(data.get("command_id")) or None


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
    return None if word is None else str(word)


def _outcome(data: Mapping[str, Any], word: str | None) -> Observation:
    """Return how a complete command ended."""
    status = data.get("status")
    good = _is_good(status)
    if good is None:
        return Observation(provider_state=str(status))
    if good:
        return Observation(state=CommandState.SUCCESS, provider_state=word, progress=100)
    return Observation(
        state=CommandState.FAILURE,
        provider_state=word,
        reason=str(data.get("status_msg") or f"status {status}"),
        result={"status": status, "status_code": data.get("status_code")},
    )


def _is_good(status: Any) -> bool | None:
    """Return whether a status is good: 0, or none at all; None for a word that nobody knows."""
    if status is None or isinstance(status, int):
        return not status
    return _STATUS_WORDS.get(str(status))


# Commands of others.

_DEVICES: Final = tuple(family for family in CALLS if family != "network")
_FAMILIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{family: family for family in _DEVICES},
        "mini": "owl",
        "lotus": "doorbell",
    }
)
"""What a record may call the family of its target."""


def acted_on(
    record: Mapping[str, Any], network_id: str, known: Mapping[str, Target]
) -> tuple[str, str]:
    """Return the id and the name of the target that a command acts on.

    The record tells a number, which two families may share, and mostly the family; `camera` is also
    said of the others. The number is looked for among the known targets of the network. Whatever is
    not found there is a matter of the network itself, as arming is.
    """
    own = number(record.get("target_id")) or number(record.get("camera_id"))
    family = _FAMILIES.get(str(record.get("target")).lower(), "camera")
    families = dict.fromkeys((family, *_DEVICES)) if family == "camera" else (family,)
    keys = (f"{each}/{own}" for each in families)
    here = (key for key in keys if key in known and known[key].network_id == network_id)
    key = next(here, f"network/{network_id}")
    return key, known[key].name if key in known else key
