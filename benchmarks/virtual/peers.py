"""The peers' own code in virtual time, at the pace that their authors chose.

Their pollers, sleeps and limits are their own. Only the request is replaced: it is answered at
once, out of the time that a command takes, as a request takes no time for us either.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
import random
from types import SimpleNamespace
from typing import Any, Final, override
from unittest.mock import patch

from azure.core.polling import AsyncLROPoller
from azure.core.polling.async_base_polling import AsyncLROBasePolling
from blinkpy import api
from google.api_core.future.async_future import RETRY_PREDICATE
from google.api_core.future.polling import DEFAULT_POLLING
from google.api_core.operation_async import AsyncOperation
from google.api_core.retry_async import AsyncRetry
from google.longrunning.operations_pb2 import Operation
from google.protobuf.empty_pb2 import Empty

from ..peers.azure_core import BlinkOperation
from .loop import virtual_loop

FINE: Final = 908
"""What Blink calls every command that was taken; blinkpy asks for it."""
GET: Final = SimpleNamespace(method="GET")


@dataclass(slots=True)
class Remote:
    """A command at a provider."""

    ends_at: float
    polls: int = 0

    def ask(self) -> bool:
        """Return whether it has ended, and count the question."""
        self.polls += 1
        return virtual_loop().time() >= self.ends_at


async def blinkpy(remote: Remote) -> bool:
    """Wait as Home Assistant's Blink integration does, too."""

    async def answer(_blink: object, _network: object, command: Remote) -> dict[str, Any]:
        return {"status_code": FINE, "complete": command.ask()}

    with patch.object(api, "request_command_status", answer):
        return bool(await api.wait_for_command(None, {"network_id": 1, "id": remote}))


class _Polling(AsyncLROBasePolling[Any, Any, Any]):
    """The poller of azure-core with its default pause."""

    def __init__(self, remote: Remote) -> None:
        super().__init__(lro_algorithms=[BlinkOperation("")])
        self._remote = remote

    @override
    async def request_status(self, status_link: str) -> Any:
        return _response(200, {"complete": self._remote.ask(), "status": 0})

    @override
    async def _sleep(self, delay: float) -> None:
        await asyncio.sleep(delay)


def _response(status: int, answer: Mapping[str, Any]) -> Any:
    """Return an answer in the shape that azure-core's own pipeline gives it."""
    http = SimpleNamespace(status_code=status, headers={}, content=b"", request=GET)
    return SimpleNamespace(http_response=http, http_request=GET, context=answer)


async def azure_core(remote: Remote) -> bool:
    """Wait with azure-core; answers of Blink and WLTE have no Retry-After that it could obey."""
    polling = _Polling(remote)
    poller = AsyncLROPoller(None, _response(202, {}), lambda response: response, polling)
    await poller.result()
    return True


def _google(remote: Remote, **options: Any) -> Any:
    """Return what google-api-core's clients return for a long-running operation."""

    async def refresh(**_: Any) -> Operation:
        operation = Operation(done=remote.ask())
        if operation.done:
            operation.response.Pack(Empty())
        return operation

    operation: Any = AsyncOperation  # it has no types
    return operation(Operation(), refresh, None, Empty, **options)


async def google_async(remote: Remote) -> bool:
    """Wait with google-api-core as its asynchronous clients do by default."""
    await _google(remote).result()
    return True


async def google_polling(remote: Remote) -> bool:
    """Wait with `DEFAULT_POLLING`, the pace of google-api-core's other clients."""
    pace: Any = DEFAULT_POLLING
    retry = AsyncRetry(
        predicate=RETRY_PREDICATE,
        initial=pace._initial,  # noqa: SLF001 - the values are told nowhere else
        maximum=pace._maximum,  # noqa: SLF001
        multiplier=pace._multiplier,  # noqa: SLF001
    )
    try:
        await _google(remote, retry=retry).result(timeout=pace.timeout)
    except TimeoutError:
        return False
    return True


PEERS: Final[Mapping[str, Callable[[Remote], Awaitable[bool]]]] = {
    "blinkpy `wait_for_command`, and so Home Assistant's Blink": blinkpy,
    "azure-core `AsyncLROPoller`": azure_core,
    "google-api-core `AsyncOperation`": google_async,
    "google-api-core `DEFAULT_POLLING`": google_polling,
}


async def follow(name: str, times: list[float]) -> dict[str, list[float]]:
    """Let a peer wait for commands that take so long; returns `delays` and `polls`.

    A command that was given up has no delay.
    """
    loop = virtual_loop()
    random.seed(name)

    async def wait(seconds: float) -> tuple[float | None, int]:
        remote = Remote(loop.time() + seconds)
        ended = await PEERS[name](remote)
        return loop.time() - remote.ends_at if ended else None, remote.polls

    # One after the other for the sake of those that are patched; virtual time is cheap.
    found = [await wait(seconds) for seconds in times]
    return {
        "delays": [delay for delay, _ in found if delay is not None],
        "polls": [float(polls) for _, polls in found],
    }
