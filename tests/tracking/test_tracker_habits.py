"""The tracker learns how long commands take, whatever happens meanwhile, and asks accordingly."""

from collections.abc import Iterable
from dataclasses import replace
import json
from math import inf

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.command_status.tracking import (
    Cadence,
    Command,
    CommandState,
    Habits,
    Policy,
    Tracker,
)
from custom_components.command_status.tracking.habit import LATER
from custom_components.command_status.tracking.schedule import TICK

from .builders import PLAIN, T0, a_command, be_taken, known, said, tracker_with

CLOUD = replace(PLAIN, cadence=Cadence(steps=((60.0, 2.0), (inf, 10.0)), closest=1.0))
"""A cloud that may be asked once a second, and is asked less often where nothing is known."""
GATE = ("gate", "ON")
RUNNING = said(CommandState.IN_PROGRESS)
DONE = said(CommandState.SUCCESS, settled=True)


def a_gate(number: int, now: float, *, window: float = 600.0) -> Command:
    """Return a command to the gate, sent at a moment."""
    command = a_command(number, target="gate", created_at=now)
    return replace(command, deadline=now + window)


def knowing(*spans: tuple[float, float], policy: Policy = CLOUD) -> Tracker:
    """Return a tracker that has seen the gate end so."""
    tracker = Tracker(policy)
    for span in spans:
        tracker.habits.learn(GATE, *span)
    return tracker


def send(tracker: Tracker, number: int = 1, now: float = T0, window: float = 600.0) -> str:
    """Let the cloud take a command to the gate; return its tracking id."""
    command = a_gate(number, now, window=window)
    tracker.open(command)
    be_taken(tracker, now)
    return command.tracking_id


def ask(tracker: Tracker, tracking_id: str, ends: float = inf) -> float:
    """Ask about a command as soon as it is due; return when that was."""
    now = tracker.next_alarm(T0)
    assert now is not None
    assert tracker.due(now, 1)[0].tracking_id == tracking_id
    tracker.questions.pace.note(now)
    tracker.observe(tracking_id, RUNNING if now < ends else DONE, now)
    return now


def moments(tracker: Tracker, tracking_id: str, ends: float) -> list[float]:
    """Return when a command is asked about, from its sending until it has ended."""
    found = [ask(tracker, tracking_id, ends)]
    while found[-1] < ends:
        found.append(ask(tracker, tracking_id, ends))
    return found


def spans_of(habits: Habits) -> list[list[float]]:
    """Return what is known of the gate."""
    return [ages for *key, ages in habits.plain if tuple(key) == GATE]


# What is learned


def test_an_end_is_known_to_lie_between_two_questions() -> None:
    """Nobody tells the moment itself."""
    tracker = Tracker(CLOUD)
    moments(tracker, send(tracker), T0 + 5)
    assert spans_of(tracker.habits) == [[4.0, 6.0]]


def test_what_ended_before_the_first_question_was_open_when_it_was_sent() -> None:
    """So it took that long at most."""
    tracker = Tracker(CLOUD)
    moments(tracker, send(tracker), T0 + 0.5)
    assert spans_of(tracker.habits) == [[0.0, 2.0]]


def test_what_was_over_in_the_answer_to_its_sending_teaches_nothing() -> None:
    """There was no question to place."""
    tracker = tracker_with(CLOUD, a_gate(1, T0))
    be_taken(tracker, state=CommandState.SUCCESS)
    assert len(tracker.habits) == 0


@pytest.mark.parametrize("state", [CommandState.CANCELLED, CommandState.LOST])
def test_what_was_stopped_or_lost_teaches_nothing(state: CommandState) -> None:
    """It might have gone on."""
    tracker = Tracker(CLOUD)
    key = send(tracker)
    ask(tracker, key)
    tracker.observe(key, said(state, settled=True), T0 + 5)
    assert len(tracker.habits) == 0


def test_a_word_that_nobody_knows_says_nothing() -> None:
    """It may be an end."""
    tracker = Tracker(CLOUD)
    key = send(tracker)
    ask(tracker, key)
    tracker.observe(key, said(), T0 + 4)
    tracker.observe(key, DONE, T0 + 6)
    assert spans_of(tracker.habits) == [[2.0, 6.0]]


def test_a_window_that_ends_first_is_on_record_when_nothing_more_can_come() -> None:
    """As a command that takes longer than it was looked for; it may still be corrected before."""
    tracker = Tracker(CLOUD)
    key = send(tracker, window=5.0)
    ask(tracker, key)
    tracker.tick(T0 + 5)
    assert len(tracker.habits) == 0
    for look in range(1, 21):
        tracker.due(T0 + 5 + 30 * look)
        tracker.observe(key, RUNNING, T0 + 5 + 30 * look)
    assert spans_of(tracker.habits) == [[605.0, None]]


