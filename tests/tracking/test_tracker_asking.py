"""Commands are asked about: how often, at what pace, and what a failed question means."""

from dataclasses import replace
from math import inf

from custom_components.command_status.tracking import (
    Cadence,
    CommandState,
    Observation,
    Pace,
    Tracker,
)

from .builders import (
    PLAIN,
    RESENDING,
    T0,
    WINDOW,
    a_command,
    be_taken,
    begin,
    ids,
    known,
    said,
    tracker_with,
)

SENT = CommandState.SENT


def tracker_asking(*numbers: int, window: float = WINDOW) -> Tracker:
    """Return a tracker whose commands were taken at the beginning."""
    tracker = tracker_with(PLAIN, *(a_command(number, window=window) for number in numbers))
    for _ in numbers:
        be_taken(tracker)
    return tracker


# How often


def test_the_alarm_rings_for_the_next_question() -> None:
    """And the one after it is counted from the question, however slow the answer is."""
    tracker = tracker_asking(1)
    assert tracker.next_alarm(T0) == T0 + 2
    assert tracker.due(T0 + 1.9) == []
    assert ids(tracker.due(T0 + 2)) == ["id-001"]
    tracker.observe("id-001", said(SENT), T0 + 2.5)
    assert tracker.next_alarm(T0 + 2.5) == T0 + 4


def test_a_command_is_not_asked_about_twice_at_the_same_time() -> None:
    """Its next question is planned with the answer."""
    tracker = tracker_asking(1)
    tracker.due(T0 + 2)
    assert tracker.due(T0 + 10) == []
    assert tracker.next_alarm(T0 + 10) == T0 + WINDOW


def test_another_policy_holds_from_the_next_question_on() -> None:
    """Also for what is to be sent, and for what is to be on disk."""
    tracker = tracker_asking(1)
    slowly = replace(PLAIN, cadence=Cadence(steps=((inf, 20.0),)), recovery=RESENDING.recovery)
    tracker.go_by(slowly)
    tracker.due(T0 + 2)
    tracker.observe("id-001", said(SENT), T0 + 2.5)
    assert tracker.next_alarm(T0 + 2.5) == T0 + 22
    sent = a_command(2, payload={"a": 1})
    tracker.open(sent)
    begin(tracker, T0 + 3)
    assert tracker.journal()[-1].payload == {"a": 1}


def test_an_old_command_is_asked_about_less_often() -> None:
    """Its age counts from the moment it was sent."""
    tracker = tracker_asking(1, window=600)
    tracker.due(T0 + 61)
    tracker.observe("id-001", said(SENT), T0 + 61)
    assert tracker.next_alarm(T0 + 61) == T0 + 71


def test_the_age_of_someone_elses_command_counts_from_its_tracking() -> None:
    """When it was sent is not known."""
    tracker = Tracker(PLAIN)
    tracker.adopt(a_command(window=600), T0)
    tracker.due(T0 + 61)
    tracker.observe("id-001", said(SENT), T0 + 61)
    assert tracker.next_alarm(T0 + 61) == T0 + 71


def test_the_longest_due_is_asked_about_first() -> None:
    """With more open commands each is asked about less often, fairly."""
    tracker = tracker_asking(1, 2, 3)
    assert ids(tracker.due(T0 + 2, 1)) == ["id-001"]
    tracker.observe("id-001", said(SENT), T0 + 2)
    assert ids(tracker.due(T0 + 5, 2)) == ["id-002", "id-003"]
    assert ids(tracker.due(T0 + 5, 1)) == ["id-001"]


def test_commands_of_one_request_become_due_together() -> None:
    """They were sent at different moments."""
    policy = replace(PLAIN, cadence=Cadence(steps=((inf, 5.0),), together=True))
    tracker = tracker_with(policy, a_command(1), a_command(2))
    be_taken(tracker, T0 + 1)
    be_taken(tracker, T0 + 3)
    assert ids(tracker.due(T0 + 5)) == ["id-001", "id-002"]


# What an answer means


