"""The targets of an account: written down, or read from a list of the API's."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..errors import ProviderNoAnswerError, ProviderTooManyError
from ..limits import MOST_TARGETS
from ..mistakes import DescriptionError, Mistake, Place
from ..words import identifier
from .paths import ROOT, Path, path
from .reading import Keys, by_name, filled, listing, wrong
from .requests import Request, request
from .response import Response
from .sources import MAX_ID, piece
from .templates import MISSING, NOWHERE, Scope, spelled

ACCOUNT: Final = "account"
"""The id of the one target of an account whose API has none."""
MOST_PAGES: Final = 50
ONLINE: Final[Mapping[str, bool]] = {
    "true": True,
    "online": True,
    "connected": True,
    "available": True,
    "up": True,
    "1": True,
    "false": False,
    "offline": False,
    "disconnected": False,
    "unavailable": False,
    "down": False,
    "0": False,
}
"""The words by which a list tells whether something can be reached; of others nothing is made."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One target as a list tells of it."""

    id: str
    name: str
    online: bool | None = None
    kept: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Where a list goes on: the path of a mark, and the query that takes it."""

    next: Path
    query: str | None
    """None: the mark is the address of the next page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Targets:
    """Where the targets of an account come from."""

    static: tuple[Listed, ...] = ()
    get: Request | None = None
    items: Path = ROOT
    id: Path = ROOT
    name: Path = ROOT
    online: Path | None = None
    keep: Mapping[str, Path]
    page: Page | None = None

    async def read(
        self, ask: Callable[[str | None], Awaitable[Response]]
    ) -> tuple[Listed | None, ...]:
        """Return all targets that make sense; `ask` gets the page behind a mark.

        Of those that make none it returns None. Raises ProviderNoAnswerError rather than return a
        part of the list.
        """
        found: dict[str | None, Listed | None] = {}
        async for item in self._items(ask):
            listed = self._listed(item)
            found.setdefault(None if listed is None else listed.id, listed)
            if len(found) > MOST_TARGETS:
                raise ProviderTooManyError("targets", MOST_TARGETS)
        return tuple(found.values())

    async def _items(self, ask: Callable[[str | None], Awaitable[Response]]) -> AsyncIterator[Any]:
        """Go through the pages of the list."""
        mark: str | None = None
        for _ in range(MOST_PAGES):
            data = (await ask(mark)).data
            items = MISSING if data is MISSING else self.items.find(data, {})
            if not isinstance(items, list):
                raise ProviderNoAnswerError("the answer has no list of targets")
            for item in items:
                yield item
            before, mark = mark, self._mark(data)
            if mark is None:
                return
            if mark == before:
                break
        raise ProviderNoAnswerError("the list of targets does not end")

    def _mark(self, data: Any) -> str | None:
        """Return the mark of the next page; None on the last."""
        if self.page is None:
            return None
        found = spelled(self.page.next.find(data, {}))
        return found if found and found != "false" else None

    def _listed(self, item: Any) -> Listed | None:
        """Read one target; what is a text itself is its own id and name."""
        single = spelled(item)
        found = identifier(spelled(self.id.find(item, {})) if single is None else single)
        if found is None:
            return None
        named = spelled(self.name.find(item, {})) if single is None else single
        told = None if self.online is None else spelled(self.online.find(item, {}))
        kept = {key: piece(way.find(item, {})) for key, way in self.keep.items()}
        return Listed(
            id=found,
            name=(named or "").strip() or found,
            online=None if told is None else ONLINE.get(told.strip().lower()),
            kept={key: value for key, value in kept.items() if value is not None},
        )


def targets(plain: Any, place: Place, scope: Scope) -> Targets:
    """Read where targets come from; `scope` has the fields of the account."""
    with Keys(plain, place) as keys:
        if keys.has("static"):
            static = keys.take("static", listing(_static, at_most=MOST_TARGETS))
            if not static or len({listed.id for listed in static}) < len(static):
                raise wrong("static", (*place, "static"))
            return Targets(static=static, keep={})
        return Targets(
            get=keys.take("get", lambda p, w: request(p, w, scope)),
            items=keys.take("items", _path),
            id=keys.take("id", _path, _path("id", place)),
            name=keys.take("name", _path, _path("name", place)),
            online=keys.take("online", _path, None),
            keep=keys.take("keep", by_name(_path), {}),
            page=keys.take("page", _page, None),
        )


def _path(plain: Any, place: Place) -> Path:
    """Read a path without placeholders."""
    return path(plain, place, NOWHERE)


def _static(plain: Any, place: Place) -> Listed:
    """Read one target that is written down."""
    with Keys(plain, place) as keys:
        found = keys.take("id", filled)
        name = keys.take("name", filled, found)
    if len(found) > MAX_ID or not found.isprintable() or not name.isprintable():
        raise DescriptionError(Mistake.INVALID_VALUE, place, found)
    return Listed(id=found, name=name, kept={})


def _page(plain: Any, place: Place) -> Page:
    """Read where a list goes on."""
    with Keys(plain, place) as keys:
        return Page(next=keys.take("next", _path), query=keys.take("query", filled, None))
