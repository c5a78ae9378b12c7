"""What became of commands: one request for one, or for a batch of them; in stages, where there are.

Who is missing from the answer about a batch is asked for alone: only there an id that is not known
means that the command is lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import Any, Final

from ...tracking import Command, CommandState, Observation
from ..base import Answer, Clock, Outcome, Query
from ..errors import ProviderError, ProviderNoAnswerError
from .api import Api
from .commands import Batch, Described, Stage
from .description import Description
from .outcome import Moment, obey_pause, refuse_to_judge
from .response import Response
from .templates import MISSING, Values

STAGE: Final = "stage"
"""The number of the stage, in what is kept of a command; absent in the first."""
TARGET: Final = "target."
"""Before the names of what a target keeps, in what is kept of a command."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """What is remembered of a question from one request to the next."""

    alone: bool = False
    """Whether each command is asked about by itself."""
    renewed: bool = False
    """Whether a token was just asked for, so that a refusal of it is believed."""


FIRST: Final = Turn()


class Asker:
    """Asks one API about commands."""

    def __init__(self, api: Api, description: Description, clock: Clock) -> None:
        """Keep the API; makes no request."""
        self._api = api
        self._description = description
        self._clock = clock

    # What is known of a command

    def described(self, command: Command) -> Described | None:
        """Return how a command is followed; one of somebody else as far as its id tells."""
        return self._description.commands.get(command.command) or self._description.trackable

    def stage(self, command: Command) -> Stage | None:
        """Return the stage that a command is in; None where nothing can be asked about it."""
        found = self.described(command)
        return None if found is None else found.stage(_stage_number(command))

    def values(
        self, found: Described | None, command: Command, parameters: Mapping[str, Any]
    ) -> Values:
        """Return what placeholders stand for in requests about a command."""
        return values_of(found, command.target, command.tracking_id, parameters, command.kept) | {
            "id": command.command_id
        }

    def moment(self, command: Command, values: Values) -> Moment:
        """Return what an answer about a command is judged by."""
        now = self._clock()
        return Moment(
            values={**self._api.values, **values},
            now=now,
            since=command.created_at if command.sent_at is None else command.sent_at,
            stopping=command.stopping,
        )

    # Questions

    def queries(self, commands: Sequence[Command]) -> Iterable[Query]:
        """Divide commands into status requests: together where the description has a batch."""
        groups: dict[Any, tuple[int, list[Command]]] = {}
        for command in commands:
            stage = self.stage(command)
            batch = None if stage is None else stage.batch
            if stage is None or batch is None or not _can_be_listed(command.command_id):
                groups[command.tracking_id] = (1, [command])
            else:
                groups.setdefault(stage.origin, (batch.size, []))[1].append(command)
        for size, group in groups.values():
            for part in batched(group, size, strict=False):
                yield Query(commands=part, state=FIRST)

    async def check(self, query: Query) -> Answer:
        """Make one status request."""
        turn = query.state if isinstance(query.state, Turn) else FIRST
        stage = self.stage(query.commands[0])
        if stage is None:
            return Answer(news={c.tracking_id: Observation() for c in query.commands})
        if len(query.commands) > 1 and not turn.alone and stage.batch is not None:
            return await self._check_batch(query, stage.batch, stage, turn)
        return await self._check_one(query, stage, turn)

    async def judged(
        self, command: Command, stage: Stage, response: Response, values: Values
    ) -> Observation:
        """Return what an answer says about a command, with its result from where that stands."""
        moment = self.moment(command, values)
        told = stage.outcome.judge(response, moment)
        following = stage.outcome.follows(response, moment)
        if following is not None:
            return replace(
                told, command_id=following, kept={STAGE: _stage_number(command) + 1}, result=None
            )
        if told.state is CommandState.SUCCESS and stage.then is not None:
            return replace(told, result=await self._result(stage, values))
        return told

    async def _check_one(self, query: Query, stage: Stage, turn: Turn) -> Answer:
        """Ask about the first command of a query; the others come back as its rest."""
        command, *others = query.commands
        values = self.values(self.described(command), command, command.parameters)
        response = await self._api.ask(stage.request, values, renewed=turn.renewed)
        if response is None:
            return Answer(news={}, rest=replace(query, state=replace(turn, renewed=True)))
        obey_pause(response)
        outcome: Outcome
        try:
            outcome = await self.judged(command, stage, response, values)
        except ProviderNoAnswerError as err:
            if not others:
                raise
            outcome = err
        rest = replace(query, commands=tuple(others), state=Turn(alone=True)) if others else None
        return Answer(news={command.tracking_id: outcome}, rest=rest)

    async def _check_batch(self, query: Query, batch: Batch, stage: Stage, turn: Turn) -> Answer:
        """Ask about all commands of a query at once."""
        ids = [command.command_id for command in query.commands]
        response = await self._api.ask(batch.request, {"ids": ids}, renewed=turn.renewed)
        if response is None:
            return Answer(news={}, rest=replace(query, state=replace(turn, renewed=True)))
        obey_pause(response)
        refuse_to_judge(response)
        if not response.good:
            raise ProviderNoAnswerError(f"HTTP {response.status}", code=str(response.status))
        items = self._items(batch, response)
        news: dict[str, Outcome] = {}
        for command in query.commands:
            item = items.get(command.command_id or "")
            if item is not None:
                values = self.values(self.described(command), command, command.parameters)
                news[command.tracking_id] = await self._outcome(command, stage, item, values)
        left = tuple(c for c in query.commands if c.tracking_id not in news)
        rest = replace(query, commands=left, state=Turn(alone=True)) if left else None
        return Answer(news=news, rest=rest)

    async def _outcome(
        self, command: Command, stage: Stage, response: Response, values: Values
    ) -> Outcome:
        """Return what a part of an answer says; it alone may say nothing."""
        try:
            return await self.judged(command, stage, response, values)
        except ProviderError as err:
            return err

    def _items(self, batch: Batch, response: Response) -> Mapping[str, Response]:
        """Return the parts of an answer by the ids that they are about."""
        found = MISSING if response.data is MISSING else batch.items.find(response.data, {})
        if not isinstance(found, list):
            raise ProviderNoAnswerError("the answer has no list of commands")
        parts = [Response(response.reply, item) for item in found]
        ids = [batch.id.text(part, self._api.values) for part in parts]
        return {key: part for key, part in zip(ids, parts, strict=True) if key is not None}

    async def _result(self, stage: Stage, values: Values) -> Any:
        """Return what one more request brings; a success is one without it, too."""
        assert stage.then is not None  # noqa: S101 - asked for by who has seen it
        try:
            response = await self._api.send(stage.then, values)
        except ProviderError:
            return None
        if not response.good:
            return None
        return response.text if response.data is MISSING else response.data


def values_of(
    found: Described | None,
    target: str,
    tracking_id: str,
    parameters: Mapping[str, Any],
    kept: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what placeholders stand for that a command brings along."""
    of_target = {k.removeprefix(TARGET): v for k, v in kept.items() if k.startswith(TARGET)}
    return {
        "target": target,
        "target.": of_target,
        "tracking_id": tracking_id,
        "command": None if found is None else found.name,
        "expect": None if found is None else found.expect,
        "parameter.": parameters,
        "parameters": dict(parameters),
        "kept.": kept,
    }


def _stage_number(command: Command) -> int:
    """Return the number of the stage that a command is in."""
    found = command.kept.get(STAGE, 0)
    return found if isinstance(found, int) else 0


def _can_be_listed(command_id: str | None) -> bool:
    """Return whether an id can stand among others."""
    return command_id is not None and "," not in command_id
