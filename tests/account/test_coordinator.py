"""The shell: what is sent, asked, saved and announced, and in which order."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
import logging
import time
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.command_status.account.unknown_words import UnknownWords
from custom_components.command_status.const import DOMAIN
from custom_components.command_status.providers.errors import ProviderBusyError
from custom_components.command_status.tracking import CommandState, Observation
from simulators.clock import ManualClock
from simulators.wlte import Script, WlteSimulator
from simulators.wlte.world import Relay

from ..house import GARAGE, GATE, LIGHT, PUMP, House, full_disk
from ..obliging import ObligingProvider

OURS = "custom_components.command_status"

HOUR = 3600.0


def statuses(cloud: WlteSimulator, label: str) -> list[int]:
    """Return what the cloud answered to requests of one kind."""
    return [request.status for request in cloud.log.select(label)]


def warnings(caplog: pytest.LogCaptureFixture, level: int = logging.WARNING) -> list[str]:
    """Return what we have logged that a user is to see."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name == OURS and record.levelno >= level
    ]


def reauths(house: House) -> int:
    """Return how many sign-ins the user is asked for."""
    flows = house.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return sum(flow["context"]["source"] == SOURCE_REAUTH for flow in flows)


async def send_all(house: House, *targets: str, **data: Any) -> list[str]:
    """Send to several targets at once and return the tracking ids."""
    records = await house.during(
        house.act(
            "send_command",
            config_entry_id=house.entry.entry_id,
            target=list(targets),
            command="ON",
            **data,
        )
    )
    return [record["tracking_id"] for record in records]


def extra(count: int) -> list[str]:
    """Return the targets of so many extra devices."""
    return [f"dev-x{number:05}/1" for number in range(1, count + 1)]


