"""Disks that are full, records that are damaged, and how long records are kept.

Here the disk is real; only what refuses to be written is played.
"""

import asyncio
from collections.abc import Callable, Iterable
import json
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.json import json_bytes
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.command_status.const import CONF_KEEP_FINISHED, DOMAIN, MAX_FINISHED
from custom_components.command_status.storage.store import SPARE_LINES
from custom_components.command_status.tracking import CommandState, Phase, to_plain
from simulators.clock import ManualClock

from ..disk import Disk, disk, hass_storage
from ..house import GARAGE, GATE, LIGHT, House, turn
from ..tracking.builders import a_command
from .test_restart import Restart, crash

__all__ = ["crash", "disk", "hass_storage"]

DAY = 86400.0
SENSOR = "sensor.gate_relay_1_last_command"


async def until(condition: Callable[[], bool]) -> None:
    """Return as soon as something is true, while the time stands still."""
    while not condition():  # noqa: ASYNC110 - files tell nobody that they have changed
        await asyncio.sleep(0)


def issue(house: House, key: str) -> ir.IssueEntry | None:
    """Return what the user is told to look at."""
    return ir.async_get(house.hass).async_get_issue(DOMAIN, f"{key}_{house.entry.entry_id}")


class TestFull:
    """A disk that refuses, and is back."""

    async def test_nothing_is_sent(self, house: House, disk: Disk) -> None:
        """After a power cut nobody would know of it."""
        with disk.full(), pytest.raises(HomeAssistantError) as raised:
            await house.send()
        assert raised.value.translation_key == "not_saved"
        assert await house.act("get_commands") == []
        await house.wait(10)
        assert house.cloud.counts["create"] == 0

    async def test_the_user_is_told_until_it_is_back(self, house: House, disk: Disk) -> None:
        """Without having to do anything more than make room."""
        with disk.full():
            with pytest.raises(HomeAssistantError):
                await house.send()
            await house.wait(20)
            assert issue(house, "not_saved") is not None
        await house.wait(6)
        assert issue(house, "not_saved") is None
        assert (await house.send())["command_id"] == "cmd-1"

    async def test_what_waits_is_sent_when_it_is_back(self, house: House, disk: Disk) -> None:
        """If its window is still open."""
        await house.send()
        waiting = await house.send("ON")
        with disk.full():
            await house.wait(10)
            assert house.cloud.counts["create"] == 1
        await house.wait(10)
        assert (await house.record(waiting["tracking_id"]))["state"] == "success"

    async def test_what_waits_too_long_is_not_sent(self, house: House, disk: Disk) -> None:
        """And that is announced, disk or no disk."""
        await house.send()
        waiting = await house.send("ON", timeout=10)
        with disk.full():
            await house.wait(20)
        await house.wait(10)
        assert house.outcomes() == ["success", "failure"]
        assert (await house.record(waiting["tracking_id"]))["reason"] == "not_sent"
        assert house.cloud.counts["create"] == 1

    async def test_outcomes_are_announced_at_once(self, house: House, disk: Disk) -> None:
        """An automation that closes the gate must not wait for somebody to make room."""
        house.cloud.script(after=5)
        await house.send()
        await house.settle()
        with disk.full():
            await house.wait(8)
            assert house.outcomes() == ["success"]
            assert house.state(SENSOR).state == "success"
        await house.wait(10)
        assert house.outcomes() == ["success"]

    async def test_they_may_be_repeated_after_a_crash(
        self, house: House, disk: Disk, crash: Restart
    ) -> None:
        """On disk the command is still open."""
        house.cloud.script(after=5)
        sent = await house.send()
        await house.settle()
        with disk.full():
            await house.wait(8)
            await crash(0)
            await house.wait(5)
        assert [event.data["tracking_id"] for event in house.announced] == [sent["tracking_id"]] * 2

    async def test_they_are_not_if_it_was_back(
        self, house: House, disk: Disk, crash: Restart
    ) -> None:
        """What was announced is written down then; the next outcome brings the history along."""
        house.cloud.script(after=5)
        await house.send()
        await house.settle()
        with disk.full():
            await house.wait(8)
        await house.wait(6)
        await house.send(target=GARAGE)
        await house.wait(8)
        assert house.outcomes() == ["success", "success"]
        await crash(0)
        await house.wait(5)
        assert len(house.announced) == 2
        assert len(await house.act("get_commands")) == 2

    async def test_an_unload_does_not_wait_for_it(self, house: House, disk: Disk) -> None:
        """Nor does it try without end; the next start tells the user again where it must."""
        house.cloud.script(after=5)
        await house.send()
        await house.settle()
        with disk.full():
            await house.wait(8)
            assert issue(house, "not_saved") is not None
            assert await house.hass.config_entries.async_unload(house.entry.entry_id)
            assert issue(house, "not_saved") is None
            assert await house.load()
            await house.wait(10)
            assert issue(house, "not_saved") is not None
        await house.wait(6)
        assert issue(house, "not_saved") is None

    async def test_an_unload_in_the_middle_of_things_does_not_either(
        self, house: House, disk: Disk, nap: ManualClock
    ) -> None:
        """What ends then must not bring one try after the other."""
        house.cloud.configure({"post_wait": 10.0})
        house.cloud.script(after=5)
        sending = asyncio.create_task(house.send())
        await nap.until_asleep()
        with disk.full():
            unloading = asyncio.create_task(
                house.hass.config_entries.async_unload(house.entry.entry_id)
            )
            await turn()
            nap.advance(5)
            assert await unloading
        await house.load()
        await house.wait(10)
        assert (await sending)["tracking_id"] == house.announced[0].data["tracking_id"]
        assert house.outcomes()[-1] == "success"

    async def test_forgetting_raises(self, house: House, disk: Disk) -> None:
        """The command would come back after a restart."""
        sent = await house.send()
        await house.wait(1)
        with disk.full(), pytest.raises(HomeAssistantError) as raised:
            await house.order("forget_command", tracking_id=sent["tracking_id"])
        assert raised.value.translation_key == "not_saved"

    async def test_the_list_of_targets_is_used_all_the_same(
        self, house_in_planning: House, disk: Disk
    ) -> None:
        """It can be read again."""
        with disk.full():
            assert await house_in_planning.load()
            assert house_in_planning.state(SENSOR).state == "unknown"

    async def test_a_history_that_refuses_leaves_it_to_the_journal(
        self, house: House, disk: Disk, crash: Restart
    ) -> None:
        """Nothing is forgotten between the two."""
        await house.send()
        await house.wait(1)
        house.cloud.script(after=2)
        second = await house.send(target=LIGHT)
        disk.path(".history").rename(disk.path(".elsewhere"))
        disk.path(".history").mkdir()
        await house.wait(5)
        disk.path(".history").rmdir()
        disk.path(".elsewhere").rename(disk.path(".history"))
        assert [record["tracking_id"] for record in disk.journal] == [second["tracking_id"]]
        await house.send(target=GARAGE)
        await house.wait(5)
        assert len(disk.history) == 3
        await crash(0)
        await house.wait(1)
        assert len(await house.act("get_commands")) == 3


