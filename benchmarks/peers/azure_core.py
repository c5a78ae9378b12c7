"""azure-core 1.41.0: `AsyncLROPoller` over `AsyncLROBasePolling`, one task for each command.

Only the transport is replaced: what its own pipeline would cost on top is left out, in its favour.
"""

import asyncio
from types import SimpleNamespace
from typing import Any, override

from aiohttp import ClientSession
from azure.core.polling import AsyncLROPoller
from azure.core.polling.async_base_polling import AsyncLROBasePolling
from azure.core.polling.base_polling import LongRunningOperation

from .questions import Questions

IN_PROGRESS = "InProgress"
GET = SimpleNamespace(method="GET")


class BlinkOperation(LongRunningOperation[Any, Any]):
    """What the answers of Blink mean, in azure-core's words."""

    def __init__(self, url: str) -> None:
        """Poll one address."""
        self._url = url

    @override
    def can_poll(self, pipeline_response: Any) -> bool:
        return True

    @override
    def get_polling_url(self) -> str:
        return self._url

    @override
    def set_initial_status(self, pipeline_response: Any) -> str:
        return IN_PROGRESS

    @override
    def get_status(self, pipeline_response: Any) -> str:
        answer = pipeline_response.context
        if not answer["complete"]:
            return IN_PROGRESS
        return "Failed" if answer["status"] else "Succeeded"

    @override
    def get_final_get_url(self, pipeline_response: Any) -> None:
        return None


class Polling(AsyncLROBasePolling[Any, Any, Any]):
    """The poller itself, asking through aiohttp."""

    def __init__(self, questions: Questions, session: ClientSession, url: str) -> None:
        """Poll one address as often as asked for."""
        super().__init__(timeout=questions.interval, lro_algorithms=[BlinkOperation(url)])
        self._session = session
        self._headers = questions.headers

    @override
    async def request_status(self, status_link: str) -> Any:
        async with self._session.get(status_link, headers=self._headers) as response:
            answer = await response.json()
            return _response(response.status, response.headers, answer)

    @override
    async def _sleep(self, delay: float) -> None:
        await asyncio.sleep(delay)


def _response(status: int, headers: Any, answer: Any) -> Any:
    """Return an answer in the shape that azure-core's own pipeline gives it."""
    http = SimpleNamespace(status_code=status, headers=headers, request=GET)
    return SimpleNamespace(http_response=http, http_request=GET, context=answer)


async def poll(questions: Questions) -> None:
    """Wait for every command, until cancelled."""
    async with ClientSession() as session:
        first = _response(202, {}, {})
        await asyncio.gather(
            *(
                AsyncLROPoller(
                    None,
                    first,
                    lambda response: response,
                    Polling(questions, session, questions.url(command_id)),
                ).result()
                for command_id in questions.ids
            )
        )
