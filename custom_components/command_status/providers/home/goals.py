"""What the rows of the table of actions are made of: functions from a call to what it brings about.

A goal looks at one call of an action and at its entity as it was right before, and returns the
clauses that hold once the action has done its work; None where that cannot be said of this call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, Final

from ...tracking import Clause
from ...tracking.expectation import as_number

SHARE: Final = 0.01
"""How far a number may be off, as a part of its range, where the entity names no step."""
LESS_THAN_A_STEP: Final = 0.99
"""Devices round to their steps, up or down, so what is less than a step away is reached; what is a
whole step away is another value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One action that is called on one entity."""

    data: Mapping[str, Any]
    """The parameters of the action."""
    state: str
    """The state of the entity right before."""
    attributes: Mapping[str, Any]
    zone: tzinfo = UTC
    """In which moments are meant that do not say their own."""


type Clauses = tuple[Clause, ...]
type Goal = Callable[[Call], Clauses | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """How finely a number is set: by the entity's own step, or by its range."""

    step: str | None = None
    """The attribute that holds the step."""
    low: str | float = 0.0
    high: str | float = 0.0
    """The ends of the range, or the attributes that hold them."""

    def tolerance(self, value: float, attributes: Mapping[str, Any]) -> float:
        """Return how far from a value still counts as reached."""
        if (step := as_number(attributes.get(self.step or ""))) is not None:
            return step * LESS_THAN_A_STEP
        low, high = (self._end(end, attributes) for end in (self.low, self.high))
        width = abs(value) if low is None or high is None else high - low
        return width * SHARE

    def _end(self, end: str | float, attributes: Mapping[str, Any]) -> float | None:
        """Return one end of the range; None where the entity does not name it."""
        return as_number(attributes.get(end) if isinstance(end, str) else end)


EXACT: Final = Scale()
PERCENT: Final = Scale(high=100.0)
BYTE: Final = Scale(high=255.0)
UNIT: Final = Scale(high=1.0)


def shows(*states: str) -> Goal:
    """Expect one of these states."""
    return lambda _: (Clause(values=states),)


def shows_other_than(*states: str) -> Goal:
    """Expect any state that is known, except these."""
    return lambda _: (Clause(unlike=states),)


def has(attribute: str, *values: Any) -> Goal:
    """Expect one of these values in an attribute."""
    return lambda _: (Clause(attribute=attribute, values=values),)


def told(parameter: str, attribute: str | None = None) -> Goal:
    """Expect what a parameter says, in the state or in an attribute."""

    def goal(call: Call) -> Clauses | None:
        value = call.data.get(parameter)
        if value is None:
            return None
        # A word of one of Home Assistant's own lists is written as any other text.
        said = str(value) if isinstance(value, str) else value
        return (Clause(attribute=attribute, values=(said,)),)

    return goal


def near(parameter: str, attribute: str | None, scale: Scale, factor: float = 1.0) -> Goal:
    """Expect the number that a parameter says, in the entity's unit after this factor."""

    def goal(call: Call) -> Clauses | None:
        value = as_number(call.data.get(parameter))
        return None if value is None else (_at(value * factor, attribute, scale, call),)

    return goal


def _at(value: float, attribute: str | None, scale: Scale, call: Call) -> Clause:
    """Return the clause for a number."""
    tolerance = scale.tolerance(value, call.attributes)
    return Clause(attribute=attribute, values=(value,), tolerance=tolerance)


def full(attribute: str, value: float) -> Goal:
    """Expect a position at its end, where the entity shows one."""
    return lambda call: (
        (_at(value, attribute, PERCENT, call),) if attribute in call.attributes else ()
    )


def together(*goals: Goal) -> Goal:
    """Expect all of these; nothing can be said where one of them cannot."""

    def goal(call: Call) -> Clauses | None:
        found = [goal(call) for goal in goals]
        if None in found:
            return None
        return tuple(clause for clauses in found for clause in clauses or ())

    return goal


