"""The shapes of WLTE's answers: envelopes, pages, refusals, and commands in each generation."""

from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Final

from aiohttp import web

from simulators.base import Refusal, json_answer

from .codes import STATUS_OF_CODE, ErrorCode
from .commands import Command
from .limits import ALLOWANCES, Limit
from .settings import ErrorData, Generation, WlteSettings
from .world import Json

MAX_PAGE_SIZE: Final = 100
DEFAULT_PAGE_SIZE: Final = 20

# Fields that nobody has documented, for clients that must not mind them.
EXTRA: Final[Json] = {"xNote": "not in any schema", "xList": [1, None]}

# G2 has a word of its own for what G3 calls an operation.
TYPES_IN_G2: Final[Mapping[str, str]] = {
    "device.relay.set": "RELAY_SET",
    "device.rs485.transceive": "RS485_TRANSCEIVE",
    "device.rs485.baudRate.set": "RS485_BAUD_RATE_SET",
    "device.relay.jogConfig.set": "RELAY_JOG_CONFIG_SET",
}


def _common(command: Command, now: float) -> Json:
    shown: Json = {"id": command.command_id, "deviceId": command.device_id}
    if command.script.show_status:
        shown["status"] = command.status(now)
    return {**shown, "createdAt": command.created_at}


def _in_g1(command: Command, now: float) -> Json:
    shown = _common(command, now)
    if command.relays:
        relay = command.relays[0]
        shown |= {"relayIndex": relay.index, "action": relay.action}
    return shown


def _in_g2(command: Command, now: float) -> Json:
    return {**_in_g1(command, now), "type": TYPES_IN_G2[command.operation]}


def _in_g3(command: Command, now: float) -> Json:
    relays = [relay.describe() for relay in command.relays]
    params = {"params": {"relays": relays}} if relays else {}
    return {**_common(command, now), "operation": command.operation, **params}


COMMAND: Final[Mapping[Generation, Callable[[Command, float], Json]]] = {
    Generation.G1: _in_g1,
    Generation.G2: _in_g2,
    Generation.G3: _in_g3,
}
"""How each generation shows a command."""


class Answers:
    """Wrap what the cloud says as its settings demand."""

    def __init__(self, settings: WlteSettings) -> None:
        """Begin with the first request id."""
        self._settings = settings
        self._requests = 0

    def _envelope(self, code: str, message: str, data: Json) -> Json:
        """Return an answer; `data` is what goes beside the three fields that are always there."""
        self._requests += 1
        extra = EXTRA if self._settings.extra_fields else {}
        return {
            "code": code,
            "message": message,
            "requestId": f"req-{self._requests}",
            **data,
            **extra,
        }

    def good(self, data: Json) -> web.Response:
        """Answer a question."""
        return self._answer("SUCCESS", "ok", 200, data)

    def accepted(self, data: Json, headers: Mapping[str, str] | None = None) -> web.Response:
        """Say that a command was taken, whatever has become of it."""
        return self._answer("COMMAND_ACCEPTED", "accepted", 202, data, headers)

    def _answer(
        self,
        code: str,
        message: str,
        status: int,
        data: Json,
        headers: Mapping[str, str] | None = None,
    ) -> web.Response:
        if self._settings.extra_fields:
            data = {**data, **EXTRA}
        return json_answer(self._envelope(code, message, {"data": data}), status, headers)

    def error(self, code: str, message: str | None = None, details: Json | None = None) -> Json:
        """Return the body of an error."""
        shown: Mapping[ErrorData, Json] = {
            ErrorData.ABSENT: {},
            ErrorData.NULL: {"data": None},
            ErrorData.DETAILS: {"data": details} if details else {},
        }
        text = code.replace("_", " ").lower() if message is None else message
        return self._envelope(code, text, shown[self._settings.error_data])

    def refusal(
        self,
        code: str,
        message: str | None = None,
        details: Json | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Refusal:
        """Return what a handler raises to end the request with this error."""
        body = self.error(code, message, details)
        return Refusal(json_answer(body, STATUS_OF_CODE[code], headers))

    def too_many(self, limit: Limit, wait: float) -> Refusal:
        """Return the refusal of a request that has to wait for so many seconds."""
        seconds = max(1, ceil(wait))
        headers = {
            "Retry-After": str(seconds),
            "RateLimit": f"limit={ALLOWANCES[limit][0]}, remaining=0, reset={seconds}",
        }
        details = {"retryAfterSeconds": seconds}
        return self.refusal(ErrorCode.RATE_LIMITED, "too many requests", details, headers)

    def page[T](self, request: web.Request, items: Sequence[T]) -> tuple[Sequence[T], Json]:
        """Return the items that `page` and `pageSize` ask for, and the `pagination` beside them."""
        page = self._number(request, "page", 1)
        size = self._number(request, "pageSize", DEFAULT_PAGE_SIZE)
        total = len(items)
        pages = max(1, ceil(total / size)) if 1 <= size <= MAX_PAGE_SIZE else 0
        if not 1 <= page <= pages:
            raise self.refusal(ErrorCode.INVALID_REQUEST, "page or pageSize out of range")
        pagination = {
            "page": page,
            "pageSize": size,
            "total": total,
            "totalPages": pages,
            "hasNext": page < pages,
            "hasPrev": page > 1,
        }
        return items[(page - 1) * size : page * size], pagination

    def _number(self, request: web.Request, name: str, default: int) -> int:
        """Return a whole number from the query."""
        try:
            return int(request.query.get(name, default))
        except ValueError as err:
            raise self.refusal(ErrorCode.INVALID_REQUEST, f"{name} must be a number") from err
