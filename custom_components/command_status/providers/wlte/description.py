"""What the floors above need to know about WLTE before they talk to it."""

from math import inf
from typing import Final

from ...tracking import Cadence, Limit, Means, Policy, Recovery, Watch
from ..base import AccountDescription, ProviderDescription
from .models import STATES, relay_of
from .provider import connect
from .sign_in import FORM, STEP, WlteSignIn, account_id

CADENCE: Final = Cadence(
    steps=(
        # The vendor asks for 2 to 3 s. That a gate has moved should be known within about 2 s for
        # as long as somebody stands before it, and later within 5 s.
        (60.0, 2.17),
        (240.0, 5.15),
        # Only those who chose a long window wait that long.
        (900.0, 10.0),
        (3600.0, 30.0),
        (inf, 120.0),
    ),
    closest=2.0,
)

# docs 04-commands/create-relay-command. The queue adds its own margin.
LIMITS: Final = (
    Limit(key=lambda _: "", count=600, seconds=60.0),
    Limit(key=lambda command: relay_of(command.target)[0], count=10, seconds=10.0),
    Limit(key=lambda command: command.target, count=1, seconds=3.0),
)

POLICY: Final = Policy(
    cadence=CADENCE,
    watch=Watch(first=(), every=30.0, until=600.0),
    # Not documented: the vendor leaves the wait window to the caller.
    window=60.0,
    # docs 01-common/rate-limits: after a lost answer, the same call with the same Idempotency-Key
    # tells the id.
    recovery=Recovery(means=Means.RESEND, pauses=(1.0, 2.0, 4.0, 8.0, 15.0, 30.0)),
    # An answer may take 10 s (docs 04-commands/create-relay-command), and nobody's gate is to wait
    # for the answers about others. Home Assistant has 100 connections to a host; some are for
    # asking.
    sends_at_once=96,
    limits=LIMITS,
)

ACCOUNT: Final = AccountDescription(
    manufacturer="WLTE",
    portal_url="https://docs.svnwi.com/wlte/en/developer-console/api-clients",
    connect=connect,
    policy=POLICY,
    named_commands=True,
    provider_states=STATES,
)

DESCRIPTION: Final = ProviderDescription(
    key=STEP,
    manufacturer=ACCOUNT.manufacturer,
    portal_url=ACCOUNT.portal_url,
    steps={STEP: FORM},
    sign_in=WlteSignIn,
    account=lambda _: ACCOUNT,
    identify=account_id,
    movable=True,
)
