"""News that nobody asks for: what a provider tells by itself, and what is seen in the house."""

from collections.abc import Callable
from functools import partial

from homeassistant.core import callback

from ..providers.house import Stop
from ..tracking import Command, Evidence, Observation
from . import witness
from .parts import Parts
from .unknown_words import UnknownWords


class Telling:
    """The commands of one account about which there may be news at any moment."""

    def __init__(self, parts: Parts, words: UnknownWords, told: Callable[[], None]) -> None:
        """Listen to nothing yet; `told` is called after each piece of news."""
        self._parts = parts
        self._words = words
        self._told = told
        self._stops: dict[str, tuple[Stop, ...]] = {}
        self._closed = False

    @callback
    def follow(self, command: Command) -> None:
        """Listen for news of a command, where there may be any."""
        tracking_id = command.tracking_id
        if self._closed or tracking_id in self._stops:
            return
        self._stops[tracking_id] = ()  # there may be news before they return
        with self._parts.mishaps.survived("News of a command cannot be listened to"):
            told = self._parts.provider.follow(command, partial(self._tell, tracking_id))
            self._keep(tracking_id, told)
        if tracking_id in self._stops:
            with self._parts.mishaps.survived("What is expected cannot be watched"):
                seen = witness.watch(self._parts.house, command, partial(self._see, tracking_id))
                self._keep(tracking_id, seen)

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

    def _keep(self, tracking_id: str, stop: Stop | None) -> None:
        """Note how to stop listening; at once, where what was heard already was the end."""
        if stop is None:
            return
        if tracking_id in self._stops:
            self._stops[tracking_id] += (stop,)
        else:
            self._end(stop)

    def _tell(self, tracking_id: str, observation: Observation) -> None:
        """Take in one piece of news."""
        if tracking_id not in self._stops:
            return
        with self._parts.mishaps.survived("News of a command cannot be taken in"):
            self._words.note(observation)
            now = self._parts.clock.now()
            self._parts.keeper.take([self._parts.tracker.answered(tracking_id, observation, now)])
        self._told()

    def _see(self, tracking_id: str, evidence: Evidence | None) -> None:
        """Take in what is seen of what is expected."""
        if tracking_id not in self._stops:
            return
        with self._parts.mishaps.survived("What was seen of a command cannot be taken in"):
            transition = self._parts.tracker.see(tracking_id, evidence, self._parts.clock.now())
            if transition is not None and not self._parts.keeper.is_spared(tracking_id):
                # What was seen is seen, also after a crash.
                self._parts.keeper.want_save()
            self._parts.keeper.take([transition])
        self._told()

    def _leave(self, tracking_id: str) -> None:
        """Listen no more for news of a command."""
        for stop in self._stops.pop(tracking_id, ()):
            self._end(stop)

    def _end(self, stop: Stop) -> None:
        """Listen no more to one of the sources of news."""
        with self._parts.mishaps.survived("News of a command cannot be left"):
            stop()
