"""What a command comes to where something is expected to be seen beyond the provider's word."""

from typing import Any

import pytest

from custom_components.command_status.tracking import (
    Clause,
    Command,
    CommandState,
    Evidence,
    Expectation,
    Phase,
    Tracker,
)

from .builders import (
    PLAIN,
    T0,
    WINDOW,
    a_command,
    be_taken,
    known,
    make,
    outcome_of,
    reborn,
    said,
    tracker_with,
)

END = T0 + WINDOW
SEEN, ASSUMED, MISSING = Evidence.SEEN, Evidence.ASSUMED, Evidence.MISSING
SUCCESS, FAILURE, TIMEOUT, CANCELLED, LOST = (
    CommandState.SUCCESS,
    CommandState.FAILURE,
    CommandState.TIMEOUT,
    CommandState.CANCELLED,
    CommandState.LOST,
)


def expecting(seconds: float = 0.0, **changes: Any) -> Command:
    """Return a command after which a gate is expected to be open."""
    expect = Expectation(
        entity="binary_sensor.gate", clauses=(Clause(values=("on",)),), seconds=seconds
    )
    return a_command(expect=expect, evidence=Evidence.AWAITED, **changes)


def taken(seconds: float = 0.0) -> Tracker:
    """Return a tracker whose only command was taken; a gate is expected to open."""
    tracker = tracker_with(PLAIN, expecting(seconds))
    be_taken(tracker)
    return tracker


def end_of(tracker: Tracker) -> tuple[CommandState, str | None, Evidence | None]:
    """Return what the command has come to."""
    command = known(tracker)
    return command.state, command.reason, command.evidence


def test_a_success_waits_until_it_is_seen() -> None:
    """The relay has switched; the gate may still stand still."""
    tracker = taken()
    tracker.observe("id-001", said(SUCCESS), T0 + 2)
    open_still = known(tracker)
    assert (open_still.final, open_still.provider_state) == (False, "SUCCESS")
    assert tracker.see("id-001", SEEN, T0 + 9) is not None
    assert end_of(tracker) == (SUCCESS, None, SEEN)
    assert known(tracker).finished_at == T0 + 9


def test_what_was_seen_first_waits_for_the_word() -> None:
    """The later of both moments counts."""
    tracker = taken()
    transition = tracker.see("id-001", SEEN, T0 + 1)
    assert transition is not None
    assert not transition.outcome
    assert tracker.see("id-001", None, T0 + 2) is None
    tracker.observe("id-001", said(SUCCESS), T0 + 3)
    assert end_of(tracker) == (SUCCESS, None, SEEN)
    assert known(tracker).finished_at == T0 + 3


def test_a_success_that_nobody_saw_is_a_timeout() -> None:
    """The provider's own word stays as it was."""
    tracker = taken()
    tracker.observe("id-001", said(SUCCESS), T0 + 2)
    assert tracker.next_alarm(T0 + 2) == END
    assert tracker.due(END - 1) == []
    assert outcome_of(tracker.tick(END)) == (TIMEOUT, "not_seen")
    assert known(tracker).provider_state == "SUCCESS"
    assert known(tracker).evidence is MISSING


@pytest.mark.parametrize("state", [FAILURE, CANCELLED])
def test_a_refusal_stands_whatever_was_seen(state: CommandState) -> None:
    """What happened in the house then is another story."""
    unseen, seen = taken(), taken()
    unseen.observe("id-001", said(state), T0 + 2)
    assert end_of(unseen) == (state, None, MISSING)
    seen.see("id-001", SEEN, T0 + 1)
    seen.observe("id-001", said(state), T0 + 2)
    assert end_of(seen) == (state, None, SEEN)


def test_what_was_seen_is_proof_where_the_provider_says_nothing() -> None:
    """But only when the window ends: until then it may still refuse."""
    tracker = taken()
    tracker.see("id-001", ASSUMED, T0 + 5)
    assert not known(tracker).final
    assert outcome_of(tracker.tick(END)) == (SUCCESS, "seen")
    assert known(tracker).evidence is ASSUMED


