"""News that a provider tells by itself: it is taken in like an answer, and nobody asks for it."""

from collections.abc import Callable
from functools import partial

from homeassistant.core import callback

from ..providers.base import Stop
from ..tracking import Command, Observation
from .parts import Parts
from .unknown_words import UnknownWords


class Telling:
    """The commands of one account about which the provider tells by itself."""

    def __init__(self, parts: Parts, words: UnknownWords, told: Callable[[], None]) -> None:
        """Listen to nothing yet; `told` is called after each piece of news."""
        self._parts = parts
        self._words = words
        self._told = told
        self._stops: dict[str, Stop] = {}
        self._closed = False

    @callback
    def follow(self, command: Command) -> None:
        """Listen for news of a command, where the provider tells any."""
        tracking_id = command.tracking_id
        if self._closed or tracking_id in self._stops:
            return
        self._stops[tracking_id] = _nothing  # it may tell before it returns
        stop = None
        with self._parts.mishaps.survived("News of a command cannot be listened to"):
            stop = self._parts.provider.follow(command, partial(self._tell, tracking_id))
        if stop is None:
            self._stops.pop(tracking_id, None)
            return
        ended = tracking_id not in self._stops
        self._stops[tracking_id] = stop
        if ended:
            self._leave(tracking_id)  # what it told was the end

    @callback
    def leave_ended(self) -> None:
        """Listen no more for news of commands about which nothing more will be learned."""
        for tracking_id in self._parts.tracker.take_released():
            self._leave(tracking_id)
            self._parts.provider.release(tracking_id)

    @callback
    def close(self) -> None:
        """Listen no more, to anything."""
        self._closed = True
        for tracking_id in list(self._stops):
            self._leave(tracking_id)

    def _tell(self, tracking_id: str, observation: Observation) -> None:
        """Take in one piece of news."""
        if tracking_id not in self._stops:
            return
        with self._parts.mishaps.survived("News of a command cannot be taken in"):
            self._words.note(observation)
            now = self._parts.clock.now()
            transition = self._parts.tracker.answered(tracking_id, observation, now)
            self._parts.keeper.take([transition])
        self._told()

    def _leave(self, tracking_id: str) -> None:
        """Listen no more for news of a command."""
        if (stop := self._stops.pop(tracking_id, None)) is not None:
            with self._parts.mishaps.survived("News of a command cannot be left"):
                stop()


def _nothing() -> None:
    """End nothing."""
