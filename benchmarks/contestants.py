"""Those who follow the same open commands at Blink: we, and the peers."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
import importlib
from math import inf
from pathlib import Path
import tempfile
from typing import Final

from custom_components.command_status.providers.base import ProviderDescription
from custom_components.command_status.providers.blink import ACCOUNT, DESCRIPTION
from custom_components.command_status.tracking import Cadence, Pace

from .clouds import BLINK_NETWORK, open_commands
from .home import add_account, home, write_journal
from .peers.questions import Questions

OURS: Final = "command_status"
LIMIT: Final = "bare"
NAMES: Final = {
    OURS: "command_status",
    LIMIT: "bare loop",
    "blinkpy": "blinkpy `wait_for_command`",
    "azure_core": "azure-core `AsyncLROPoller`",
    "google_api_core": "google-api-core `AsyncOperation`",
}
"""Who competes; the peers by their modules in `peers`."""


@asynccontextmanager
async def following(
    contestant: str,
    ids: Sequence[str],
    credentials: Mapping[str, str],
    token: str,
    interval: float,
) -> AsyncGenerator[None]:
    """Let a contestant follow commands in a Home Assistant, asking at an interval."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        description = _uncapped(interval)
        write_journal(folder, open_commands(description, ids))
        async with home(folder) as hass:
            if contestant == OURS:
                await add_account(hass, description, credentials)
                yield
            else:
                questions = Questions(
                    base=credentials["api_url"],
                    network=BLINK_NETWORK,
                    ids=ids,
                    token=token,
                    interval=interval,
                )
                async with _peer(contestant, questions):
                    yield


def _uncapped(interval: float) -> ProviderDescription:
    """Return Blink, asked about every command at an interval, however many there are."""
    policy = replace(
        ACCOUNT.policy,
        cadence=Cadence(steps=((inf, interval),)),
        pace=Pace(per_second=10**9, at_once=100),
    )
    account = replace(ACCOUNT, policy=policy)
    return replace(DESCRIPTION, account=lambda _: account)


@asynccontextmanager
async def _peer(contestant: str, questions: Questions) -> AsyncGenerator[None]:
    """Let a peer follow commands."""
    peer = importlib.import_module(f"{__package__}.peers.{contestant}")
    task = asyncio.create_task(peer.poll(questions))
    try:
        yield
        assert not task.done(), task.result()
    finally:
        task.cancel()
        await asyncio.wait([task])