@pytest.mark.parametrize("state", [TIMEOUT, LOST])
def test_what_is_seen_after_a_word_that_proves_nothing_is_a_success(state: CommandState) -> None:
    """The provider knows no better, and the gate is open."""
    tracker = taken()
    tracker.observe("id-001", said(state), T0 + 5)
    assert not known(tracker).final
    tracker.see("id-001", SEEN, T0 + 6)
    assert end_of(tracker) == (SUCCESS, "seen", SEEN)


@pytest.mark.parametrize("state", [TIMEOUT, LOST])
def test_a_word_that_proves_nothing_stands_where_nothing_was_seen(state: CommandState) -> None:
    """As without an expectation, only that it is told when the window has ended."""
    tracker = taken()
    tracker.observe("id-001", said(state, reason="why"), T0 + 5)
    assert outcome_of(tracker.tick(END)) == (state, "why")
    assert known(tracker).evidence is MISSING


def test_a_lost_answer_waits_for_a_sight() -> None:
    """Whether it was taken cannot be known from the provider, but the gate can tell."""
    tracker = tracker_with(PLAIN, expecting())
    make(tracker)
    tracker.unanswered("id-001", T0 + 1, 0.5)
    assert not known(tracker).final
    assert tracker.next_errand(T0 + 2) is None
    tracker.see("id-001", SEEN, T0 + 3)
    assert end_of(tracker) == (SUCCESS, "seen", SEEN)


def test_a_command_that_was_never_sent_fails_whatever_is_seen() -> None:
    """Somebody else has opened the gate."""
    tracker = tracker_with(PLAIN, expecting())
    tracker.hold(T0, 300.0)
    tracker.see("id-001", SEEN, T0 + 3)
    assert outcome_of(tracker.tick(END)) == (FAILURE, "not_sent")


# For as long as it says


def test_a_sight_counts_once_it_has_lasted() -> None:
    """A contact that bounces proves nothing."""
    tracker = taken(seconds=5)
    tracker.observe("id-001", said(SUCCESS), T0 + 1)
    tracker.see("id-001", SEEN, T0 + 2)
    tracker.see("id-001", None, T0 + 4)
    tracker.see("id-001", SEEN, T0 + 6)
    tracker.see("id-001", SEEN, T0 + 8)
    assert tracker.tick(T0 + 7) == []
    assert tracker.next_alarm(T0 + 8) == T0 + 11
    assert outcome_of(tracker.tick(T0 + 11)) == (SUCCESS, None)


def test_a_corrected_clock_moves_what_is_being_seen() -> None:
    """Nothing is proved sooner for it."""
    tracker = taken(seconds=5)
    tracker.observe("id-001", said(SUCCESS), T0 + 1)
    tracker.see("id-001", SEEN, T0 + 2)
    tracker.shift(1000)
    assert tracker.tick(T0 + 1006) == []
    assert outcome_of(tracker.tick(T0 + 1007)) == (SUCCESS, None)


# Too late


def test_a_late_sight_corrects_a_timeout_once() -> None:
    """The gate was slow."""
    tracker = taken()
    tracker.observe("id-001", said(SUCCESS), T0 + 2)
    tracker.tick(END)
    transition = tracker.see("id-001", SEEN, END + 599)
    assert transition is not None
    assert transition.outcome
    assert end_of(tracker) == (SUCCESS, None, SEEN)
    assert known(tracker).late
    assert tracker.see("id-001", SEEN, END + 600) is None
    assert tracker.is_idle


def test_a_late_sight_says_so_where_the_provider_did_not() -> None:
    """It had no word for it."""
    tracker = taken()
    tracker.tick(END)
    tracker.see("id-001", SEEN, END + 60)
    assert end_of(tracker) == (SUCCESS, "seen", SEEN)


def test_a_sight_corrects_nothing_after_ten_minutes() -> None:
    """Whoever opened the gate by then, it was not this command."""
    tracker = taken()
    tracker.observe("id-001", said(SUCCESS), T0 + 2)
    tracker.tick(END)
    assert tracker.next_alarm(END) == END + 600
    assert tracker.tick(END + 600) == []
    assert tracker.is_idle
    assert tracker.see("id-001", SEEN, END + 601) is None
    assert end_of(tracker) == (TIMEOUT, "not_seen", MISSING)


