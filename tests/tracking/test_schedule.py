"""When to ask, when to give up, and how limits are kept."""

from itertools import pairwise
from math import inf

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.command_status.tracking import Cadence, Watch
from custom_components.command_status.tracking.schedule import BACKOFF_CAP, Meter, backoff

from .builders import T0

SLOWER = Cadence(steps=((10.0, 1.0), (60.0, 5.0), (inf, 30.0)))
BOUNDED = Cadence(steps=((10.0, 1.0), (60.0, 5.0)))
TOGETHER = Cadence(steps=((60.0, 5.0), (inf, 30.0)), together=True)
WATCH = Watch(first=(30.0, 60.0, 120.0), every=300.0, until=1000.0)


# How often an open command is asked about


@pytest.mark.parametrize(
    ("age", "interval"),
    [(0.0, 1.0), (9.9, 1.0), (10.0, 5.0), (59.9, 5.0), (60.0, 30.0), (1e9, 30.0)],
)
def test_a_command_is_asked_about_less_often_as_it_grows_older(age: float, interval: float) -> None:
    """Most commands end soon, and the others have shown that they take their time."""
    assert SLOWER.interval(age) == interval
    assert SLOWER.next(T0, T0 + age) == T0 + age + interval


def test_the_last_step_holds_for_ever() -> None:
    """A table need not say how long somebody may wait."""
    assert BOUNDED.interval(1e9) == 5.0


def test_commands_of_one_request_are_due_together() -> None:
    """One request answers for all of them, so they had better not come one by one."""
    moments = {TOGETHER.next(T0 + late, T0 + late) for late in (0.0, 0.1, 2.5, 4.9)}
    assert moments == {T0 + 5.0}
    assert TOGETHER.next(T0, T0 + 5.0) == T0 + 10.0


def test_old_and_young_commands_meet() -> None:
    """Slow steps are multiples of quick ones, so that old commands join the young."""
    assert TOGETHER.next(T0 - 61.0, T0 + 4.0) == T0 + 30.0
    assert TOGETHER.next(T0 + 26.0, T0 + 26.0) == T0 + 30.0


@settings(max_examples=100)
@given(
    cadence=st.sampled_from([SLOWER, TOGETHER]),
    since=st.floats(0, 1e5),
    age=st.floats(0, 1e5),
)
def test_the_next_question_is_always_later(cadence: Cadence, since: float, age: float) -> None:
    """A moment that is not later would be a loop without a pause."""
    now = T0 + since + age
    assert now < cadence.next(T0 + since, now) <= now + 30.0


# How a late outcome is looked for


def test_a_late_outcome_is_looked_for_more_and_more_slowly() -> None:
    """The first pauses are counted one from the other, and the last interval repeats."""
    moments = [T0]
    while (following := WATCH.next(T0, moments[-1])) is not None:
        moments.append(following)
    assert [after - before for before, after in pairwise(moments)] == [30, 60, 120, 300, 300]


def test_questions_that_were_missed_are_not_made_up_for() -> None:
    """After a long sleep the next question is the next one of the plan."""
    assert WATCH.next(T0, T0 + 209.0) == T0 + 210.0
    assert WATCH.next(T0, T0 + 600.0) == T0 + 810.0


def test_a_late_outcome_is_not_looked_for_for_ever() -> None:
    """After a while nobody is interested any more."""
    assert WATCH.next(T0, T0 + 810.0) is None
    assert WATCH.next(T0, T0 + 1e9) is None


def test_a_watch_needs_no_quick_beginning() -> None:
    """A cloud that ends its commands within minutes is asked at one pace."""
    steady = Watch(first=(), every=30.0, until=60.0)
    assert [steady.next(T0, T0 + age) for age in (0.0, 30.0, 60.0)] == [T0 + 30.0, T0 + 60.0, None]


# How long to pause after failures


def test_pauses_double_up_to_a_cap() -> None:
    """An account recovers within a minute, however long it was unreachable."""
    assert [backoff(failures, 0.0) for failures in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_pauses_stay_at_the_cap_for_weeks() -> None:
    """A network that is away for a weekend causes more failures than a float can double."""
    assert backoff(100_000, 0.0) == BACKOFF_CAP


def test_jitter_shortens_a_pause_by_up_to_a_quarter() -> None:
    """Accounts that failed together do not come back together, and none later than the cap."""
    assert (backoff(3, 0.5), backoff(3, 1.0)) == (3.5, 3.0)


# How a limit is kept


def test_a_meter_allows_so_many_events_in_any_window() -> None:
    """The next one is allowed when the oldest leaves the window."""
    meter = Meter(2, 10.0)
    meter.note(T0)
    assert meter.free_at(T0 + 1) == T0 + 1
    meter.note(T0 + 1)
    assert meter.free_at(T0 + 2) == T0 + 10
    assert meter.free_at(T0 + 10) == T0 + 10


def test_a_running_event_counts_as_if_it_happened_now() -> None:
    """Nobody knows where between its beginning and its end the cloud counts a request."""
    meter = Meter(2, 10.0)
    meter.note(T0)
    meter.running += 1
    assert meter.free_at(T0 + 1) == T0 + 10
    meter.running += 1
    assert meter.free_at(T0 + 1) is None
    assert meter.free_at(T0 + 100) is None


def test_an_event_counts_from_its_end() -> None:
    """A slow request may have been counted at its very end."""
    meter = Meter(1, 10.0)
    meter.running += 1
    assert meter.free_at(T0) is None
    meter.running -= 1
    meter.note(T0 + 25)
    assert meter.free_at(T0 + 26) == T0 + 35


def test_a_meter_moves_with_the_clock() -> None:
    """A correction of the clock neither frees nor blocks anything."""
    meter = Meter(1, 10.0)
    meter.note(T0)
    meter.shift(3600.0)
    assert meter.free_at(T0 + 3601) == T0 + 3610


@settings(max_examples=100)
@given(
    count=st.integers(1, 4),
    seconds=st.floats(0.5, 60.0),
    pauses=st.lists(st.floats(0.0, 30.0), min_size=5, max_size=30),
)
def test_no_window_ever_holds_more_than_its_count(
    count: int, seconds: float, pauses: list[float]
) -> None:
    """Whoever waits as told never exceeds the limit, up to the rounding of floats."""
    meter = Meter(count, seconds)
    now, moments = T0, []
    for pause in pauses:
        free = meter.free_at(now + pause)
        assert free is not None
        now = free
        assert meter.free_at(now) == now
        meter.note(now)
        moments.append(now)
    spans = [after - before for before, after in zip(moments, moments[count:], strict=False)]
    assert all(span >= seconds - 1e-6 for span in spans)
