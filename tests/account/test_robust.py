"""What is thrown in one place stops nothing else: it is logged once, and the account goes on."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from operator import attrgetter
from typing import Any
from unittest.mock import patch

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
import pytest

from custom_components.command_status.account import display
from custom_components.command_status.account.display import Display
from custom_components.command_status.const import EVENT_FINISHED, SIGNAL_FINISHED
from custom_components.command_status.providers import PROVIDERS
from custom_components.command_status.providers.base import Query
from custom_components.command_status.storage.store import NotSavedError
from custom_components.command_status.tracking import ACCOUNT, Command, Limit, Policy, target_key

from .. import obliging
from ..disk import Disk, disk, hass_storage
from ..house import GARAGE, GATE, House, turn

__all__ = ["disk", "hass_storage"]

ODD = [MemoryError(), ValueError("odd"), RuntimeError("oops"), RecursionError()]
ERRORS = pytest.mark.parametrize(
    "error", [OSError(28, "full"), *ODD], ids=lambda error: type(error).__name__
)


@callback
def boom(*_: object, **__: object) -> Any:
    """Throw something."""
    raise RuntimeError("boom")


def traces(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged with a trace."""
    return [record.message for record in caplog.records if record.exc_info]


async def both(house: House, **data: Any) -> list[dict[str, Any]]:
    """Send a command to two relays at once."""
    return await house.act(
        "send_command",
        config_entry_id=house.entry.entry_id,
        target=[GATE, GARAGE],
        command="JOG",
        **data,
    )


class TestListening:
    """Whoever listens badly spoils it for nobody else."""

    @pytest.fixture
    def signals(self, house: House) -> list[str]:
        """Return the targets of which triggers were told."""
        told: list[str] = []

        @callback
        def finished(record: dict[str, Any], _context: object) -> None:
            told.append(record["target"])

        async_dispatcher_connect(house.hass, SIGNAL_FINISHED, finished)
        return told

    @pytest.mark.parametrize("key", [ACCOUNT, target_key(GATE)])
    async def test_a_subscriber(
        self, house: House, signals: list[str], caplog: pytest.LogCaptureFixture, key: str
    ) -> None:
        """Entities that come after it, the bus, triggers and the next command are told."""
        house.coordinator.display._subscribers[key].insert(0, boom)
        assert {record["state"] for record in await both(house, wait=True)} == {"success"}
        assert house.outcomes() == ["success", "success"]
        assert signals == [GATE, GARAGE]
        for name in ("gate_relay_1", "garage"):
            event = house.state(f"event.{name}_outcome")
            assert event.attributes["event_type"] == "success"
        assert len(traces(caplog)) == 1

    @pytest.mark.parametrize("place", ["as_event", "async_dispatcher_send"])
    async def test_the_bus_and_the_dispatcher(
        self, house: House, caplog: pytest.LogCaptureFixture, place: str
    ) -> None:
        """Those who wait for the outcome get it, and the next one is told where it can be."""
        real = getattr(display, place)
        thrown: list[object] = []

        def once(*args: Any) -> Any:
            if not thrown:
                thrown.append(args)
                boom()
            return real(*args)

        with patch.object(display, place, once):
            records = await both(house, wait=True)
        assert {record["state"] for record in records} == {"success"}
        assert house.outcomes()[-1] == "success"
        assert len(traces(caplog)) == 1

    async def test_a_record_that_cannot_be_made(self, house: House) -> None:
        """The other commands of its batch are told."""
        real = Display.record

        def odd(self: Display, command: Command) -> dict[str, Any]:
            return boom() if command.target == GATE else real(self, command)

        with patch.object(Display, "record", odd):
            await house.order(
                config_entry_id=house.entry.entry_id,
                target=[GATE, GARAGE],
                command="JOG",
                wait=True,
            )
        assert [event.data["target"] for event in house.announced] == [GARAGE]

    async def test_at_a_start(self, house: House, caplog: pytest.LogCaptureFixture) -> None:
        """What happened while nobody listened is told, but for what cannot be."""
        house.hass.set_state(CoreState.starting)
        await house.reload()
        await both(house)
        await house.wait(2)
        assert house.outcomes() == []
        house.coordinator.display._subscribers[ACCOUNT].insert(0, boom)
        house.hass.set_state(CoreState.running)
        house.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await house.settle()
        assert house.outcomes() == ["success", "success"]
        assert len(traces(caplog)) == 1

    async def test_a_listener_of_the_bus(self, house: House) -> None:
        """Home Assistant sees to it."""
        house.hass.bus.async_listen(EVENT_FINISHED, boom)
        assert {record["state"] for record in await both(house, wait=True)} == {"success"}

    async def test_an_action_that_waits(self, house: House) -> None:
        """Its error is its own; the other one that waits for the command is woken."""
        house.cloud.script(after=3)
        sent = await house.send()
        waiters = house.coordinator.display.waiters
        bad = asyncio.create_task(waiters.async_wait(sent["tracking_id"], boom))
        good = asyncio.create_task(
            waiters.async_wait(sent["tracking_id"], lambda command: command.final)
        )
        await house.wait(6)
        with pytest.raises(RuntimeError):
            await bad
        assert (await good).final
        assert house.outcomes() == ["success"]

    async def test_who_shows_the_list(self, house: House) -> None:
        """A new device gets its entities all the same."""
        others, house.coordinator._listeners = house.coordinator._listeners, {}
        house.coordinator.async_add_listener(boom)
        house.coordinator._listeners |= others
        house.cloud.configure({"extra_devices": 1})
        await house.coordinator.async_refresh()
        await house.settle()
        assert house.state("sensor.relay_box_1_last_command").state == "unknown"


