"""Automations as users write them, and the evidence of what they did."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

STORED_TRACES: Final = 100
"""Runs that Home Assistant keeps for each automation, so that all of a test's are there."""

NOTICE: Final[Mapping[str, Any]] = {
    "action": "persistent_notification.create",
    "data": {
        "notification_id": "{{ this.entity_id }}",
        "title": "{{ this.attributes.friendly_name }}",
        "message": """{% set told = trigger.command if trigger.command is defined
              else trigger.event.data if trigger.event is defined
              else trigger.to_state.attributes -%}
            {{ told.message or trigger.to_state.name }}""",
    },
}
"""What our automations do: the user finds the newest sentence among the notifications."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One run of an automation, as its trace tells."""

    started: str
    trigger: Mapping[str, Any]
    """The variable `trigger` as the automation's templates saw it."""
    context: Mapping[str, Any]

    @classmethod
    def from_trace(cls, trace: Mapping[str, Any]) -> Self:
        """Take out of a whole trace what is of interest."""
        return cls(
            started=trace["timestamp"]["start"],
            trigger=_trigger(trace["trace"]),
            context=trace["context"],
        )

    @property
    def told(self) -> Mapping[str, Any]:
        """What the trigger told about a command, whichever kind of trigger it was."""
        trigger = self.trigger
        return (
            trigger.get("command")
            or (trigger.get("event") or {}).get("data")
            or (trigger.get("to_state") or {}).get("attributes")
            or {}
        )

    @property
    def state(self) -> str:
        """The state that the trigger told, whichever kind of trigger it was."""
        entity = self.trigger.get("to_state") or {}
        return str(self.told.get("state") or self.told.get("event_type") or entity.get("state"))

    @property
    def tracking_id(self) -> str | None:
        """The command that the automation ran for."""
        return self.told.get("tracking_id")


def _trigger(steps: Mapping[str, Iterable[Mapping[str, Any]]]) -> Mapping[str, Any]:
    """Find the variable `trigger` among those that the steps of a trace changed."""
    for elements in steps.values():
        for element in elements:
            if found := element.get("changed_variables", {}).get("trigger"):
                return dict(found)
    return {}


def automation(
    *triggers: Mapping[str, Any],
    conditions: Sequence[str | Mapping[str, Any]] = (),
    actions: Sequence[Mapping[str, Any]] = (NOTICE,),
) -> dict[str, Any]:
    """Return an automation; without more words it tells the user what started it."""
    return {
        "mode": "queued",
        "max": STORED_TRACES,
        "trace": {"stored_traces": STORED_TRACES},
        "triggers": list(triggers),
        "conditions": list(conditions),
        "actions": list(actions),
    }


def on_event(entity_ids: str | list[str], *event_types: str) -> dict[str, Any]:
    """Return the built-in trigger of event entities: an event of one of these types."""
    return {
        "trigger": "event.received",
        "target": {"entity_id": entity_ids},
        "options": {"event_type": list(event_types)},
    }


def on_state(entity_ids: str | list[str], *states: str) -> dict[str, Any]:
    """Return the classic state trigger: a change to one of these words, or to any but no word."""
    to = {"to": list(states)} if states else {"not_to": ["unavailable", "unknown"]}
    # Entities come back with what they showed before, when their account is loaded again.
    return {
        "trigger": "state",
        "entity_id": entity_ids,
        "not_from": ["unavailable"],
        **to,
    }


def on_outcome(key: str, entity_ids: str | list[str]) -> dict[str, Any]:
    """Return the trigger of our own for one outcome, such as `command_failed`."""
    return {"trigger": f"command_status.{key}", "target": {"entity_id": entity_ids}}


def on_bus(**data: Any) -> dict[str, Any]:
    """Return the classic trigger of events on the bus: a command ended, with this data."""
    return {"trigger": "event", "event_type": "command_status_finished", "event_data": data}
