"""Names and numbers that more than one file of this floor needs."""

from datetime import timedelta
from logging import Logger, getLogger
from typing import Final

DOMAIN: Final = "command_status"
LOGGER: Final[Logger] = getLogger(__package__)

DOCS_URL: Final = "https://github.com/command-status/command-status"

EVENT_FINISHED: Final = f"{DOMAIN}_finished"
"""Fired on the bus once for each announcement of an outcome."""
SIGNAL_FINISHED: Final = f"{DOMAIN}_finished"
"""Sent to triggers once for each announcement, with the record and its context."""

SIGNAL_CHANGED: Final = f"{DOMAIN}_changed"
"""Sent for each command that is shown differently, or no more: its account's and tracking id."""
SIGNAL_ACCOUNT: Final = f"{DOMAIN}_account"
"""Sent when an account was loaded, disabled or removed: its id."""

SUBENTRY_COMMAND: Final = "command"
"""The type of subentry that is a saved command."""

SUBENTRY_API_COMMAND: Final = "api_command"
"""The type of subentry that describes a command of an API."""

CONF_PROVIDER: Final = "provider"
CONF_CREDENTIALS: Final = "credentials"
CONF_TIMEOUT: Final = "timeout"
CONF_KEEP_FINISHED: Final = "keep_finished"
CONF_DEVICES: Final = "devices"
CONF_ENTITIES: Final = "entities"
CONF_PANEL: Final = "panel"

MIN_TIMEOUT: Final = 5.0
MAX_TIMEOUT: Final = timedelta(days=7).total_seconds()
DEFAULT_KEEP_DAYS: Final = 7
MAX_KEEP_DAYS: Final = 90
MAX_FINISHED: Final = 1000

TARGETS_INTERVAL: Final = timedelta(hours=6)
"""How often the list of targets is read."""
TARGETS_AGAIN: Final = 60.0
"""Seconds: how often, at most, the list is read again after commands to offline targets."""
GONE_AFTER: Final = TARGETS_INTERVAL.total_seconds() - 1
"""Seconds between two lists without a target, before it is removed: one list may be wrong.

A second less than the interval, because Home Assistant counts that in whole seconds.
"""

ANNOUNCE_SETTLE: Final = 0.5
"""Seconds until announced outcomes are archived.

A crash before that repeats them, so it is below one.
"""
SPARED_SETTLE: Final = 60.0
"""The same where only such outcomes were announced as were never written down."""
UNLOAD_PATIENCE: Final = 30.0
"""Seconds for which a reload waits for a request that sends; the longest that one can take."""
STOP_PATIENCE: Final = 15.0
"""Seconds for which a stop waits; Home Assistant itself waits for no more than 20."""
SAVE_RETRY: Final = 5.0
"""Seconds until a disk that refused is tried again."""
IDENTIFY_PATIENCE: Final = 10.0
"""Seconds for which an action that does not wait for the outcome waits for the provider's ids."""
