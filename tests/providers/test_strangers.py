"""What others say in a cloud's place, and what a cloud says oddly: at every provider."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest

from custom_components.command_status.providers.base import Provider
from custom_components.command_status.providers.errors import (
    ProviderConnectionError,
    ProviderError,
    ProviderInterceptedError,
    ProviderNoAnswerError,
    ProviderRefusedError,
    ProviderTooLateError,
)
from custom_components.command_status.tracking import CommandState
from simulators.faults import FaultKind

from .empty_house import EmptyHouse
from .following import WINDOW, accepted, after, asked_once, learned, sent
from .stages import STAGES, Stage
from .test_contract import first_order, key_of

PAGE: Final = "<!doctype html><title>Blocked</title><h1>Access denied</h1>"
STRANGERS: Final = {
    "a page": PAGE,
    "a word": "Forbidden",
    "nothing": "",
    "JSON of a gateway": '{"message": "Forbidden"}',
    "JSON of a proxy": '{"error": "Access to this site is blocked by policy"}',
    "JSON of a portal": '{"status_text": "sign in first", "redirect": "http://portal.example/"}',
    "a list": '["denied"]',
}
OWN_WORDS: Final = [key for key, stage in STAGES.items() if stage.own_words]
"""The clouds whose way of speaking we know."""
WITH_TOKENS: Final = [key for key, stage in STAGES.items() if stage.has_tokens]
"""The clouds that are asked for a token first."""
REFUSALS: Final = [401, 403, 407, 451]


def interfere(stage: Stage, status: int, body: str) -> None:
    """Let somebody in between answer everything from now on."""
    stage.simulator.faults.add(FaultKind.STATUS, status=status, body=body, times=None)


class OnTheWay:
    """What holds of whatever somebody says who stands in between."""

    async def test_nobody_else_ends_anything(
        self, stage: Stage, provider: Provider, status: int, body: str
    ) -> None:
        """When they are gone, all goes on: with the same credentials, to the true outcome."""
        stage.succeed()
        order = await first_order(stage, provider)
        command = await sent(provider, order)
        stage.finish()
        interfere(stage, status, body)
        error = await learned(asked_once(provider, command))
        assert isinstance(error, ProviderNoAnswerError | ProviderConnectionError)
        with pytest.raises((ProviderNoAnswerError, ProviderConnectionError)):
            await provider.find("1234", "1234")
        with pytest.raises((ProviderNoAnswerError, ProviderConnectionError)):
            await provider.targets()
        stage.simulator.faults.clear()
        news = await asked_once(provider, command)
        assert after(command, news).state is CommandState.SUCCESS

    async def test_whether_a_command_was_taken_is_not_theirs_to_say(
        self, stage: Stage, provider: Provider, status: int, body: str
    ) -> None:
        """A page may stand in front of a cloud that has acted."""
        command = accepted(await first_order(stage, provider))
        interfere(stage, status, body)
        with pytest.raises(ProviderNoAnswerError):
            await provider.submit([command])

    async def test_they_do_not_refuse_a_sign_in(self, stage: Stage, status: int, body: str) -> None:
        """The form says that somebody is in the way."""
        interfere(stage, status, body)
        with pytest.raises(ProviderError) as raised:
            await stage.signed_in()
        assert key_of(raised.value) == "client_blocked"


@pytest.mark.parametrize("stage", OWN_WORDS, indirect=True)
@pytest.mark.parametrize("status", REFUSALS)
@pytest.mark.parametrize("body", STRANGERS.values(), ids=STRANGERS)
class TestOnTheWay(OnTheWay):
    """Only the cloud itself refuses credentials, or a command, and in its own words."""


@pytest.mark.parametrize("stage", ["rest"], indirect=True)
@pytest.mark.parametrize("status", REFUSALS)
@pytest.mark.parametrize("body", [PAGE])
class TestOnTheWayToADescribedApi(OnTheWay):
    """How it speaks is not known beforehand; that a page is not its own word is."""


@pytest.mark.parametrize("stage", OWN_WORDS, indirect=True)
@pytest.mark.parametrize("status", [403, 404])
async def test_a_strange_404_does_not_lose_a_command(
    stage: Stage, provider: Provider, status: int
) -> None:
    """That a command is not known any more is the cloud's to say."""
    stage.succeed()
    command = await sent(provider, await first_order(stage, provider))
    command = replace(after(command, await asked_once(provider, command)), seen=True)
    stage.simulator.faults.add(FaultKind.HTML, status=status, times=None)
    error = await learned(asked_once(provider, command))
    assert isinstance(error, ProviderInterceptedError)
    assert not error.about_command


