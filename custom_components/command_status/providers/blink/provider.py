"""One Blink account: what it has, what is sent to it, and what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final, override

from aiohttp import ClientSession
from yarl import URL

from ...tracking import FINAL, Command, CommandState, Observation
from ..base import (
    Answer,
    Clock,
    Field,
    FieldKind,
    Order,
    Outcome,
    Provider,
    Query,
    Sighting,
    Target,
    Targets,
)
from ..errors import (
    ProviderAuthError,
    ProviderBusyError,
    ProviderInterceptedError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderRefusedError,
)
from ..http import HeardDate, Reply, Until, exchange_json, refuse_generally
from ..limits import last_call
from ..refusals import missing, unaccepted, unknown_command, unknown_parameter
from ..remembered import Remembered
from . import models
from .auth import Tokens, fields
from .constants import (
    API_USER_AGENT,
    BODIES,
    CALLS,
    COMMAND_DONE,
    DONE,
    HOMESCREEN,
    LIGHTS,
    STATUS,
    TIER_URL,
)

REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
"""401 after a renewal; 403 where access to somebody else's account has ended."""

MOST_ANSWERS: Final = 8192
"""Commands whose last answer is remembered, in some 150 bytes each."""
MOST_ADDRESSES: Final = 128
"""Addresses of status requests that are kept, in some 900 bytes each once they were used."""

RENEWED: Final = "renewed"
"""The state of a query that was refused with 401, and is made again with a new token."""


