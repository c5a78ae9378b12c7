"""Browsers of an administrator, and of somebody who may see less."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from ..house import House
from .browser import Browser, Open


@pytest.fixture
async def open_browser(
    hass: HomeAssistant, house: House, hass_ws_client: WebSocketGenerator
) -> Open:
    """Return how to open a browser, of an administrator unless a token says otherwise."""

    async def open_(token: str | None = None) -> Browser:
        tokens = () if token is None else (token,)
        return Browser(house, await hass_ws_client(hass, *tokens))

    return open_


@pytest.fixture
async def browser(open_browser: Open) -> Browser:
    """Return the browser of an administrator."""
    return await open_browser()


@pytest.fixture
async def guest_browser(
    open_browser: Open, hass_read_only_user: MockUser, hass_read_only_access_token: str
) -> Browser:
    """Return the browser of a user who may read the entities of the garage, and no others."""
    readable = {"sensor.garage_last_command": {"read": True}}
    hass_read_only_user.mock_policy({"entities": {"entity_ids": readable}})
    return await open_browser(hass_read_only_access_token)
