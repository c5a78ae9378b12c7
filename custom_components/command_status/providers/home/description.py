"""What the floors above need to know about this house before they follow anything in it."""

from collections.abc import Mapping
from typing import Any, Final

from ...tracking import Policy, Watch
from ...tracking.schedule import NEVER
from ..base import (
    Account,
    AccountDescription,
    Form,
    ProviderDescription,
    Sessions,
)
from .provider import connect

KEY: Final = "home"
POLICY: Final = Policy(
    cadence=NEVER,
    # A sight that comes late is looked for as long as at every provider.
    watch=Watch(first=(), every=600.0, until=600.0),
    window=60.0,
    # An action may run for as long as a script does, and none is to wait for another.
    sends_at_once=1000,
    payload_on_disk=False,
)


class HomeSignIn:
    """A sign-in without anything to type: whoever may add integrations lives here."""

    def __init__(self, sessions: Sessions) -> None:
        """Need nothing."""

    async def submit(self, step: str, values: Mapping[str, Any]) -> Account:  # noqa: ARG002
        """Return the one account that there is."""
        return Account(id=KEY, title="", credentials={})

    async def close(self) -> None:
        """Hold nothing."""


ACCOUNT: Final = AccountDescription(
    manufacturer="Home Assistant",
    portal_url="https://www.home-assistant.io/docs/scripts/perform-actions/",
    connect=connect,
    policy=POLICY,
    chosen_devices=True,
    is_house=True,
    free_commands=True,
    can_cancel=True,
)


DESCRIPTION: Final = ProviderDescription(
    key=KEY,
    manufacturer=ACCOUNT.manufacturer,
    portal_url=ACCOUNT.portal_url,
    steps={KEY: Form(fields=())},
    sign_in=HomeSignIn,
    account=lambda _: ACCOUNT,
)
