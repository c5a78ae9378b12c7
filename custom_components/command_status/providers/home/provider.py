"""The actions of this house: performed through its doors, and followed at its entities."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, override

from aiohttp import ClientSession

from ...tracking import (
    NOTHING,
    Command,
    CommandState,
    Evidence,
    Expectation,
    Observation,
)
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
    Tell,
)
from ..errors import (
    ProviderNotFoundError,
    ProviderRefusedError,
    ProviderUnavailableError,
    ProviderUnsupportedError,
)
from ..house import EntityState, House, Overheard, Stop
from ..http import HeardDate
from ..refusals import unknown_command
from ..words import TEXT_LENGTH, Filter, legible
from .actions import expected
from .follower import Follower
from .goals import Call
from .offers import offers_of
from .parameters import fields_of
from .redaction import is_redacted, redacted, scrubbed

UNAVAILABLE: Final = "unavailable"
REMEMBERED: Final = 1000
"""Wishes that are remembered, so that one is not followed twice: one for each context and entity;
Home Assistant makes all calls of a wish within moments."""


STOPPED: Final = Observation(state=CommandState.CANCELLED, settled=True)


class HomeProvider(Provider):
    """One house. A target is an entity, by the id that no new name changes."""

    def __init__(self, house: House, clock: Clock) -> None:
        """Follow nothing yet but what we do ourselves."""
        self._house = house
        self._clock = clock
        self._chosen: tuple[str, ...] = ()
        """The entities that are followed whoever acts on them."""
        self._words = Filter()
        """An integration says what it likes when an action fails."""
        self._tells: dict[str, Tell] = {}
        self._followers: dict[str, Follower] = {}
        self._running: set[str] = set()
        self._cancelled: set[str] = set()
        """Those that still run, though nobody follows them any more."""
        self._wishes: OrderedDict[tuple[str, str], Expectation | None] = OrderedDict()

    # What there is

    @override
    def choose(self, devices: Collection[str]) -> None:
        self._chosen = tuple(sorted(devices))

    @override
    async def targets(self) -> Targets:
        # Also those that are not there yet: other integrations need longer to start.
        found = [self._target(entity) for entity in self._chosen]
        return Targets(target for target in found if target is not None)

    @override
    def target(self, text: str) -> Target | None:
        return None if self._house.state(text) is None else self._target(text)

    def _target(self, text: str) -> Target | None:
        """Return an entity as a target; None where its id leads nowhere."""
        entity_id = self._house.entity_id(text)
        if entity_id is None:
            return None
        lasting = self._house.lasting(entity_id)
        name = _name_of(entity_id, self._house.state(lasting))
        target = Target(
            id=lasting,
            name=name,
            device=lasting,
            device_name=name,
            commands=offers_of(entity_id),
        )
        if self._is_alone(lasting):
            return target
        return replace(target, label="entity_command", placeholders={"entity": name})

    def _is_alone(self, entity: str) -> bool:
        """Return whether no other chosen entity sits on the device of this one."""
        device = self._house.device_id(entity)
        return device is not None and not any(
            other != entity and self._house.device_id(other) == device for other in self._chosen
        )

    @override
    def named(self, target: str) -> str:
        return self._house.entity_id(target) or target

    # What is wanted

    @override
    def order(
        self, candidates: Sequence[Target], command: str, parameters: Mapping[str, Any]
    ) -> Order:
        target = candidates[0]
        entity_id = self.named(target.id)
        name = command.lower()
        if "." not in name:
            name = f"{entity_id.partition('.')[0]}.{name}"
        if not self._house.offers(name):
            raise unknown_command(command, target.commands)
        return _order(target, name, parameters, self._expected(target.id, name, parameters))

    @override
    def alone(self, action: str, data: Mapping[str, Any]) -> Order:
        target = Target(id=action, name=action, device=action, device_name=action, commands=())
        return _order(target, action, data, None)

    @override
    def parameters(self, target: Target, command: str) -> tuple[Field, ...]:
        shown = self._house.state(target.id)
        return fields_of(command, NOTHING if shown is None else shown.attributes)

    def _expected(self, entity: str, name: str, data: Mapping[str, Any]) -> Expectation | None:
        """Return what an action is expected to bring about at an entity, as it is now."""
        shown = self._house.state(entity)
        if shown is None:
            return None
        call = Call(
            data=data, state=shown.state, attributes=shown.attributes, zone=self._house.zone
        )
        clauses = expected(name, shown.entity_id, call)
        return None if clauses is None else Expectation(entity=entity, clauses=clauses)

    # What is done

    @override
    async def submit(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        return {command.tracking_id: await self._submit(command) for command in commands}

    async def _submit(self, command: Command) -> Outcome:
        """Perform one action, and return what came of it when it has returned."""
        data = dict(command.to_send)
        if is_redacted(data):
            # The code is gone: it is in nothing that we write, and we were stopped meanwhile.
            return ProviderRefusedError("not_sent")
        if not _is_alone(command):
            shown = self._house.state(command.target)
            if shown is None or shown.state == UNAVAILABLE:
                return ProviderUnavailableError()
            data["entity_id"] = shown.entity_id
            if (follower := self._followers.get(command.tracking_id)) is not None:
                follower.called(shown)
        self._note_wish(command.tracking_id, command.target, command.expect)
        self._running.add(command.tracking_id)
        self._say(command, CommandState.SENT)
        try:
            await self._house.perform(
                command.command, data, mark=command.tracking_id, user_id=command.user_id
            )
        except ProviderRefusedError as err:
            reason = self._words.text(scrubbed(err.message, command.to_send))
            outcome = Observation(state=CommandState.FAILURE, reason=reason, settled=True)
        else:
            state = self._state_of(command)
            outcome = Observation(state=CommandState.SUCCESS, provider_state=state)
        finally:
            self._running.discard(command.tracking_id)
        if command.tracking_id in self._cancelled:
            # Nobody follows it any more, whatever has become of it.
            self._cancelled.discard(command.tracking_id)
            return STOPPED
        return outcome

    def _say(self, command: Command, state: CommandState) -> None:
        """Tell what is known of a command before its action has returned."""
        if (tell := self._tells.get(command.tracking_id)) is not None:
            tell(Observation(state=state, provider_state=self._state_of(command)))

    def _state_of(self, command: Command) -> str | None:
        """Return the state of the entity that a command acts on."""
        shown = None if _is_alone(command) else self._house.state(command.target)
        return None if shown is None else shown.state

    # What becomes of it

    @override
    def follow(self, command: Command, tell: Tell) -> Stop | None:
        tracking_id = command.tracking_id
        self._tells[tracking_id] = tell
        if _was_interrupted(command) and tracking_id not in self._running:
            tell(Observation(state=CommandState.LOST, reason="interrupted", settled=True))
        watch = None
        if not command.final and not _is_alone(command):
            follower = Follower(command, tell, self._clock)
            self._followers[tracking_id] = follower
            watch = follower.begin(self._house)

        def stop() -> None:
            self._tells.pop(tracking_id, None)
            self._followers.pop(tracking_id, None)
            if watch is not None:
                watch()

        return stop

    @override
    async def cancel(self, command: Command) -> Observation:
        if command.tracking_id in self._running:
            self._cancelled.add(command.tracking_id)
        return STOPPED

    @override
    def overhear(self, heard: Overheard) -> tuple[Sighting, ...]:
        sightings = (self._sighted(heard, entity_id) for entity_id in heard.entity_ids)
        return tuple(sighting for sighting in sightings if sighting is not None)

    def _sighted(self, heard: Overheard, entity_id: str) -> Sighting | None:
        """Return a call on one entity as a command; None where it is none of ours, or no news."""
        entity = self._house.lasting(entity_id)
        if entity not in self._chosen:
            return None
        expect = self._expected(entity, heard.action, heard.data)
        shown = self._house.state(entity)
        if expect is None or not self._note_wish(heard.context, entity, expect):
            return None
        return Sighting(
            target=entity,
            target_name=_name_of(entity_id, shown),
            device=entity,
            command=heard.action,
            parameters=redacted(heard.data),
            expect=expect,
            observation=Observation(
                state=CommandState.SENT, provider_state=None if shown is None else shown.state
            ),
        )

    def _note_wish(self, context: str, entity: str, expect: Expectation | None) -> bool:
        """Remember a wish; False where it is one of those already, however often it is called."""
        wish = (context, entity)
        known = wish in self._wishes and self._wishes[wish] == expect
        self._wishes[wish] = expect
        self._wishes.move_to_end(wish)
        if len(self._wishes) > REMEMBERED:
            self._wishes.popitem(last=False)
        return not known

    # What a house has not

    @override
    async def check(self, query: Query) -> Answer:
        raise ProviderUnsupportedError

    @override
    async def find(
        self, command_id: str, network_id: str | None, target: str | None = None
    ) -> tuple[Sighting, ...]:
        raise ProviderNotFoundError


def connect(
    *,
    session: ClientSession,
    credentials: Mapping[str, str],
    clock: Clock,
    keep: Keep,
    house: House,
    heard_date: HeardDate | None = None,
) -> HomeProvider:
    """Return the provider of a house."""
    return HomeProvider(house, clock)


def _order(target: Target, name: str, data: Mapping[str, Any], expect: Expectation | None) -> Order:
    """Return an order, whose secrets are only in what is called."""
    shown = redacted(data)
    return Order(
        target=target,
        command=name,
        parameters=shown,
        payload=data if shown != data else None,
        expect=expect,
        evidence=Evidence.NONE if expect is None else Evidence.AWAITED,
    )


def _is_alone(command: Command) -> bool:
    """Return whether a command acts on no entity: then its target is the action itself."""
    return command.target == command.command


def _was_interrupted(command: Command) -> bool:
    """Return whether we were stopped while the action of a command ran."""
    called = command.sent_at is not None and command.state is not CommandState.QUEUED
    return called and not command.final and command.word is None


def _name_of(entity_id: str, shown: EntityState | None) -> str:
    """Return what people call an entity."""
    name = entity_id if shown is None else str(shown.attributes.get("friendly_name", entity_id))
    return legible(name)[:TEXT_LENGTH]
