"""What must be remembered: the journal, announcements, the history, and restarts."""

from dataclasses import replace

import pytest

from custom_components.command_status.tracking import (
    ACCOUNT,
    Command,
    CommandState,
    Limit,
    Phase,
    Policy,
    Tracker,
    target_key,
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
    reborn,
    said,
    tracker_with,
)

END = T0 + WINDOW
DAY = 86400.0

FAILURE = CommandState.FAILURE
LOST = CommandState.LOST
SENT = CommandState.SENT
SUCCESS = CommandState.SUCCESS
TIMEOUT = CommandState.TIMEOUT

SECRET = {"password": "rosebud"}
SHOWN = {"password": "**REDACTED**"}


# What the journal holds


def test_the_journal_holds_what_is_open() -> None:
    """From the moment it was accepted, before anything is sent."""
    tracker = tracker_with(PLAIN, a_command(1), a_command(2))
    assert tracker.journal() == (a_command(1), a_command(2))


def test_the_journal_keeps_an_outcome_until_the_history_has_it() -> None:
    """It is announced, then archived, then let go; a crash in between loses nothing."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    tracker.answered("id-001", said(SUCCESS), T0 + 1)
    assert ids(tracker.unannounced) == ids(tracker.journal()) == ["id-001"]
    assert ids(tracker.unarchived) == []
    tracker.announced(tracker.unannounced)
    assert ids(tracker.unannounced) == []
    assert ids(tracker.unarchived) == ids(tracker.journal()) == ["id-001"]
    tracker.archived(tracker.unarchived)
    assert tracker.unarchived == tracker.journal() == ()
    assert known(tracker).state is SUCCESS


def test_outcomes_are_announced_in_the_order_in_which_they_were_learned() -> None:
    """Not in the order in which the commands were accepted."""
    tracker = tracker_with(PLAIN, a_command(1), a_command(2))
    be_taken(tracker)
    be_taken(tracker)
    tracker.answered("id-002", said(SUCCESS), T0 + 1)
    tracker.answered("id-001", said(SUCCESS), T0 + 2)
    assert ids(tracker.unannounced) == ["id-002", "id-001"]


def test_a_correction_while_the_timeout_is_announced_is_announced_as_well() -> None:
    """What was written down and told was the timeout; the correction has its own turn."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    tracker.tick(END)
    being_announced = tracker.unannounced
    tracker.answered("id-001", said(SUCCESS), END + 1)
    tracker.announced(being_announced)
    assert [(c.state, c.late) for c in tracker.unannounced] == [(SUCCESS, True)]
    tracker.announced(tracker.unannounced)
    assert ids(tracker.unannounced) == []


def test_a_correction_while_the_timeout_is_archived_is_archived_as_well() -> None:
    """The history holds the timeout only, so the journal keeps the correction."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    tracker.tick(END)
    tracker.announced(tracker.unannounced)
    being_archived = tracker.unarchived
    tracker.answered("id-001", said(SUCCESS), END + 1)
    tracker.archived(being_archived)
    assert ids(tracker.unarchived) == []
    assert [command.state for command in tracker.journal()] == [SUCCESS]
    tracker.announced(tracker.unannounced)
    assert [(c.state, c.late) for c in tracker.unarchived] == [(SUCCESS, True)]


def test_a_poll_while_it_is_archived_does_not_matter() -> None:
    """The number of polls alone is not worth another line on disk."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    tracker.due(T0 + 2)
    tracker.observe("id-001", said(SENT), T0 + 2)
    tracker.tick(END)
    tracker.announced(tracker.unannounced)
    being_archived = tracker.unarchived
    tracker.due(END + 30)
    tracker.observe("id-001", said(SENT), END + 30)
    tracker.archived(being_archived)
    assert ids(tracker.unarchived) == []
    assert known(tracker).polls == 2


