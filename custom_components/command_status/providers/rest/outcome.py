"""What an answer to a status request means.

The order: rules; then what is no word about the command (429, 5xx, 401, 403); then "not found",
which may only mean "not yet"; then the word, in its table. A word that the table lacks leaves the
command open and is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from math import isfinite
from typing import Any, Final

from ...tracking import FINAL, OPEN, CommandState, Observation
from ..errors import (
    ProviderAuthError,
    ProviderInterceptedError,
    ProviderNoAnswerError,
    ProviderPermissionError,
    ProviderRateLimitError,
)
from ..http import retry_after
from ..mistakes import DescriptionError, Mistake, Place
from .reading import Keys, listing, number, text, word
from .response import Response
from .rules import NEXT, STATES, Rule, first_that_holds, rules
from .sources import Sources, source_of, sources
from .templates import MISSING, Scope, Values, spelled

UNKNOWN_ID: Final = "unknown_id"
"""The reason of a command that the server does not know (any more)."""
FAILED: Final = FINAL - {CommandState.SUCCESS}
"""Outcomes that somebody wants to know the reason of."""
HOUR: Final = 3600.0
MILLISECONDS: Final = 1e11
"""A greater moment is told in milliseconds: as such it lies after 1973, in seconds after 5000."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a command has come, as a percentage."""

    part: Sources
    whole: Sources | None
    times: float

    def percent(self, response: Response, values: Values) -> int | None:
        """Return 0 to 100; None where the answer does not tell."""
        part = _as_number(self.part.raw(response, values))
        whole = 1.0 if self.whole is None else _as_number(self.whole.raw(response, values))
        if part is None or not whole:
            return None
        share = part / whole * (self.times if self.whole is None else 100.0)
        return round(min(max(share, 0.0), 100.0)) if isfinite(share) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """What an outcome is judged by beside the answer."""

    values: Values
    now: float
    since: float
    """When the command was sent."""
    stopping: bool
    """Whether it was asked to stop."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The table of one kind of status answer."""

    rules: tuple[Rule, ...]
    word: Sources | None
    words: Mapping[str, CommandState]
    """By the word in lower case."""
    otherwise: CommandState
    reason: Sources | None
    result: Sources | None
    progress: Progress | None
    grace: float
    newer: Sources | None
    next: Sources | None

    @property
    def states(self) -> frozenset[str]:
        """Every state that it can lead to by a word or a rule."""
        return frozenset({*self.words.values(), *(rule.state for rule in self.rules)})

    def judge(self, response: Response, moment: Moment) -> Observation:
        """Return what an answer says about a command.

        Raises ProviderError where it says nothing: ProviderAuthError, ProviderPermissionError,
        ProviderRateLimitError and ProviderNoAnswerError.
        """
        if response.good and self._is_old(response, moment):
            return Observation()
        rule = first_that_holds(self.rules, response, moment.values)
        if rule is None:
            refuse_to_judge(response)
            if response.status == HTTPStatus.NOT_FOUND:
                return self._gone(None, moment)
            if not response.good:
                raise ProviderNoAnswerError(f"HTTP {response.status}", code=str(response.status))
            return self._by_word(response, moment)
        if rule.state is CommandState.LOST:
            return self._gone(self._reason_of(rule.reason, response, moment), moment)
        return self._observation(
            CommandState.IN_PROGRESS if rule.state == NEXT else CommandState(rule.state),
            self._word_in(response, moment),
            self._reason_of(rule.reason or self.reason, response, moment),
            response,
            moment,
        )

    def follows(self, response: Response, moment: Moment) -> str | None:
        """Return the new id of a command that goes on in the next stage; None where it does not.

        Raises ProviderNoAnswerError where it does and the id is not there.
        """
        if self.next is None:
            return None
        rule = first_that_holds(self.rules, response, moment.values)
        if rule is None or rule.state != NEXT:
            return None
        found = self.next.id(response, moment.values)
        if found is None:
            raise ProviderNoAnswerError("the answer has no id for the next stage")
        return found

    def _by_word(self, response: Response, moment: Moment) -> Observation:
        """Look the word up."""
        found = None if self.word is None else self.word.text(response, moment.values)
        if found is None:
            if self.needs_json and not _tells(response.data):
                raise ProviderNoAnswerError(f"HTTP {response.status} without an answer")
            return self._observation(self.otherwise, None, None, response, moment)
        state = self.words.get(found.strip().casefold())
        return self._observation(
            state,
            found.strip(),
            self._reason_of(self.reason, response, moment),
            response,
            moment,
        )

    @property
    def needs_json(self) -> bool:
        """Whether all is looked up in data, so that an answer without any says nothing."""
        looks = [rule.when.source for rule in self.rules if rule.when.source is not None]
        looks += [] if self.word is None else self.word.places
        return bool(looks) and all(look.path is not None for look in looks)

    def _observation(
        self,
        state: CommandState | None,
        told: str | None,
        reason: str | None,
        response: Response,
        moment: Moment,
    ) -> Observation:
        """Return an observation with what belongs to its state."""
        result = None
        if state in FINAL and self.result is not None:
            result = self.result.raw(response, moment.values)
        percent = None if self.progress is None else self.progress.percent(response, moment.values)
        return Observation(
            state=state,
            provider_state=told,
            reason=reason if state in FAILED else None,
            progress=percent,
            result=None if result is MISSING else result,
        )

    def _gone(self, reason: str | None, moment: Moment) -> Observation:
        """Return what it means that the server does not know a command."""
        if moment.stopping:
            return Observation(state=CommandState.CANCELLED)
        if moment.now - moment.since < self.grace:
            return Observation(state=CommandState.QUEUED)
        return Observation(state=CommandState.LOST, reason=reason or UNKNOWN_ID)

    def _word_in(self, response: Response, moment: Moment) -> str | None:
        """Return the server's own word, where there is one."""
        found = None if self.word is None else self.word.text(response, moment.values)
        return None if found is None else found.strip()

    def _reason_of(self, where: Sources | None, response: Response, moment: Moment) -> str | None:
        """Return the reason."""
        found = None if where is None else where.text(response, moment.values)
        return None if found is None else found.strip() or None

    def _is_old(self, response: Response, moment: Moment) -> bool:
        """Return whether an answer tells of a time before the command was sent.

        The moment is the server's: by its own `Date` its clock is compared with ours. One without
        a moment tells of no time at all, and so nothing either.
        """
        if self.newer is None:
            return False
        told = _as_moment(self.newer.raw(response, moment.values))
        if told is None:
            return True
        return told < int(moment.since + _ahead(response, moment.now))


