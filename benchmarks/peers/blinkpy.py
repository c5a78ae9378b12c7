"""blinkpy 0.25.9: `wait_for_command`, a task for each command. Home Assistant's Blink waits so."""

import asyncio
import time

from aiohttp import ClientSession
from blinkpy import api
from blinkpy.auth import Auth
from blinkpy.blinkpy import Blink
from blinkpy.helpers.util import BlinkURLHandler

from .questions import Questions


async def poll(questions: Questions) -> None:
    """Wait for every command, until cancelled."""
    api.COMMAND_POLL_TIME = questions.interval
    api.MAX_RETRY = 10**9  # it would give up after 120 polls
    async with ClientSession() as session:
        blink = Blink(session=session)
        login = {"token": questions.token, "expiration_date": time.time() + 86400}
        blink.auth = Auth(login, session=session)
        blink.urls = BlinkURLHandler("u000")
        blink.urls.base_url = questions.base
        await asyncio.gather(
            *(
                api.wait_for_command(blink, {"network_id": questions.network, "id": command_id})
                for command_id in questions.ids
            )
        )
