"""What is learned about how long commands take, and what may be made of it."""

from collections.abc import Sequence
import json
from math import inf, nan
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.command_status.tracking.habit import (
    ENOUGH,
    KEPT,
    KEYS,
    LATER,
    LONGEST,
    LONGEST_KEY,
    PRICE,
    SHORTEST,
    TRUSTED,
    Forecast,
    Habits,
    Key,
    Span,
)

GATE: Key = ("dev-7/1", "ON")
MOST_BYTES = 450

ages = st.floats(0, LONGEST)
ended = st.tuples(ages, ages).filter(lambda span: span[1] - span[0] > SHORTEST)
"""Spans of commands that were seen to end."""
patient = st.tuples(ages, st.just(inf))
"""Spans of commands that were not."""
intervals = st.floats(0.1, 3600)


@st.composite
def pasts(draw: st.DrawFn) -> list[Span]:
    """Return a past that says something."""
    ends = draw(st.lists(ended, min_size=ENOUGH, max_size=KEPT - 4))
    return draw(st.permutations(ends + draw(st.lists(patient, max_size=4))))


def learned(past: Sequence[Span], key: Key = GATE) -> Habits:
    """Return habits that know the past of one key."""
    habits = Habits()
    for span in past:
        habits.learn(key, *span)
    return habits


def expected(past: Sequence[Span]) -> Forecast:
    """Return what a past lets expect, as it says something."""
    forecast = learned(past).forecast(GATE)
    assert forecast is not None
    return forecast


def about(seconds: float, number: int = KEPT) -> list[Span]:
    """Return a past of commands that take about so long, each end seen within a second."""
    begins = (seconds * (0.9 + place % 5 / 20) for place in range(number))
    return [(begin, begin + 1) for begin in begins]


# The bounds, whatever was learned


@given(past=pasts(), age=ages, interval=intervals, closest=st.floats(0.1, 10))
@settings(max_examples=200)
def test_a_question_is_never_too_close_and_never_much_later_than_by_the_cadence(
    past: list[Span], age: float, interval: float, closest: float
) -> None:
    """A forecast may be wrong, so it may do little harm."""
    forecast = expected(past)
    share, seconds = LATER
    latest = max(closest, interval, forecast.usual * share, seconds)
    assert closest <= forecast.pause(age, interval, closest) <= latest


@given(past=pasts(), interval=intervals, closest=st.floats(0.1, 10), over=st.floats(0, 9))
def test_what_takes_longer_than_ever_is_asked_about_at_its_cadence(
    past: list[Span], interval: float, closest: float, over: float
) -> None:
    """Nothing is known there, so nothing is guessed."""
    forecast = expected(past)
    assert forecast.pause(forecast.ages[-1] + over, interval, closest) == max(interval, closest)


@given(ends=st.lists(ended, max_size=ENOUGH - 1), others=st.lists(patient, max_size=KEPT))
def test_too_few_ends_say_nothing(ends: list[Span], others: list[Span]) -> None:
    """Two may be chance, and where no end was seen we know only how patient we were."""
    assert learned(others + ends).forecast(GATE) is None


@given(past=pasts())
def test_a_forecast_is_a_distribution(past: list[Span]) -> None:
    """It grows from nothing to the share of those that were seen to end."""
    forecast = expected(past)
    assert list(forecast.ages) == sorted(set(forecast.ages))
    assert list(forecast.shares) == sorted(forecast.shares)
    assert min(forecast.slopes) >= 0
    assert forecast.shares[0] == 0
    seen = sum(until < inf for _, until in past)
    assert forecast.shares[-1] == pytest.approx(seen / len(past), rel=1e-4)


@pytest.mark.parametrize("age", [20.0, 24.0, 27.0, 30.0, 33.0, 36.0])
@pytest.mark.parametrize("interval", [1.0, 2.0])
def test_a_question_is_due_when_the_unnoticed_delay_has_reached_its_price(
    age: float, interval: float
) -> None:
    """The exact form of the theory, added up in small steps here."""
    forecast = expected(about(30.0))
    pause = forecast.pause(age, interval, 0.0)
    step = pause / 10_000
    known = _share_at(forecast, age)
    delay = sum((_share_at(forecast, age + step * part) - known) * step for part in range(10_000))
    assert delay == pytest.approx(PRICE * interval * (1 - known), rel=0.01)


