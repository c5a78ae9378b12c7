"""What is thrown where nothing should be is logged once with its place, and the account goes on.

Providers, listeners and our own code may be at fault, and one account has hundreds of commands that
are not. So every place from which something could stop the others is named, and whatever is thrown
there ends there. What says that a task is cut (`CancelledError` and the like) goes on its way.
"""

from types import TracebackType

from ..const import LOGGER


class Mishaps:
    """What has gone wrong in one account."""

    def __init__(self) -> None:
        """Know of nothing."""
        self._told: set[tuple[str, type[Exception]]] = set()

    def note(self, what: str, err: Exception) -> None:
        """Log an error with its trace, the first time that its kind is met in this place."""
        first = (what, type(err)) not in self._told
        self._told.add((what, type(err)))
        if first:
            LOGGER.error(what, exc_info=err)
        else:
            LOGGER.debug("%s, again: %r", what, err)

    def survived(self, what: str) -> _Survived:
        """Return a context in which nothing is thrown that stops what follows it."""
        return _Survived(self, what)


class _Survived:
    """A place in which something may be thrown."""

    def __init__(self, mishaps: Mishaps, what: str) -> None:
        """Be named by what is said of it."""
        self._mishaps = mishaps
        self._what = what

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Note what was thrown, and let what cuts a task pass."""
        if not isinstance(err, Exception):
            return False
        self._mishaps.note(self._what, err)
        return True
