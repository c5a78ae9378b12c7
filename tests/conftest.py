"""Fixtures for tests that need Home Assistant: a folder, a clock, a cloud and an account."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator
import gc
from pathlib import Path
import sys
import threading
import time
from typing import Final
from unittest.mock import patch

import freezegun
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from hypothesis import settings
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

# Before the test harness looks for it: a package of its own has the same name.
import custom_components.command_status
from custom_components.command_status.const import CONF_CREDENTIALS, CONF_PROVIDER, DOMAIN
from custom_components.command_status.providers import PROVIDERS
from simulators.clock import ManualClock
from simulators.wlte import CLIENT_ID, CLIENT_SECRET, WlteSimulator

from . import obliging
from .house import House

__all__ = ["custom_components"]

TIMED: Final = (
    "aiohttp",
    "custom_components",
    "homeassistant",
    "jwt",
    "pytest_homeassistant_custom_component",
    "simulators",
    "tests",
)
"""Packages for which the time is stopped, beside those that are imported later."""

# To stop it, freezegun looks through all modules for names of their own for it, for each test anew.
# Most tell no time, or tell it by `time.time()` and the like, which needs no look. The largest
# packages come first: each module is compared with one after the other.
freezegun.configure(
    extend_ignore_list=[
        package
        for package, _ in Counter(name.partition(".")[0] for name in sys.modules).most_common()
        if not any(timed.startswith(package) for timed in TIMED)
    ]
)
# Time stands still for everybody. To look who asks is slow, and gave the real one to our threads.
freezegun.api.call_stack_inspection_limit = 0

# How long an example takes says more of the machine than of us.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let whoever has the time try more than a short run does."""
    parser.addoption("--whole-answers", type=int, default=12, help="lives with damaged answers")


def pytest_unconfigure() -> None:
    """Look once for what was forgotten: pytest looks five times, through all that is alive."""
    gc.collect()
    gc.freeze()


def from_this_thread[**P, R](call: Callable[P, R]) -> Callable[P, R]:
    """Return a function that refuses to be called from any other thread."""
    ours = threading.get_ident()

    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if threading.get_ident() != ours:
            raise RuntimeError("another thread must use call_soon_threadsafe()")
        return call(*args, **kwargs)

    return checked


@pytest.fixture(autouse=True)
async def enable_event_loop_debug() -> None:
    """Let the loop refuse what comes from the wrong thread, as Home Assistant's tests do.

    Unlike them, do no more: to note down where each task was made, and to time each step, takes
    more than half of the time of a test.
    """
    loop = asyncio.get_running_loop()
    loop.call_soon = from_this_thread(loop.call_soon)  # type: ignore[method-assign]
    loop.call_at = from_this_thread(loop.call_at)  # type: ignore[method-assign]


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Give every Home Assistant a folder of its own, since not all our files are of its kind."""
    return str(tmp_path)


@pytest.fixture
def frozen(freezer: FrozenDateTimeFactory) -> Generator[FrozenDateTimeFactory]:
    """Stop the time; the machine's uptime stands still with it."""
    with patch("custom_components.command_status.account.clock.uptime", lambda: time.time() - 1e9):
        yield freezer


@pytest.fixture
def nap() -> ManualClock:
    """Return what a cloud sleeps on that answers slowly: until it is advanced."""
    return ManualClock()


@pytest.fixture
async def cloud(
    frozen: FrozenDateTimeFactory,  # noqa: ARG001 - comes first, or the cloud begins too early
    socket_enabled: None,  # noqa: ARG001 - comes first, or the cloud cannot listen
    nap: ManualClock,
) -> AsyncGenerator[WlteSimulator]:
    """Return a WLTE cloud that answers at once, and whose time is that of Home Assistant."""
    async with WlteSimulator(clock=time.time, sleep=nap.sleep) as simulator:
        simulator.configure({"post_wait": 0.0})
        yield simulator


@pytest.fixture
def make_entry(
    hass: HomeAssistant,
    enable_custom_integrations: None,  # noqa: ARG001 - comes first, or ours is not found
    cloud: WlteSimulator,
) -> Callable[..., MockConfigEntry]:
    """Return how to make accounts at the cloud."""

    def make(
        entry_id: str = "gate-account", options: dict[str, object] | None = None
    ) -> MockConfigEntry:
        entry = MockConfigEntry(
            domain=DOMAIN,
            entry_id=entry_id,
            title="My gate",
            unique_id=f"wlte_{entry_id}",
            data={
                CONF_PROVIDER: "wlte",
                CONF_CREDENTIALS: {
                    "client_id": CLIENT_ID,
                    "client_secret": CLIENT_SECRET,
                    "base_url": cloud.url,
                },
            },
            options=options or {},
        )
        entry.add_to_hass(hass)
        return entry

    return make


@pytest.fixture
def entry(make_entry: Callable[..., MockConfigEntry]) -> MockConfigEntry:
    """Return an account that is not loaded yet."""
    return make_entry()


@pytest.fixture
def house_in_planning(
    hass: HomeAssistant,
    frozen: FrozenDateTimeFactory,
    cloud: WlteSimulator,
    entry: MockConfigEntry,
) -> House:
    """Return a Home Assistant with an account that is not loaded yet."""
    return House(hass, frozen, cloud, entry)


@pytest.fixture
async def house(house_in_planning: House) -> House:
    """Return a Home Assistant with a loaded account."""
    await house_in_planning.load()
    return house_in_planning


@pytest.fixture
async def obliging_house(house_in_planning: House) -> AsyncGenerator[House]:
    """Return a Home Assistant with an account whose cloud can do what WLTE cannot."""
    with patch.dict(PROVIDERS, {"wlte": obliging.DESCRIPTION}):
        await house_in_planning.load()
        yield house_in_planning
