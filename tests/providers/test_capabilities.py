"""What every provider keeps that can do more than send a command and ask about it.

A new provider declares in its stage what it can do (`stages/player.py`), and needs nothing in here.
"""

from collections.abc import Callable, Iterable, Mapping
from math import ceil
from typing import Any, Final

import pytest

from custom_components.command_status.providers.base import (
    Field,
    FieldKind,
    Provider,
    Target,
)
from custom_components.command_status.providers.errors import (
    ProviderAuthError,
    ProviderError,
    ProviderInputError,
    ProviderUnsupportedError,
)
from custom_components.command_status.tracking import CommandState
from simulators.faults import FaultKind

from .following import after, asked, known, learned
from .stages import PLAYERS, STAGES, Player, Stage
from .test_contract import BAD_DAYS

CANCEL: Final = [key for key, player in PLAYERS.items() if player.can.cancel]
CANNOT_CANCEL: Final = [key for key in PLAYERS if key not in CANCEL]
CLOUDS_THAT_CANCEL: Final = [key for key in CANCEL if key in STAGES]
TAKE_PARAMETERS: Final = [key for key, player in PLAYERS.items() if player.can.example]


@pytest.fixture
async def played(player: Player) -> Provider:
    """Return the provider of a player."""
    return await player.provider()


def test_everything_that_can_be_done_is_done_by_some_and_not_by_all() -> None:
    """A list that is empty would make the tests of a capability disappear without a word."""
    assert CANCEL
    assert CANNOT_CANCEL
    assert TAKE_PARAMETERS
    assert {player.can.sent_together > 1 for player in PLAYERS.values()} == {True, False}
    assert {player.can.asked_together > 1 for player in PLAYERS.values()} == {True, False}


def test_a_provider_says_itself_what_it_can_do(player: Player) -> None:
    """Dialogues, actions and the queue go by its description."""
    assert player.account.can_cancel is player.can.cancel
    assert player.account.policy.batch == player.can.sent_together


class TestCancel:
    """A command that is to stop."""

    @pytest.mark.parametrize("player", CANCEL, indirect=True)
    async def test_a_command_that_is_stopped_ends_as_cancelled(
        self, player: Player, played: Provider
    ) -> None:
        """At once, or when it is asked about next."""
        orders = await player.orders(played, 1)
        (command,) = await player.begin(played, orders, [player.succeed])
        assert not command.final
        command = after(command, await played.cancel(command))
        (command,) = await player.end(played, [command])
        assert command.state is CommandState.CANCELLED

    @pytest.mark.parametrize("player", CANCEL, indirect=True)
    async def test_only_that_command_is_stopped(self, player: Player, played: Provider) -> None:
        """Others of the same call go on."""
        orders = await player.orders(played, 2)
        commands = await player.begin(played, orders, [player.succeed, player.succeed])
        stopped = after(commands[0], await played.cancel(commands[0]))
        commands = await player.end(played, [stopped, commands[1]])
        states = [command.state for command in commands]
        assert states == [CommandState.CANCELLED, CommandState.SUCCESS]

    @pytest.mark.parametrize("player", CANNOT_CANCEL, indirect=True)
    async def test_who_cannot_stop_a_command_says_so(
        self, player: Player, played: Provider
    ) -> None:
        """And asks nothing: the command goes on to its own end."""
        orders = await player.orders(played, 1)
        (command,) = await player.begin(played, orders, [player.succeed])
        before = player.calls()
        with pytest.raises(ProviderUnsupportedError):
            await played.cancel(command)
        assert player.calls() == before
        (command,) = await player.end(played, [command])
        assert command.state is CommandState.SUCCESS

    @pytest.mark.parametrize("stage", CLOUDS_THAT_CANCEL, indirect=True)
    async def test_what_was_over_before_keeps_its_outcome(
        self, stage: Stage, provider: Provider
    ) -> None:
        """A gate that has opened was not stopped, though nobody had heard of it yet."""
        orders = await stage.orders(provider, 1)
        (command,) = await stage.begin(provider, orders, [stage.succeed])
        stage.finish()
        command = known(command, await learned(provider.cancel(command)))
        (command,) = await stage.end(provider, [command])
        assert command.state is CommandState.SUCCESS

    @pytest.mark.parametrize("stage", CLOUDS_THAT_CANCEL, indirect=True)
    @pytest.mark.parametrize("kind", BAD_DAYS)
    async def test_a_broken_answer_stops_nothing(
        self, stage: Stage, provider: Provider, kind: FaultKind
    ) -> None:
        """Whether it is stopped is for the cloud to say, when it is asked the next time."""
        orders = await stage.orders(provider, 1)
        (command,) = await stage.begin(provider, orders, [stage.succeed])
        stage.simulator.faults.add(kind, times=None)
        command = known(command, await learned(provider.cancel(command)))
        assert not command.final
        stage.simulator.faults.clear()
        (command,) = await stage.end(provider, [command])
        assert command.state in {CommandState.CANCELLED, CommandState.SUCCESS}

    @pytest.mark.parametrize("stage", CLOUDS_THAT_CANCEL, indirect=True)
    async def test_refused_credentials_are_told_as_such(
        self, stage: Stage, provider: Provider
    ) -> None:
        """That starts a new sign-in."""
        orders = await stage.orders(provider, 1)
        (command,) = await stage.begin(provider, orders, [stage.succeed])
        stage.lock_out()
        with pytest.raises(ProviderAuthError):
            await provider.cancel(command)


