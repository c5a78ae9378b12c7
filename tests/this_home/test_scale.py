"""A house in which a thousand actions are open at once is as quiet as one without any."""

from collections.abc import Iterator
from typing import Any, Final
from unittest.mock import patch

from homeassistant.core import callback
import pytest

from custom_components.command_status import house
from custom_components.command_status.account.pump import Pump
from tests.house import House

from .conftest import GARAGE, Things

MANY: Final = 1000
LAMPS: Final = [f"light.number_{number}" for number in range(MANY)]

SPY: Final = 2
"""A command looks at its entity, and so does its expectation."""


@pytest.fixture
def woken() -> Iterator[list[str]]:
    """Return a list to which everybody adds something who is woken."""
    awake: list[str] = []
    changed, run = house._Watch._state_changed, Pump.run

    @callback
    def hear(watch: house._Watch, event: Any) -> None:
        awake.append(event.data["entity_id"])
        changed(watch, event)

    @callback
    def pump(self: Pump) -> None:
        awake.append("pump")
        run(self)

    with patch.object(house._Watch, "_state_changed", hear), patch.object(Pump, "run", pump):
        yield awake


async def test_a_thousand_open_actions_wake_nobody_but_on_a_change_of_their_entity(
    woken: list[str], home: House, things: Things
) -> None:
    """No timer, no question, no save; and a change elsewhere concerns none of them."""
    for lamp in LAMPS:
        things.show(lamp, "off")
    records = await home.act(
        "perform_action", action="light.turn_on", target={"entity_id": LAMPS}, timeout=3600
    )
    await home.wait(60, step=10)  # that they were sent is written down within half a minute
    assert len(records) == home.coordinator.tracker.pending("account") == MANY
    woken.clear()
    with home.count_saves() as saves, home.count_writes() as written:
        await home.wait(1200, step=60)
        things.show(GARAGE, "closing")
        await home.settle()
        assert (woken, saves, written) == ([], [], [])
        things.show(LAMPS[7], "on")
        await home.settle()
    assert woken.count(LAMPS[7]) == SPY
    assert set(woken) == {LAMPS[7], "pump"}
    assert home.outcomes() == ["success"]
