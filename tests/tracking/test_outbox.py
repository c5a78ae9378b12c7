"""What is sent next: order, lanes, limits and second tries."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.command_status.tracking import (
    Command,
    Errand,
    Limit,
    Means,
    Phase,
    Policy,
    Recovery,
)
from custom_components.command_status.tracking.outbox import MARGIN, Outbox
from custom_components.command_status.tracking.register import Register

from .builders import IN_LANES, PLAIN, RESENDING, SEARCHING, T0, WINDOW, a_command, ids


class Queue:
    """An outbox together with the commands in it."""

    def __init__(self, policy: Policy, *commands: Command) -> None:
        """Take these commands in, in this order."""
        self.outbox = Outbox(policy)
        self.commands = Register()
        for command in commands:
            self.commands.put(command)
            self.outbox.add(command)

    def take(self, now: float = T0) -> list[str]:
        """Return the ids of the next errand; none where nothing can be sent."""
        errand = self.outbox.take(self.commands, now)
        return [] if errand is None else ids(errand.commands)

    def take_errand(self, now: float = T0) -> Errand:
        """Return the next errand, which there must be."""
        errand = self.outbox.take(self.commands, now)
        assert errand is not None
        return errand

    def next_at(self, now: float = T0) -> float | None:
        """Return when something can be sent."""
        return self.outbox.next_at(self.commands, now)


# Order


def test_commands_go_out_in_their_order() -> None:
    """What was asked for first is sent first, and targets do not wait for each other."""
    queue = Queue(PLAIN, a_command(1), a_command(2))
    assert [queue.take(), queue.take(), queue.take()] == [["id-001"], ["id-002"], []]


def test_commands_of_one_target_never_overtake_each_other() -> None:
    """On and off would otherwise become off and on."""
    queue = Queue(PLAIN, a_command(1, target="t"), a_command(2, target="t"))
    errand = queue.take_errand()
    assert (queue.take(), queue.next_at()) == ([], None)
    queue.outbox.done(errand, T0 + 1)
    queue.outbox.take_out("id-001")
    assert queue.take(T0 + 1) == ["id-002"]


def test_a_postponed_command_holds_back_those_behind_it() -> None:
    """Only those for the same target; others go on."""
    first, second, other = a_command(1, target="t"), a_command(2, target="t"), a_command(3)
    queue = Queue(PLAIN, first, second, other)
    queue.outbox.done(queue.take_errand(), T0)
    assert queue.outbox.try_again(first, T0 + 5)
    assert queue.take() == ["id-003"]
    assert (queue.take(T0 + 4), queue.next_at(T0 + 4)) == ([], T0 + 5)
    assert queue.take(T0 + 5) == ["id-001"]


# Lanes


def in_lane(number: int, lane: str | None = "hub") -> Command:
    """Return a command that goes through a hub."""
    return a_command(number, network_id=lane)


def test_a_lane_runs_one_command_at_a_time_until_its_outcome() -> None:
    """A hub that is busy refuses, or ignores, the second command."""
    queue = Queue(IN_LANES, in_lane(1), in_lane(2))
    queue.outbox.done(queue.take_errand(), T0 + 1)
    queue.outbox.take_out("id-001")
    assert (queue.take(T0 + 1), queue.next_at(T0 + 1)) == ([], None)
    queue.outbox.release("id-001")
    assert queue.take(T0 + 1) == ["id-002"]


def test_lanes_do_not_wait_for_each_other() -> None:
    """Every hub works by itself, and what goes through no hub waits for none."""
    queue = Queue(IN_LANES, in_lane(1), in_lane(2, "other hub"), in_lane(3, None), in_lane(4, None))
    assert [queue.take() for _ in range(4)] == [["id-001"], ["id-002"], ["id-003"], ["id-004"]]


def test_a_lane_keeps_its_order_while_its_first_command_waits() -> None:
    """A busy hub gets the same command again, not the one behind it."""
    queue = Queue(IN_LANES, in_lane(1), in_lane(2))
    queue.outbox.done(queue.take_errand(), T0)
    assert queue.outbox.try_again(in_lane(1), T0 + 5)
    assert queue.take(T0 + 4) == []
    assert queue.take(T0 + 5) == ["id-001"]


def test_a_command_of_someone_else_occupies_the_lane_as_well() -> None:
    """The hub does not mind who sent it."""
    queue = Queue(IN_LANES, in_lane(2))
    queue.outbox.occupy(in_lane(1))
    assert queue.take() == []
    queue.outbox.release("id-001")
    assert queue.take() == ["id-002"]


def test_a_lane_is_left_under_the_name_it_was_entered() -> None:
    """The provider may name the hub only with its answer; the lane must not stay shut for that."""
    queue = Queue(IN_LANES, in_lane(1), in_lane(2))
    queue.outbox.done(queue.take_errand(), T0)
    queue.commands.put(in_lane(1, "renamed"))
    queue.outbox.release("id-001")
    assert queue.take() == ["id-002"]


# Batches


def batched(number: int, batch: str | None = "call", **changes: Any) -> Command:
    """Return a command of a call for several targets."""
    return a_command(number, batch=batch, **changes)


def test_commands_of_one_call_share_a_request() -> None:
    """As many as the provider takes, and none of another call."""
    queue = Queue(SEARCHING, *(batched(number) for number in (1, 2)), batched(3, "other"))
    assert [queue.take(), queue.take()] == [["id-001", "id-002"], ["id-003"]]
    queue = Queue(SEARCHING, *(batched(number) for number in range(1, 6)))
    assert [len(queue.take()), len(queue.take()), len(queue.take())] == [3, 2, 0]


def test_commands_without_a_call_go_alone() -> None:
    """Nothing says that they belong together."""
    queue = Queue(SEARCHING, batched(1, None), batched(2, None))
    assert queue.take() == ["id-001"]


def test_a_request_that_sends_carries_no_command_that_is_looked_for() -> None:
    """Those are two different requests."""
    queue = Queue(SEARCHING, batched(1, phase=Phase.UNSURE), batched(2), batched(3))
    looking, sending = queue.take_errand(), queue.take_errand()
    assert (ids(looking.commands), looking.lookup) == (["id-001"], True)
    assert (ids(sending.commands), sending.lookup) == (["id-002", "id-003"], False)


def test_a_command_that_must_wait_does_not_join_a_batch() -> None:
    """Two commands for one target need two requests, one after the other."""
    queue = Queue(SEARCHING, batched(1, target="t"), batched(2, target="t"), batched(3))
    assert queue.take() == ["id-001", "id-003"]


# Limits

TWO_IN_TEN = replace(
    PLAIN,
    limits=(
        Limit(key=lambda _: "", count=2, seconds=10.0),
        Limit(key=lambda command: command.target, count=1, seconds=3.0),
    ),
)


def test_a_limit_counts_a_request_while_it_runs_and_from_its_end() -> None:
    """The cloud may count it anywhere in between."""
    queue = Queue(TWO_IN_TEN, *(a_command(number, window=600) for number in (1, 2, 3)))
    first, _ = queue.take_errand(), queue.take_errand()
    assert (queue.take(T0 + 100), queue.next_at(T0 + 100)) == ([], None)
    queue.outbox.done(first, T0 + 20)
    queue.outbox.take_out("id-001")
    assert queue.next_at(T0 + 20) == T0 + 30 + MARGIN
    assert queue.take(T0 + 30) == []
    assert queue.take(T0 + 30 + MARGIN) == ["id-003"]


def test_limits_are_kept_for_each_key() -> None:
    """A relay that rests does not hold up its neighbour."""
    queue = Queue(TWO_IN_TEN, a_command(1, target="t"), a_command(2, target="t"), a_command(3))
    queue.outbox.done(queue.take_errand(), T0)
    queue.outbox.take_out("id-001")
    assert queue.next_at() == T0
    assert queue.take() == ["id-003"]
    queue = Queue(TWO_IN_TEN, a_command(1, target="t"), a_command(2, target="t"))
    queue.outbox.done(queue.take_errand(), T0)
    queue.outbox.take_out("id-001")
    assert queue.next_at() == T0 + 3 + MARGIN


def test_one_request_counts_once_for_many_commands() -> None:
    """A limit is about requests."""
    policy = replace(TWO_IN_TEN, batch=5)
    queue = Queue(policy, *(batched(number) for number in range(1, 4)), batched(4, "other"))
    assert [len(queue.take()), len(queue.take()), len(queue.take())] == [3, 1, 0]


def test_requests_from_before_a_restart_count() -> None:
    """The cloud does not know that we were started anew."""
    queue = Queue(TWO_IN_TEN, a_command(2, target="t"))
    queue.outbox.count(a_command(1, target="t"), T0)
    assert queue.next_at() == T0 + 3 + MARGIN


def test_a_request_that_was_never_made_does_not_count() -> None:
    """Its command keeps its place, for some time at least."""
    queue = Queue(TWO_IN_TEN, a_command(1, target="t"), a_command(2, target="t"))
    queue.outbox.put_back(queue.take_errand(), T0 + 1)
    assert (queue.take(), queue.next_at()) == ([], T0 + 1)
    assert queue.take(T0 + 1) == ["id-001"]


def test_looking_for_a_command_is_no_sending() -> None:
    """Limits of sending do not delay it, and it uses nothing of them up."""
    policy = replace(TWO_IN_TEN, recovery=SEARCHING.recovery)
    lost = a_command(1, phase=Phase.UNSURE, target="t")
    queue = Queue(policy, lost, a_command(2), a_command(3))
    queue.outbox.count(lost, T0)
    looking = queue.take_errand()
    assert looking.lookup
    queue.outbox.done(looking, T0)
    queue.outbox.take_out("id-001")
    assert [queue.take(), queue.take()] == [["id-002"], []]


# Too late


def test_nothing_is_sent_once_its_window_has_ended() -> None:
    """Not even if the alarm that ends it comes late."""
    queue = Queue(PLAIN, a_command(1))
    assert queue.take(T0 + WINDOW) == []
    assert queue.next_at(T0 + WINDOW) is None


def test_a_command_that_cannot_be_sent_in_time_makes_no_alarm() -> None:
    """The end of its window brings us back anyway."""
    queue = Queue(TWO_IN_TEN, a_command(1, target="t", deadline=T0 + 2))
    queue.outbox.count(a_command(1, target="t"), T0)
    assert queue.next_at() is None


def test_a_try_is_planned_within_a_minute_and_the_window() -> None:
    """Nothing happens out of the blue."""
    queue = Queue(PLAIN, a_command(1))
    tried = a_command(1, sent_at=T0, deadline=T0 + 600)
    assert queue.outbox.try_again(tried, T0 + 59.9)
    assert not queue.outbox.try_again(tried, T0 + 60)
    hurried = a_command(1, sent_at=T0, deadline=T0 + 20)
    assert queue.outbox.try_again(hurried, T0 + 19.9)
    assert not queue.outbox.try_again(hurried, T0 + 20)
    assert not queue.outbox.try_again(a_command(1), T0 + WINDOW)


def test_a_second_try_that_limits_delay_beyond_a_minute_is_not_made() -> None:
    """The plan was in time, but the limits were not."""
    policy = replace(PLAIN, limits=(Limit(key=lambda _: "", count=1, seconds=50.0),))
    tried = a_command(1, sent_at=T0, deadline=T0 + 600)
    queue = Queue(policy, tried)
    queue.outbox.count(tried, T0 + 15)
    assert queue.outbox.try_again(tried, T0 + 20)
    assert queue.next_at(T0 + 20) is None
    assert queue.take(T0 + 66) == []


def test_a_request_that_runs_may_end_with_the_window() -> None:
    """Its answer is worth waiting for, even where another try would be too late."""
    queue = Queue(RESENDING, a_command(1, sent_at=T0 - 55, deadline=T0 + 600))
    assert queue.outbox.closes_at(queue.commands["id-001"]) == T0 + 5
    queue.take_errand()
    assert queue.outbox.closes_at(queue.commands["id-001"]) == T0 + 600


def test_a_search_ends_by_itself() -> None:
    """With the window; while a look is under way its answer is waited for."""
    queue = Queue(SEARCHING, a_command(1, phase=Phase.UNSURE, sent_at=T0))
    assert queue.outbox.closes_at(queue.commands["id-001"]) == T0 + WINDOW
    assert queue.take(T0 + WINDOW - 1) == ["id-001"]
    assert queue.outbox.closes_at(queue.commands["id-001"]) is None


# Nobody knows whether it was taken


def unsure(number: int = 1) -> Command:
    """Return a command whose first request ended without an answer."""
    return a_command(number, phase=Phase.UNSURE, sent_at=T0, deadline=T0 + 600)


def test_a_cloud_without_a_way_to_know_leaves_none() -> None:
    """Such a command is lost at once, also after a restart."""
    queue = Queue(PLAIN, unsure())
    assert not queue.outbox.recover(unsure(), T0, 0.0)
    assert not queue.outbox.resume(unsure(), T0)


def test_it_is_sent_again_after_longer_and_longer_pauses() -> None:
    """The same key makes that harmless. Each pause is counted from the try before."""
    queue = Queue(RESENDING, unsure())
    assert queue.outbox.recover(unsure(), T0 + 10, 0.0)
    assert queue.next_at(T0 + 10) == T0 + 11
    assert not queue.take_errand(T0 + 11).lookup
    assert queue.outbox.recover(unsure(), T0 + 12, 1.0)
    assert queue.outbox.recover(unsure(), T0 + 14, 0.0)
    assert not queue.outbox.recover(unsure(), T0 + 15, 0.0)


def test_it_is_not_sent_again_after_a_minute() -> None:
    """Whatever the pauses say."""
    queue = Queue(RESENDING, unsure())
    assert not queue.outbox.recover(unsure(), T0 + 59, 0.0)


def test_it_is_sent_again_at_once_after_a_restart() -> None:
    """The restart was pause enough."""
    queue = Queue(RESENDING, unsure())
    assert queue.outbox.resume(unsure(), T0 + 5)
    assert queue.next_at(T0 + 5) == T0 + 5
    assert not queue.outbox.resume(unsure(), T0 + 60)


def test_it_is_looked_for_several_times() -> None:
    """A cloud may list a command some seconds after it took it."""
    queue = Queue(SEARCHING, unsure())
    assert queue.outbox.recover(unsure(), T0, 1.0)
    assert queue.next_at() == T0 + 1.5
    assert queue.take_errand(T0 + 1.5).lookup
    assert queue.outbox.resume(unsure(), T0 + 500)
    assert not queue.outbox.recover(unsure(), T0 + 503, 0.0)


@pytest.mark.parametrize("means", [Means.RESEND, Means.LOOKUP])
def test_neither_sending_nor_looking_happens_during_a_hold(means: Means) -> None:
    """The provider asked for silence."""
    queue = Queue(replace(PLAIN, recovery=Recovery(means=means, pauses=(1.0,))), unsure())
    queue.outbox.hold_until = T0 + 30
    assert (queue.take(T0 + 29), queue.next_at(T0 + 29)) == ([], T0 + 30)
    assert queue.take(T0 + 30) == ["id-001"]


# Bookkeeping


def test_what_is_under_way_is_known() -> None:
    """A command on its way cannot simply be taken back."""
    queue = Queue(PLAIN, a_command(1), a_command(2, sent_at=T0 - 5))
    assert [queue.outbox.was_tried(key) for key in ("id-001", "id-002")] == [False, True]
    errand = queue.take_errand()
    assert "id-001" in queue.outbox
    assert queue.outbox.is_running("id-001")
    queue.outbox.done(errand, T0)
    assert (queue.outbox.is_running("id-001"), queue.outbox.was_tried("id-001")) == (False, True)
    queue.outbox.release("id-001")
    assert "id-001" not in queue.outbox
    assert not queue.outbox.is_running("id-001")


def test_a_request_may_end_after_its_command_was_let_go() -> None:
    """Its window may have ended meanwhile; the limit counts the request all the same."""
    queue = Queue(TWO_IN_TEN, a_command(1, target="t"), a_command(2, target="t"))
    errand = queue.take_errand()
    queue.outbox.release("id-001")
    assert queue.take() == []
    queue.outbox.done(errand, T0 + 1)
    assert queue.next_at(T0 + 1) == T0 + 4 + MARGIN


def test_everything_planned_moves_with_the_clock() -> None:
    """A correction of the clock is no pause."""
    queue = Queue(TWO_IN_TEN, a_command(1), a_command(2, target="t", deadline=T0 + 9000))
    queue.outbox.done(queue.take_errand(), T0)
    queue.outbox.count(a_command(2, target="t"), T0)
    assert queue.outbox.try_again(a_command(1), T0 + 5)
    queue.outbox.hold_until = T0 + 1
    queue.outbox.shift(3600.0)
    queue.commands.put(a_command(1, deadline=T0 + 9000))
    assert queue.outbox.hold_until == T0 + 3601
    assert queue.next_at(T0 + 3600) == T0 + 3610 + MARGIN
