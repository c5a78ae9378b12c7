"""Command Status: every command to a cloud is followed to its end."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP, Platform
from homeassistant.core import Event, HassJob, HomeAssistant, callback
from homeassistant.exceptions import (
    ConfigEntryError,
    HomeAssistantError,
    UnsupportedStorageVersionError,
)
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.typing import ConfigType

from .account.asked import async_listen_to_runs
from .account.clock import Clock
from .account.connecting import async_connect
from .account.coordinator import CommandStatusConfigEntry, CommandStatusCoordinator
from .account.descriptions import async_describe, async_read_own_descriptions
from .account.devices import is_in_use, register_account, remove_unchosen
from .account.issues import Issue, async_clear, async_clear_all, async_clear_gone, async_raise
from .account.sentences import async_load_sentences
from .account.settings import Settings
from .account.waiters import forget_waiters, waiters_of
from .actions.registration import async_register_actions
from .const import DOMAIN, SIGNAL_ACCOUNT
from .house import HomeAssistantHouse
from .panel.registration import async_set_up_frontend, async_update_panel
from .storage.leftovers import async_remove_leftovers
from .storage.store import AccountStore, Memory
from .websocket import async_register_commands

PLATFORMS = [Platform.BINARY_SENSOR, Platform.BUTTON, Platform.EVENT, Platform.SENSOR]

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register what exists whether or not an account is loaded."""
    async_register_actions(hass)
    async_register_commands(hass)
    async_listen_to_runs(hass)
    await async_load_sentences(hass)
    await async_set_up_frontend(hass)

    def existing() -> set[str]:
        return {entry.entry_id for entry in hass.config_entries.async_entries(DOMAIN)}

    await async_remove_leftovers(hass, existing)
    async_clear_gone(hass, existing())
    await async_read_own_descriptions(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: CommandStatusConfigEntry) -> bool:
    """Load an account from its own records; the provider need not answer for that."""
    description = await async_describe(hass, entry)
    store = AccountStore(hass, entry.entry_id)
    memory = await _async_remember(hass, entry, store)
    clock = Clock()
    house = HomeAssistantHouse(hass)
    provider = await async_connect(hass, entry, description, store, clock, house)
    coordinator = CommandStatusCoordinator(
        hass, entry, description, provider, house, store, Settings.from_entry(entry), clock
    )
    await coordinator.async_restore(memory)
    await coordinator.async_load_targets()
    entry.runtime_data = coordinator

    async def bring() -> None:
        """Give devices and entities to what has none yet, that of targets first."""
        await coordinator.arrivals.async_bring()
        coordinator.saved.bring(Settings.from_entry(entry).saved)

    @callback
    def list_changed() -> None:
        """Show what is new in the list."""
        entry.async_create_background_task(hass, bring(), f"{DOMAIN} arrivals")

    async def stopping(_event: Event | None = None) -> None:
        await coordinator.async_stopping()

    _register_devices(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    await bring()
    entry.async_on_unload(coordinator.async_add_listener(list_changed))
    # Requests in the background are cut before the event, so the job comes first; but jobs are
    # given up after a while, and then the event is the last chance.
    entry.async_on_unload(hass.async_add_shutdown_job(HassJob(stopping)))
    entry.async_on_unload(hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, stopping))
    entry.async_on_unload(entry.add_update_listener(_async_entry_updated))
    coordinator.async_start()
    await _async_account_changed(hass, entry)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: CommandStatusConfigEntry) -> bool:
    """Let what is being sent finish, and unload the account."""
    await entry.runtime_data.async_close()
    if entry.disabled_by is not None:
        waiters_of(hass, entry.entry_id).end("gone")
        await _async_account_changed(hass, entry)
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: CommandStatusConfigEntry) -> None:
    """Delete everything that an account has left on disk."""
    forget_waiters(hass, entry.entry_id)
    await AccountStore(hass, entry.entry_id).async_remove()
    async_clear_all(hass, entry.entry_id)
    await _async_account_changed(hass, entry)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: CommandStatusConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Let users delete a device that stands for nothing any more, and do not bring it back."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    coordinator = entry.runtime_data
    if is_in_use(entry, coordinator.data, coordinator.shown_targets.values(), device):
        return False
    for _, identifier in device.identifiers:
        await coordinator.async_forget_missing(identifier.removeprefix(f"{entry.entry_id}_"))
    return True


async def _async_account_changed(hass: HomeAssistant, entry: CommandStatusConfigEntry) -> None:
    """Show in browsers that an account has come or gone."""
    async_dispatcher_send(hass, SIGNAL_ACCOUNT, entry.entry_id)
    await async_update_panel(hass)


async def _async_remember(
    hass: HomeAssistant, entry: CommandStatusConfigEntry, store: AccountStore
) -> Memory:
    """Return what the account remembers; what is damaged is set aside, and said."""
    try:
        memory = await store.async_load()
    except UnsupportedStorageVersionError as err:
        raise ConfigEntryError(translation_domain=DOMAIN, translation_key="newer_journal") from err
    except (HomeAssistantError, OSError) as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="journal_unreadable",
            translation_placeholders={"error": str(err)},
        ) from err
    if memory.damaged:
        files = ", ".join(memory.damaged)
        async_raise(hass, entry, Issue.JOURNAL_DAMAGED, placeholders={"files": files})
    return memory


def _register_devices(hass: HomeAssistant, entry: CommandStatusConfigEntry) -> None:
    """Register the device of the account, and let go of what is chosen no longer."""
    coordinator = entry.runtime_data
    register_account(hass, entry, coordinator.description)
    if coordinator.description.is_house:
        remove_unchosen(hass, entry, coordinator.settings.devices)


async def _async_entry_updated(hass: HomeAssistant, entry: CommandStatusConfigEntry) -> None:
    """Go by new options, saved commands and described ones."""
    coordinator = entry.runtime_data
    before, after = coordinator.settings, Settings.from_entry(entry)
    for subentry in before.saved:
        if subentry.subentry_id not in entry.subentries:
            async_clear(hass, entry.entry_id, Issue.TARGET_GONE, about=subentry.subentry_id)
    await async_update_panel(hass)
    if before != after:
        await coordinator.adoption.async_settings(after)
