"""The options of an account."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult, OptionsFlow
from homeassistant.exceptions import ConfigEntryError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
import voluptuous as vol

from ..account.coordinator import CommandStatusConfigEntry
from ..account.descriptions import CONF_DESCRIPTION, async_describe, drafting_of, shared
from ..account.sizes import require_window
from ..const import (
    CONF_DEVICES,
    CONF_ENTITIES,
    CONF_KEEP_FINISHED,
    CONF_PANEL,
    CONF_TIMEOUT,
    DEFAULT_KEEP_DAYS,
    MAX_KEEP_DAYS,
)
from .forms import as_duration, as_seconds, duration_box, number_box


class CommandStatusOptionsFlow(OptionsFlow):
    """Change what may be chosen for an account; its update listener takes that up."""

    config_entry: CommandStatusConfigEntry

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options; an account that is described by forms can be exported, too."""
        if user_input is None and drafting_of(self.config_entry) is not None:
            return self.async_show_menu(step_id="init", menu_options=["settings", "export"])
        return await self._async_options("init", user_input)

    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the options behind the menu."""
        return await self._async_options("settings", user_input)

    async def async_step_export(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show the description of the account as a file to copy."""
        if user_input is not None:
            return self.async_create_entry(data=self.config_entry.options)
        text = shared(self.config_entry)
        field = vol.Optional(CONF_DESCRIPTION, description={"suggested_value": text})
        lines = TextSelector(TextSelectorConfig(multiline=True))
        return self.async_show_form(step_id="export", data_schema=vol.Schema({field: lines}))

    async def _async_options(
        self, step: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Ask for the options."""
        errors: dict[str, str] = {}
        if user_input is not None:
            values = self._as_options(user_input)
            try:
                require_window(values[CONF_TIMEOUT])
            except ServiceValidationError:
                errors[CONF_TIMEOUT] = "timeout_range"
            else:
                return self.async_create_entry(data=values)
        try:
            description = await async_describe(self.hass, self.config_entry)
        except ConfigEntryError:
            return self.async_abort(reason="no_description")
        options = self.config_entry.options
        window = options.get(CONF_TIMEOUT, int(description.policy.window))
        keep = options.get(CONF_KEEP_FINISHED, DEFAULT_KEEP_DAYS)
        schema: dict[vol.Marker, Any] = {
            vol.Required(CONF_TIMEOUT, default=as_duration(window)): duration_box(),
            vol.Required(CONF_KEEP_FINISHED, default=keep): _whole(1, MAX_KEEP_DAYS, "d"),
        }
        schema[vol.Required(CONF_PANEL, default=options.get(CONF_PANEL, True))] = BooleanSelector()
        if description.is_house:
            schema[vol.Optional(CONF_ENTITIES, default=self._entity_ids())] = EntitySelector(
                EntitySelectorConfig(multiple=True)
            )
        elif description.chosen_devices:
            chosen = options.get(CONF_DEVICES, [])
            schema[vol.Required(CONF_DEVICES, default=chosen)] = self._devices(chosen)
        return self.async_show_form(step_id=step, data_schema=vol.Schema(schema), errors=errors)

    def _as_options(self, user_input: dict[str, Any]) -> dict[str, Any]:
        """Return what is stored: seconds, and entities by the ids that no new name changes."""
        values = {**user_input, CONF_TIMEOUT: as_seconds(user_input[CONF_TIMEOUT])}
        if CONF_ENTITIES not in values:
            return values
        entities = er.async_get(self.hass)
        chosen = [
            entity_id if (entry := entities.async_get(entity_id)) is None else entry.id
            for entity_id in user_input[CONF_ENTITIES]
        ]
        return {**values, CONF_ENTITIES: chosen}

    def _entity_ids(self) -> list[str]:
        """Return the chosen entities by the ids that they have now."""
        entities = er.async_get(self.hass)
        chosen = self.config_entry.options.get(CONF_ENTITIES, [])
        found = [er.async_resolve_entity_id(entities, entity) for entity in chosen]
        return [entity_id for entity_id in found if entity_id is not None]

    def _devices(self, chosen: list[str]) -> SelectSelector:
        """Return a choice of the devices that are listed, and of those that were chosen before."""
        names = {device: device for device in chosen}
        if self.config_entry.state is ConfigEntryState.LOADED:
            targets = self.config_entry.runtime_data.data.targets
            names |= {target.device: target.device_name for target in targets.values()}
        return SelectSelector(
            SelectSelectorConfig(
                options=[SelectOptionDict(value=key, label=name) for key, name in names.items()],
                multiple=True,
                mode=SelectSelectorMode.DROPDOWN,
                sort=True,
            )
        )


def _whole(minimum: float, maximum: float, unit: str) -> vol.All[Any]:
    """Return a field for a whole number."""
    return vol.All(number_box(minimum, maximum, unit), vol.Coerce(int))
