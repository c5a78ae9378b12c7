"""The law: how a command may change."""

from dataclasses import replace
from itertools import accumulate, pairwise, product
from unittest.mock import patch

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.command_status.tracking import (
    FINAL,
    OPEN,
    Command,
    CommandState,
    Observation,
    Phase,
    lifecycle,
)
from custom_components.command_status.tracking.lifecycle import (
    OFFLINE_NOTE,
    TRANSITIONS,
    advance,
    conclude,
    correctable,
)

from .builders import T0, a_command, said

LATER = T0 + 5

CANCELLED = CommandState.CANCELLED
FAILURE = CommandState.FAILURE
LOST = CommandState.LOST
SUCCESS = CommandState.SUCCESS
TIMEOUT = CommandState.TIMEOUT


def ended(state: CommandState, *, stopping: bool = False) -> Command:
    """Return a command that has ended in this way."""
    return a_command(state=state, stopping=stopping, phase=Phase.TAKEN, finished_at=T0 + 1)


# What may follow what


@pytest.mark.parametrize(("before", "after"), product(sorted(OPEN), sorted(CommandState)))
def test_an_open_command_follows_every_word_of_the_provider(
    before: CommandState, after: CommandState
) -> None:
    """Clouds put commands back into their queues, so no order of open states can be enforced."""
    command = a_command(state=before, phase=Phase.TAKEN)
    changed = advance(command, said(after), LATER)
    assert changed.state is after
    assert changed.finished_at == (LATER if after in FINAL else None)
    assert not changed.late


@pytest.mark.parametrize(("before", "after"), product((SUCCESS, FAILURE, LOST), CommandState))
def test_a_final_state_is_final(before: CommandState, after: CommandState) -> None:
    """What was known once does not become unknown because a cloud contradicts itself."""
    command = ended(before)
    changed = advance(command, said(after, reason="second thoughts", result={"n": 1}), LATER)
    assert (changed.state, changed.reason, changed.result) == (before, None, None)
    assert (changed.finished_at, changed.late) == (T0 + 1, False)


@pytest.mark.parametrize("after", sorted(FINAL - {TIMEOUT}))
def test_a_timeout_is_corrected_by_a_late_outcome(after: CommandState) -> None:
    """A timeout says that nobody confirmed in time, so a late confirmation is news."""
    changed = advance(ended(TIMEOUT), said(after, reason="at last"), LATER)
    assert (changed.state, changed.reason, changed.late) == (after, "at last", True)
    assert changed.finished_at == LATER


@pytest.mark.parametrize("after", sorted(FINAL - {CANCELLED, TIMEOUT}))
def test_a_cancellation_that_we_asked_for_is_corrected(after: CommandState) -> None:
    """The provider accepted our wish, but the device may have been quicker."""
    changed = advance(ended(CANCELLED, stopping=True), said(after), LATER)
    assert (changed.state, changed.late) == (after, True)


@pytest.mark.parametrize("after", sorted(CommandState))
def test_a_cancellation_by_the_provider_is_final(after: CommandState) -> None:
    """Who stops a command for reasons of its own knows what became of it."""
    changed = advance(ended(CANCELLED), said(after), LATER)
    assert (changed.state, changed.late) == (CANCELLED, False)


@pytest.mark.parametrize(
    ("first", "second"), product(sorted(FINAL - {TIMEOUT}), sorted(CommandState))
)
def test_a_correction_is_never_corrected_again(first: CommandState, second: CommandState) -> None:
    """One correction is news; a series of them would be noise."""
    corrected = advance(ended(TIMEOUT, stopping=True), said(first), LATER)
    again = advance(corrected, said(second), LATER + 1)
    assert (again.state, again.late, again.finished_at) == (first, True, LATER)


def test_a_providers_own_timeout_after_ours_changes_only_its_word() -> None:
    """It tells no more than we knew, but it is its last word, so nobody asks again."""
    changed = advance(ended(TIMEOUT), said(TIMEOUT, reason="device silent", settled=True), LATER)
    assert (changed.state, changed.late, changed.reason) == (TIMEOUT, False, None)
    assert (changed.provider_state, changed.settled) == ("TIMEOUT", True)
    assert changed.finished_at == T0 + 1


@pytest.mark.parametrize("state", sorted(OPEN))
def test_an_open_word_does_not_reopen_a_timeout(state: CommandState) -> None:
    """The window has ended; only an outcome is news now."""
    changed = advance(ended(TIMEOUT), said(state, progress=50), LATER)
    assert (changed.state, changed.provider_state) == (TIMEOUT, state.upper())
    assert changed.progress is None


def test_only_states_without_knowledge_are_correctable() -> None:
    """The table and the condition must tell the same story."""
    without_knowledge = {state for state in FINAL if TRANSITIONS[state]}
    assert without_knowledge == {TIMEOUT, CANCELLED}
    assert {s for s in FINAL if correctable(ended(s, stopping=True))} == without_knowledge
    assert {s for s in FINAL if correctable(ended(s))} == {TIMEOUT}


# What is remembered of an observation


def test_an_unknown_word_keeps_the_state() -> None:
    """A cloud may learn new words; until we know them they say nothing about the outcome."""
    command = a_command(
        state=CommandState.IN_PROGRESS, phase=Phase.TAKEN, reason="on its way", progress=40
    )
    changed = advance(command, said(None, reason="who knows"), LATER)
    assert (changed.state, changed.provider_state) == (CommandState.IN_PROGRESS, "GIBBERISH")
    assert (changed.reason, changed.progress) == ("on its way", 40)


