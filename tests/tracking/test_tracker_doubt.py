"""While it is unsure whether a command was taken, only the word on that command ends it."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.command_status.tracking import (
    CommandState,
    Limit,
    Phase,
    Policy,
    StillSendingError,
    Tracker,
)

from .builders import (
    PLAIN,
    RESENDING,
    SEARCHING,
    T0,
    WINDOW,
    a_command,
    begin,
    ids,
    known,
    make,
    outcome_of,
    reborn,
    said,
    tracker_with,
)

FAILURE = CommandState.FAILURE
LOST = CommandState.LOST
DAY = 86400.0


def unsure(policy: Policy = RESENDING, **changes: Any) -> Tracker:
    """Return a tracker with a command whose first request ended without an answer."""
    tracker = tracker_with(policy, a_command(**changes))
    make(tracker)
    tracker.unanswered("id-001", T0, 0.0)
    return tracker


# An error about a repeat is not the word on the command


def test_a_repeat_that_was_certainly_not_taken_says_nothing_of_the_first() -> None:
    """A connection that is refused, credentials that are: the relay may have switched already."""
    tracker = unsure()
    make(tracker, T0 + 1)
    assert tracker.not_taken("id-001", T0 + 1, 0.0, reason="cannot_connect") is None
    assert (known(tracker).state, known(tracker).phase) == ("queued", Phase.UNSURE)
    make(tracker, T0 + 3)
    tracker.answered("id-001", said(CommandState.SENT, command_id="c"), T0 + 3)
    assert known(tracker).state is CommandState.SENT


def test_when_the_tries_are_used_up_it_is_lost() -> None:
    """Not failed: nobody knows."""
    tracker = unsure()
    for moment in (1, 3):
        make(tracker, T0 + moment)
        assert tracker.not_taken("id-001", T0 + moment, 0.0, reason="invalid_auth") is None
    make(tracker, T0 + 33)
    transition = tracker.not_taken("id-001", T0 + 33, 0.0, reason="invalid_auth")
    assert transition is not None
    assert outcome_of([transition]) == (LOST, "no_answer")


def test_a_first_request_that_was_certainly_not_taken_is_a_failure() -> None:
    """There is no doubt about it then."""
    tracker = tracker_with(RESENDING, a_command())
    make(tracker)
    transition = tracker.not_taken("id-001", T0, 0.0, reason="cannot_connect", code="x")
    assert transition is not None
    assert outcome_of([transition]) == (FAILURE, "cannot_connect")
    assert known(tracker).provider_state == "x"


def test_a_cloud_that_is_away_at_the_start_says_nothing_of_what_was_being_sent() -> None:
    """A kill and a power cut at the router: the relay has switched all the same."""
    tracker = tracker_with(RESENDING, a_command())
    begin(tracker)
    tracker = reborn(tracker, RESENDING, T0 + 5)
    make(tracker, T0 + 5)
    assert tracker.not_taken("id-001", T0 + 5, 0.0, reason="cannot_connect") is None
    assert ids(make(tracker, T0 + 6).commands) == ["id-001"]


def test_a_window_that_ends_between_two_repeats_leaves_it_lost() -> None:
    """Nothing may be sent after it, and nothing was learned within it."""
    tracker = unsure(window=5.0)
    make(tracker, T0 + 1)
    tracker.not_taken("id-001", T0 + 1, 0.0, reason="cannot_connect")
    make(tracker, T0 + 3)
    transition = tracker.not_taken("id-001", T0 + 3, 0.0, reason="cannot_connect")
    assert transition is not None
    assert outcome_of([transition]) == (LOST, "no_answer")


# A search has an end


def test_a_search_that_is_held_up_ends_with_the_window() -> None:
    """A provider may ask for a day of silence."""
    tracker = unsure(SEARCHING)
    tracker.hold(T0, DAY)
    assert tracker.next_alarm(T0) == T0 + WINDOW
    assert outcome_of(tracker.tick(T0 + WINDOW)) == (LOST, "no_answer")


def test_a_search_may_outlast_a_short_window_but_not_for_long() -> None:
    """30 s are what a cloud may take to list a command."""
    tracker = unsure(SEARCHING, window=5.0)
    tracker.hold(T0, DAY)
    assert tracker.tick(T0 + 29.9) == []
    assert outcome_of(tracker.tick(T0 + 30)) == (LOST, "no_answer")


def test_a_look_that_is_under_way_at_the_end_is_waited_for() -> None:
    """It may bring the answer, and a request does not take for ever."""
    tracker = unsure(SEARCHING, window=5.0)
    tracker.hold(T0, 29.0)
    make_look = begin(tracker, T0 + 29)
    assert tracker.tick(T0 + 31) == []
    tracker.done(make_look, T0 + 32)
    tracker.not_found("id-001", T0 + 32, 0.0)
    assert outcome_of(tracker.tick(T0 + 32)) == (LOST, "no_answer")


def test_a_search_needs_no_disk() -> None:
    """While it refuses, nothing is sent, but looking does nothing twice."""
    tracker = unsure(SEARCHING)
    tracker.open(a_command(2))
    errand = tracker.next_errand(T0 + 2, looking_only=True)
    assert errand is not None
    assert errand.lookup
    assert tracker.next_errand(T0 + 2, looking_only=True) is None
    assert tracker.next_alarm(T0 + 2, looking_only=True) == T0 + WINDOW


def test_a_window_that_ends_during_a_repeat_after_a_restart_is_noticed() -> None:
    """The minute of the repeats ends before it, and the request goes on."""
    tracker = tracker_with(RESENDING, a_command(window=70.0))
    begin(tracker)
    tracker = reborn(tracker, RESENDING, T0 + 55)
    begin(tracker, T0 + 55)
    assert tracker.tick(T0 + 60) == []
    assert tracker.next_alarm(T0 + 60) == T0 + 70
    assert outcome_of(tracker.tick(T0 + 70)) == (CommandState.TIMEOUT, None)


# There is a last try within the window


@pytest.mark.parametrize(
    ("window", "tries"),
    [(5.0, [0, 4]), (20.0, [0, 5, 10, 15, 19])],
    ids=["short", "long"],
)
def test_a_busy_provider_is_tried_until_the_window_ends(window: float, tries: list[int]) -> None:
    """A pause of our own choice must not lead past the end."""
    tracker = tracker_with(PLAIN, a_command(window=window))
    transition = None
    for moment in tries:
        assert tracker.next_alarm(T0) == T0 + moment
        make(tracker, T0 + moment)
        transition = tracker.postpone("id-001", T0 + moment, seconds=None, reason="busy")
    assert transition is not None
    assert outcome_of([transition]) == (FAILURE, "busy")


def test_a_pause_that_the_provider_asks_for_is_never_cut_short() -> None:
    """It allows no try within the window then."""
    tracker = tracker_with(PLAIN, a_command(window=5.0))
    make(tracker)
    transition = tracker.postpone("id-001", T0, seconds=7.0, reason="rate_limited")
    assert transition is not None
    assert outcome_of([transition]) == (FAILURE, "rate_limited")


def test_too_many_requests_without_a_number_are_tried_again_soon() -> None:
    """The pause grows from small: 1, 2, 4 ... s."""
    tracker = tracker_with(PLAIN, a_command(window=20.0))
    moments = []
    now = T0
    for _ in range(5):
        alarm = tracker.next_alarm(now)
        now = max(now, alarm or now)
        make(tracker, now)
        moments.append(now - T0)
        tracker.hold_off(now)
        tracker.postpone("id-001", now, seconds=None, reason="rate_limited")
    assert moments == [0, 1, 3, 7, 15]
    assert tracker.next_alarm(now) == T0 + 19
    make(tracker, T0 + 19)
    tracker.hold_off(T0 + 19)
    transition = tracker.postpone("id-001", T0 + 19, seconds=None, reason="rate_limited")
    assert transition is not None
    assert outcome_of([transition]) == (FAILURE, "rate_limited")


def test_a_provider_that_answers_again_is_held_off_from_small_again() -> None:
    """What was too much an hour ago need not be so now."""
    tracker = tracker_with(PLAIN, a_command())
    tracker.hold_off(T0)
    tracker.hold_off(T0 + 1)
    tracker.reached()
    tracker.hold_off(T0 + 10)
    assert tracker.next_alarm(T0 + 10) == T0 + 11


# What may still go


def test_nothing_goes_once_its_moment_has_passed() -> None:
    """However long the disk took: its window, and the minute for a second try."""
    tracker = tracker_with(RESENDING, a_command(window=600.0))
    make(tracker)
    tracker.unanswered("id-001", T0, 0.0)
    begin(tracker, T0 + 1)
    assert tracker.may_go("id-001", T0 + 59.9)
    assert not tracker.may_go("id-001", T0 + 60)
    assert not tracker.may_go("id-002", T0)


def test_what_has_ended_meanwhile_does_not_go() -> None:
    """Its window has passed while the disk was slow."""
    tracker = tracker_with(PLAIN, a_command(window=5.0))
    begin(tracker)
    tracker.tick(T0 + 5)
    assert not tracker.may_go("id-001", T0 + 4)


# After a start, a mark is looked up before anything is sent


def test_what_waited_is_looked_for_before_it_is_sent() -> None:
    """The files may be those of yesterday's backup, and the tablet has rebooted since."""
    tracker = reborn(tracker_with(SEARCHING, a_command()), SEARCHING, T0 + 1)
    errand = make(tracker, T0 + 1)
    assert (errand.lookup, ids(errand.commands)) == (True, ["id-001"])
    tracker.answered("id-001", said(CommandState.SUCCESS, command_id="c"), T0 + 1)
    assert tracker.next_errand(T0 + 1) is None
    assert known(tracker).state is CommandState.SUCCESS


