"""A cloud that can do what WLTE cannot: WLTE's provider with a few more answers.

What it sends and asks goes to the simulator as ever; what WLTE has no call for, it answers itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, override

from aiohttp import ClientSession

from custom_components.command_status.providers.base import (
    Answer,
    Clock,
    Order,
    Outcome,
    Query,
    Sighting,
    Target,
)
from custom_components.command_status.providers.errors import ProviderRefusedError
from custom_components.command_status.providers.wlte import (
    ACCOUNT as WLTE_ACCOUNT,
    DESCRIPTION as WLTE,
)
from custom_components.command_status.providers.wlte.client import Client
from custom_components.command_status.providers.wlte.provider import (
    RELAY,
    WlteProvider,
    client_for,
    filter_for,
)
from custom_components.command_status.tracking import (
    Command,
    CommandState,
    Means,
    Observation,
    Recovery,
)

REDACTED: Final = "**REDACTED**"


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """What was asked for."""

    command_id: str
    state: str | None
    reason: str | None


class ObligingProvider(WlteProvider):
    """Cancels, updates, looks for lost commands, answers in pages, and keeps a code secret.

    It takes any parameters, of which `code` is one that must not be shown.
    """

    def __init__(self, client: Client, clock: Clock) -> None:
        """Be in a good mood."""
        super().__init__(client, clock)
        self.hides_ids = False
        self.refuses_to_cancel = False
        self.codes: list[str] = []
        """The secret parameters that were sent."""
        self.pages = 1
        """How many requests it takes to learn about a command."""
        self.found: dict[str, Outcome] = {}
        """What is found of commands whose answer was lost, by tracking id."""
        self.updates: list[Update] = []

    @override
    def order(
        self, candidates: Sequence[Target], command: str, parameters: Mapping[str, Any]
    ) -> Order:
        known = {name: value for name, value in parameters.items() if name == RELAY}
        order = super().order(candidates, command, known)
        real = {**parameters, **order.parameters}
        shown = {name: REDACTED if name == "code" else value for name, value in real.items()}
        return replace(order, parameters=shown, payload=None if shown == real else real)

    @override
    async def submit(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        self.codes.extend(
            command.to_send["code"] for command in commands if "code" in command.to_send
        )
        outcomes = await super().submit(commands)
        if not self.hides_ids:
            return outcomes
        return {
            tracking_id: replace(outcome, command_id=None)
            for tracking_id, outcome in outcomes.items()
            if isinstance(outcome, Observation)
        }

    @override
    async def lookup(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        return self.found

    @override
    async def check(self, query: Query) -> Answer:
        answer = await super().check(query)
        if query.offset + 1 < self.pages:
            return Answer(news={}, rest=replace(query, offset=query.offset + 1))
        return answer

    @override
    async def cancel(self, command: Command) -> Observation:
        if self.refuses_to_cancel:
            raise ProviderRefusedError("too late")
        return Observation(state=CommandState.CANCELLED, provider_state="STOPPED")

    @override
    async def update(self, command_id: str, state: str | None, reason: str | None) -> Sighting:
        self.updates.append(Update(command_id=command_id, state=state, reason=reason))
        (sighting,) = await self.find(command_id, None)
        word = state or sighting.observation.provider_state or ""
        observation = Observation(
            state=ACCOUNT.provider_states[word],
            provider_state=word,
            reason=reason,
            command_id=command_id,
        )
        return replace(sighting, observation=observation)


def _connect(
    *, session: ClientSession, credentials: Mapping[str, str], clock: Clock, **_: object
) -> ObligingProvider:
    """Return a provider; makes no request."""
    client = client_for(session, credentials, clock, filter_for(credentials))
    return ObligingProvider(client, clock)


ACCOUNT = replace(
    WLTE_ACCOUNT,
    connect=_connect,
    policy=replace(
        WLTE_ACCOUNT.policy, recovery=Recovery(means=Means.LOOKUP, pauses=(1.0, 2.0, 4.0))
    ),
    can_cancel=True,
    named_targets=True,
    update_states={"success": "SUCCESS", "failure": "FAILED"},
    confirm=frozenset({"OFF"}),
)
DESCRIPTION = replace(WLTE, account=lambda _: ACCOUNT)
