"""A provider's policy, whose functions throw nothing: the tracker calls them everywhere."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ..providers.base import AccountDescription
from ..tracking import Command, Policy
from .mishaps import Mishaps

UNKNOWN: Final = "?"
"""The lane, and the key of a limit, of commands for which none can be told.

They share it, so that they go one after the other rather than too fast.
"""


def carefully(description: AccountDescription, mishaps: Mishaps) -> AccountDescription:
    """Return the description of an account with a policy that can be relied on."""
    return replace(description, policy=_reliable(description.policy, mishaps))


def _reliable(policy: Policy, mishaps: Mishaps) -> Policy:
    """Return a policy that can be relied on."""
    lane = policy.lane
    return replace(
        policy,
        lane=None if lane is None else _careful("The lane of a command is unknown", lane, mishaps),
        limits=tuple(
            replace(limit, key=_careful("The limit of a command is unknown", limit.key, mishaps))
            for limit in policy.limits
        ),
    )


def _careful[T](
    what: str, tell: Callable[[Command], T], mishaps: Mishaps
) -> Callable[[Command], T | str]:
    """Return a function that tells the same of a command, or that it is unknown."""

    def told(command: Command) -> T | str:
        try:
            return tell(command)
        except Exception as err:  # noqa: BLE001 - whatever a provider throws
            mishaps.note(what, err)
            return UNKNOWN

    return told