def test_news_about_a_finished_command_is_archived_again_but_not_announced() -> None:
    """Its outcome stays; only the provider's word has changed."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    tracker.answered("id-001", said(SUCCESS), T0 + 1)
    tracker.announced(tracker.unannounced)
    tracker.archived(tracker.unarchived)
    tracker.answered("id-001", said(FAILURE), T0 + 2)
    assert ids(tracker.unannounced) == []
    assert [(c.state, c.provider_state) for c in tracker.unarchived] == [(SUCCESS, "FAILURE")]


def test_what_was_forgotten_meanwhile_is_neither_announced_nor_archived() -> None:
    """The notes about it come too late and change nothing."""
    tracker = tracker_with(PLAIN, a_command())
    tracker.tick(END)
    outcomes = tracker.unannounced
    tracker.forget("id-001")
    tracker.announced(outcomes)
    tracker.archived(outcomes)
    assert tracker.journal() == tracker.unannounced == tracker.unarchived == ()


# Secrets


def a_secret() -> Command:
    """Return a command whose real parameters must not stay on disk."""
    return a_command(parameters=SHOWN, payload=SECRET)


@pytest.mark.parametrize("policy", [PLAIN, SEARCHING], ids=["plain", "mark"])
def test_secrets_leave_the_journal_when_they_are_sent(policy: Policy) -> None:
    """They are never sent again after a crash, so nobody needs them on disk."""
    tracker = tracker_with(policy, a_secret())
    assert tracker.journal()[0].payload == SECRET
    errand = begin(tracker)
    assert errand.commands[0].to_send == SECRET
    assert tracker.journal()[0].payload is None


def test_secrets_come_back_for_a_second_try() -> None:
    """It was certainly not taken, so it will be sent once more, even after a restart."""
    tracker = tracker_with(PLAIN, a_secret())
    make(tracker)
    tracker.postpone("id-001", T0, seconds=5.0, reason="busy")
    assert tracker.journal()[0].payload == SECRET
    assert begin(tracker, T0 + 5).commands[0].to_send == SECRET


def test_secrets_stay_in_the_journal_while_they_may_be_sent_again() -> None:
    """Sending again with the same key needs the same body."""
    tracker = tracker_with(RESENDING, a_secret())
    make(tracker)
    assert tracker.journal()[0].payload == SECRET
    tracker.unanswered("id-001", T0, 0.0)
    assert tracker.journal()[0].payload == SECRET
    make(tracker, T0 + 1)
    tracker.answered("id-001", said(SENT), T0 + 1)
    assert tracker.journal()[0].payload is None


@pytest.mark.parametrize("policy", [PLAIN, RESENDING, SEARCHING], ids=["plain", "key", "mark"])
def test_a_command_that_has_ended_has_no_secrets(policy: Policy) -> None:
    """Neither in memory nor on disk."""
    tracker = tracker_with(policy, a_secret())
    tracker.tick(END)
    assert known(tracker).payload is None
    assert known(tracker).parameters == SHOWN


# Restarts, by how far the sending had come


def test_what_was_certainly_not_sent_is_sent_after_a_restart() -> None:
    """Its window counts on from the original time."""
    tracker = reborn(tracker_with(PLAIN, a_command(1), a_command(2)), PLAIN, T0 + 20)
    assert ids(begin(tracker, T0 + 20).commands) == ["id-001"]
    assert tracker.next_alarm(T0 + 20, sending=False) == END
    assert [c.state for c in (known(tracker), known(tracker, "id-002"))] == ["queued", "queued"]


def test_what_was_not_sent_within_its_window_is_never_sent() -> None:
    """Home Assistant was down for too long."""
    tracker = reborn(tracker_with(PLAIN, a_command()), PLAIN, END)
    assert tracker.next_errand(END) is None
    assert outcome_of(tracker.tick(END)) == (FAILURE, "not_sent")


def test_a_second_try_is_not_made_too_late_after_a_restart() -> None:
    """The minute counts on from the first try."""
    tracker = tracker_with(PLAIN, a_command(window=600))
    make(tracker)
    tracker.postpone("id-001", T0, seconds=5.0, reason="busy")
    assert ids(begin(reborn(tracker, PLAIN, T0 + 59), T0 + 59).commands) == ["id-001"]
    later = reborn(tracker, PLAIN, T0 + 60)
    assert later.next_errand(T0 + 60) is None
    assert outcome_of(later.tick(T0 + 60)) == (FAILURE, "busy")


def test_what_was_being_sent_is_lost_where_there_is_no_way_to_know() -> None:
    """Sending it again might do it twice."""
    tracker = tracker_with(PLAIN, a_command())
    begin(tracker)
    tracker = reborn(tracker, PLAIN, T0 + 20)
    assert tracker.next_errand(T0 + 20) is None
    assert outcome_of(tracker.tick(T0 + 20)) == (LOST, "interrupted")
    assert tracker.is_idle


def test_what_was_being_sent_is_sent_again_with_the_same_key() -> None:
    """The provider recognises it."""
    tracker = tracker_with(RESENDING, a_command())
    begin(tracker)
    tracker = reborn(tracker, RESENDING, T0 + 20)
    assert tracker.tick(T0 + 20) == []
    errand = make(tracker, T0 + 20)
    assert (errand.lookup, ids(errand.commands)) == (False, ["id-001"])
    assert errand.commands[0].sent_at == T0
    tracker.answered("id-001", said(SENT, command_id="c"), T0 + 20)
    assert known(tracker).phase is Phase.TAKEN


@pytest.mark.parametrize(
    ("window", "down"), [(600.0, 60.0), (40.0, 40.0)], ids=["a minute", "the window"]
)
def test_what_was_being_sent_is_lost_when_it_is_too_late_to_send_it_again(
    window: float, down: float
) -> None:
    """The limits on second tries hold across a restart."""
    tracker = tracker_with(RESENDING, a_command(window=window))
    begin(tracker)
    tracker = reborn(tracker, RESENDING, T0 + down)
    assert tracker.next_errand(T0 + down) is None
    assert outcome_of(tracker.tick(T0 + down)) == (LOST, "interrupted")


def test_what_was_being_sent_again_and_gets_no_answer_was_interrupted() -> None:
    """That is where the trouble began."""
    tracker = tracker_with(RESENDING, a_command())
    begin(tracker)
    tracker = reborn(tracker, RESENDING, T0 + 50)
    make(tracker, T0 + 50)
    transition = tracker.unanswered("id-001", T0 + 59.5, 0.0)
    assert transition is not None
    assert outcome_of([transition]) == (LOST, "interrupted")


def test_what_was_being_sent_is_looked_for_by_its_mark() -> None:
    """And never sent again."""
    tracker = tracker_with(SEARCHING, a_command())
    begin(tracker)
    tracker = reborn(tracker, SEARCHING, T0 + 20)
    assert tracker.next_alarm(T0 + 20) == T0 + 22
    assert make(tracker, T0 + 22).lookup
    tracker.unanswered("id-001", T0 + 22, 0.0)
    assert make(tracker, T0 + 25).lookup
    transition = tracker.unanswered("id-001", T0 + 25, 0.0)
    assert transition is not None
    assert outcome_of([transition]) == (LOST, "interrupted")


def test_what_was_being_sent_is_looked_for_even_if_its_window_has_ended() -> None:
    """Nobody could ask before."""
    tracker = tracker_with(SEARCHING, a_command())
    begin(tracker)
    tracker = reborn(tracker, SEARCHING, END + 3600)
    assert tracker.tick(END + 3600) == []
    assert make(tracker, END + 3602).lookup
    tracker.answered("id-001", said(SUCCESS, command_id="c"), END + 3602)
    assert (known(tracker).state, known(tracker).late) == (SUCCESS, False)


def test_what_was_taken_is_asked_about_at_once() -> None:
    """Its outcome may be known for long."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    tracker.due(T0 + 2)
    tracker.observe("id-001", said(CommandState.IN_PROGRESS), T0 + 2)
    tracker = reborn(tracker, PLAIN, T0 + 20)
    assert known(tracker).state is CommandState.IN_PROGRESS
    assert ids(tracker.due(T0 + 20)) == ["id-001"]
    tracker.observe("id-001", said(SUCCESS), T0 + 20)
    assert known(tracker).state is SUCCESS


