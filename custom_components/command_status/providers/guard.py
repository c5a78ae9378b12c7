"""What stands between a provider and all above it: foreign words become ours here, and only here.

Whatever a provider learns from its cloud passes `Guarded`, which takes out what must not be shown
(`words.Filter`) and refuses more than can be held. A provider itself reads answers, and need not
think of secrets.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, override

from ..tracking import Command, Observation
from .base import (
    Answer,
    Field,
    Order,
    Outcome,
    Provider,
    Query,
    Sighting,
    Target,
    Targets,
    Tell,
)
from .errors import ProviderError, ProviderNoAnswerError, ProviderTooManyError
from .house import Overheard, Stop
from .limits import MOST_SIGHTINGS, MOST_TARGETS
from .words import Filter, hidden_in, secrets_in

NAMES: Final = ("name", "device_name", "model", "firmware", "offline_hub")
"""The fields of a target that the cloud or its user named."""


class Guarded(Provider):
    """A provider of which only clean words come."""

    def __init__(self, provider: Provider, words: Filter) -> None:
        """Guard a provider; it may teach the filter more secrets."""
        self._provider = provider
        self.words = words
        """What is taken out of all that comes of the provider."""
        self._cleaned_errors = CleanedErrors(words)

    @override
    async def targets(self) -> Targets:
        with self._cleaned_errors:
            listed = await self._provider.targets()
        if len(listed) > MOST_TARGETS:
            raise ProviderTooManyError("targets", MOST_TARGETS)
        if not listed and not listed.whole:
            raise ProviderNoAnswerError("nothing in the list makes sense")
        return Targets(map(self._target, listed), whole=listed.whole)

    @override
    def target(self, text: str) -> Target | None:
        found = self._provider.target(text)
        return None if found is None else self._target(found)

    @override
    def named(self, target: str) -> str:
        return self._provider.named(target)

    @override
    def alone(self, action: str, data: Mapping[str, Any]) -> Order:
        return self._provider.alone(action, data)

    @override
    def overhear(self, heard: Overheard) -> tuple[Sighting, ...]:
        return tuple(map(self._sighting, self._provider.overhear(heard)))

    @override
    def order(
        self, candidates: Sequence[Target], command: str, parameters: Mapping[str, Any]
    ) -> Order:
        return self._provider.order(candidates, command, parameters)

    @override
    def parameters(self, target: Target, command: str) -> tuple[Field, ...]:
        return self._provider.parameters(target, command)

    @override
    async def submit(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        self._hold(commands)
        with self._cleaned_errors:
            return self._outcomes(await self._provider.submit(commands))

    @override
    async def lookup(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        self._hold(commands)
        with self._cleaned_errors:
            return self._outcomes(await self._provider.lookup(commands))

    @override
    def queries(self, commands: Sequence[Command]) -> Iterable[Query]:
        return self._provider.queries(commands)

    @override
    async def check(self, query: Query) -> Answer:
        with self._cleaned_errors:
            answer = await self._provider.check(query)
        return Answer(news=self._outcomes(answer.news), rest=answer.rest)

    @override
    def follow(self, command: Command, tell: Tell) -> Stop | None:
        self._hold([command])
        return self._provider.follow(command, lambda told: tell(self._observation(told)))

    @override
    async def find(
        self, command_id: str, network_id: str | None, target: str | None = None
    ) -> tuple[Sighting, ...]:
        with self._cleaned_errors:
            found = await self._provider.find(command_id, network_id, target)
        if len(found) > MOST_SIGHTINGS:
            raise ProviderTooManyError("commands behind one id", MOST_SIGHTINGS)
        return tuple(map(self._sighting, found))

    @override
    async def cancel(self, command: Command) -> Observation:
        with self._cleaned_errors:
            return self._observation(await self._provider.cancel(command))

    @override
    async def update(self, command_id: str, state: str | None, reason: str | None) -> Sighting:
        with self._cleaned_errors:
            return self._sighting(await self._provider.update(command_id, state, reason))

    @override
    async def close(self) -> None:
        with self._cleaned_errors:
            await self._provider.close()

    @override
    def preview(self, order: Order) -> Mapping[str, Any]:
        shown: Mapping[str, Any] = self.words.data(self._provider.preview(order))
        return shown

    @override
    def transcript(self) -> Sequence[Mapping[str, Any]]:
        return [self.words.data(told) for told in self._provider.transcript()]

    @override
    def choose(self, devices: Collection[str]) -> None:
        self._provider.choose(devices)

    @override
    def succeed(self, before: Provider) -> None:
        if isinstance(before, Guarded):
            self.words.hold_all_of(before.words)

    @override
    def release(self, tracking_id: str) -> None:
        self.words.release(tracking_id)
        self._provider.release(tracking_id)

    # How it is done

    def _hold(self, commands: Sequence[Command]) -> None:
        """Remember what commands are sent with and what is not shown of it."""
        for command in commands:
            if command.payload is not None:
                secrets = {
                    *hidden_in(command.parameters, command.payload),
                    *secrets_in(command.payload),
                }
                self.words.hold(command.tracking_id, sorted(secrets))

    def _target(self, target: Target) -> Target:
        """Return a target with clean names."""
        names: dict[str, str] = {
            field: self.words.name(word)
            for field in NAMES
            if (word := getattr(target, field)) is not None
        }
        return replace(target, **names)  # type: ignore[arg-type]

    def _outcomes(self, outcomes: Mapping[str, Outcome]) -> Mapping[str, Outcome]:
        """Return clean news."""
        return {key: self._outcome(outcome) for key, outcome in outcomes.items()}

    def _outcome(self, outcome: Outcome) -> Outcome:
        """Return what came of one command, clean."""
        if isinstance(outcome, Observation):
            return self._observation(outcome)
        clean_error(outcome, self.words)
        return outcome

    def _observation(self, told: Observation) -> Observation:
        """Return news about one command, clean."""
        word = None if told.provider_state is None else self.words.word(told.provider_state)
        reason = None if told.reason is None else self.words.text(told.reason)
        if told.result is None and (word, reason) == (told.provider_state, told.reason):
            return told
        result = None if told.result is None else self.words.data(told.result)
        return replace(told, provider_state=word, reason=reason, result=result)

    def _sighting(self, sighting: Sighting) -> Sighting:
        """Return a command of someone else, clean."""
        return replace(
            sighting,
            target_name=self.words.name(sighting.target_name),
            command=self.words.name(sighting.command),
            parameters=self.words.data(sighting.parameters),
            observation=self._observation(sighting.observation),
        )


class CleanedErrors:
    """A context that lets no error through which repeats what must not be shown."""

    __slots__ = ("_words",)

    def __init__(self, words: Filter) -> None:
        """Clean with a filter; whoever enters many times needs only one of it."""
        self._words = words

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: object
    ) -> None:
        """Clean what was raised, and let it go on its way."""
        if isinstance(err, ProviderError):
            clean_error(err, self._words)


def clean_error(error: BaseException | None, words: Filter) -> None:
    """Clean the message of an error, and of all that led to it."""
    while error is not None:
        if isinstance(error, ProviderError):
            error.message = words.text(error.message)
            error.code = None if error.code is None else words.text(error.code)
            error.args = tuple(words.text(str(part)) for part in error.args)
        error = error.__cause__ or error.__context__