def test_what_an_observation_does_not_say_stays() -> None:
    """Clouds answer different questions with different fields."""
    command = a_command(
        command_id="c", request_id="r", network_id="n", progress=40, result=[1], phase=Phase.TAKEN
    )
    changed = advance(command, Observation(state=CommandState.SENT), LATER)
    assert (changed.command_id, changed.request_id, changed.network_id) == ("c", "r", "n")
    assert (changed.progress, changed.result) == (40, [1])


def test_what_an_observation_says_is_taken_over() -> None:
    """Progress and result may be empty and still be news."""
    command = a_command(progress=40, result=[1])
    news = said(
        CommandState.SENT,
        command_id="c",
        request_id="r",
        network_id="n",
        progress=0,
        result={},
        reason="busy",
    )
    changed = advance(command, news, LATER)
    assert (changed.command_id, changed.request_id, changed.network_id) == ("c", "r", "n")
    assert (changed.progress, changed.result, changed.reason) == (0, {}, "busy")


def test_a_reason_goes_when_the_next_word_has_none() -> None:
    """What kept a command waiting is no explanation once it runs."""
    command = a_command(reason="busy")
    assert advance(command, said(CommandState.IN_PROGRESS), LATER).reason is None


def test_nothing_new_is_no_change_at_all() -> None:
    """The very same object says that there is nothing to tell and nothing to write."""
    command = advance(a_command(), said(CommandState.SENT, progress=10), LATER)
    assert advance(command, said(CommandState.SENT, progress=10), LATER + 1) is command


def test_whoever_answers_has_the_command() -> None:
    """So it need not be sent any more, and its secrets are not needed any more."""
    command = a_command(phase=Phase.SENDING, payload={"password": "rosebud"})
    changed = advance(command, said(None), LATER)
    assert (changed.phase, changed.payload) == (Phase.TAKEN, None)


# Outcomes of our own


def test_an_outcome_of_our_own_forgets_the_secrets() -> None:
    """They are never sent again."""
    command = a_command(payload={"password": "rosebud"})
    concluded = conclude(command, FAILURE, "not_sent", LATER, settled=True)
    assert (concluded.state, concluded.reason, concluded.settled) == (FAILURE, "not_sent", True)
    assert (concluded.finished_at, concluded.payload, concluded.late) == (LATER, None, False)


@pytest.mark.parametrize("state", [FAILURE, TIMEOUT])
def test_a_command_to_an_offline_target_names_the_likely_cause(state: CommandState) -> None:
    """The list of targets knew it all along."""
    command = a_command(offline=True, phase=Phase.TAKEN)
    assert advance(command, said(state), LATER).reason == OFFLINE_NOTE
    assert advance(command, said(state, reason="E42"), LATER).reason == f"E42; {OFFLINE_NOTE}"
    assert conclude(command, state, None, LATER, settled=True).reason == OFFLINE_NOTE


def test_nothing_is_said_twice() -> None:
    """Where the device's own reason is that it is offline, the list tells nothing new."""
    said_so = said(FAILURE, reason="Device Offline")
    command = a_command(offline=True, phase=Phase.TAKEN)
    assert advance(command, said_so, LATER).reason == "Device Offline"
    hanging = replace(command, offline_hub="Attic")
    assert advance(hanging, said_so, LATER).reason == "Device Offline; Attic was offline"


@pytest.mark.parametrize("state", sorted(FINAL - {FAILURE, TIMEOUT}))
def test_other_outcomes_do_not_blame_the_offline_target(state: CommandState) -> None:
    """A command that succeeded, or was stopped, did not suffer from it."""
    command = a_command(offline=True, phase=Phase.TAKEN)
    assert advance(command, said(state, reason="E42"), LATER).reason == "E42"


# Whatever happens

observations = st.builds(
    Observation,
    state=st.none() | st.sampled_from(CommandState),
    provider_state=st.none() | st.sampled_from(["A", "B"]),
    reason=st.none() | st.sampled_from(["because", "therefore"]),
    progress=st.none() | st.integers(0, 100),
    settled=st.booleans(),
)


@settings(max_examples=200)
@given(stopping=st.booleans(), story=st.lists(observations, max_size=12))
def test_no_story_ends_twice(*, stopping: bool, story: list[Observation]) -> None:
    """A final state changes at most once, and only where it was no real knowledge."""
    steps = enumerate(story)
    told = list(
        accumulate(
            steps,
            lambda command, step: advance(command, step[1], T0 + step[0]),
            initial=a_command(stopping=stopping),
        )
    )
    changes = list(pairwise(told))
    ends = [
        (before, after) for before, after in changes if after.final and after.state != before.state
    ]
    assert all(after.final or not before.final for before, after in changes)
    assert [after.late for _, after in ends] in ([], [False], [False, True])
    assert {before.state for before, after in ends if after.late} <= {TIMEOUT, CANCELLED}


@settings(max_examples=200)
@given(offline=st.booleans(), story=st.lists(observations, max_size=12))
def test_looking_quickly_finds_what_looking_closely_does(
    *, offline: bool, story: list[Observation]
) -> None:
    """Nearly all answers repeat what is known, so there is a short way for them."""
    command = a_command(offline=offline)
    for observation in (each for each in story for _ in range(2)):
        quickly = advance(command, observation, LATER)
        with patch.object(lifecycle, "_repeats", return_value=False):
            closely = advance(command, observation, LATER)
        assert quickly == closely
        command = closely
