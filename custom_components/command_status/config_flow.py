"""The door to the dialogues of an account: adding it, signing in again, changing it.

They are made from the table of providers: each step of a provider's sign-in becomes a step here,
and what a user types into it goes into one conversation with the provider, from the first form to
an account.
"""

from collections.abc import Mapping
from functools import partialmethod
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.core import callback
from homeassistant.helpers.translation import async_get_translations

from .account.descriptions import drafting_of
from .account.markdown import as_text
from .account.titles import distinct
from .const import (
    CONF_CREDENTIALS,
    CONF_PROVIDER,
    DOMAIN,
    SUBENTRY_API_COMMAND,
    SUBENTRY_COMMAND,
)
from .flows.api_command import ApiCommandFlow
from .flows.forms import as_schema, as_values
from .flows.options import CommandStatusOptionsFlow
from .flows.saved_command import SavedCommandFlow
from .flows.sign_in import Conversation
from .providers import PROVIDERS
from .providers.base import (
    OPENING,
    Account,
    Challenge,
    Field,
    Form,
    Menu,
    OpenForm,
    ProviderDescription,
)


class CommandStatusConfigFlow(ConfigFlow, domain=DOMAIN):
    """Add an account, sign in to it again, or change it."""

    VERSION = 1
    MINOR_VERSION = 1

    _conversation: Conversation | None = None
    _placeholders: Mapping[str, str] = {}
    """What the provider said when it asked for another step, such as where a code was sent."""
    _fields: tuple[Field, ...] = ()
    """What the open form asks for."""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        return CommandStatusOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        described = drafting_of(config_entry) is not None
        own = {SUBENTRY_API_COMMAND: ApiCommandFlow} if described else {}
        return {SUBENTRY_COMMAND: SavedCommandFlow, **own}

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which provider; its own first step comes next."""
        return self.async_show_menu(step_id="user", menu_options=sorted(PROVIDERS))

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:  # noqa: ARG002
        """Begin to sign in again, because the provider refuses the credentials."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say which account it is about."""
        entry = self._get_reauth_entry()
        if user_input is not None:
            return await self._async_first_step(entry)
        return self.async_show_form(
            step_id="reauth_confirm",
            description_placeholders={"account": as_text(entry.title)},
        )

    async def async_step_reconfigure(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> ConfigFlowResult:
        """Begin to change the credentials."""
        return await self._async_first_step(self._get_reconfigure_entry())

    @callback
    @override
    def async_remove(self) -> None:
        if self._conversation is not None:
            self.hass.async_create_task(self._conversation.close(), f"{DOMAIN} end of a sign-in")

    # The sign-in

    async def _async_first_step(self, entry: ConfigEntry) -> ConfigFlowResult:
        """Show the first step of the provider of an entry."""
        description = PROVIDERS[entry.data[CONF_PROVIDER]]
        return await self.async_sign_in_step(description, description.key)

    async def async_sign_in_step(
        self,
        description: ProviderDescription,
        step_id: str,
        user_input: dict[str, Any] | None = None,
    ) -> ConfigFlowResult:
        """Show a step of a provider's sign-in, or go on with what was typed into it."""
        step = description.steps[step_id]
        if isinstance(step, Menu) or (user_input is None and isinstance(step, Form)):
            return self._show_step(description, step_id, self._known_values())
        if self._conversation is None:
            self._conversation = Conversation(self.hass, description, self._known_values())
        values = OPENING if user_input is None else as_values(user_input)
        result = await self._conversation.submit(step_id, values)
        if isinstance(result, str):
            return self._show_step(description, step_id, values, {"base": result})
        if isinstance(result, Challenge):
            self._placeholders = {name: as_text(word) for name, word in result.placeholders.items()}
            self._fields = result.fields
            return self._show_step(description, result.step, self._known_values())
        return await self._async_finish(description, result)

    def _show_step(
        self,
        description: ProviderDescription,
        step_id: str,
        values: Mapping[str, Any],
        errors: dict[str, str] | None = None,
    ) -> ConfigFlowResult:
        """Show a step with these values in its fields."""
        step = description.steps[step_id]
        placeholders = {"portal_url": description.portal_url, **self._placeholders}
        if isinstance(step, Menu):
            return self.async_show_menu(
                step_id=step_id,
                menu_options=list(step.options),
                description_placeholders=placeholders,
            )
        return self.async_show_form(
            step_id=step_id,
            data_schema=as_schema(
                self._fields if isinstance(step, OpenForm) else step.fields, values
            ),
            errors=errors,
            description_placeholders=placeholders,
        )

    def _known_values(self) -> Mapping[str, Any]:
        """Return what need not be typed again; secrets among it are never shown."""
        if "entry_id" not in self.context:
            return {}
        entry = self.hass.config_entries.async_get_known_entry(self.context["entry_id"])
        credentials: Mapping[str, Any] = entry.data[CONF_CREDENTIALS]
        return credentials

    # What comes of it

    async def _async_finish(
        self, description: ProviderDescription, account: Account
    ) -> ConfigFlowResult:
        """Make or update the entry of an account."""
        data = {CONF_PROVIDER: description.key, CONF_CREDENTIALS: dict(account.credentials)}
        self._renew_ids(description)
        unique_id = _unique_id(description, account.id)
        await self.async_set_unique_id(unique_id, raise_on_progress=False)
        if self.source == SOURCE_REAUTH:
            self._abort_if_unique_id_mismatch(reason="wrong_account")
            return self._async_update(self._get_reauth_entry(), unique_id, data)
        if self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
            if not description.movable:
                self._abort_if_unique_id_mismatch(reason="wrong_account")
            if entry.unique_id != unique_id:
                self._abort_if_unique_id_configured()
            return self._async_update(entry, unique_id, data)
        self._abort_if_unique_id_configured()
        title = account.title or await self._async_title_of(description)
        taken = {entry.title for entry in self.hass.config_entries.async_entries(DOMAIN)}
        return self.async_create_entry(title=distinct(title, taken), data=data)

    @callback
    def _renew_ids(self, description: ProviderDescription) -> None:
        """Give entries of a former version the ids that their accounts have in this one."""
        if description.identify is None:
            return
        for entry in self.hass.config_entries.async_entries(DOMAIN):
            if entry.data.get(CONF_PROVIDER) == description.key:
                unique_id = _unique_id(
                    description, description.identify(entry.data[CONF_CREDENTIALS])
                )
                self.hass.config_entries.async_update_entry(entry, unique_id=unique_id)

    async def _async_title_of(self, description: ProviderDescription) -> str:
        """Return the name of an account that nobody has named, in the language of the house."""
        language = self.hass.config.language
        texts = await async_get_translations(self.hass, language, "config", {DOMAIN})
        return texts[f"component.{DOMAIN}.config.step.{description.key}.title"]

    def _async_update(
        self, entry: ConfigEntry, unique_id: str, data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Store new credentials and take them up, even if they are the old ones.

        Whoever is still asked to sign in again to this account need not do it any more.
        """
        for flow in list(entry.async_get_active_flows(self.hass, {SOURCE_REAUTH})):
            if flow["flow_id"] != self.flow_id:
                self.hass.config_entries.flow.async_abort(flow["flow_id"])
        result = self.async_update_and_abort(entry, unique_id=unique_id, data=data)
        if entry.state is ConfigEntryState.LOADED:
            sign_in = entry.runtime_data.adoption.async_sign_in()
            entry.async_create_task(self.hass, sign_in, f"{DOMAIN} sign-in")
        else:
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return result


def _unique_id(description: ProviderDescription, account_id: str) -> str:
    """Return the id of an entry: one provider's say nothing about those of another."""
    return f"{description.key}_{account_id}"


def add_sign_in_steps(
    flow: type[CommandStatusConfigFlow], description: ProviderDescription
) -> None:
    """Give a flow the steps of a provider's sign-in."""
    for step_id in description.steps:
        step = partialmethod(flow.async_sign_in_step, description, step_id)
        setattr(flow, f"async_step_{step_id}", step)


for _description in PROVIDERS.values():
    add_sign_in_steps(CommandStatusConfigFlow, _description)