def test_at_the_end_of_what_is_known_the_price_may_be_reached_beyond_it() -> None:
    """There all have ended that ever will, so the delay grows evenly."""
    forecast = expected(about(30.0))
    left = 0.05
    wanted = PRICE * 2.0 - left / 2 + left
    pause = forecast.pause(forecast.ages[-1] - left, 2.0, 0.0)
    assert pause == pytest.approx(wanted, rel=0.01)


def _share_at(forecast: Forecast, age: float) -> float:
    """Return the share of commands that end before an age, out of the pieces."""
    pieces = zip(forecast.ages, forecast.ages[1:], forecast.slopes, strict=False)
    return sum(max(0.0, min(age, end) - begin) * slope for begin, end, slope in pieces)


# What it is good for


def test_nobody_asks_before_a_command_can_have_ended() -> None:
    """A gate that always takes half a minute is not asked about in its first seconds."""
    forecast = expected(about(30.0))
    assert forecast.pause(0.0, 1.0, 1.0) == pytest.approx(10.0, rel=0.05)
    assert forecast.pause(15.0, 2.0, 1.0) > 5.0


def test_questions_are_close_where_the_end_is_likely() -> None:
    """There the provider's own pace is the limit."""
    assert expected(about(30.0)).pause(31.0, 2.0, 1.0) < 1.5


def test_delay_grows_only_with_knowledge() -> None:
    """The less is known, the closer to the cadence."""
    pauses = [expected(about(60.0, number)).pause(0.0, 1.0, 1.0) for number in (3, 6, 12, 32)]
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[-1] / 3


def test_what_is_suddenly_quicker_is_told_late_only_once() -> None:
    """An end far outside of all before it puts the cadence into force again."""
    before = about(60.0)
    assert expected(before).pause(1.0, 1.0, 1.0) > 15.0
    assert expected([*before, (5.0, 20.0)]).pause(1.0, 1.0, 1.0) == pytest.approx(1.0)


def test_what_is_suddenly_slower_is_not_waited_for_longer_at_once() -> None:
    """The usual time is that of the commands since."""
    before = about(15.0)
    assert expected([*before, (44.0, 46.0)]).most == pytest.approx(46.0 / 3 / TRUSTED)


def test_one_end_that_is_a_little_off_is_no_surprise() -> None:
    """Nothing takes exactly as long every time."""
    assert expected([*about(60.0), (50.0, 51.0)]).most > 15.0


# What is kept


@given(past=st.lists(ended | patient, max_size=2 * KEPT), key=st.tuples(st.text(), st.text()))
def test_a_key_takes_little_room(past: list[Span], key: Key) -> None:
    """It is written along with what must not be lost, again and again."""
    for record in learned(past, key).plain:
        text = json.dumps(record, separators=(",", ":"), ensure_ascii=False)
        assert len(text.encode(errors="replace")) <= MOST_BYTES + _escaped(key)
        assert len(record[2]) <= 2 * KEPT


def _escaped(key: Key) -> int:
    """Return how many bytes JSON adds to a key for the sake of its quotes and control codes."""
    return sum(len(json.dumps(word, ensure_ascii=False)) - len(word) - len('""') for word in key)


def test_a_long_key_is_not_learned() -> None:
    """What somebody else called a thing may be of any length."""
    assert not learned(about(9.0), ("d" * LONGEST_KEY, "ON"))
    assert learned(about(9.0), ("d" * (LONGEST_KEY - 2), "ON"))


def test_the_newest_spans_count() -> None:
    """What was true long ago is pushed out."""
    assert expected([*about(60.0), *about(5.0)]).usual < 7


def test_the_key_used_least_recently_makes_room() -> None:
    """To expect something of it is to use it."""
    habits = Habits()
    for number in range(KEYS):
        habits.learn((f"target-{number}", "ON"), 1.0, 2.0)
    habits.forecast(("target-0", "ON"))
    habits.learn(GATE, 1.0, 2.0)
    known = [target for target, *_ in habits.plain]
    assert len(habits) == len(known) == KEYS
    assert known[0] == "target-2"
    assert known[-2:] == ["target-0", GATE[0]]