def given(**goals: Goal) -> Goal:
    """Expect what belongs to each parameter that the call has; nothing where it has none."""

    def goal(call: Call) -> Clauses | None:
        wanted = [goal for name, goal in goals.items() if call.data.get(name) is not None]
        return together(*wanted)(call) if wanted else None

    return goal


def besides(main: Goal, **goals: Goal) -> Goal:
    """Expect something, and what belongs to each parameter that the call has."""
    extra = given(**goals)

    def goal(call: Call) -> Clauses | None:
        any_given = any(call.data.get(name) is not None for name in goals)
        return (together(main, extra) if any_given else main)(call)

    return goal


def if_shown(attribute: str, goal: Goal) -> Goal:
    """Expect something where the entity has the attribute for it; others pass it by."""
    return lambda call: goal(call) if attribute in call.attributes else ()


def unless_given(*parameters: str, goal: Goal) -> Goal:
    """Expect something of calls without any of these parameters."""
    return lambda call: None if call.data.keys() & set(parameters) else goal(call)


def by_state(goals: Mapping[str, Goal]) -> Goal:
    """Expect what belongs to the state before; nothing can be said of any other state."""

    def goal(call: Call) -> Clauses | None:
        found = goals.get(call.state)
        return None if found is None else found(call)

    return goal


def zero_means(zero: Goal, other: Goal, *parameters: str) -> Goal:
    """Expect something else where one of the parameters is nought."""

    def goal(call: Call) -> Clauses | None:
        numbers = [as_number(call.data.get(parameter)) for parameter in parameters]
        return (zero if 0 in numbers else other)(call)

    return goal


def option(place: int) -> Goal:
    """Expect the option at a place of the entity's own list."""

    def goal(call: Call) -> Clauses | None:
        options = call.attributes.get("options")
        return (
            (Clause(values=(options[place],)),) if isinstance(options, list) and options else None
        )

    return goal


def iso[T: (date, time)](kind: type[T], parameter: str) -> Goal:
    """Expect the day, or the time of day, that a parameter says, as Home Assistant writes it."""

    def goal(call: Call) -> Clauses | None:
        value = _parsed(kind, call.data.get(parameter))
        return None if value is None else (Clause(values=(value.isoformat(),)),)

    return goal


def moment(parameter: str) -> Goal:
    """Expect the moment that a parameter says, in UTC to the second."""

    def goal(call: Call) -> Clauses | None:
        value = _parsed(datetime, call.data.get(parameter))
        if value is None:
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=call.zone)
        return (Clause(values=(aware.astimezone(UTC).isoformat(timespec="seconds"),)),)

    return goal


DATE_PARTS: Final = ("year", "month", "day")
TIME_PARTS: Final = ("hour", "minute", "second")


def date_and_time(call: Call) -> Clauses | None:
    """Expect the parts of an input_datetime that a call sets."""
    stamp = as_number(call.data.get("timestamp"))
    both = (
        _parsed(datetime, call.data.get("datetime"))
        if stamp is None
        else datetime.fromtimestamp(stamp, call.zone)
    )
    day = both or _parsed(date, call.data.get("date"))
    clock = both or _parsed(time, call.data.get("time"))
    parts = [
        *((part, day) for part in DATE_PARTS if day and call.attributes.get("has_date")),
        *((part, clock) for part in TIME_PARTS if clock and call.attributes.get("has_time")),
    ]
    return (
        tuple(Clause(attribute=part, values=(getattr(value, part),)) for part, value in parts)
        or None
    )


def _parsed[T: (date, time, datetime)](kind: type[T], value: Any) -> T | None:
    """Return a value as Home Assistant reads it, be it still a text; None if it is none."""
    if isinstance(value, kind):
        return value
    try:
        return kind.fromisoformat(value)
    except TypeError, ValueError:
        return None
