"""Esper's Commands API as a provider.

One request acts on up to 1,000 devices, and each of them has a status object of its own: that is
the command that is followed. The request is known by its id from the beginning, its status objects
appear a moment later. There is no idempotency key, so a request carries an alias of ours, by which
it is found again when its answer was lost. (develop-api.esper.io, "Command Request" and "Command
Status"; help.esper.io 29710806069393.)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import batched
import re
from typing import Any, Final, override

from ...tracking import Command, CommandState, Observation
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
from ..errors import (
    ProviderError,
    ProviderLaterError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderRefusedError,
    ProviderTooManyError,
)
from ..http import Until
from ..limits import MOST_SIGHTINGS, MOST_TARGETS, last_call
from .api import Api
from .arguments import checked_arguments, form
from .commands import checked_name
from .models import (
    CANCELLED_WORD,
    GONE,
    Page,
    Request,
    Status,
    content,
    parse_page,
    parse_request,
    parse_status,
    parse_target,
    required_id,
)
from .polling import IDS, PAGE, Listing, divide, news_of, waiting

DEVICES: Final = "v2/devices/"
REQUESTS: Final = "commands/v0/commands/"
STATUSES: Final = "commands/v0/status/"

ID: Final = re.compile(r"[\w-]{1,64}", re.ASCII)
"""What can be an id, and so part of a path."""

MOST_PAGES: Final = 500
"""More than any list has that is read as a whole."""

NEWEST_PAGES: Final = 3
"""Pages of a list of requests that are read beside its first and its last."""

DONE: Final = frozenset({CommandState.SUCCESS, CommandState.FAILURE, CommandState.CANCELLED})
"""States of a command that there is nothing left to cancel of."""


def mark(command: Command) -> str:
    """Return the alias under which the request of a command is found again."""
    return f"command-status-{command.batch or command.tracking_id}"


class EsperProvider(Provider):
    """One enterprise at Esper."""

    def __init__(self, api: Api, clock: Clock) -> None:
        """Make no request yet."""
        self._api = api
        self._clock = clock
        self._names: dict[str, str] = {}

    # Devices and orders

    @override
    async def targets(self) -> Targets:
        """Return all devices; raises ProviderNoAnswerError if the list changed meanwhile."""
        now = self._clock()
        items, count = await self._list(DEVICES, "targets", MOST_TARGETS)
        parsed = [parse_target(item, now) for item in items]
        targets = {target.id: target for target in parsed if target is not None}
        odd = parsed.count(None)
        if len(targets) + odd < count:
            raise ProviderNoAnswerError("the list of devices is not complete")
        self._names = {target.id: target.name for target in targets.values()}
        return Targets(targets.values(), whole=not odd)

    @override
    def order(
        self, candidates: Sequence[Target], command: str, parameters: Mapping[str, Any]
    ) -> Order:
        name = checked_name(command)
        arguments, shown = checked_arguments(name, parameters)
        payload = None if shown == arguments else arguments
        return Order(target=candidates[0], command=name, parameters=shown, payload=payload)

    @override
    def parameters(self, target: Target, command: str) -> tuple[Field, ...]:
        return form(command)

    # Sending

    @override
    async def submit(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        """Make one request for all devices: commands of one call share their name and arguments."""
        first = commands[0]
        body: dict[str, Any] = {
            "command_type": "DEVICE",
            "devices": [command.target for command in commands],
            "device_type": "all",  # nothing else is supported (docs, "Create command request")
            "command": first.command,
            "alias": mark(first),
        }
        if first.to_send:
            body["command_args"] = dict(first.to_send)
        until = Until(moment=last_call(commands), clock=self._clock)
        answer = await self._api.call("POST", REQUESTS, body=body, until=until)
        return waiting(commands, required_id(answer))

    @override
    async def lookup(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        """Look for the requests of commands among the newest of their devices, by their alias."""
        found: dict[str, Outcome] = {}
        for part in batched(commands, IDS, strict=False):
            missing = [command for command in part if command.tracking_id not in found]
            if missing:
                for request in await self._search(missing):
                    theirs = [command for command in commands if _is_of(command, request)]
                    found |= waiting(theirs, request.id)
        return found

    async def _search(self, commands: Sequence[Command]) -> list[Request]:
        """Read the requests of some devices until one has the alias of these commands."""
        aliases = set(map(mark, commands))
        devices = {"devices": ",".join(command.target for command in commands)}
        page = await self._page(REQUESTS, 0, devices)
        offsets = _both_ends(page.count or 0)
        while True:
            hits = [r for r in map(parse_request, page.items) if r.alias in aliases]
            offset = next(offsets, None)
            if hits or offset is None:
                return hits
            page = await self._page(REQUESTS, offset, devices)

    # Following

    @override
    def queries(self, commands: Sequence[Command]) -> Iterable[Query]:
        return divide(commands)

    @override
    async def check(self, query: Query) -> Answer:
        """Ask for a page of a list, or for one status object."""
        if isinstance(query.state, Listing):
            return await self._check_list(query, query.state)
        return await self._check_one(query)

    async def _check_list(self, query: Query, listing: Listing) -> Answer:
        """Ask for a page; a status object that the whole list lacks is then asked for by its id.

        So is one that was not found on any page that could be expected.
        """
        page = await self._page(STATUSES, query.offset, listing.params)
        news = news_of(query.commands, map(parse_status, page.items))
        left = tuple(command for command in query.commands if command.tracking_id not in news)
        if left and page.following is not None and listing.pages_left:
            rest = Query(commands=left, offset=page.following, state=listing.following)
            return Answer(news=news, rest=rest)
        gone = tuple(command for command in left if command.command_id is not None)
        news |= waiting(command for command in left if command.command_id is None)
        return Answer(news=news, rest=Query(commands=gone) if gone else None)

    async def _check_one(self, query: Query) -> Answer:
        """Ask for the first command's status object; only here "not found" says that it is lost."""
        command, *others = query.commands
        try:
            status = await self._status(str(command.command_id))
            observation = status.observation(command.command)
        except ProviderNotFoundError:
            observation = Observation(state=CommandState.LOST, reason=GONE)
        return Answer(
            news={command.tracking_id: observation},
            rest=replace(query, commands=tuple(others)) if others else None,
        )

    # Single commands

    @override
    async def find(
        self, command_id: str, network_id: str | None, target: str | None = None
    ) -> tuple[Sighting, ...]:
        """Take the id for that of a status object, else for that of a request with all of its."""
        try:
            statuses = [await self._status(command_id)]
        except ProviderNotFoundError:
            statuses = await self._statuses_of(command_id)
        if not statuses:
            raise ProviderNotFoundError
        request = await self._request(statuses[0])
        on_devices = [status for status in statuses if status.device is not None] or statuses
        return tuple(request.sighting(status, self._names) for status in on_devices)

    @override
    async def update(self, command_id: str, state: str | None, reason: str | None) -> Sighting:
        """Set state, reason or both; that its request cannot be read then does no harm."""
        status = await self._set(command_id, state=state, reason=reason)
        try:
            request = await self._request(status)
        except ProviderError:
            request = Request()
        return request.sighting(status, self._names)

    @override
    async def cancel(self, command: Command) -> Observation:
        """Set the state of a status object to cancelled, unless it has ended.

        Which call cancels is not documented; this one writes over whatever state is there.
        """
        status = await self._current(command)
        if status.state not in DONE:
            status = await self._set(str(status.id), state=CANCELLED_WORD)
        return status.observation(command.command)

    # Requests

    async def _page(self, path: str, offset: int, params: Mapping[str, str] | None = None) -> Page:
        """Ask for a part of a list, from an offset of our own."""
        asked = {**(params or {}), "limit": str(PAGE), "offset": str(offset)}
        return parse_page(await self._api.call("GET", path, params=asked), offset, PAGE)

    async def _list(
        self, path: str, what: str, most: int, params: Mapping[str, str] | None = None
    ) -> tuple[list[Mapping[str, Any]], int]:
        """Ask for a whole list; returns its items, and how many different ones it should have.

        Raises ProviderNoAnswerError for a list without an end, and ProviderTooManyError as soon as
        there are more items than `most`.
        """
        items: list[Mapping[str, Any]] = []
        ids: set[str] = set()
        count, offset = 0, 0
        for _ in range(MOST_PAGES):
            page = await self._page(path, offset, params)
            known = len(ids)
            items += page.items
            ids |= {str(item.get("id")) for item in page.items}
            count = max(count, page.count or 0)
            if max(count, len(ids)) > most:
                raise ProviderTooManyError(what, most)
            if page.following is None:
                return items, count
            if len(ids) == known:
                break
            offset = page.following
        raise ProviderNoAnswerError("the list does not end")

    async def _status(self, status_id: str) -> Status:
        """Ask for a status object by its id."""
        return parse_status(content(await self._api.call("GET", _path(STATUSES, status_id))))

    async def _set(self, status_id: str, **fields: str | None) -> Status:
        """Change a status object; returns it as it is now."""
        body = {name: value for name, value in fields.items() if value is not None}
        answer = await self._api.call("PUT", _path(STATUSES, status_id), body=body)
        return replace(parse_status(content(answer)), id=status_id)

    async def _statuses_of(self, request_id: str) -> list[Status]:
        """Ask for all status objects of a request."""
        what = "commands behind one id"
        items, _ = await self._list(STATUSES, what, MOST_SIGHTINGS, {"request": request_id})
        statuses = {status.id: status for status in map(parse_status, items)}
        return [status for status in statuses.values() if status.request == request_id]

    async def _current(self, command: Command) -> Status:
        """Ask for the status object of a command, which may not exist yet."""
        if command.command_id is not None:
            return await self._status(command.command_id)
        page = await self._page(STATUSES, 0, Listing.about([command]).params)
        for status in map(parse_status, page.items):
            if (status.request, status.device) == (command.request_id, command.target):
                return status
        raise ProviderLaterError("the command has no status object yet")

    async def _request(self, status: Status) -> Request:
        """Ask for the request of a status object, which alone has the command's name.

        This path is not documented, so a refusal only means that the name stays unknown.
        """
        try:
            answer = await self._api.call("GET", _path(REQUESTS, status.request or ""))
        except ProviderRefusedError:
            return Request()
        return parse_request(content(answer))


def _path(collection: str, item_id: str) -> str:
    """Return the path of one item; raises ProviderNotFoundError for what cannot be an id."""
    if not ID.fullmatch(item_id):
        raise ProviderNotFoundError
    return f"{collection}{item_id}/"


def _is_of(command: Command, request: Request) -> bool:
    """Return whether a request is that of a command.

    Requests of one call have the same alias, if there are more devices than one can take.
    """
    return request.alias == mark(command) and (
        request.devices is None or command.target in request.devices
    )


def _both_ends(count: int) -> Iterator[int]:
    """Return the offsets of pages beside the first that may hold the newest items of a list.

    At which end these are, is not documented.
    """
    if count > PAGE:
        yield max(PAGE, count - PAGE)
        yield from range(PAGE, count, PAGE)[:NEWEST_PAGES]
