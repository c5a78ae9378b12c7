"""What the floors above need to know about described APIs, and about each account at one."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from ...tracking import CommandState
from ..base import DESCRIBED, AccountDescription, OpenForm, ProviderDescription
from .composing import DRAFTING, HERE
from .description import KEY, Description, description
from .polling import policy
from .provider import connect
from .sign_in import ACCOUNT, CHOOSE, CREDENTIALS, RestSignIn


def account(data: Mapping[str, Any]) -> AccountDescription:
    """Return the description of an account; raises DescriptionError where it makes no sense."""
    here = data.get("credentials", {}).get(KEY) == HERE
    found = description(data[DESCRIBED], fewest=0 if here else 1)
    commands = found.commands
    return AccountDescription(
        manufacturer=found.name,
        portal_url=found.documentation or "",
        connect=partial(connect, found),
        policy=policy(
            found.poll,
            repeatable=frozenset(name for name, each in commands.items() if each.repeatable),
            paces={name: each.poll for name, each in commands.items() if each.poll != found.poll},
        ),
        can_cancel=any(each.cancel is not None for each in commands.values()),
        windows={name: each.timeout for name, each in commands.items()},
        confirm=frozenset(name for name, each in commands.items() if each.confirm),
        provider_states=MappingProxyType(_words_of(found)),
    )


def key_of(plain: Any) -> str:
    """Return the key of a description; raises DescriptionError where it makes no sense."""
    return description(plain).key


def _words_of(found: Description) -> dict[str, CommandState]:
    """Return the words of all tables; the same word may mean something else elsewhere."""
    return {
        word: state
        for each in found.commands.values()
        for stage in each.ask
        for word, state in stage.outcome.words.items()
    }


DESCRIPTION: Final = ProviderDescription(
    key=CHOOSE,
    manufacturer="REST API",
    portal_url="",
    steps={CHOOSE: OpenForm(), ACCOUNT: OpenForm(), CREDENTIALS: OpenForm()},
    sign_in=RestSignIn,
    account=account,
    described=key_of,
    drafting=DRAFTING,
    movable=True,
)
