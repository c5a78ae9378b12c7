"""The targets of an account: those that are there, and those that may be gone."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
import json
import time
from types import MappingProxyType, SimpleNamespace
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigSubentry
import pytest

from custom_components.command_status.account import clock
from custom_components.command_status.account.clock import Moment
from custom_components.command_status.account.listing import Listing
from custom_components.command_status.const import SUBENTRY_COMMAND
from custom_components.command_status.providers.base import Target, Targets

from ..house import GARAGE, GATE, LIGHT, House

HOURS = 3600.0
NOW = Moment(wall=1_800_000_000.0, uptime=5000.0, boot="first")


def later(hours: float, **changes: Any) -> Moment:
    """Return the moment some hours after now."""
    seconds = hours * HOURS
    moment = replace(NOW, wall=NOW.wall + seconds, uptime=NOW.uptime + seconds)
    return replace(moment, **changes)


def a_target(name: str, device: str = "box", **details: Any) -> Target:
    """Return a target that says only what a test is about."""
    return Target(
        id=name, name=name.title(), device=device, device_name=device, commands=("ON",), **details
    )


A, B, C = a_target("a"), a_target("b"), a_target("c", device="other")
ALL = Listing().after(Targets([A, B, C]), NOW)


class TestReading:
    """What a new list changes."""

    def test_there_is_nothing_before_the_first_list(self) -> None:
        """And it is known that there was none."""
        assert Listing().read is None
        assert not Listing().gone

    def test_what_is_named_is_listed(self) -> None:
        """In the provider's order."""
        assert list(ALL.targets) == ["a", "b", "c"]
        assert all(map(ALL.lists, "abc"))

    def test_what_is_named_no_longer_is_missing_but_known(self) -> None:
        """One list may be wrong."""
        listing = ALL.after(Targets([A, C]), later(1))
        assert not listing.lists("b")
        assert listing.targets["b"] == B

    def test_it_is_missing_since_the_first_list_without_it(self) -> None:
        """However many follow."""
        listing = ALL.after(Targets([A, C]), later(1)).after(Targets([A]), later(3))
        assert listing.missing == {"b": 2 * HOURS, "c": 0}

    def test_what_comes_back_was_never_gone(self) -> None:
        """When it is missing again, that is another time."""
        listing = ALL.after(Targets([A, C]), later(1)).after(Targets([A, B, C]), later(3))
        assert listing.lists("b")
        assert listing.after(Targets([A, C]), later(5)).missing == {"b": 0}

    def test_the_newest_word_counts(self) -> None:
        """Devices are renamed."""
        renamed = replace(B, name="Bell")
        assert ALL.after(Targets([A, renamed, C]), later(1)).targets["b"] == renamed

    def test_a_list_that_says_the_same_is_no_news(self) -> None:
        """Nobody is woken every six hours for nothing."""
        assert ALL.after(Targets([A, B, C]), later(1)) == ALL

    def test_what_was_never_known_is_not_listed(self) -> None:
        """A word from somewhere else."""
        assert not ALL.lists("z")


class TestGone:
    """What two lists agree about."""

    @pytest.mark.parametrize(("hours", "gone"), [(0, ""), (5.99, ""), (6, "b"), (24, "b")])
    def test_it_takes_two_lists_that_lie_apart(self, hours: float, gone: str) -> None:
        """A cloud on a bad day leaves things out for a while."""
        listing = ALL.after(Targets([A, C]), NOW).after(Targets([A, C]), later(hours))
        assert listing.gone == set(gone)

    @pytest.mark.parametrize("jump", [24 * HOURS, -24 * HOURS], ids=["forth", "back"])
    def test_a_clock_that_jumps_makes_nothing_older_or_younger(self, jump: float) -> None:
        """Only time that has gone by counts."""
        listing = ALL.after(Targets([A, C]), NOW)
        soon = later(0.01)
        assert not listing.after(Targets([A, C]), replace(soon, wall=soon.wall + jump)).gone
        late = later(6)
        assert listing.after(Targets([A, C]), replace(late, wall=late.wall + jump)).gone == {"b"}

    @pytest.mark.parametrize("uptime", [0.0, 30 * 24 * HOURS], ids=["started", "moved"])
    def test_a_machine_that_was_started_anew_counts_on(self, uptime: float) -> None:
        """How long it was off is not known; what was counted before it is."""
        listing = ALL.after(Targets([A, C]), NOW).after(Targets([A, C]), later(5))
        listing = listing.after(Targets([A, C]), later(48, uptime=uptime, boot="second"))
        assert listing.missing == {"b": 5 * HOURS}
        listing = listing.after(Targets([A, C]), later(49, uptime=uptime + HOURS, boot="second"))
        assert listing.gone == {"b"}

    def test_one_list_is_not_enough_however_old_it_is(self) -> None:
        """Only the next one may agree with it."""
        assert not ALL.after(Targets([A, C]), later(24)).gone

    def test_it_can_be_left_out_for_good(self) -> None:
        """And is then neither known nor missing."""
        listing = ALL.after(Targets([A, C]), NOW).without({"b"})
        assert list(listing.targets) == ["a", "c"]
        assert listing.missing == {}
        assert listing.read == NOW


