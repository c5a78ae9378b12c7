"""Reads what clients send, and refuses what the cloud does not understand."""

from collections.abc import Iterable, KeysView
from dataclasses import dataclass
from http import HTTPStatus
import re
from typing import Any, Final

from aiohttp import web

from .answers import refusal
from .commands import SETTABLE
from .world import Json

MOST_DEVICES: Final = 1000
MOST_GROUPS: Final = 500

COMMAND_TYPES: Final = frozenset({"DEVICE", "GROUP", "DYNAMIC"})

PASSWORD: Final = re.compile("pass|psk|secret", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRequest:
    """What a client asks for."""

    command: str
    arguments: Json
    devices: tuple[str, ...]
    """Each once."""
    alias: str


def ids(request: web.Request, name: str) -> set[str] | None:
    """Return the ids of a comma list in the query; None where there is no such filter."""
    text = request.query.get(name)
    return None if text is None else {part.strip() for part in text.split(",")}


async def json_object(request: web.Request) -> Json:
    """Return the object in the body."""
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise refusal(request, HTTPStatus.BAD_REQUEST, "JSON parse error")
    return body


async def new_request(request: web.Request, known: KeysView[str]) -> NewRequest:
    """Return the request in the body, for devices that are known."""
    body = await json_object(request)
    devices = _devices(request, body, known)
    command, arguments = body.get("command"), body.get("command_args") or {}
    if not isinstance(command, str) or not isinstance(arguments, dict):
        message = "command must be a text and command_args an object"
        raise refusal(request, HTTPStatus.BAD_REQUEST, message)
    return NewRequest(
        command=command, arguments=arguments, devices=devices, alias=str(body.get("alias", ""))
    )


def _devices(request: web.Request, body: Json, known: KeysView[str]) -> tuple[str, ...]:
    """Return the devices of a new request, each once."""
    devices, groups = body.get("devices", []), body.get("groups", [])
    if body.get("command_type") not in COMMAND_TYPES:
        raise refusal(request, HTTPStatus.BAD_REQUEST, "command_type is not a valid choice")
    if body.get("device_type") != "all":
        message = "filtering by device_type is currently not supported. Please specify 'all'"
        raise refusal(request, HTTPStatus.BAD_REQUEST, message)
    if len(devices) > MOST_DEVICES or len(groups) > MOST_GROUPS:
        raise refusal(request, HTTPStatus.BAD_REQUEST, "too many devices or groups")
    if not known >= set(devices):
        raise refusal(request, HTTPStatus.BAD_REQUEST, "invalid device id")
    return tuple(dict.fromkeys(devices))


def update(request: web.Request, body: Json) -> tuple[str | None, str | None]:
    """Return the state and the reason that a status object is to have; None: as it has."""
    state, reason = body.get("state"), body.get("reason")
    if state is not None and state not in SETTABLE:
        raise refusal(request, HTTPStatus.BAD_REQUEST, f'"{state}" is not a valid choice.')
    if not isinstance(reason, str | None):
        raise refusal(request, HTTPStatus.BAD_REQUEST, "reason: Not a valid string.")
    return state, reason


def passwords(value: Any, *, inside: bool = False) -> Iterable[str]:
    """Return the texts under keys that look like those of passwords."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from passwords(inner, inside=inside or bool(PASSWORD.search(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from passwords(inner, inside=inside)
    elif inside and isinstance(value, str):
        yield value
