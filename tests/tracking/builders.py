"""Builders of commands, policies and answers that say only what a test is about."""

from collections.abc import Iterable
from dataclasses import replace
from math import inf
from typing import Any, Final

from custom_components.command_status.tracking import (
    Cadence,
    Command,
    CommandState,
    Errand,
    Means,
    Observation,
    Policy,
    Recovery,
    Tracker,
    Transition,
    Watch,
)

T0: Final = 1_800_000_000.0
"""The moment at which every story begins."""

WINDOW: Final = 60.0
"""The wait window of commands whose window does not matter."""

PLAIN: Final = Policy(
    cadence=Cadence(steps=((60.0, 2.0), (inf, 10.0))),
    watch=Watch(first=(), every=30.0, until=600.0),
    window=WINDOW,
)
"""A cloud without limits, lanes and marks."""

RESENDING: Final = replace(PLAIN, recovery=Recovery(means=Means.RESEND, pauses=(1.0, 2.0, 30.0)))
"""A cloud where sending again with the same key is harmless."""

SEARCHING: Final = replace(PLAIN, recovery=Recovery(means=Means.LOOKUP, pauses=(2.0, 3.0)), batch=3)
"""A cloud that takes many commands in one request and lists them by their mark."""

IN_LANES: Final = replace(PLAIN, lane=lambda command: command.network_id)
"""A cloud with hubs that run one command at a time."""


def a_command(number: int = 1, *, window: float = WINDOW, **changes: Any) -> Command:
    """Return the command with this place in the order in which commands were accepted."""
    command = Command(
        tracking_id=f"id-{number:03}",
        target=f"target-{number}",
        target_name=f"Target {number}",
        command="ON",
        created_at=T0,
        deadline=T0 + window,
    )
    return replace(command, **changes)


def said(state: CommandState | None = None, **changes: Any) -> Observation:
    """Return what a provider says, in a word of its own that resembles ours."""
    word = "GIBBERISH" if state is None else state.upper()
    return replace(Observation(state=state, provider_state=word), **changes)


def tracker_with(policy: Policy, *commands: Command) -> Tracker:
    """Return a tracker that has just accepted these commands."""
    tracker = Tracker(policy)
    for command in commands:
        tracker.open(command)
    return tracker


def begin(tracker: Tracker, now: float = T0) -> Errand:
    """Begin the next request, which there must be."""
    errand = tracker.next_errand(now)
    assert errand is not None
    return errand


def make(tracker: Tracker, now: float = T0) -> Errand:
    """Begin the next request, and let it end at once."""
    errand = begin(tracker, now)
    tracker.done(errand, now)
    return errand


def be_taken(
    tracker: Tracker, now: float = T0, *, state: CommandState = CommandState.SENT
) -> Command:
    """Send the next command, and let the provider take it."""
    (command,) = make(tracker, now).commands
    observation = said(state, command_id=f"cloud-{command.tracking_id}")
    tracker.answered(command.tracking_id, observation, now)
    return known(tracker, command.tracking_id)


def known(tracker: Tracker, tracking_id: str = "id-001") -> Command:
    """Return a command that the tracker must know."""
    command = tracker.get(tracking_id)
    assert command is not None
    return command


def ids(items: Iterable[Command | Transition]) -> list[str]:
    """Return the tracking ids of commands, or of transitions."""
    commands = (item.command if isinstance(item, Transition) else item for item in items)
    return [command.tracking_id for command in commands]


def outcome_of(transitions: list[Transition]) -> tuple[CommandState, str | None]:
    """Return the state and the reason of the only command that has changed."""
    (transition,) = transitions
    return transition.command.state, transition.command.reason


def reborn(tracker: Tracker, policy: Policy, now: float) -> Tracker:
    """Return what comes up after a crash, with the journal on disk and an empty history."""
    successor = Tracker(policy)
    successor.restore(tracker.journal(), (), now)
    return successor