@pytest.mark.parametrize("down", [WINDOW, WINDOW + 1, WINDOW + 3600])
def test_a_window_that_ended_while_we_were_down_gets_one_more_question(down: float) -> None:
    """However short the time was: nobody could ask."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    now = T0 + down
    tracker = reborn(tracker, PLAIN, now)
    assert tracker.tick(now) == []
    assert ids(tracker.due(now)) == ["id-001"]
    assert outcome_of(tracker.tick(now + 10)) == (TIMEOUT, None)
    assert tracker.observe("id-001", said(SENT), now + 11) is not None
    assert tracker.next_alarm(now + 11) == now + 40


def test_a_late_outcome_is_still_looked_for_after_a_restart() -> None:
    """Until the same moment as before."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    tracker.tick(END)
    tracker = reborn(tracker, PLAIN, END + 40)
    assert tracker.next_alarm(END + 40) == END + 60
    tracker.due(END + 60)
    tracker.observe("id-001", said(SUCCESS), END + 60)
    assert (known(tracker).state, known(tracker).late) == (SUCCESS, True)
    assert reborn(tracker, PLAIN, END + 61).is_idle


def test_a_late_outcome_is_not_looked_for_when_its_time_has_passed() -> None:
    """Home Assistant was down for longer than anybody would have looked."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    tracker.tick(END)
    tracker = reborn(tracker, PLAIN, END + DAY)
    assert tracker.is_idle
    assert known(tracker).settled


def test_a_timeout_without_an_id_is_not_looked_for() -> None:
    """The request was under way when Home Assistant was killed; there is nothing to ask for."""
    tracker = tracker_with(PLAIN, a_command())
    begin(tracker)
    tracker.tick(END)
    tracker = reborn(tracker, PLAIN, END + 1)
    assert tracker.is_idle
    assert [command.state for command in tracker.unannounced] == [TIMEOUT]


def test_lanes_are_occupied_after_a_restart() -> None:
    """The hub is still at it."""
    tracker = tracker_with(IN_LANES, *(a_command(n, network_id="hub") for n in (1, 2)))
    be_taken(tracker)
    tracker = reborn(tracker, IN_LANES, T0 + 1)
    assert tracker.next_errand(T0 + 1) is None
    tracker.due(T0 + 1)
    tracker.observe("id-001", said(SUCCESS), T0 + 2)
    assert ids(make(tracker, T0 + 2).commands) == ["id-002"]


LIMITED = replace(PLAIN, limits=(Limit(key=lambda c: c.target, count=1, seconds=3.0),))


def test_limits_hold_across_a_restart() -> None:
    """The cloud has counted what was sent before, also what has ended since."""
    tracker = tracker_with(LIMITED, a_command(1, target="t"), a_command(2, target="t"))
    be_taken(tracker)
    tracker.answered("id-001", said(SUCCESS), T0 + 1)
    tracker = reborn(tracker, LIMITED, T0 + 1)
    assert tracker.next_errand(T0 + 1) is None
    assert ids(begin(tracker, T0 + 4.1).commands) == ["id-002"]


def test_what_ended_long_ago_holds_nothing_up() -> None:
    """No limit looks back for much more than a minute."""
    tracker = tracker_with(LIMITED, a_command(1, target="t"), a_command(2, target="t", window=999))
    be_taken(tracker)
    tracker.answered("id-001", said(SUCCESS), T0 + 1)
    tracker = reborn(tracker, LIMITED, T0 + 91)
    assert ids(begin(tracker, T0 + 91).commands) == ["id-002"]


# Restarts, by what was told and archived


def test_an_outcome_that_was_not_announced_is_announced_after_a_restart() -> None:
    """At least once; whether it was, nobody can know without a note of it on disk."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker)
    tracker.answered("id-001", said(SUCCESS), T0 + 1)
    tracker = reborn(tracker, PLAIN, T0 + 20)
    assert [(c.state, c.finished_at) for c in tracker.unannounced] == [(SUCCESS, T0 + 1)]
    assert ids(tracker.journal()) == ["id-001"]


