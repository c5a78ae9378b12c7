"""Where Blink is, as the user's form says or leaves to us."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ..http import base_url
from .constants import API_URL, AUTH_URL


@dataclass(frozen=True, kw_only=True, slots=True)
class Hosts:
    """Where Blink is."""

    auth: str
    api: str
    """Empty: the host of the account's tier."""

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """Read the fields of a form; raises SignInError `invalid_url` or `insecure_url`."""
        auth = str(base_url(values.get("auth_url") or AUTH_URL))
        api = str(base_url(values.get("api_url") or API_URL))
        return cls(auth=auth, api="" if api == API_URL else api)

    @property
    def first_api(self) -> str:
        """The host to ask as long as the tier is not known."""
        return self.api or API_URL
