"""What is being seen: an expectation that is reached must stay so for as long as it says."""

from .command import Command, Evidence


class Sights:
    """The commands whose expectation is reached at this moment, and since when."""

    def __init__(self) -> None:
        """See nothing."""
        self._held: dict[str, tuple[Evidence, float]] = {}

    def note(self, command: Command, evidence: Evidence | None, now: float) -> float | None:
        """Note what an entity shows; return when that is proof, None where it is not reached."""
        if evidence is None or command.expect is None:
            self.drop(command.tracking_id)
            return None
        _, since = self._held.get(command.tracking_id, (evidence, now))
        self._held[command.tracking_id] = (evidence, since)
        return since + command.expect.seconds

    def proof(self, command: Command, now: float) -> Evidence | None:
        """Return the evidence where the expectation has been reached for long enough."""
        if command.expect is None or command.tracking_id not in self._held:
            return None
        evidence, since = self._held[command.tracking_id]
        return evidence if since + command.expect.seconds <= now else None

    def drop(self, tracking_id: str) -> None:
        """Let go of a command."""
        self._held.pop(tracking_id, None)

    def shift(self, seconds: float) -> None:
        """Move everything, because the clock was corrected."""
        self._held = {
            tracking_id: (evidence, since + seconds)
            for tracking_id, (evidence, since) in self._held.items()
        }
