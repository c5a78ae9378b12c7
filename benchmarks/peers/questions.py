"""What all contestants ask: the status of open commands, each once in a while."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Questions:
    """Commands that are open at a simulator, and how to ask about them."""

    base: str
    network: str
    ids: Sequence[str]
    token: str = field(repr=False)
    interval: float
    """Seconds between two questions about a command."""

    @property
    def headers(self) -> dict[str, str]:
        """The header that blinkpy sends."""
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}

    def url(self, command_id: str) -> str:
        """Return where the status of a command is."""
        return f"{self.base}/network/{self.network}/command/{command_id}"
