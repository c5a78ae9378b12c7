"""A cloud that tells by itself: WLTE's provider, which takes commands and is never asked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, override

from aiohttp import ClientSession

from custom_components.command_status.providers.base import Clock, Tell
from custom_components.command_status.providers.house import Stop
from custom_components.command_status.providers.wlte import (
    ACCOUNT as WLTE_ACCOUNT,
    DESCRIPTION as WLTE,
)
from custom_components.command_status.providers.wlte.client import Client
from custom_components.command_status.providers.wlte.provider import (
    WlteProvider,
    client_for,
    filter_for,
)
from custom_components.command_status.tracking import NEVER, Command, Observation


class TellingProvider(WlteProvider):
    """Tells what a test says, for as long as somebody listens."""

    def __init__(self, client: Client, clock: Clock) -> None:
        """Have nothing to tell yet."""
        super().__init__(client, clock)
        self.listeners: dict[str, Tell] = {}
        """By tracking id."""
        self.knows: Observation | None = None
        """What it tells at once of every command that it is to tell about."""

    @override
    def follow(self, command: Command, tell: Tell) -> Stop | None:
        self.listeners[command.tracking_id] = tell
        if self.knows is not None:
            tell(self.knows)
        return lambda: self.listeners.__delitem__(command.tracking_id)


def _connect(
    *, session: ClientSession, credentials: Mapping[str, str], clock: Clock, **_: object
) -> TellingProvider:
    """Return a provider; makes no request."""
    client = client_for(session, credentials, clock, filter_for(credentials))
    return TellingProvider(client, clock)


ACCOUNT: Final = replace(
    WLTE_ACCOUNT, connect=_connect, policy=replace(WLTE_ACCOUNT.policy, cadence=NEVER)
)
DESCRIPTION: Final = replace(WLTE, account=lambda _: ACCOUNT)
