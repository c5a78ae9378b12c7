"""What was made of something, for as long as that stays the same, in a bounded number.

Nearly all answers of a cloud are word for word the one before, and to make something of them again
costs as much as to ask.
"""

from collections.abc import Callable, Hashable


class Remembered[T]:
    """What was made, by key; the oldest makes room for the newest."""

    def __init__(self, most: int) -> None:
        """Remember nothing yet, and never more than so many."""
        self._most = most
        self._made: dict[str, tuple[int, T]] = {}
        self._last: T | None = None

    def __len__(self) -> int:
        """Return how many are remembered."""
        return len(self._made)

    def of(self, key: str, source: Hashable, make: Callable[[], T]) -> T:
        """Return what is made of a source, anew only where it is not that of the last time.

        Of the source nothing but its hash is kept.
        """
        mark = hash(source)
        known = self._made.pop(key, None)
        made = known[1] if known is not None and known[0] == mark else self._shared(make())
        self._made[key] = (mark, made)
        if len(self._made) > self._most:
            self.forget(next(iter(self._made)))
        return made

    def forget(self, key: str) -> None:
        """Remember a key no longer, if it is known."""
        self._made.pop(key, None)

    def _shared(self, made: T) -> T:
        """Return what was made; the very one made last where they are equal, which saves memory."""
        if self._last != made:
            self._last = made
        return self._last
