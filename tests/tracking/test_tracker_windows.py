"""Wait windows: how they end, and what comes after them."""

import pytest

from custom_components.command_status.tracking import CommandState, Phase, Policy, Tracker

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
    said,
    tracker_with,
)

END = T0 + WINDOW

FAILURE = CommandState.FAILURE
LOST = CommandState.LOST
SCHEDULED = CommandState.SCHEDULED
SENT = CommandState.SENT
SUCCESS = CommandState.SUCCESS
TIMEOUT = CommandState.TIMEOUT


def timed_out() -> Tracker:
    """Return a tracker whose only command was taken and timed out."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    assert outcome_of(tracker.tick(END)) == (TIMEOUT, None)
    return tracker


# How a window ends


def test_a_command_still_in_our_queue_was_not_sent() -> None:
    """And never will be."""
    tracker = tracker_with(PLAIN, a_command())
    tracker.hold(T0, 300.0)
    assert tracker.next_alarm(T0) == END
    assert tracker.tick(END - 0.1) == []
    assert outcome_of(tracker.tick(END)) == (FAILURE, "not_sent")
    assert tracker.next_errand(T0 + 300) is None
    assert tracker.is_idle


def test_a_command_that_was_busy_until_the_end_says_so() -> None:
    """The provider's reason explains more than ours."""
    tracker = tracker_with(PLAIN, a_command(window=20))
    make(tracker)
    tracker.postpone("id-001", T0, seconds=19.0, reason="busy")
    tracker.hold(T0, 300.0)
    assert outcome_of(tracker.tick(T0 + 20)) == (FAILURE, "busy")


@pytest.mark.parametrize("state", [CommandState.QUEUED, SCHEDULED, SENT])
def test_a_command_that_was_taken_times_out(state: CommandState) -> None:
    """Also one that the provider will start later, at its own time."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker, state=state)
    transitions = tracker.tick(END)
    assert outcome_of(transitions) == (TIMEOUT, None)
    assert transitions[0].command.provider_state == state.upper()
    assert transitions[0].command.finished_at == END


def test_a_timeout_at_an_offline_target_names_the_likely_cause() -> None:
    """The list of targets knew it all along."""
    tracker = tracker_with(PLAIN, a_command(offline=True))
    be_taken(tracker)
    assert outcome_of(tracker.tick(END)) == (TIMEOUT, "the target was offline")


def test_several_windows_end_in_their_order() -> None:
    """An alarm that is a little late ends them all."""
    tracker = tracker_with(PLAIN, a_command(1, window=9.0), a_command(2, window=8.5))
    assert ids(tracker.tick(T0 + 10)) == ["id-002", "id-001"]


def test_an_ended_command_leaves_no_alarm_behind() -> None:
    """A window of days would otherwise ring long after everybody has gone."""
    tracker = tracker_with(PLAIN, a_command(window=86400.0))
    be_taken(tracker)
    tracker.answered("id-001", said(SUCCESS), T0 + 1)
    assert tracker.next_alarm(T0 + 1) is None
    assert tracker.tick(T0 + 86400) == []


# Late outcomes


def test_a_late_outcome_is_looked_for_slowly() -> None:
    """And announced once more, as late."""
    tracker = timed_out()
    tracker.announced(tracker.unannounced)
    assert tracker.next_alarm(END) == END + 30
    assert ids(tracker.due(END + 30)) == ["id-001"]
    tracker.observe("id-001", said(SENT), END + 30)
    assert known(tracker).state is TIMEOUT
    assert ids(tracker.unannounced) == []
    assert tracker.next_alarm(END + 30) == END + 60
    tracker.due(END + 60)
    transition = tracker.observe("id-001", said(SUCCESS), END + 61)
    assert transition is not None
    assert transition.outcome
    assert outcome_of([transition]) == (SUCCESS, None)
    assert [(c.state, c.late, c.finished_at) for c in tracker.unannounced] == [
        (SUCCESS, True, END + 61)
    ]
    assert tracker.is_idle


def test_a_missed_look_does_not_change_the_plan() -> None:
    """It was slow enough already."""
    tracker = timed_out()
    tracker.due(END + 30)
    tracker.missed("id-001", END + 31, 0.0)
    assert tracker.next_alarm(END + 31) == END + 60


def test_a_late_outcome_is_looked_for_for_a_while_only() -> None:
    """Then the timeout stays, and its polls are still known."""
    tracker = timed_out()
    moment = tracker.next_alarm(END)
    while moment is not None:
        tracker.due(moment)
        tracker.observe("id-001", said(SENT), moment)
        moment = tracker.next_alarm(moment)
    assert tracker.is_idle
    command = known(tracker)
    assert (command.state, command.settled, command.polls) == (TIMEOUT, True, 20)


def test_the_providers_own_timeout_ends_the_search() -> None:
    """It is its last word, and it is no correction of ours."""
    tracker = timed_out()
    tracker.announced(tracker.unannounced)
    tracker.due(END + 30)
    transition = tracker.observe("id-001", said(TIMEOUT, settled=True), END + 30)
    assert transition is not None
    assert not transition.outcome
    assert ids(tracker.unannounced) == []
    assert tracker.is_idle


def test_a_late_outcome_may_come_by_itself() -> None:
    """Somebody else may have asked, and nothing is looked for then."""
    tracker = timed_out()
    transition = tracker.answered("id-001", said(SUCCESS), END + 5)
    assert transition is not None
    assert transition.command.late
    assert tracker.next_alarm(END + 5) is None
    assert tracker.due(END + 30) == []


def test_a_late_outcome_may_come_when_nobody_looks_any_more() -> None:
    """The provider's last word was not; it corrects the timeout all the same."""
    tracker = timed_out()
    tracker.answered("id-001", said(TIMEOUT, settled=True), END + 5)
    assert tracker.is_idle
    transition = tracker.answered("id-001", said(SUCCESS), END + 10)
    assert transition is not None
    assert (transition.command.state, transition.command.late) == (SUCCESS, True)
    assert tracker.is_idle