@pytest.mark.parametrize(
    ("after", "until"),
    [(5.0, 4.0), (5.0, 5.0), (-1.0, 2.0), (nan, 2.0), (1.0, nan), (inf, inf), (1.0, LONGEST + 1)],
)
def test_what_cannot_be_or_says_nothing_is_not_learned(after: float, until: float) -> None:
    """As after a correction of the clock."""
    assert not learned([(after, until)])


# What is written down


def test_only_what_is_new_must_be_written() -> None:
    """One key for each command that ends, not all of them."""
    habits = learned(about(5.0), ("dev-7/2", "ON"))
    habits.saved(habits.unsaved)
    assert habits.unsaved == []
    habits.learn(GATE, 1.0, 2.0)
    assert habits.unsaved == [[*GATE, [1.0, 2.0]]]


def test_what_was_learned_while_it_was_written_is_written_again() -> None:
    """A save takes its time."""
    habits = learned([(1.0, 2.0)])
    being_written = habits.unsaved
    habits.learn(GATE, 3.0, 4.0)
    habits.saved(being_written)
    assert habits.unsaved == [[*GATE, [1.0, 2.0, 3.0, 4.0]]]


def test_a_key_that_made_room_is_not_written() -> None:
    """Nor is it minded when its save ends afterwards."""
    habits = learned([(1.0, 2.0)])
    being_written = habits.unsaved
    for number in range(KEYS):
        habits.learn((f"target-{number}", "ON"), 1.0, 2.0)
    habits.saved(being_written)
    assert len(habits.unsaved) == KEYS


def test_a_later_record_of_a_key_replaces_an_earlier_one() -> None:
    """A file that grows at its end holds both."""
    habits = Habits.from_plain([[*GATE, [1.0, 2.0]], [*GATE, [1.0, 2.0, 3.0, 4.0]]])
    assert habits.plain == [[*GATE, [1.0, 2.0, 3.0, 4.0]]]
    assert habits.unsaved == []


@given(past=st.lists(ended | patient, max_size=KEPT))
def test_what_is_written_is_read_again(past: list[Span]) -> None:
    """As JSON, and to the last digit that is kept."""
    plain = learned(past).plain
    again = Habits.from_plain(json.loads(json.dumps(plain, allow_nan=False)))
    assert again.plain == plain
    assert again.forecast(GATE) == learned(past).forecast(GATE)


@given(span=ended)
def test_a_span_still_holds_its_end_when_its_digits_are_cut(span: Span) -> None:
    """Its ages are rounded away from each other, by less than a hundredth and two."""
    after, until = span
    ((_, _, (low, high)),) = learned([span]).plain
    assert after - max(0.011, after / 99) <= low <= after + 1e-6
    assert until - 1e-6 * until <= high <= until + max(0.011, until / 99)


nonsense = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["dev-7/1", "ON"]),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=8,
)


@given(
    plain=nonsense
    | st.lists(
        st.tuples(st.text(), st.text(), st.lists(nonsense, max_size=4)).map(list), max_size=3
    )
)
def test_nonsense_is_left_out(plain: Any) -> None:
    """Whatever stands in the file, what is taken from it can be used and written again."""
    habits = Habits.from_plain(plain)
    json.dumps(habits.plain, allow_nan=False)
    assert Habits.from_plain(habits.plain).plain == habits.plain


@pytest.mark.parametrize(
    "damage",
    [
        7,
        ["dev-7/2", "ON"],
        ["dev-7/2", "ON", 5],
        ["dev-7/2", 1, [1.0, 2.0]],
        ["dev-7/2", "ON", ["1", "2"]],
        ["dev-7/2", "ON", [True, 2.0]],
        ["dev-7/2", "ON", [None, 2.0]],
        ["dev-7/2", "ON", [2.0, 1.0]],
        ["dev-7/2", "ON", [1.0]],
        ["dev-7/2", "ON", [1.0, 10**400]],
    ],
)
def test_what_is_damaged_harms_nothing_beside_it(damage: Any) -> None:
    """One record that somebody has edited costs that record."""
    whole = ["dev-7/1", "ON", [1.0, 2.0, 60.0, None]]
    assert Habits.from_plain([damage, whole]).plain == [whole]
