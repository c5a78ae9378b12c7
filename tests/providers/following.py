"""Commands as the floor below has them: accepted, sent, asked about."""

from collections.abc import Awaitable, Iterable, Sequence

from custom_components.command_status.providers.base import Order, Outcome, Provider
from custom_components.command_status.providers.errors import ProviderError
from custom_components.command_status.tracking import Command, Observation
from custom_components.command_status.tracking.lifecycle import advance

WINDOW = 60.0
MOST_REQUESTS = 20
"""No handful of commands takes more status requests than this to be asked about once."""


def accepted(order: Order, tracking_id: str = "01J0000000", now: float = 1000.0) -> Command:
    """Return the command that comes of an order."""
    return Command(
        tracking_id=tracking_id,
        batch=tracking_id,
        target=order.target.id,
        target_name=order.target.name,
        device=order.target.device,
        network_id=order.target.network_id,
        command=order.command,
        parameters=order.parameters,
        payload=order.payload,
        kept=order.kept,
        created_at=now,
        deadline=now + WINDOW,
        sent_at=now,
    )


def after(command: Command, outcome: Outcome, now: float = 1000.0) -> Command:
    """Return a command after news about it; an error is no news."""
    assert isinstance(outcome, Observation)
    return advance(command, outcome, now)


def known(command: Command, outcome: Outcome) -> Command:
    """Return a command after what was learned about it, which may be nothing."""
    return after(command, outcome) if isinstance(outcome, Observation) else command


async def sent(provider: Provider, order: Order, tracking_id: str = "01J0000000") -> Command:
    """Send a command and return it as it is then."""
    command = accepted(order, tracking_id)
    news = await provider.submit([command])
    return after(command, news[tracking_id])


async def asked(provider: Provider, commands: Sequence[Command]) -> dict[str, Outcome]:
    """Ask about commands once, however many requests and pages that takes."""
    news: dict[str, Outcome] = {}
    waiting = list(provider.queries(commands))
    for _ in range(MOST_REQUESTS):
        if not waiting:
            return news
        answer = await provider.check(waiting.pop())
        news |= answer.news
        waiting += _parts(answer.rest)
    message = "asking does not end"
    raise AssertionError(message)


async def asked_once(provider: Provider, command: Command) -> Outcome:
    """Ask about one command and return what came of it."""
    return (await asked(provider, [command]))[command.tracking_id]


async def learned(asking: Awaitable[Outcome]) -> Outcome:
    """Return what was learned; an error that is raised counts as one that is returned."""
    try:
        return await asking
    except ProviderError as err:
        return err


def _parts[T](rest: T | None) -> Iterable[T]:
    return () if rest is None else (rest,)