def test_an_end_that_is_found_late_is_learned() -> None:
    """It is what such commands really take."""
    tracker = Tracker(CLOUD)
    key = send(tracker, window=5.0)
    ask(tracker, key)
    ask(tracker, key)
    tracker.tick(T0 + 5)
    tracker.due(T0 + 35)
    tracker.observe(key, DONE, T0 + 35)
    assert known(tracker, key).late
    assert spans_of(tracker.habits) == [[4.0, 35.0]]


def test_what_others_sent_teaches_nothing() -> None:
    """Nobody knows when that was."""
    tracker = Tracker(CLOUD)
    tracker.adopt(a_gate(1, T0), T0)
    ask(tracker, "id-001")
    tracker.observe("id-001", DONE, T0 + 5)
    assert len(tracker.habits) == 0


def test_a_command_that_is_forgotten_teaches_nothing() -> None:
    """Its answer may still be under way."""
    tracker = Tracker(CLOUD)
    key = send(tracker)
    ask(tracker, key)
    tracker.forget(key)
    tracker.observe(key, DONE, T0 + 5)
    assert len(tracker.habits) == 0


def test_where_one_question_is_for_many_nothing_is_learned() -> None:
    """Another moment would save no request."""
    policy = replace(CLOUD, cadence=replace(CLOUD.cadence, together=True))
    tracker = Tracker(policy)
    key = send(tracker)
    ask(tracker, key)
    tracker.observe(key, DONE, T0 + 5)
    assert len(tracker.habits) == 0


def test_after_a_restart_only_what_was_seen_since_counts() -> None:
    """What ended while nobody could ask may have ended at any time."""
    before = Tracker(CLOUD)
    send(before)
    unseen, seen = Tracker(CLOUD), Tracker(CLOUD)
    for tracker in (unseen, seen):
        tracker.restore(before.journal(), (), T0 + 9)
    unseen.due(T0 + 9)
    unseen.observe("id-001", DONE, T0 + 9)
    assert len(unseen.habits) == 0
    seen.due(T0 + 9)
    seen.observe("id-001", RUNNING, T0 + 9)
    seen.due(T0 + 11)
    seen.observe("id-001", DONE, T0 + 11)
    assert spans_of(seen.habits) == [[9.0, 11.0]]


# What is made of it

HALF_A_MINUTE = [(29.0 + place % 3, 30.0 + place % 3) for place in range(12)]


def test_the_first_three_commands_are_asked_about_by_the_cadence() -> None:
    """And teach what the fourth is asked by."""
    tracker = Tracker(CLOUD)
    found = []
    for number in range(4):
        begun = T0 + 100 * number
        found.append(
            [at - begun for at in moments(tracker, send(tracker, number, begun), begun + 30)]
        )
    assert found[0] == found[1] == found[2] == pytest.approx([2.0 * n for n in range(1, 16)])
    assert found[3][0] == pytest.approx(2.5, abs=0.02)


def test_who_knows_asks_when_an_answer_is_likely() -> None:
    """With little more than half of the questions, and the answer no later."""
    tracker = knowing(*HALF_A_MINUTE)
    found = moments(tracker, send(tracker), T0 + 30.5)
    assert len(found) < 10
    assert found[-1] <= T0 + 31.5


def test_two_commands_of_one_key_at_once_are_each_asked_by_their_own_age() -> None:
    """And both teach."""
    tracker = knowing(*HALF_A_MINUTE)
    first, second = send(tracker, 1, T0), send(tracker, 2, T0 + 7)
    plans = {first: T0 + 30.5, second: T0 + 37.5}
    asked: dict[str, list[float]] = {first: [], second: []}
    while (now := tracker.next_alarm(T0)) is not None:
        for command in tracker.due(now):
            key = command.tracking_id
            asked[key].append(now)
            tracker.observe(key, RUNNING if now < plans[key] else DONE, now)
    ages = [[at - T0 for at in asked[first]], [at - T0 - 7 for at in asked[second]]]
    assert ages[0][0] == pytest.approx(ages[1][0], abs=0.1)
    assert len(spans_of(tracker.habits)[0]) == 2 * (len(HALF_A_MINUTE) + 2)


def test_no_window_ends_with_an_outcome_that_the_cadence_would_have_found() -> None:
    """However sure it is that the end comes later: the last look is an interval before, at most."""
    tracker = knowing(*[(58.0, 59.0)] * 12)
    key = send(tracker, window=25.0)
    found = [ask(tracker, key)]
    while found[-1] + 2 < T0 + 25:
        found.append(ask(tracker, key))
    assert T0 + 25 - found[-1] <= 2.0
    assert len(found) < 5


