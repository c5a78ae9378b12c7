"""Who asked for a command, as the context of the call tells."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

RUNS: Final = ("automation_triggered", "script_started")
"""The events with which automations and scripts begin; what they do carries the same context."""

VOICES: Final = "assist_satellite"
"""The domain of entities that are spoken to; what they bring about carries their context."""

REMEMBERED: Final = 1000
"""Runs that are remembered; a command comes soon after its run began."""

ENTITIES: HassKey[dict[str, str]] = HassKey(f"{DOMAIN}_runs")


@callback
def async_listen_to_runs(hass: HomeAssistant) -> None:
    """Remember what begins to run, from now on."""
    runs = hass.data[ENTITIES] = {}

    @callback
    def remember(event: Event[Mapping[str, Any]]) -> None:
        # A script that an automation calls shares its context: who came first asked for it all.
        runs.setdefault(event.context.id, event.data["entity_id"])
        if len(runs) > REMEMBERED:
            del runs[next(iter(runs))]

    for run in RUNS:
        hass.bus.async_listen(run, remember)


class Asked(NamedTuple):
    """What a command remembers of who asked for it."""

    user_id: str | None = None
    source: str | None = None
    """The entity id of an automation or a script, or `voice`, or `user`."""


@callback
def asked_by(hass: HomeAssistant, context: Context | None) -> Asked:
    """Return who asked for a command, as far as its context tells."""
    if context is None:
        return Asked()
    return Asked(context.user_id, _source(hass, context))


def _source(hass: HomeAssistant, context: Context) -> str | None:
    if (running := hass.data.get(ENTITIES, {}).get(context.id)) is not None:
        return running
    if any(state.context.id == context.id for state in hass.states.async_all(VOICES)):
        return "voice"
    return None if context.user_id is None else "user"
