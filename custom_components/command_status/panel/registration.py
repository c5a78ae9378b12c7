"""How Home Assistant's frontend learns of the panel and of the card."""

from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from homeassistant.components import frontend
from homeassistant.components.http import StaticPathConfig
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util.hass_dict import HassKey

from ..const import CONF_PANEL, DOMAIN

FILES: Final = Path(__file__).parent / "files"
STATIC: Final = f"/{DOMAIN}_static"
PANEL: Final = "command-status"
ICON: Final = "mdi:progress-check"

BUNDLE: HassKey[str] = HassKey(f"{DOMAIN}_bundle")
"""The version of the files, where the frontend is there to show them."""


async def async_set_up_frontend(hass: HomeAssistant) -> None:
    """Serve the files, offer the card, and show the panel where it is wanted.

    Once in each run: a path that is served cannot be taken back. A Home Assistant without a
    frontend is left alone.
    """
    if frontend.DOMAIN not in hass.config.components:
        return
    version = await hass.async_add_executor_job(bundle_version, FILES)
    hass.data[BUNDLE] = version
    await hass.http.async_register_static_paths(
        [StaticPathConfig(STATIC, str(FILES), cache_headers=True)]
    )
    frontend.add_extra_js_url(hass, f"{STATIC}/loader.js?v={version}")
    await async_update_panel(hass)

    async def speak_anew(_event: Event[Any]) -> None:
        await async_update_panel(hass)

    @callback
    def other_language(data: Any) -> bool:
        return "language" in data

    hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, speak_anew, event_filter=other_language)


async def async_update_panel(hass: HomeAssistant) -> None:
    """Show the panel while there is an enabled account and none says no; else take it away.

    Not when an account is loaded again: who looks at the panel then would be sent elsewhere.
    """
    version = hass.data.get(BUNDLE)
    if version is None:
        return
    entries = hass.config_entries.async_entries(DOMAIN, include_disabled=False)
    if not entries or not all(entry.options.get(CONF_PANEL, True) for entry in entries):
        frontend.async_remove_panel(hass, PANEL, warn_if_unknown=False)
        return
    language = hass.config.language
    texts = await async_get_translations(hass, language, "config_panel", [DOMAIN])
    title = texts[f"component.{DOMAIN}.config_panel.title"]
    known = hass.data.get(frontend.DATA_PANELS, {}).get(PANEL)
    if known is not None and known.sidebar_title == title:
        return
    module = {
        "name": "command-status-panel",
        "embed_iframe": False,
        "trust_external": False,
        "handle_safe_area": True,
        "module_url": f"{STATIC}/panel.js?v={version}",
    }
    frontend.async_register_built_in_panel(
        hass,
        component_name="custom",
        sidebar_title=title,
        sidebar_icon=ICON,
        frontend_url_path=PANEL,
        config={"_panel_custom": module},
        update=True,
    )


def bundle_version(folder: Path) -> str:
    """Return what changes whenever a file does; blocks."""
    content = sha256()
    for path in sorted(folder.iterdir()):
        content.update(path.name.encode())
        content.update(path.read_bytes())
    return content.hexdigest()[:8]
