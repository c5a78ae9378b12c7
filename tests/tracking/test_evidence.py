"""What a provider's word comes to where something is expected to be seen."""

from itertools import product

import pytest

from custom_components.command_status.tracking import (
    FINAL,
    VERDICTS,
    CommandState,
    Evidence,
    Verdict,
    weigh,
)

SUCCESS, FAILURE, TIMEOUT, CANCELLED, LOST = (
    CommandState.SUCCESS,
    CommandState.FAILURE,
    CommandState.TIMEOUT,
    CommandState.CANCELLED,
    CommandState.LOST,
)
WAIT = None


def test_every_word_has_a_verdict_with_and_without_a_sight() -> None:
    """The table leaves nothing to chance."""
    assert set(VERDICTS) == set(product(FINAL, (True, False)))


@pytest.mark.parametrize(
    ("word", "evidence", "over", "verdict"),
    [
        (SUCCESS, Evidence.SEEN, False, (SUCCESS, None)),
        (SUCCESS, Evidence.ASSUMED, False, (SUCCESS, None)),
        (SUCCESS, Evidence.SEEN, True, (SUCCESS, None)),
        (SUCCESS, Evidence.AWAITED, False, WAIT),
        (SUCCESS, Evidence.AWAITED, True, (TIMEOUT, "not_seen")),
        (SUCCESS, Evidence.MISSING, True, (TIMEOUT, "not_seen")),
        (FAILURE, Evidence.AWAITED, False, (FAILURE, None)),
        (FAILURE, Evidence.SEEN, False, (FAILURE, None)),
        (CANCELLED, Evidence.SEEN, False, (CANCELLED, None)),
        (CANCELLED, Evidence.AWAITED, True, (CANCELLED, None)),
        (TIMEOUT, Evidence.AWAITED, False, WAIT),
        (TIMEOUT, Evidence.SEEN, False, (SUCCESS, "seen")),
        (LOST, Evidence.ASSUMED, False, (SUCCESS, "seen")),
        (TIMEOUT, Evidence.SEEN, True, (SUCCESS, "seen")),
        (TIMEOUT, Evidence.AWAITED, True, (TIMEOUT, None)),
        (LOST, Evidence.AWAITED, False, WAIT),
        (LOST, Evidence.SEEN, True, (SUCCESS, "seen")),
        (LOST, Evidence.AWAITED, True, (LOST, None)),
    ],
)
def test_a_word_is_weighed_against_what_was_seen(
    word: CommandState,
    evidence: Evidence,
    *,
    over: bool,
    verdict: tuple[CommandState, str | None] | None,
) -> None:
    """A success waits for its proof, a refusal does not, and the rest waits for a sight."""
    weighed = weigh(word, evidence, over=over)
    assert weighed == (None if verdict is None else Verdict(state=verdict[0], reason=verdict[1]))