def test_an_answer_counts_as_a_poll_and_as_seen() -> None:
    """A provider that knows a command no more means something else if it knew it before."""
    tracker = tracker_asking(1)
    assert not known(tracker).seen
    tracker.due(T0 + 2)
    tracker.observe("id-001", said(SENT), T0 + 2)
    assert (known(tracker).seen, known(tracker).polls) == (True, 1)


def test_what_was_seen_once_stays_seen() -> None:
    """Also when news comes in another way."""
    tracker = tracker_asking(1)
    tracker.due(T0 + 2)
    tracker.observe("id-001", said(SENT), T0 + 2)
    tracker.answered("id-001", said(CommandState.IN_PROGRESS), T0 + 3)
    assert (known(tracker).seen, known(tracker).stopping) == (True, False)
    tracker.cancelled("id-001", said(CommandState.IN_PROGRESS), T0 + 4)
    tracker.answered("id-001", said(SENT), T0 + 5)
    assert (known(tracker).seen, known(tracker).stopping) == (True, True)


def test_a_poll_without_news_is_no_transition() -> None:
    """Nothing is written, shown or woken for it; only the count goes on."""
    tracker = tracker_asking(1)
    tracker.due(T0 + 2)
    tracker.observe("id-001", said(SENT), T0 + 2)
    for moment in (T0 + 4, T0 + 6):
        tracker.due(moment)
        assert tracker.observe("id-001", said(SENT), moment) is None
    assert known(tracker).polls == 3
    assert [command.polls for command in tracker] == [3]


def test_an_unknown_word_goes_on_being_asked_about() -> None:
    """The command stays open until its window ends."""
    tracker = tracker_asking(1)
    tracker.due(T0 + 2)
    transition = tracker.observe("id-001", said(None), T0 + 2)
    assert transition is not None
    assert not transition.outcome
    assert (known(tracker).state, known(tracker).provider_state) == (SENT, "GIBBERISH")
    assert tracker.next_alarm(T0 + 2) == T0 + 4


def test_an_outcome_ends_the_questions() -> None:
    """Nothing is left to come back for."""
    tracker = tracker_asking(1)
    tracker.due(T0 + 2)
    transition = tracker.observe("id-001", said(CommandState.SUCCESS), T0 + 3)
    assert transition is not None
    assert transition.outcome
    assert transition.command.duration == 3
    assert tracker.is_idle
    assert tracker.next_alarm(T0 + 3) is None


def test_an_outcome_may_come_while_a_question_is_under_way() -> None:
    """Its answer is counted, and then nobody asks any more."""
    tracker = tracker_asking(1)
    tracker.due(T0 + 2)
    tracker.cancelled("id-001", said(CommandState.FAILURE), T0 + 2.5)
    assert not tracker.is_idle
    assert tracker.missed("id-001", T0 + 3, 0.0) is None
    assert tracker.is_idle
    assert known(tracker).polls == 1


# What a failed question means


def test_a_failed_poll_is_not_a_failed_command() -> None:
    """Nobody answered, so nothing is known."""
    tracker = tracker_asking(1)
    tracker.due(T0 + 2)
    assert tracker.missed("id-001", T0 + 2, 0.0) is None
    assert known(tracker).state is SENT
    assert not known(tracker).seen
    assert known(tracker).polls == 1


def test_a_command_that_is_missed_again_and_again_is_asked_about_less_often() -> None:
    """Until an answer comes; then it is asked about as usual."""
    tracker = tracker_asking(1, window=6000)
    now, pauses = T0 + 2, []
    for _ in range(7):
        tracker.due(now)
        tracker.missed("id-001", now, 0.0)
        following = tracker.next_alarm(now)
        assert following is not None
        pauses.append(following - now)
        now = following
    assert pauses == [2, 2, 4, 8, 16, 32, 60]
    tracker.due(now)
    tracker.observe("id-001", said(SENT), now)
    assert tracker.next_alarm(now) == now + 10
    tracker.due(now + 10)
    tracker.missed("id-001", now + 10, 0.0)
    assert tracker.next_alarm(now + 10) == now + 20


