"""The frontend learns of panel and card, and of nothing that it need not."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.components import frontend
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.command_status.const import CONF_PANEL
from custom_components.command_status.panel.registration import (
    FILES,
    PANEL,
    STATIC,
    bundle_version,
)

from ..house import House


@pytest.fixture
def _with_frontend(hass: HomeAssistant) -> Iterator[None]:
    """Let Home Assistant have a frontend, without the files that only a real one has."""
    hass.config.components.add("frontend")
    hass.data[frontend.DATA_EXTRA_MODULE_URL] = frontend.UrlManager(lambda *_: None, [])
    with patch.object(hass.config.components, "remove", create=True):
        yield


@pytest.fixture
async def house(_with_frontend: None, house_in_planning: House) -> House:
    """Return a Home Assistant with a frontend and a loaded account."""
    await house_in_planning.load()
    return house_in_planning


def panel(hass: HomeAssistant) -> Any:
    """Return our panel, where there is one."""
    return hass.data.get(frontend.DATA_PANELS, {}).get(PANEL)


async def test_the_panel_is_in_the_sidebar_of_everybody(hass: HomeAssistant, house: House) -> None:
    """With an address that changes with its content, so that no browser shows an old one."""
    shown = panel(hass)
    assert (shown.sidebar_title, shown.require_admin) == ("Commands", False)
    assert house.entry.state.recoverable
    address = shown.config["_panel_custom"]["module_url"]
    assert address == f"{STATIC}/panel.js?v={bundle_version(FILES)}"


async def test_the_card_is_there_without_a_resource(hass: HomeAssistant, house: House) -> None:
    """On every page, so what is loaded there is tiny."""
    (address,) = hass.data[frontend.DATA_EXTRA_MODULE_URL].urls
    assert address.startswith(f"{STATIC}/loader.js?v=")
    assert (FILES / "loader.js").stat().st_size < 200
    assert house.entry.state.recoverable


async def test_the_files_are_served(
    hass: HomeAssistant, house: House, hass_client_no_auth: Callable[..., Any]
) -> None:
    """For as long as a browser likes to keep them."""
    client = await hass_client_no_auth()
    answer = await client.get(panel(hass).config["_panel_custom"]["module_url"])
    assert answer.status == 200
    assert "max-age" in answer.headers["Cache-Control"]
    assert house.entry.state.recoverable


async def test_a_reload_does_not_take_the_panel_away(hass: HomeAssistant, house: House) -> None:
    """Who looks at it would be sent elsewhere."""
    seen: list[Any] = []
    hass.bus.async_listen("panels_updated", seen.append)
    await house.reload()
    assert panel(hass) is not None
    assert seen == []


async def test_the_panel_goes_with_the_last_enabled_account(
    hass: HomeAssistant, house: House
) -> None:
    """And comes back with it."""
    entries = hass.config_entries
    await entries.async_set_disabled_by(house.entry.entry_id, ConfigEntryDisabler.USER)
    assert panel(hass) is None
    await entries.async_set_disabled_by(house.entry.entry_id, None)
    await house.settle()
    assert panel(hass) is not None
    await entries.async_remove(house.entry.entry_id)
    assert panel(hass) is None


async def test_accounts_share_one_panel(
    hass: HomeAssistant, house: House, make_entry: Callable[..., MockConfigEntry]
) -> None:
    """It stays while one is left."""
    other = make_entry("other-account")
    await hass.config_entries.async_setup(other.entry_id)
    await hass.config_entries.async_remove(house.entry.entry_id)
    assert panel(hass) is not None
    await hass.config_entries.async_remove(other.entry_id)
    assert panel(hass) is None


async def test_one_account_that_says_no_hides_it(hass: HomeAssistant, house: House) -> None:
    """Without being loaded again for that; the card stays."""
    hass.config_entries.async_update_entry(house.entry, options={CONF_PANEL: False})
    await house.settle()
    assert panel(hass) is None
    assert hass.data[frontend.DATA_EXTRA_MODULE_URL].urls
    hass.config_entries.async_update_entry(house.entry, options={CONF_PANEL: True})
    await house.settle()
    assert panel(hass) is not None
    assert house.cloud.counts["devices"] == 1


async def test_the_title_follows_the_language(hass: HomeAssistant, house: House) -> None:
    """Also while Home Assistant runs."""
    await hass.config.async_update(language="de")
    await house.settle()
    assert panel(hass).sidebar_title == "Befehle"
    await hass.config.async_update(country="DE")
    assert panel(hass).sidebar_title == "Befehle"


async def test_without_a_frontend_there_is_no_panel(
    hass: HomeAssistant, house_in_planning: House
) -> None:
    """Some run Home Assistant without one."""
    await house_in_planning.load()
    assert panel(hass) is None


def test_every_change_of_a_file_makes_another_version(tmp_path: Path) -> None:
    """Of the name, too."""
    (tmp_path / "a.js").write_text("1")
    first = bundle_version(tmp_path)
    (tmp_path / "a.js").write_text("2")
    second = bundle_version(tmp_path)
    (tmp_path / "a.js").rename(tmp_path / "b.js")
    assert len({first, second, bundle_version(tmp_path)}) == 3
