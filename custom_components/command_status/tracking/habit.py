"""How long commands usually take, and when to ask about one because of it.

The theory
----------
Let F be the distribution of the time that a command takes, and h its hazard. Whoever pays a price
for every question and suffers from every second of delay asks in gaps of sqrt(2c / h), c being the
expected delay that is worth a question (Barlow and Proschan 1965; Keller, Management Science 21(3),
1974). In its exact form, after a question at age t that found no end, the next one is due at the
first age u at which the delay that is still unnoticed reaches its price:

    integral of (F(x) - F(t)) / (1 - F(t)) from t to u  >=  c

F is not known, but the past is: a command had not ended at one age, and at a later one it had. Each
such *span* spreads its share evenly between the two, stretched on both sides, because few spans say
little and because devices change. The price is a share of the provider's own interval, so its
cadence stays the yardstick.

A forecast may be wrong, so it has bounds that hold whatever was learned: never closer than the
provider allows, never much later than its cadence, and exactly its cadence where nothing is known:
with fewer than `ENOUGH` ends, and beyond the longest of them. How much later grows with the number
of spans, and begins anew with every *surprise*, an end far outside of all before: a device that has
suddenly become quicker is told late once, not ten times.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, batched, pairwise
from math import ceil, floor, inf, log10, sqrt
from statistics import median
from typing import Any, Final

type Key = tuple[str, str]
"""A target and a command: what takes about the same time again."""
type Span = tuple[float, float]
"""Ages in seconds since it was sent: one at which a command had not ended, and one at which it had;
the latter is infinite where it was never seen to end."""

KEPT: Final = 32
"""Spans of a key. More of them were seen to bring nothing, fewer make the worst cases worse."""
KEYS: Final = 200
"""Keys of an account; the one that was used least recently makes room."""
LONGEST_KEY: Final = 100
"""Bytes of a target and a command; longer ones are not learned, so that none needs over 450."""
SHORTEST: Final = 0.001
"""Seconds. No cloud answers two questions in less, so a span this short is an error of a clock."""
LONGEST: Final = 9990.0
"""Seconds. What takes longer is asked about so seldom that there is nothing to save."""

SPAN_BYTES: Final = 2 * array("f").itemsize

ENOUGH: Final = 3
"""Ends that must be known before they say anything."""
TRUSTED: Final = 12
"""Spans, since the last surprise, with which a forecast may delay a question as long as it ever
may."""
PRICE: Final = 0.02
"""The expected delay that is worth a question, as a share of the provider's own interval."""
STRETCH: Final = 1.15
"""By how much a span is stretched on both sides: so much may devices change without harm."""
DOUBT: Final = 1.5
"""What is added to the stretch, divided by the number of spans."""
SURPRISE: Final = 1.3
"""How far outside of all spans before, as a factor, an end is a surprise."""
LATER: Final = (1 / 3, 4.0)
"""How much later than by its cadence a command may be asked about: a share of the usual time, or so
many seconds where that is more."""
DIGITS: Final = 3
"""Significant ones of an age; the two of a span are rounded away from each other."""


