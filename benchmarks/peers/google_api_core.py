"""google-api-core 2.44.0: `AsyncOperation` with a coroutine that refreshes it, a task for each."""

import asyncio
from typing import Any

from aiohttp import ClientSession
from google.api_core import retry_async
from google.api_core.future.async_future import RETRY_PREDICATE
from google.api_core.operation_async import AsyncOperation
from google.longrunning import operations_pb2

from .questions import Questions


async def poll(questions: Questions) -> None:
    """Wait for every command, until cancelled."""
    # Its pauses are drawn from 0 to this: on the average, as long as everybody's.
    pause = 2 * questions.interval
    retry = retry_async.AsyncRetry(
        predicate=RETRY_PREDICATE, initial=pause, maximum=pause, multiplier=1.0, timeout=None
    )
    headers = questions.headers
    async with ClientSession() as session:

        def follow(command_id: str) -> AsyncOperation:
            url = questions.url(command_id)

            async def refresh(**_: Any) -> Any:
                async with session.get(url, headers=headers) as response:
                    answer = await response.json()
                return operations_pb2.Operation(name=command_id, done=answer["complete"])

            async def cancel(**_: Any) -> None:
                raise NotImplementedError

            operation = operations_pb2.Operation(name=command_id)
            return AsyncOperation(operation, refresh, cancel, None, retry=retry)

        await asyncio.gather(*(follow(command_id).result() for command_id in questions.ids))