def test_what_is_not_found_is_sent() -> None:
    """Nobody has sent it before."""
    tracker = reborn(tracker_with(SEARCHING, a_command()), SEARCHING, T0 + 1)
    make(tracker, T0 + 1)
    assert tracker.not_found("id-001", T0 + 1, 0.0) is None
    assert not make(tracker, T0 + 1).lookup


def test_what_cannot_be_looked_for_is_not_sent() -> None:
    """It is looked for again within its window, and then it was not sent."""
    tracker = reborn(tracker_with(SEARCHING, a_command()), SEARCHING, T0 + 1)
    make(tracker, T0 + 1)
    assert tracker.not_looked("id-001", T0 + 1, 0.0) is None
    assert tracker.next_alarm(T0 + 1) == T0 + 6
    assert make(tracker, T0 + 6).lookup
    tracker.not_looked("id-001", T0 + 59.5, 0.0)
    assert outcome_of(tracker.tick(T0 + WINDOW)) == (FAILURE, "not_sent")


def test_a_look_that_outlasts_the_window_decides() -> None:
    """It says whether a command was taken that we might call not sent."""
    tracker = reborn(tracker_with(SEARCHING, a_command()), SEARCHING, T0 + 1)
    errand = begin(tracker, T0 + 1)
    assert tracker.tick(T0 + WINDOW) == []
    tracker.done(errand, T0 + WINDOW + 1)
    tracker.not_looked("id-001", T0 + WINDOW + 1, 0.0)
    assert outcome_of(tracker.tick(T0 + WINDOW + 1)) == (FAILURE, "not_sent")


