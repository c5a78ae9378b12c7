"""The story of a command: every change of its state, and of the provider's word for it."""

from dataclasses import replace
import json
from typing import Any

import pytest

from custom_components.command_status.tracking import (
    Command,
    CommandState,
    Tracker,
    UnreadableError,
    from_plain,
    to_plain,
)

from .builders import PLAIN, T0, a_command, be_taken, known, reborn, said, tracker_with


def told(command: Command) -> list[tuple[str, str | None, float]]:
    """Return the steps of a command, with seconds since it was asked for."""
    return [(state, word, at - command.created_at) for state, word, at in command.steps]


def hear(tracker: Tracker, seconds: float, state: CommandState | None, **changes: Any) -> Command:
    """Let the provider say something about the command, some seconds after it was asked for."""
    tracker.observe("id-001", said(state, **changes), T0 + seconds)
    return known(tracker)


def test_a_story_begins_with_the_wish() -> None:
    """Before anybody else has said a word."""
    assert told(known(tracker_with(PLAIN, a_command()))) == [("queued", None, 0)]


def test_every_change_of_state_is_a_step() -> None:
    """With the moment at which we learned it."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker, T0 + 1)
    hear(tracker, 3, CommandState.IN_PROGRESS)
    command = hear(tracker, 5, CommandState.SUCCESS)

    assert told(command) == [
        ("queued", None, 0),
        ("sent", "SENT", 1),
        ("in_progress", "IN_PROGRESS", 3),
        ("success", "SUCCESS", 5),
    ]


def test_a_new_word_for_the_same_state_is_a_step() -> None:
    """An unknown word changes no state, and still it is the last that was heard."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker, T0 + 1)
    command = hear(tracker, 2, None)

    assert told(command)[-2:] == [("sent", "SENT", 1), ("sent", "GIBBERISH", 2)]


def test_progress_alone_is_no_step() -> None:
    """A percentage moves too often to tell a story."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker, T0 + 1)
    hear(tracker, 2, CommandState.SENT, progress=40)

    assert len(hear(tracker, 3, CommandState.SENT, progress=80).steps) == 2


def test_what_time_alone_decides_is_a_step_and_so_is_its_correction() -> None:
    """Both are told, or the story would contradict the record."""
    tracker = tracker_with(PLAIN, a_command())
    be_taken(tracker, T0 + 1)
    tracker.tick(T0 + 60)
    command = hear(tracker, 90, CommandState.SUCCESS)

    assert [state for state, _, _ in command.steps] == ["queued", "sent", "timeout", "success"]


def test_of_a_long_story_the_first_step_and_the_newest_are_kept() -> None:
    """A cloud that cannot make up its mind does not fill the disk."""
    tracker = tracker_with(PLAIN, a_command(window=600))
    be_taken(tracker, T0 + 1)
    states = (CommandState.QUEUED, CommandState.SENT)
    stories = [hear(tracker, second, states[second % 2]) for second in range(2, 60)]

    steps = told(stories[-1])
    assert len(steps) == 20
    assert steps[0] == ("queued", None, 0)
    assert [at for _, _, at in steps[1:]] == list(range(41, 60))


def test_a_story_survives_a_restart() -> None:
    """As everything that users see."""
    tracker = tracker_with(PLAIN, a_command())
    before = be_taken(tracker, T0 + 1)

    assert known(reborn(tracker, PLAIN, T0 + 2)).steps == before.steps


def test_a_story_moves_with_the_clock() -> None:
    """What still runs is moved when the clock is corrected, and its past with it."""
    tracker = tracker_with(PLAIN, a_command())
    before = told(be_taken(tracker, T0 + 1))
    tracker.shift(3600)

    assert told(known(tracker)) == before
    assert known(tracker).created_at == T0 + 3600


def test_what_an_older_version_wrote_has_a_beginning_and_an_end() -> None:
    """It noted no steps, and what came between is not made up."""
    ended = a_command(
        state=CommandState.FAILURE, provider_state="FAILED", sent_at=T0 + 1, finished_at=T0 + 4
    )

    assert told(ended) == [("queued", None, 0), ("failure", "FAILED", 4)]
    assert told(replace(ended, state=CommandState.SENT, finished_at=None))[-1][2] == 1


def test_steps_are_written_as_plain_lists() -> None:
    """And read again as they were."""
    tracker = tracker_with(PLAIN, a_command())
    command = be_taken(tracker, T0 + 1)
    written = json.loads(json.dumps(to_plain(command)))

    assert written["changes"] == [["sent", "SENT", T0 + 1]]
    assert from_plain([written]).commands == (command,)


def test_a_step_in_a_state_of_another_version_is_carried_along() -> None:
    """The whole record is, until a version that knows the word reads it again."""
    record = {**to_plain(a_command()), "changes": [["pondering", None, T0]]}

    assert from_plain([record]).foreign == (record,)


@pytest.mark.parametrize("changes", [None, "text", [7], [["sent"]], [["sent", 7, T0]]], ids=str)
def test_what_is_no_list_of_steps_is_unreadable(changes: Any) -> None:
    """Damage is said, and never guessed at."""
    with pytest.raises(UnreadableError):
        from_plain([{**to_plain(a_command()), "changes": changes}])
