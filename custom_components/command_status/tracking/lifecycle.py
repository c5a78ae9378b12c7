"""The law: how a command may change.

The theory
----------
A command is *open* until its outcome is known, and then *final*. While it is open, the provider's
newest word counts, whatever it was before: clouds put commands back into their queues, so no order
of the open states can be enforced. A final state is final, with two exceptions that are no real
knowledge:

* `timeout` says only that nobody confirmed the command in time. A late outcome is news.
* `cancelled`, where it was we who asked for it, says that the provider accepted our wish. The
  device may have been quicker.

Each of them can be corrected once, by another outcome; the command then carries `late`. A
correction is never corrected again, so every command is announced at most twice.

Two rules keep this file honest: everything that decides what a state becomes is in here, and
nothing in here knows which cloud is speaking.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from .command import FINAL, OPEN, Command, CommandState, Observation, Phase, changed

TRANSITIONS: Final[Mapping[CommandState, frozenset[CommandState]]] = {
    **dict.fromkeys(OPEN, frozenset(CommandState)),
    CommandState.SUCCESS: frozenset(),
    CommandState.FAILURE: frozenset(),
    CommandState.TIMEOUT: FINAL - {CommandState.TIMEOUT},
    CommandState.CANCELLED: FINAL - {CommandState.CANCELLED, CommandState.TIMEOUT},
    CommandState.LOST: frozenset(),
}
"""What may follow each state. Those of final states are corrections, subject to `correctable`."""

OFFLINE: Final = "offline"
OFFLINE_NOTE: Final = f"the target was {OFFLINE}"
"""Added to the reason of a failure or time-out if the last list called the target offline, and the
reason does not say so itself."""


def correctable(command: Command) -> bool:
    """Return whether a late outcome may still correct a final command."""
    return not command.late and (
        command.state is CommandState.TIMEOUT
        or (command.state is CommandState.CANCELLED and command.stopping)
    )


def advance(command: Command, observation: Observation, now: float) -> Command:
    """Return the command after an observation; the very same object when it brought no news."""
    if _repeats(command, observation):
        return command
    state = observation.state or command.state
    if command.final and not (correctable(command) and state in TRANSITIONS[command.state]):
        state = command.state
    moved = state is not command.state
    news: dict[str, Any] = {
        "command_id": observation.command_id or command.command_id,
        "request_id": observation.request_id or command.request_id,
        "network_id": observation.network_id or command.network_id,
        "kept": {**command.kept, **observation.kept} if observation.kept else command.kept,
        # Whoever says something about a command has it; so nothing need be sent any more.
        "phase": Phase.TAKEN,
        "payload": None,
        "state": state,
        "provider_state": observation.provider_state or command.provider_state,
        "settled": command.settled or observation.settled,
    }
    if moved or not command.final:
        news["reason"] = _reason(command, state, observation)
        if observation.progress is not None:
            news["progress"] = observation.progress
        if observation.result is not None:
            news["result"] = observation.result
    if moved and state in FINAL:
        news["finished_at"] = now
        news["late"] = command.final
    return changed(command, **news)


def _repeats(command: Command, observation: Observation) -> bool:
    """Return whether an observation says what is known of a command already, as nearly all do.

    Nothing that `advance` looks at is left out here; it is only found out more quickly.
    """
    return (
        observation.state is command.state
        and observation.provider_state == command.provider_state
        and observation.progress == command.progress
        and observation.reason == command.reason
        and observation.settled is command.settled
        and observation.result is None
        and not observation.kept
        and command.payload is None
        and command.phase is Phase.TAKEN
        and (observation.command_id or command.command_id) == command.command_id
        and (observation.request_id or command.request_id) == command.request_id
        and (observation.network_id or command.network_id) == command.network_id
    )


def conclude(
    command: Command, state: CommandState, reason: str | None, now: float, *, settled: bool
) -> Command:
    """Return an open command with an outcome that we reached without the provider's word."""
    return replace(
        command,
        state=state,
        reason=_with_note(command, state, reason),
        finished_at=now,
        settled=settled,
        payload=None,
    )


def _reason(command: Command, state: CommandState, observation: Observation) -> str | None:
    """Return the reason after an observation; an unknown word changes none."""
    if observation.state is None:
        return command.reason
    return _with_note(command, state, observation.reason)


def _with_note(command: Command, state: CommandState, reason: str | None) -> str | None:
    """Name the likely cause where the target was known to be offline."""
    if not command.offline or state not in {CommandState.FAILURE, CommandState.TIMEOUT}:
        return reason
    hub = command.offline_hub
    if hub is None and reason is not None and OFFLINE in reason.casefold():
        return reason
    note = OFFLINE_NOTE if hub is None else f"{hub} was offline"
    return f"{reason}; {note}" if reason else note
