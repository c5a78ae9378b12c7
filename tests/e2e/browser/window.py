"""A window of the browser in which somebody is logged in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from typing import Final

from playwright.async_api import Browser, BrowserContext, Page

from stage import Client

PATIENCE: Final = 60_000
"""Milliseconds after which something that should be seen soon is given up."""


async def make_profile(browser: Browser, url: str) -> BrowserContext:
    """Return a profile of the browser, which keeps for all its windows what it has loaded."""
    context = await browser.new_context(
        base_url=url,
        viewport={"width": 1280, "height": 720},
        locale="en-US",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    return context


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
