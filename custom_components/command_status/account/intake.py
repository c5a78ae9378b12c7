"""Commands come in: those that we are to send, and those that someone else has sent."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from homeassistant.core import Context, CoreState, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.ulid import ulid_at_time, ulid_to_bytes

from ..const import DOMAIN
from ..providers.base import Order, Sighting
from ..tracking import Command, Evidence, Expectation, Observation
from .asked import Asked, asked_by
from .parts import Parts
from .telling import Telling


class Intake:
    """Accepts the commands of one account: each is on disk before anybody hears of it."""

    def __init__(
        self, parts: Parts, telling: Telling, opened: Callable[[], None], news: Callable[[], None]
    ) -> None:
        """Accept nothing yet.

        `opened` is called when there is something to send, `news` when something was learned.
        """
        self._parts = parts
        self._telling = telling
        self._opened = opened
        self._news = news
        self._last_tick = 0
        self._closed = False

    @callback
    def close(self) -> None:
        """Accept nothing more that could not be seen through."""
        self._closed = True

    async def async_send(
        self,
        orders: Sequence[Order],
        *,
        window: float,
        tag: str | None = None,
        subentry_id: str | None = None,
        context: Context | None = None,
    ) -> list[str]:
        """Accept commands and send them; returns their tracking ids when they are on disk.

        Raises HomeAssistantError when Home Assistant stops or the disk refuses; nothing is sent
        then.
        """
        self._refuse_if_closed()
        now = self._parts.clock.now()
        asked = asked_by(self._parts.hass, context)
        ids = [self._new_id(now) for _ in orders]
        common = {
            "batch": ids[0],
            "tag": tag,
            "subentry_id": subentry_id,
            "user_id": asked.user_id,
            "source": asked.source,
            "created_at": now,
            "deadline": now + window,
        }
        with self._all_or_none(ids):
            for tracking_id, order in zip(ids, orders, strict=True):
                command = _ordered(order, tracking_id=tracking_id, **common)
                self._parts.tracker.open(command)
                self._parts.display.accept(command, context)
            self._opened()
            await self._parts.keeper.async_saved()
        return ids

    async def async_track(
        self,
        sightings: Sequence[Sighting],
        *,
        window: float,
        context: Context,
        tag: str | None = None,
        expect: Expectation | None = None,
    ) -> list[str]:
        """Follow commands that someone else sent; returns their tracking ids when they are on disk.

        One that is followed already keeps its tracking id. Raises HomeAssistantError as
        `async_send`.
        """
        self._refuse_if_closed()
        now = self._parts.clock.now()
        asked = asked_by(self._parts.hass, context)
        ids: list[str] = []
        adopted: list[tuple[str, Observation]] = []
        followed = self._followed()
        for sighting in sightings:
            known = followed.get(sighting.observation.command_id)
            if known is not None:
                ids.append(known.tracking_id)
                continue
            command = self._sighted(replace(sighting, expect=expect), now, window, asked, tag)
            ids.append(command.tracking_id)
            accepted = self._parts.tracker.adopt(command, self._next_ask(now)).command
            self._parts.display.accept(accepted, context)
            self._telling.follow(accepted)
            adopted.append((command.tracking_id, sighting.observation))
            followed[command.command_id or command.tracking_id] = command
        if adopted:
            await self._async_adopt(adopted)
        return ids

    @callback
    def overhear(self, sightings: Sequence[Sighting], *, window: float, context: Context) -> None:
        """Follow actions that somebody called in the house; it is too late to refuse them."""
        if self._closed or self._parts.hass.state is CoreState.stopping:
            return
        now = self._parts.clock.now()
        asked = asked_by(self._parts.hass, context)
        for sighting in sightings:
            command = self._sighted(sighting, now, window, asked)
            self._parts.display.overhear(command, context)
            self._parts.keeper.spare(command.tracking_id)
            adopted = self._parts.tracker.adopt(command, now)
            self._parts.keeper.take([adopted])
            self._parts.keeper.take(
                [self._parts.tracker.answered(command.tracking_id, sighting.observation, now)]
            )
            self._telling.follow(adopted.command)
        self._news()

    def find(self, command_id: str | None) -> Command | None:
        """Return the command with one of the provider's ids, the newest where there are several."""
        return self._followed().get(command_id)

    @callback
    def drop(self, tracking_id: str) -> None:
        """Forget a command and show what is left."""
        self._parts.display.drop(self._parts.tracker.forget(tracking_id))

    def _refuse_if_closed(self) -> None:
        """Raise HomeAssistantError when nothing new is taken any more."""
        if self._closed or self._parts.hass.state is CoreState.stopping:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="stopping")

    def _next_ask(self, now: float) -> float:
        """Return when to ask about a command of which the provider has told just now."""
        cadence = self._parts.description.policy.cadence
        return cadence.next(now, now) if cadence.asks else now

    async def _async_adopt(self, adopted: Sequence[tuple[str, Observation]]) -> None:
        """Write down commands that someone else sent, and then take in what is known of them."""
        tracker = self._parts.tracker
        with self._all_or_none([tracking_id for tracking_id, _ in adopted]):
            self._opened()
            await self._parts.keeper.async_saved()
        self._parts.keeper.take(
            tracker.observe(tracking_id, observation, self._parts.clock.now())
            for tracking_id, observation in adopted
        )
        self._news()

    @contextmanager
    def _all_or_none(self, ids: Sequence[str]) -> Iterator[None]:
        """Return once new commands are on disk; whatever is raised, there are no such commands."""
        try:
            yield
        except Exception:
            for tracking_id in ids:
                if self._parts.tracker.get(tracking_id) is not None:
                    self.drop(tracking_id)
            raise

    def _sighted(
        self, sighting: Sighting, now: float, window: float, asked: Asked, tag: str | None = None
    ) -> Command:
        """Return a command that someone else sent."""
        return Command(
            tracking_id=self._new_id(now),
            target=sighting.target,
            target_name=sighting.target_name,
            device=sighting.device,
            covers=sighting.covers,
            command=sighting.command,
            parameters=sighting.parameters,
            command_id=sighting.observation.command_id,
            request_id=sighting.observation.request_id,
            network_id=sighting.observation.network_id,
            expect=sighting.expect,
            evidence=None if sighting.expect is None else Evidence.AWAITED,
            tag=tag,
            user_id=asked.user_id,
            source=asked.source,
            created_at=now,
            deadline=now + window,
        )

    def _followed(self) -> dict[str | None, Command]:
        """Return the commands by the provider's ids, the newest where there are several."""
        return {
            command.command_id: command
            for command in self._parts.tracker
            if command.command_id is not None
        }

    def _new_id(self, now: float) -> str:
        """Return a tracking id that is greater than all before."""
        newest = _tick_of(self._parts.tracker.last_id)
        self._last_tick = max(int(now * 1000), self._last_tick + 1, newest)
        return ulid_at_time(self._last_tick / 1000)


def _ordered(order: Order, **common: Any) -> Command:
    """Return a command that we are to send."""
    return Command(
        target=order.target.id,
        target_name=order.target.name,
        device=order.target.device,
        network_id=order.target.network_id,
        offline=order.target.online is False,
        offline_hub=order.target.offline_hub,
        command=order.command,
        parameters=order.parameters,
        payload=order.payload,
        expect=order.expect,
        evidence=order.evidence,
        kept=order.kept,
        **common,
    )


def _tick_of(tracking_id: str) -> int:
    """Return the first moment, in milliseconds, for a tracking id that is greater than this one."""
    return int.from_bytes(ulid_to_bytes(tracking_id)[:6]) + 1 if tracking_id else 0