def test_a_window_may_end_while_a_question_is_under_way() -> None:
    """Its answer is a late outcome, or plans the search for one."""
    tracker = tracker_with(PLAIN, a_command(1), a_command(2))
    be_taken(tracker)
    be_taken(tracker)
    assert ids(tracker.due(END - 1)) == ["id-001", "id-002"]
    assert len(tracker.tick(END)) == 2
    assert tracker.next_alarm(END) is None
    late = tracker.observe("id-001", said(SUCCESS), END + 1)
    assert late is not None
    assert late.command.late
    tracker.observe("id-002", said(SENT), END + 1)
    assert tracker.next_alarm(END + 1) == END + 30


# A request that sends is still under way


def test_a_command_times_out_while_it_is_being_sent() -> None:
    """It may have been taken, so this is no failure; the answer may correct it."""
    tracker = tracker_with(PLAIN, a_command())
    errand = begin(tracker)
    assert outcome_of(tracker.tick(END)) == (TIMEOUT, None)
    assert not tracker.is_idle
    tracker.done(errand, END + 5)
    transition = tracker.answered("id-001", said(SUCCESS, command_id="c"), END + 5)
    assert transition is not None
    assert (transition.command.state, transition.command.late) == (SUCCESS, True)
    assert tracker.is_idle


def test_a_command_that_turns_out_to_be_taken_is_looked_for() -> None:
    """Its id is known now."""
    tracker = tracker_with(PLAIN, a_command())
    errand = begin(tracker)
    tracker.tick(END)
    assert tracker.next_alarm(END) is None
    tracker.done(errand, END + 5)
    tracker.answered("id-001", said(SENT, command_id="c"), END + 5)
    assert known(tracker).command_id == "c"
    assert tracker.next_alarm(END + 5) == END + 30


def test_a_command_that_turns_out_to_be_refused_has_failed() -> None:
    """A busy answer after the window is certain, and final."""
    tracker = tracker_with(PLAIN, a_command())
    errand = begin(tracker)
    tracker.tick(END)
    tracker.done(errand, END + 5)
    transition = tracker.postpone("id-001", END + 5, seconds=1.0, reason="busy")
    assert transition is not None
    assert outcome_of([transition]) == (FAILURE, "busy")
    assert transition.command.late
    assert tracker.is_idle


