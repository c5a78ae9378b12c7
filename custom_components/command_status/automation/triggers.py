"""Triggers: a command ended.

Those with a target watch our event entities, so that they can be had for a device, an area or a
label. The one without a target hears of every command of every account, and carries its record.
All of them outlive the account being loaded again.
"""

from asyncio import Task
from collections.abc import Mapping
from typing import Any, ClassVar, Final, cast, override

from homeassistant.components.event import ATTR_EVENT_TYPE, DOMAIN as EVENT_DOMAIN
from homeassistant.const import CONF_OPTIONS, CONF_STATE
from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, State, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.template import is_template_string
from homeassistant.helpers.trigger import (
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from ..account.records import EVENT_FIELDS
from ..const import SIGNAL_FINISHED
from ..tracking import FINAL, CommandState
from .ours import ours

CONF_CONFIG_ENTRY_ID: Final = "config_entry_id"
CONF_TAG: Final = "tag"

REMEMBERED: Final = 100
"""Announcements for which a trigger remembers that it has started.

All entities that cover a command report it in the same turn of the loop, so a few would do.
"""


def _no_template(text: str) -> str:
    """Return a text; raises Invalid for a template, which would be compared as it is written.

    Home Assistant tells triggers like this one no variables to render it with.
    """
    if is_template_string(text):
        raise vol.Invalid(
            "templates are not supported here; leave the option out, and compare trigger.command"
            " in a condition or in the actions"
        )
    return text


FINISHED_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(CONF_OPTIONS, default=dict): {
            vol.Optional(CONF_CONFIG_ENTRY_ID): vol.All(cv.string, _no_template),
            vol.Optional(CONF_STATE): vol.All(
                cv.ensure_list, [vol.In(sorted(state.value for state in FINAL))]
            ),
            vol.Optional(CONF_TAG): vol.All(cv.string, _no_template),
        },
    }
)


class EndedTrigger(StatelessEntityTriggerBase):
    """Start when one of our event entities reports one outcome."""

    _domain_specs: Mapping[str, DomainSpec] = {EVENT_DOMAIN: DomainSpec()}
    _outcome: ClassVar[CommandState]

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        return ours(self._hass, super().entity_filter(entities))

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        return bool(state.attributes.get(ATTR_EVENT_TYPE) == self._outcome)

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        return await super().async_attach_runner(_once_each(run_action), did_not_trigger)


def _once_each(run_action: TriggerActionRunner) -> TriggerActionRunner:
    """Run an action once for each announcement, however many entities report it."""
    started: dict[tuple[Any, Any], Task[Any]] = {}

    @callback
    def run(
        extra_trigger_payload: dict[str, Any], description: str, context: Context | None = None
    ) -> Task[Any]:
        told = extra_trigger_payload["to_state"].attributes
        announcement = (told.get("tracking_id"), told.get("late"))
        if announcement not in started:
            payload = extra_trigger_payload | {"command": _command(told)}
            started[announcement] = run_action(payload, description, context)
            if len(started) > REMEMBERED:
                del started[next(iter(started))]
        return started[announcement]

    return run


def _command(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event entity tells of a command, under the names that the record has.

    So one template serves all of our triggers.
    """
    return {name: told.get(name) for name in EVENT_FIELDS} | {"state": told[ATTR_EVENT_TYPE]}


def _ended_as(outcome: CommandState) -> type[Trigger]:
    """Make the trigger for one outcome."""

    class OutcomeTrigger(EndedTrigger):
        """Start on this outcome."""

        _outcome = outcome

    return OutcomeTrigger


class CommandFinishedTrigger(Trigger):
    """Start when any command ended; needs no entity."""

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        return cast("ConfigType", FINISHED_SCHEMA(config))

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Keep what commands are asked to have; a list of no states asks for nothing."""
        super().__init__(hass, config)
        options = config.options or {}
        self._entry_id: str | None = options.get(CONF_CONFIG_ENTRY_ID)
        self._states = frozenset(options.get(CONF_STATE) or FINAL)
        self._tag: str | None = options.get(CONF_TAG)

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        @callback
        def finished(record: dict[str, Any], context: Context | None) -> None:
            if self._asks_for(record):
                run_action(
                    {"command": record},
                    f"{record['command']} of {record['target_name']}: {record['state']}",
                    context,
                )

        return async_dispatcher_connect(self._hass, SIGNAL_FINISHED, finished)

    def _asks_for(self, record: Mapping[str, Any]) -> bool:
        """Return whether a command is one of those that are asked for."""
        return (
            record["state"] in self._states
            and self._entry_id in {None, record["config_entry_id"]}
            and self._tag in {None, record["tag"]}
        )


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "command_cancelled": _ended_as(CommandState.CANCELLED),
    "command_failed": _ended_as(CommandState.FAILURE),
    "command_finished": CommandFinishedTrigger,
    "command_lost": _ended_as(CommandState.LOST),
    "command_succeeded": _ended_as(CommandState.SUCCESS),
    "command_timed_out": _ended_as(CommandState.TIMEOUT),
}
