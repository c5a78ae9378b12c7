"""Whether what an entity shows is what was expected."""

from typing import Any

import pytest

from custom_components.command_status.tracking import Clause, Expectation

OPEN = Clause(values=("open", "opened"))
HALF = Clause(attribute="position", values=(50,), tolerance=1.0)


@pytest.mark.parametrize(
    ("clause", "state", "attributes", "holds"),
    [
        (OPEN, "open", {}, True),
        (OPEN, "opened", {}, True),
        (OPEN, "opening", {}, False),
        (OPEN, "Open", {}, False),
        (OPEN, "unavailable", {}, False),
        (Clause(values=("unavailable",)), "unavailable", {}, True),
        (HALF, "open", {"position": 50}, True),
        (HALF, "open", {"position": 51}, True),
        (HALF, "open", {"position": "49.5"}, True),
        (HALF, "open", {"position": 52}, False),
        (HALF, "open", {"position": None}, False),
        (HALF, "open", {"position": "half"}, False),
        (HALF, "open", {"position": float("nan")}, False),
        (HALF, "open", {}, False),
        (HALF, "unavailable", {"position": 50}, False),
        (Clause(values=(21.5,)), "21.50", {}, True),
        (Clause(values=("01",)), "1", {}, False),
        (Clause(values=(1,)), "1.0", {}, True),
        (Clause(values=(10**400,)), "1", {}, False),
        (Clause(attribute="muted", values=(True,)), "on", {"muted": True}, True),
        (Clause(attribute="muted", values=("true",)), "on", {"muted": True}, True),
        (Clause(attribute="muted", values=(True,)), "on", {"muted": 1}, False),
        (Clause(attribute="muted", values=(True,)), "on", {"muted": False}, False),
        (Clause(attribute="skipped", values=(None,)), "on", {"skipped": None}, True),
        (Clause(attribute="skipped", values=(None,)), "on", {}, False),
        (Clause(above=20), "20.1", {}, True),
        (Clause(above=20), "20", {}, False),
        (Clause(below=20), "19.9", {}, True),
        (Clause(below=20), "20", {}, False),
        (Clause(above=10, below=20), "15", {}, True),
        (Clause(above=10, below=20), "25", {}, False),
        (Clause(above=10), "warm", {}, False),
        (Clause(above=10), "unknown", {}, False),
        (Clause(attribute="lux", above=10), "on", {"lux": 11}, True),
        (Clause(attribute="lux", above=10), "on", {"lux": True}, False),
        (Clause(unlike=("off", "standby")), "playing", {}, True),
        (Clause(unlike=("off", "standby")), "standby", {}, False),
        (Clause(unlike=("off", "standby")), "unknown", {}, False),
        (Clause(unlike=("off", "standby")), "unavailable", {}, False),
    ],
)
def test_a_clause_holds_of_what_is_shown(
    clause: Clause, state: str, attributes: dict[str, Any], *, holds: bool
) -> None:
    """Numbers are numbers however they are written, and nothing is proved by an absent entity."""
    assert clause.holds(state, attributes) is holds


def test_an_expectation_is_reached_where_all_of_it_holds() -> None:
    """A blind that is half open but still moving has not arrived."""
    expectation = Expectation(entity="cover.blind", clauses=(OPEN, HALF))
    assert expectation.reached("open", {"position": 50})
    assert not expectation.reached("opening", {"position": 50})
    assert not expectation.reached("open", {"position": 80})


@pytest.mark.parametrize("seconds", [0, 2.5])
def test_what_is_as_usual_is_not_written(seconds: float) -> None:
    """Bounds of nought are no defaults: nothing is left out that says something."""
    expectation = Expectation(
        entity="sensor.a", clauses=(OPEN, Clause(above=0.0, below=0.0)), seconds=seconds
    )
    plain = expectation.to_plain()
    assert plain["clauses"] == [{"values": ["open", "opened"]}, {"above": 0.0, "below": 0.0}]
    assert Expectation.from_plain(plain) == expectation
