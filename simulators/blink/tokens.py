"""Authorization codes, access tokens and refresh tokens: who has one, and for how long it is good.

The rules are those that blinkpy and vistoda-blink live by: a code is good once and only with its
PKCE verifier (S256); each refresh brings a new refresh token. That the old one dies when the new
one is first used is a free choice, since when a refresh token changes is not known.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
import secrets
from typing import Final

from ..clock import Clock

CODE_LIFETIME: Final = 60.0
"""Seconds between the redirect and the exchange. Free choice: not known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """Whom a code is for: what the exchange must repeat."""

    client_id: str
    redirect_uri: str
    challenge: str
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """What a client gets for a code or for a refresh token."""

    access: str
    refresh: str


class Tokens:
    """All codes and tokens that were handed out."""

    def __init__(self, clock: Clock, remember: Callable[[str], object]) -> None:
        """Begin with none; `remember` is told each secret."""
        self._clock = clock
        self._remember = remember
        self._codes: dict[str, tuple[Application, float]] = {}
        self._access: dict[str, float] = {}
        self._parents: dict[str, str | None] = {}
        """The refresh tokens that are good, each with the one that it replaced."""
        self.refreshes = 0

    def new_code(self, application: Application) -> str:
        """Return a code that can be exchanged once."""
        code = self._secret()
        self._codes[code] = application, self._clock() + CODE_LIFETIME
        return code

    def redeem(
        self, code: str, *, client_id: str, redirect_uri: str, verifier: str, lifetime: float
    ) -> Pair | None:
        """Return tokens for a code, which is used up by any try; None where something is wrong."""
        application, until = self._codes.pop(code, (None, 0.0))
        good = application is not None and (
            self._clock() < until
            and client_id == application.client_id
            and redirect_uri == application.redirect_uri
            and challenge_of(verifier) == application.challenge
        )
        return self.issue(lifetime) if good else None

    def refresh(self, token: str, lifetime: float) -> Pair | None:
        """Return new tokens for a refresh token, or None where it is good no longer."""
        if token not in self._parents:
            return None
        if (parent := self._parents[token]) is not None:
            self._parents.pop(parent, None)
        self.refreshes += 1
        return self.issue(lifetime, parent=token)

    def issue(self, lifetime: float, parent: str | None = None) -> Pair:
        """Return tokens, the access token good for so many seconds."""
        pair = Pair(access=f"eyJ{self._secret()}", refresh=self._secret())
        self._remember(pair.access)
        self._access[pair.access] = self._clock() + lifetime
        self._parents[pair.refresh] = parent
        return pair

    def allows(self, access: str) -> bool:
        """Tell whether an access token is good."""
        return self._clock() < self._access.get(access, 0.0)

    def expire_access(self) -> None:
        """Let every access token have come to its end."""
        self._access.clear()

    def revoke_refresh(self) -> None:
        """Let no refresh token be good any more; access tokens live on."""
        self._parents.clear()

    def _secret(self) -> str:
        secret = secrets.token_urlsafe(32)
        self._remember(secret)
        return secret


def challenge_of(verifier: str) -> str:
    """Return the challenge of a PKCE verifier by the method S256 (RFC 7636, section 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