class TestOrder:
    """What comes first: the disk, then the cloud; the disk, then the world."""

    async def test_nothing_is_sent_before_it_is_on_disk(self, house: House) -> None:
        """After a power cut it must be known what may have been sent."""
        with house.slow_disk() as go_on:
            call = asyncio.create_task(house.send())
            await house.go_by(1)
            assert house.cloud.counts["create"] == 0
            assert house.state("sensor.gate_relay_1_last_command").state == "unknown"
            go_on.set()
            assert (await call)["state"] == "success"
        assert house.cloud.counts["create"] == 1

    async def test_a_command_and_its_sending_share_one_write(self, house: House) -> None:
        """A disk is slow; one write before the request is enough."""
        with house.count_saves() as saves:
            house.cloud.script(outcome="SUCCESS", after=None)
            await house.send()
            await house.settle()
        # One before it is sent, one for the id that the cloud gave it.
        assert len(saves) == 2

    async def test_no_outcome_is_announced_before_it_is_on_disk(self, house: House) -> None:
        """Or a crash would take back what automations have acted upon."""
        house.cloud.script(outcome="SUCCESS", after=2.0)
        sent = await house.send()
        states = house.watch("sensor.gate_relay_1_last_command", "sensor.my_gate_pending_commands")
        with house.slow_disk() as go_on:
            await house.go_by(3)
            assert house.coordinator.tracker.unannounced
            assert (states, house.outcomes()) == ([], [])
            assert (await house.record(sent["tracking_id"]))["state"] == "sent"
            go_on.set()
            await house.settle()
        assert (states, house.outcomes()) == (["0", "success"], ["success"])

    async def test_every_command_is_seen_as_queued_first(self, house: House) -> None:
        """Two equal outcomes in a row are two changes, so that an automation sees both."""
        states = house.watch("sensor.gate_relay_1_last_command")
        await house.send()
        await house.wait(4)
        await house.send()
        assert states == ["queued", "success", "queued", "success"]

    async def test_a_correction_waits_for_its_own_write(self, house: House) -> None:
        """It came while the time-out was being written down, so that comes first."""
        house.cloud.script(outcome="SUCCESS", after=34.0)
        await house.send(timeout=5)
        tracker = house.coordinator.tracker
        states = house.watch("sensor.gate_relay_1_last_command")
        with house.slow_disk() as go_on:
            await house.go_by(36)
            assert all(command.late for command in tracker)
            assert house.outcomes() == []
            go_on.set()
            await house.settle()
        assert [(e.data["state"], e.data["late"]) for e in house.announced] == [
            ("timeout", False),
            ("success", True),
        ]
        assert states == ["timeout", "success"]

    async def test_commands_accepted_later_have_greater_ids(self, house: House) -> None:
        """Newest means last accepted, also when the clock stands still."""
        ids = await send_all(house, GARAGE, GATE, LIGHT)
        ids += await send_all(house, GARAGE)
        assert ids == sorted(ids)
        assert len(set(ids)) == 4

    async def test_a_command_that_is_forgotten_before_it_is_on_disk_is_not_sent(
        self, house: House
    ) -> None:
        """Nobody wants it any more, and it has certainly not left."""
        states = house.watch("sensor.gate_relay_1_last_command")
        with house.slow_disk() as go_on:
            call = asyncio.create_task(house.send())
            await house.go_by(1)
            (command,) = house.coordinator.tracker
            forget = asyncio.create_task(
                house.order("forget_command", tracking_id=command.tracking_id)
            )
            await house.go_by(1)
            go_on.set()
            await forget
        with pytest.raises(HomeAssistantError):
            await call
        await house.settle()
        assert (house.cloud.counts["create"], states) == (0, [])

    async def test_a_window_that_ends_before_the_command_is_on_disk_is_an_end(
        self, house: House
    ) -> None:
        """Nothing is sent after its window, however slow the disk."""
        states = house.watch("sensor.gate_relay_1_last_command")
        with house.slow_disk() as go_on:
            call = asyncio.create_task(house.send(timeout=5))
            await house.go_by(8)
            go_on.set()
            record = await call
        assert (record["state"], record["reason"]) == ("failure", "not_sent")
        assert (house.cloud.counts["create"], states) == (0, ["queued", "failure"])

    @pytest.mark.parametrize("disk", [nullcontext, full_disk])
    async def test_a_script_that_is_stopped_while_the_disk_is_slow_changes_nothing(
        self, house: House, disk: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """The command was accepted; it is sent as soon as it is on disk."""
        with house.slow_disk() as go_on:
            call = asyncio.create_task(house.send())
            await house.go_by(1)
            call.cancel()
            with disk():
                go_on.set()
                await house.settle()
        await house.wait(6)
        assert house.outcomes() == ["success"]

    async def test_a_command_of_someone_else_is_seen_as_queued_first_on_a_slow_disk(
        self, house: House
    ) -> None:
        """Also when the cloud has more to say before the disk has."""
        states = house.watch("sensor.gate_relay_1_last_command")
        house.cloud.issue("dev-7", {1: "ON"}, after=60.0)
        with house.slow_disk() as go_on:
            call = asyncio.create_task(
                house.act("track_command", config_entry_id="gate-account", command_id="cmd-1")
            )
            await house.go_by(4)
            assert [command.state for command in house.coordinator.tracker] == [CommandState.SENT]
            go_on.set()
            await call
        await house.settle()
        assert states == ["queued", "sent"]

    async def test_a_new_command_need_not_wait_for_the_outcomes_of_others(
        self, house: House
    ) -> None:
        """Outcomes are collected for a while before they are written; a gate is not."""
        house.cloud.configure({"extra_devices": 40})
        await house.coordinator.async_refresh()
        house.cloud.script(outcome="SUCCESS", after=None)
        await send_all(house, *extra(40))
        before = house.coordinator.now
        assert (await house.send())["state"] == "sent"
        assert house.coordinator.now == before

    async def test_outcomes_that_come_together_share_writes(self, house: House) -> None:
        """A memory card does not live for ever."""
        house.cloud.configure({"extra_devices": 40})
        await house.coordinator.async_refresh()
        house.cloud.script(outcome="SUCCESS", after=4.0)
        await send_all(house, *extra(40))
        with house.count_saves() as saves:
            await house.wait(20, step=0.25)
        assert house.outcomes() == ["success"] * 40
        assert len(saves) <= 12

    async def test_a_crowd_that_has_gone_holds_up_nobody(self, house: House) -> None:
        """Outcomes are collected for longer, the more commands are open; but not for ever."""
        house.cloud.configure({"extra_devices": 40})
        await house.coordinator.async_refresh()
        house.cloud.script(outcome="SUCCESS", after=4.0)
        await send_all(house, *extra(40))
        house.cloud.script(after=None)
        await send_all(house, GARAGE, PUMP, timeout=600)
        await house.wait(20, step=0.25)
        house.cloud.script(outcome="SUCCESS", after=1.0)
        await house.send(target=GATE)
        await house.wait(3, step=0.25)
        assert house.outcomes() == ["success"] * 41

    async def test_an_entity_that_cannot_show_the_news_holds_up_nobody(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Least of all the announcement."""

        def fail() -> None:
            raise ValueError

        remove = house.coordinator.async_add_listener(fail, "target:dev-7/1")
        record = await house.send()
        assert (record["state"], house.outcomes()) == ("success", ["success"])
        assert "An entity could not show the news" in caplog.text
        remove()


class TestFullDisk:
    """While the disk refuses, nothing is sent, but what ends is told."""

    async def test_outcomes_are_announced_at_once(self, house: House) -> None:
        """They may be repeated after a restart, which is better than never."""
        house.cloud.script(outcome="SUCCESS", after=2.0)
        await house.send()
        with full_disk():
            await house.wait(3)
            assert house.outcomes() == ["success"]
            assert house.issue("not_saved") is not None
            await house.wait(20)
            assert house.coordinator.tracker.unarchived
        await house.wait(6)
        assert house.outcomes() == ["success"]
        assert house.issue("not_saved") is None
        assert not house.coordinator.tracker.unarchived

    async def test_what_waits_in_the_queue_is_sent_when_the_disk_is_back(
        self, house: House
    ) -> None:
        """It was accepted while the disk still took it."""
        await house.send()
        queued = await house.send()
        with full_disk():
            await house.wait(10)
            assert house.cloud.counts["create"] == 1
        await house.wait(6)
        assert (await house.record(queued["tracking_id"]))["state"] == "success"

    async def test_what_could_not_be_sent_in_its_window_has_failed(self, house: House) -> None:
        """It is told so, although the disk still refuses."""
        await house.send()
        queued = await house.send(timeout=10)
        with full_disk():
            await house.wait(12)
            record = await house.record(queued["tracking_id"])
        assert (record["state"], record["reason"]) == ("failure", "not_sent")
        assert house.outcomes() == ["success", "failure"]
        assert house.cloud.counts["create"] == 1

    async def test_a_window_that_ends_while_the_disk_is_slow_is_an_end(self, house: House) -> None:
        """The command was on its way out, and never left."""
        await house.send()
        queued = await house.send(timeout=5)
        with house.slow_disk() as go_on, full_disk():
            await house.go_by(8)
            go_on.set()
            await house.settle()
            record = await house.record(queued["tracking_id"])
        assert (record["state"], record["reason"]) == ("failure", "not_sent")
        assert house.cloud.counts["create"] == 1

    async def test_what_was_never_on_disk_is_seen_as_queued_before_it_has_failed(
        self, house: House
    ) -> None:
        """Nobody waits for it any more, but its end is told, and that is a change."""
        states = house.watch("sensor.gate_relay_1_last_command")
        with full_disk():
            with house.slow_disk() as go_on:
                call = asyncio.create_task(house.send(timeout=5))
                await house.go_by(1)
                call.cancel()
                go_on.set()
                await house.settle()
            await house.wait(6)
        assert (states, house.outcomes()) == (["queued", "failure"], ["failure"])
        assert house.cloud.counts["create"] == 0

    async def test_a_record_that_cannot_be_forgotten_for_good_is_an_error(
        self, house: House
    ) -> None:
        """After a restart it would be back."""
        sent = await house.send()
        with full_disk(), pytest.raises(HomeAssistantError) as raised:
            await house.order("forget_command", tracking_id=sent["tracking_id"])
        assert raised.value.translation_key == "not_saved"

    async def test_an_account_can_be_unloaded(self, house: House) -> None:
        """A disk that is full must not keep Home Assistant from stopping."""
        house.cloud.script(outcome="SUCCESS", after=2.0)
        await house.send()
        with full_disk():
            await house.wait(3)
            assert await house.hass.config_entries.async_unload(house.entry.entry_id)


class TestWindows:
    """How long the user waits, and what is learned later."""

    async def test_a_late_outcome_corrects_a_timeout(self, house: House) -> None:
        """Nobody had confirmed in time; now somebody has."""
        house.cloud.script(outcome="SUCCESS", after=100.0)
        sent = await house.send(timeout=20)
        await house.wait(21)
        record = await house.record(sent["tracking_id"])
        assert (record["state"], record["late"], record["reason"]) == ("timeout", False, None)
        await house.wait(95, step=1)
        record = await house.record(sent["tracking_id"])
        assert (record["state"], record["late"]) == ("success", True)
        assert [(e.data["state"], e.data["late"]) for e in house.announced] == [
            ("timeout", False),
            ("success", True),
        ]
        assert house.state("sensor.gate_relay_1_last_command").attributes["late"] is True

    async def test_a_late_outcome_is_looked_for_every_30_s_for_10_minutes(
        self, house: House
    ) -> None:
        """After that nobody cares, and nothing is asked any more."""
        house.cloud.script(outcome="SUCCESS", after=None)
        await house.send(timeout=5)
        await house.wait(5)
        house.cloud.log.clear()
        await house.wait(HOUR, step=10)
        assert len(house.cloud.log.select("status")) == 20
        assert set(house.cloud.log.gaps("status")) == {30.0}
        assert house.coordinator.tracker.is_idle

    async def test_wltes_own_timeout_is_its_last_word(self, house: House) -> None:
        """It is documented as final, so it is not asked for again."""
        house.cloud.script(outcome="TIMEOUT", after=3.0)
        sent = await house.send()
        await house.wait(6)
        assert (await house.record(sent["tracking_id"]))["state"] == "timeout"
        house.cloud.log.clear()
        await house.wait(900, step=30)
        assert house.cloud.counts["status"] == 0

    async def test_wltes_timeout_after_ours_is_no_news(self, house: House) -> None:
        """Only the provider's own word changes."""
        house.cloud.script(outcome="TIMEOUT", after=20.0)
        sent = await house.send(timeout=5)
        await house.wait(40)
        record = await house.record(sent["tracking_id"])
        assert (record["state"], record["provider_state"], record["late"]) == (
            "timeout",
            "TIMEOUT",
            False,
        )
        assert house.outcomes() == ["timeout"]
        assert (
            house.state("sensor.gate_relay_1_last_command").attributes["provider_state"]
            == "TIMEOUT"
        )

    async def test_what_was_not_sent_in_its_window_is_never_sent(self, house: House) -> None:
        """The relay rests for 3 s after each switching, so the third of three comes too late."""
        sent = [await house.send(timeout=5) for _ in range(3)]
        await house.wait(20)
        last = await house.record(sent[-1]["tracking_id"])
        assert (last["state"], last["reason"], last["duration"]) == ("failure", "not_sent", 5.0)
        assert len(house.cloud.switched("dev-7", 1)) == 2

    async def test_a_window_that_ended_while_the_machine_slept_is_asked_about_once_more(
        self, house: House
    ) -> None:
        """The gate did move; only we were not there to hear it."""
        house.cloud.script(outcome="SUCCESS", after=5.0)
        await house.send()
        house.freezer.tick(HOUR)
        await house.settle()
        assert house.outcomes() == ["success"]

    async def test_a_clock_that_is_set_moves_the_windows_along(self, house: House) -> None:
        """A Raspberry Pi learns the time from the network some minutes after its start."""
        house.cloud.script(outcome="SUCCESS", after=None)
        sent = await house.send(timeout=60)
        standing = time.time() - 1e9
        house.freezer.tick(HOUR)
        with patch(f"{OURS}.account.clock.uptime", lambda: standing):
            await house.settle()
            record = await house.record(sent["tracking_id"])
            assert record["state"] == "sent"
            assert record["created_at"] > sent["deadline"]

    async def test_a_clock_that_is_set_back_does_not_hold_up_the_disk(self, house: House) -> None:
        """What was to be tried in 5 s is not tried in an hour."""
        house.cloud.script(outcome="SUCCESS", after=1.0)
        await house.send()
        with full_disk():
            await house.wait(3)
        assert house.issue("not_saved") is not None
        standing = time.time() - 1e9
        house.freezer.tick(-HOUR)
        with patch(f"{OURS}.account.clock.uptime", lambda: standing + 6):
            house.coordinator._pump()
            await house.settle()
            assert house.issue("not_saved") is None


class TestLimits:
    """The cloud's documented limits are kept, rather than found out."""

    async def test_a_relay_rests_for_3_s(self, house: House) -> None:
        """Four switchings of one relay take 9 s, and none of them is refused."""
        for _ in range(4):
            await house.send(command="ON")
        await house.wait(12, step=0.25)
        assert all(gap >= 3 for gap in house.cloud.log.gaps("create"))
        assert statuses(house.cloud, "create") == [202] * 4
        assert not house.cloud.limits.breaches

    async def test_a_device_takes_10_commands_in_10_s(self, house: House) -> None:
        """The eleventh and twelfth wait, and none of them is refused."""
        house.cloud.devices["dev-7"].relays = {number: Relay(number) for number in range(1, 13)}
        await house.coordinator.async_refresh()
        await send_all(house, *(f"dev-7/{number}" for number in range(1, 13)))
        assert house.cloud.counts["create"] == 10
        await house.wait(12)
        assert statuses(house.cloud, "create") == [202] * 12
        assert not house.cloud.limits.breaches
        assert house.outcomes() == ["success"] * 12

    async def test_with_many_open_commands_each_is_asked_less_often(self, house: House) -> None:
        """At most 5 requests a second for all of them together, and every one has its turn."""
        house.cloud.configure({"extra_devices": 50})
        await house.coordinator.async_refresh()
        house.cloud.script(outcome="SUCCESS", after=None)
        await send_all(house, *extra(50), timeout=600)
        house.cloud.log.clear()
        await house.wait(30, step=0.25)
        asked = Counter(request.path for request in house.cloud.log.select("status"))
        assert house.cloud.log.most_per_second["status"] <= 5
        assert len(asked) == 50
        assert max(asked.values()) - min(asked.values()) <= 1
        assert asked.total() >= 100

    async def test_at_most_4_status_requests_run_at_once(
        self, house: House, nap: ManualClock
    ) -> None:
        """A slow cloud gets no slower by us."""
        house.cloud.configure({"extra_devices": 10})
        await house.coordinator.async_refresh()
        house.cloud.script(outcome="SUCCESS", after=None)
        await send_all(house, *extra(10))
        house.cloud.faults.add("delay", "status", delay=1.0, times=None)
        for _ in range(4):
            await house.go_by(2)
        await house.cloud.log.until(4, "status")
        assert house.cloud.counts["status"] == 4
        for _ in range(5):
            nap.advance(1.0)
            await house.go_by(1)
        assert house.cloud.log.most_at_once["status"] == 4
        assert house.cloud.counts["status"] > 4
        house.cloud.faults.clear()
        nap.advance(1.0)

    async def test_nothing_open_means_no_request(self, house: House) -> None:
        """But for the list of targets every 6 hours, and the token that it needs."""
        await house.send()
        await house.settle()
        house.cloud.log.clear()
        await house.wait(24 * HOUR, step=600)
        assert house.cloud.log.counts == {"devices": 4, "token": 4}
        assert all(gap >= 6 * HOUR - 1 for gap in house.cloud.log.gaps("devices"))


class TestLostAnswers:
    """Nobody knows whether the command was taken."""

    async def test_the_same_key_is_sent_again_and_one_relay_switches_once(
        self, house: House
    ) -> None:
        """With its Idempotency-Key a repeat is the same command."""
        house.cloud.faults.add("drop", "create", times=2)
        sent = await house.send()
        await house.wait(12)
        keys = {r.headers["Idempotency-Key"] for r in house.cloud.log.select("create")}
        assert keys == {sent["tracking_id"]}
        assert house.cloud.counts["create"] == 3
        assert len(house.cloud.switched("dev-7", 1)) == 1
        assert house.outcomes() == ["success"]

    async def test_nothing_is_tried_again_after_a_minute(self, house: House) -> None:
        """A gate must not open out of the blue, however long the window is."""
        house.cloud.faults.add("drop", "create", times=None)
        sent = await house.send(timeout=600)
        await house.wait(120, step=1)
        record = await house.record(sent["tracking_id"])
        assert (record["state"], record["reason"]) == ("lost", "no_answer")
        times = [request.time for request in house.cloud.log.select("create")]
        assert times[-1] - times[0] < 60

    async def test_what_goes_wrong_in_our_own_code_is_a_lost_answer(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Whether the request went out is not known, so the command is neither sent nor not."""
        with patch.object(house.coordinator.provider, "submit", side_effect=RuntimeError("oops")):
            record = await house.send()
        assert record["state"] == "queued"
        assert "Unexpected error while sending" in caplog.text
        await house.wait(4)
        assert house.outcomes() == ["success"]

    async def test_where_commands_can_be_looked_up_they_are_not_sent_again(
        self, obliging_house: House
    ) -> None:
        """Some clouds know no key under which a repeat is the same command."""
        house = obliging_house
        house.cloud.faults.add("drop", "create")
        sent = await house.send()
        provider = house.coordinator.provider
        assert isinstance(provider, ObligingProvider)
        provider.found[sent["tracking_id"]] = Observation(
            state=CommandState.SENT, command_id="cmd-1"
        )
        await house.wait(8)
        assert house.outcomes() == ["success"]
        assert house.cloud.counts["create"] == 1

    async def test_what_is_not_found_is_lost(self, obliging_house: House) -> None:
        """It was looked for often enough."""
        house = obliging_house
        house.cloud.faults.add("drop", "create")
        await house.send()
        await house.wait(10)
        assert house.outcomes() == ["lost"]
        assert house.cloud.counts["create"] == 1

    async def test_a_connection_that_never_was_is_a_failure(self, house: House) -> None:
        """The command has certainly not been taken."""
        await house.cloud.stop()
        record = await house.send()
        assert (record["state"], record["reason"]) == ("failure", "cannot_connect")

    async def test_a_busy_device_is_tried_again(self, house: House) -> None:
        """After the pause that the provider's policy names, where the cloud names none."""
        busy = ProviderBusyError("busy")
        with patch.object(house.coordinator.provider, "submit", side_effect=busy):
            record = await house.send()
            assert (record["state"], record["reason"]) == ("queued", "busy")
            await house.wait(4)
        await house.wait(2)
        assert house.outcomes() == ["success"]

    async def test_a_device_that_stays_busy_fails_with_that_reason(self, house: House) -> None:
        """It was certainly never taken."""
        busy = ProviderBusyError("busy")
        with patch.object(house.coordinator.provider, "submit", side_effect=busy):
            sent = await house.send(timeout=12)
            await house.wait(14)
        record = await house.record(sent["tracking_id"])
        assert (record["state"], record["reason"]) == ("failure", "busy")


class TestRetryAfter:
    """429: the cloud says when it wants to be asked again."""

    async def test_it_is_obeyed_when_sending(self, house: House) -> None:
        """To the second, and the command is then taken."""
        house.cloud.faults.add("status", "create", status=429, headers={"Retry-After": "7"})
        record = await house.send()
        assert (record["state"], record["reason"]) == ("queued", "rate_limited")
        await house.wait(6.5)
        assert house.cloud.counts["create"] == 1
        await house.wait(1)
        assert house.cloud.log.gaps("create") == [7.0]
        assert house.outcomes() == ["success"]

    async def test_it_is_obeyed_when_asking(self, house: House) -> None:
        """For the whole account."""
        house.cloud.script(outcome="SUCCESS", after=3.0)
        await house.send()
        house.cloud.faults.add("status", "status", status=429, headers={"Retry-After": "11"})
        await house.wait(13)
        assert house.cloud.counts["status"] == 1
        await house.wait(2)
        assert house.cloud.log.gaps("status") == [11.0]
        assert house.outcomes() == ["success"]

    async def test_without_it_the_pauses_grow_from_small(self, house: House) -> None:
        """A cloud that had enough for a moment costs nobody his window."""
        house.cloud.script(outcome="SUCCESS", after=3.0)
        await house.send()
        house.cloud.faults.add("status", "status", status=429, times=4)
        await house.wait(40)
        *gaps, last = house.cloud.log.gaps("status")
        assert gaps == sorted(gaps)
        assert last >= 8.0

    async def test_questions_that_are_ready_wait_as_well(self, obliging_house: House) -> None:
        """Where commands are asked about together, the next question is often made already."""
        house = obliging_house
        coordinator = house.coordinator
        policy = coordinator.description.policy
        together = replace(policy, cadence=replace(policy.cadence, together=True))
        coordinator._parts.description = replace(coordinator.description, policy=together)
        house.cloud.configure({"extra_devices": 8})
        await coordinator.async_refresh()
        house.cloud.script(outcome="SUCCESS", after=1.0)
        await send_all(house, *extra(8))
        house.cloud.faults.add("status", "status", status=429, headers={"Retry-After": "9"})
        await house.wait(9)
        assert house.cloud.counts["status"] == 4  # which were under way together
        await house.wait(4)
        assert house.outcomes() == ["success"] * 8

    async def test_a_command_fails_when_the_wait_is_too_long(self, house: House) -> None:
        """It was certainly not taken, and it is not tried again after a minute."""
        house.cloud.faults.add("status", "create", status=429, headers={"Retry-After": "90"})
        record = await house.send(timeout=600)
        assert (record["state"], record["reason"]) == ("failure", "rate_limited")


class TestTrouble:
    """A cloud that has a bad day."""

    async def test_a_flood_of_5xx_is_met_with_patience_and_two_lines(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        """One when it goes, one when it is back; and the command is still open then."""
        house.cloud.script(outcome="SUCCESS", after=5.0)
        await house.send(timeout=HOUR)
        flood = house.cloud.faults.add("status", "status", status=503, times=None)
        caplog.clear()
        await house.wait(600, step=1)
        assert house.cloud.counts["status"] < 25
        assert house.state("binary_sensor.my_gate_connection").state == "off"
        house.cloud.faults.remove(flood)
        await house.wait(60, step=1)
        assert house.outcomes() == ["success"]
        assert house.state("binary_sensor.my_gate_connection").state == "on"
        assert warnings(caplog, logging.INFO) == [
            "My gate cannot be asked: HTTP 503",
            "My gate answers again",
        ]

    async def test_a_flood_of_5xx_is_met_with_patience_by_all_commands_together(
        self, house: House
    ) -> None:
        """What the cloud did not tell about one, it will not tell about the others now."""
        house.cloud.configure({"extra_devices": 10})
        await house.coordinator.async_refresh()
        house.cloud.script(outcome="SUCCESS", after=5.0)
        await send_all(house, *extra(10), timeout=HOUR)
        flood = house.cloud.faults.add("status", "status", status=503, times=None)
        await house.wait(120, step=1)
        assert house.cloud.counts["status"] < 50
        house.cloud.faults.remove(flood)
        await house.wait(70, step=1)
        assert house.outcomes() == ["success"] * 10

    @pytest.mark.parametrize("fault", ["html", "garbage", "huge", "reset", "cut"])
    async def test_what_is_no_answer_leaves_the_command_open(
        self, house: House, fault: str
    ) -> None:
        """A failed status request is not a failed command."""
        house.cloud.script(outcome="SUCCESS", after=1.0)
        sent = await house.send()
        house.cloud.faults.add(fault, "status", times=2)
        await house.wait(3)
        assert (await house.record(sent["tracking_id"]))["state"] == "sent"
        await house.wait(8)
        assert house.outcomes() == ["success"]

    async def test_a_long_answer_is_read_to_its_end(self, obliging_house: House) -> None:
        """Some clouds answer in pages; what a page does not say may be on the next."""
        house = obliging_house
        provider = house.coordinator.provider
        assert isinstance(provider, ObligingProvider)
        provider.pages = 3
        house.cloud.script(outcome="SUCCESS", after=1.0)
        await house.send()
        await house.wait(3)
        assert house.cloud.counts["status"] == 3
        assert house.outcomes() == ["success"]

    async def test_an_answer_without_a_status_leaves_the_command_open(self, house: House) -> None:
        """It says nothing about the command, though the cloud is well."""
        house.cloud.script(Script(after=None, show_status=False))
        sent = await house.send()
        await house.wait(20)
        record = await house.record(sent["tracking_id"])
        assert (record["state"], record["final"]) == ("sent", False)
        assert record["polls"] > 1
        assert house.state("binary_sensor.my_gate_connection").state == "on"

    async def test_an_unknown_word_keeps_the_command_open_and_is_logged_once(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Clouds learn new words; whoever reads the log may report it."""
        house.cloud.script(meanwhile="PONDERING", after=15.0)
        await house.send()
        await house.wait(10)
        sensor = house.state("sensor.gate_relay_1_last_command")
        assert (sensor.state, sensor.attributes["provider_state"]) == ("queued", "PONDERING")
        await house.wait(8)
        assert house.outcomes() == ["success"]
        assert warnings(caplog) == [
            "WLTE says 'PONDERING' about a command, which is not known here; please report it"
        ]

    async def test_a_cloud_that_makes_up_words_does_not_fill_the_log(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Twenty are enough for a report; after the next load they are told again."""
        for _ in range(2):
            caplog.clear()
            words = UnknownWords(lambda: "WLTE")
            for number in [*range(30), *range(30)]:
                words.note(Observation(provider_state=f"WORD {number}"))
                words.note(Observation(state=CommandState.SENT, provider_state="SENT"))
            told = [text.partition(" about ")[0] for text in warnings(caplog)]
            assert told == [f"WLTE says 'WORD {number}'" for number in range(20)]

    async def test_a_command_that_the_cloud_forgets_is_lost(self, house: House) -> None:
        """What became of it cannot be known any more."""
        house.cloud.script(after=None, forget_after=5.0)
        sent = await house.send()
        await house.wait(8)
        record = await house.record(sent["tracking_id"])
        assert (record["state"], record["final"]) == ("lost", True)
        assert record["reason"] == "the provider does not know the command any more"

    async def test_what_goes_wrong_in_our_own_code_leaves_the_command_open(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        """It is logged, with the trace, and asked again."""
        house.cloud.script(outcome="SUCCESS", after=1.0)
        await house.send()
        with patch.object(house.coordinator.provider, "check", side_effect=RuntimeError("oops")):
            await house.wait(3)
        assert "Unexpected error while asking for an outcome" in caplog.text
        await house.wait(5)
        assert house.outcomes() == ["success"]

    @pytest.mark.parametrize(
        ("status", "issue"), [(406, "client_blocked"), (426, "update_required")]
    )
    async def test_a_cloud_that_refuses_our_kind_is_an_issue_until_it_answers(
        self, house: House, status: int, issue: str
    ) -> None:
        """Only the user can do something about it, and the command stays open."""
        house.cloud.script(outcome="SUCCESS", after=1.0)
        await house.send()
        house.cloud.faults.add("status", "status", status=status)
        await house.wait(3)
        assert house.issue(issue) is not None
        await house.wait(5)
        assert house.issue(issue) is None
        assert house.outcomes() == ["success"]


class TestRefusedCredentials:
    """The secret was changed at the cloud, in the middle of everything."""

    @pytest.fixture
    async def refused(self, house: House) -> House:
        """Return a house with an open command whose credentials have just been refused."""
        house.cloud.script(outcome="SUCCESS", after=30.0)
        await house.send()
        house.cloud.set_client(enabled=False)
        await house.wait(4)
        return house

    async def test_the_user_is_asked_once_and_the_cloud_no_more(self, refused: House) -> None:
        """A secret that is refused is never tried again."""
        assert reauths(refused) == 1
        refused.cloud.log.clear()
        await refused.wait(24 * HOUR, step=600)
        assert reauths(refused) == 1
        assert not refused.cloud.log.requests

    async def test_two_refusals_at_once_ask_the_user_once(self, house: House) -> None:
        """Both were under way when the secret was changed."""
        house.cloud.script(outcome="SUCCESS", after=30.0)
        await send_all(house, GATE, GARAGE)
        house.cloud.set_client(enabled=False)
        await house.wait(4)
        assert reauths(house) == 1
        assert house.cloud.counts["status"] == 2

    async def test_windows_go_on(self, refused: House) -> None:
        """What is not confirmed in time is a time-out, whoever is to blame."""
        await refused.wait(60, step=1)
        assert refused.outcomes() == ["timeout"]
        assert refused.state("binary_sensor.my_gate_connection").state == "off"

    async def test_new_commands_fail_without_a_request(self, refused: House) -> None:
        """They are certainly not sent."""
        before = len(refused.cloud.log.requests)
        record = await refused.during(refused.send(target=GARAGE))
        assert (record["state"], record["reason"]) == ("failure", "invalid_auth")
        assert len(refused.cloud.log.requests) == before

    async def test_after_a_reload_the_outcome_is_learned(self, refused: House) -> None:
        """The credentials are good again."""
        refused.cloud.set_client(enabled=True)
        await refused.reload()
        await refused.wait(40, step=1)
        assert refused.outcomes() == ["success"]


class TestOfflineTargets:
    """A device that the last list called offline."""

    async def test_it_is_commanded_all_the_same(self, house: House) -> None:
        """The list may be old."""
        house.cloud.set_device("dev-9", online=True)
        record = await house.send(target=PUMP)
        assert (record["state"], record["reason"]) == ("success", None)

    async def test_the_reason_of_a_failure_says_so(self, house: House) -> None:
        """It is the likely cause, and is said once."""
        record = await house.send(target=PUMP)
        assert (record["state"], record["reason"]) == ("failure", "device offline")

    async def test_the_reason_of_a_timeout_says_so(self, house: House) -> None:
        """It is the likely cause of that, too."""
        house.cloud.script(outcome="SUCCESS", after=None)
        sent = await house.send(target=PUMP, timeout=5)
        await house.wait(6)
        record = await house.record(sent["tracking_id"])
        assert (record["state"], record["reason"]) == ("timeout", "the target was offline")

    async def test_the_list_is_read_again_at_most_once_a_minute(self, house: House) -> None:
        """It tells whether the device is still offline."""
        await house.wait(61, step=1)
        house.cloud.log.clear()
        for _ in range(10):
            await house.send(target=PUMP)
            await house.wait(10, step=1)
        assert house.cloud.counts["devices"] == 2
        assert all(gap >= 60 for gap in house.cloud.log.gaps("devices"))

    async def test_an_online_target_that_fails_is_no_reason_to_read_it(self, house: House) -> None:
        """The list would tell nothing new."""
        await house.wait(61, step=1)
        house.cloud.log.clear()
        house.cloud.script(outcome="FAILED")
        await house.send()
        await house.settle()
        assert house.cloud.counts["devices"] == 0


class TestTargets:
    """The list of targets, and what leaves it."""

    async def test_a_list_that_cannot_be_read_changes_nothing(self, house: House) -> None:
        """Half a list, or none, says nothing about what exists."""
        house.cloud.faults.add("status", "devices", status=503)
        await house.coordinator.async_refresh()
        assert set(house.coordinator.data.targets) == {GATE, LIGHT, GARAGE, PUMP}
        assert house.state("sensor.gate_relay_1_last_command").state == "unknown"

    async def test_a_target_that_is_gone_for_6_hours_is_removed(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        """One list may be wrong; two that lie apart are believed. The log tells."""
        house.cloud.remove_device("dev-8")
        await house.coordinator.async_refresh()
        assert house.state("sensor.garage_last_command").state == "unavailable"
        await house.wait(12 * HOUR + 2, step=HOUR / 2)
        assert house.hass.states.get("sensor.garage_last_command") is None
        assert house.hass.states.get("event.garage_outcome") is None
        assert warnings(caplog, logging.INFO) == [
            "Garage relay 1 is no longer listed and was removed"
        ]

    async def test_it_stays_as_long_as_a_command_is_open(self, house: House) -> None:
        """Its outcome is to be told where it was asked for."""
        house.cloud.script(outcome="SUCCESS", after=None)
        await house.send(target=GARAGE, timeout=48 * HOUR)
        house.cloud.remove_device("dev-8")
        await house.coordinator.async_refresh()
        await house.wait(13 * HOUR, step=HOUR / 2)
        assert house.hass.states.get("sensor.garage_last_command") is not None

    async def test_a_target_that_comes_back_is_available_again(self, house: House) -> None:
        """As if nothing had happened."""
        garage = house.cloud.devices.pop("dev-8")
        await house.coordinator.async_refresh()
        house.cloud.devices["dev-8"] = garage
        await house.coordinator.async_refresh()
        assert house.state("sensor.garage_last_command").state == "unknown"

    async def test_without_a_first_list_the_account_is_not_ready(
        self, house_in_planning: House
    ) -> None:
        """There would be nothing to command; Home Assistant tries again by itself."""
        house = house_in_planning
        house.cloud.faults.add("status", "devices", status=503)
        assert not await house.load()
        assert house.entry.state is ConfigEntryState.SETUP_RETRY
        assert reauths(house) == 0

    async def test_without_good_credentials_for_a_first_list_the_user_is_asked(
        self, house_in_planning: House
    ) -> None:
        """Once."""
        house = house_in_planning
        house.cloud.set_client(enabled=False)
        assert not await house.load()
        assert house.entry.state is ConfigEntryState.SETUP_ERROR
        assert reauths(house) == 1

    async def test_only_chosen_devices_are_shown_where_there_may_be_thousands(
        self, house: House
    ) -> None:
        """All of them can be commanded all the same."""
        coordinator = house.coordinator
        description = replace(coordinator.description, chosen_devices=True)
        coordinator._parts.description = description
        chosen = replace(coordinator.settings, devices=frozenset({"dev-8"}))
        await coordinator.adoption.async_settings(chosen)
        assert set(coordinator.shown_targets) == {GARAGE}
        assert (await house.send())["state"] == "success"


class TestClosing:
    """An account that is unloaded."""

    async def test_a_request_that_sends_is_not_cut(self, house: House, nap: ManualClock) -> None:
        """Half a request is the one whose outcome nobody knows."""
        house.cloud.faults.add("delay", "create", delay=1.0)
        call = asyncio.create_task(house.send(wait=True))
        await house.cloud.log.until(1, "create")
        unload = asyncio.create_task(house.hass.config_entries.async_unload(house.entry.entry_id))
        await house.go_by(5)
        assert not unload.done()
        nap.advance(1.0)
        assert await unload
        await house.load()
        assert (await call)["state"] == "success"
        assert house.cloud.counts["create"] == 1

    async def test_it_is_waited_for_30_s(self, house: House) -> None:
        """After that it is up to the recovery, with the same key."""
        house.cloud.faults.add("silence", "create")
        call = asyncio.create_task(house.send(wait=True))
        await house.cloud.log.until(1, "create")
        unload = asyncio.create_task(house.hass.config_entries.async_unload(house.entry.entry_id))
        await house.go_by(24)
        assert not unload.done()
        await house.go_by(8)
        assert await unload
        await house.load()
        await house.wait(4)
        assert (await call)["state"] == "success"
        assert len({r.headers["Idempotency-Key"] for r in house.cloud.log.select("create")}) == 1

    async def test_it_is_cut_when_it_takes_too_long(self, house: House, nap: ManualClock) -> None:
        """A token took its time, and then the command does."""
        house.cloud.expire_tokens()
        house.cloud.faults.add("delay", "token", delay=1.0)
        house.cloud.faults.add("silence", "create", skip=1)
        call = asyncio.create_task(house.send(wait=True))
        await house.cloud.log.until(2, "token")
        unload = asyncio.create_task(house.hass.config_entries.async_unload(house.entry.entry_id))
        await house.go_by(20)
        nap.advance(1.0)
        await house.cloud.log.until(2, "create")
        await house.go_by(9)
        assert not unload.done()
        await house.go_by(2)
        assert await unload
        await house.load()
        await house.wait(4)
        assert (await call)["state"] == "success"
        assert len(house.cloud.switched("dev-7", 1)) == 1

    async def test_a_question_is_simply_dropped(self, house: House) -> None:
        """It can be asked again."""
        house.cloud.script(outcome="SUCCESS", after=1.0)
        await house.send()
        house.cloud.faults.add("silence", "status")
        await house.go_by(3)
        await house.cloud.log.until(1, "status")
        assert await house.reload()
        await house.wait(3)
        assert house.outcomes() == ["success"]

    async def test_nothing_is_announced_while_home_assistant_stops(self, house: House) -> None:
        """Automations do not listen any more; it is told after the next start."""
        house.cloud.script(outcome="SUCCESS", after=1.0)
        await house.send()
        house.hass.set_state(CoreState.stopping)
        await house.wait(3)
        assert house.outcomes() == []
        house.hass.set_state(CoreState.running)


class TestStart:
    """What happened while automations did not listen yet."""

    async def test_outcomes_wait_until_home_assistant_has_started(self, house: House) -> None:
        """Also across another reload; then they are told once."""
        house.cloud.script(outcome="SUCCESS", after=5.0, times=1)
        house.cloud.script(outcome="SUCCESS", after=70.0, times=1)
        await send_all(house, GATE, GARAGE, timeout=60)
        await house.wait(62, step=1)
        assert house.outcomes() == ["success", "timeout"]
        house.hass.set_state(CoreState.starting)
        await house.reload()
        house.cloud.script(outcome="SUCCESS", after=5.0, times=1)
        await house.during(house.send())
        await house.wait(60, step=1)
        await house.reload()
        assert house.outcomes() == ["success", "timeout"]
        assert house.state("sensor.gate_relay_1_last_command").state == "queued"
        assert house.state("sensor.garage_last_command").state == "timeout"
        assert house.state("sensor.my_gate_pending_commands").state == "1"
        house.hass.set_state(CoreState.running)
        house.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await house.settle()
        assert house.outcomes() == ["success", "timeout", "success", "success"]
        assert [event.data["late"] for event in house.announced] == [False, False, False, True]
        assert house.state("sensor.my_gate_pending_commands").state == "0"


class TestSilence:
    """Only what has changed is told."""

    async def test_a_poll_without_news_writes_no_state(self, house: House) -> None:
        """A database does not want to know that nothing has happened."""
        house.cloud.script(outcome="SUCCESS", after=None)
        await house.send()
        with house.count_writes() as written, house.count_saves() as saves:
            await house.wait(20)
        assert house.cloud.counts["status"] > 5
        assert (written, saves) == ([], [])

    async def test_news_of_one_relay_wakes_no_other(self, house: House) -> None:
        """An account may have a thousand of them."""
        with house.count_writes() as written:
            await house.send()
        assert set(written) == {
            "event.gate_relay_1_outcome",
            "event.my_gate_outcome",
            "sensor.gate_relay_1_last_command",
            "sensor.my_gate_last_command",
            "sensor.my_gate_pending_commands",
        }

    async def test_a_list_without_news_writes_no_state(self, house: House) -> None:
        """Every 6 hours."""
        with house.count_writes() as written:
            await house.coordinator.async_refresh()
        assert written == []