def test_an_unreachable_provider_is_left_alone_for_longer_and_longer() -> None:
    """The pause holds for the account, and ends with the first answer."""
    tracker = tracker_asking(1)
    tracker.unreachable(T0 + 2, 0.0)
    assert (tracker.due(T0 + 2.9), tracker.next_alarm(T0 + 2.9)) == ([], T0 + 3)
    tracker.unreachable(T0 + 3, 0.0)
    assert tracker.next_alarm(T0 + 3) == T0 + 5
    tracker.reached()
    tracker.unreachable(T0 + 5, 0.0)
    assert tracker.next_alarm(T0 + 5) == T0 + 6
    assert ids(tracker.due(T0 + 6)) == ["id-001"]


def test_requests_that_fail_together_count_as_one_failure() -> None:
    """Four at a time would otherwise be four steps."""
    tracker = tracker_asking(1)
    for _ in range(4):
        tracker.unreachable(T0 + 2, 0.0)
    assert tracker.next_alarm(T0 + 2) == T0 + 3


def test_an_account_survives_weeks_without_a_network() -> None:
    """Pauses have a cap, and the number of failures has none."""
    tracker = tracker_asking(1, window=30 * 86400)
    now = T0 + 2
    for _ in range(1200):
        tracker.due(now)
        tracker.unreachable(now, 0.0)
        tracker.missed("id-001", now, 0.0)
        alarm = tracker.next_alarm(now)
        assert alarm is not None
        now = alarm
    assert now <= T0 + 1201 * 60


# Limits


def test_a_hold_is_obeyed_to_the_second() -> None:
    """The provider has said for how long; a shorter word does not shorten it."""
    tracker = tracker_asking(1)
    tracker.open(a_command(2))
    tracker.hold(T0, 30.0)
    tracker.hold(T0, 10.0)
    assert (tracker.due(T0 + 29.9), tracker.next_errand(T0 + 29.9)) == ([], None)
    assert tracker.next_alarm(T0) == T0 + 30
    assert ids(tracker.due(T0 + 30)) == ["id-001"]
    assert tracker.next_errand(T0 + 30) is not None


def test_a_hold_also_stops_questions_that_were_taken_already() -> None:
    """A page that is still to be read has to wait like everything else."""
    tracker = tracker_asking(1)
    assert tracker.questions.free_at(T0) == T0
    tracker.hold(T0, 30.0)
    assert tracker.questions.free_at(T0 + 1) == T0 + 30
    tracker.questions.pace.running = PLAIN.pace.per_second
    assert tracker.questions.free_at(T0 + 30) is None


def test_the_pace_delays_the_alarm() -> None:
    """So many questions a second and no more, however many are due."""
    tracker = tracker_asking(1)
    for _ in range(PLAIN.pace.per_second):
        tracker.questions.pace.note(T0 + 2)
    assert tracker.next_alarm(T0 + 2) == T0 + 3.05


def test_the_pace_moves_with_the_clock() -> None:
    """A correction of the clock is no second."""
    tracker = tracker_asking(1)
    for _ in range(PLAIN.pace.per_second):
        tracker.questions.pace.note(T0 + 2)
    tracker.shift(3600.0)
    assert tracker.next_alarm(T0 + 3602) == T0 + 3603.05


def test_questions_under_way_can_use_up_the_pace() -> None:
    """Then only an answer helps, and the end of the window is what remains."""
    tracker = tracker_with(replace(PLAIN, pace=Pace(per_second=1)), a_command())
    be_taken(tracker)
    tracker.questions.pace.running = 1
    assert tracker.next_alarm(T0 + 2) == T0 + WINDOW


def test_the_alarm_leaves_out_what_there_is_no_room_for() -> None:
    """The end of a request brings the caller back anyway."""
    tracker = tracker_asking(1)
    tracker.open(a_command(2))
    assert tracker.next_alarm(T0) == T0
    assert tracker.next_alarm(T0, sending=False) == T0 + 2
    assert tracker.next_alarm(T0, sending=False, asking=False) == T0 + WINDOW


def test_an_observation_out_of_turn_counts_like_an_answer() -> None:
    """Somebody asked by hand."""
    tracker = tracker_asking(1)
    transition = tracker.observe("id-001", Observation(progress=50), T0 + 1)
    assert transition is not None
    assert known(tracker).progress == 50
    assert tracker.next_alarm(T0 + 1) == T0 + 3
