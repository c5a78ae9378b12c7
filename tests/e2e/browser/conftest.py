"""A browser that is logged in, clouds as new for each test, and a camera for the docs."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
import os
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, BrowserContext, Error, Page, async_playwright, expect
import pytest
import pytest_asyncio

from stage import ROOT, Account, HomeAssistant, Simulator, chromium, wlte

from .camera import Camera
from .panel import Panel
from .window import PATIENCE, Profiles, window

expect.set_options(timeout=PATIENCE)

SWITCHES: Final = (
    "--no-sandbox",  # its own sandbox needs rights that containers do not have
    "--process-per-site",  # so that a window has at once what another has compiled
    "--force-device-scale-factor=0.5",  # fewer pixels to draw; pictures are taken with all of them
)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Start Debian's Chromium once for all tests; where there is none, that is a failure in CI."""
    program = chromium()
    if program is None:
        give_up = pytest.fail if os.environ.get("CI") else pytest.skip
        give_up("There is no Chromium; as root on Debian, scripts/setup installs it")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Profiles:
    """Return the profiles of the browser."""
    return Profiles(browser)


@pytest_asyncio.fixture(loop_scope="session")
async def profile(profiles: Profiles, home: HomeAssistant) -> BrowserContext:
    """Return the profile for the house."""
    return await profiles.of(home.url)


@pytest_asyncio.fixture(loop_scope="session")
async def page(profile: BrowserContext, home: HomeAssistant, tmp_path: Path) -> AsyncIterator[Page]:
    """Open a window in which the user is logged in; what it showed last is kept."""
    async with window(profile, home.client) as page:
        yield page
        with suppress(Error):  # a picture that a busy machine does not draw in time is no failure
            await page.screenshot(path=tmp_path / "last.png")


@pytest.fixture
def panel(page: Page) -> Iterator[Panel]:
    """Return the panel of the user, in whose page nothing may go wrong unseen."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"{error} {error.stack}"))
    yield Panel(page)
    assert [error for error in errors if "/command_status_static/" in error] == []


@pytest.fixture
def camera(page: Page) -> Camera:
    """Return what takes the pictures of the docs, when that is asked for."""
    return Camera(page, ROOT / "docs" / "images", armed="COMMAND_STATUS_IMAGES" in os.environ)


@pytest_asyncio.fixture(loop_scope="session")
async def cloud(clouds: Mapping[str, Simulator]) -> Simulator:
    """Return the WLTE cloud; it answers at once, and does not wait for the device first."""
    await clouds["wlte"].configure(post_wait=0.0)
    return clouds["wlte"]


@pytest.fixture
def blink_cloud(clouds: Mapping[str, Simulator]) -> Simulator:
    """Return the Blink cloud, which sends codes."""
    return clouds["blink"]


@pytest.fixture
def esper_cloud(clouds: Mapping[str, Simulator]) -> Simulator:
    """Return the Esper cloud."""
    return clouds["esper"]


@pytest_asyncio.fixture(loop_scope="session")
async def account(cloud: Simulator, home: HomeAssistant) -> Account:
    """Add an account at the simulator, for tests that are not about how that is done.

    The next test begins with its removal; this one may have removed it itself.
    """
    return await Account.add(home, *wlte(cloud.url))