@pytest.mark.parametrize("policy", [PLAIN, RESENDING, SEARCHING], ids=["plain", "key", "mark"])
def test_a_timed_out_command_without_an_answer_stays_timed_out(policy: Policy) -> None:
    """Nothing more will be learned: the user was told already that nobody knows."""
    tracker = tracker_with(policy, a_command())
    errand = begin(tracker)
    tracker.tick(END)
    tracker.done(errand, END + 5)
    transition = tracker.unanswered("id-001", END + 5, 0.0)
    assert transition is not None
    assert not transition.outcome
    assert (known(tracker).state, known(tracker).settled) == (TIMEOUT, True)
    assert tracker.is_idle


def test_a_window_may_end_between_two_tries() -> None:
    """Nothing may be sent any more, so nobody will ever know."""
    tracker = tracker_with(RESENDING, a_command())
    errand = begin(tracker, END - 10)
    tracker.done(errand, END - 1)
    tracker.unanswered("id-001", END - 1.5, 0.0)
    assert known(tracker).phase is Phase.UNSURE
    assert outcome_of(tracker.tick(END)) == (LOST, "no_answer")


def test_a_window_may_end_during_the_second_try() -> None:
    """Its answer may still tell, so it is not lost yet."""
    tracker = tracker_with(RESENDING, a_command())
    make(tracker, END - 10)
    tracker.unanswered("id-001", END - 9, 0.0)
    errand = begin(tracker, END - 8)
    assert outcome_of(tracker.tick(END)) == (TIMEOUT, None)
    tracker.done(errand, END + 1)
    transition = tracker.answered("id-001", said(SUCCESS, command_id="c"), END + 1)
    assert transition is not None
    assert transition.command.late


def test_a_busy_answer_after_the_second_try_leaves_a_timeout() -> None:
    """The first request may have been taken, so it is no failure; the timeout stays as it was."""
    tracker = tracker_with(RESENDING, a_command())
    make(tracker, END - 10)
    tracker.unanswered("id-001", END - 9, 0.0)
    errand = begin(tracker, END - 8)
    tracker.tick(END)
    tracker.done(errand, END + 1)
    tracker.postpone("id-001", END + 1, seconds=1.0, reason="busy")
    command = known(tracker)
    assert (command.state, command.finished_at, command.settled) == (TIMEOUT, END, True)
    assert tracker.is_idle


def test_a_search_may_outlast_the_window() -> None:
    """It takes half a minute, and its answer is worth more than a timeout."""
    tracker = tracker_with(SEARCHING, a_command())
    errand = begin(tracker, END - 1)
    tracker.done(errand, END - 1)
    tracker.unanswered("id-001", END - 1, 0.0)
    assert tracker.tick(END) == []
    assert tracker.next_alarm(END) == END + 1
    make(tracker, END + 1)
    tracker.unanswered("id-001", END + 1, 0.0)
    make(tracker, END + 4)
    lost = tracker.unanswered("id-001", END + 4, 0.0)
    assert lost is not None
    assert outcome_of([lost]) == (LOST, "no_answer")


def test_what_a_search_finds_after_the_window_is_asked_about_once_more() -> None:
    """Nobody could ask while it was being looked for."""
    tracker = tracker_with(SEARCHING, a_command())
    errand = begin(tracker, END - 1)
    tracker.done(errand, END - 1)
    tracker.unanswered("id-001", END - 1, 0.0)
    tracker.tick(END)
    make(tracker, END + 1)
    tracker.unanswered("id-001", END + 1, 0.0)
    make(tracker, END + 4)
    tracker.answered("id-001", said(SENT, command_id="c"), END + 4)
    assert tracker.tick(END + 4) == []
    assert ids(tracker.due(END + 4)) == ["id-001"]
    transition = tracker.observe("id-001", said(SUCCESS), END + 5)
    assert transition is not None
    assert (transition.command.state, transition.command.late) == (SUCCESS, False)


# Nobody could ask


