"""The truth about commands: what they are, how they change, when to ask, what to remember.

Standard library only; no clock, no asyncio, no logging. Nothing in here does anything by itself:
the tracker says what happened and what is due, and whoever holds it acts on that.
"""

from .command import (
    FINAL,
    MOST_STEPS,
    NOTHING,
    OPEN,
    Command,
    CommandState,
    Evidence,
    Observation,
    Phase,
    Step,
    Transition,
)
from .evidence import VERDICTS, Verdict, weigh
from .expectation import Clause, Expectation
from .habit import Habits
from .journal import Contents, UnreadableError, from_plain, to_plain
from .lifecycle import OFFLINE_NOTE
from .outbox import Errand
from .register import ACCOUNT, Register, keys_of, subentry_key, target_key
from .schedule import NEVER, Cadence, Limit, Means, Pace, Policy, Recovery, Watch
from .sending import StillSendingError
from .tracker import Tracker

__all__ = [
    "ACCOUNT",
    "FINAL",
    "MOST_STEPS",
    "NEVER",
    "NOTHING",
    "OFFLINE_NOTE",
    "OPEN",
    "VERDICTS",
    "Cadence",
    "Clause",
    "Command",
    "CommandState",
    "Contents",
    "Errand",
    "Evidence",
    "Expectation",
    "Habits",
    "Limit",
    "Means",
    "Observation",
    "Pace",
    "Phase",
    "Policy",
    "Recovery",
    "Register",
    "Step",
    "StillSendingError",
    "Tracker",
    "Transition",
    "UnreadableError",
    "Verdict",
    "Watch",
    "from_plain",
    "keys_of",
    "subentry_key",
    "target_key",
    "to_plain",
    "weigh",
]
