"""The words by which services tell how a command is, and the state that each of them means.

Collected from the documentation of some fifty APIs. Only words that mean the same everywhere stand
here: what is `done` for one is never a failure for another. They are proposals: the user decides.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from ...tracking import CommandState

KNOWN: Final[Mapping[CommandState, tuple[str, ...]]] = {
    CommandState.QUEUED: (
        *("queued", "pending", "waiting", "created", "new", "submitted", "requested", "accepted"),
        *("enqueued", "paused", "blocked", "on_hold", "hold", "idle", "ready", "initial"),
        *("init", "not_started", "open", "none", "received_by_server", "preparing", "staged"),
    ),
    CommandState.SCHEDULED: ("scheduled", "delayed", "deferred", "planned", "postponed"),
    CommandState.SENT: ("sent", "dispatched", "delivering", "published", "forwarded", "issued"),
    CommandState.ACKNOWLEDGED: (
        *("acknowledged", "ack", "acked", "delivered", "received", "picked_up", "assigned"),
        *("claimed", "leased"),
    ),
    CommandState.IN_PROGRESS: (
        *("in_progress", "in-progress", "inprogress", "running", "active", "processing", "started"),
        *("starting", "executing", "working", "busy", "ongoing", "provisioning", "updating"),
        *("downloading", "installing", "uploading", "building", "deploying", "retry", "retrying"),
        *("restarting", "stopping", "cancelling", "canceling", "pending_cancel", "finalizing"),
    ),
    CommandState.SUCCESS: (
        *("success", "successful", "succeeded", "succeed", "complete", "completed", "done", "ok"),
        *("finished", "passed", "applied", "executed", "confirmed", "fulfilled", "resolved"),
    ),
    CommandState.FAILURE: (
        *("failure", "failed", "fail", "error", "errored", "rejected", "refused", "denied"),
        *("invalid", "crashed", "broken", "unsuccessful", "fatal", "exception", "undeliverable"),
        *("startup_failure", "dead", "faulted", "not_supported", "unsupported"),
    ),
    CommandState.TIMEOUT: ("timeout", "timed_out", "timedout", "time_out", "expired", "overdue"),
    CommandState.CANCELLED: (
        *("cancelled", "canceled", "cancel", "aborted", "abort", "stopped", "revoked", "removed"),
        *("terminated", "killed", "withdrawn", "discarded", "skipped"),
    ),
    CommandState.LOST: ("lost", "unknown", "missing", "gone", "not_found", "orphaned"),
}

USUAL: Final[Mapping[CommandState, tuple[str, ...]]] = {
    CommandState.QUEUED: ("queued", "pending"),
    CommandState.IN_PROGRESS: ("in_progress", "running", "processing"),
    CommandState.SUCCESS: ("success", "succeeded", "completed", "done"),
    CommandState.FAILURE: ("failure", "failed", "error"),
    CommandState.CANCELLED: ("cancelled", "canceled", "aborted"),
}
"""What is proposed as long as no answer was seen."""

STATE_OF: Final[Mapping[str, CommandState]] = {
    word: state for state, words in KNOWN.items() for word in words
}


def proposed(seen: Iterable[str]) -> Mapping[CommandState, tuple[str, ...]]:
    """Return the words to propose for each state: the usual ones, and those that were seen."""
    table = {state: list(USUAL.get(state, ())) for state in CommandState}
    for word in seen:
        state = STATE_OF.get(word.strip().casefold().replace(" ", "_"))
        if state is not None and word not in table[state]:
            table[state].append(word)
    return {state: tuple(words) for state, words in table.items() if words}