class TestAboutTheCommand:
    """Which errors end a command of which nobody knows whether it was taken."""

    def test_only_a_refusal_of_the_command_itself_does(self) -> None:
        """Every other error is about the repeat that met it."""
        kinds: list[type[ProviderError]] = [ProviderError]
        for kind in kinds:
            kinds += kind.__subclasses__()
        assert {kind for kind in kinds if kind.about_command} == {ProviderRefusedError}
        assert len(kinds) > 10


class TestTooLate:
    """Nothing goes out after its window, whatever came before."""

    async def test_a_window_that_has_ended_is_looked_at_last(
        self, stage: Stage, provider: Provider
    ) -> None:
        """Whoever called may have waited for a disk."""
        command = accepted(await first_order(stage, provider), now=stage.clock())
        before = stage.simulator.counts.total()
        stage.clock.advance(WINDOW)
        with pytest.raises(ProviderTooLateError) as raised:
            await provider.submit([command])
        assert raised.value.key == "not_sent"
        assert stage.simulator.counts.total() == before

    async def test_a_repeat_goes_out_within_a_minute(
        self, stage: Stage, provider: Provider
    ) -> None:
        """However long the window is."""
        command = accepted(await first_order(stage, provider), now=stage.clock())
        before = stage.simulator.counts.total()
        stage.clock.advance(60.0)
        with pytest.raises(ProviderTooLateError):
            await provider.submit([replace(command, deadline=command.deadline + 1000)])
        assert stage.simulator.counts.total() == before

    @pytest.mark.parametrize("stage", WITH_TOKENS, indirect=True)
    @pytest.mark.parametrize("late", [0.0, 30.0])
    async def test_a_slow_token_makes_it_too_late(self, stage: Stage, late: float) -> None:
        """A token may take half a minute, and the gate must not move after its outcome."""
        account = await stage.signed_in()
        order = await first_order(stage, stage.connect(account))
        provider = stage.connect(account)
        simulator = stage.simulator
        simulator.faults.add(FaultKind.DELAY, "token", delay=late + WINDOW)
        command = accepted(order, now=stage.clock())
        before = simulator.counts.total() - simulator.counts["token"]
        sending = asyncio.ensure_future(learned_submit(provider, [command]))
        await asyncio.sleep(0.05)
        stage.clock.advance(late + WINDOW)
        outcome = await sending
        assert isinstance(outcome, ProviderTooLateError)
        assert simulator.counts.total() - simulator.counts["token"] == before


async def learned_submit(provider: Provider, commands: list[object]) -> object:
    """Send commands; an error that is raised counts as the answer."""
    try:
        return await provider.submit(commands)  # type: ignore[arg-type]
    except ProviderError as err:
        return err


async def test_every_answer_tells_the_time(stage: Stage) -> None:
    """A machine without power has no clock; the cloud has one."""
    account = await stage.signed_in()
    heard: list[float] = []
    provider = stage.account.connect(
        session=stage.sessions.shared,
        credentials=account.credentials,
        clock=stage.clock,
        keep=keep_nothing,
        house=EmptyHouse(),
        heard_date=heard.append,
    )
    before = stage.simulator.counts.total()
    await provider.targets()
    assert len(heard) == stage.simulator.counts.total() - before
    assert {abs(moment - stage.simulator.now_utc().timestamp()) < 2 for moment in heard} == {True}


async def keep_nothing(_: Mapping[str, str]) -> None:
    """Take changed credentials."""