def test_what_the_history_holds_was_announced() -> None:
    """The crash came before the journal let go of it."""
    ended = a_command(state=SUCCESS, finished_at=T0 + 1, settled=True)
    tracker = Tracker(PLAIN)
    tracker.restore([ended], [ended], T0 + 20)
    assert tracker.unannounced == tracker.journal() == ()
    assert known(tracker) == ended


def test_a_correction_is_newer_than_the_history() -> None:
    """The timeout was archived, and its correction not even announced."""
    timeout = a_command(state=TIMEOUT, phase=Phase.TAKEN, finished_at=END)
    corrected = replace(timeout, state=SUCCESS, late=True, finished_at=END + 1)
    tracker = Tracker(PLAIN)
    tracker.restore([corrected], [timeout], END + 2)
    assert tracker.unannounced == (corrected,)


@pytest.mark.parametrize("state", [SENT, TIMEOUT])
def test_an_old_journal_does_not_undo_the_history(state: CommandState) -> None:
    """The disk refused the journal and took the history; what was announced stays final."""
    corrected = a_command(state=SUCCESS, late=True, finished_at=END + 1, phase=Phase.TAKEN)
    old = replace(corrected, state=state, late=False, finished_at=None)
    tracker = Tracker(PLAIN)
    tracker.restore([old], [corrected], END + 2)
    assert known(tracker) == corrected
    assert ids(tracker.unannounced) == []
    assert tracker.is_idle


