"""The story of sending, as it meets disk and network: from the tracker's errand to its answer."""

import asyncio
from collections.abc import Mapping
from math import inf
from random import random

from homeassistant.core import callback

from ..const import SAVE_RETRY
from ..providers.base import Outcome
from ..providers.errors import (
    ProviderError,
    ProviderLaterError,
    ProviderNoAnswerError,
    ProviderRefusedError,
    ProviderTooLateError,
)
from ..storage.store import NotSavedError
from ..tracking import CommandState, Errand, Observation, Transition
from .background import Background
from .parts import Parts
from .telling import Telling
from .unknown_words import UnknownWords


class Sender:
    """Sends the commands of one account, and looks for those whose answer was lost."""

    def __init__(
        self, parts: Parts, telling: Telling, words: UnknownWords, errands: Background
    ) -> None:
        """Send nothing yet; `errands` are the requests under way."""
        self._parts = parts
        self._telling = telling
        self._words = words
        self._errands = errands

    @property
    def has_room(self) -> bool:
        """Whether there is room for another request that sends, or looks for what was sent."""
        return len(self._errands) < self._parts.description.policy.sends_at_once

    @property
    def is_busy(self) -> bool:
        """Whether something is being sent, or looked for."""
        return bool(self._errands.tasks)

    @callback
    def start(self, now: float) -> None:
        """Start every request that sends, or looks for what was sent, that can be started now."""
        looking_only = self._parts.keeper.refused
        while self.has_room:
            errand = self._parts.tracker.next_errand(now, looking_only=looking_only)
            if errand is None:
                return
            self._errands.start(self._async_run(errand))

    async def _async_run(self, errand: Errand) -> None:
        """Make one request that sends commands, or looks for them."""
        if not errand.lookup and not await self._async_may_go(errand):
            return
        for command in errand.commands:
            self._telling.follow(command)
        try:
            outcomes = await self._async_outcomes(errand)
        except asyncio.CancelledError:
            if not self._errands.closed:
                # Cut from inside, by a library: nobody knows what has become of it.
                self._end(errand, _unknown(errand))
            raise
        self._end(errand, outcomes)

    @callback
    def _end(self, errand: Errand, outcomes: Mapping[str, Outcome]) -> None:
        """Take in what came of each command of a request."""
        parts = self._parts
        now = parts.clock.now()
        if any(isinstance(outcome, ProviderTooLateError) for outcome in outcomes.values()):
            parts.keeper.take(parts.tracker.recall(errand, now, 0.0, inf))
            return
        with parts.mishaps.survived("The end of a request that sends cannot be noted"):
            parts.tracker.done(errand, now)
        for command in errand.commands:
            tracking_id = command.tracking_id
            with parts.mishaps.survived("The answer to a command that was sent cannot be taken in"):
                transition = self._after_sending(
                    tracking_id, outcomes.get(tracking_id), errand, now
                )
                parts.keeper.take([transition])
        parts.keeper.want_save()
        for command in errand.commands:
            # Also where no state has changed, an action may wait for the answer.
            if (current := parts.tracker.get(command.tracking_id)) and not current.final:
                parts.display.waiters.tell(current)

    async def _async_may_go(self, errand: Errand) -> bool:
        """Return whether an errand is on disk and still wanted; else it is taken back."""
        parts = self._parts
        try:
            await parts.keeper.async_saved()
        except NotSavedError:
            parts.keeper.take(parts.tracker.recall(errand, parts.clock.now(), SAVE_RETRY))
            return False
        latest = parts.clock.latest
        if not all(parts.tracker.may_go(c.tracking_id, latest) for c in errand.commands):
            parts.keeper.take(parts.tracker.recall(errand, parts.clock.now(), 0.0, latest))
            return False
        return True

    async def _async_outcomes(self, errand: Errand) -> Mapping[str, Outcome]:
        """Make the request of an errand; return what came of each of its commands."""
        provider = self._parts.provider
        call = provider.lookup if errand.lookup else provider.submit
        try:
            # A copy, which only a mapping can give.
            return dict(await self._parts.connection.async_ask(call(errand.commands)))
        except ProviderError as err:
            return {command.tracking_id: err for command in errand.commands}
        except Exception as err:  # noqa: BLE001 - whatever a provider throws
            self._parts.mishaps.note("Unexpected error while sending", err)
            return _unknown(errand)

    def _after_sending(
        self, tracking_id: str, outcome: Outcome | None, errand: Errand, now: float
    ) -> Transition | None:
        """Tell the tracker what came of sending one command."""
        tracker = self._parts.tracker
        if isinstance(outcome, Observation):
            self._words.note(outcome)
            return tracker.answered(tracking_id, outcome, now)
        if errand.lookup:
            found_none = tracker.not_found if outcome is None else tracker.not_looked
            return found_none(tracking_id, now, random())
        if outcome is None or isinstance(outcome, ProviderNoAnswerError):
            return tracker.unanswered(tracking_id, now, random())
        if isinstance(outcome, ProviderLaterError):
            return tracker.postpone(
                tracking_id, now, seconds=outcome.retry_after, reason=outcome.key
            )
        if outcome.about_command:
            refusal = Observation(
                state=CommandState.FAILURE,
                reason=outcome.message,
                provider_state=outcome.code,
                settled=True,
            )
            return tracker.answered(tracking_id, refusal, now)
        return tracker.not_taken(
            tracking_id, now, random(), reason=_reason_of(outcome), code=outcome.code
        )


def _unknown(errand: Errand) -> Mapping[str, Outcome]:
    """Return what came of a request of which nothing is known."""
    return dict.fromkeys((c.tracking_id for c in errand.commands), ProviderNoAnswerError())


def _reason_of(err: ProviderError) -> str:
    """Return the reason of a command that an error ends: the provider's words, or ours for it."""
    return err.message if isinstance(err, ProviderRefusedError) else err.key
