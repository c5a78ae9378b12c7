"""What the floors above need to know about Blink before they talk to it."""

from collections.abc import Mapping
from math import inf
from types import MappingProxyType
from typing import Final

from aiohttp import ClientSession

from ...tracking import Cadence, Command, CommandState, Policy, Watch
from ..base import AccountDescription, Clock, Keep, Provider, ProviderDescription
from ..guard import Guarded
from ..http import HeardDate
from ..words import Filter
from .auth import Tokens
from .constants import PORTAL_URL
from .models import STATES
from .provider import BlinkProvider
from .sign_in import STEPS, BlinkSignIn


def network_of(command: Command) -> str | None:
    """Return the lane of a command: a sync module runs one command at a time.

    Of two that are sent at once, one fails or is ignored (blinkpy#138, core#75559).
    """
    return command.network_id


CADENCE: Final = Cadence(
    steps=(
        # The app asks once a second while somebody looks at it. Most commands end within seconds.
        (5.0, 1.0),
        (15.0, 1.12),
        # After that an outcome is known within 2 s up to a minute, and within 5 s up to four.
        (60.0, 2.03),
        (240.0, 5.15),
        # Only those who chose a long window wait that long.
        (900.0, 10.0),
        (3600.0, 30.0),
        (inf, 120.0),
    )
)

POLICY: Final = Policy(
    cadence=CADENCE,
    watch=Watch(first=(), every=30.0, until=600.0),
    window=60.0,
    # Nothing that is sent carries a mark, so a command without an answer is lost at once.
    recovery=None,
    lane=network_of,
    # As homebridge-blink-for-home tries again.
    busy_pause=5.0,
)


SECRETS: Final = ("refresh_token", "hardware_id", "account_id")
"""The credentials that are nobody's business."""


def connect(
    *,
    session: ClientSession,
    credentials: Mapping[str, str],
    clock: Clock,
    keep: Keep,
    heard_date: HeardDate | None = None,
    **_: object,
) -> Provider:
    """Return a provider; makes no request."""
    words = Filter(*(credentials[name] for name in SECRETS))
    tokens = Tokens(
        session, credentials, clock=clock, keep=keep, words=words, heard_date=heard_date
    )
    provider = BlinkProvider(session, credentials, tokens, clock=clock, heard_date=heard_date)
    return Guarded(provider, words)


ACCOUNT: Final = AccountDescription(
    manufacturer="Blink",
    portal_url=PORTAL_URL,
    connect=connect,
    policy=POLICY,
    named_commands=True,
    can_cancel=True,
    provider_states=MappingProxyType(
        {word: state for word, (state, _) in STATES.items()}
        | {
            "complete, status 0": CommandState.SUCCESS,
            "complete, status not 0": CommandState.FAILURE,
        }
    ),
)

DESCRIPTION: Final = ProviderDescription(
    key="blink",
    manufacturer=ACCOUNT.manufacturer,
    portal_url=ACCOUNT.portal_url,
    steps=STEPS,
    sign_in=BlinkSignIn,
    account=lambda _: ACCOUNT,
)
