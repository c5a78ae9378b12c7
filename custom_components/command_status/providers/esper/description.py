"""What Home Assistant needs to know about Esper before it talks to it."""

from collections.abc import Mapping
from math import inf
from typing import Final

from aiohttp import ClientSession

from ...tracking import Cadence, Means, Policy, Recovery, Watch
from ..base import AccountDescription, Clock, Provider, ProviderDescription
from ..guard import Guarded
from ..http import HeardDate
from ..words import Filter
from .api import Api, address
from .client import EsperProvider
from .commands import CONFIRM
from .models import STATES, UPDATE_STATES
from .sign_in import FORM, STEP, EsperSignIn

DAY: Final = 86400.0

POLICY: Final = Policy(
    # Esper documents none. One request answers for many commands, so it may come rather often, and
    # soon at first: the ids of the commands are learned that way, and actions wait for them.
    cadence=Cadence(steps=((6, 2), (60, 5), (300, 10), (inf, 30)), together=True),
    # Esper's own time-out comes after 2 minutes to 3 days and is not its last word; an offline
    # device answers when it is back (help.esper.io 43110064004881 and 22092073362065).
    watch=Watch(first=(30, 60, 120, 240), every=300, until=7 * DAY),
    window=600,
    recovery=Recovery(means=Means.LOOKUP, pauses=(2, 3, 5, 8, 12)),
    batch=1000,  # devices of one request (docs, "Create command request")
)


def connect(
    *,
    session: ClientSession,
    credentials: Mapping[str, str],
    clock: Clock,
    heard_date: HeardDate | None = None,
    **_: object,
) -> Provider:
    """Return a provider; makes no request, and keeps nothing: keys do not change by themselves."""
    key = credentials["api_key"]
    api = Api(session, address(credentials["tenant"]), key, heard_date)
    return Guarded(EsperProvider(api, clock), Filter(key))


ACCOUNT: Final = AccountDescription(
    manufacturer="Esper",
    portal_url="https://www.esper.io",
    connect=connect,
    policy=POLICY,
    named_commands=True,
    chosen_devices=True,
    named_targets=True,
    free_commands=True,
    can_cancel=True,
    update_states=UPDATE_STATES,
    confirm=CONFIRM,
    provider_states=STATES,
)

DESCRIPTION: Final = ProviderDescription(
    key=STEP,
    manufacturer=ACCOUNT.manufacturer,
    portal_url=ACCOUNT.portal_url,
    steps={STEP: FORM},
    sign_in=EsperSignIn,
    account=lambda _: ACCOUNT,
)