def test_the_targets_of_a_device_are_those_that_are_listed() -> None:
    """A command to a device means none that is missing."""
    assert ALL.on_device("box") == (A, B)
    assert ALL.after(Targets([A, C]), NOW).on_device("box") == (A,)


class TestOnDisk:
    """What is remembered between two starts."""

    def test_everything_is_remembered(self) -> None:
        """Or a start would ask the provider first."""
        full = a_target(
            "z",
            via="hub",
            model="RL1",
            firmware="2.10",
            network_id="7",
            online=False,
            label="relay_command",
            placeholders={"relay": "1"},
        )
        listing = (
            Listing()
            .after(Targets([full, A]), NOW)
            .after(Targets([full]), later(1))
            .after(Targets([full]), later(2))
        )
        read = Listing.from_plain(json.loads(json.dumps(listing.to_plain())))
        assert read == listing
        assert read.read == later(2)
        assert read.missing == {"a": HOURS}

    def test_fields_of_another_version_are_left_out(self) -> None:
        """They come again with the next list."""
        plain = ALL.to_plain()
        plain["targets"][0] |= {"colour": "red"}
        for unknown in ("placeholders", "firmware"):
            del plain["targets"][1][unknown]
        assert Listing.from_plain(plain) == ALL

    def test_what_is_missing_must_be_known(self) -> None:
        """Or it could never be removed."""
        plain = {**ALL.to_plain(), "missing_for": {"a": 7.0, "z": 7.0}}
        assert Listing.from_plain(plain).missing == {"a": 7.0}

    @pytest.mark.parametrize(
        "damage",
        [
            {"targets": None},
            {"targets": [7]},
            {"targets": [{"id": "a"}]},
            {"targets": [{"commands": 7}]},
            {"missing_for": None},
            {"missing_for": {"a": "long ago"}},
            {"read": "today"},
            {"read": {"wall": "today", "uptime": 7.0, "boot": "first"}},
            {"read": {"wall": 7.0, "boot": "first"}},
            {"read": None},
        ],
        ids=repr,
    )
    def test_what_cannot_be_read_is_as_good_as_nothing(self, damage: dict[str, Any]) -> None:
        """It can be asked for."""
        assert Listing.from_plain({**ALL.to_plain(), **damage}).read is None

    def test_nothing_is_nothing(self) -> None:
        """As in the beginning."""
        assert Listing.from_plain({}).read is None


def a_saved_command(target: str) -> ConfigSubentry:
    """Return a saved command."""
    data = {"target": target, "command": "ON", "parameters": {}, "timeout": 60.0}
    return ConfigSubentry(
        data=MappingProxyType(data),
        subentry_type=SUBENTRY_COMMAND,
        title="Do it",
        unique_id=None,
    )


SENSOR = "sensor.garage_last_command"
EVENT = "event.garage_outcome"


async def six_hours(house: House) -> None:
    """Wait for the next list."""
    house.freezer.tick(6 * HOURS)
    await house.settle()


