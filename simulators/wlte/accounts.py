"""API clients, their scopes and their tokens."""

from dataclasses import dataclass, field
import secrets
from typing import Final

READ: Final = "device:read"
CONTROL: Final = "device:control"

# Three scopes contain `device:read`; beyond that, none contains another.
CONTAINING_READ: Final = frozenset({READ, CONTROL, "device:config", "device:manage"})


@dataclass(slots=True)
class Client:
    """An API client, as made in the developer console."""

    client_id: str
    secret: str
    scopes: set[str] = field(default_factory=lambda: {CONTROL})
    enabled: bool = True

    def may(self, scope: str) -> bool:
        """Tell whether the client's scopes contain this one."""
        return not self.scopes.isdisjoint(CONTAINING_READ if scope == READ else {scope})


@dataclass(slots=True)
class Token:
    """An access token that was given out."""

    client: Client
    expires_at: float


def new_token() -> str:
    """Return a word that looks like a JWT and says nothing."""
    return f"eyJhbGciOiJIUzI1NiJ9.{secrets.token_urlsafe(48)}.{secrets.token_urlsafe(32)}"
