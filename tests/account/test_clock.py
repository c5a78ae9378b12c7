"""Time that is told, and time that goes by."""

from collections.abc import Generator
from pathlib import Path
import time
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from custom_components.command_status.account import clock
from custom_components.command_status.account.clock import TOLERANCE, Clock, uptime

from ..house import House

HOUR = 3600.0
DAY = 24 * HOUR


class Machine:
    """A machine with a wall clock that can be wrong."""

    def __init__(self) -> None:
        """Have been up for a while."""
        self.up = 1000.0
        self.wall = 1_800_000_000.0

    def go_on(self, seconds: float) -> None:
        """Let time go by, asleep or awake."""
        self.up += seconds
        self.wall += seconds


@pytest.fixture
def machine() -> Generator[Machine]:
    """Return the machine that the clock runs on."""
    machine = Machine()
    with (
        patch.object(clock, "uptime", lambda: machine.up),
        patch.object(clock, "time", SimpleNamespace(time=lambda: machine.wall)),
    ):
        yield machine


class TestUptime:
    """The clock under the clock."""

    def test_sleep_counts(self) -> None:
        """A wait window ends though the laptop was closed."""
        assert uptime() == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=5)

    def test_a_system_that_does_not_tell_has_a_clock_that_never_jumps(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Developers on other systems can run it all the same."""
        monkeypatch.delattr(time, "CLOCK_BOOTTIME")
        assert uptime() == pytest.approx(time.monotonic(), abs=5)


class TestBoot:
    """What tells one time of the machine from another."""

    def test_it_stays_the_same_while_the_machine_runs(self) -> None:
        """In all processes, where the machine tells it."""
        clock.boot.cache_clear()
        assert clock.boot() == clock.BOOT.read_text(encoding="ascii").strip()

    def test_where_no_machine_tells_it_it_is_that_of_the_process(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """Nobody knows whether the machine was started in between."""
        monkeypatch.setattr(clock, "BOOT", tmp_path / "none")
        clock.boot.cache_clear()
        first = clock.boot()
        assert clock.boot() == first
        clock.boot.cache_clear()
        assert clock.boot() != first
        clock.boot.cache_clear()


class TestClock:
    """What is told of a machine's time."""

    def test_it_tells_the_time_of_day(self, machine: Machine) -> None:
        """Moments are written down and must mean something after a restart."""
        told = Clock()
        machine.go_on(7.5)
        assert told.now() == machine.wall

    @pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forth", "back"])
    def test_a_corrected_wall_clock_moves_nothing_by_itself(
        self, machine: Machine, jump: float
    ) -> None:
        """What waits must neither end at once nor wait for another hour."""
        told = Clock()
        before = told.now()
        machine.wall += jump
        assert told.now() == before

    @pytest.mark.parametrize("jump", [HOUR, -HOUR, TOLERANCE + 1], ids=["forth", "back", "little"])
    def test_a_correction_is_told_once(self, machine: Machine, jump: float) -> None:
        """Its owner moves what runs by so much, and then both agree again."""
        told = Clock()
        machine.wall += jump
        assert told.correct() == pytest.approx(jump)
        assert told.now() == pytest.approx(machine.wall)
        assert told.correct() == 0

    @pytest.mark.parametrize("drift", [TOLERANCE, -TOLERANCE, 0.0])
    def test_a_little_drift_is_no_correction(self, machine: Machine, drift: float) -> None:
        """Time servers slew clocks all day long."""
        told = Clock()
        machine.wall += drift
        assert told.correct() == 0

    def test_a_day_of_sleep_is_no_correction(self, machine: Machine) -> None:
        """It is time that has passed."""
        told = Clock()
        machine.go_on(DAY)
        assert told.correct() == 0
        assert told.now() == machine.wall


class Wall:
    """How far the wall clock is ahead of where it was."""

    ahead = 0.0


@pytest.fixture
def wall() -> Generator[Wall]:
    """Return the wall clock, apart from the time that goes by."""
    wall = Wall()
    told = SimpleNamespace(**{**vars(time), "time": lambda: time.time() + wall.ahead})
    with patch.object(clock, "time", told):
        yield wall


class TestWindows:
    """What becomes of commands when the time is not what it seemed."""

    @pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forth", "back"])
    async def test_a_window_is_as_long_as_it_was(
        self, wall: Wall, house: House, jump: float
    ) -> None:
        """A Raspberry Pi finds the network, and the gate has its minute all the same."""
        house.cloud.script(after=None)
        sent = await house.send(timeout=60)
        await house.wait(10)
        wall.ahead += jump
        await house.wait(49)
        assert house.outcomes() == []
        await house.wait(2)
        assert house.outcomes() == ["timeout"]
        record = await house.record(sent["tracking_id"])
        assert record["duration"] == pytest.approx(60, abs=1)
        assert record["created_at"] != sent["created_at"]

    @pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forth", "back"])
    async def test_questions_go_on_at_their_pace(
        self, wall: Wall, house: House, jump: float
    ) -> None:
        """An hour is neither made up for nor waited for."""
        house.cloud.script(after=20)
        await house.send(timeout=60)
        await house.wait(10)
        asked = house.cloud.counts["status"]
        wall.ahead += jump
        await house.wait(10)
        assert house.cloud.counts["status"] == pytest.approx(2 * asked, abs=1)
        assert house.outcomes() == ["success"]

    async def test_a_window_that_ends_asleep_is_asked_about_once_more(self, house: House) -> None:
        """The laptop was closed while the gate moved: that is no time-out."""
        house.cloud.script(after=30)
        await house.send(timeout=60)
        await house.wait(5)
        house.freezer.tick(DAY)
        await house.settle()
        await house.wait(1)
        assert house.outcomes() == ["success"]

    async def test_a_window_that_ends_asleep_ends(self, house: House) -> None:
        """Where the answer is still none, the day counts."""
        house.cloud.script(after=None)
        await house.send(timeout=60)
        await house.wait(5)
        house.freezer.tick(DAY)
        await house.settle()
        await house.wait(1)
        assert house.outcomes() == ["timeout"]
