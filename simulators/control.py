"""The control API: drive a simulator that runs in another process.

| request | body | does |
|---|---|---|
| `GET /_simulator/requests?label=&path=&limit=` | | lists requests, oldest first |
| `GET /_simulator/counts` | | counts by label, most per second, most at once |
| `GET /_simulator/faults` | | lists the faults that stand |
| `POST /_simulator/faults` | fields of `Fault` | orders a fault |
| `DELETE /_simulator/faults` | | takes back all faults |
| `GET /_simulator/scenario` | | lists the settings |
| `POST /_simulator/scenario` | settings by name | changes them |
| `GET /_simulator/state` | | what happened inside, cloud by cloud |
| `POST /_simulator/actions/{name}` | arguments by name | does what the cloud's `actions()` offer |
| `POST /_simulator/reset` | | makes everything as new |
| `GET /_simulator/secrets` | | every password, key and token that a client has, had or was given |

Requests to it are neither logged nor counted, and no fault strikes them.
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, asdict
import json
from typing import Any, ClassVar, Final, Protocol

from aiohttp import web

from .faults import Faults, Handler
from .request_log import RequestLog

PREFIX: Final = "/_simulator"


class ControlError(ValueError):
    """Raised for an order that the simulator does not understand."""


class Settings(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


class Controlled(Protocol):
    """What of a simulator can be driven from outside; `base.Simulator` says more of each."""

    log: RequestLog
    faults: Faults
    secrets: set[str]

    @property
    def settings(self) -> Settings:
        """What the cloud is like."""

    def configure(self, changes: Mapping[str, object]) -> None:
        """Change settings by name."""

    def state(self) -> dict[str, Any]:
        """Return what happened inside."""

    def actions(self) -> Mapping[str, Callable[..., object]]:
        """Return what may be done to the cloud."""

    def reset(self) -> None:
        """Make everything as new."""


type _Order = Callable[[Controlled, web.Request, dict[str, Any]], object]
"""Reads or does something; what it returns becomes the JSON answer."""


def _requests(simulator: Controlled, request: web.Request, _: object) -> object:
    query = request.query
    selected = simulator.log.select(query.get("label"), query.get("path", ""))
    limit = int(query.get("limit", len(selected)))
    return {"requests": [logged.summary() for logged in selected[len(selected) - limit :]]}


def _counts(simulator: Controlled, _: object, __: object) -> object:
    return {
        "counts": simulator.log.counts,
        "most_per_second": simulator.log.most_per_second,
        "most_at_once": simulator.log.most_at_once,
    }


def _faults(simulator: Controlled, _: object, __: object) -> object:
    return {"faults": [asdict(fault) for fault in simulator.faults]}


def _add_fault(simulator: Controlled, _: object, body: dict[str, Any]) -> object:
    simulator.faults.add(**body)
    return _faults(simulator, _, body)


def _clear_faults(simulator: Controlled, _: object, body: dict[str, Any]) -> object:
    simulator.faults.clear()
    return _faults(simulator, _, body)


def _scenario(simulator: Controlled, _: object, __: object) -> object:
    return asdict(simulator.settings)


def _configure(simulator: Controlled, _: object, body: dict[str, Any]) -> object:
    simulator.configure(body)
    return asdict(simulator.settings)


def _state(simulator: Controlled, _: object, __: object) -> object:
    return simulator.state()


def _act(simulator: Controlled, request: web.Request, body: dict[str, Any]) -> object:
    return {"result": simulator.actions()[request.match_info["name"]](**body)}


def _reset(simulator: Controlled, _: object, __: object) -> object:
    simulator.reset()
    return {}


def _secrets(simulator: Controlled, _: object, __: object) -> object:
    return {"secrets": simulator.secrets}


_ORDERS: Final[Mapping[tuple[str, str], _Order]] = {
    ("GET", "/requests"): _requests,
    ("GET", "/counts"): _counts,
    ("GET", "/faults"): _faults,
    ("POST", "/faults"): _add_fault,
    ("DELETE", "/faults"): _clear_faults,
    ("GET", "/scenario"): _scenario,
    ("POST", "/scenario"): _configure,
    ("GET", "/state"): _state,
    ("POST", "/actions/{name}"): _act,
    ("POST", "/reset"): _reset,
    ("GET", "/secrets"): _secrets,
}


def _plain(value: object) -> object:
    """Return what JSON has no word for as a list or a text."""
    return sorted(value) if isinstance(value, set | frozenset) else str(value)


def _answer(data: object, status: int = 200) -> web.Response:
    return web.Response(
        text=json.dumps(data, default=_plain), status=status, content_type="application/json"
    )


async def _body(request: web.Request) -> dict[str, Any]:
    """Return the JSON object that came with the request; no body is an empty one."""
    text = await request.text()
    body = json.loads(text) if text else {}
    if not isinstance(body, dict):
        message = "the body must be a JSON object"
        raise ControlError(message)
    return body


def _handler(simulator: Controlled, order: _Order) -> Handler:
    """Carry an order out, or say what is wrong with it."""

    async def handle(request: web.Request) -> web.Response:
        try:
            return _answer(order(simulator, request, await _body(request)))
        except (ValueError, TypeError, LookupError) as err:
            return _answer({"error": f"{type(err).__name__}: {err}"}, 400)

    return handle


def routes(simulator: Controlled) -> list[web.RouteDef]:
    """Return the control API of a simulator."""
    return [
        web.route(method, PREFIX + path, _handler(simulator, order))
        for (method, path), order in _ORDERS.items()
    ]