class TestDamaged:
    """What cannot be read stops nothing."""

    @pytest.fixture
    async def other(self, house: House, make_entry: Callable[..., MockConfigEntry]) -> House:
        """Return the house of another account, which is fine."""
        other = House(house.hass, house.freezer, house.cloud, make_entry("other-account"))
        await other.load()
        return other

    @pytest.mark.parametrize(
        "journal",
        ["[]", '{"version": 1, "data": 7}', '{"version": 1, "data": {"commands": [1]}}'],
        ids=["list", "number", "records"],
    )
    async def test_a_journal_of_another_shape_is_told(
        self, house: House, other: House, disk: Disk, journal: str
    ) -> None:
        """Home Assistant says nothing about it, so we do; the account goes on without."""
        await house.hass.config_entries.async_unload(house.entry.entry_id)
        disk.write("", journal)
        assert await house.load()
        told = issue(house, "journal_damaged")
        assert told is not None
        assert told.is_fixable
        assert told.is_persistent
        placeholders = told.translation_placeholders or {}
        assert placeholders["account"] == "My gate"
        assert placeholders["files"].startswith(f"{disk.path('.corrupt.')}")
        assert (await house.send())["state"] == "success"
        assert issue(other, "journal_damaged") is None
        assert (await other.send(target=GARAGE))["state"] == "success"

    @pytest.mark.parametrize("journal", ["", "\0\0\0", '{"version": 1, "da'], ids=repr)
    async def test_a_journal_that_is_no_json_is_told_by_home_assistant(
        self, house: House, disk: Disk, journal: str
    ) -> None:
        """Once is enough."""
        await house.hass.config_entries.async_unload(house.entry.entry_id)
        disk.write("", journal)
        assert await house.load()
        assert issue(house, "journal_damaged") is None
        issues = [issue_id for _, issue_id in ir.async_get(house.hass).issues]
        assert [i for i in issues if i.startswith(f"storage_corruption_{disk.path().name}")]
        assert (await house.send())["state"] == "success"

    async def test_the_other_records_of_a_damaged_journal_are_followed(
        self, house: House, disk: Disk
    ) -> None:
        """One bad record is no reason to lose sight of a gate."""
        house.cloud.script(after=10)
        await house.send()
        await house.hass.config_entries.async_unload(house.entry.entry_id)
        disk.write_journal(*disk.journal, {"tracking_id": "x"})
        await house.load()
        assert issue(house, "journal_damaged") is not None
        await house.wait(12)
        assert house.outcomes() == ["success"]

    async def test_a_damaged_line_of_the_history_is_told(self, house: House, disk: Disk) -> None:
        """The others are remembered, and new ones are added."""
        await house.send()
        await house.wait(1)
        await house.hass.config_entries.async_unload(house.entry.entry_id)
        disk.add(".history", "garbage\n")
        await house.load()
        assert issue(house, "journal_damaged") is not None
        await house.send(target=GARAGE)
        await house.wait(1)
        await house.reload()
        assert len(await house.act("get_commands")) == 2
        assert len(disk.set_aside()) == 1

    async def test_a_line_that_was_cut_short_is_not(self, house: House, disk: Disk) -> None:
        """A crash does that; nothing is lost by it."""
        await house.send()
        await house.wait(1)
        await house.hass.config_entries.async_unload(house.entry.entry_id)
        disk.add(".history", '{"tracking_id": "x", "sta')
        await house.load()
        await house.send(target=GARAGE)
        await house.wait(1)
        await house.reload()
        assert issue(house, "journal_damaged") is None
        assert len(await house.act("get_commands")) == 2

    @pytest.mark.parametrize(
        ("end", "content"),
        [
            ("", '{"version": 2, "minor_version": 1, "data": {"orders": []}}'),
            (".history", '{"version":2}\n{"id":"x"}\n{"to'),
        ],
        ids=["journal", "history"],
    )
    async def test_records_of_a_newer_version_are_left_alone(
        self, house: House, other: House, disk: Disk, end: str, content: str
    ) -> None:
        """The account does not load and says why; the others do."""
        await house.send()
        await house.wait(1)
        await house.hass.config_entries.async_unload(house.entry.entry_id)
        disk.write(end, content)
        before = disk.files()
        assert not await house.load()
        assert house.entry.state is ConfigEntryState.SETUP_ERROR
        assert house.entry.error_reason_translation_key == "newer_journal"
        assert disk.files() == before
        await other.reload()
        assert (await other.send(target=GARAGE))["state"] == "success"

    @pytest.mark.parametrize("end", ["", ".history"], ids=["journal", "history"])
    async def test_records_that_cannot_be_opened_are_left_alone(
        self, house: House, other: House, disk: Disk, end: str
    ) -> None:
        """They may be fine, so nothing takes their place."""
        await house.hass.config_entries.async_unload(house.entry.entry_id)
        disk.path(end).unlink(missing_ok=True)
        disk.path(end).mkdir()
        assert not await house.load()
        assert house.entry.state is ConfigEntryState.SETUP_ERROR
        assert house.entry.error_reason_translation_key == "journal_unreadable"
        await other.reload()
        assert other.entry.state is ConfigEntryState.LOADED

    async def test_words_of_another_version_are_carried_along(
        self, house: House, disk: Disk
    ) -> None:
        """In the journal and in the history, whatever else happens."""
        foreign = {**to_plain(a_command(7)), "state": "teleported"}
        await house.send()
        await house.wait(1)
        await house.hass.config_entries.async_unload(house.entry.entry_id)
        disk.write_journal(foreign)
        disk.add(".history", f"{json.dumps(foreign)}\n")
        await house.load()
        await house.send(target=GARAGE)
        await house.wait(1)
        assert foreign in disk.journal
        assert foreign in disk.history
        assert len(await house.act("get_commands")) == 2
        assert issue(house, "journal_damaged") is None