def test_a_late_success_that_nobody_saw_corrects_nothing() -> None:
    """It is on record as the provider's word, and a sight may still come."""
    tracker = taken()
    tracker.tick(END)
    transition = tracker.observe("id-001", said(SUCCESS), END + 30)
    assert transition is not None
    assert not transition.outcome
    assert end_of(tracker) == (TIMEOUT, "not_seen", MISSING)
    assert known(tracker).provider_state == "SUCCESS"
    tracker.see("id-001", SEEN, END + 60)
    assert end_of(tracker) == (SUCCESS, None, SEEN)


def test_a_late_failure_corrects_a_timeout_as_ever() -> None:
    """A refusal is a fact."""
    tracker = taken()
    tracker.tick(END)
    tracker.observe("id-001", said(FAILURE, reason="jammed"), END + 30)
    assert end_of(tracker) == (FAILURE, "jammed", MISSING)


def test_nothing_is_seen_of_a_command_that_expects_nothing() -> None:
    """Or is not known."""
    tracker = tracker_with(PLAIN, a_command())
    assert tracker.see("id-001", SEEN, T0) is None
    assert tracker.see("id-009", SEEN, T0) is None


# After a stop


def test_a_word_that_waits_for_a_sight_survives_a_stop() -> None:
    """Nobody is asked again, and nothing is sent."""
    tracker = taken()
    tracker.observe("id-001", said(SUCCESS), T0 + 2)
    successor = reborn(tracker, PLAIN, T0 + 10)
    assert successor.next_errand(T0 + 10) is None
    assert successor.due(END - 1) == []
    successor.see("id-001", SEEN, T0 + 12)
    assert end_of(successor) == (SUCCESS, None, SEEN)


def test_what_was_seen_before_a_stop_is_seen() -> None:
    """Once is enough."""
    tracker = taken()
    tracker.see("id-001", SEEN, T0 + 2)
    successor = reborn(tracker, PLAIN, T0 + 10)
    successor.observe("id-001", said(SUCCESS), T0 + 11)
    assert end_of(successor) == (SUCCESS, None, SEEN)


@pytest.mark.parametrize(
    ("evidence", "outcome"),
    [(SEEN, (SUCCESS, "seen", SEEN)), (None, (LOST, "interrupted", MISSING))],
)
def test_a_command_that_was_interrupted_is_followed_on_by_what_is_expected(
    evidence: Evidence | None, outcome: tuple[Any, ...]
) -> None:
    """It is never done again."""
    tracker = tracker_with(PLAIN, expecting())
    make(tracker)
    assert known(tracker).phase is Phase.SENDING
    successor = reborn(tracker, PLAIN, T0 + 10)
    assert successor.tick(T0 + 10)
    assert not known(successor).final
    assert successor.next_errand(T0 + 11) is None
    again = reborn(successor, PLAIN, T0 + 20)
    again.see("id-001", evidence, T0 + 30)
    again.tick(END)
    assert end_of(again) == outcome


@pytest.mark.parametrize(
    ("evidence", "outcome"), [(SEEN, (SUCCESS, None, SEEN)), (None, (TIMEOUT, "not_seen", MISSING))]
)
def test_a_window_that_ended_meanwhile_has_a_last_chance(
    evidence: Evidence | None, outcome: tuple[Any, ...]
) -> None:
    """Entities need a moment to come back, too."""
    tracker = taken()
    tracker.observe("id-001", said(SUCCESS), T0 + 2)
    successor = reborn(tracker, PLAIN, END + 100)
    assert successor.tick(END + 100) == []
    successor.see("id-001", evidence, END + 105)
    successor.tick(END + 110)
    assert end_of(successor) == outcome


def test_a_machine_that_slept_has_a_last_chance_too() -> None:
    """Nobody could look."""
    tracker = taken()
    tracker.observe("id-001", said(SUCCESS), T0 + 2)
    assert tracker.tick(END + 100) == []
    tracker.see("id-001", SEEN, END + 101)
    assert end_of(tracker) == (SUCCESS, None, SEEN)


def test_a_late_sight_is_looked_for_after_a_stop() -> None:
    """Also where the provider has had its say."""
    tracker = taken()
    tracker.observe("id-001", said(SUCCESS), T0 + 2)
    tracker.tick(END)
    successor = reborn(tracker, PLAIN, END + 100)
    successor.see("id-001", SEEN, END + 200)
    assert end_of(successor) == (SUCCESS, None, SEEN)
    assert known(successor).late
