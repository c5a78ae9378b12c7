"""Rules: what an answer means that a table of words cannot tell.

A rule that names no `http` status looks only at answers that can be about a command: not at a 5xx,
401, 403, 408 or 429, in which some server on the way may say anything. That something is *missing*
proves even less, so `exists: false` by itself holds for a 2xx only; and nothing holds of a body
that is no JSON but what is said about its text.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...tracking import CommandState
from ..mistakes import DescriptionError, Mistake, Place
from .reading import Keys, Read, boolean, listing, one_or_more, text, word, wrong
from .response import Response
from .sources import WAYS, Source, Sources, source_of, sources
from .templates import MISSING, Scope, Template, Values, single, spelled, template

NEXT: Final = "next"
"""In place of a state: the command goes on under another id."""

STATES: Final = {state.value: state for state in CommandState}
TESTS: Final = ("is", "not", "contains", "exists")
STATUSES: Final = frozenset(map(str, range(100, 600)))
CLASSES: Final = {f"{first}xx": range(first * 100, first * 100 + 100) for first in range(1, 6)}

type Statuses = frozenset[int]
type State = CommandState | str


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """When a rule holds."""

    http: Statuses | None = None
    source: Source | None = None
    test: Test | None = None
    all: bool = False
    """Whether every value that a path finds must pass the test; else one is enough."""

    def holds(self, response: Response, values: Values) -> bool:
        """Return whether an answer is of that kind."""
        if not self._looks_at(response):
            return False
        if self.source is None or self.test is None:
            return True
        found = self.source.raw(response, values)
        if self.source.path is None or not self.source.path.many:
            return self.test.passes(found, values)
        if self.test.absence:
            return not any(map(_has_value, found))
        passed = [self.test.passes(each, values) for each in found]
        return bool(passed) and (all(passed) if self.all else any(passed))

    def _looks_at(self, response: Response) -> bool:
        """Return whether it looks at an answer of that status, and with such a body, at all."""
        if self.http is not None:
            fits = response.status in self.http
        else:
            absence = self.test is not None and self.test.absence
            fits = response.good if absence else response.says_something
        by_path = self.source is not None and self.source.path is not None
        return fits and not (by_path and response.data is MISSING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Test:
    """What is asked about a value."""

    kind: str
    wanted: tuple[Template, ...] = ()
    there: bool = True

    @property
    def absence(self) -> bool:
        """Whether it asks that there is nothing."""
        return self.kind == "exists" and not self.there

    def passes(self, value: Any, values: Values) -> bool:
        """Return whether a value passes."""
        if self.kind == "exists":
            return _has_value(value) is self.there
        if not _has_value(value):
            return False
        if isinstance(value, list) and self.kind == "contains":
            return any(spelled(item) in self._words(values) for item in value)
        found = spelled(value)
        if found is None:
            return False
        if self.kind == "contains":
            return any(wanted in found for wanted in self._words(values))
        return (found in self._words(values)) is (self.kind == "is")

    def _words(self, values: Values) -> list[str]:
        """Return the texts that it compares with."""
        return [wanted.text(values) for wanted in self.wanted]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What an answer of some kind means."""

    when: Condition
    state: State
    reason: Sources | None


def rules(*, stages: bool = False) -> Callable[[Any, Place, Scope], tuple[Rule, ...]]:
    """Return a reader of rules; only where a command has stages may one lead to the next."""
    known: Mapping[str, State] = {**STATES, NEXT: NEXT} if stages else STATES

    def read_all(plain: Any, place: Place, scope: Scope) -> tuple[Rule, ...]:
        return listing(lambda p, w: _rule(p, w, scope, known), at_most=100)(plain, place)

    return read_all


def first_that_holds(ordered: Iterable[Rule], response: Response, values: Values) -> Rule | None:
    """Return the first rule that an answer falls under."""
    return next((rule for rule in ordered if rule.when.holds(response, values)), None)


def condition(plain: Any, place: Place, scope: Scope) -> Condition:
    """Read when a rule holds."""
    with Keys(plain, place) as keys:
        http = keys.take("http", statuses, None)
        looks = any(map(keys.has, WAYS))
        if not looks:
            if http is None:
                raise DescriptionError(Mistake.MISSING_KEY, place, "http")
            return Condition(http=http)
        return Condition(
            http=http,
            source=source_of(keys, scope),
            test=_test(keys, scope),
            all=keys.take("each", word({"all": True, "any": False}), default=False),
        )


def statuses(plain: Any, place: Place) -> Statuses:
    """Read statuses: 404, or 2xx, or a list of both."""
    found = one_or_more(_status)(plain, place)
    return frozenset(status for part in found for status in part)


def _rule(plain: Any, place: Place, scope: Scope, known: Mapping[str, State]) -> Rule:
    """Read one rule."""
    with Keys(plain, place) as keys:
        return Rule(
            when=keys.take("when", lambda p, w: condition(p, w, scope)),
            state=keys.take("state", word(known)),
            reason=keys.take("reason", lambda p, w: sources(p, w, scope), None),
        )


def _status(plain: Any, place: Place) -> Iterable[int]:
    """Read one status, or a class of them."""
    found = text(plain, place).lower()
    if found in CLASSES:
        return CLASSES[found]
    if found not in STATUSES:
        raise wrong(plain, place)
    return (int(found),)


def _test(keys: Keys, scope: Scope) -> Test:
    """Read the one test of a condition."""
    kind = keys.only_one_of(TESTS, "is")
    if kind == "exists":
        return Test(kind=kind, there=keys.take(kind, boolean))
    return Test(kind=kind, wanted=keys.take(kind, one_or_more(_wanted(scope))))


def _wanted(scope: Scope) -> Read[Template]:
    """Return a reader of texts to compare with."""

    def read(plain: Any, place: Place) -> Template:
        return template(single(plain, place), place, scope)

    return read


def _has_value(value: Any) -> bool:
    """Return whether there is a value at all."""
    return value is not MISSING and value is not None
