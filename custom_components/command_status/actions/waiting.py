"""Waiting for commands that were sent or tracked, and saying what became of them."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from homeassistant.exceptions import HomeAssistantError

from ..account.coordinator import CommandStatusCoordinator
from ..const import DOMAIN, IDENTIFY_PATIENCE
from ..tracking import Command, CommandState, Phase

NO_SUCCESS: Final = frozenset(CommandState) - {CommandState.SUCCESS}
REFUSED: Final = frozenset({CommandState.FAILURE, CommandState.LOST})

type Followed = Sequence[tuple[CommandStatusCoordinator, str]]
"""Commands by account and tracking id."""
type Test = Callable[[CommandStatusCoordinator, Command], bool]


async def async_outcomes(followed: Followed) -> list[Command]:
    """Return the commands when each of them has an announced outcome."""
    return await _async_all(followed, lambda _, command: command.final)


async def async_answers(followed: Followed) -> list[Command]:
    """Return the commands when the provider has answered, or they wait in our queue.

    Where the provider tells the ids of commands later than that, they are waited for, but not for
    long.
    """
    await _async_all(followed, _is_answered)
    with suppress(TimeoutError):
        async with asyncio.timeout(IDENTIFY_PATIENCE):
            return await _async_all(followed, _is_identified)
    return await _async_all(followed, _is_answered)


async def async_settled(followed: Followed) -> list[Command]:
    """Return the commands as they are, outcomes that are just being announced included."""
    with suppress(TimeoutError):
        async with asyncio.timeout(IDENTIFY_PATIENCE):
            return await _async_all(followed, _is_shown)
    return await _async_all(followed, lambda *_: True)


def raise_for_failures(followed: Followed, commands: Sequence[Command]) -> None:
    """Raise HomeAssistantError that says of each command without success what became of it."""
    _raise_for(followed, commands, NO_SUCCESS)


def raise_for_refusals(followed: Followed, commands: Sequence[Command]) -> None:
    """Raise HomeAssistantError that says why each command failed, or was lost, at once."""
    _raise_for(followed, commands, REFUSED)


def _raise_for(
    followed: Followed, commands: Sequence[Command], bad: frozenset[CommandState]
) -> None:
    """Raise for commands in bad states, where there are any."""
    messages = [
        coordinator.display.record(command)["message"]
        for (coordinator, _), command in zip(followed, commands, strict=True)
        if command.state in bad
    ]
    if messages:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="command_failed" if len(messages) == 1 else "commands_failed",
            translation_placeholders={"commands": "; ".join(messages)},
        )


def _is_answered(coordinator: CommandStatusCoordinator, command: Command) -> bool:
    """Return whether the provider has answered, or the command waits in our queue."""
    return command.final or (
        not _is_ending(coordinator, command)
        and (
            command.phase is Phase.TAKEN
            or coordinator.tracker.is_waiting(command.tracking_id)
            or _has_ended(coordinator, command)
        )
    )


def _is_identified(coordinator: CommandStatusCoordinator, command: Command) -> bool:
    """Return whether the provider has also told its id of a command that it took."""
    return _is_answered(coordinator, command) and (
        command.final
        or command.phase is not Phase.TAKEN
        or command.command_id is not None
        # The house has no ids of its own.
        or coordinator.description.is_house
    )


def _is_shown(coordinator: CommandStatusCoordinator, command: Command) -> bool:
    """Return whether nothing more is known about a command than what is shown."""
    return command.final or not _is_ending(coordinator, command)


def _is_ending(coordinator: CommandStatusCoordinator, command: Command) -> bool:
    """Return whether an outcome is known that is about to be announced."""
    return coordinator.display.announcing and _has_ended(coordinator, command)


def _has_ended(coordinator: CommandStatusCoordinator, command: Command) -> bool:
    """Return whether an outcome is known that is not shown."""
    current = coordinator.tracker.get(command.tracking_id)
    return current is not None and current.state is not command.state and current.final


async def _async_all(followed: Followed, test: Test) -> list[Command]:
    """Return all commands when each of them has passed a test.

    Raises HomeAssistantError as soon as one of them never will.
    """

    async def one(coordinator: CommandStatusCoordinator, tracking_id: str) -> Command:
        account = _as_loaded(coordinator)
        command = account.tracker.get(tracking_id)
        if command is None:
            # Quicker than we: an automation may forget a command as soon as it is shown.
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="forgotten")
        if test(account, shown := account.display.shown(command)):
            return shown
        return await account.display.waiters.async_wait(
            tracking_id, lambda command: test(_as_loaded(coordinator), command)
        )

    waiting = [asyncio.ensure_future(one(*pair)) for pair in followed]
    try:
        return await asyncio.gather(*waiting)
    finally:
        for task in waiting:
            task.cancel()


def _as_loaded(coordinator: CommandStatusCoordinator) -> CommandStatusCoordinator:
    """Return an account as it is loaded now: who waits for it outlives its being loaded again."""
    loaded: CommandStatusCoordinator = getattr(
        coordinator.config_entry, "runtime_data", coordinator
    )
    return loaded