class Habits:
    """What is known of the commands of one account, by key. Bounded, whatever happens."""

    def __init__(self) -> None:
        """Start knowing nothing."""
        self._spans: dict[Key, bytes] = {}
        self._unsaved: set[Key] = set()

    def __len__(self) -> int:
        """Return how many keys are known."""
        return len(self._spans)

    def __iter__(self) -> Iterator[tuple[Key, int, Forecast | None]]:
        """Return each key, how many spans are known of it and what they let expect."""
        for key, spans in self._spans.items():
            yield key, len(spans) // SPAN_BYTES, _forecast(spans)

    def forecast(self, key: Key) -> Forecast | None:
        """Return what the past of a key lets expect; None where too little is known."""
        spans = self._spans.pop(key, None)
        if spans is None:
            return None
        self._spans[key] = spans  # the last one now, and so the most recently used
        return _forecast(spans)

    def learn(self, key: Key, after: float, until: float) -> None:
        """Take in that a command had not ended at one age, and at another one it had.

        What cannot be true, as after a correction of the clock, is not learned.
        """
        if not (0 <= after <= LONGEST and (until <= LONGEST or until == inf)):
            return
        if until - after < SHORTEST or _is_long(key):
            return
        span = array("f", (_rounded(after, floor), _rounded(until, ceil)))
        spans = self._spans.pop(key, b"") + span.tobytes()
        self._spans[key] = spans[-KEPT * SPAN_BYTES :]
        self._unsaved.add(key)
        if len(self._spans) > KEYS:
            oldest = next(iter(self._spans))
            del self._spans[oldest]
            self._unsaved.discard(oldest)

    @property
    def plain(self) -> list[Any]:
        """All of it as data that can be written as JSON, the least recently used first."""
        return [self._plain(key) for key in self._spans]

    @property
    def unsaved(self) -> list[Any]:
        """The same of those keys of which something was learned that is not on disk."""
        return [self._plain(key) for key in self._spans if key in self._unsaved]

    def saved(self, records: Iterable[Any]) -> None:
        """Note that the disk holds these records of keys, unless they have changed since."""
        for record in records:
            target, command, _ = record
            key = (target, command)
            if key in self._spans and self._plain(key) == record:
                self._unsaved.discard(key)

    def _plain(self, key: Key) -> list[Any]:
        """Return what is known of one key as plain data."""
        ages = array("f", self._spans[key])
        return [*key, [None if age == inf else float(f"{age:.{DIGITS}g}") for age in ages]]

    @classmethod
    def from_plain(cls, plain: Any) -> Habits:
        """Return what plain data holds, of records of one key the last; nonsense is left out."""
        habits = cls()
        habits.take_up(plain)
        return habits

    def take_up(self, plain: Any) -> None:
        """Know what plain data holds, which is on disk; see `from_plain`."""
        for record in plain if isinstance(plain, list | tuple) else ():
            match record:
                case [str(target), str(command), list(ages)]:
                    self._spans.pop((target, command), None)
                    for after, until in zip(ages[::2], ages[1::2], strict=False):
                        if _is_number(after) and (until is None or _is_number(until)):
                            self.learn((target, command), after, inf if until is None else until)
        self._unsaved.clear()


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """When a command is likely to end: a distribution function in straight pieces."""

    ages: Sequence[float]
    """Where the pieces begin; at the last one the known range ends."""
    shares: Sequence[float]
    """The part of all commands that has ended by then."""
    slopes: Sequence[float]
    """How quickly it grows from there on."""
    usual: float
    """The median of the ages at which commands had ended, since the last surprise."""
    most: float
    """The longest pause that the forecast may cause."""

    def pause(self, age: float, interval: float, closest: float) -> float:
        """Return the seconds until the next question about a command of this age.

        `interval` is what the cadence would wait, `closest` what the provider asks for at least.
        """
        if age >= self.ages[-1]:
            return max(interval, closest)
        wanted = self._seconds_until_worth(PRICE * interval, age)
        return max(closest, min(wanted, max(interval, self.most)))

    def _seconds_until_worth(self, price: float, age: float) -> float:
        """Return how long after a question at an age the expected delay reaches a price."""
        at = max(age, self.ages[0])
        first = bisect_right(self.ages, at) - 1
        ended = self.shares[first] + self.slopes[first] * (at - self.ages[first])
        unnoticed, left = 0.0, price * (1 - ended)
        for piece in range(first, len(self.ages) - 1):
            width, slope = self.ages[piece + 1] - at, self.slopes[piece]
            delay = width * (unnoticed + slope * width / 2)
            if delay >= left:
                # The root of slope/2 x^2 + unnoticed x = left, in the form that loses no digits.
                root = sqrt(unnoticed * unnoticed + 2 * slope * left)
                return at - age + (2 * left / (unnoticed + root) if left > 0 else 0.0)
            left -= delay
            unnoticed += slope * width
            at += width
        return at - age + left / unnoticed


@lru_cache(maxsize=64)
def _forecast(spans: bytes) -> Forecast | None:
    """Return what spans let expect; None where they are too few."""
    pairs = list(batched(array("f", spans), 2, strict=True))
    if sum(until < inf for _, until in pairs) < ENOUGH:
        return None
    known = len(pairs)
    stretch = STRETCH + DOUBT / known
    changes: dict[float, float] = {}
    for after, until in pairs:
        if until < inf:
            begin, end = after / stretch, until * stretch
            slope = 1 / (end - begin) / known
            changes[begin] = changes.get(begin, 0.0) + slope
            changes[end] = changes.get(end, 0.0) - slope
    ages = sorted(changes)
    slopes = [max(0.0, slope) for slope in accumulate(changes[age] for age in ages)]
    grown = (slope * (end - at) for slope, (at, end) in zip(slopes, pairwise(ages), strict=False))
    recent = pairs[_last_surprise(pairs) :]
    usual = median(until for _, until in recent if until < inf)
    share, seconds = LATER
    return Forecast(
        ages=array("d", ages),
        shares=array("d", accumulate(grown, initial=0.0)),
        slopes=array("d", slopes),
        usual=usual,
        most=max(usual * share, seconds) * min(1.0, len(recent) / TRUSTED),
    )


def _last_surprise(spans: Sequence[Span]) -> int:
    """Return the place of the last end that lies far outside of all before; 0 where there is none.

    So the spans from there on hold at least one end, if there is one at all.
    """
    ends = [(place, *span) for place, span in enumerate(spans) if span[1] < inf]
    (_, least, most), *others = ends
    found = 0
    for place, after, until in others:
        if until * SURPRISE < least or after > most * SURPRISE:
            found = place
        least, most = min(least, after), max(most, until)
    return found


def _rounded(age: float, to: Callable[[float], int]) -> float:
    """Return an age with few digits, up or down."""
    if age in {0, inf}:
        return age
    unit = 10.0 ** max(floor(log10(age)) - DIGITS + 1, -2)
    # The division may be off by its last digit, which is no reason to go to the next unit.
    return to(round(age / unit, 6)) * unit


def _is_long(key: Key) -> bool:
    """Return whether a key takes too much room."""
    return sum(len(word.encode(errors="replace")) for word in key) > LONGEST_KEY


def _is_number(value: Any) -> bool:
    """Return whether a value out of a file is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
