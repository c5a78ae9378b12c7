"""Restarts and crashes: no command is lost, and its outcome is announced, once if at all possible.

Here the disk is real. A crash is played by putting back what was on it at that moment.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

from homeassistant import loader
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.command_status.const import STOP_PATIENCE
from simulators.clock import ManualClock
from simulators.wlte import WlteSimulator

from ..disk import Disk, disk, hass_storage
from ..house import GARAGE, House, turn

__all__ = ["disk", "hass_storage"]

SENSOR = "sensor.gate_relay_1_last_command"
PENDING = "sensor.my_gate_pending_commands"

type Restart = Callable[[float], Awaitable[None]]
"""Plays a restart, with Home Assistant down for some seconds."""


@pytest.fixture
def crash(house: House, disk: Disk) -> Restart:
    """Return how to pull the plug, and put it back."""

    async def crash(downtime: float = 0) -> None:
        files = disk.files()
        with patch("custom_components.command_status.account.coordinator.UNLOAD_PATIENCE", -1):
            await house.hass.config_entries.async_unload(house.entry.entry_id)
        disk.put(files)
        house.freezer.tick(downtime)
        await house.load()

    return crash


@pytest.fixture
def reload(house: House) -> Restart:
    """Return how to load the account again."""

    async def reload(downtime: float = 0) -> None:
        await house.hass.config_entries.async_unload(house.entry.entry_id)
        house.freezer.tick(downtime)
        await house.load()

    return reload


@pytest.fixture(params=["crash", "reload"])
def restart(request: pytest.FixtureRequest) -> Restart:
    """Return both ways in which an account can begin again."""
    restart: Restart = request.getfixturevalue(request.param)
    return restart


def tracking_ids(house: House) -> list[str]:
    """Return the commands whose outcomes were announced."""
    return [event.data["tracking_id"] for event in house.announced]


class TestWaiting:
    """A command that was certainly not sent."""

    @pytest.fixture
    async def waiting(self, house: House) -> str:
        """Return a command that waits because its relay has just been used."""
        await house.send()
        waiting = await house.send("ON", timeout=30)
        assert waiting["state"] == "queued"
        await house.wait(1)
        assert house.outcomes() == ["success"]
        return str(waiting["tracking_id"])

    async def test_it_is_sent_when_its_turn_comes(
        self, house: House, waiting: str, restart: Restart
    ) -> None:
        """The limits of the cloud are kept across the restart."""
        await restart(1)
        assert house.cloud.counts["create"] == 1
        await house.wait(5)
        assert tracking_ids(house)[1:] == [waiting]
        assert house.outcomes() == ["success", "success"]
        assert not house.cloud.state()["breaches"]

    async def test_it_is_not_sent_when_its_window_is_over(
        self, house: House, waiting: str, restart: Restart
    ) -> None:
        """No gate opens out of the blue."""
        await restart(60)
        await house.wait(1)
        assert house.cloud.counts["create"] == 1
        assert house.outcomes() == ["success", "failure"]
        assert (await house.record(waiting))["reason"] == "not_sent"


class TestSending:
    """A command whose request may have been under way."""

    @pytest.fixture
    async def sending(
        self, house: House, nap: ManualClock
    ) -> AsyncGenerator[asyncio.Task[dict[str, Any]]]:
        """Return an action whose request the cloud works on."""
        house.cloud.configure({"post_wait": 10.0})
        house.cloud.script(after=5)
        sending = asyncio.create_task(house.send())
        await house.cloud.log.until(1, "create")
        await nap.until_asleep()
        house.cloud.configure({"post_wait": 0.0})
        yield sending
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    async def test_it_is_on_disk_before_it_is_sent(
        self, house: House, sending: asyncio.Task[dict[str, Any]], disk: Disk, nap: ManualClock
    ) -> None:
        """Or a crash at this moment would forget it."""
        assert not sending.done()
        assert [record["phase"] for record in disk.journal] == ["sending"]
        nap.advance(5)
        await house.settle()

    @pytest.mark.usefixtures("sending")
    async def test_it_is_sent_again_with_the_same_key(self, house: House, crash: Restart) -> None:
        """Which the cloud takes for the same command."""
        await crash(10)
        await house.wait(5)
        assert house.cloud.counts["create"] == 2
        assert len(house.cloud.switched("dev-7", 1)) == 1
        assert house.outcomes() == ["success"]

    @pytest.mark.usefixtures("sending")
    async def test_it_is_lost_after_a_minute(self, house: House, crash: Restart) -> None:
        """Nothing is sent that late, and nobody knows whether it was taken."""
        await crash(61)
        await house.wait(5)
        assert house.cloud.counts["create"] == 1
        assert house.outcomes() == ["lost"]
        assert house.announced[0].data["reason"] == "interrupted"

    async def test_it_is_sent_if_it_never_left(self, house: House, crash: Restart) -> None:
        """The crash came right after the save."""
        house.cloud.faults.add("silence", "create")
        sending = asyncio.create_task(house.send())
        await house.cloud.log.until(1, "create")
        await crash(1)
        await house.wait(5)
        assert len(house.cloud.switched("dev-7", 1)) == 1
        assert house.outcomes() == ["success"]
        assert (await sending)["state"] == "success"

    async def test_nobody_knows_and_then_a_restart(
        self, house: House, disk: Disk, restart: Restart
    ) -> None:
        """The answer was lost before the power was."""
        house.cloud.faults.add("drop", "create")
        sending = asyncio.create_task(house.send())
        await house.cloud.log.until(1, "create")
        await turn()
        await house.hass.async_block_till_done(wait_background_tasks=True)
        assert [record["phase"] for record in disk.journal] == ["unsure"]
        await restart(5)
        await house.wait(10)
        assert len(house.cloud.switched("dev-7", 1)) == 1
        assert house.outcomes() == ["success"]
        await sending


class TestTaken:
    """A command that the provider has."""

    async def test_it_is_asked_about_again(self, house: House, restart: Restart) -> None:
        """And never sent again."""
        house.cloud.script(after=10)
        sent = await house.send()
        await house.wait(5)
        await restart(1)
        await house.wait(8)
        assert tracking_ids(house) == [sent["tracking_id"]]
        assert house.outcomes() == ["success"]
        assert house.cloud.counts["create"] == 1

    async def test_its_window_counts_on_from_the_first_moment(
        self, house: House, restart: Restart
    ) -> None:
        """A restart is no second chance."""
        house.cloud.script(after=None)
        await house.send(timeout=60)
        await house.wait(10)
        await restart(20)
        await house.wait(29)
        assert house.outcomes() == []
        await house.wait(2)
        assert house.outcomes() == ["timeout"]

    async def test_a_window_that_ended_meanwhile_is_asked_about_once_more(
        self, house: House, restart: Restart
    ) -> None:
        """The gate did open, only nobody was there to see it."""
        house.cloud.script(after=10)
        await house.send(timeout=60)
        await house.wait(5)
        await restart(3600)
        await house.wait(1)
        assert house.outcomes() == ["success"]
        assert house.announced[0].data["late"] is False

    async def test_a_window_that_ended_meanwhile_ends_though_nobody_answers(
        self, house: House, restart: Restart
    ) -> None:
        """Within ten seconds."""
        house.cloud.script(after=None)
        await house.send(timeout=60)
        await house.wait(5)
        house.cloud.faults.add("status", "status", status=503, times=None)
        await restart(3600)
        await house.wait(11)
        assert house.outcomes() == ["timeout"]

    async def test_a_late_outcome_is_looked_for_again(self, house: House, restart: Restart) -> None:
        """What the history holds of a time-out is enough for that."""
        house.cloud.script(after=90)
        sent = await house.send(timeout=30)
        await house.wait(40)
        assert house.outcomes() == ["timeout"]
        await restart(20)
        await house.wait(90, step=1)
        assert house.outcomes() == ["timeout", "success"]
        assert tracking_ids(house) == [sent["tracking_id"]] * 2
        assert house.announced[-1].data["late"] is True


class TestOutcomes:
    """What was learned is told."""

    async def test_one_that_was_not_announced_is_announced(
        self, house: House, disk: Disk, restart: Restart
    ) -> None:
        """It was on disk; the world did not know."""
        house.cloud.script(after=1)
        sent = await house.send()
        house.hass.set_state(CoreState.starting)
        await house.reload()
        await house.wait(3)
        assert [record["state"] for record in disk.journal] == ["success"]
        await restart(0)
        assert house.outcomes() == []
        await started(house)
        assert tracking_ids(house) == [sent["tracking_id"]]
        await house.wait(2)
        await restart(0)
        await house.wait(2)
        assert len(house.announced) == 1

    async def test_a_crash_right_after_announcing_may_repeat_it(
        self, house: House, disk: Disk, crash: Restart
    ) -> None:
        """Better twice than never; the tracking id tells."""
        sent = await house.send()
        assert house.outcomes() == ["success"]
        assert ".history" not in disk.files()
        await crash(0)
        await house.wait(2)
        assert tracking_ids(house) == [sent["tracking_id"]] * 2

    async def test_a_reload_right_after_announcing_does_not(
        self, house: House, reload: Restart
    ) -> None:
        """It has the time to write that down."""
        await house.send()
        assert house.outcomes() == ["success"]
        await reload(0)
        await house.wait(2)
        assert house.outcomes() == ["success"]

    async def test_a_second_later_it_is_never_repeated(
        self, house: House, disk: Disk, restart: Restart
    ) -> None:
        """The history holds it, and that counts, whatever the journal says."""
        await house.send()
        await house.wait(1)
        assert [record["state"] for record in disk.history] == ["success"]
        await restart(0)
        await house.wait(2)
        assert house.outcomes() == ["success"]
        assert house.state(SENSOR).state == "success"

    async def test_a_crash_does_not_undo_a_correction(self, house: House, restart: Restart) -> None:
        """Both announcements were made."""
        house.cloud.script(after=50)
        sent = await house.send(timeout=30)
        await house.wait(95, step=1)
        assert house.outcomes() == ["timeout", "success"]
        await restart(0)
        await house.wait(60, step=1)
        assert house.outcomes() == ["timeout", "success"]
        assert (await house.record(sent["tracking_id"]))["late"] is True

    async def test_a_correction_that_was_not_announced_is_announced(
        self, house: House, restart: Restart
    ) -> None:
        """The time-out in the history is not the last word."""
        house.cloud.script(after=50)
        sent = await house.send(timeout=30)
        await house.wait(35, step=1)
        house.hass.set_state(CoreState.starting)
        await house.reload()
        await house.wait(60, step=1)
        assert house.outcomes() == ["timeout"]
        assert house.state(SENSOR).state == "timeout"
        await restart(0)
        assert house.state(SENSOR).state == "timeout"
        await started(house)
        assert house.outcomes() == ["timeout", "success"]
        assert tracking_ids(house) == [sent["tracking_id"]] * 2
        assert house.announced[-1].data["late"] is True

    async def test_a_forgotten_command_stays_forgotten(
        self, house: House, disk: Disk, restart: Restart
    ) -> None:
        """Open or finished."""
        done = await house.send()
        await house.wait(1)
        house.cloud.script(after=None)
        going = await house.send(target=GARAGE)
        for record in (done, going):
            await house.order("forget_command", tracking_id=record["tracking_id"])
        assert disk.journal == []
        await restart(0)
        await house.wait(2)
        assert await house.act("get_commands") == []
        assert house.state(SENSOR).state == "unknown"


async def started(house: House) -> None:
    """Let Home Assistant have started."""
    house.hass.set_state(CoreState.running)
    house.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await house.settle()


class TestStarting:
    """While Home Assistant starts, no automation listens."""

    async def test_nothing_is_announced_before_it_has_started(
        self, house: House, reload: Restart
    ) -> None:
        """Neither what ended before, nor what ends meanwhile; nor is it shown."""
        house.cloud.script(after=10, times=1)
        house.cloud.script(after=25, times=1)
        await house.send()
        await house.send(target=GARAGE)
        await house.wait(2)
        house.hass.set_state(CoreState.starting)
        await reload(20)
        changes = house.watch(SENSOR, "sensor.garage_last_command")
        await house.wait(10)
        assert house.outcomes() == []
        assert house.state(SENSOR).state == "sent"
        assert house.state("event.gate_relay_1_outcome").state == "unknown"
        assert house.state(PENDING).state == "2"
        assert changes == []
        await started(house)
        assert house.outcomes() == ["success", "success"]
        assert changes == ["success", "success"]
        assert house.state(PENDING).state == "0"

    async def test_a_waiting_action_waits_for_the_announcement(
        self, house: House, reload: Restart
    ) -> None:
        """What it returns is what is shown."""
        house.cloud.script(after=5)
        waiting = asyncio.create_task(house.send(wait=True))
        await house.wait(2)
        house.hass.set_state(CoreState.starting)
        await reload(0)
        await house.wait(10)
        assert not waiting.done()
        await started(house)
        assert (await waiting)["state"] == "success"

    async def test_an_action_that_need_not_wait_does_not(
        self, house: House, reload: Restart
    ) -> None:
        """The start may be waiting for the automation that called it.

        The answer is the outcome already, and is told when everybody listens.
        """
        house.hass.set_state(CoreState.starting)
        await reload(0)
        sending = asyncio.create_task(house.send())
        await house.wait(1)
        assert sending.done()
        assert (await sending)["state"] == "queued"
        await started(house)
        assert house.outcomes() == ["success"]

    async def test_commands_can_be_sent(self, house: House, reload: Restart) -> None:
        """An automation may act on the start itself."""
        house.cloud.script(after=1)
        house.hass.set_state(CoreState.starting)
        await reload(0)
        assert (await house.send())["command_id"] == "cmd-1"
        await house.wait(3)
        await started(house)
        assert house.outcomes() == ["success"]


class TestStopping:
    """Home Assistant stops; another one starts from what is on disk."""

    @pytest.fixture
    def opening(
        self,
        hass: HomeAssistant,
        house: House,
    ) -> Callable[[], Any]:
        """Return how to open a second house, which can be stopped."""

        @asynccontextmanager
        async def opening() -> AsyncGenerator[House]:
            async with async_test_home_assistant(config_dir=hass.config.config_dir) as other:
                other.data.pop(loader.DATA_CUSTOM_COMPONENTS)
                entry = MockConfigEntry(
                    domain=house.entry.domain,
                    entry_id="stopped-account",
                    title="Stopped",
                    data=dict(house.entry.data),
                )
                entry.add_to_hass(other)
                stopped = House(other, house.freezer, house.cloud, entry)
                await stopped.load()
                yield stopped
                await other.async_stop()

        return opening

    @pytest.fixture
    def after(self, house: House, make_entry: Callable[..., MockConfigEntry]) -> House:
        """Return the house after the restart, where the account is not loaded yet."""
        return House(house.hass, house.freezer, house.cloud, make_entry("stopped-account"))

    async def test_a_request_that_sends_is_not_cut(
        self, opening: Callable[[], Any], after: House, nap: ManualClock
    ) -> None:
        """Or nobody would know whether the gate opens."""
        cloud: WlteSimulator = after.cloud
        cloud.configure({"post_wait": 10.0})
        cloud.script(after=5)
        async with opening() as house:
            sending = asyncio.create_task(house.send())
            await cloud.log.until(1, "create")
            await nap.until_asleep()
            stopping = asyncio.create_task(house.hass.async_stop())
            await turn()
            assert not stopping.done()
            nap.advance(5)
            await stopping
            with pytest.raises(HomeAssistantError):
                await sending
        await after.load()
        (record,) = await after.act("get_commands", config_entry_id="stopped-account")
        assert record["command_id"] == "cmd-1"
        await after.wait(10)
        assert after.outcomes() == ["success"]
        assert cloud.counts["create"] == 1

    async def test_an_outcome_is_kept_for_those_who_listen(
        self, opening: Callable[[], Any], after: House, nap: ManualClock
    ) -> None:
        """Automations stop, too."""
        cloud: WlteSimulator = after.cloud
        cloud.configure({"post_wait": 10.0})
        cloud.script(outcome="FAILED", after=5)
        async with opening() as house:
            sending = asyncio.create_task(house.send())
            await cloud.log.until(1, "create")
            await nap.until_asleep()
            stopping = asyncio.create_task(house.hass.async_stop())
            await turn()
            house.freezer.tick(5)
            nap.advance(5)
            await stopping
            with pytest.raises(HomeAssistantError):
                await sending
            assert house.outcomes() == []
        await after.load()
        assert after.outcomes() == ["failure"]
        assert cloud.counts["status"] == 0

    async def test_what_was_announced_is_not_repeated(
        self, opening: Callable[[], Any], after: House
    ) -> None:
        """Not even right before the stop: only a crash may do that."""
        async with opening() as house:
            await house.send()
            assert house.outcomes() == ["success"]
        await after.load()
        await after.wait(2)
        assert after.outcomes() == []

    async def test_an_open_command_is_followed_by_the_next(
        self, opening: Callable[[], Any], after: House
    ) -> None:
        """Entries are not unloaded when Home Assistant stops."""
        after.cloud.script(after=10)
        async with opening() as house:
            sent = await house.send()
        await after.load()
        await after.wait(12)
        assert tracking_ids(after) == [sent["tracking_id"]]

    async def test_waiting_actions_raise(self, opening: Callable[[], Any], after: House) -> None:
        """Scripts do not outlive Home Assistant; commands do."""
        after.cloud.script(after=10)
        async with opening() as house:
            waiting = asyncio.create_task(house.send(wait=True))
            await house.wait(2)
            await house.hass.async_stop()
            with pytest.raises(HomeAssistantError) as raised:
                await waiting
            assert raised.value.translation_key == "stopping"
        await after.load()
        await after.wait(12)
        assert after.outcomes() == ["success"]

    async def test_new_commands_are_refused(
        self, opening: Callable[[], Any], after: House, nap: ManualClock
    ) -> None:
        """From the first moment of the stop on."""
        after.cloud.configure({"post_wait": 10.0})
        async with opening() as house:
            after.cloud.script(after=5)
            sending = asyncio.create_task(house.send())
            await nap.until_asleep()
            stopping = asyncio.create_task(house.hass.async_stop())
            await turn()
            with pytest.raises(HomeAssistantError) as raised:
                await house.send(target=GARAGE)
            assert raised.value.translation_key == "stopping"
            nap.advance(5)
            await stopping
            with pytest.raises(HomeAssistantError):
                await sending
        assert after.cloud.counts["create"] == 1

    async def test_a_cloud_that_does_not_answer_holds_nothing_up(
        self, opening: Callable[[], Any], after: House, nap: ManualClock
    ) -> None:
        """Home Assistant waits for 20 s; then the same request is made again."""
        after.cloud.configure({"post_wait": 60.0})
        after.cloud.script(after=40)
        async with opening() as house:
            sending = asyncio.create_task(house.send())
            await nap.until_asleep()
            stopping = asyncio.create_task(house.hass.async_stop())
            await turn()
            house.freezer.tick(STOP_PATIENCE + 1)
            await stopping
            with pytest.raises(HomeAssistantError):
                await sending
        after.cloud.configure({"post_wait": 0.0})
        await after.load()
        await after.wait(30, step=1)
        assert after.outcomes() == ["success"]
        assert len(after.cloud.switched("dev-7", 1)) == 1
