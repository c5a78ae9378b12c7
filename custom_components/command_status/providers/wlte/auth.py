"""Tokens: there is no refresh call, a new token is asked for with the client's secret.

The rules are those of the vendor's own clients: keep the token in memory, renew it 60 s before it
expires (or a fifth of its life, where that is less), and let parallel callers share one renewal
(svnwi/wlte-openapi-sdk@bf6e8b2 sdk/python/wlte_openapi/auth.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Any, Final

from ..base import Clock
from ..errors import (
    ProviderAuthError,
    ProviderConnectionError,
    ProviderNoAnswerError,
    ProviderRefusedError,
)
from ..lifetime import lifetime, renew_at
from ..renewal import Renewal
from ..words import Filter
from .api import INVALID_REQUEST, Api, Call

TOKEN: Final = re.compile(r"[!-~]+")
"""What can be put into a header: printable ASCII without spaces."""
RENEWAL: Final = "WLTE token"
"""The name of the task that renews a token."""
USUAL_LIFE: Final = 3600.0
"""Seconds; used where an answer does not tell (svnwi/wlte-openapi-sdk@5101d2d Auth.bru)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """An access token; two of them are the same only when they came with the same answer."""

    word: str = field(repr=False)
    renew_at: float
    scopes: frozenset[str] | None
    """What it allows; only the third generation of the contract tells."""


class Tokens:
    """The one token of an account, always a good one."""

    def __init__(
        self, api: Api, client_id: str, client_secret: str, clock: Clock, words: Filter
    ) -> None:
        """Keep the credentials, and the filter that has to know each token; makes no request."""
        self._api = api
        self._words = words
        body = {"clientId": client_id, "clientSecret": client_secret}
        self._call = Call(method="POST", path=("auth", "token"), body=body)
        self._clock = clock
        self._refused: ProviderAuthError | None = None
        self._renewal = Renewal(RENEWAL, self._renew)
        self.held: Token | None = None
        """The newest token, be it expired by now."""

    @property
    def good(self) -> Token | None:
        """The newest token, if it is good for a while."""
        held = self.held
        return held if held is not None and self._clock() < held.renew_at else None

    async def get(self, *, refused: Token | None = None) -> Token:
        """Return a token that is good, and is not the one that the server has just refused.

        Raises ProviderAuthError when the credentials are refused (from then on without asking
        again: a secret is never retried), and otherwise only errors that say that nothing was
        taken.
        """
        good = self.good
        if good is not None and good is not refused:
            return good
        if self._refused is not None:
            raise ProviderAuthError(self._refused.message, code=self._refused.code)
        return await self._renewal.wait()

    async def close(self) -> None:
        """Wait for the end of a renewal."""
        await self._renewal.finish()

    async def _renew(self) -> Token:
        """Ask for a new token."""
        asked_at = self._clock()
        try:
            data = await self._api.ask(self._call)
            self.held = _token(data, asked_at)
            self._words.learn(self.held.word)
        except ProviderAuthError as err:
            self._refused = err
            raise
        except ProviderNoAnswerError as err:
            # What the token was wanted for has certainly not been sent.
            raise ProviderConnectionError(f"no token: {err}", code=err.code) from err
        except ProviderRefusedError as err:
            # Nothing else is in the request that could be invalid.
            if err.code != INVALID_REQUEST:
                raise
            self._refused = ProviderAuthError(err.message, code=err.code)
            raise self._refused from err
        return self.held


def _token(data: Mapping[str, Any], asked_at: float) -> Token:
    """Read the answer of the token call; raises ProviderNoAnswerError without a token in it."""
    word, life, scopes = (data.get(name) for name in ("accessToken", "expiresIn", "scopes"))
    if not isinstance(word, str) or not TOKEN.fullmatch(word):
        raise ProviderNoAnswerError("a token answer without a token")
    seconds = lifetime(life, USUAL_LIFE)
    return Token(
        word=word,
        renew_at=renew_at(asked_at, seconds),
        scopes=frozenset(map(str, scopes)) if isinstance(scopes, list) else None,
    )
