"""What Esper's answers say, in our words.

Answers under `/commands/v0` and of `/v2/devices/` have the envelope `{code, message, content}`,
older ones have none; both are read. Nothing here is a closed list: Esper's own command line tool
crashed on a device state that it did not know (esper-cli pull requests 66 and 68).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ...tracking import NOTHING, CommandState, Observation
from ..base import Sighting, Target
from ..errors import ProviderNoAnswerError
from ..words import identifier
from .commands import OFFERED

STATES: Final[Mapping[str, CommandState]] = {
    "Command Queued": CommandState.QUEUED,  # an offline device stays here, without limit
    "Command Scheduled": CommandState.SCHEDULED,  # waits for its window, maybe for days
    "Command Initiated": CommandState.SENT,
    "Command Acknowledged": CommandState.ACKNOWLEDGED,
    "Command In Progress": CommandState.IN_PROGRESS,
    "Command Success": CommandState.SUCCESS,
    "Command Failure": CommandState.FAILURE,
    "Command TimeOut": CommandState.TIMEOUT,  # may still change (help.esper.io 43110064004881)
    "Command Cancelled": CommandState.CANCELLED,
}
"""Esper's words for the state of a status object, spelled as Esper spells them."""

UNSETTABLE: Final = frozenset({"Command Queued", "Command Initiated"})
"""The words that "Update command status" does not take."""

CANCELLED_WORD: Final = "Command Cancelled"

UPDATE_STATES: Final[Mapping[str, str]] = {
    alias: word
    for word, state in STATES.items()
    if word not in UNSETTABLE
    for alias in (state.value, word.lower())
}
"""The words that "Update command status" takes: ours, and Esper's own in lower case."""

INACTIVE: Final = 60
"""The device state that Esper's cloud sets when it cannot reach a device."""

SEEN_RECENTLY: Final = 900.0
"""Seconds. Devices check in every 5 minutes; after 15 they were once called offline (esper.io blog,
"Last Seen"). A clock that goes wrong by more than that, theirs or ours, makes it no news at all."""

GONE: Final = "the provider does not know the command any more"

