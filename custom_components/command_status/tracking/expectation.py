"""What is expected to be seen at an entity once a command has done its work.

An entity shows a state, which is a text, and attributes. A *clause* says something about one of
them; an *expectation* is reached where all its clauses hold. Nothing holds of an entity that is
unavailable or unknown, unless exactly that is expected.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any, Final, Self

NOT_KNOWN: Final = frozenset({"unavailable", "unknown"})
"""The states in which an entity says nothing about the thing that it stands for."""
ROUNDING: Final = 1e-9
"""How far apart equal numbers may be after they were computed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause:
    """One thing that must be so."""

    attribute: str | None = None
    """None: the state itself."""
    values: tuple[Any, ...] = ()
    """It is one of these; where there are none, it only lies between the bounds."""
    unlike: tuple[Any, ...] = ()
    """It is none of these."""
    tolerance: float = 0.0
    """How far a number may be from one of the values."""
    above: float | None = None
    below: float | None = None

    def holds(self, state: str, attributes: Mapping[str, Any]) -> bool:
        """Return whether it is so."""
        if self.attribute is None:
            shown: Any = state
        elif state in NOT_KNOWN or self.attribute not in attributes:
            return False
        else:
            shown = attributes[self.attribute]
        if self.values:
            return any(self._equal(shown, value) for value in self.values)
        if self.attribute is None and state in NOT_KNOWN:
            return False
        if any(self._equal(shown, value) for value in self.unlike):
            return False
        return self._is_between(shown)

    def _equal(self, shown: Any, value: Any) -> bool:
        """Return whether what is shown is this value; a number may be shown as a text."""
        if isinstance(shown, bool) or isinstance(value, bool):
            return shown is value or str(shown).lower() == str(value).lower()
        if shown == value or str(shown) == str(value):
            return True
        if isinstance(shown, str) and isinstance(value, str):
            return False
        number, goal = as_number(shown), as_number(value)
        if number is None or goal is None:
            return False
        return abs(number - goal) <= self.tolerance + ROUNDING

    def _is_between(self, shown: Any) -> bool:
        """Return whether what is shown lies between the bounds, as far as there are any."""
        if self.above is None and self.below is None:
            return True
        number = as_number(shown)
        return (
            number is not None
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """What is expected to be seen, where, and for how long."""

    entity: str
    """Its id in the registry of entities, which no new name changes, or its entity id."""
    clauses: tuple[Clause, ...]
    seconds: float = 0.0
    """For how long it must be so without a break."""

    def reached(self, state: str, attributes: Mapping[str, Any]) -> bool:
        """Return whether an entity shows what is expected."""
        return all(clause.holds(state, attributes) for clause in self.clauses)

    def to_plain(self) -> dict[str, Any]:
        """Return it as data that can be written as JSON; only what differs from the defaults."""
        return {
            "entity": self.entity,
            "clauses": [_clause_to_plain(clause) for clause in self.clauses],
            "seconds": self.seconds,
        }

    @classmethod
    def from_plain(cls, plain: Any) -> Self:
        """Return an expectation from such data.

        Raises TypeError or ValueError where it is none.
        """
        match plain:
            case {"entity": str(entity), "clauses": list(clauses), "seconds": int() | float() as s}:
                return cls(
                    entity=entity, clauses=tuple(map(_clause_from_plain, clauses)), seconds=s
                )
        raise TypeError("not an expectation")


def as_number(value: Any) -> float | None:
    """Return a value as a number; None where it is none, as true and infinity are not."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except TypeError, ValueError, OverflowError:
        return None
    return number if isfinite(number) else None


def _clause_to_plain(clause: Clause) -> dict[str, Any]:
    """Return what a clause says beside the defaults."""
    said = {field.name: getattr(clause, field.name) for field in fields(clause)}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in said.items()
        if value != getattr(_SAYS_NOTHING, name)
    }


def _clause_from_plain(plain: Any) -> Clause:
    """Return a clause; raises TypeError or ValueError where it is none."""
    if not isinstance(plain, Mapping) or plain.keys() - _READERS.keys():
        raise TypeError("not a clause")
    return Clause(**{name: _READERS[name](value) for name, value in plain.items()})


def _name(value: Any) -> str:
    """Return the name of an attribute; raises TypeError where it is none."""
    if not isinstance(value, str):
        raise TypeError
    return value


_SAYS_NOTHING: Final = Clause()
_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "attribute": _name,
    "values": tuple,
    "unlike": tuple,
    "tolerance": float,
    "above": float,
    "below": float,
}