def test_what_was_looked_for_after_its_window_is_not_sent() -> None:
    """It is not there, and it is too late for it."""
    tracker = reborn(tracker_with(SEARCHING, a_command()), SEARCHING, T0 + 1)
    errand = begin(tracker, T0 + 1)
    assert tracker.tick(T0 + WINDOW) == []
    tracker.done(errand, T0 + WINDOW + 1)
    assert tracker.not_found("id-001", T0 + WINDOW + 1, 0.0) is None
    assert tracker.next_errand(T0 + WINDOW + 1) is None
    assert outcome_of(tracker.tick(T0 + WINDOW + 1)) == (FAILURE, "not_sent")


def test_what_is_being_looked_for_cannot_be_cancelled() -> None:
    """Nobody knows at that moment whether it was taken."""
    tracker = reborn(tracker_with(SEARCHING, a_command()), SEARCHING, T0 + 1)
    begin(tracker, T0 + 1)
    with pytest.raises(StillSendingError):
        tracker.withdraw("id-001", T0 + 2)


def test_a_new_command_is_sent_at_once() -> None:
    """It cannot be older than its own tracking id."""
    tracker = tracker_with(SEARCHING, a_command())
    assert not make(tracker).lookup


def test_where_a_repeat_is_harmless_nothing_is_looked_for() -> None:
    """The key does it."""
    tracker = reborn(tracker_with(RESENDING, a_command()), RESENDING, T0 + 1)
    assert not make(tracker, T0 + 1).lookup