class TestInAHouse:
    """What becomes of the entities."""

    async def test_the_list_is_read_every_six_hours(self, house: House) -> None:
        """And never in between."""
        assert house.cloud.counts["devices"] == 1
        house.freezer.tick(5.9 * HOURS)
        await house.settle()
        assert house.cloud.counts["devices"] == 1
        house.freezer.tick(0.1 * HOURS)
        await house.settle()
        assert house.cloud.counts["devices"] == 2

    async def test_the_entities_of_a_missing_target_are_unavailable(self, house: House) -> None:
        """Its event entity excepted, or triggers would miss what follows."""
        house.cloud.remove_device("dev-8")
        await six_hours(house)
        assert house.state(SENSOR).state == "unavailable"
        assert house.state(EVENT).state == "unknown"
        assert house.state("sensor.gate_relay_1_last_command").state == "unknown"

    async def test_a_target_that_comes_back_is_available_again(self, house: House) -> None:
        """The cloud had a bad day."""
        garage = house.cloud.devices["dev-8"]
        house.cloud.remove_device("dev-8")
        await six_hours(house)
        house.cloud.devices["dev-8"] = garage
        await six_hours(house)
        assert house.state(SENSOR).state == "unknown"

    async def test_a_target_that_stays_away_is_removed(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        """With its entities and its device, and a line in the log."""
        house.cloud.remove_device("dev-8")
        await six_hours(house)
        await six_hours(house)
        assert house.hass.states.get(SENSOR) is None
        assert house.hass.states.get(EVENT) is None
        assert "Garage relay 1 is no longer listed and was removed" in caplog.text
        assert GARAGE not in house.coordinator.data.targets

    @pytest.mark.parametrize("restart", [House.reload, House.breathe], ids=["start", "list"])
    async def test_a_clock_that_jumps_removes_nothing(
        self, house: House, restart: Callable[[House], Awaitable[object]]
    ) -> None:
        """Two lists, some seconds apart, while the clock is corrected by a day."""
        house.cloud.remove_device("dev-8")
        await house.coordinator.async_refresh()
        ahead = SimpleNamespace(**{**vars(time), "time": lambda: time.time() + 24 * HOURS})
        with patch.object(clock, "time", ahead):
            await house.wait(5)
            await restart(house)
            await house.coordinator.async_refresh()
            await house.settle()
            assert house.state(SENSOR).state == "unavailable"

    async def test_a_machine_that_was_started_anew_removes_nothing_at_once(
        self, house: House
    ) -> None:
        """A backup that is restored on another machine, which has been up for long."""
        house.cloud.remove_device("dev-8")
        await house.coordinator.async_refresh()
        up = clock.uptime() + 30 * 24 * HOURS
        with patch.object(clock, "uptime", lambda: up), patch.object(clock, "boot", lambda: "b"):
            await house.reload()
            await house.coordinator.async_refresh()
            await house.settle()
            assert house.state(SENSOR).state == "unavailable"

    async def test_two_starts_in_a_row_remove_nothing(self, house: House) -> None:
        """The two lists lie too close together."""
        house.cloud.remove_device("dev-8")
        await house.reload()
        await house.reload()
        assert house.state(SENSOR).state == "unavailable"

    async def test_how_long_it_is_missing_outlives_a_restart(self, house: House) -> None:
        """Or a house that restarts every night would keep it for ever."""
        house.cloud.remove_device("dev-8")
        await six_hours(house)
        house.freezer.tick(6 * HOURS)
        await house.reload()
        assert house.hass.states.get(SENSOR) is None

    async def test_a_target_with_an_open_command_stays(self, house: House) -> None:
        """Until its outcome is known."""
        house.cloud.script(after=None)
        await house.send(target=GARAGE, timeout=24 * HOURS)
        house.cloud.remove_device("dev-8")
        await six_hours(house)
        await six_hours(house)
        assert house.state(SENSOR).state == "unavailable"
        house.cloud.commands.clear()
        await house.wait(200, step=10)
        assert house.outcomes() == ["lost"]
        await six_hours(house)
        assert house.hass.states.get(SENSOR) is None

    async def test_the_records_of_a_removed_target_stay(self, house: House) -> None:
        """Without a device."""
        sent = await house.send(target=GARAGE)
        assert sent["device_id"] == house.device("dev-8").id
        house.cloud.remove_device("dev-8")
        await six_hours(house)
        await six_hours(house)
        assert (await house.record(sent["tracking_id"]))["device_id"] is None

    async def test_a_new_target_gets_its_entities_at_once(self, house: House) -> None:
        """Nobody has to load the account again."""
        house.cloud.configure({"extra_devices": 1})
        await six_hours(house)
        assert house.state("sensor.relay_box_1_last_command").state == "unknown"
        assert house.state("event.relay_box_1_outcome").state == "unknown"

    async def test_one_of_two_relays_can_go(self, house: House) -> None:
        """Its device stays, for the other one."""
        del house.cloud.devices["dev-7"].relays[2]
        await six_hours(house)
        await six_hours(house)
        assert house.hass.states.get("sensor.gate_relay_2_last_command") is None
        assert house.state("sensor.gate_relay_1_last_command").state == "unknown"
        assert house.device("dev-7").name == "Gate"
        assert list(house.coordinator.data.targets)[:1] == [GATE]
        assert LIGHT not in house.coordinator.data.targets

    async def test_a_list_that_fails_changes_nothing(self, house: House) -> None:
        """No answer is not an empty one."""
        house.cloud.faults.add("status", "devices", status=503, times=None)
        await six_hours(house)
        await six_hours(house)
        assert house.state(SENSOR).state == "unknown"
        assert house.state("binary_sensor.my_gate_connection").state == "off"

    async def test_a_target_that_a_saved_command_needs_stays(self, house: House) -> None:
        """The user will want to know why the button does nothing."""
        house.hass.config_entries.async_add_subentry(house.entry, a_saved_command(GARAGE))
        await house.settle()
        house.cloud.remove_device("dev-8")
        await six_hours(house)
        await six_hours(house)
        assert house.state(SENSOR).state == "unavailable"


def test_a_list_that_was_not_understood_wholly_calls_nobody_missing() -> None:
    """Who is not named may be in the part that made no sense; who is named is there."""
    listing = ALL.after(Targets([A, C]), NOW).after(Targets([A], whole=False), later(9))
    assert listing.missing == {"b": 0}
    assert ALL.after(Targets([A], whole=False), later(9)).missing == {}
    assert not listing.after(Targets([B], whole=False), later(10)).missing
