"""A clock that was wrong, then or now: windows count on from the moments that are true."""

from typing import Any

import pytest

from custom_components.command_status.tracking import CommandState, Policy, Tracker

from .builders import (
    PLAIN,
    RESENDING,
    SEARCHING,
    T0,
    WINDOW,
    a_command,
    be_taken,
    begin,
    ids,
    known,
    make,
    outcome_of,
    reborn,
    said,
    tracker_with,
)

HOUR = 3600.0
MONTH = 30 * 86400.0
END = T0 + WINDOW


def taken(policy: Policy = PLAIN, **changes: Any) -> Tracker:
    """Return a tracker with a command that the provider has taken."""
    tracker = tracker_with(policy, a_command(**changes))
    be_taken(tracker)
    return tracker


# A start with the clock of the power cut


def test_what_came_from_the_disk_keeps_its_moments() -> None:
    """The clock that told them was right; the one of this start was not."""
    tracker = reborn(taken(), PLAIN, T0 + 1)
    tracker.shift(3 * HOUR)
    command = known(tracker)
    assert (command.created_at, command.sent_at, command.deadline) == (T0, T0, END)


def test_a_window_that_ended_before_the_clock_was_corrected_has_ended() -> None:
    """It is asked about once more, and then it is over."""
    tracker = reborn(taken(), PLAIN, T0 + 1)
    tracker.shift(3 * HOUR)
    now = T0 + 3 * HOUR + 1
    assert tracker.next_alarm(now, asking=False) is not None
    assert tracker.tick(now) == []
    assert outcome_of(tracker.tick(now + 10)) == (CommandState.TIMEOUT, None)


def test_what_waited_is_not_sent_after_the_clock_was_corrected() -> None:
    """Its window ended hours ago."""
    tracker = reborn(tracker_with(PLAIN, a_command()), PLAIN, T0 + 1)
    tracker.shift(3 * HOUR)
    now = T0 + 3 * HOUR + 1
    assert tracker.next_errand(now) is None
    assert outcome_of(tracker.tick(now)) == (CommandState.FAILURE, "not_sent")


def test_a_moment_that_came_after_the_start_moves_along() -> None:
    """It was told by the clock that was wrong."""
    tracker = reborn(tracker_with(PLAIN, a_command()), PLAIN, T0 + 1)
    be_taken(tracker, T0 + 2)
    tracker.shift(HOUR)
    assert known(tracker).sent_at == T0 + 2 + HOUR
    assert known(tracker).deadline == END


def test_a_command_of_this_start_moves_along_wholly() -> None:
    """Its window is as long as it was."""
    tracker = reborn(taken(), PLAIN, T0 + 1)
    tracker.open(a_command(2, created_at=T0 + 1, deadline=T0 + 61))
    tracker.shift(HOUR)
    assert known(tracker, "id-002").deadline == T0 + 61 + HOUR


# A clock that was ahead when a command was accepted


def test_a_window_from_the_future_ends_its_own_length_after_the_start() -> None:
    """Not in 30 days."""
    tracker = taken(created_at=T0 + MONTH, deadline=T0 + MONTH + 20)
    tracker = reborn(tracker, PLAIN, T0)
    assert tracker.tick(T0 + 19) == []
    assert outcome_of(tracker.tick(T0 + 20)) == (CommandState.TIMEOUT, None)


def test_a_command_from_the_future_is_asked_about_ever_more_slowly() -> None:
    """Its age is counted from the start, not from a moment that has not come."""
    tracker = taken(created_at=T0 + MONTH, deadline=T0 + MONTH + 600, sent_at=T0 + MONTH)
    tracker = reborn(tracker, PLAIN, T0)
    tracker.due(T0)
    tracker.observe("id-001", said(CommandState.SENT), T0)
    assert tracker.next_alarm(T0) == T0 + 2
    tracker.due(T0 + 100)
    tracker.observe("id-001", said(CommandState.SENT), T0 + 100)
    assert tracker.next_alarm(T0 + 100) == T0 + 110


def test_a_late_outcome_from_the_future_is_looked_for_as_long_as_any() -> None:
    """Half a minute after the start, and not for a month."""
    tracker = taken(created_at=T0 + MONTH, deadline=T0 + MONTH + 60)
    tracker.tick(T0 + MONTH + 60)
    tracker = reborn(tracker, PLAIN, T0)
    assert tracker.next_alarm(T0) == T0 + 30


def test_what_waited_since_the_future_may_be_sent_within_its_own_length() -> None:
    """Nobody knows how long we were down, so no longer than that."""
    waiting = a_command(created_at=T0 + MONTH, deadline=T0 + MONTH + 20)
    tracker = reborn(tracker_with(PLAIN, waiting), PLAIN, T0)
    assert tracker.next_errand(T0 + 20) is None
    assert outcome_of(tracker.tick(T0 + 20)) == (CommandState.FAILURE, "not_sent")


def test_what_was_being_sent_in_the_future_is_not_sent_again() -> None:
    """It may be long ago, and no gate opens out of the blue."""
    sending = a_command(created_at=T0 + MONTH, deadline=T0 + MONTH + 600)
    tracker = tracker_with(RESENDING, sending)
    begin(tracker, T0 + MONTH)
    tracker = reborn(tracker, RESENDING, T0)
    assert tracker.next_errand(T0) is None
    assert outcome_of(tracker.tick(T0)) == (CommandState.LOST, "interrupted")


def test_what_was_being_sent_in_the_future_is_looked_for() -> None:
    """That is harmless, whenever it was."""
    sending = a_command(created_at=T0 + MONTH, deadline=T0 + MONTH + 60)
    tracker = tracker_with(SEARCHING, sending)
    begin(tracker, T0 + MONTH)
    tracker = reborn(tracker, SEARCHING, T0)
    assert make(tracker, T0 + 2).lookup
    tracker.hold(T0 + 2, MONTH)
    tracker.not_found("id-001", T0 + 2, 0.0)
    assert outcome_of(tracker.tick(T0 + 60)) == (CommandState.LOST, "interrupted")


@pytest.mark.parametrize("correction", [HOUR, -HOUR], ids=["forward", "back"])
def test_a_correction_moves_the_end_that_was_set_at_the_start(correction: float) -> None:
    """Its length is what counts."""
    tracker = taken(created_at=T0 + MONTH, deadline=T0 + MONTH + 20)
    tracker = reborn(tracker, PLAIN, T0)
    tracker.shift(correction)
    assert tracker.tick(T0 + correction + 19) == []
    assert ids(tracker.tick(T0 + correction + 20)) == ["id-001"]


# A correction while a question is under way


def test_a_clock_that_goes_back_during_a_question_does_not_end_the_asking() -> None:
    """The next question comes as soon as it would have."""
    tracker = taken()
    tracker.due(T0 + 2)
    tracker.shift(-HOUR)
    tracker.observe("id-001", said(CommandState.SENT), T0 + 3 - HOUR)
    assert tracker.next_alarm(T0 + 3 - HOUR) == T0 + 4 - HOUR


def test_a_clock_that_goes_forward_during_a_question_asks_no_sooner() -> None:
    """Nor later."""
    tracker = taken()
    tracker.due(T0 + 2)
    tracker.shift(HOUR)
    tracker.missed("id-001", T0 + 2 + HOUR, 0.0)
    assert tracker.next_alarm(T0 + 2 + HOUR) == T0 + 4 + HOUR
