"""Who shows which command, and which ones are remembered."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.command_status.tracking import (
    ACCOUNT,
    Command,
    CommandState,
    keys_of,
    subentry_key,
    target_key,
)
from custom_components.command_status.tracking.register import Register

from .builders import T0, a_command, ids

SUCCESS = CommandState.SUCCESS


def register_of(*commands: Command) -> Register:
    """Return a register that holds these commands."""
    register = Register()
    for command in commands:
        register.put(command)
    return register


def a_past_command(number: int, **changes: Any) -> Command:
    """Return a command that ended at the second that is its number."""
    return a_command(number, **{"state": SUCCESS, "finished_at": T0 + number, **changes})


def newest_id(register: Register, key: str) -> str | None:
    """Return the id of the newest command under a key."""
    newest = register.newest(key)
    return None if newest is None else newest.tracking_id


def test_a_command_is_shown_by_the_account_its_targets_and_its_saved_command() -> None:
    """Each of them is a key of its own, so that nobody else is woken."""
    command = a_command(covers=("dev/1", "dev/2"), subentry_id="sub")
    assert list(keys_of(command)) == [
        ACCOUNT,
        target_key("dev/1"),
        target_key("dev/2"),
        subentry_key("sub"),
    ]
    assert list(keys_of(a_command())) == [ACCOUNT, target_key("target-1")]


def test_the_newest_is_the_one_accepted_last() -> None:
    """An older command that changes later does not push itself in front."""
    register = register_of(a_command(1, target="t"), a_command(2, target="t"), a_command(3))
    register.put(a_command(1, target="t", state=SUCCESS))
    assert newest_id(register, target_key("t")) == "id-002"
    assert newest_id(register, ACCOUNT) == "id-003"
    assert newest_id(register, target_key("never used")) is None


def test_open_commands_are_counted_for_each_key() -> None:
    """A command leaves the count with its outcome."""
    register = register_of(a_command(1, target="t"), a_command(2, target="t"), a_command(3))
    assert (register.pending(ACCOUNT), register.pending(target_key("t"))) == (3, 2)
    register.put(a_command(1, target="t", state=CommandState.SENT))
    assert (register.pending(ACCOUNT), register.pending(target_key("t"))) == (3, 2)
    register.put(a_command(1, target="t", state=SUCCESS))
    register.put(a_command(2, target="t", state=SUCCESS))
    assert (register.pending(ACCOUNT), register.pending(target_key("t"))) == (1, 0)


def test_forgetting_falls_back_to_the_newest_that_is_left() -> None:
    """A sensor whose command was forgotten shows the one before it."""
    register = register_of(*(a_command(number, target="t") for number in (1, 2, 3)))
    register.remove("id-002")
    assert newest_id(register, target_key("t")) == "id-003"
    register.remove("id-003")
    assert newest_id(register, target_key("t")) == "id-001"
    register.remove("id-001")
    assert newest_id(register, target_key("t")) is None
    assert register.pending(ACCOUNT) == 0


def test_what_is_not_known_cannot_be_forgotten() -> None:
    """The caller is told, because its id is wrong."""
    register = register_of(a_command(1))
    assert register.get("id-002") is None
    with pytest.raises(KeyError):
        register.remove("id-002")


def test_the_last_id_is_the_greatest() -> None:
    """New ids must be greater than all before, also after a restart."""
    assert register_of().last_id == ""
    register = register_of(a_command(3), a_command(1))
    register.sort()
    assert register.last_id == "id-003"
    assert ids(register) == ["id-001", "id-003"]


# What need not be remembered


def test_old_commands_are_expendable() -> None:
    """Open ones never are."""
    register = register_of(
        a_past_command(1, target="t"),
        a_command(2, target="t"),
        a_past_command(3, target="t"),
        a_past_command(4, target="t"),
    )
    assert register.expendable(before=T0 + 3, at_most=10) == ["id-001"]
    assert register.expendable(before=T0 + 100, at_most=10) == ["id-001", "id-003"]


def test_too_many_commands_are_expendable_the_oldest_first() -> None:
    """Only finished ones are counted."""
    register = register_of(
        *(a_past_command(number, target="t") for number in (1, 2, 3)), a_command(4)
    )
    assert register.expendable(before=T0, at_most=2) == ["id-001"]
    assert register.expendable(before=T0, at_most=3) == []


def test_the_newest_command_of_every_key_is_kept() -> None:
    """A target that is used once a year still shows what became of that command."""
    register = register_of(
        a_past_command(1, target="gate"),
        a_past_command(2, target="lamp", subentry_id="sub"),
        a_past_command(3, target="lamp"),
        a_past_command(4, target="lamp"),
    )
    assert register.expendable(before=T0 + 100, at_most=0) == ["id-003"]


def test_a_finished_command_without_a_moment_counts_as_old() -> None:
    """Damaged records must not stay for ever."""
    register = register_of(
        a_past_command(1, target="t", finished_at=None), a_command(2, target="t")
    )
    assert register.expendable(before=T0, at_most=10) == ["id-001"]


# Whatever happens


def put(register: Register, left: dict[str, Command], command: Command) -> None:
    """Remember a command on both sides."""
    register.put(command)
    left[command.tracking_id] = command


def forget(register: Register, left: dict[str, Command], command: Command) -> None:
    """Forget a command on both sides, if it is known."""
    with suppress(KeyError):
        register.remove(command.tracking_id)
    left.pop(command.tracking_id, None)


STEPS: Final[dict[str, Callable[[int], tuple[Callable[..., None], Command]]]] = {
    "open": lambda number: (put, a_command(number, target="ab"[number % 2])),
    "end": lambda number: (put, a_past_command(number, target="ab"[number % 2])),
    "forget": lambda number: (forget, a_command(number)),
}


@settings(max_examples=100)
@given(story=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 9)), max_size=40))
def test_the_counts_agree_with_counting(story: list[tuple[str, int]]) -> None:
    """What is kept up to date is the same as what a search would find."""
    register = Register()
    left: dict[str, Command] = {}
    for step, number in story:
        do, command = STEPS[step](number)
        do(register, left, command)
    assert {command.tracking_id: command for command in register} == left
    for key in (ACCOUNT, target_key("a"), target_key("b")):
        covered = [command for command in left.values() if key in keys_of(command)]
        assert register.newest(key) == max(covered, key=lambda c: c.tracking_id, default=None)
        assert register.pending(key) == sum(not command.final for command in covered)
