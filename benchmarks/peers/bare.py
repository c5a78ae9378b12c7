"""The limit: the same GETs, their answers read as JSON, and nothing made of them."""

import asyncio
from collections.abc import Iterator

from aiohttp import ClientSession

from .questions import Questions

AT_ONCE = 100
"""Requests under way at the same time: as many connections as aiohttp and Home Assistant allow."""


async def poll(questions: Questions) -> None:
    """Ask about every command once in a while, until cancelled."""
    loop = asyncio.get_running_loop()
    urls = [questions.url(command_id) for command_id in questions.ids]
    headers = questions.headers
    async with ClientSession() as session:

        async def work(left: Iterator[str]) -> None:
            for url in left:
                async with session.get(url, headers=headers) as response:
                    await response.json()

        while True:
            again = loop.time() + questions.interval
            left = iter(urls)
            await asyncio.gather(*(work(left) for _ in range(min(AT_ONCE, len(urls)))))
            await asyncio.sleep(max(0.0, again - loop.time()))
