"""Words of a provider that we do not know: each is reported once, as long as there are few."""

from collections.abc import Callable
from typing import Final

from ..const import LOGGER
from ..tracking import Observation

MOST_TOLD: Final = 20
"""Words that are reported until the account is loaded again: a cloud that goes on after that makes
them up."""


class UnknownWords:
    """The unknown words of one account."""

    def __init__(self, manufacturer: Callable[[], str]) -> None:
        """Know nobody's words yet; `manufacturer` says whose they are."""
        self._manufacturer = manufacturer
        self._told: set[str] = set()

    def note(self, observation: Observation) -> None:
        """Say once that the provider uses a word that we do not know."""
        word = observation.provider_state
        if observation.state is not None or word is None or len(self._told) == MOST_TOLD:
            return
        if word not in self._told:
            self._told.add(word)
            LOGGER.warning(
                "%s says %r about a command, which is not known here; please report it",
                self._manufacturer(),
                word,
            )