class TestValues:
    """What clouds and users hand over."""

    async def test_a_number_that_is_too_large_stops_nothing(
        self, house: House, crash: Restart
    ) -> None:
        """Neither the journal nor those who ask for the record."""
        house.cloud.script(after=2)
        await house.send()
        told = {
            "id": "cmd-1",
            "deviceId": "dev-7",
            "status": "SUCCESS",
            "result": {"counter": 2**70, "seen": [2**63]},
        }
        body = json.dumps({"code": "SUCCESS", "message": "", "requestId": "r", "data": told})
        house.cloud.faults.add("status", "status", status=200, body=body)
        await house.wait(5)
        assert house.outcomes() == ["success"]
        assert issue(house, "not_saved") is None
        records = await house.act("get_commands")
        assert records[0]["result"] == {"counter": 2.0**70, "seen": [2**63]}
        json_bytes(records)
        await crash(0)
        assert await house.act("get_commands") == records
        assert house.outcomes() == ["success"]

    async def test_half_a_character_stops_nothing(self, house: House, crash: Restart) -> None:
        """A template that cut a text in two."""
        sent = await house.send(tag="gate \ud83d")
        assert sent["tag"] == "gate ?"
        await house.wait(1)
        await crash(0)
        assert (await house.act("get_commands"))[0]["tag"] == "gate ?"


