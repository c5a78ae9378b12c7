"""Commands of an API that is described by forms: one subentry for each, made step by step.

The last step tries the command: it is saved as a draft, so that the account really knows it, and
sent like any other. A draft that is not kept in the end is taken back.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
import json
from types import MappingProxyType
from typing import Any, Final, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigEntryState,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.exceptions import HomeAssistantError
import voluptuous as vol

from ..account.coordinator import CommandStatusCoordinator
from ..account.descriptions import drafting_of
from ..account.markdown import as_text
from ..account.settings import Settings
from ..const import CONF_CREDENTIALS, SUBENTRY_API_COMMAND
from ..providers.base import Drafting, Field, FieldKind
from ..providers.errors import ProviderInputError
from ..providers.mistakes import DescriptionError, Mistake
from ..tracking import Command
from .forms import as_schema, as_typed

CONF_SEND: Final = "send"
CONF_VALUES: Final = "values"
TAG: Final = "try"
"""The tag of commands that were only tried."""
PATIENCE: Final = 30.0
"""Seconds for which the dialogue waits for an outcome; the command goes on after that."""
NONE: Final = "-"
SHOWN: Final = 4000
"""Characters of the requests and answers that are shown."""
TWICE: Final = "command_twice"
ERRORS: Final = frozenset({*map(str, Mistake), TWICE})
"""What can be wrong with what was typed; each has a text."""


class ApiCommandFlow(ConfigSubentryFlow):
    """Describe a command, or change what was described."""

    def __init__(self) -> None:
        """Begin with nothing typed."""
        self._typed: dict[str, Any] = {}
        self._seen: tuple[str, ...] = ()
        """Words of the API that were answered when the command was tried."""
        self._draft: ConfigSubentry | None = None
        self._before: Mapping[str, Any] | None = None
        """What the draft was before, where it is no new command."""
        self._kept = False
        self._report: dict[str, str] = {}

    # The steps that ask

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the name and the request of the command."""
        known = self._get_entry().get_subentries_of_type(SUBENTRY_API_COMMAND)
        if self._draft is None and len(list(known)) >= self._drafting.most:
            return self.async_abort(reason="too_many")
        return await self._async_ask("user", "identify", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show what was described."""
        self._draft = self._get_reconfigure_subentry()
        self._before = self._draft.data
        self._typed = dict(self._draft.data)
        return await self.async_step_user(user_input)

    async def async_step_identify(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask where the id of the command is."""
        return await self._async_ask("identify", "ask", user_input)

    async def async_step_ask(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask how to ask what became of it."""
        return await self._async_ask("ask", "words", user_input)

    async def async_step_words(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which word means which state."""
        return await self._async_ask("words", "more", user_input)

    async def async_step_more(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for what most commands do not need."""
        return await self._async_ask("more", "try", user_input)

    async def _async_ask(
        self, step: str, following: str, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        """Show the form of a step, or check what was typed and go on."""
        if self._get_entry().state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="entry_not_loaded")
        fields = self._drafting.steps(self._seen)[step]
        errors: dict[str, str] = {}
        told = {"detail": NONE, "where": NONE, **WORDS}
        if user_input is not None:
            names = {field.name for field in fields}
            kept = {name: value for name, value in self._typed.items() if name not in names}
            self._typed = kept | as_typed(fields, user_input)
            try:
                self._check(step)
            except DescriptionError as err:
                at = self._drafting.field_at(err.place)
                errors[at if at in names else "base"] = str(err.mistake)
                told |= {"detail": err.detail or NONE, "where": err.where or NONE}
            else:
                if self._is_taken(self._typed["command"]):
                    errors["command"] = TWICE
                else:
                    result: SubentryFlowResult = await getattr(self, f"async_step_{following}")()
                    return result
        return self.async_show_form(
            step_id=step,
            data_schema=as_schema(fields, self._typed),
            errors=errors,
            description_placeholders=_plain(told),
        )

    # The steps that try

    async def async_step_try(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask whether the command is to be sent now; without consent only show the request."""
        if user_input is None:
            return self._show_try({})
        parameters = user_input.get(CONF_VALUES, {})
        try:
            account = await self._async_drafted()
            (target, *_) = account.data.targets.values()
            order = account.provider.order([target], self._typed["command"], parameters)
        except ProviderInputError as err:
            return self._show_try({"base": err.text_key}, err.placeholders)
        self._report = {"request": _written(account.provider.preview(order)), **NOTHING_SENT}
        if user_input[CONF_SEND]:
            window = account.window_of(order.command)
            (tracking_id,) = await account.intake.async_send([order], window=window, tag=TAG)
            await self._async_follow(account, tracking_id)
        return await self.async_step_tried()

    async def async_step_tried(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002 - a menu has no fields
    ) -> SubentryFlowResult:
        """Show what was sent, answered and understood, and ask how to go on."""
        return self.async_show_menu(
            step_id="tried",
            menu_options=["save", "user", "try"],
            description_placeholders=self._report,
        )

    async def async_step_save(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002 - nothing is asked any more
    ) -> SubentryFlowResult:
        """Keep the draft."""
        await self._async_drafted()
        self._kept = True
        changed = self.source == SOURCE_RECONFIGURE
        return self.async_abort(reason="reconfigure_successful" if changed else "saved")

    @callback
    @override
    def async_remove(self) -> None:
        """Take back a draft that is not kept."""
        if self._kept or self._draft is None:
            return
        entry, entries = self._get_entry(), self.hass.config_entries
        if self._draft.subentry_id not in entry.subentries:
            return
        if self._before is None:
            entries.async_remove_subentry(entry, self._draft.subentry_id)
        else:
            before, name = self._before, self._before["command"]
            entries.async_update_subentry(entry, self._draft, data=before, title=name)

    # How it is done

    @property
    def _drafting(self) -> Drafting:
        drafting = drafting_of(self._get_entry())
        assert drafting is not None  # noqa: S101 - only such accounts have these subentries
        return drafting

    def _check(self, step: str) -> None:
        """Raise DescriptionError where what was typed up to a step makes no sense."""
        self._drafting.check(self._get_entry().data[CONF_CREDENTIALS], self._typed, step)

    def _is_taken(self, name: str) -> bool:
        """Return whether another command of the account has this name."""
        own = None if self._draft is None else self._draft.subentry_id
        return any(
            other.data["command"].casefold() == name.casefold()
            for other in self._get_entry().get_subentries_of_type(SUBENTRY_API_COMMAND)
            if other.subentry_id != own
        )

    def _show_try(
        self, errors: dict[str, str], told: Mapping[str, str] | None = None
    ) -> SubentryFlowResult:
        """Show the form that asks for consent, and for the parameters."""
        fields = [Field(name=CONF_SEND, kind=FieldKind.BOOLEAN, default=False)]
        if self._typed.get("parameters"):
            fields.append(Field(name=CONF_VALUES, kind=FieldKind.OBJECT, required=False))
        words = {"parameter": NONE, "accepted": NONE, **(told or {})}
        words |= {"command": self._typed["command"], "detail": words["parameter"]}
        return self.async_show_form(
            step_id="try",
            data_schema=vol.Schema(as_schema(fields, {}).schema),
            errors=errors,
            description_placeholders=_plain(words),
        )

    async def _async_drafted(self) -> CommandStatusCoordinator:
        """Return the account as it is loaded with the draft."""
        entry: ConfigEntry[CommandStatusCoordinator] = self._get_entry()
        entries, title = self.hass.config_entries, self._typed["command"]
        if self._draft is None:
            self._draft = ConfigSubentry(
                data=MappingProxyType(dict(self._typed)),
                subentry_type=SUBENTRY_API_COMMAND,
                title=title,
                unique_id=None,
            )
            entries.async_add_subentry(entry, self._draft)
        else:
            entries.async_update_subentry(entry, self._draft, data=self._typed, title=title)
        if entry.state is ConfigEntryState.LOADED:
            await entry.runtime_data.adoption.async_settings(Settings.from_entry(entry))
        async with entry.setup_lock:  # an account that makes no sense any more is loaded again
            if entry.state is not ConfigEntryState.LOADED:
                raise AbortFlow("entry_not_loaded")
            return entry.runtime_data

    async def _async_follow(self, account: CommandStatusCoordinator, tracking_id: str) -> None:
        """Wait for the outcome, for a while, and note what was heard."""
        seen: dict[str, None] = {}

        def ended(command: Command) -> bool:
            if command.provider_state is not None:
                seen[command.provider_state] = None
            return command.final

        with suppress(HomeAssistantError, TimeoutError):
            async with asyncio.timeout(PATIENCE):
                if not ended(_shown(account, tracking_id)):
                    await account.display.waiters.async_wait(tracking_id, ended)
        command = _shown(account, tracking_id)
        ended(command)
        self._seen = tuple(dict.fromkeys((*self._seen, *seen)))
        known = account.description.provider_states
        strange = [word for word in seen if word.strip().casefold() not in known]
        told = account.provider.transcript()
        self._report = {"request": _written(told)} | _plain(
            {
                "state": str(command.state),
                "reason": command.reason or NONE,
                "understood": ", ".join(word for word in seen if word not in strange) or NONE,
                "strange": ", ".join(strange) or NONE,
            }
        )


NOTHING_SENT: Final[Mapping[str, str]] = {
    "state": NONE,
    "reason": NONE,
    "understood": NONE,
    "strange": NONE,
}
"""What is told of a command that was not sent."""


WORDS: Final[Mapping[str, str]] = {
    "words": "${target}, ${parameter.x}, ${id}, ${tracking_id}, ${secret.token}, ${account.x}",
    "mark": "${tracking_id}",
}
"""Placeholders of requests, which a text of the dialogue cannot spell itself."""


def _shown(account: CommandStatusCoordinator, tracking_id: str) -> Command:
    """Return a command as it is shown; raises AbortFlow where somebody has forgotten it."""
    command = account.tracker.get(tracking_id)
    if command is None:
        raise AbortFlow("forgotten")
    return account.display.shown(command)


def _plain(told: Mapping[str, str]) -> dict[str, str]:
    """Return foreign words as they may stand in markdown."""
    return {name: as_text(word) for name, word in told.items()}


def _written(told: Any) -> str:
    """Return data as it is shown in a block of code, which nothing in it can end."""
    return json.dumps(told, indent=2, ensure_ascii=False)[:SHOWN].replace("`", "\u02cb")
