"""A window of the browser in which somebody is logged in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from typing import Final

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

from stage import Client

PATIENCE: Final = 60_000
"""Milliseconds after which something that should be seen soon is given up."""
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}


class Profiles:
    """A profile of the browser for each house, which keeps for all its windows what it has loaded.

    So Home Assistant's frontend is compiled once, not in each window.
    """

    def __init__(self, browser: Browser) -> None:
        """Have none yet."""
        self._browser = browser
        self._by_url: dict[str, BrowserContext] = {}

    async def of(self, url: str) -> BrowserContext:
        """Return the profile for the house at an address."""
        if url not in self._by_url:
            self._by_url[url] = await self._browser.new_context(
                base_url=url,
                viewport={"width": 1280, "height": 720},
                locale="en-US",
                reduced_motion="reduce",
            )
            self._by_url[url].set_default_timeout(PATIENCE)
            # Nobody looks at it: the process that has compiled everything ends with its last page.
            page = await self._by_url[url].new_page()
            await page.goto("/robots.txt")
        return self._by_url[url]


@asynccontextmanager
async def window(profile: BrowserContext, client: Client) -> AsyncGenerator[Page]:
    """Open a window for a user, to whom nothing is left of the one before."""
    await profile.clear_cookies()
    page = await profile.new_page()
    await page.goto("/robots.txt")
    # As after a long absence, so that the browser asks for a token of its own at once.
    tokens = json.dumps(client.browser_tokens | {"expires": 0})
    await page.evaluate(
        "tokens => { localStorage.clear(); localStorage.setItem('hassTokens', tokens) }", tokens
    )
    yield page
    await page.close()
