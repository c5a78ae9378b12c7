"""A real Home Assistant in this process: its core object, its registries and one account of ours.

The web interface and the integrations that a house would have are left out, because they would be
measured along with us. What is left is not replaced by anything: the loop, the executor, the
storage, the shared HTTP session and the entity platforms are Home Assistant's own.
"""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
import logging
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from homeassistant import loader
from homeassistant.auth import auth_manager_from_config
from homeassistant.bootstrap import async_load_base_functionality
from homeassistant.components.zeroconf.const import DATA_INSTANCE
from homeassistant.components.zeroconf.models import HaAsyncZeroconf, HaZeroconf
from homeassistant.config_entries import SOURCE_USER, ConfigEntries, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_bytes, prepare_save_json
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.setup import async_setup_component

from custom_components.command_status import providers
from custom_components.command_status.account.coordinator import CommandStatusCoordinator
from custom_components.command_status.const import CONF_CREDENTIALS, CONF_PROVIDER, DOMAIN
from custom_components.command_status.providers.base import ProviderDescription
from custom_components.command_status.tracking import Command, to_plain

ENTRY_ID: Final = "measured"


@asynccontextmanager
async def home(
    folder: Path, components: Mapping[str, Any] | None = None
) -> AsyncGenerator[HomeAssistant]:
    """Start Home Assistant with its configuration in a folder, and with some components."""
    logging.getLogger("homeassistant.loader").setLevel(logging.ERROR)  # custom components: us
    hass = HomeAssistant(str(folder))
    hass.config.skip_pip = True
    loader.async_setup(hass)
    hass.config_entries = ConfigEntries(hass, {})
    await loader.async_get_custom_components(hass)
    assert await async_load_base_functionality(hass)
    # Nobody logs in; but what we depend on to be looked at asks who might.
    hass.auth = await auth_manager_from_config(hass, [], [])
    # The shared HTTP session resolves names also over mDNS. Here that stays inside the machine.
    hass.data[DATA_INSTANCE] = HaAsyncZeroconf(zc=HaZeroconf(interfaces=["127.0.0.1"]))
    for component, config in (components or {}).items():
        assert await async_setup_component(hass, component, {component: config}), component
    await hass.async_start()
    try:
        yield hass
    finally:
        await hass.async_stop(force=True)
        await hass.data[DATA_INSTANCE].ha_async_close()


async def add_account(
    hass: HomeAssistant,
    description: ProviderDescription,
    credentials: Mapping[str, str],
    entry_id: str = ENTRY_ID,
) -> CommandStatusCoordinator:
    """Add an account of a provider, whose description may differ from the real one."""
    known: Any = providers.PROVIDERS
    known[description.key] = description
    entry: ConfigEntry[CommandStatusCoordinator] = ConfigEntry(
        version=1,
        minor_version=1,
        domain=DOMAIN,
        entry_id=entry_id,
        title="Measured",
        unique_id=entry_id,
        source=SOURCE_USER,
        data={CONF_PROVIDER: description.key, CONF_CREDENTIALS: dict(credentials)},
        options={},
        discovery_keys=MappingProxyType({}),
        subentries_data=None,
    )
    await hass.config_entries.async_add(entry)
    assert entry.state is ConfigEntryState.LOADED, entry.reason
    return entry.runtime_data


def write_journal(folder: Path, commands: Iterable[Command]) -> Path:
    """Write the journal of the account before it is loaded; returns where it is."""
    key = f"{DOMAIN}.{ENTRY_ID}"
    path = folder / STORAGE_DIR / key
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"commands": [to_plain(command) for command in commands]}
    document = {"version": 1, "minor_version": 1, "key": key, "data": data}
    _, content = prepare_save_json(document)
    assert isinstance(content, bytes)
    path.write_bytes(content)
    return path


def write_history(folder: Path, commands: Iterable[Command]) -> Path:
    """Write the history of the account before it is loaded; returns where it is."""
    path = folder / STORAGE_DIR / f"{DOMAIN}.{ENTRY_ID}.history"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [{"version": 1}, *map(to_plain, commands)]
    path.write_bytes(b"".join(json_bytes(line) + b"\n" for line in lines))
    return path