def test_everything_is_shown_again_after_a_restart() -> None:
    """In the order in which it was accepted, whichever file it was in."""
    history = [
        a_command(number, target="t", state=SUCCESS, finished_at=T0 + number) for number in (1, 3)
    ]
    tracker = Tracker(PLAIN)
    tracker.restore([a_command(2, target="t")], history, T0 + 20)
    assert ids(tracker) == ["id-001", "id-002", "id-003"]
    assert tracker.last_id == "id-003"
    assert (tracker.newest(target_key("t")), tracker.pending(ACCOUNT)) == (history[1], 1)
    assert Tracker(PLAIN).last_id == ""


def test_a_finished_record_without_a_moment_is_taken_as_it_is() -> None:
    """A damaged history must not stop the account."""
    tracker = Tracker(PLAIN)
    tracker.restore([], [a_command(state=TIMEOUT, phase=Phase.TAKEN)], END)
    assert tracker.next_alarm(END) == END + 30


# What need not be remembered


def test_old_commands_are_forgotten_once_they_are_archived() -> None:
    """The newest of every target stays, and so does what is still looked for."""
    tracker = Tracker(PLAIN, keep_days=1)
    for number in (1, 2, 3, 4):
        tracker.open(a_command(number, target="t"))
    withdrawn = [tracker.withdraw(f"id-{number:03}", T0) for number in (1, 2, 4)]
    assert None not in withdrawn
    be_taken(tracker)
    tracker.tick(END)
    tracker.announced(tracker.unannounced)
    tracker.archived([known(tracker), known(tracker, "id-003"), known(tracker, "id-004")])
    tracker.prune(END + DAY - 61)
    assert len(list(tracker)) == 4
    tracker.prune(END + DAY + 61)
    assert ids(tracker) == ["id-002", "id-003", "id-004"]


def test_only_so_many_finished_commands_are_remembered() -> None:
    """The oldest go first."""
    tracker = Tracker(PLAIN, keep_count=2)
    for number in (1, 2, 3, 4):
        tracker.open(a_command(number, target="t"))
    tracker.tick(END)
    tracker.announced(tracker.unannounced)
    tracker.prune(END)
    assert len(list(tracker)) == 4
    tracker.archived(tracker.unarchived)
    tracker.prune(END)
    assert ids(tracker) == ["id-003", "id-004"]
