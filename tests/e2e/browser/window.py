"""A window of the browser in which somebody is logged in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from typing import Final

from playwright.async_api import Browser, Page

from stage import Client

PATIENCE: Final = 60_000
"""Milliseconds after which something that should be seen soon is given up."""


@asynccontextmanager
async def window(browser: Browser, client: Client) -> AsyncGenerator[Page]:
    """Open a window for a user."""
    # As after a long absence, so that the browser asks for a token of its own at once.
    tokens = json.dumps(client.browser_tokens | {"expires": 0})
    context = await browser.new_context(
        base_url=client.url,
        viewport={"width": 1280, "height": 720},
        locale="en-US",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    await context.add_init_script(f"localStorage.setItem('hassTokens', {json.dumps(tokens)})")
    yield await context.new_page()
    await context.close()
