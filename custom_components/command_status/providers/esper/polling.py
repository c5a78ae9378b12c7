"""How many commands are followed with few requests.

`GET /commands/v0/status/` takes comma lists of requests and of devices. A slice holds at most a
page of commands and asks for their requests and their devices. So the answer is one page, unless
these requests also have other status objects on these devices; and it never has more pages than
the slice has requests, because it has at most a page of devices. 500 commands of 10 requests take
at most 10 requests in a round, however many devices those were made for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from ...tracking import Command, CommandState, Observation
from ..base import Query
from .models import Status

PAGE: Final = 100
"""Items of a list to ask for at once: far below the size at which an answer is dropped."""

MORE_PAGES: Final = 10
"""Pages of a slice that are read beyond those it should have: a server may have smaller ones, and a
recurring request many status objects on each device."""

IDS: Final = 150
"""Ids in one address. They have 36 characters, and many servers take no more than 8 KiB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """Asks for the status objects of some requests on some devices: the state of such a query."""

    requests: str
    devices: str
    pages_left: int
    """How many more pages are read after this one, whatever the server says of its length."""

    @classmethod
    def about(cls, commands: Iterable[Command]) -> Self:
        """Ask about commands of a slice."""
        requests = dict.fromkeys(str(command.request_id) for command in commands)
        devices = dict.fromkeys(command.target for command in commands)
        return cls(
            requests=",".join(requests),
            devices=",".join(devices),
            pages_left=len(requests) - 1 + MORE_PAGES,
        )

    @property
    def following(self) -> Self:
        """What asks for the next page."""
        return replace(self, pages_left=self.pages_left - 1)

    @property
    def params(self) -> dict[str, str]:
        """The filters of the address."""
        return {"request": self.requests, "device": self.devices}


def divide(commands: Sequence[Command]) -> Iterator[Query]:
    """Divide commands into queries: lists for known requests, one by one for the others."""
    known = [command for command in commands if command.request_id is not None]
    for part in _slices(sorted(known, key=lambda command: str(command.request_id))):
        yield Query(commands=part, state=Listing.about(part))
    for command in commands:
        if command.request_id is None:
            yield Query(commands=(command,))


def _slices(commands: Iterable[Command]) -> Iterator[tuple[Command, ...]]:
    """Cut commands, which are sorted by request, into slices as large as the limits allow."""
    part: list[Command] = []
    ids: set[str | None] = set()
    for command in commands:
        ids |= {command.request_id, command.target}
        if part and (len(part) == PAGE or len(ids) > IDS):
            yield tuple(part)
            part = []
            ids = {command.request_id, command.target}
        part.append(command)
    if part:
        yield tuple(part)


def news_of(commands: Iterable[Command], statuses: Iterable[Status]) -> dict[str, Observation]:
    """Return what status objects say about commands, by tracking id.

    A command whose status object is known is found by its id only: a recurring request has several
    on one device. Until then it is found by request and device.
    """
    by_id: dict[str | None, Status] = {}
    by_place: dict[tuple[str | None, str | None], Status] = {}
    for status in statuses:
        by_id[status.id] = status
        by_place.setdefault((status.request, status.device), status)
    news = {}
    for command in commands:
        if command.command_id is None:
            found = by_place.get((command.request_id, command.target))
        else:
            found = by_id.get(command.command_id)
        if found is not None:
            news[command.tracking_id] = found.observation(command.command)
    return news


def waiting(commands: Iterable[Command], request: str | None = None) -> dict[str, Observation]:
    """Return the news about commands that Esper took and that have no status object yet."""
    return {
        command.tracking_id: Observation(
            state=CommandState.QUEUED, request_id=request or command.request_id
        )
        for command in commands
    }
