"""Saved commands: one command to one target, ready to be sent by a button.

A saved command is a subentry of its account. The dialogue asks for the target, then for a command
that this target knows, then for the parameters of that command; it starts from what was saved when
it is used again to change it.
"""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntryState,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.selector import (
    EntitySelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..account.command_words import async_in_words
from ..account.coordinator import CommandStatusCoordinator
from ..account.expecting import ATTR_EXPECT
from ..account.markdown import as_text
from ..account.settings import CONF_COMMAND, CONF_EXPECT, CONF_PARAMETERS, CONF_TARGET, Saved
from ..account.sizes import require_sizes, require_window
from ..const import CONF_TIMEOUT
from ..providers.base import Order, Target
from ..providers.errors import ProviderInputError
from .expect import (
    expect_fields,
    known_expectation,
    shown_expectation,
    typed_expectation,
)
from .forms import UNDECIDED, as_duration, as_schema, as_seconds, as_typed, duration_box

CONF_TITLE: Final = "title"


class SavedCommandFlow(ConfigSubentryFlow):
    """Save a command, or change a saved one."""

    _target: Target
    _command: str
    _before: dict[str, Any]
    """What was saved before; empty for a new one."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the target."""
        self._before = {}
        return await self._async_step_target("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the target again."""
        self._before = dict(self._get_reconfigure_subentry().data)
        return await self._async_step_target("reconfigure", user_input)

    async def async_step_command(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for one of the commands that the target knows."""
        description = self._coordinator.description
        errors: dict[str, str] = {}
        command = ""
        if user_input is not None:
            command = self._spelled(user_input[CONF_COMMAND])
            if command.casefold() not in map(str.casefold, description.confirm):
                self._command = command
                return await self.async_step_parameters()
            errors[CONF_COMMAND] = "confirm_required"
        commands = [c for c in self._target.commands if c not in description.confirm]
        before = self._before.get(CONF_COMMAND)
        known = before in commands or description.free_commands
        config = SelectSelectorConfig(
            options=commands,
            custom_value=description.free_commands,
            mode=SelectSelectorMode.DROPDOWN,
        )
        if description.named_commands:
            # The names are in the user's language, and their keys must be in lower case.
            config["options"] = [command.lower() for command in commands]
            config["translation_key"] = CONF_COMMAND
            config["sort"] = True
            before = before and before.lower()
        chosen = _choice(CONF_COMMAND, before if known else None)
        return self.async_show_form(
            step_id="command",
            data_schema=vol.Schema({chosen: SelectSelector(config)}),
            errors=errors,
            description_placeholders={
                "target": as_text(self._target.name),
                "command": as_text(command),
            },
        )

    async def async_step_parameters(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the parameters of the command, the wait window and a title."""
        fields = self._coordinator.provider.parameters(self._target, self._command)
        errors: dict[str, str] = {}
        command = await async_in_words(self.hass, self._coordinator.description, self._command)
        placeholders = {"target": as_text(self._target.name), "command": as_text(command)}
        parameters: dict[str, Any] = dict(self._before.get(CONF_PARAMETERS, {}))
        if user_input is not None:
            parameters = as_typed(fields, user_input)
            try:
                require_sizes({CONF_TITLE: user_input[CONF_TITLE], CONF_PARAMETERS: parameters})
                require_window(as_seconds(user_input[CONF_TIMEOUT]))
                order = self._coordinator.provider.order([self._target], self._command, parameters)
                expect = typed_expectation(
                    self._coordinator.house, user_input.get(ATTR_EXPECT, {}), self._known()
                )
            except ProviderInputError as err:
                wrong = err.placeholders.get("parameter")
                at = wrong if wrong in {field.name for field in fields} else None
                errors[at or "base"] = err.text_key
                placeholders |= _as_texts(err.placeholders)
            except ServiceValidationError as err:
                errors["base"] = err.translation_key or "unknown"
                placeholders |= _as_texts(err.translation_placeholders or {})
            else:
                return self._finish(order, parameters, user_input, expect)
        return self.async_show_form(
            step_id="parameters",
            data_schema=as_schema(fields, parameters)
            .extend(self._common_fields(f"{self._target.name}: {command}"))
            .extend(expect_fields(self._expectation(user_input))),
            errors=errors,
            description_placeholders=placeholders,
        )

    @property
    def _coordinator(self) -> CommandStatusCoordinator:
        coordinator: CommandStatusCoordinator = self._get_entry().runtime_data
        return coordinator

    async def _async_step_target(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        """Ask for a target that the provider lists."""
        if self._get_entry().state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="entry_not_loaded")
        if self._coordinator.description.is_house:
            return await self._async_step_entity(step_id, user_input)
        listing = self._coordinator.data
        if user_input is not None:
            self._target = listing.targets[user_input[CONF_TARGET]]
            return await self.async_step_command()
        options = [
            SelectOptionDict(value=target_id, label=target.name)
            for target_id, target in listing.targets.items()
            if listing.lists(target_id)
        ]
        selector = SelectSelector(
            SelectSelectorConfig(options=options, mode=SelectSelectorMode.DROPDOWN, sort=True)
        )
        before = self._before.get(CONF_TARGET)
        known = before is not None and listing.lists(before)
        chosen = _choice(CONF_TARGET, before if known else None)
        return self.async_show_form(
            step_id=step_id,
            data_schema=vol.Schema({chosen: selector}),
        )

    async def _async_step_entity(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        """Ask for an entity of the house."""
        coordinator = self._coordinator
        errors: dict[str, str] = {}
        if user_input is not None:
            target = coordinator.target(user_input[CONF_TARGET])
            if target is not None and target.commands:
                self._target = target
                return await self.async_step_command()
            errors["base"] = "no_commands"
        before = self._before.get(CONF_TARGET)
        entity_id = None if before is None else coordinator.house.entity_id(before)
        schema = vol.Schema({_choice(CONF_TARGET, entity_id): EntitySelector()})
        return self.async_show_form(step_id=step_id, data_schema=schema, errors=errors)

    def _spelled(self, command: str) -> str:
        """Return a command as its target spells it."""
        offered = {offer.lower(): offer for offer in self._target.commands}
        return offered.get(command.strip().lower(), command.strip())

    def _common_fields(self, title: str) -> dict[vol.Marker, Any]:
        """Return the fields that every command has; the title is proposed for another one."""
        usual = self._coordinator.window_of(self._command)
        window = self._before.get(CONF_TIMEOUT, usual)
        if self.source == SOURCE_RECONFIGURE and self._is_unchanged():
            title = self._get_reconfigure_subentry().title
        return {
            vol.Required(CONF_TIMEOUT, default=as_duration(window)): duration_box(),
            vol.Required(CONF_TITLE, default=title): TextSelector(),
        }

    def _known(self) -> dict[str, Any]:
        """Return what the provider expects of the command, as far as it can be shown."""
        try:
            order = self._coordinator.provider.order([self._target], self._command, {})
        except ProviderInputError:
            return {}
        return known_expectation(self._coordinator.house, order)

    def _expectation(self, user_input: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Return what is expected as it was typed, or saved, or is known."""
        if user_input is not None:
            typed: Mapping[str, Any] = user_input.get(ATTR_EXPECT, {})
            return typed
        before = self._before.get(CONF_EXPECT) if self._is_unchanged() else None
        return shown_expectation(self._coordinator.house, before) or self._known()

    def _is_unchanged(self) -> bool:
        """Return whether target and command are those that were saved before."""
        before = (self._before.get(CONF_TARGET), self._before.get(CONF_COMMAND))
        return before == (self._target.id, self._command)

    def _finish(
        self,
        order: Order,
        parameters: dict[str, Any],
        user_input: dict[str, Any],
        expect: dict[str, Any] | None,
    ) -> SubentryFlowResult:
        """Save the command."""
        saved = Saved(
            target=order.target.id,
            command=order.command,
            parameters=parameters,
            window=as_seconds(user_input[CONF_TIMEOUT]),
            expect=expect,
        )
        title = user_input[CONF_TITLE]
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=title,
                data=saved.to_plain(),
            )
        return self.async_create_entry(title=title, data=saved.to_plain())


def _as_texts(words: Mapping[str, str]) -> dict[str, str]:
    """Return words for a text, which stay words."""
    return {name: as_text(word) for name, word in words.items()}


def _choice(name: str, value: str | None) -> vol.Required:
    """Return the name of a field with what was chosen before; None: nothing is chosen."""
    if value is None:
        return vol.Required(name, description=UNDECIDED)
    return vol.Required(name, default=value)
