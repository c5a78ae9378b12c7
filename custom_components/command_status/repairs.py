"""Repairs: what a user can do about an issue."""

from typing import Any

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from .account.coordinator import CommandStatusConfigEntry
from .account.issues import Issue
from .account.markdown import as_text
from .account.settings import CONF_COMMAND, CONF_TARGET


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the dialogue that belongs to an issue."""
    if data is not None and issue_id.startswith(Issue.TARGET_GONE):
        entry = hass.config_entries.async_get_entry(str(data["entry_id"]))
        subentry = None if entry is None else entry.subentries.get(str(data["subentry_id"]))
        if entry is not None and subentry is not None:
            return TargetGoneFlow(entry, subentry)
    return ConfirmRepairFlow()


class TargetGoneFlow(RepairsFlow):
    """Give a saved command another target, or remove it."""

    def __init__(self, entry: CommandStatusConfigEntry, subentry: ConfigSubentry) -> None:
        """Know which saved command it is about."""
        self._entry = entry
        self._subentry = subentry

    async def async_step_init(self, _: dict[str, str] | None = None) -> RepairsFlowResult:
        """Ask what to do; the targets of an account that is not loaded are not known."""
        loaded = self._entry.state is ConfigEntryState.LOADED
        return self.async_show_menu(
            step_id="init",
            menu_options=["replace", "remove"] if loaded else ["remove"],
            description_placeholders=self._words(),
        )

    async def async_step_replace(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask for another target, of those that know the command."""
        if user_input is not None:
            data = {**self._subentry.data, CONF_TARGET: user_input[CONF_TARGET]}
            self.hass.config_entries.async_update_subentry(self._entry, self._subentry, data=data)
            return self.async_create_entry(data={})
        if self._entry.state is not ConfigEntryState.LOADED:
            return await self.async_step_init()
        listing = self._entry.runtime_data.data
        options = [
            SelectOptionDict(value=target_id, label=target.name)
            for target_id, target in listing.targets.items()
            if listing.lists(target_id) and self._subentry.data[CONF_COMMAND] in target.commands
        ]
        selector = SelectSelector(
            SelectSelectorConfig(options=options, mode=SelectSelectorMode.DROPDOWN, sort=True)
        )
        return self.async_show_form(
            step_id="replace",
            data_schema=vol.Schema({vol.Required(CONF_TARGET): selector}),
            description_placeholders=self._words(),
        )

    async def async_step_remove(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Remove the saved command, once that is confirmed."""
        if user_input is not None:
            self.hass.config_entries.async_remove_subentry(self._entry, self._subentry.subentry_id)
            return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="remove",
            data_schema=vol.Schema({}),
            description_placeholders=self._words(),
        )

    def _words(self) -> dict[str, str]:
        """Return the words to fill into the texts."""
        return {"command": as_text(self._subentry.title), "account": as_text(self._entry.title)}
