"""Targets get their devices and entities a few at a time, so that nobody else has to wait."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import batched
from typing import Final

from ..providers.base import Target

AT_ONCE: Final = 3
"""Targets that get their devices and entities before others in Home Assistant get their turn.

A small computer takes some 5 ms for each.
"""

type Add = Callable[[Sequence[Target]], None]


class Arrivals:
    """The targets of one account that have their devices and entities, and how others get them."""

    def __init__(
        self,
        shown: Callable[[], Mapping[str, Target]],
        register: Callable[[Iterable[Target]], None],
    ) -> None:
        """Give nothing to any target yet.

        `shown` tells which targets are to have devices and entities, `register` gives devices to
        some: entities take their names from them.
        """
        self.shown = shown
        self._register = register
        self._adders: list[Add] = []
        self._there: set[str] = set()
        self._turn = asyncio.Lock()

    def join(self, add: Add) -> None:
        """Call with all targets that are to have entities, a few at a time."""
        self._adders.append(add)

    async def async_bring(self) -> None:
        """Return when every target that is shown has a device, by its newest name, and entities."""
        async with self._turn:
            shown = self.shown()
            self._there &= shown.keys()
            # Devices that others hang under come first.
            in_order = sorted(shown.values(), key=lambda target: target.via is not None)
            for some in batched(in_order, AT_ONCE, strict=False):
                self._register(some)
                self._add([target for target in some if target.id not in self._there])
                await asyncio.sleep(0)

    def _add(self, new: Sequence[Target]) -> None:
        """Give entities to some targets."""
        if new:
            self._there.update(target.id for target in new)
            for add in self._adders:
                add(new)
