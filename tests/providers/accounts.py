"""What each provider says about an account; of described APIs one that stands for all."""

from collections.abc import Mapping
from typing import Any, Final

from custom_components.command_status.providers import PROVIDERS
from custom_components.command_status.providers.base import DESCRIBED, AccountDescription

from .rest.jobs import REMOVED, changed

DATA: Final[Mapping[str, Any]] = {DESCRIBED: changed({"poll": REMOVED})}
"""The data of an entry, as far as providers look at it before they connect."""

ACCOUNTS: Final[Mapping[str, AccountDescription]] = {
    key: description.account(DATA) for key, description in PROVIDERS.items()
}
