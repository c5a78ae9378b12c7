"""The pictures of the docs."""

from pathlib import Path
from typing import Final

from playwright.async_api import Page

WITHOUT_POINTER: Final = (0, 0)


class Camera:
    """Takes pictures where it is armed; ordinary runs leave the docs as they are."""

    def __init__(self, page: Page, folder: Path, *, armed: bool) -> None:
        """Choose what to look at, and where pictures go."""
        self._page = page
        self._folder = folder
        self._armed = armed

    async def take(self, name: str) -> None:
        """Take a picture of the window as it is now."""
        if not self._armed:
            return
        self._folder.mkdir(exist_ok=True)
        await self._page.mouse.move(*WITHOUT_POINTER)
        await self._page.screenshot(
            path=self._folder / f"{name}.png", animations="disabled", caret="hide"
        )