UNKNOWN_COMMAND: Final = "UNKNOWN"
"""Stands for the name of a command whose request cannot be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A part of a list."""

    items: tuple[Mapping[str, Any], ...]
    count: int | None
    """How many the whole list has; None where the answer does not say."""
    following: int | None
    """The offset of the next part; None where this one is the last."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """A command status object: what became of a request on one device."""

    id: str | None
    request: str | None
    device: str | None
    word: str | None
    """Esper's word for its state."""
    reason: str | None
    result: Any

    @property
    def state(self) -> CommandState | None:
        """Our word for its state; None for a word that we do not know."""
        return None if self.word is None else STATES.get(self.word)

    def observation(self, command: str) -> Observation:
        """Return what this says about a command of that name.

        It never is the last word: a command that timed out or was cancelled here may yet succeed.
        """
        return Observation(
            state=self.state,
            provider_state=self.word,
            reason=self.reason,
            progress=_percentage(self.result) if command == "OS_UPDATE_STATUS" else None,
            result=self.result,
            command_id=self.id,
            request_id=self.request,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A command request: one name and its arguments, for many devices."""

    id: str | None = None
    alias: str | None = None
    command: str = UNKNOWN_COMMAND
    arguments: Mapping[str, Any] = NOTHING
    devices: frozenset[str] | None = None
    """None where the answer does not say."""

    def sighting(self, status: Status, names: Mapping[str, str]) -> Sighting:
        """Return one of its status objects as a command that someone else sent.

        `names` are those of the devices. Raises ProviderNoAnswerError for one without a device.
        """
        if status.device is None:
            raise ProviderNoAnswerError("a status object without a device")
        return Sighting(
            target=status.device,
            target_name=names.get(status.device, status.device),
            device=status.device,
            command=self.command,
            parameters=self.arguments,
            observation=status.observation(self.command),
        )


def content(answer: Any) -> Mapping[str, Any]:
    """Return what is in the envelope, if any; raises ProviderNoAnswerError for anything odd."""
    if not isinstance(answer, dict):
        raise ProviderNoAnswerError("an answer of an unknown shape")
    inner = answer.get("content")
    return inner if isinstance(inner, dict) else answer


def parse_page(answer: Any, offset: int, limit: int) -> Page:
    """Read a part of a list that was asked for with this offset and limit.

    Whether there is more is told by `count`, by `next`, or by a page that is full. What is in
    `next` is not looked at, because it may name another scheme or host (EAST, `validateUrl`).
    """
    inner = content(answer)
    results = inner.get("results")
    if not isinstance(results, list):
        raise ProviderNoAnswerError("a list without results")
    count = _count(inner.get("count"))
    end = offset + len(results)
    if count is None:
        goes_on = bool(inner.get("next")) or len(results) >= limit
    else:
        goes_on = bool(inner.get("next")) or end < count
    if not results and inner.get("next"):
        raise ProviderNoAnswerError("an empty page in the middle of a list")
    return Page(
        items=tuple(item if isinstance(item, dict) else NOTHING for item in results),
        count=count,
        following=end if results and goes_on else None,
    )


def _count(told: object) -> int | None:
    """Return how many items a list has; None where that is not told, or makes no sense."""
    return told if type(told) is int and told >= 0 else None


def parse_status(item: Mapping[str, Any]) -> Status:
    """Read a status object; whatever is missing is None."""
    meta = item.get("command_meta")
    return Status(
        id=identifier(item.get("id")),
        request=_last_id(item.get("request")),
        device=_last_id(item.get("device")),
        word=_text(item.get("state")),
        reason=_text(item.get("reason")),
        result=meta.get("result") if isinstance(meta, dict) else None,
    )


def parse_request(item: Mapping[str, Any]) -> Request:
    """Read a command request."""
    arguments = item.get("command_args")
    devices = item.get("devices")
    return Request(
        id=identifier(item.get("id")),
        alias=_text(item.get("alias")),
        command=_text(item.get("command")) or UNKNOWN_COMMAND,
        arguments=arguments if isinstance(arguments, dict) else NOTHING,
        devices=frozenset(filter(None, map(_last_id, devices)))
        if isinstance(devices, list)
        else None,
    )


def parse_target(item: Mapping[str, Any], now: float) -> Target | None:
    """Read a device; None for one without an id, which nothing can be sent to."""
    device = identifier(item.get("id"))
    if device is None:
        return None
    names = (_text(item.get(key)) for key in ("alias", "alias_name", "name", "device_name"))
    name = next(filter(None, names), device)
    return Target(
        id=device,
        name=name,
        device=device,
        device_name=name,
        commands=OFFERED,
        online=_online(item, now),
    )


def required_id(answer: Any, key: str = "id") -> str:
    """Return an id that an answer must have; raises ProviderNoAnswerError."""
    found = identifier(content(answer).get(key))
    if found is None:
        raise ProviderNoAnswerError(f"an answer without {key}")
    return found


def _online(item: Mapping[str, Any], now: float) -> bool | None:
    """Return whether a device can be reached; None where that is not certain."""
    if item.get("state") == INACTIVE:
        return False
    try:
        seen = datetime.fromisoformat(item["last_seen"]).timestamp()
    except KeyError, TypeError, ValueError:
        return None
    return True if abs(now - seen) < SEEN_RECENTLY else None


def _percentage(result: Any) -> int | None:
    """Return how much of an update is downloaded (`OS_UPDATE_STATUS`)."""
    percent = result.get("download_percent_complete") if isinstance(result, dict) else None
    if isinstance(percent, bool) or not isinstance(percent, int | float):
        return None
    return round(min(100, max(0, percent)))


def _text(value: Any) -> str | None:
    """Return a word as text; None for an empty or missing one."""
    return str(value) if isinstance(value, str | int) and value != "" else None


def _last_id(value: Any) -> str | None:
    """Return an id, which older answers give as the last part of an address (esper-cli)."""
    text = identifier(value)
    return None if text is None else text.rstrip("/").rpartition("/")[2] or None