def finished(number: int, finished_at: float, target: str = GATE) -> dict[str, Any]:
    """Return the record of a command that has ended."""
    command = a_command(
        number,
        target=target,
        tracking_id=f"01AAAAAAAAAAAAAAAAAAA{number:05}",
        state=CommandState.SUCCESS,
        phase=Phase.TAKEN,
        finished_at=finished_at,
    )
    return to_plain(command)


def as_history(records: Iterable[dict[str, Any]]) -> str:
    """Return a history."""
    return "".join(f"{json.dumps(line)}\n" for line in ({"version": 1}, *records))


async def known(house: House) -> list[str]:
    """Return the ends of the tracking ids that are known, the newest first."""
    records = await house.act("get_commands", limit=10_000)
    return [record["tracking_id"][-2:] for record in records]


class TestKept:
    """How long finished commands stay."""

    async def test_the_oldest_go_after_a_week(self, house_in_planning: House, disk: Disk) -> None:
        """The newest of every target stays, however old it is."""
        now = house_in_planning.freezer().timestamp()
        days = [30.0, 20.0, 7.1, 6.9, 0.0]
        records = [finished(i, now - day * DAY) for i, day in enumerate(days)]
        garage = [finished(i, now - 40 * DAY, GARAGE) for i in (11, 12)]
        disk.write(".history", as_history([*garage, *records]))
        await house_in_planning.load()
        assert await known(house_in_planning) == ["12", "04", "03"]
        assert house_in_planning.state("sensor.garage_last_command").state == "success"

    async def test_the_user_may_keep_them_longer(
        self, house_in_planning: House, disk: Disk
    ) -> None:
        """Up to a quarter of a year."""
        now = house_in_planning.freezer().timestamp()
        records = [finished(i, now - day * DAY) for i, day in enumerate([31.0, 29.0, 0.0])]
        disk.write(".history", as_history(records))
        house_in_planning.hass.config_entries.async_update_entry(
            house_in_planning.entry, options={CONF_KEEP_FINISHED: 30}
        )
        await house_in_planning.load()
        assert await known(house_in_planning) == ["02", "01"]

    async def test_they_go_while_home_assistant_runs(self, house: House) -> None:
        """Not only at a restart."""
        await house.send()
        await house.send(target=GARAGE)
        await house.wait(1)
        house.freezer.tick(8 * DAY)
        await house.send()
        await house.wait(1)
        records = await house.act("get_commands")
        assert [record["target"] for record in records] == [GATE, GARAGE]

    async def test_there_are_never_too_many(self, house_in_planning: House, disk: Disk) -> None:
        """The newest of every target stays beside them."""
        now = house_in_planning.freezer().timestamp()
        records = [finished(i, now) for i in range(1, MAX_FINISHED + 501)]
        disk.write(".history", as_history([finished(0, now, GARAGE), *records]))
        await house_in_planning.load()
        ids = await house_in_planning.act("get_commands", limit=10_000)
        assert len(ids) == MAX_FINISHED + 1
        assert [record["target"] for record in ids[-2:]] == [GATE, GARAGE]

    async def test_open_commands_do_not_count(self, house_in_planning: House, disk: Disk) -> None:
        """They are never forgotten."""
        now = house_in_planning.freezer().timestamp()
        disk.write(".history", as_history(finished(i, now) for i in range(MAX_FINISHED)))
        await house_in_planning.load()
        house_in_planning.cloud.script(after=None)
        await house_in_planning.send(target=GARAGE, timeout=30 * 60)
        house_in_planning.freezer.tick(10 * 60)
        await house_in_planning.settle()
        assert len(await house_in_planning.act("get_commands", limit=10_000)) == MAX_FINISHED + 1

    @pytest.fixture
    async def long_house(self, house_in_planning: House, disk: Disk) -> House:
        """Return a house whose history has far more lines than commands."""
        now = house_in_planning.freezer().timestamp()
        lines = [finished(1, now)] * (SPARE_LINES + 10)
        disk.write(".history", as_history(lines))
        await house_in_planning.load()
        return house_in_planning

    async def test_the_file_does_not_grow_for_ever(self, long_house: House, disk: Disk) -> None:
        """It is written anew when that is worth it."""
        await long_house.send()
        await long_house.wait(1)
        assert len(disk.history) == 2
        await long_house.reload()
        assert len(await long_house.act("get_commands")) == 2
        assert len(long_house.announced) == 1

    async def test_an_outcome_that_was_not_announced_is_not_in_it(
        self, long_house: House, disk: Disk
    ) -> None:
        """What the history holds counts as announced, so a crash would swallow it."""
        house = long_house
        await house.send()
        assert house.outcomes() == ["success"]
        house.cloud.script(after=1)
        slow = await house.send(target=GARAGE)
        with house.slow_disk() as go_on:
            house.freezer.tick(3)
            await house.go_by(0.5)
            await until(lambda: house.coordinator.tracker.pending("account") == 0)
            await until(lambda: len(disk.history) < SPARE_LINES)
            assert slow["tracking_id"] not in {line["tracking_id"] for line in disk.history}
            files = disk.files()
            go_on.set()
            await house.settle()
        await house.hass.config_entries.async_unload(house.entry.entry_id)
        disk.put(files)
        house.announced.clear()
        await house.load()
        await house.wait(3)
        assert slow["tracking_id"] in {event.data["tracking_id"] for event in house.announced}
