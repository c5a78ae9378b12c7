"""Reads what clients send, and refuses what the cloud does not understand."""

from typing import Any

from aiohttp import web

from .answers import Answers
from .codes import ErrorCode
from .commands import RelayAction
from .world import ACTIONS, Json


async def json_object(request: web.Request, answers: Answers) -> Json:
    """Return the object in the body."""
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise answers.refusal(ErrorCode.INVALID_REQUEST, "the body must be a JSON object")
    return body


async def credentials(request: web.Request, answers: Answers) -> tuple[str, str]:
    """Return the id and the secret of a client that wants a token."""
    body = await json_object(request, answers)
    client_id, secret = body.get("clientId"), body.get("clientSecret")
    if not (isinstance(client_id, str) and isinstance(secret, str)):
        raise answers.refusal(ErrorCode.INVALID_REQUEST, "clientId and clientSecret are required")
    return client_id, secret


async def relays(request: web.Request, answers: Answers) -> tuple[RelayAction, ...]:
    """Return which relays are to do what, as the path of G3 takes it."""
    body = await json_object(request, answers)
    return _relays(body.get("relays"), answers)


async def relay_of_path(request: web.Request, answers: Answers) -> tuple[RelayAction, ...]:
    """Return what the one relay of the path is to do, as G1 and G2 take it."""
    body = await json_object(request, answers)
    relay = request.match_info["relay"]
    index = int(relay) if relay.isdecimal() else 0
    return _relays([{"index": index, "action": body.get("action")}], answers)


def _relays(rows: Any, answers: Answers) -> tuple[RelayAction, ...]:
    steps: list[Json] = rows if isinstance(rows, list) else []
    if not all(isinstance(step, dict) for step in steps):
        steps = []
    relays = tuple(RelayAction(step.get("index", 0), step.get("action", "")) for step in steps)
    indexes = {relay.index for relay in relays if type(relay.index) is int}
    if not relays or len(indexes) < len(relays):
        raise answers.refusal(ErrorCode.INVALID_REQUEST, "relays must name each relay once")
    if any(relay.action not in ACTIONS for relay in relays):
        raise answers.refusal(
            ErrorCode.INVALID_REQUEST, f"action must be one of {', '.join(ACTIONS)}"
        )
    return relays
