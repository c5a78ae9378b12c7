"""The story of asking, as it meets the network: from what is due to what an answer brought."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import random

from homeassistant.core import callback

from ..const import LOGGER
from ..providers.base import Outcome, Query
from ..providers.errors import ProviderDisconnectedError, ProviderError
from ..tracking import Observation
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
        self._closed = False

    @callback
    def start(self) -> None:
        """Start as many askers as there is room and work for."""
        while self.has_room:
            query = self._next_query()
            if query is None:
                return
            self._askers.start(self._async_ask_on(query))

    @callback
    def close(self) -> None:
        """Ask nothing more, and cut what is being asked."""
        self._closed = True
        for asker in list(self._askers.tasks):
            asker.cancel()

    @property
    def has_room(self) -> bool:
        """Whether there is room for another asker."""
        at_once = self._parts.description.policy.pace.at_once
        return self._may_ask and len(self._askers) < at_once

    def next_at(self, now: float) -> float | None:
        """Return when a question can be asked that is due already; None where there is none."""
        return self._parts.tracker.free_at(now) if self._queries and self.has_room else None

    @property
    def _may_ask(self) -> bool:
        """Whether the provider may be asked at all."""
        return not self._parts.connection.refused and not self._closed

    async def _async_ask_on(self, query: Query | None) -> None:
        """Ask one thing after the other, as long as something is due."""
        while query is not None:
            await self._async_check(query)
            query = self._next_query()

    def _next_query(self) -> Query | None:
        """Return the next status request that may be made now, and count it."""
        tracker = self._parts.tracker
        now = self._parts.clock.now()
        if not self._may_ask or tracker.free_at(now) != now:
            return None
        if not self._queries:
            most = None if self._parts.description.policy.cadence.together else 1
            self._queries.extend(self._parts.provider.queries(tracker.due(now, most)))
        if not self._queries:
            return None
        tracker.pace.note(now)
        return self._queries.popleft()

    async def _async_check(self, query: Query) -> None:
        """Make one status request and take in what it brought."""
        news: Mapping[str, Outcome] = {}
        rest = None
        try:
            answer = await self._parts.provider.check(query)
        except ProviderError as err:
            if isinstance(err, ProviderDisconnectedError) and not query.repeated:
                # A kept connection may break at any time; the next request goes over a new one.
                rest = replace(query, repeated=True)
            else:
                self._parts.connection.note_trouble(err)
        except Exception:  # noqa: BLE001
            LOGGER.exception("Unexpected error while asking for an outcome")
        else:
            self._parts.connection.note_reached()
            news, rest = answer.news, answer.rest
        self._take(query, news, rest)

    def _take(self, query: Query, news: Mapping[str, Outcome], rest: Query | None) -> None:
        """Tell the tracker what became of a question about each of its commands."""
        tracker = self._parts.tracker
        now = self._parts.clock.now()
        transitions = []
        for command in query.commands:
            outcome = news.get(command.tracking_id)
            if isinstance(outcome, Observation):
                self._words.note(outcome)
                transitions.append(tracker.observe(command.tracking_id, outcome, now))
            elif outcome is not None or rest is None:
                transitions.append(tracker.missed(command.tracking_id, now, random()))
        if rest is not None:
            self._queries.appendleft(rest)
        if any(transitions):
            self._parts.keeper.take(transitions)
            self._news()
