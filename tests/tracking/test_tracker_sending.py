"""Commands go out: accepted, sent, refused, postponed, looked for, stopped."""

from dataclasses import replace

import pytest

from custom_components.command_status.tracking import (
    ACCOUNT,
    CommandState,
    Limit,
    Phase,
    StillSendingError,
    Tracker,
)

from .builders import (
    IN_LANES,
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

FAILURE = CommandState.FAILURE
LOST = CommandState.LOST
TIMEOUT = CommandState.TIMEOUT


# Accepted


def test_a_command_is_seen_as_queued_first() -> None:
    """Two equal outcomes in a row are two changes."""
    tracker = Tracker(PLAIN)
    transition = tracker.open(a_command())
    assert (transition.before, transition.command) == (None, a_command())
    assert (tracker.newest(ACCOUNT), tracker.pending(ACCOUNT)) == (a_command(), 1)
    assert tracker.is_waiting("id-001")
    assert not tracker.is_idle


def test_a_command_of_someone_else_is_asked_about_and_never_sent() -> None:
    """The provider has it already."""
    tracker = Tracker(PLAIN)
    transition = tracker.adopt(a_command(command_id="c"), T0)
    assert transition.before is None
    assert transition.command.phase is Phase.TAKEN
    assert tracker.next_errand(T0) is None
    assert ids(tracker.due(T0)) == ["id-001"]


def test_a_command_that_had_ended_already_is_announced_once() -> None:
    """Whoever tracks it wants to hear the outcome like any other."""
    tracker = Tracker(PLAIN)
    tracker.adopt(a_command(command_id="c"), T0)
    tracker.observe("id-001", said(CommandState.SUCCESS), T0)
    assert [(c.state, c.late, c.polls) for c in tracker.unannounced] == [("success", False, 1)]
    assert tracker.is_idle


def test_a_command_of_someone_else_occupies_its_lane() -> None:
    """The hub does not mind who sent it."""
    tracker = Tracker(IN_LANES)
    tracker.adopt(a_command(1, network_id="hub"), T0)
    tracker.open(a_command(2, network_id="hub"))
    assert tracker.next_errand(T0) is None
    tracker.observe("id-001", said(CommandState.SUCCESS), T0 + 1)
    assert ids(begin(tracker, T0 + 1).commands) == ["id-002"]


# Sent


def test_a_command_that_is_being_sent_is_marked_before_it_is_sent() -> None:
    """The mark goes to the disk first, so that a crash leaves no doubt about the doubt."""
    tracker = tracker_with(PLAIN, a_command())
    errand = begin(tracker, T0 + 1)
    assert [(c.phase, c.sent_at) for c in errand.commands] == [(Phase.SENDING, T0 + 1)]
    assert [c.phase for c in tracker.journal()] == [Phase.SENDING]
    assert not tracker.is_waiting("id-001")


def test_a_command_is_not_sent_again_before_its_outcome_is_told() -> None:
    """Its request has ended, and nobody has said yet how."""
    tracker = tracker_with(PLAIN, a_command())
    make(tracker)
    assert tracker.next_errand(T0) is None
    assert tracker.next_alarm(T0) == T0 + WINDOW


def test_the_answer_names_the_state_and_the_id() -> None:
    """From then on the provider is asked, after the first pause."""
    tracker = tracker_with(PLAIN, a_command())
    command = be_taken(tracker, state=CommandState.ACKNOWLEDGED)
    assert (command.state, command.phase) == (CommandState.ACKNOWLEDGED, Phase.TAKEN)
    assert command.command_id == "cloud-id-001"
    assert tracker.due(T0) == []
    assert ids(tracker.due(T0 + 2)) == ["id-001"]


def test_an_answer_with_an_unknown_word_is_an_answer() -> None:
    """The command was taken, whatever that word means."""
    tracker = tracker_with(PLAIN, a_command())
    make(tracker)
    tracker.answered("id-001", said(None, command_id="c"), T0)
    assert known(tracker).state is CommandState.QUEUED
    assert known(tracker).provider_state == "GIBBERISH"
    assert ids(tracker.due(T0 + 2)) == ["id-001"]


def test_a_refusal_ends_the_command() -> None:
    """It releases its target for the next one at once."""
    tracker = tracker_with(PLAIN, a_command(1, target="t"), a_command(2, target="t"))
    make(tracker)
    transition = tracker.answered("id-001", said(FAILURE, reason="offline", settled=True), T0 + 1)
    assert transition is not None
    assert transition.outcome
    assert transition.before is not None
    assert transition.before.phase is Phase.SENDING
    assert outcome_of([transition]) == (FAILURE, "offline")
    assert ids(make(tracker, T0 + 1).commands) == ["id-002"]


def test_a_transition_tells_the_command_as_it_is_remembered() -> None:
    """Who publishes the one and writes down the other tells the same story."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    tracker.due(T0 + 2)
    transition = tracker.observe("id-001", said(CommandState.SUCCESS), T0 + 3)
    assert transition is not None
    assert transition.command == known(tracker) == tracker.unannounced[0]
    assert (transition.command.settled, transition.command.polls) == (True, 1)


# Certainly not taken


def test_a_busy_command_is_tried_again_after_the_pause_that_was_asked_for() -> None:
    """Or after the usual one, where nobody said for how long."""
    tracker = tracker_with(PLAIN, a_command())
    make(tracker)
    transition = tracker.postpone("id-001", T0 + 1, seconds=8.0, reason="busy")
    assert transition is not None
    assert not transition.outcome
    command = known(tracker)
    assert (command.state, command.phase, command.reason) == ("queued", Phase.WAITING, "busy")
    assert tracker.next_alarm(T0 + 1) == T0 + 9
    assert tracker.next_errand(T0 + 8.9) is None
    make(tracker, T0 + 9)
    tracker.postpone("id-001", T0 + 9, seconds=None, reason="busy")
    assert tracker.next_alarm(T0 + 9) == T0 + 9 + PLAIN.busy_pause


def test_a_second_try_keeps_the_moment_of_the_first() -> None:
    """The minute counts from there."""
    tracker = tracker_with(PLAIN, a_command(window=600))
    make(tracker)
    tracker.postpone("id-001", T0, seconds=30.0, reason="busy")
    make(tracker, T0 + 30)
    assert known(tracker).sent_at == T0
    transition = tracker.postpone("id-001", T0 + 31, seconds=30.0, reason="busy")
    assert transition is not None
    assert outcome_of([transition]) == (FAILURE, "busy")


@pytest.mark.parametrize(
    ("window", "seconds"), [(600.0, 60.0), (20.0, 20.0)], ids=["a minute", "the window"]
)
def test_a_command_that_may_not_be_tried_so_late_fails_with_the_reason(
    window: float, seconds: float
) -> None:
    """A gate must not open out of the blue."""
    tracker = tracker_with(PLAIN, a_command(window=window))
    make(tracker)
    transition = tracker.postpone("id-001", T0, seconds=seconds, reason="rate_limited")
    assert transition is not None
    assert outcome_of([transition]) == (FAILURE, "rate_limited")
    assert tracker.is_idle


def test_a_second_try_that_is_held_up_beyond_a_minute_is_not_made() -> None:
    """It waited for its turn, and its turn came too late."""
    first = a_command(1, target="t", window=600)
    tracker = tracker_with(PLAIN, first)
    make(tracker)
    tracker.postpone("id-001", T0, seconds=5.0, reason="busy")
    tracker.hold(T0, 300.0)
    assert tracker.next_alarm(T0) == T0 + 60
    assert tracker.tick(T0 + 59.9) == []
    assert outcome_of(tracker.tick(T0 + 60)) == (FAILURE, "busy")
    assert tracker.next_errand(T0 + 300) is None


def test_a_second_request_may_outlast_the_minute() -> None:
    """It began in time, and its answer decides."""
    tracker = tracker_with(RESENDING, a_command(window=600))
    make(tracker)
    tracker.unanswered("id-001", T0 + 20, 0.0)
    errand = begin(tracker, T0 + 21)
    assert tracker.tick(T0 + 75) == []
    tracker.done(errand, T0 + 76)
    tracker.answered("id-001", said(CommandState.SENT, command_id="c"), T0 + 76)
    assert known(tracker).state is CommandState.SENT
    assert tracker.tick(T0 + 599) == []
    assert outcome_of(tracker.tick(T0 + 600)) == (TIMEOUT, None)


# Never carried out


def test_a_recalled_command_was_never_sent() -> None:
    """The disk refused, so nothing went out; no limit and no minute counts it."""
    policy = replace(PLAIN, limits=(Limit(key=lambda _: "", count=1, seconds=10.0),))
    tracker = tracker_with(policy, a_command(window=600))
    assert tracker.recall(begin(tracker), T0 + 1, 5.0) == []
    assert (known(tracker).phase, known(tracker).sent_at) == (Phase.WAITING, None)
    assert tracker.is_waiting("id-001")
    assert tracker.next_alarm(T0 + 1) == T0 + 6
    assert begin(tracker, T0 + 100).commands[0].sent_at == T0 + 100


def test_a_recalled_second_try_remembers_the_first() -> None:
    """The minute goes on."""
    tracker = tracker_with(PLAIN, a_command(window=600))
    make(tracker)
    tracker.postpone("id-001", T0, seconds=5.0, reason="busy")
    tracker.recall(begin(tracker, T0 + 5), T0 + 5, 100.0)
    assert known(tracker).sent_at == T0
    assert outcome_of(tracker.tick(T0 + 60)) == (FAILURE, "busy")


def test_a_recalled_resending_stays_unsure() -> None:
    """The first request may have been taken all the same."""
    tracker = tracker_with(RESENDING, a_command(window=600))
    make(tracker)
    tracker.unanswered("id-001", T0, 0.0)
    assert tracker.recall(begin(tracker, T0 + 1), T0 + 2, 5.0) == []
    assert known(tracker).phase is Phase.UNSURE
    assert outcome_of(tracker.tick(T0 + 61)) == (LOST, "no_answer")


def test_a_recall_that_comes_too_late_is_the_end() -> None:
    """It may be later than our own clock tells."""
    tracker = tracker_with(RESENDING, a_command(1, window=600), a_command(2))
    make(tracker)
    tracker.unanswered("id-001", T0, 0.0)
    repeat, first = begin(tracker, T0 + 1), begin(tracker, T0 + 1)
    later = T0 + 3600
    assert outcome_of(tracker.recall(first, T0 + 2, 0.0, later)) == (FAILURE, "not_sent")
    assert outcome_of(tracker.recall(repeat, T0 + 2, 0.0, later)) == (LOST, "no_answer")


def test_a_window_that_ended_before_a_recall_means_not_sent() -> None:
    """It counted as being sent while the disk was tried, and so as timed out."""
    tracker = tracker_with(PLAIN, a_command())
    errand = begin(tracker)
    assert outcome_of(tracker.tick(T0 + WINDOW)) == (TIMEOUT, None)
    transitions = tracker.recall(errand, T0 + WINDOW + 1, 5.0)
    assert outcome_of(transitions) == (FAILURE, "not_sent")
    assert transitions[0].command.late
    assert tracker.is_idle


def test_what_was_forgotten_is_not_taken_back() -> None:
    """The action that sent it was told that the disk refused."""
    tracker = tracker_with(SEARCHING, a_command(1, batch="b"), a_command(2, batch="b"))
    errand = begin(tracker)
    tracker.forget("id-001")
    assert tracker.recall(errand, T0, 5.0) == []
    assert ids(make(tracker, T0 + 5).commands) == ["id-002"]


# Nobody knows whether it was taken


def test_without_a_way_to_know_a_command_is_lost_at_once() -> None:
    """Sending it again might do it twice."""
    tracker = tracker_with(PLAIN, a_command())
    make(tracker)
    transition = tracker.unanswered("id-001", T0 + 30, 0.5)
    assert transition is not None
    assert outcome_of([transition]) == (LOST, "no_answer")
    assert tracker.is_idle


def test_where_the_same_key_makes_it_harmless_it_is_sent_again() -> None:
    """It stays unsure until an answer comes."""
    tracker = tracker_with(RESENDING, a_command(window=600))
    make(tracker)
    transition = tracker.unanswered("id-001", T0 + 10, 0.0)
    assert transition is not None
    assert (transition.command.phase, transition.command.state) == (Phase.UNSURE, "queued")
    errand = make(tracker, T0 + 11)
    assert (errand.lookup, errand.commands[0].phase) == (False, Phase.UNSURE)
    tracker.answered("id-001", said(CommandState.SENT, command_id="c"), T0 + 11)
    assert known(tracker).phase is Phase.TAKEN


def test_resending_ends_and_leaves_it_lost() -> None:
    """After the last pause, or after a minute, nothing more can be done."""
    tracker = tracker_with(RESENDING, a_command(window=600))
    make(tracker)
    for moment in (T0 + 1, T0 + 3, T0 + 6):
        tracker.unanswered("id-001", moment, 0.0)
        make(tracker, moment + 30)
    transition = tracker.unanswered("id-001", T0 + 40, 0.0)
    assert transition is not None
    assert outcome_of([transition]) == (LOST, "no_answer")


def test_a_busy_answer_to_a_resending_does_not_make_it_certain() -> None:
    """The first request may have been taken; so it is tried again, or lost, but never failed."""
    tracker = tracker_with(RESENDING, a_command(window=600))
    make(tracker)
    tracker.unanswered("id-001", T0, 0.0)
    make(tracker, T0 + 1)
    assert tracker.postpone("id-001", T0 + 1, seconds=10.0, reason="busy") is None
    assert known(tracker).phase is Phase.UNSURE
    assert tracker.next_alarm(T0 + 1) == T0 + 11
    make(tracker, T0 + 11)
    transition = tracker.postpone("id-001", T0 + 11, seconds=60.0, reason="busy")
    assert transition is not None
    assert outcome_of([transition]) == (LOST, "no_answer")


def test_a_command_with_a_mark_is_looked_for_and_never_sent_again() -> None:
    """However often the search fails."""
    tracker = tracker_with(SEARCHING, a_command(window=600))
    make(tracker)
    tracker.unanswered("id-001", T0, 0.0)
    assert tracker.next_alarm(T0) == T0 + 2
    assert make(tracker, T0 + 2).lookup
    tracker.unanswered("id-001", T0 + 2, 0.0)
    assert make(tracker, T0 + 5).lookup
    transition = tracker.unanswered("id-001", T0 + 5, 0.0)
    assert transition is not None
    assert outcome_of([transition]) == (LOST, "no_answer")
    assert tracker.next_errand(T0 + 100) is None


def test_a_command_that_was_found_is_asked_about() -> None:
    """As if the first answer had come."""
    tracker = tracker_with(SEARCHING, a_command(window=600))
    make(tracker)
    tracker.unanswered("id-001", T0, 0.0)
    make(tracker, T0 + 2)
    tracker.answered("id-001", said(CommandState.SENT, command_id="c"), T0 + 2)
    assert known(tracker).phase is Phase.TAKEN
    assert ids(tracker.due(T0 + 4)) == ["id-001"]
    assert outcome_of(tracker.tick(T0 + 600)) == (TIMEOUT, None)


# Stopped


def test_a_command_in_our_queue_is_simply_taken_out() -> None:
    """Nobody else knows of it."""
    tracker = tracker_with(PLAIN, a_command())
    transition = tracker.withdraw("id-001", T0 + 1)
    assert transition is not None
    assert outcome_of([transition]) == (CommandState.CANCELLED, None)
    assert tracker.next_errand(T0 + 1) is None
    assert tracker.is_idle


def test_a_postponed_command_can_be_taken_out() -> None:
    """It was certainly not taken so far."""
    tracker = tracker_with(PLAIN, a_command())
    make(tracker)
    tracker.postpone("id-001", T0, seconds=5.0, reason="busy")
    assert tracker.withdraw("id-001", T0 + 1) is not None
    assert tracker.next_errand(T0 + 5) is None


def test_a_command_on_its_way_cannot_be_taken_out() -> None:
    """Nor can the provider be asked, as long as there is no id."""
    tracker = tracker_with(PLAIN, a_command())
    begin(tracker)
    with pytest.raises(StillSendingError):
        tracker.withdraw("id-001", T0)
    assert known(tracker).phase is Phase.SENDING


def test_a_command_that_nobody_knows_of_cannot_be_taken_out() -> None:
    """It may have been taken."""
    tracker = tracker_with(SEARCHING, a_command())
    make(tracker)
    tracker.unanswered("id-001", T0, 0.0)
    with pytest.raises(StillSendingError):
        tracker.withdraw("id-001", T0)
    assert known(tracker).phase is Phase.UNSURE


def test_a_command_that_was_taken_is_for_the_provider_to_stop() -> None:
    """The caller has to ask it."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    assert tracker.withdraw("id-001", T0) is None
    assert known(tracker).state is CommandState.SENT


def test_a_command_that_has_ended_cannot_be_stopped() -> None:
    """Its outcome stays."""
    tracker = tracker_with(PLAIN, a_command())
    tracker.tick(T0 + WINDOW)
    assert tracker.withdraw("id-001", T0 + WINDOW) is None
    assert known(tracker).state is FAILURE


def test_the_provider_may_stop_it_at_our_request() -> None:
    """The device may have been quicker, so a late outcome is looked for."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    transition = tracker.cancelled("id-001", said(CommandState.CANCELLED), T0 + 1)
    assert transition is not None
    assert outcome_of([transition]) == (CommandState.CANCELLED, None)
    assert ids(tracker.due(T0 + 31)) == ["id-001"]
    late = tracker.observe("id-001", said(CommandState.SUCCESS), T0 + 31)
    assert late is not None
    assert (late.command.state, late.command.late) == (CommandState.SUCCESS, True)


def test_a_wish_to_stop_is_remembered_until_the_command_has_ended() -> None:
    """The provider accepts it now and cancels later; a crash in between must not forget it."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    transition = tracker.cancelled("id-001", said(CommandState.SENT), T0 + 1)
    assert transition is not None
    assert not transition.outcome
    assert [command.stopping for command in tracker.journal()] == [True]
    tracker.due(T0 + 2)
    tracker.observe("id-001", said(CommandState.CANCELLED), T0 + 2)
    assert not tracker.is_idle


def test_stopping_what_has_ended_meanwhile_changes_nothing() -> None:
    """The answer to our wish came after the outcome."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    tracker.answered("id-001", said(CommandState.SUCCESS), T0 + 1)
    tracker.cancelled("id-001", said(CommandState.CANCELLED), T0 + 2)
    assert known(tracker).state is CommandState.SUCCESS
    assert not known(tracker).stopping


# Forgotten


def test_what_was_forgotten_is_gone() -> None:
    """It is neither sent nor shown, written nor announced."""
    tracker = tracker_with(PLAIN, a_command(1), a_command(2))
    tracker.tick(T0 + WINDOW)
    assert tracker.forget("id-002").state is FAILURE
    newest = tracker.newest(ACCOUNT)
    assert newest is not None
    assert newest.tracking_id == "id-001"
    assert ids(tracker.unannounced) == ids(tracker.journal()) == ["id-001"]
    with pytest.raises(KeyError):
        tracker.forget("id-002")


def test_answers_about_what_was_forgotten_are_dropped() -> None:
    """Its requests were under way."""
    tracker = tracker_with(IN_LANES, a_command(1, network_id="n"), a_command(2, network_id="n"))
    errand = begin(tracker)
    tracker.forget("id-001")
    tracker.done(errand, T0)
    news = said(CommandState.SUCCESS)
    assert tracker.answered("id-001", news, T0) is None
    assert tracker.postpone("id-001", T0, seconds=1.0, reason="busy") is None
    assert tracker.unanswered("id-001", T0, 0.0) is None
    assert tracker.cancelled("id-001", news, T0) is None
    assert tracker.observe("id-001", news, T0) is None
    assert tracker.missed("id-001", T0, 0.0) is None
    assert tracker.get("id-001") is None
    assert ids(make(tracker).commands) == ["id-002"]


def test_a_forgotten_command_leaves_no_alarm() -> None:
    """With nothing open there is nothing to come back for."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    tracker.forget("id-001")
    assert tracker.next_alarm(T0) is None
    assert tracker.due(T0 + 2) == []
    assert tracker.tick(T0 + WINDOW) == []
