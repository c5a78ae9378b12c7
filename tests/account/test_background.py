"""Work in the background is seen to its end, or cut; nothing begins after the end."""

import asyncio

from homeassistant.core import HomeAssistant
import pytest

from custom_components.command_status.account.background import Background
from custom_components.command_status.account.mishaps import Mishaps


async def test_what_comes_after_the_end_never_begins(hass: HomeAssistant) -> None:
    """An account that is closed may still be asked for its list, and must not ask anybody."""
    begun: list[str] = []
    background = Background(hass, "list", Mishaps(), lambda: None)
    background.cut()

    async def work() -> None:
        begun.append("work")

    with pytest.raises(asyncio.CancelledError):
        await background.start(work())
    assert begun == []
    assert len(background) == 0
