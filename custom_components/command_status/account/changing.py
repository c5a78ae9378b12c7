"""What users change at the provider: a command is stopped there, or its state is set."""

from ..providers.base import Sighting
from ..tracking import Command
from .coordinator import CommandStatusCoordinator


async def async_cancel(account: CommandStatusCoordinator, command: Command) -> None:
    """Stop an open command.

    Raises StillSendingError while it is being sent, and ProviderError where the provider refuses.
    """
    transition = account.tracker.withdraw(command.tracking_id, account.now)
    if transition is None:
        account, observation = await account.async_ask(account.provider.cancel(command))
        transition = account.tracker.cancelled(command.tracking_id, observation, account.now)
    account.take(transition)


async def async_update(
    account: CommandStatusCoordinator, command_id: str, state: str | None, reason: str | None
) -> tuple[CommandStatusCoordinator, Sighting]:
    """Set the state of a command at the provider; return who takes the answer in, and it.

    Where the command is followed, that is done.
    """
    account, sighting = await account.async_ask(account.provider.update(command_id, state, reason))
    if (known := account.intake.find(command_id)) is not None:
        observation, now = sighting.observation, account.now
        account.take(account.tracker.answered(known.tracking_id, observation, now))
    return account, sighting
