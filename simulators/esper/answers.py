"""How the cloud says what it says: envelopes, pages, and two shapes of errors."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from aiohttp import web
from yarl import URL

from simulators.base import Refusal, json_answer

from .settings import ErrorShape, EsperSettings
from .world import Json

COMMANDS_PATH: Final = "/api/commands/v0/"

DEFAULT_LIMIT: Final = 20

MESSAGES: Final[Mapping[int, str]] = {
    HTTPStatus.BAD_REQUEST: "Invalid input.",
    HTTPStatus.UNAUTHORIZED: "Authentication credentials were not provided or are invalid.",
    HTTPStatus.FORBIDDEN: "You do not have permission to perform this action.",
    HTTPStatus.NOT_FOUND: "Not found.",
    HTTPStatus.TOO_MANY_REQUESTS: "Rate limit exceeded, wait a moment and try again.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Internal server error.",
}


def good(content: Json, status: int = 200) -> web.Response:
    """Answer in the envelope."""
    return json_answer({"code": status, "message": "Success", "content": content}, status)


def error(shape: ErrorShape, status: int, message: str | None = None) -> Json:
    """Return the body of an error."""
    said = message or MESSAGES.get(status, "Something went wrong.")
    if shape is ErrorShape.COMMANDS:
        return {"code": status, "message": said, "content": {}}
    return {"errors": [], "message": said, "status": status}


def refusal(request: web.Request, status: int, message: str | None = None) -> Refusal:
    """Return a refusal in the shape of the request's path."""
    commands = request.path.startswith(COMMANDS_PATH)
    shape = ErrorShape.COMMANDS if commands else ErrorShape.CLASSIC
    return Refusal(json_answer(error(shape, status, message), status))


def _number(request: web.Request, name: str, default: int, least: int) -> int:
    """Return a number from the query."""
    text = request.query.get(name, str(default))
    if not text.isdecimal() or int(text) < least:
        raise refusal(request, HTTPStatus.BAD_REQUEST, f"{name} must be a number")
    return int(text)


def page[T](
    request: web.Request, settings: EsperSettings, items: Sequence[T]
) -> tuple[Sequence[T], Json]:
    """Return the items that `limit` and `offset` ask for, and what surrounds them in the answer."""
    limit = min(_number(request, "limit", DEFAULT_LIMIT, 1), settings.largest_page)
    offset = _number(request, "offset", 0, 0)
    own = request.url.update_query(limit=limit)
    if settings.hostile_next:
        own = URL(f"http://internal-balancer.invalid:8080{own.raw_path_qs}", encoded=True)
    end = offset + limit
    frame: Json = {
        "count": len(items),
        "next": str(own.update_query(offset=end)) if end < len(items) else None,
        "previous": str(own.update_query(offset=max(0, offset - limit))) if offset else None,
    }
    return items[offset:end], frame