def refuse_to_judge(response: Response) -> None:
    """Raise for an answer that is no word about a command: 429, 5xx, 401, 403 and the like."""
    message, code = f"HTTP {response.status}", str(response.status)
    if response.is_of_another:
        raise ProviderInterceptedError(message)
    if response.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ProviderRateLimitError(message, retry_after=retry_after(response.reply))
    if response.status == HTTPStatus.UNAUTHORIZED:
        raise ProviderAuthError(message)
    if response.status == HTTPStatus.FORBIDDEN:
        raise ProviderPermissionError(message)
    if not response.says_something:
        raise ProviderNoAnswerError(message, code=code)


def obey_pause(response: Response) -> None:
    """Raise ProviderRateLimitError for a 503 that says when to come back.

    Only for questions: whether a command was taken that was answered like this, nobody knows.
    """
    pause = retry_after(response.reply)
    if response.status == HTTPStatus.SERVICE_UNAVAILABLE and pause is not None:
        raise ProviderRateLimitError(f"HTTP {response.status}", retry_after=pause)


def outcome(plain: Any, place: Place, scope: Scope, *, last: bool) -> Outcome:
    """Read an outcome; `last` and `first` say where among the stages of a command it stands."""
    with Keys(plain, place) as keys:
        found = Outcome(
            rules=keys.take("rules", lambda p, w: rules(stages=not last)(p, w, scope), ()),
            word=keys.take("word", lambda p, w: sources(p, w, scope), None),
            words=keys.take("words", _words, {}),
            otherwise=keys.take("otherwise", word({state.value: state for state in OPEN}), IN_WORK),
            reason=keys.take("reason", lambda p, w: sources(p, w, scope), None),
            result=keys.take("result", lambda p, w: sources(p, w, scope), None),
            progress=keys.take("progress", lambda p, w: _progress(p, w, scope), None),
            grace=keys.take("grace", number(0, 24 * HOUR), 0.0),
            newer=keys.take("newer", lambda p, w: sources(p, w, scope), None),
            next=None if last else keys.take("next", lambda p, w: sources(p, w, scope)),
        )
    _check_states(found, place, last=last)
    if found.words and found.word is None:
        raise DescriptionError(Mistake.MISSING_KEY, place, "word")
    return found


