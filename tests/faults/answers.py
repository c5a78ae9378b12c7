"""Any answers: what a cloud, or somebody in between, may say instead of what was expected."""

from collections.abc import Callable, Iterable, Iterator, Mapping
import copy
from dataclasses import dataclass, field
import json
from typing import Any, Final, Self

from aiohttp import ClientSession
from hypothesis import strategies as st

from tests.providers.rest.jobs import JOBS

ODD: Final = (
    "",
    "SUCCESS",
    "FAILED",
    "Command Success",
    "0001-01-01",
    "9999-12-31T23:59:59-23:59",
    "<script id=oauth-args>",
    "<![",
    "mailto:you",
    "http://[",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "\ud800",
    "a\0b\x1b[31m\u202e\n",
    "you@example.com +353 1 234 5678 password=hunter2",
    "a word " * 9000,
)
"""Texts that have broken parsers before."""

MEASURELESS: Final = (0, -1, 2**63, 10**30, 10**400, 1e308, -1e308, float("inf"))
"""Numbers that have broken parsers before. JSON has no infinity, but 1e999 is read as one."""


def _deep(levels: int) -> Any:
    """Return lists within lists."""
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


STRANGE: Final[tuple[Any, ...]] = (
    *ODD,
    *MEASURELESS,
    None,
    True,
    False,
    [],
    {},
    [[]],
    [{}],
    {"": None},
    _deep(300),
)
"""What the sweep puts into every place of every good answer."""

SCALARS: Final = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(MEASURELESS)
    | st.floats(allow_nan=False)
    | st.text(max_size=12)
    | st.sampled_from(ODD)
)
JSON: Final = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
"""Any JSON value."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the ways to all values inside a value, itself included."""
    inside: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    return [way, *(place for key, inner in inside for place in places(inner, (*way, key)))]


def put(value: Any, way: tuple[Any, ...], new: Any) -> Any:
    """Return a value with something else in one place."""
    if not way:
        return new
    changed = copy.copy(value)
    changed[way[0]] = put(value[way[0]], way[1:], new)
    return changed


@st.composite
def damaged(draw: st.DrawFn, whole: Any) -> Any:
    """Return a good answer with something odd in up to three places."""
    for _ in range(draw(st.integers(0, 3))):
        whole = put(whole, draw(st.sampled_from(places(whole))), draw(JSON))
    return whole


def written(value: Any) -> bytes:
    """Return a value as JSON, in plain ASCII, so that even half letters can be written."""
    return json.dumps(value).replace("Infinity", "1e999").encode()


def each_strange(*whole: Any) -> Iterator[Said]:
    """Return good answers with every strange value in every place, one at a time."""
    for answer in whole:
        for place in places(answer):
            for strange in STRANGE:
                yield Said(body=written(put(answer, place, strange)))


HEADERS: Final = st.dictionaries(
    st.sampled_from(["Retry-After", "Date", "Location"]),
    st.sampled_from([word for word in ODD if word.isascii()]) | st.integers().map(str),
)
STATUSES: Final = st.sampled_from([200] * 8 + [201, 202, 302, 400, 401, 403, 404, 409, 429, 503])

NONSENSE: Final = st.builds(
    Said,
    status=STATUSES,
    headers=HEADERS,
    body=st.binary(max_size=60) | JSON.map(written),
)
"""An answer that nobody meant."""


def answers(*whole: Any) -> st.SearchStrategy[Said]:
    """Return answers that begin as one of these good ones, or as nothing of the kind."""
    bodies = st.one_of([damaged(each).map(written) for each in whole])
    return NONSENSE | st.builds(Said, status=STATUSES, headers=HEADERS, body=bodies)


class _Stream:
    """A body that comes in one piece."""

    def __init__(self, body: bytes) -> None:
        self._parts = [body]

    async def readany(self) -> bytes:
        return self._parts.pop() if self._parts else b""


class _Answering:
    """An answer on its way, as aiohttp's session returns it."""

    def __init__(self, said: Said) -> None:
        self.status = said.status
        self.headers = said.headers
        self.content = _Stream(said.body)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass


MOST_REQUESTS: Final = 50
"""No single call takes so many; one that does would never end."""


class Cloud:
    """A session at the other end of which somebody gives any answers, to every request the next."""

    def __init__(self, answer: Callable[[str, str], Said]) -> None:
        """Take the method and the path of each request to `answer`."""
        self._answer = answer
        self.asked = 0

    def request(self, method: str, url: Any, **_: object) -> _Answering:
        """Answer."""
        self.asked += 1
        assert self.asked < MOST_REQUESTS, "this does not end"
        return _Answering(self._answer(method, url.path))

    @property
    def shared(self) -> ClientSession:
        """Pass as a session, as far as we use one."""
        return self  # type: ignore[return-value]

    @property
    def known(self) -> Mapping[str, str]:
        """Sign in to a new account."""
        return {}

    async def descriptions(self) -> Mapping[str, Any]:
        """Return the description of one API."""
        return {"jobs": JOBS}

    def private(self) -> ClientSession:
        """Pass as a session of its own."""
        return self  # type: ignore[return-value]

    async def close(self) -> None:
        """Hold nothing."""
