"""The entity of an expectation, watched: whether it shows what a command is to bring about."""

from collections.abc import Callable

from ..providers.house import EntityState, House, Stop
from ..tracking import Command, Evidence, Expectation

type See = Callable[[Evidence | None], None]
"""Takes in whether what is expected is seen at this moment, and how surely."""


def watch(house: House, command: Command, see: See) -> Stop | None:
    """Tell what the entity shows now, and whenever it changes; None where nothing is expected."""
    expect = command.expect
    if expect is None or command.evidence not in {Evidence.AWAITED, Evidence.MISSING}:
        return None
    see(evidence_of(expect, house.state(expect.entity)))
    return house.watch(expect.entity, lambda shown: see(evidence_of(expect, shown)))


def evidence_of(expect: Expectation, shown: EntityState | None) -> Evidence | None:
    """Return what an entity proves; None where it does not show what is expected."""
    if shown is None or not expect.reached(shown.state, shown.attributes):
        return None
    return Evidence.ASSUMED if shown.attributes.get("assumed_state") else Evidence.SEEN
