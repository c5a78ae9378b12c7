"""How a command looks in JSON: in the answer of its POST, and in the answers of the status call.

The full record is that of homebridge-blink-for-home's live captures and of BlinkMonitorProtocol;
the short one is what arm, minis, doorbells and newer calls answer.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from ..base import json_answer
from .bodies import not_found
from .commands import FIRST_ID, Command, Look
from .scripts import SUCCEEDED, Telling

STAGES: Final = ("rest", "cs_db", "cs_sent", "sm", "dev", "is", "lv", "vs")
"""All stages, in their order; a command ends at one of the last three, or at `dev`."""

type _Body = dict[str, Any]


def full(command: Command, account_id: int, look: Look) -> _Body:
    """Return the whole record."""
    wish = command.wish
    return {
        "id": command.id,
        "created_at": _stamp(command, command.created),
        "updated_at": _stamp(command, max(look.stages.values())),
        "execute_time": _stamp(command, command.created),
        "command": wish.command,
        "state_stage": look.stage,
        **{f"stage_{stage}": _stamp(command, look.stages.get(stage)) for stage in STAGES},
        "state_condition": look.condition,
        "sm_ack": 1 if "sm" in look.stages else None,
        "lfr_ack": 0 if look.complete else None,
        "sequence": command.id % 1000 if "cs_sent" in look.stages else None,
        "attempts": 0,
        "transaction": command.transaction,
        "player_transaction": f"p{command.transaction}",
        "server": None,
        "duration": 0 if look.complete else None,
        "by_whom": "simulated phone - 50.1",
        "diagnostic": False,
        "debug": "",
        "opts_1": 0,
        "target": wish.target,
        "target_id": wish.target_id,
        "parent_command_id": None,
        "camera_id": wish.target_id if wish.target == "camera" else None,
        "siren_id": None,
        "firmware_id": None,
        "network_id": wish.network_id,
        "account_id": account_id,
        "sync_module_id": None,
    }


def short(command: Command) -> _Body:
    """Return the short answer, which has `state` where the full one has `state_condition`."""
    return {
        "id": command.id,
        "network_id": command.wish.network_id,
        "command": command.wish.command,
        "state": "new",
    }


def with_children(command: Command) -> _Body:
    """Return the short answer of arm and disarm: one child for each camera."""
    children = [
        {
            "id": child,
            "network_id": command.wish.network_id,
            "command": "config_lfr",
            "state": "running",
        }
        for child in command.child_ids
    ]
    return {**short(command), "commands": children}


def live_view(command: Command) -> _Body:
    """Return the answer of live view: the id is in `command_id`, and no network is named."""
    return {
        "command_id": command.id,
        "join_available": True,
        "join_state": "available",
        "server": f"immis://127.0.0.1:443/{command.transaction}",
        "duration": 300,
        "extended_duration": 5400,
        "continue_interval": 30,
        "continue_warning": 10,
        "polling_interval": 15,
        "submit_logs": True,
        "new_command": True,
        "media_id": None,
        "options": {},
        "liveview_token": None,
        "parent_command_id": None,
    }


def status_answer(command: Command, account_id: int, now: float) -> web.Response:
    """Answer a status request as the command's script wants it."""
    script = command.script
    if script.known_for is not None and command.answers >= script.known_for:
        return not_found()
    command.answers += 1
    body = _status(command, account_id, command.look(now))
    return _TELLINGS[Telling(script.telling)](body)


def _status(command: Command, account_id: int, look: Look) -> _Body:
    script = command.script
    over = look.complete and not command.stopped
    own = {**full(command, account_id, look), "deleted_at": None}
    # The children of arm have not been seen live in a status answer: their shape is a free choice.
    children = [
        {
            **own,
            "id": child,
            "command": "config_lfr",
            "parent_command_id": command.id,
            "target": "camera",
            "target_id": camera,
            "camera_id": camera,
        }
        for child, camera in zip(command.child_ids, command.wish.children, strict=True)
    ]
    return {
        "complete": look.complete,
        "status": script.status if over else 0,
        "status_msg": script.status_msg if over else SUCCEEDED,
        "status_code": script.status_code if over else script.running_code,
        "commands": [own, *children],
        "media_id": None,
    }


def _stamp(command: Command, moment: float | None) -> str | None:
    """Return the time of day of a moment by the simulator's clock."""
    if moment is None:
        return None
    at: datetime = command.created_at + timedelta(seconds=moment - command.created)
    return at.isoformat(timespec="seconds")


def _without(*keys: str) -> Callable[[_Body], web.Response]:
    return lambda body: json_answer({key: body[key] for key in body if key not in keys})


def _foreign(body: _Body) -> web.Response:
    return json_answer({**body, "commands": [{**body["commands"][0], "id": FIRST_ID - 1}]})


_TELLINGS: Final[Mapping[Telling, Callable[[_Body], web.Response]]] = {
    Telling.PLAIN: json_answer,
    Telling.FOREIGN: _foreign,
    Telling.EMPTY: lambda body: json_answer({**body, "commands": []}),
    Telling.WITHOUT_COMMANDS: _without("commands"),
    Telling.WITHOUT_STATUS: _without("status", "status_msg"),
    Telling.WITHOUT_COMPLETE: _without("complete"),
    Telling.HTML: lambda _: web.Response(text="<h1>Hello</h1>", content_type="text/html"),
    Telling.TEXT: lambda _: web.Response(text="upstream request time-out"),
}
