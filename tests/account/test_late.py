"""Nothing goes out too late, and nothing is called a failure that may have happened."""

import asyncio
import time
from typing import Final
from unittest.mock import patch

import pytest

from custom_components.command_status.account.clock import Clock
from simulators.clock import ManualClock

from ..house import GATE, House

HOUR = 3600.0
UPTIME: Final = "custom_components.command_status.account.clock.uptime"


class TestDoubt:
    """The first request was carried out, and its answer was lost."""

    @pytest.mark.parametrize(
        ("kind", "details"),
        [
            ("status", {"status": 406}),
            ("status", {"status": 503}),
            ("html", {}),
            ("reset", {}),
            ("garbage", {}),
        ],
        ids=["blocked", "down", "portal", "reset", "garbage"],
    )
    async def test_whatever_happens_to_a_repeat_says_nothing_of_the_command(
        self, house: House, kind: str, details: dict[str, int]
    ) -> None:
        """The relay has switched; the next repeat tells so."""
        house.cloud.faults.add("drop", "create")
        house.cloud.faults.add(kind, "create", times=2, **details)
        await house.send()
        await house.wait(20)
        assert house.outcomes() == ["success"]
        assert len(house.cloud.switched("dev-7", 1)) == 1

    async def test_when_every_repeat_is_turned_away_it_is_lost(self, house: House) -> None:
        """It has switched, and nobody said so: that is no failure."""
        house.cloud.faults.add("drop", "create")
        house.cloud.faults.add("status", "create", status=406, times=None)
        sent = await house.send(timeout=30)
        await house.wait(40)
        record = await house.record(sent["tracking_id"])
        assert (record["state"], record["reason"]) == ("lost", "no_answer")

    async def test_a_reload_in_between_changes_nothing(self, house: House) -> None:
        """What may have been sent is repeated with its key, as long as it may be."""
        house.cloud.faults.add("drop", "create")
        house.cloud.faults.add("html", "create", times=2)
        await house.send()
        await house.reload()
        await house.wait(20)
        assert house.outcomes() == ["success"]
        assert len(house.cloud.switched("dev-7", 1)) == 1


class TestWindow:
    """What a token, a disk or a stopped clock takes before the request."""

    async def test_a_slow_token_sends_nothing_after_the_window(
        self, house: House, nap: ManualClock
    ) -> None:
        """The gate does not move after its owner was told that it did not."""
        house.freezer.tick(HOUR)
        house.cloud.expire_tokens()
        house.cloud.faults.add("delay", "token", delay=8.0)
        call = asyncio.create_task(house.send(timeout=5))
        await nap.until_asleep()
        await house.go_by(7)
        nap.advance(8.0)
        await house.go_by(1)
        await call
        assert house.cloud.counts["create"] == 0
        assert house.outcomes() == ["timeout", "failure"]

    async def test_a_clock_that_goes_back_meanwhile_sends_nothing_later(
        self, house: House, nap: ManualClock
    ) -> None:
        """It says for another hour that the window has not ended."""
        house.freezer.tick(HOUR)
        house.cloud.expire_tokens()
        house.cloud.faults.add("delay", "token", delay=8.0)
        call = asyncio.create_task(house.send(timeout=5))
        await nap.until_asleep()
        with patch(UPTIME, lambda: time.time() - 1e9 + HOUR):
            house.freezer.tick(-HOUR)
            house.coordinator.pump.run()
            await house.go_by(7)
            nap.advance(8.0)
            await house.go_by(1)
            await call
        assert house.cloud.counts["create"] == 0

    async def test_a_slow_disk_makes_no_repeat_after_a_minute(self, house: House) -> None:
        """However long the window is."""
        house.cloud.faults.add("drop", "create", times=None)
        await house.send(timeout=600)
        with house.slow_disk() as go_on:
            await house.go_by(90, step=1)
            go_on.set()
            await house.go_by(5)
        times = [request.time for request in house.cloud.log.select("create")]
        assert times[-1] - times[0] < 60

    async def test_what_waited_is_not_sent_when_the_provider_says_that_it_is_late(
        self, house: House
    ) -> None:
        """The machine stood still for three hours and cannot feel it."""
        await house.send()
        waiting = await house.send(target=GATE)
        clock = house.coordinator._clock
        clock.heard(clock.now())
        clock.heard(clock.now() + 3 * HOUR)
        await house.wait(6)
        record = await house.record(waiting["tracking_id"])
        assert (record["state"], record["reason"]) == ("failure", "not_sent")
        assert house.cloud.counts["create"] == 1

    async def test_a_clock_that_was_always_wrong_holds_nothing_up(self, house: House) -> None:
        """Only time that is lost meanwhile counts."""
        clock = house.coordinator._clock
        clock._usual = None
        clock.heard(clock.now() + 3 * HOUR)
        await house.send()
        assert house.cloud.counts["create"] == 1


class TestLostTime:
    """What the provider's clock tells about ours."""

    def test_time_that_was_lost_counts(self) -> None:
        """Half an hour in which a virtual machine was paused."""
        clock = Clock()
        clock.heard(clock.now() + 2)
        assert clock.latest == pytest.approx(clock.now(), abs=1)
        clock.heard(clock.now() + 1802)
        assert clock.latest == pytest.approx(clock.now() + 1800, abs=1)

    def test_after_a_start_with_something_left_the_first_word_counts(self) -> None:
        """What the disk holds was told by a clock that agreed."""
        clock = Clock()
        clock.expect_none_lost()
        clock.heard(clock.now() + 3 * HOUR)
        assert clock.latest == pytest.approx(clock.now() + 3 * HOUR, abs=1)
        clock.take_as_usual()
        assert clock.latest == pytest.approx(clock.now(), abs=1)

    def test_a_provider_that_is_behind_loses_no_time(self) -> None:
        """Nobody's window is made longer by it."""
        clock = Clock()
        clock.heard(clock.now())
        clock.heard(clock.now() - HOUR)
        assert clock.latest == pytest.approx(clock.now(), abs=1)

    def test_a_correction_of_the_clock_is_no_lost_time(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It was wrong, and the provider's was not."""
        clock = Clock()
        clock.heard(clock.now() - HOUR)
        now = clock.now()
        monkeypatch.setattr("time.time", lambda: now - HOUR)
        assert clock.correct() == pytest.approx(-HOUR, abs=1)
        clock.heard(now - HOUR)
        assert clock.latest == pytest.approx(now - HOUR, abs=1)
