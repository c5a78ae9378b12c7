"""Very many targets: nothing else in Home Assistant waits for them, and too many are refused."""

from asyncio import Handle
from collections import Counter
from typing import Any, Final
from unittest.mock import AsyncMock, patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.command_status.account.arrivals import AT_ONCE
from custom_components.command_status.account.display import TOLD_AT_ONCE
from custom_components.command_status.providers.errors import ProviderTooManyError
from custom_components.command_status.providers.wlte.provider import WlteProvider

from ..house import GATE, House

MANY: Final = 60
MOST: Final = 3 * TOLD_AT_ONCE + AT_ONCE
"""Changes in one turn of the loop: as many as 20 outcomes bring about, of the target and of the
account."""

TOO_MANY: Final = ProviderTooManyError("targets", 5000)


class Turns:
    """Counts what happens to devices, entities and states in each turn of the event loop."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin to count."""
        self._counts: Counter[int] = Counter()
        self._turn = 0
        self._hass = hass
        for event in (
            dr.EVENT_DEVICE_REGISTRY_UPDATED,
            er.EVENT_ENTITY_REGISTRY_UPDATED,
            EVENT_STATE_CHANGED,
        ):
            hass.bus.async_listen(str(event), self._count)
        self._handle: Handle
        self._begin()

    def stop(self) -> tuple[int, int]:
        """Count no more; return how many changes there were, and the most in one turn."""
        self._handle.cancel()
        return self._counts.total(), max(self._counts.values(), default=0)

    def _begin(self) -> None:
        self._turn += 1
        self._handle = self._hass.loop.call_soon(self._begin)

    @callback
    def _count(self, _event: Any) -> None:
        self._counts[self._turn] += 1


def entities_of(house: House) -> list[er.RegistryEntry]:
    """Return the entities of the account."""
    registry = er.async_get(house.hass)
    return er.async_entries_for_config_entry(registry, house.entry.entry_id)


class TestPortions:
    """Devices and entities come, change and go a few at a time."""

    async def test_an_account_is_added(self, house_in_planning: House) -> None:
        """Its devices and entities are there when it is loaded, and others had their turns."""
        house = house_in_planning
        house.cloud.configure({"extra_devices": MANY})
        turns = Turns(house.hass)
        assert await house.hass.config_entries.async_setup(house.entry.entry_id)
        changes, most = turns.stop()
        assert len(entities_of(house)) > 2 * MANY
        assert changes > 4 * MANY
        assert most <= MOST

    async def test_a_list_brings_new_ones(self, house: House) -> None:
        """They were added to the account at the provider."""
        house.cloud.configure({"extra_devices": MANY})
        turns = Turns(house.hass)
        await house.coordinator.async_refresh()
        await house.settle()
        changes, most = turns.stop()
        assert len(entities_of(house)) > 2 * MANY
        assert changes > 4 * MANY
        assert most <= MOST
        assert house.state("sensor.relay_box_60_last_command").state == "unknown"

    async def test_a_list_names_them_no_more(self, house: House) -> None:
        """They are unavailable, and after hours they are gone."""
        house.cloud.configure({"extra_devices": MANY})
        await house.coordinator.async_refresh()
        await house.settle()
        house.cloud.configure({"extra_devices": 0})
        turns = Turns(house.hass)
        await house.coordinator.async_refresh()
        await house.settle()
        assert house.state("sensor.relay_box_60_last_command").state == "unavailable"
        changes, most = turns.stop()
        assert changes >= MANY
        assert most <= MOST
        turns = Turns(house.hass)
        with patch("custom_components.command_status.account.listing.GONE_AFTER", 0.0):
            await house.coordinator.async_refresh()
        await house.settle()
        changes, most = turns.stop()
        assert len(entities_of(house)) < MANY
        assert changes >= 3 * MANY
        assert most <= MOST

    async def test_one_that_comes_back_is_there_again(self, house: House) -> None:
        """After it was removed, and whatever it was called before."""
        house.cloud.remove_device("dev-8")
        with patch("custom_components.command_status.account.listing.GONE_AFTER", 0.0):
            await house.coordinator.async_refresh()
            await house.coordinator.async_refresh()
        await house.settle()
        assert house.hass.states.get("sensor.garage_last_command") is None
        house.cloud.configure({"extra_devices": 0})
        await house.coordinator.async_refresh()
        await house.settle()
        assert house.state("sensor.garage_last_command").state == "unknown"

    async def test_many_commands_are_shown_a_few_at_a_time(self, house: House) -> None:
        """A call may have a thousand targets."""
        house.cloud.configure({"extra_devices": MANY})
        await house.coordinator.async_refresh()
        await house.settle()
        targets = [
            target for target in house.coordinator.data.targets if target.startswith("dev-x")
        ]
        turns = Turns(house.hass)
        records = await house.act(
            "send_command", config_entry_id=house.entry.entry_id, target=targets, command="ON"
        )
        changes, most = turns.stop()
        assert len(records) == MANY
        assert changes >= MANY
        assert most <= MOST


class TestTooMany:
    """There is an end to what a home can hold; the provider's list says so with an error."""

    async def test_the_first_list_is_too_long(self, house_in_planning: House) -> None:
        """The account does not load, and says why."""
        house = house_in_planning
        with patch.object(WlteProvider, "targets", AsyncMock(side_effect=TOO_MANY)):
            await house.load()
        assert house.entry.state is ConfigEntryState.SETUP_RETRY
        assert house.entry.reason is not None
        assert "more than 5,000 targets" in house.entry.reason
        assert house.issue("too_many_targets") is not None

    async def test_a_later_list_is_too_long(self, house: House) -> None:
        """What was there stays and works, and the user is told until the list is shorter."""
        with patch.object(WlteProvider, "targets", AsyncMock(side_effect=TOO_MANY)):
            await house.coordinator.async_refresh()
        issue = house.issue("too_many_targets")
        assert issue is not None
        assert issue.translation_placeholders is not None
        assert issue.translation_placeholders["error"] == "more than 5,000 targets"
        assert (await house.send())["target"] == GATE
        await house.coordinator.async_refresh()
        assert house.issue("too_many_targets") is None

    async def test_an_id_stands_for_too_many_commands(self, house: House) -> None:
        """None of them is followed, rather than some."""
        error = ProviderTooManyError("commands behind one id", 1000)
        with (
            patch.object(WlteProvider, "find", AsyncMock(side_effect=error)),
            pytest.raises(Exception, match="more than 1,000 commands behind one id") as raised,
        ):
            await house.act(
                "track_command", config_entry_id=house.entry.entry_id, command_id="cmd-1"
            )
        assert getattr(raised.value, "translation_key", None) == "too_many"
        assert await house.act("get_commands") == []
