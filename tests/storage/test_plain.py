"""Whatever a cloud or a user hands over can be written."""

from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from homeassistant.helpers.json import json_bytes
from homeassistant.util.json import json_loads
from hypothesis import given, strategies as st
import pytest

from custom_components.command_status.storage.plain import DEEPEST, LARGEST, SMALLEST, as_plain


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        SMALLEST,
        LARGEST,
        1.5,
        "",
        "Gate",
        "Tür 🚪",
        [1, [2, {"a": None}]],
        {"a": {"b": [True]}},
    ],
    ids=repr,
)
def test_what_can_be_written_stays_as_it_is(value: Any) -> None:
    """Nearly everything is ordinary."""
    assert as_plain(value) == value
    assert json_loads(json_bytes(as_plain(value))) == value


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (LARGEST + 1, "18446744073709551616"),
        (SMALLEST - 1, "-9223372036854775809"),
        ("\ud83d", "?"),
        ({"\ud83d": 1}, {"?": 1}),
        ({1: {None: 2}}, {"1": {"None": 2}}),
        ((1, frozenset({2})), [1, [2]]),
        (MappingProxyType({"a": (1,)}), {"a": [1]}),
        (datetime(2026, 11, 21, tzinfo=UTC), "2026-11-21 00:00:00+00:00"),
    ],
    ids=["large", "small", "half", "half a name", "names", "sequences", "mapping", "moment"],
)
def test_what_cannot_is_told_as_well_as_possible(value: Any, plain: Any) -> None:
    """No digit of a number is lost."""
    assert as_plain(value) == plain


def test_endless_nesting_has_an_end() -> None:
    """Writers of JSON have one, too."""
    endless: dict[str, Any] = {}
    endless["more"] = [endless]
    plain = as_plain(endless)
    assert json_bytes(plain).count(b"more") == DEEPEST / 2


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.characters(categories=["Cs"])
    | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.integers() | st.text(), inner),
    max_leaves=6,
)


@given(value=anything)
def test_anything_can_be_written_and_read(value: Any) -> None:
    """By Home Assistant's own means."""
    json_loads(json_bytes(as_plain(value)))