IN_WORK: Final = CommandState.IN_PROGRESS


def _check_states(found: Outcome, place: Place, *, last: bool) -> None:
    """See to it that a command can end, and end well."""
    if not last:
        if NEXT not in found.states:
            raise DescriptionError(Mistake.NO_FINAL_STATE, (*place, "rules"), NEXT)
        return
    if not found.states & FINAL:
        raise DescriptionError(Mistake.NO_FINAL_STATE, place)
    if CommandState.SUCCESS not in found.states:
        raise DescriptionError(Mistake.NO_SUCCESS_WORD, place)


def _words(plain: Any, place: Place) -> Mapping[str, CommandState]:
    """Read the table of words; one under two states is a mistake."""
    table: dict[str, CommandState] = {}
    with Keys(plain, place) as keys:
        for state in STATES.values():
            for at, found in enumerate(keys.take(state.value, listing(_word), ())):
                if found in table:
                    raise DescriptionError(Mistake.WORD_TWICE, (*place, state.value, at), found)
                table[found] = state
    return table


def _word(plain: Any, place: Place) -> str:
    """Read one word; the case does not matter, numbers and booleans count as their text."""
    return text(spelled(plain) if isinstance(plain, bool) else plain, place).strip().casefold()


def _progress(plain: Any, place: Place, scope: Scope) -> Progress:
    """Read where the progress stands: a path alone is a percentage."""
    if not isinstance(plain, Mapping):
        return Progress(part=sources(plain, place, scope), whole=None, times=1.0)
    with Keys(plain, place) as keys:
        part = Sources((source_of(keys, scope),))
        whole = keys.take("of", lambda p, w: sources(p, w, scope), None)
        times = 1.0 if whole is not None else keys.take("times", number(0.0001, 10000), 1.0)
        return Progress(part=part, whole=whole, times=times)


def _tells(data: Any) -> bool:
    """Return whether data is an object with something in it, or a list with such an object."""
    found = data if isinstance(data, list) else [data]
    return any(isinstance(item, Mapping) and item for item in found)


def _as_number(value: Any) -> float | None:
    """Return a number; a text that reads as one is one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except ValueError, OverflowError:
        return None
    return found if isfinite(found) else None


def _as_moment(value: Any) -> float | None:
    """Return a moment in seconds since the epoch; it is told as such, or as ISO 8601."""
    if (seconds := _as_number(value)) is not None:
        return seconds / 1000 if seconds > MILLISECONDS else seconds
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _ahead(response: Response, now: float) -> float:
    """Return how far the server's clock is ahead of ours; 0 where it does not tell."""
    try:
        told = parsedate_to_datetime(response.headers.get("Date", "")).timestamp()
    except ValueError, TypeError, OverflowError:
        return 0.0
    return told - now if abs(told - now) >= 1 else 0.0
