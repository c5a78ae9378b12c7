"""Actions that wait: they are woken by what they wait for, or told why it will never come."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.command_status.account.waiters import Waiters, forget_waiters, waiters_of
from custom_components.command_status.tracking import Command, CommandState

from ..tracking.builders import a_command

OPEN = a_command(tracking_id="a")
DONE = a_command(tracking_id="a", state=CommandState.SUCCESS)
OTHER = a_command(tracking_id="b", state=CommandState.SUCCESS)


def is_final(command: Command) -> bool:
    """Wait for an outcome."""
    return command.final


@pytest.fixture
def waiters() -> Waiters:
    """Return the waiters of an account."""
    return Waiters()


@pytest.fixture
async def waiting(waiters: Waiters) -> AsyncGenerator[asyncio.Task[Command]]:
    """Return an action that waits for the outcome of a command."""
    task = asyncio.ensure_future(waiters.async_wait("a", is_final))
    await asyncio.sleep(0)
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError, HomeAssistantError):
        await task


async def test_it_is_woken_by_what_it_waits_for(
    waiters: Waiters, waiting: asyncio.Task[Command]
) -> None:
    """And gets the command as it was at that moment."""
    waiters.tell(DONE)
    assert await waiting is DONE


async def test_nothing_else_wakes_it(waiters: Waiters, waiting: asyncio.Task[Command]) -> None:
    """Neither another command nor another state."""
    waiters.tell(OPEN)
    waiters.tell(OTHER)
    waiters.give_up("forgotten", "b")
    await asyncio.sleep(0)
    assert not waiting.done()


async def test_all_who_wait_for_a_command_are_woken(
    waiters: Waiters, waiting: asyncio.Task[Command]
) -> None:
    """Two automations may wait for the same gate."""
    second = asyncio.ensure_future(waiters.async_wait("a", is_final))
    await asyncio.sleep(0)
    waiters.tell(DONE)
    assert [await waiting, await second] == [DONE, DONE]


@pytest.mark.parametrize("tracking_id", ["a", None], ids=["this", "all"])
async def test_it_is_told_why_its_outcome_will_never_come(
    waiters: Waiters, waiting: asyncio.Task[Command], tracking_id: str | None
) -> None:
    """In the user's language."""
    waiters.give_up("gone", tracking_id)
    with pytest.raises(HomeAssistantError) as raised:
        await waiting
    assert raised.value.translation_key == "gone"


async def test_the_first_word_counts(waiters: Waiters, waiting: asyncio.Task[Command]) -> None:
    """An outcome is not taken back by an account that is removed in the same moment."""
    waiters.tell(DONE)
    waiters.tell(a_command(tracking_id="a", state=CommandState.FAILURE))
    waiters.give_up("gone")
    assert await waiting is DONE


async def test_giving_up_is_no_less_final(waiters: Waiters, waiting: asyncio.Task[Command]) -> None:
    """Nobody is woken twice."""
    waiters.give_up("gone")
    waiters.tell(DONE)
    with pytest.raises(HomeAssistantError):
        await waiting


async def test_whoever_waits_no_more_is_forgotten(
    waiters: Waiters, waiting: asyncio.Task[Command]
) -> None:
    """A script that was stopped leaves nothing behind."""
    waiting.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert waiters == Waiters()


async def test_they_outlive_the_account_being_loaded_again(hass: HomeAssistant) -> None:
    """Each account has its own."""
    assert waiters_of(hass, "one") is waiters_of(hass, "one")
    assert waiters_of(hass, "one") is not waiters_of(hass, "two")


async def test_who_comes_after_the_end_is_told_at_once(waiters: Waiters) -> None:
    """Nobody will ever wake it."""
    waiters.end("gone")
    with pytest.raises(HomeAssistantError) as raised:
        await waiters.async_wait("a", is_final)
    assert raised.value.translation_key == "gone"


async def test_an_account_that_comes_back_has_new_waiters(hass: HomeAssistant) -> None:
    """It was disabled, and is enabled again."""
    waiters = waiters_of(hass, "account")
    waiters.end("gone")
    assert waiters_of(hass, "account").over is None


def test_an_account_that_nobody_waited_for_is_forgotten_as_well(hass: HomeAssistant) -> None:
    """There is nothing to wake."""
    forget_waiters(hass, "never seen")
    assert waiters_of(hass, "never seen").over is None
