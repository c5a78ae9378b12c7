"""Rate limits of the sliding kind."""

from simulators.windows import SlidingWindow


def test_the_allowance_of_a_window_is_spent_and_comes_back() -> None:
    """The wait is told exactly, since clients are to obey it to the second."""
    window = SlidingWindow(2, 10)
    window.add(0)
    window.add(4)

    assert window.wait(4) == 6
    assert window.wait(10) == 0
    window.add(10)
    assert window.wait(10) == 4


def test_an_event_in_the_future_counts_from_its_own_time() -> None:
    """The cooldown of a relay begins when its operation ends."""
    window = SlidingWindow(1, 3)
    window.add(8)

    assert window.wait(0) == 11
    assert window.wait(11) == 0
