"""What the hosts of one cloud share: its account, its world, and its time."""

from datetime import datetime
from typing import Protocol

from ..clock import Clock
from .commands import Book
from .scripts import Playbook
from .settings import Settings
from .tokens import Tokens
from .world import World


class Cloud(Protocol):
    """The cloud behind the hosts. A reset replaces its parts: nobody may keep one of them."""

    settings: Settings
    clock: Clock
    secrets: set[str]
    world: World
    book: Book
    playbook: Playbook
    tokens: Tokens

    def now_utc(self) -> datetime:
        """Return the time of day by the cloud's clock."""
