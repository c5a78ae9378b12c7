"""A Blink cloud whose clock stands still, a browser, and a client that is signed in."""

from collections.abc import AsyncGenerator

from aiohttp import ClientSession, CookieJar
import pytest

from simulators.blink import BlinkSimulator
from simulators.clock import ManualClock
from tests.simulators.client import Client

from .browser import Browser


@pytest.fixture
async def blink(clock: ManualClock) -> AsyncGenerator[BlinkSimulator]:
    """Return the cloud, listening."""
    async with BlinkSimulator(clock=clock, sleep=clock.sleep) as simulator:
        yield simulator


@pytest.fixture
async def browser(blink: BlinkSimulator) -> AsyncGenerator[Browser]:
    """Return a browser without cookies, which may keep those of an IP address."""
    jar = CookieJar(unsafe=True, quote_cookie=False)
    async with ClientSession(cookie_jar=jar) as session:
        yield Browser(session, blink.url)


@pytest.fixture
def api(blink: BlinkSimulator, session: ClientSession) -> Client:
    """Return a client with an access token."""
    token = blink.tokens.issue(blink.settings.token_lifetime).access
    return Client(session, blink.url, {"Authorization": f"Bearer {token}"})