class TestSaving:
    """Whatever goes wrong while something is written is a disk that refuses."""

    @ERRORS
    async def test_nobody_waits_for_ever(self, house: House, disk: Disk, error: Exception) -> None:
        """Nothing was sent; and the next command is, once it can be written down."""
        with disk.full(error), pytest.raises(NotSavedError):
            await asyncio.wait_for(house.send(), 5)
        assert house.cloud.counts["create"] == 0
        assert house.issue("not_saved") is not None
        assert (await house.send(wait=True))["state"] == "success"
        assert house.issue("not_saved") is None

    @pytest.mark.parametrize("error", ODD, ids=lambda error: type(error).__name__)
    async def test_nor_where_the_records_cannot_be_put_together(
        self, house: House, error: Exception, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Before the disk was even asked."""
        with (
            patch.object(house.coordinator.tracker, "journal", side_effect=error),
            pytest.raises(NotSavedError),
        ):
            await asyncio.wait_for(house.send(), 5)
        assert len(traces(caplog)) == 1
        assert house.cloud.counts["create"] == 0
        assert (await house.send(wait=True))["state"] == "success"

    @ERRORS
    async def test_outcomes_are_announced(self, house: House, disk: Disk, error: Exception) -> None:
        """At once, and the disk is tried again."""
        house.cloud.script(after=3)
        await house.send()
        await house.settle()
        with disk.full(error):
            await house.wait(6)
            assert house.outcomes() == ["success"]
        await house.wait(12)
        assert house.issue("not_saved") is None
        assert [line["state"] for line in disk.history] == ["success"]

    @ERRORS
    async def test_the_history_is_written_later(
        self, house: House, disk: Disk, error: Exception
    ) -> None:
        """What is announced waits in the journal."""
        with patch(
            "custom_components.command_status.storage.history.HistoryFile.append",
            side_effect=error,
        ):
            await house.send(wait=True)
            await house.wait(3)
        assert [line["state"] for line in disk.journal] == ["success"]
        await house.wait(8)
        assert [line["state"] for line in disk.history] == ["success"]

    @ERRORS
    async def test_forgetting_raises(self, house: House, error: Exception) -> None:
        """The command would come back after a restart."""
        sent = await house.send()
        with (
            patch(
                "custom_components.command_status.storage.history.HistoryFile.append",
                side_effect=error,
            ),
            pytest.raises(NotSavedError),
        ):
            await house.order("forget_command", tracking_id=sent["tracking_id"])

    async def test_a_save_that_is_cut_is_not_swallowed(self, house: House) -> None:
        """Who waited for it is told, and the next save is made."""
        with house.slow_disk():
            sending = asyncio.create_task(house.send())
            await turn()
            (writing,) = house.coordinator._keeper._writes.tasks
            writing.cancel()
            with pytest.raises(NotSavedError):
                await asyncio.wait_for(sending, 5)
            assert writing.cancelled()
        assert (await house.send(wait=True))["state"] == "success"

    async def test_one_command_that_cannot_be_accepted_takes_the_others_with_it(
        self, house: House
    ) -> None:
        """An action that raises has sent nothing."""
        real = house.coordinator.tracker.open

        def odd(command: Command) -> Any:
            return boom() if command.target == GARAGE else real(command)

        with (
            patch.object(house.coordinator.tracker, "open", odd),
            pytest.raises(RuntimeError),
        ):
            await both(house)
        await house.wait(2)
        assert house.cloud.counts["create"] == 0
        assert await house.act("get_commands") == []


class TestAsking:
    """A provider whose code is at fault."""

    async def test_questions_that_cannot_be_put(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The command stays open, is asked about later, and its window counts."""
        house.cloud.script(after=1)
        await house.send(timeout=60)
        with patch.object(house.coordinator.provider, "queries", boom):
            await house.wait(10)
        assert len(traces(caplog)) == 1
        assert house.cloud.counts["status"] == 0
        await house.wait(40)
        assert house.outcomes() == ["success"]

    async def test_a_window_ends_though_no_question_can_be_put(self, house: House) -> None:
        """There is an alarm."""
        house.cloud.script(after=None)
        with patch.object(house.coordinator.provider, "queries", boom):
            await house.send(timeout=20)
            await house.wait(22)
        assert house.outcomes() == ["timeout"]

    @pytest.mark.parametrize("together", [True, False])
    async def test_one_odd_command_costs_no_other(self, house: House, *, together: bool) -> None:
        """The questions about the others are asked."""
        house.cloud.script(after=1)
        real = house.coordinator.provider.queries

        def odd(commands: Sequence[Command]) -> Any:
            if any(command.target == GATE for command in commands):
                boom()
            return real(commands)

        cadence = replace(house.coordinator.description.policy.cadence, together=together)
        policy = replace(house.coordinator.description.policy, cadence=cadence)
        description = replace(house.coordinator.description, policy=policy)
        parts = house.coordinator._asker._parts
        object.__setattr__(parts, "description", description)
        with patch.object(house.coordinator.provider, "queries", odd):
            await both(house, timeout=60)
            await house.wait(10)
        assert [event.data["target"] for event in house.announced] == [GARAGE]
        await house.wait(40)
        assert len(house.announced) == 2

    async def test_a_command_that_no_question_is_about_is_asked_about_later(
        self, house: House
    ) -> None:
        """The provider has forgotten it."""
        house.cloud.script(after=1)
        await house.send(timeout=60)
        with patch.object(house.coordinator.provider, "queries", lambda _: ()):
            await house.wait(5)
        await house.wait(40)
        assert house.outcomes() == ["success"]

    @pytest.mark.parametrize("answer", [None, 7, {"news": {}}], ids=repr)
    async def test_an_answer_of_no_shape(self, house: House, answer: Any) -> None:
        """It says nothing."""
        house.cloud.script(after=1)
        await house.send(timeout=60)

        async def check(_query: Query) -> Any:
            return answer

        with patch.object(house.coordinator.provider, "check", check):
            await house.wait(5)
        await house.wait(40)
        assert house.outcomes() == ["success"]

    async def test_news_that_the_tracker_cannot_take(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        """They cost nobody else, and the command is asked about again."""
        house.cloud.script(after=1)
        real = house.coordinator.tracker.observe

        def odd(tracking_id: str, *rest: Any) -> Any:
            command = house.coordinator.tracker.get(tracking_id)
            return boom() if command and command.target == GATE else real(tracking_id, *rest)

        with patch.object(house.coordinator.tracker, "observe", odd):
            await both(house, timeout=60)
            await house.wait(6)
        assert [event.data["target"] for event in house.announced] == [GARAGE]
        assert len(traces(caplog)) == 1
        await house.wait(40)
        assert len(house.announced) == 2

    async def test_a_question_that_is_cut_from_inside_is_asked_again(self, house: House) -> None:
        """A library may cancel what it runs itself; that is no reason to ask no more."""
        house.cloud.script(after=1)
        await house.send(timeout=60)

        async def check(_query: Query) -> Any:
            raise asyncio.CancelledError

        with patch.object(house.coordinator.provider, "check", check):
            await house.wait(5)
        await house.wait(40)
        assert house.outcomes() == ["success"]

    async def test_a_list_that_throws(self, house: House) -> None:
        """The one before is kept, and the next one is read."""
        with patch.object(house.coordinator.provider, "targets", boom):
            house.freezer.tick(6 * 3600)
            await house.settle()
        assert house.state("sensor.gate_relay_1_last_command").state == "unknown"
        house.cloud.configure({"extra_devices": 1})
        house.freezer.tick(6 * 3600)
        await house.settle()
        assert house.state("sensor.relay_box_1_last_command").state == "unknown"


class TestSending:
    """A provider, or a policy, whose code is at fault."""

    async def test_news_that_cannot_be_listened_to(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The command is sent, and asked about."""
        with patch.object(house.coordinator.provider, "follow", boom):
            await both(house, wait=True)
        assert house.outcomes() == ["success", "success"]
        assert len(traces(caplog)) == 1

    async def test_nor_at_a_start(self, house: House) -> None:
        """The account is loaded, and follows what it can."""
        house.cloud.script(after=5)
        await house.send(timeout=60)
        provider = type(house.coordinator.provider)
        with patch.object(provider, "follow", boom):
            assert await house.reload()
            await house.wait(10)
        assert house.outcomes() == ["success"]

    async def test_news_that_cannot_be_left(self, house: House) -> None:
        """Other commands go on, and the account can be unloaded."""
        with patch.object(house.coordinator.provider, "follow", lambda *_: boom):
            await both(house, wait=True)
            assert house.outcomes() == ["success", "success"]
            house.cloud.script(after=None)
            await house.send(target="dev-7/2", timeout=60)
            assert await house.reload()
        assert len(house.coordinator.tracker.followed) == 1

    @pytest.mark.parametrize("outcomes", [None, 7, {"a": 1}], ids=repr)
    async def test_an_answer_of_no_shape_is_a_lost_answer(
        self, house: House, outcomes: Any
    ) -> None:
        """And the command is sent again, with the same key."""

        async def submit(_commands: Sequence[Command]) -> Any:
            return outcomes

        with patch.object(house.coordinator.provider, "submit", submit):
            await house.send(timeout=60)
        await house.wait(10)
        assert house.outcomes() == ["success"]

    async def test_a_request_that_is_cut_from_inside_is_a_lost_answer(self, house: House) -> None:
        """A library may cancel what it runs itself."""

        async def submit(_commands: Sequence[Command]) -> Any:
            raise asyncio.CancelledError

        with patch.object(house.coordinator.provider, "submit", submit):
            await house.send(timeout=60)
        await house.wait(10)
        assert house.outcomes() == ["success"]

    @pytest.mark.parametrize("call", ["done", "answered"])
    async def test_an_end_that_the_tracker_cannot_take(
        self, house: House, caplog: pytest.LogCaptureFixture, call: str
    ) -> None:
        """Other commands are sent, and the window of this one ends."""
        house.cloud.script(after=None)
        with patch.object(house.coordinator.tracker, call, boom):
            sending = asyncio.create_task(house.send(timeout=20))
            await house.wait(2)
        assert len(traces(caplog)) == 1
        house.cloud.script()
        other = await house.during(house.send(target=GARAGE))
        await house.wait(25)
        assert (await house.record(other["tracking_id"]))["state"] == "success"
        assert len(house.announced) == 2
        await sending

    @pytest.mark.parametrize(
        "change",
        [
            lambda policy: replace(policy, lane=boom),
            lambda policy: replace(
                policy, limits=(*policy.limits, Limit(count=1, seconds=2.0, key=boom))
            ),
        ],
        ids=["lane", "limit"],
    )
    async def test_a_policy_that_throws(
        self,
        house_in_planning: House,
        caplog: pytest.LogCaptureFixture,
        change: Callable[[Policy], Policy],
    ) -> None:
        """Commands are sent one after the other then, as carefully as can be."""
        house = house_in_planning
        account = replace(obliging.ACCOUNT, policy=change(obliging.ACCOUNT.policy))
        description = replace(obliging.DESCRIPTION, account=lambda _: account)
        with patch.dict(PROVIDERS, {"wlte": description}):
            await house.load()
            await house.during(both(house), 10)
            assert house.outcomes() == ["success", "success"]
            await house.reload()
            await house.during(house.send(), 5)
        assert house.outcomes() == ["success"] * 3
        assert len(traces(caplog)) == 2  # once for each time that the account was loaded


PLACES = (
    ("tracker", "tick"),
    ("tracker", "next_errand"),
    ("tracker", "next_alarm"),
    ("tracker", "take_released"),
    ("tracker.questions", "next_at"),
    ("tracker.questions", "is_due"),
    ("tracker.questions", "room"),
    ("tracker", "due"),
    ("_clock", "correct"),
)


class TestThePump:
    """The one place through which everything goes."""

    @contextmanager
    def broken(self, house: House, part: str, call: str) -> Iterator[None]:
        """Let one call throw whenever the pump makes it."""
        with patch.object(attrgetter(part)(house.coordinator), call, boom):
            yield

    @pytest.mark.parametrize(("part", "call"), PLACES)
    async def test_it_runs_again(
        self, house: House, caplog: pytest.LogCaptureFixture, part: str, call: str
    ) -> None:
        """A few seconds later, by an alarm that is set whatever happens; it is logged once."""
        house.cloud.script(after=2)
        await house.send(timeout=60)
        with self.broken(house, part, call):
            await house.wait(12)
        assert len(traces(caplog)) == 1
        await house.wait(30)
        assert house.outcomes() == ["success"]

    @pytest.mark.parametrize(("part", "call"), PLACES)
    async def test_a_command_that_comes_then_is_not_lost(
        self, house: House, part: str, call: str
    ) -> None:
        """It is accepted, and sent as soon as that can be."""
        with self.broken(house, part, call):
            sending = asyncio.create_task(house.send(timeout=60))
            await house.wait(3)
        await house.wait(12)
        await sending
        assert house.outcomes() == ["success"]

    @pytest.mark.parametrize("part", ["_sender", "_asker", "_keeper", "_telling"])
    async def test_closing_goes_to_its_end(self, house: House, part: str) -> None:
        """Everything is written down, whoever throws on the way."""
        house.cloud.script(after=None)
        sent = await house.send(timeout=600)
        await house.wait(1)
        name = {"_asker": "close", "_keeper": "hurry", "_telling": "close"}.get(part, "start")
        with patch.object(getattr(house.coordinator, part), name, boom):
            assert await house.reload()
        assert (await house.record(sent["tracking_id"]))["state"] == "sent"
        assert await house.reload()