def test_a_look_before_sending_about_what_was_forgotten_changes_nothing() -> None:
    """Whoever forgets is quicker than the cloud."""
    tracker = reborn(tracker_with(SEARCHING, a_command()), SEARCHING, T0 + 1)
    begin(tracker, T0 + 1)
    tracker.forget("id-001")
    assert tracker.not_found("id-001", T0 + 1, 0.0) is None
    assert tracker.not_looked("id-001", T0 + 1, 0.0) is None


# What the provider forbids survives a restart

RELAYS = replace(
    RESENDING,
    limits=(
        Limit(key=lambda _: "", count=5, seconds=60.0),
        Limit(key=lambda command: command.target, count=1, seconds=10.0),
    ),
)


def loaded_again(tracker: Tracker, now: float, policy: Policy = RELAYS) -> Tracker:
    """Return what comes up after a reload at a moment."""
    held_back = tracker.held_back(now)
    successor = Tracker(policy)
    successor.restore(tracker.journal(), (), now, held_back)
    return successor


def test_a_pause_that_was_asked_for_outlives_a_reload() -> None:
    """Loading the account again is no way round it."""
    tracker = Tracker(RELAYS)
    tracker.hold(T0, 600.0)
    tracker = loaded_again(tracker, T0 + 10)
    tracker.open(a_command(1, window=900.0))
    assert tracker.next_errand(T0 + 599) is None
    assert tracker.next_alarm(T0 + 10) == T0 + 600
    assert tracker.questions.free_at(T0 + 10) == T0 + 600


def test_a_pause_without_a_number_outlives_a_reload() -> None:
    """Neither is that."""
    tracker = Tracker(RELAYS)
    tracker.hold_off(T0)
    tracker.hold_off(T0 + 1)
    tracker = loaded_again(tracker, T0 + 2)
    tracker.open(a_command())
    assert tracker.next_alarm(T0 + 2) == T0 + 3


def test_a_forgotten_command_counts_for_its_limits() -> None:
    """The cloud does not forget it."""
    tracker = tracker_with(RELAYS, a_command(1, target="t"))
    make(tracker)
    tracker.forget("id-001")
    tracker.open(a_command(2, target="t"))
    assert tracker.next_errand(T0 + 5) is None
    tracker = loaded_again(tracker, T0 + 5)
    assert tracker.next_errand(T0 + 9) is None
    assert ids(make(tracker, T0 + 10.2).commands) == ["id-002"]


def test_a_clock_that_stands_earlier_makes_no_pause_longer() -> None:
    """Ten minutes are ten minutes."""
    tracker = Tracker(RELAYS)
    tracker.hold(T0, 600.0)
    held_back = tracker.held_back(T0)
    successor = Tracker(RELAYS)
    successor.restore((), (), T0 - DAY, held_back)
    assert successor.questions.free_at(T0 - DAY) == T0 - DAY + 600


@pytest.mark.parametrize(
    "nonsense",
    [
        7,
        [],
        {},
        {"at": "yesterday"},
        {"at": float("nan"), "hold_until": 9e99},
        {"at": T0, "hold_until": None, "meters": [[99, "", [1.0]], [0], "x", [0, "", ["y"]]]},
    ],
    ids=["number", "list", "nothing", "text", "no moment", "rows"],
)
def test_nonsense_on_the_disk_holds_nobody_back(nonsense: object) -> None:
    """It is nothing to fail for."""
    tracker = Tracker(RELAYS)
    tracker.restore((), (), T0, nonsense)
    tracker.open(a_command())
    assert ids(make(tracker).commands) == ["id-001"]


def test_where_nothing_holds_us_back_nothing_is_written() -> None:
    """A journal is written often."""
    tracker = tracker_with(RELAYS, a_command())
    make(tracker)
    assert tracker.held_back(T0) != {}
    assert tracker.held_back(T0 + 61) == {}


def test_a_clock_that_is_corrected_during_a_look_plans_no_end_for_it() -> None:
    """Its answer is waited for, and then the search has its end again."""
    tracker = unsure(SEARCHING)
    tracker = reborn(tracker, SEARCHING, T0 + 1)
    look = begin(tracker, T0 + 3)
    tracker.shift(3600.0)
    assert tracker.tick(T0 + 3603) == []
    tracker.done(look, T0 + 3603)
    tracker.not_found("id-001", T0 + 3603, 0.0)
    assert outcome_of(tracker.tick(T0 + 3640)) == (LOST, "interrupted")