def overslept() -> Tracker:
    """Return a tracker that wakes up long after the window of its command has ended."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    assert tracker.tick(END + 3600) == []
    return tracker


WAKE = END + 3600


def test_a_window_that_ended_in_our_sleep_gets_one_more_question() -> None:
    """The outcome may well be known by now."""
    tracker = overslept()
    assert tracker.next_alarm(WAKE) == WAKE
    assert ids(tracker.due(WAKE)) == ["id-001"]
    transition = tracker.observe("id-001", said(SUCCESS), WAKE + 1)
    assert transition is not None
    assert (transition.command.state, transition.command.late) == (SUCCESS, False)


def test_the_one_more_question_decides() -> None:
    """What is open then has timed out."""
    tracker = overslept()
    tracker.due(WAKE)
    transition = tracker.observe("id-001", said(CommandState.IN_PROGRESS), WAKE + 1)
    assert transition is not None
    assert outcome_of([transition]) == (TIMEOUT, None)
    assert ids(tracker.due(WAKE + 31)) == ["id-001"]


def test_the_one_more_question_may_fail() -> None:
    """Then it has timed out as well."""
    tracker = overslept()
    tracker.due(WAKE)
    transition = tracker.missed("id-001", WAKE + 1, 0.0)
    assert transition is not None
    assert outcome_of([transition]) == (TIMEOUT, None)


def test_the_one_more_question_has_ten_seconds() -> None:
    """The provider may not answer at all."""
    tracker = overslept()
    tracker.due(WAKE)
    assert tracker.next_alarm(WAKE) == WAKE + 10
    assert tracker.tick(WAKE + 9.9) == []
    assert outcome_of(tracker.tick(WAKE + 10)) == (TIMEOUT, None)


def test_a_question_that_was_under_way_is_the_one_more() -> None:
    """It was asked before the sleep, and its answer is as good."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    tracker.due(T0 + 2)
    assert tracker.tick(WAKE) == []
    assert tracker.due(WAKE) == []
    assert tracker.missed("id-001", WAKE + 1, 0.0) is not None


def test_an_alarm_that_is_a_little_late_is_no_sleep() -> None:
    """The window ended as it should, and a slow machine does not extend it."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    assert outcome_of(tracker.tick(END + 1.9)) == (TIMEOUT, None)


def test_what_was_not_sent_before_the_sleep_is_never_sent() -> None:
    """There is nobody to ask about it."""
    tracker = tracker_with(PLAIN, a_command())
    assert outcome_of(tracker.tick(WAKE)) == (FAILURE, "not_sent")


# The clock is corrected


def test_a_corrected_clock_ends_no_window() -> None:
    """Everything that still runs moves along, whatever it waits for."""
    tracker = tracker_with(PLAIN, a_command(1), a_command(2), a_command(3, window=300.0))
    be_taken(tracker)
    be_taken(tracker)
    tracker.due(T0 + 2, 1)
    make(tracker)
    tracker.postpone("id-003", T0, seconds=50.0, reason="busy")
    tracker.unreachable(T0 + 2, 0.0)
    hour = 3600.0
    tracker.shift(hour)
    assert tracker.tick(T0 + hour) == []
    assert tracker.due(T0 + hour + 2.9) == []
    assert ids(tracker.due(T0 + hour + 3)) == ["id-002"]
    assert tracker.next_errand(T0 + hour + 49) is None
    assert tracker.next_alarm(T0 + hour + 3) == T0 + hour + 50
    moved = known(tracker, "id-003")
    assert (moved.created_at, moved.sent_at, moved.deadline) == (
        T0 + hour,
        T0 + hour,
        T0 + hour + 300.0,
    )
    assert ids(tracker.tick(END + hour)) == ["id-001", "id-002", "id-003"]
    assert known(tracker, "id-003").reason == "busy"


def test_a_corrected_clock_moves_the_search_for_a_late_outcome() -> None:
    """Its end as well, so the moment of the timeout moves with it."""
    tracker = timed_out()
    tracker.questions.pace.note(END)
    tracker.shift(-3600.0)
    assert tracker.next_alarm(END - 3600) == END - 3600 + 30
    assert known(tracker).finished_at == END - 3600


def test_a_corrected_clock_moves_the_one_more_question() -> None:
    """Ten seconds are ten seconds."""
    tracker = overslept()
    tracker.due(WAKE)
    tracker.shift(-3600.0)
    assert tracker.tick(WAKE - 3600 + 9.9) == []
    assert outcome_of(tracker.tick(WAKE - 3600 + 10)) == (TIMEOUT, None)
