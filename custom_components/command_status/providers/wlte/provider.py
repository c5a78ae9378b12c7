"""One account at WLTE: its relays, and the commands that switch them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, override

from aiohttp import ClientSession
from yarl import URL

from ...tracking import Command
from ..base import (
    Answer,
    Clock,
    Field,
    Order,
    Outcome,
    Provider,
    Query,
    Sighting,
    Target,
    Targets,
)
from ..errors import ProviderInputError, ProviderNoAnswerError, ProviderNotFoundError
from ..guard import Guarded
from ..http import HeardDate, Until
from ..limits import last_call
from ..refusals import unknown_command, unknown_parameter
from ..words import Filter
from .api import COMMAND_NOT_FOUND, Api
from .auth import Tokens
from .client import Client
from .models import Action, Report, forgotten, relay_of

RELAY: Final = "relay"
"""The one parameter: the number of a relay. It is needed only where a device has several."""

RENEWED: Final = "renewed"
"""The state of a query that comes back because a token was asked for."""


class WlteProvider(Provider):
    """Speaks to WLTE on behalf of one account."""

    def __init__(self, client: Client, clock: Clock) -> None:
        """Keep the client; makes no request."""
        self._client = client
        self._clock = clock
        self._names: dict[str, str] = {}

    @override
    async def targets(self) -> Targets:
        devices, whole = await self._client.devices()
        self._names = {device.id: device.name for device in devices}
        return Targets((target for device in devices for target in device.targets), whole=whole)

    @override
    def order(
        self, candidates: Sequence[Target], command: str, parameters: Mapping[str, Any]
    ) -> Order:
        action = command.strip().upper()
        if action not in Action:
            raise unknown_command(command, Action)
        for name in parameters:
            if name != RELAY:
                raise unknown_parameter(name, [RELAY])
        by_relay = {relay_of(target.id)[1]: target for target in candidates}
        relay = _chosen_relay(by_relay, parameters)
        return Order(target=by_relay[relay], command=action, parameters={RELAY: relay})

    @override
    def parameters(self, target: Target, command: str) -> tuple[Field, ...]:
        return ()  # The target says which relay, and there is nothing else to choose.

    @override
    async def submit(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        (command,) = commands
        device, relay = relay_of(command.target)
        report = await self._client.create(
            device,
            relay,
            Action(command.command),
            key=command.tracking_id,
            until=Until(moment=last_call(commands), clock=self._clock),
        )
        return {command.tracking_id: report.observation}

    @override
    async def check(self, query: Query) -> Answer:
        (command,) = query.commands
        outcome: Outcome
        try:
            report = await self._client.command_or_token(
                command.command_id or "", renewed=query.state == RENEWED
            )
        except ProviderNotFoundError as err:
            if err.code != COMMAND_NOT_FOUND:
                raise
            outcome = forgotten()
        else:
            if report is None:
                return Answer(news={}, rest=replace(query, state=RENEWED))
            outcome = _news_of(report)
        return Answer(news={command.tracking_id: outcome})

    @override
    async def find(
        self, command_id: str, network_id: str | None, target: str | None = None
    ) -> tuple[Sighting, ...]:
        report = await self._client.command(command_id)
        if report.status is None:
            raise ProviderNoAnswerError("the answer has no status")
        return (report.sighting(self._names),)

    @override
    async def close(self) -> None:
        await self._client.close()


def filter_for(credentials: Mapping[str, str]) -> Filter:
    """Return what takes the account's secrets out of the platform's words."""
    return Filter(credentials["client_id"], credentials["client_secret"])


def client_for(
    session: ClientSession,
    credentials: Mapping[str, str],
    clock: Clock,
    words: Filter,
    heard_date: HeardDate | None = None,
) -> Client:
    """Return a client with tokens of its own; makes no request."""
    client_id, client_secret = credentials["client_id"], credentials["client_secret"]
    api = Api(session, URL(credentials["base_url"]), heard_date)
    return Client(api, Tokens(api, client_id, client_secret, clock, words))


def connect(
    *,
    session: ClientSession,
    credentials: Mapping[str, str],
    clock: Clock,
    heard_date: HeardDate | None = None,
    **_: object,
) -> Provider:
    """Return a provider; makes no request. Nothing is kept: a secret never changes by itself."""
    words = filter_for(credentials)
    client = client_for(session, credentials, clock, words, heard_date)
    return Guarded(WlteProvider(client, clock), words)


def _news_of(report: Report) -> Outcome:
    """Return what a report says about its command; without a status that is nothing."""
    if report.status is None:
        return ProviderNoAnswerError("the answer has no status")
    return report.observation


def _chosen_relay(by_relay: Mapping[int, Target], parameters: Mapping[str, Any]) -> int:
    """Return the relay that the user means; raises ProviderInputError for none, or many."""
    relays = ", ".join(map(str, by_relay))
    if RELAY not in parameters:
        if len(by_relay) != 1:
            device = next(iter(by_relay.values())).device_name
            raise ProviderInputError(
                "relay_missing", {"device": device, "parameter": RELAY, "accepted": relays}
            )
        return next(iter(by_relay))
    wish = parameters[RELAY]
    # Templates make texts of numbers.
    relay = int(wish) if isinstance(wish, str) and wish.strip().isdecimal() else wish
    if type(relay) is not int or relay not in by_relay:
        raise ProviderInputError("invalid_parameter", {"parameter": RELAY, "accepted": relays})
    return relay
