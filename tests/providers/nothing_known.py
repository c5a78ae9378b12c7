"""What a sign-in to a new account is given beside its sessions: nothing."""

from collections.abc import Mapping
from typing import Any


class NothingKnown:
    """Knows no account and no description."""

    @property
    def known(self) -> Mapping[str, str]:
        """Sign in to a new account."""
        return {}

    async def descriptions(self) -> Mapping[str, Any]:
        """Describe no API."""
        return {}