def test_what_the_provider_asks_for_stands_above_it() -> None:
    """Retry-After makes a question later; what is learned holds the end all the same."""
    tracker = knowing(*HALF_A_MINUTE)
    key = send(tracker)
    first = ask(tracker, key)
    tracker.hold(first, 40.0)
    assert ask(tracker, key, T0 + 30.5) >= first + 40
    assert spans_of(tracker.habits)[0][-2:] == pytest.approx(
        [first - T0, first + 40 - T0], rel=0.01
    )


# Whatever happens

troubles = st.sampled_from(["answer"] * 6 + ["miss", "hold", "restart", "clock"])


@given(
    durations=st.lists(st.floats(0.2, 90.0), min_size=1, max_size=8),
    past=st.lists(st.tuples(st.floats(0, 60), st.floats(0.5, 30)), max_size=20),
    events=st.lists(troubles, max_size=60),
)
@settings(max_examples=150)
def test_every_span_holds_its_end_and_every_gap_its_bounds(
    durations: list[float], past: list[tuple[float, float]], events: list[str]
) -> None:
    """Restarts, corrections of the clock, 429 and failed questions at any moment."""
    story = Story(knowing(*((after, after + width) for after, width in past)), iter(events))
    for number, seconds in enumerate(durations, 1):
        story.play(number, seconds)
    assert story.checked >= len(durations)


class Story:
    """Commands to the gate, one after the other, and what goes wrong meanwhile."""

    def __init__(self, tracker: Tracker, events: Iterable[str]) -> None:
        """Begin."""
        self.tracker = tracker
        self.events = iter(events)
        self.now = T0
        self.checked = 0

    def play(self, number: int, seconds: float) -> None:
        """Send a command that takes so long, and follow it to its end."""
        self.now += 100
        self.key = send(self.tracker, number, self.now, window=3600.0)
        self.age_at = self.now
        self.asked = [self.now]
        self.quiet = True
        self.on_disk = False
        while not known(self.tracker, self.key).final:
            alarm = self.tracker.next_alarm(self.now)
            assert alarm is not None
            self.now = alarm
            for _ in self.tracker.due(self.now, 1):
                self.tracker.questions.pace.note(self.now)
                self.check_gap()
                getattr(self, next(self.events, "answer"))(seconds)

    def check_gap(self) -> None:
        """See that a question is neither too close to the one before nor too late."""
        gap, age = self.now - self.asked[-1], self.asked[-1] - self.age_at
        share, floor = LATER
        forecast = self.tracker.habits.forecast(GATE)
        usual = 0.0 if forecast is None else forecast.usual
        latest = max(CLOUD.cadence.interval(age), usual * share, floor)
        assert CLOUD.cadence.least - 1e-6 <= gap or not self.quiet
        assert gap <= latest + 2 * TICK or not self.quiet
        self.asked.append(self.now)
        self.quiet = True
        self.checked += 1

    def answer(self, seconds: float) -> None:
        """Let the cloud answer, and see what is learned of an end."""
        before = self.tracker.habits.plain
        ended = self.now >= self.age_at + seconds
        self.tracker.observe(self.key, DONE if ended else RUNNING, self.now)
        after = self.tracker.habits.plain
        for *_, ages in after if after != before else []:
            low, high = ages[-2:]
            assert low - 1e-3 <= seconds <= high + 1e-3

    def miss(self, _: float) -> None:
        """Let a question fail."""
        self.tracker.missed(self.key, self.now, 0.5)
        self.quiet = False

    def hold(self, seconds: float) -> None:
        """Let the cloud answer that it wants its peace."""
        self.tracker.hold(self.now, 30.0)
        self.miss(seconds)

    def clock(self, seconds: float) -> None:
        """Correct the clock while a question is under way.

        Not after a restart: moments on the disk count as told by a clock that was right, as this
        one was all the time.
        """
        correction = 0.0 if self.on_disk else 3600.0
        self.tracker.shift(correction)
        self.now += correction
        self.age_at += correction
        self.asked = [at + correction for at in self.asked]
        self.answer(seconds)

    def restart(self, _: float) -> None:
        """Pull the plug while a question is under way; what was learned comes from the disk."""
        plain = json.loads(json.dumps(self.tracker.habits.plain))
        journal = self.tracker.journal()
        self.tracker = Tracker(CLOUD)
        self.tracker.habits.take_up(plain)
        self.tracker.restore(journal, (), self.now)
        self.quiet = False
        self.on_disk = True
