"""The law of evidence: what a provider's word comes to where something is expected to be seen.

A provider can only tell what it believes. Where an `Expectation` came with a command, its word and
what was seen are weighed against each other:

* A refusal, or a stop, is a fact about the command itself; nothing that was seen changes it.
* Every other word waits for the sight, until the wait window ends: `success` because it is not
  proved yet, `timeout` and `lost` because they prove nothing and a sight would.
* The table `VERDICTS` says what the two come to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from .command import Command, CommandState, Evidence

PROOF: Final = frozenset({Evidence.SEEN, Evidence.ASSUMED})

NOT_SEEN: Final = "not_seen"
"""The reason of a command whose provider tells of a success that nobody saw."""
SEEN: Final = "seen"
"""The reason of a success that was seen although the provider did not tell of it."""

DECISIVE: Final = frozenset({CommandState.FAILURE, CommandState.CANCELLED})
"""The words that stand at once, whatever was seen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a word comes to."""

    state: CommandState
    reason: str | None = None
    """None: the reason that came with the word."""


VERDICTS: Final[Mapping[tuple[CommandState, bool], Verdict]] = {
    (CommandState.SUCCESS, True): Verdict(state=CommandState.SUCCESS),
    (CommandState.SUCCESS, False): Verdict(state=CommandState.TIMEOUT, reason=NOT_SEEN),
    (CommandState.FAILURE, True): Verdict(state=CommandState.FAILURE),
    (CommandState.FAILURE, False): Verdict(state=CommandState.FAILURE),
    (CommandState.CANCELLED, True): Verdict(state=CommandState.CANCELLED),
    (CommandState.CANCELLED, False): Verdict(state=CommandState.CANCELLED),
    (CommandState.TIMEOUT, True): Verdict(state=CommandState.SUCCESS, reason=SEEN),
    (CommandState.TIMEOUT, False): Verdict(state=CommandState.TIMEOUT),
    (CommandState.LOST, True): Verdict(state=CommandState.SUCCESS, reason=SEEN),
    (CommandState.LOST, False): Verdict(state=CommandState.LOST),
}
"""By the provider's last word (no word in time is `timeout`), and whether it was seen in time."""


def weigh(word: CommandState, evidence: Evidence, *, over: bool) -> Verdict | None:
    """Return what a provider's last word comes to; None while only a sight, or time, decides.

    `over` says whether the wait window has ended.
    """
    seen = evidence in PROOF
    return VERDICTS[word, seen] if word in DECISIVE or seen or over else None


LATE_SIGHT: Final = 600.0
"""Seconds after a time-out within which a sight still corrects it."""


def weighed(before: Command, after: Command, *, over: bool) -> Command:
    """Return what a change of a command comes to where something is expected to be seen.

    `over` says whether its wait window has ended. A word that waits for a sight is kept in `word`,
    and the command stays open.
    """
    if after.evidence is None or after.evidence is Evidence.NONE or not after.final:
        return after
    if before.final:
        return _weighed_late(before, after)
    verdict = weigh(after.state, after.evidence, over=over)
    if verdict is None:
        return replace(after, state=_meanwhile(before, after), word=after.state, finished_at=None)
    return replace(
        after,
        state=verdict.state,
        reason=verdict.reason or after.reason,
        evidence=_in_the_end(after.evidence),
        settled=after.settled or after.state is CommandState.SUCCESS,
    )


def awaits_late_sight(command: Command, now: float) -> bool:
    """Return whether a sight would still correct a final command."""
    return (
        command.state is CommandState.TIMEOUT
        and command.evidence is Evidence.MISSING
        and now < sight_ends(command)
    )


def sight_ends(command: Command) -> float:
    """Return when a sight no longer corrects a final command."""
    return (command.finished_at or 0.0) + LATE_SIGHT


def sighted(command: Command, evidence: Evidence, now: float) -> Command:
    """Return a command after what is expected was seen: proved, if the provider had its say."""
    seen = replace(command, evidence=evidence)
    if command.final:
        reason = None if command.word is CommandState.SUCCESS else SEEN
        return replace(seen, state=CommandState.SUCCESS, reason=reason, late=True, finished_at=now)
    return seen if command.word is None else replace(seen, state=command.word, finished_at=now)


def _meanwhile(before: Command, after: Command) -> CommandState:
    """Return the state of a command that waits for a sight: it was sent, if it succeeded."""
    waiting = before.state in {CommandState.QUEUED, CommandState.SCHEDULED}
    succeeded = after.state is CommandState.SUCCESS
    return CommandState.SENT if waiting and succeeded else before.state


def _weighed_late(before: Command, after: Command) -> Command:
    """Return what a late word comes to: a success that nobody saw corrects nothing."""
    if after.state is CommandState.SUCCESS and after.evidence not in PROOF:
        return replace(
            before,
            provider_state=after.provider_state,
            word=CommandState.SUCCESS,
            reason=NOT_SEEN if before.state is CommandState.TIMEOUT else before.reason,
            settled=True,
        )
    return after


def _in_the_end(evidence: Evidence) -> Evidence:
    """Return the evidence of a command that has ended: what was not seen until then is missing."""
    return Evidence.MISSING if evidence is Evidence.AWAITED else evidence
