"""One account at a described API: its targets, and the commands that are sent to it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final, override

from aiohttp import ClientSession

from ...tracking import Command, CommandState, Observation
from ..base import (
    Answer,
    Clock,
    Field,
    Keep,
    Order,
    Outcome,
    Provider,
    Query,
    Sighting,
    Target,
    Targets,
)
from ..errors import (
    ProviderInputError,
    ProviderLaterError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderRefusedError,
    ProviderUnsupportedError,
)
from ..guard import Guarded
from ..http import HeardDate, Until
from ..limits import last_call
from ..refusals import missing, unknown_command
from .api import Api, UnsendableError, filter_for, told_of
from .asking import TARGET, Asker, values_of
from .description import Description
from .listing import ACCOUNT, Listed, Targets as ListOfTargets
from .outcome import UNKNOWN_ID, refuse_to_judge
from .parameters import checked
from .response import Response
from .sending import Sending
from .templates import MISSING

NOT_STARTED: Final = "not_started"
"""Why a command cannot be cancelled that has not got its last id yet."""
UNKNOWN: Final = "unknown"
"""The name of a command that someone else sent, where the description has several."""
TRIAL_ID: Final = "0" * 26
"""Stands for a tracking id where a request is only tried out."""


class RestProvider(Provider):
    """Speaks to one API as its description says."""

    def __init__(self, api: Api, description: Description, clock: Clock) -> None:
        """Keep the API and its description; makes no request."""
        self._api = api
        self._description = description
        self._clock = clock
        self._asker = Asker(api, description, clock)
        self._names: Mapping[str, str] = {}

    @override
    async def close(self) -> None:
        await self._api.auth.close()

    # Targets and orders

    @override
    async def targets(self) -> Targets:
        """Return all targets; an API without a list has what was written down, or itself."""
        listed = self._description.targets
        if listed is None:
            read: tuple[Listed | None, ...] = (
                Listed(id=ACCOUNT, name=self._description.name, kept={}),
            )
        elif listed.get is None:
            read = listed.static
        else:
            read = await listed.read(lambda mark: self._page(listed, mark))
        found = [each for each in read if each is not None]
        self._names = _told_apart(found)
        return Targets(map(self._target, found), whole=None not in read)

    async def _page(self, listed: ListOfTargets, mark: str | None) -> Response:
        """Ask for a page of the list of targets."""
        response = await self._api.page(listed, mark)
        refuse_to_judge(response)
        if not response.good:
            raise ProviderRefusedError(self._api.refusal(response, self._description.error))
        if response.data is MISSING:
            raise ProviderNoAnswerError(f"HTTP {response.status} without JSON")
        return response

    def _target(self, listed: Listed) -> Target:
        """Return a target as the floors above know it: a device of its own."""
        name = self._names[listed.id]
        commands = self._description.commands
        return Target(
            id=listed.id,
            name=name,
            device=listed.id,
            device_name=name,
            commands=tuple(key for key, found in commands.items() if not found.confirm),
            online=listed.online,
            kept=listed.kept,
        )

    @override
    def order(
        self, candidates: Sequence[Target], command: str, parameters: Mapping[str, Any]
    ) -> Order:
        """Check the user's words, up to the request that would be made of them."""
        found = self._description.command(command)
        if found is None:
            raise unknown_command(command, self._description.commands)
        target = candidates[0]
        sent, shown = checked(found.parameters, parameters)
        kept = {f"{TARGET}{key}": value for key, value in target.kept.items()}
        try:
            self._api.call(found.send, values_of(found, target.id, TRIAL_ID, sent, kept))
        except ProviderRefusedError as err:
            named = err.name if isinstance(err, UnsendableError) else ", ".join(parameters)
            parameter = named.removeprefix("${parameter.").removesuffix("}")
            raise ProviderInputError("unfit_value", {"parameter": parameter}) from err
        return Order(
            target=target,
            command=found.name,
            parameters=shown,
            payload=None if sent == shown else sent,
            kept=kept,
        )

    @override
    def parameters(self, target: Target, command: str) -> tuple[Field, ...]:
        found = self._description.command(command)
        return () if found is None else tuple(each.field for each in found.parameters)

    # Sending and stopping

    @override
    async def submit(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        """Send one command."""
        (command,) = commands
        found = self._description.commands.get(command.command)
        if found is None:
            raise ProviderRefusedError("unknown_command")
        values = self._asker.values(found, command, command.to_send)
        until = Until(moment=last_call(commands), clock=self._clock)
        response = await self._api.send(found.send, values, until)
        moment = self._asker.moment(command, values)
        news = Sending(self._api, self._description, found).read(response, moment)
        return {command.tracking_id: news}

    @override
    async def cancel(self, command: Command) -> Observation:
        """Ask the API to stop a command; with stages only in the last, whose id it takes."""
        found = self._asker.described(command)
        if found is None or found.cancel is None:
            raise ProviderUnsupportedError
        if found.ask and self._asker.stage(command) is not found.ask[-1]:
            raise ProviderLaterError(NOT_STARTED)
        if "id" in found.cancel.request.names and command.command_id is None:
            raise ProviderUnsupportedError
        values = self._asker.values(found, command, command.parameters)
        response = await self._api.send(found.cancel.request, values)
        if response.good or response.status in found.cancel.also_ok:
            return Observation(state=CommandState.CANCELLED if found.cancel.final else None)
        refuse_to_judge(response)
        reason = self._api.refusal(response, self._description.error)
        if response.status == HTTPStatus.NOT_FOUND:
            raise ProviderNotFoundError(reason)
        raise ProviderRefusedError(reason)

    @override
    def preview(self, order: Order) -> Mapping[str, Any]:
        found = self._description.commands[order.command]
        sent = order.parameters if order.payload is None else order.payload
        values = values_of(found, order.target.id, TRIAL_ID, sent, order.kept)
        return told_of(self._api.call(found.send, values))

    @override
    def transcript(self) -> Sequence[Mapping[str, Any]]:
        return self._api.transcript()

    # Following

    @override
    def queries(self, commands: Sequence[Command]) -> Iterable[Query]:
        return self._asker.queries(commands)

    @override
    async def check(self, query: Query) -> Answer:
        return await self._asker.check(query)

    @override
    async def find(
        self, command_id: str, network_id: str | None, target: str | None = None
    ) -> tuple[Sighting, ...]:
        """Ask about a command that someone else sent, as far as its id and target tell enough."""
        found = self._description.trackable
        stage = None if found is None else found.stage(0)
        if found is None or stage is None:
            raise ProviderUnsupportedError
        if target is None and "target" in stage.request.names:
            raise missing(Field(name="target", choices=tuple(self._names)))
        named = target or ACCOUNT
        stranger = Command(
            tracking_id=TRIAL_ID,
            target=named,
            target_name=self._names.get(named, named),
            command=found.name if len(self._description.commands) == 1 else UNKNOWN,
            created_at=0.0,
            deadline=0.0,
            command_id=command_id,
        )
        values = self._asker.values(found, stranger, {})
        response = await self._api.send(stage.request, values)
        told = await self._asker.judged(stranger, stage, response, values)
        if told.state is CommandState.LOST and told.reason == UNKNOWN_ID:
            raise ProviderNotFoundError
        return (
            Sighting(
                target=named,
                target_name=stranger.target_name,
                command=stranger.command,
                observation=replace(told, command_id=told.command_id or command_id),
                device=named if named in self._names else None,
            ),
        )


def _told_apart(found: Iterable[Listed]) -> Mapping[str, str]:
    """Return the names of targets by their ids; those that are the same have the id behind."""
    listed = tuple(found)
    times = Counter(each.name for each in listed)
    return {
        each.id: each.name if times[each.name] == 1 else f"{each.name} ({each.id})"
        for each in listed
    }


def connect(
    described: Description,
    *,
    session: ClientSession,
    credentials: Mapping[str, str],
    clock: Clock,
    keep: Keep,
    heard_date: HeardDate | None = None,
    **_: object,
) -> Provider:
    """Return a provider; makes no request."""
    words = filter_for(described, credentials)
    api = Api(session, described, credentials, clock, keep, words, heard_date)
    return Guarded(RestProvider(api, described, clock), words)