class BlinkProvider(Provider):
    """One account at Blink."""

    def __init__(
        self,
        session: ClientSession,
        credentials: Mapping[str, str],
        tokens: Tokens,
        *,
        clock: Clock,
        heard_date: HeardDate | None = None,
    ) -> None:
        """Take what `BlinkSignIn` found out; makes no request."""
        self._session = session
        self._tokens = tokens
        self._clock = clock
        self._heard_date = heard_date
        self._account = credentials["account_id"]
        self._base = URL(credentials["api_url"] or TIER_URL.format(tier=credentials["tier"]))
        self._root = self._base.raw_path.rstrip("/")
        self._answers: Remembered[Observation] = Remembered(MOST_ANSWERS)
        self._addresses: Remembered[URL] = Remembered(MOST_ADDRESSES)
        self._targets: Mapping[str, Target] = {}
        """The newest list, to name the targets of commands that others sent."""
        self._lights: Mapping[str, str] = {}
        """The floodlight mounts of the newest list, by the targets that have them."""

    @override
    async def targets(self) -> Targets:
        """Return the networks and cameras of the homescreen."""
        homescreen = await self._read(self._url(HOMESCREEN))
        listed = models.targets(homescreen)
        self._targets = {target.id: target for target in listed}
        self._lights = models.lights(homescreen)
        return listed

    @override
    def order(
        self, candidates: Sequence[Target], command: str, parameters: Mapping[str, Any]
    ) -> Order:
        """Find the target that knows the command; Blink's commands have no parameters."""
        word = command.strip().lower()
        target = next((target for target in candidates if word in target.commands), None)
        if target is None:
            accepted = {word: None for target in candidates for word in target.commands}
            raise unknown_command(command, accepted)
        if parameters:
            raise unknown_parameter(", ".join(parameters), ())
        return Order(target=target, command=word)

    @override
    def parameters(self, target: Target, command: str) -> tuple[Field, ...]:
        """Return an empty form."""
        return ()

    @override
    async def submit(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        """Post a command where its family of devices takes it.

        There is no key that would make a repeat harmless, so nothing is repeated here: where the
        answer does not tell whether the command was taken, ProviderNoAnswerError is raised. A
        refusal is recognised by its body, because Blink also refuses with 200.
        """
        (command,) = commands
        family, _, number = command.target.partition("/")
        network = str(command.network_id)
        ids = {"network": network, "device": number}
        if family == "camera" and command.command in LIGHTS:
            ids["accessory"] = await self._light_of(command.target)
        reply = await self._exchange(
            "POST",
            self._url(CALLS[family][command.command], **ids),
            BODIES.get((family, command.command)),
            Until(moment=last_call(commands), clock=self._clock),
        )
        message, code = models.complaint(fields(reply))
        if models.busy(message, code):
            raise ProviderBusyError(message, code=code)
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR and models.refused(reply):
            raise ProviderRefusedError(message, code=code)
        accepted = models.acceptance(_good(reply), network)
        if accepted is not None:
            return {command.tracking_id: accepted}
        if not message and code is None:
            raise ProviderNoAnswerError("the answer names no command")
        raise ProviderRefusedError(message, code=code)

    async def _light_of(self, target: str) -> str:
        """Return the floodlight mount of a camera, which the list tells."""
        if target not in self._lights:
            await self.targets()
        if target not in self._lights:
            raise ProviderNotFoundError("the camera has no light")
        return self._lights[target]

    @override
    async def check(self, query: Query) -> Answer:
        """Ask for the status of one command.

        A 404 is how Blink forgets: a command that it told about before is lost then. Before that it
        may be a matter of moments, so it stays open.
        """
        (command,) = query.commands
        token = self._tokens.good
        if token is None:
            await self._tokens.access()
            return Answer(news={}, rest=query)
        network, number = str(command.network_id), str(command.command_id)
        address = self._addresses.of(
            number, network, lambda: self._url(STATUS, network=network, command=number)
        )
        reply = await self._ask("GET", address, token)
        refused = reply.status == HTTPStatus.UNAUTHORIZED and models.is_own(reply)
        if refused and query.state != RENEWED:
            await self._tokens.access(refused=token)
            return Answer(news={}, rest=replace(query, state=RENEWED))
        outcome: Outcome
        try:
            outcome = self._news_of(reply, number)
        except ProviderNotFoundError as err:
            outcome = err
            if command.seen:
                outcome = Observation(state=CommandState.LOST, reason=err.key)
        return Answer(news={command.tracking_id: outcome})

    def _news_of(self, reply: Reply, number: str) -> Observation:
        """Return what an answer says about a command; once it has ended, nothing is kept of it."""
        news = self._answers.of(
            number,
            (reply.status, reply.body),
            lambda: models.news(_good(_allowed(reply)), number),
        )
        if news.state in FINAL:
            self._answers.forget(number)
            self._addresses.forget(number)
        return news

    @override
    async def find(
        self, command_id: str, network_id: str | None, target: str | None = None
    ) -> tuple[Sighting, ...]:
        """Ask for a command that someone else sent; Blink knows it by its network and its id."""
        command_id = self._checked("command_id", command_id)
        network_id = self._checked("network_id", network_id)
        data = await self._read(self._url(STATUS, network=network_id, command=command_id))
        news = models.news(data, command_id)
        if not self._targets:
            await self.targets()
        record = models.record_of(data, command_id)
        target, name = models.acted_on(record, network_id, self._targets)
        return (
            Sighting(
                target=target,
                target_name=name,
                device=target,
                command=str(record.get("command") or "unknown"),
                observation=replace(news, command_id=command_id, network_id=network_id),
            ),
        )

    @override
    async def close(self) -> None:
        await self._tokens.close()

    @override
    async def cancel(self, command: Command) -> Observation:
        """Say `done`, unless the command has ended by itself: then its real outcome is returned.

        What Blink tells about a command after our `done` is not known, so that is its last word.
        """
        network, number = str(command.network_id), str(command.command_id)
        news = await self._status(network, number)
        if news.state in FINAL:
            return news
        reply = await self._exchange("POST", self._url(DONE, network=network, command=number))
        message, code = models.complaint(fields(reply))
        if code == COMMAND_DONE:
            return Observation(state=CommandState.CANCELLED, settled=True)
        _good(reply)
        raise ProviderRefusedError(message or f"HTTP {reply.status}", code=code)

    def _checked(self, name: str, value: str | None) -> str:
        """Return an id that may stand in a path: Blink's are numbers."""
        if value is None:
            raise missing(Field(name=name, kind=FieldKind.NUMBER))
        value = value.strip()
        if not models.number(value):
            raise unaccepted(Field(name=name, kind=FieldKind.NUMBER))
        return value

    async def _status(self, network: str, command_id: str) -> Observation:
        """Return what Blink says about a command."""
        data = await self._read(self._url(STATUS, network=network, command=command_id))
        return models.news(data, command_id)

    def _url(self, path: str, **ids: str) -> URL:
        """Return an address at the account's host."""
        for name, value in ids.items():
            self._checked(f"{name}_id", value)
        path = path.format(account=self._account, **ids)
        return self._base.with_path(f"{self._root}{path}", encoded=True)

    async def _read(self, url: URL) -> Any:
        """Return the data of a good answer."""
        return _good(await self._exchange("GET", url))

    async def _exchange(
        self,
        method: str,
        url: URL,
        body: Mapping[str, Any] | None = None,
        until: Until | None = None,
    ) -> Reply:
        """Make one request with a good token; a token that is refused is renewed once.

        Raises ProviderAuthError where that does not help, besides the errors of `Tokens.access` and
        `http.exchange`; everything else that was answered is returned.
        """
        token = await self._tokens.access()
        reply = await self._ask(method, url, token, body, until)
        if reply.status == HTTPStatus.UNAUTHORIZED and models.is_own(reply):
            token = await self._tokens.access(refused=token)
            reply = await self._ask(method, url, token, body, until)
        return _allowed(reply)

    async def _ask(
        self,
        method: str,
        url: URL,
        token: str,
        body: Mapping[str, Any] | None = None,
        until: Until | None = None,
    ) -> Reply:
        """Make one request."""
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "User-Agent": API_USER_AGENT,
        }
        return await exchange_json(
            self._session,
            method,
            url,
            headers=headers,
            body=body,
            until=until,
            heard_date=self._heard_date,
        )


def _allowed(reply: Reply) -> Reply:
    """Return an answer; raises ProviderAuthError where Blink itself refuses our credentials."""
    if reply.status in REFUSED:
        kind = ProviderAuthError if models.is_own(reply) else ProviderInterceptedError
        raise kind(f"HTTP {reply.status}", code=str(reply.status))
    return reply


def _good(reply: Reply) -> Any:
    """Return the data of a good answer, and raise what any other means."""
    if reply.status < HTTPStatus.MULTIPLE_CHOICES:
        return reply.json()
    refuse_generally(reply)
    message, code = models.complaint(fields(reply))
    if not models.is_own(reply):
        raise ProviderInterceptedError(f"HTTP {reply.status}", code=str(reply.status))
    error = ProviderNotFoundError if reply.status == HTTPStatus.NOT_FOUND else ProviderRefusedError
    raise error(message or f"HTTP {reply.status}", code=code)
