"""The story of asking, as it meets the network: from what is due to what an answer brought."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import random

from homeassistant.core import callback

from ..providers.base import Answer, Outcome, Query
from ..providers.errors import ProviderDisconnectedError, ProviderError
from ..tracking import Command, Observation, Transition
from .background import Background
from .parts import Parts
from .unknown_words import UnknownWords


class Asker:
    """Asks what became of the commands of one account."""

    def __init__(
        self, parts: Parts, words: UnknownWords, askers: Background, news: Callable[[], None]
    ) -> None:
        """Ask nothing yet; `askers` are the tasks that ask, `news` is called when there are any."""
        self._parts = parts
        self._words = words
        self._askers = askers
        self._news = news
        self._queries: deque[Query] = deque()

    @callback
    def start(self) -> None:
        """Start as many askers as there is room and work for."""
        for query in self._next_queries(self._room):
            self._askers.start(self._async_ask_on(query))

    @callback
    def close(self) -> None:
        """Ask nothing more, and cut what is being asked."""
        self._askers.cut()

    @property
    def has_room(self) -> bool:
        """Whether there is room for another asker."""
        return self._may_ask and self._room > 0

    def next_at(self, now: float) -> float | None:
        """Return when the next question can be asked; None while only an answer helps."""
        if not self.has_room:
            return None
        questions = self._parts.tracker.questions
        return questions.free_at(now) if self._queries else questions.next_at(now)

    @property
    def _room(self) -> int:
        """How many more askers there may be."""
        return self._parts.description.policy.pace.at_once - len(self._askers)

    @property
    def _may_ask(self) -> bool:
        """Whether the provider may be asked at all."""
        return not self._parts.connection.refused and not self._askers.closed

    async def _async_ask_on(self, query: Query | None) -> None:
        """Ask one thing after the other, as long as something is due."""
        while query is not None:
            await self._async_check(query)
            query = next(iter(self._next_queries(1)), None)

    def _next_queries(self, most: int) -> list[Query]:
        """Return the next status requests that may be made now, at most so many; they count."""
        tracker, now = self._parts.tracker, self._parts.clock.now()
        questions = tracker.questions
        if not self._may_ask or not (self._queries or questions.is_due(now)):
            return []
        free = min(most, questions.room(now))
        if len(self._queries) < free:
            together = self._parts.description.policy.cadence.together
            due = tracker.due(now, None if together else free - len(self._queries))
            self._queries.extend(self._queries_about(due))
        queries = [self._queries.popleft() for _ in range(min(free, len(self._queries)))]
        for _ in queries:
            questions.pace.note(now)
        return queries

    def _queries_about(self, commands: Sequence[Command]) -> list[Query]:
        """Return the status requests about commands; what none is about is asked about later."""
        if not commands:
            return []
        queries: list[Query] = []
        try:
            queries = list(self._parts.provider.queries(commands))
        except Exception as err:  # noqa: BLE001 - whatever a provider throws
            self._parts.mishaps.note("The provider cannot put a question", err)
            if len(commands) > 1:
                # One that is odd costs the others nothing.
                return [query for one in commands for query in self._queries_about([one])]
        about = {command.tracking_id for query in queries for command in query.commands}
        if left := [command for command in commands if command.tracking_id not in about]:
            self._take(left, {})
        return queries

    async def _async_check(self, query: Query) -> None:
        """Make one status request and take in what it brought."""
        try:
            answer = await self._async_answer(query)
        except asyncio.CancelledError:
            if not self._askers.closed:
                # Cut from inside, by a library.
                self._take(query.commands, {})
            raise
        self._take(query.commands, answer.news, answer.rest)

    async def _async_answer(self, query: Query) -> Answer:
        """Make one status request; return what it brought, nothing where it failed."""
        nothing = Answer(news={})
        try:
            answer = await self._parts.provider.check(query)
            # Copies, which only an answer can give.
            answer = Answer(news=dict(answer.news), rest=answer.rest)
        except ProviderError as err:
            if isinstance(err, ProviderDisconnectedError) and not query.repeated:
                # A kept connection may break at any time; the next request goes over a new one.
                return replace(nothing, rest=replace(query, repeated=True))
            self._parts.connection.note_trouble(err)
            return nothing
        except Exception as err:  # noqa: BLE001 - whatever a provider throws
            self._parts.mishaps.note("Unexpected error while asking for an outcome", err)
            return nothing
        self._parts.connection.note_reached()
        return answer

    def _take(
        self, commands: Sequence[Command], news: Mapping[str, Outcome], rest: Query | None = None
    ) -> None:
        """Tell the tracker what became of a question about each of its commands."""
        transitions: list[Transition | None] = []
        for command in commands:
            outcome = news.get(command.tracking_id)
            if outcome is None and rest is not None:
                continue
            with self._parts.mishaps.survived("The news of a command cannot be taken in"):
                transitions.append(self._taken(command.tracking_id, outcome))
        if rest is not None:
            self._queries.appendleft(rest)
        if any(transitions):
            self._parts.keeper.take(transitions)
            self._news()

    def _taken(self, tracking_id: str, outcome: Outcome | None) -> Transition | None:
        """Tell the tracker what became of a question about one command."""
        tracker = self._parts.tracker
        now = self._parts.clock.now()
        if isinstance(outcome, Observation):
            self._words.note(outcome)
            try:
                return tracker.observe(tracking_id, outcome, now)
            except Exception:
                # It is asked about again: no command stays without a question.
                tracker.missed(tracking_id, now, random())
                raise
        return tracker.missed(tracking_id, now, random())
