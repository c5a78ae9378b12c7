"""Words of a provider that we do not know: each is reported once."""

from ..const import LOGGER
from ..tracking import Observation


class UnknownWords:
    """The unknown words of one account."""

    def __init__(self, manufacturer: str) -> None:
        """Know nobody's words yet."""
        self._manufacturer = manufacturer
        self._told: set[str] = set()

    def note(self, observation: Observation) -> None:
        """Say once that the provider uses a word that we do not know."""
        word = observation.provider_state
        if observation.state is None and word is not None and word not in self._told:
            self._told.add(word)
            LOGGER.warning(
                "%s says %r about a command, which is not known here; please report it",
                self._manufacturer,
                word,
            )
