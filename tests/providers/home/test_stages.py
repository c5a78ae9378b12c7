"""What a state says of an action that is under way."""

from typing import Any

import pytest

from custom_components.command_status.providers.home.stages import (
    has_failed,
    is_moving,
    progress,
)
from custom_components.command_status.tracking import Clause

CLOSED = (Clause(values=("closed",)), Clause(attribute="position", values=(0,)))


def test_a_state_on_the_way_and_one_that_failed_are_told_apart() -> None:
    """The same word may mean nothing at another kind of thing."""
    assert is_moving("cover.garage", "closing")
    assert not is_moving("switch.garage", "closing")
    assert has_failed("lock.door", "jammed")
    assert not has_failed("lock.door", "locked")
    assert not has_failed("cover.garage", "jammed")


@pytest.mark.parametrize(
    ("clauses", "start", "now", "share"),
    [
        (CLOSED, {"position": 100}, {"position": 100}, 0),
        (CLOSED, {"position": 100}, {"position": 40}, 60),
        (CLOSED, {"position": 50}, {"position": 0}, 100),
        (CLOSED, {"position": 50}, {"position": 60}, 0),
        (CLOSED, {"position": 0}, {"position": 0}, None),
        (CLOSED, {}, {"position": 40}, None),
        (CLOSED, {"position": 100}, {}, None),
        (CLOSED[:1], {"position": 100}, {"position": 40}, None),
        ((Clause(attribute="mode", values=("eco",)),), {"mode": "x"}, {"mode": "eco"}, None),
    ],
)
def test_the_progress_is_the_share_of_the_way(
    clauses: tuple[Clause, ...], start: dict[str, Any], now: dict[str, Any], share: int | None
) -> None:
    """A garage that began half open is half done when a quarter is left."""
    assert progress("cover.set_cover_position", clauses, start, now) == share


def test_what_closes_has_a_way_to_go_though_its_end_need_not_be_seen() -> None:
    """A cover is closed where it says so, also with a per cent left."""
    closed = (Clause(values=("closed",)),)
    start, now = {"current_position": 100}, {"current_position": 40}
    assert progress("cover.close_cover", closed, start, now) == 60
    assert progress("cover.open_cover", closed, start, now) is None
