"""The nouns say about themselves what is asked of them everywhere."""

import pytest

from custom_components.command_status.tracking import (
    FINAL,
    OPEN,
    Command,
    CommandState,
    Transition,
)
from custom_components.command_status.tracking.command import changed

from .builders import T0, a_command


@pytest.mark.parametrize("state", sorted(CommandState))
def test_a_state_is_either_open_or_final(state: CommandState) -> None:
    """There is nothing in between: either an answer is still expected, or there is an outcome."""
    assert (state in OPEN) is not (state in FINAL)
    assert a_command(state=state).final is (state in FINAL)


def test_a_command_covers_its_own_target_unless_told_otherwise() -> None:
    """Only a command that acts on several targets at once has to name them."""
    assert a_command().covered == ("target-1",)
    assert a_command(covers=("a", "b")).covered == ("a", "b")


def test_what_is_sent_may_differ_from_what_is_shown() -> None:
    """A secret is sent but never shown."""
    shown = {"ssid": "garden", "password": "**REDACTED**"}
    command = a_command(parameters=shown)
    assert command.to_send == shown
    secret = {"ssid": "garden", "password": "rosebud"}
    assert a_command(parameters=shown, payload=secret).to_send == secret


def test_the_duration_is_known_with_the_outcome() -> None:
    """It counts from the call of the action, so it includes the time in our own queue."""
    assert a_command().duration is None
    assert a_command(finished_at=T0 + 3.5).duration == 3.5


def test_a_change_into_what_it_is_already_is_no_change() -> None:
    """The very same object says that there is nothing to tell and nothing to write."""
    command = a_command(polls=1)
    assert changed(command, polls=1, tag=None) is command
    assert changed(command, polls=1, tag="t") == a_command(polls=1, tag="t")


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (None, a_command(), False),
        (None, a_command(state=CommandState.SUCCESS), True),
        (a_command(), a_command(state=CommandState.SENT), False),
        (a_command(), a_command(state=CommandState.SUCCESS), True),
        (a_command(state=CommandState.TIMEOUT), a_command(state=CommandState.SUCCESS), True),
        (
            a_command(state=CommandState.TIMEOUT),
            a_command(state=CommandState.TIMEOUT, provider_state="TIMEOUT"),
            False,
        ),
    ],
    ids=["accepted", "already over", "progress", "end", "correction", "only the provider's word"],
)
def test_an_outcome_is_a_change_into_a_final_state(
    before: Command | None, after: Command, *, outcome: bool
) -> None:
    """Only such a change is announced; news about a command that has ended already is not."""
    assert Transition(before=before, command=after).outcome is outcome