class TestBatches:
    """Commands of one call, and questions about many."""

    async def test_they_go_out_in_as_few_requests_as_can_be(
        self, player: Player, played: Provider
    ) -> None:
        """One for each command, unless one request takes more."""
        orders = await player.orders(played, 2)
        before = player.calls()
        commands = await player.begin(played, orders, [player.succeed, player.succeed])
        assert len(commands) == 2
        assert player.calls() - before == ceil(2 / player.can.sent_together)

    async def test_each_has_an_outcome_of_its_own(self, player: Player, played: Provider) -> None:
        """One that fails takes no other with it."""
        orders = await player.orders(played, 2)
        commands = await player.begin(played, orders, [player.fail, player.succeed])
        assert not any(command.final for command in commands)
        failed, done = await player.end(played, commands)
        assert (failed.target, done.target) == tuple(order.target.id for order in orders)
        assert (failed.state, done.state) == (CommandState.FAILURE, CommandState.SUCCESS)
        assert failed.reason

    async def test_they_are_asked_about_in_as_few_requests_as_can_be(
        self, stage: Stage, provider: Provider
    ) -> None:
        """And nothing is told of a command that was not asked about."""
        orders = await stage.orders(provider, 2)
        commands = await stage.begin(provider, orders, [stage.succeed, stage.succeed])
        before = stage.calls()
        news = await asked(provider, commands)
        assert news.keys() == {command.tracking_id for command in commands}
        assert stage.calls() - before == ceil(2 / stage.can.asked_together)

    @pytest.mark.parametrize("kind", BAD_DAYS)
    async def test_a_broken_answer_is_the_outcome_of_none(
        self, stage: Stage, provider: Provider, kind: FaultKind
    ) -> None:
        """When the cloud speaks again, each has its own."""
        orders = await stage.orders(provider, 2)
        commands = await stage.begin(provider, orders, [stage.fail, stage.succeed])
        stage.finish()
        stage.simulator.faults.add(kind, times=None)
        with pytest.raises(ProviderError):
            await asked(provider, commands)
        stage.simulator.faults.clear()
        states = [command.state for command in await stage.end(provider, commands)]
        assert states == [CommandState.FAILURE, CommandState.SUCCESS]


class TestParameters:
    """What a command needs to know beside its name."""

    @pytest.mark.parametrize("player", TAKE_PARAMETERS, indirect=True)
    async def test_they_arrive_as_they_were_given(self, player: Player, played: Provider) -> None:
        """To the device that was meant, with no other value and none left out."""
        example = player.can.example
        assert example is not None
        device = await player.first_device(played)
        order = played.order(device, example.command, example.parameters)
        await player.begin(played, [order], [player.succeed])
        assert player.arrived().items() >= example.parameters.items()

    @pytest.mark.parametrize("player", TAKE_PARAMETERS, indirect=True)
    async def test_they_are_shown(self, player: Player, played: Provider) -> None:
        """The record of a command tells what was asked for."""
        example = player.can.example
        assert example is not None
        order = played.order(await player.first_device(played), example.command, example.parameters)
        assert order.parameters.items() >= example.parameters.items()

    async def test_forms_ask_for_what_is_declared(self, player: Player, played: Provider) -> None:
        """`tests/test_texts.py` wants a label for each of them, and has no other list of them."""
        can = player.can
        assert await asked_for(played) <= can.parameters | can.described_parameters

    async def test_what_a_form_asks_for_is_known(self, played: Provider) -> None:
        """A value may be refused, but never a name that the form itself has offered."""
        for target in await played.targets():
            for command in target.commands:
                values = filled_in(played.parameters(target, command))
                said = complaint(played, target, command, values)
                assert said in VALUES_REFUSED | {None}


VALUES_REFUSED: Final = {
    "invalid_parameter",
    "missing_parameter",
    "data_needed",
    "number_needed",
    "text_needed",
    "unfit_value",
}
"""Complaints about a value, not about a name."""

TYPED: Final[Mapping[FieldKind, Callable[[Field], Any]]] = {
    FieldKind.TEXT: lambda _: "text",
    FieldKind.NUMBER: lambda field: field.minimum or 0,
    FieldKind.BOOLEAN: lambda _: True,
    FieldKind.CHOICE: lambda field: field.choices[0],
    FieldKind.OBJECT: lambda _: {},
}
"""What somebody types into a field who does not think much."""


def filled_in(fields: Iterable[Field]) -> dict[str, Any]:
    """Return what comes of a form in which every field is filled in."""
    return {field.name: TYPED[field.kind](field) for field in fields}


def complaint(
    provider: Provider, target: Target, command: str, values: Mapping[str, Any]
) -> str | None:
    """Return what is wrong with an order; None where it is taken."""
    try:
        provider.order([target], command, values)
    except ProviderInputError as err:
        return err.text_key
    return None


async def asked_for(provider: Provider) -> set[str]:
    """Return what the forms of all commands ask for that are offered."""
    return {
        field.name
        for target in await provider.targets()
        for command in target.commands
        for field in provider.parameters(target, command)
    }
