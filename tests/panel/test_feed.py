"""The live subscription: what matches, and then every change, as it is by then."""

from collections.abc import Callable
from types import MethodType, SimpleNamespace
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.command_status.account.rights import REDACTED
from custom_components.command_status.panel import feed
from custom_components.command_status.tracking import CommandState

from ..house import GARAGE, GATE, LIGHT, House
from .browser import Browser


class TestWhatIsTold:
    """First what matches, then every change."""

    async def test_what_is_known_comes_first_and_the_newest_at_its_head(
        self, house: House, browser: Browser
    ) -> None:
        """As `get_commands` lists it, whole records."""
        await house.send()
        await house.send(target=LIGHT, command="ON")
        told = await browser.subscribe()
        listed = await house.act("get_commands")
        assert told == listed
        assert [record["target"] for record in told] == [LIGHT, GATE]

    async def test_nothing_is_told_as_nothing(self, house: House, browser: Browser) -> None:
        """Or a browser would wait for ever."""
        assert house.entry.state.recoverable
        assert await browser.subscribe() == []

    async def test_every_change_follows(self, house: House, browser: Browser) -> None:
        """From the queue to the outcome, without being asked again."""
        house.cloud.script(outcome="SUCCESS", after=3.0)
        await browser.subscribe()
        await house.send()
        await browser.hear_after()
        assert browser.states == ["sent"]
        await browser.hear_after(7)
        assert browser.states == ["success"]

    async def test_what_changes_within_a_beat_is_told_once(
        self, house: House, browser: Browser
    ) -> None:
        """A browser cannot show more, and its user not read it."""
        await browser.subscribe()
        await house.send()
        await house.send(target=GARAGE)
        event = await browser.hear_after()
        assert [record["state"] for record in event["commands"]] == ["success", "success"]

    async def test_what_is_forgotten_is_removed(self, house: House, browser: Browser) -> None:
        """By whoever forgets it."""
        sent = await house.send()
        await browser.subscribe()
        await house.order("forget_command", tracking_id=sent["tracking_id"])
        event = await browser.hear_after()
        assert event == {"commands": [], "removed": [sent["tracking_id"]]}

    async def test_what_grew_too_old_is_removed(self, house: House, browser: Browser) -> None:
        """The history forgets, and so does the page that shows it."""
        old = await house.send()
        await house.go_by(4)
        await browser.subscribe()
        house.freezer.tick(8 * 86400)
        await house.send()
        await house.go_by(2)
        while old["tracking_id"] in browser.shown:
            await browser.hear()

    async def test_what_matches_no_more_is_removed(self, house: House, browser: Browser) -> None:
        """A list of what is open loses what ends."""
        house.cloud.script(outcome="SUCCESS", after=3.0)
        sent = await house.send()
        told = await browser.subscribe(state=["queued", "sent"])
        assert len(told) == 1
        event = await browser.hear_after(7)
        assert event == {"commands": [], "removed": [sent["tracking_id"]]}

    async def test_an_outcome_is_not_told_before_it_is_announced(
        self, house: House, browser: Browser
    ) -> None:
        """A browser knows nothing sooner than an automation."""
        house.cloud.script(outcome="SUCCESS", after=1.0)
        await house.send()
        house.coordinator.display.announcing = False
        await house.go_by(3)
        assert [record["state"] for record in await browser.subscribe()] == ["sent"]

    async def test_much_is_told_in_parts(
        self, house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """So that Home Assistant and the browser have time for others."""
        monkeypatch.setattr(feed, "PART", 1)
        await house.send()
        await house.send(target=GARAGE)
        assert len(await browser.subscribe()) == 1
        await browser.hear_after()
        assert len(browser.shown) == 2

    async def test_whoever_leaves_is_told_nothing_more(
        self, house: House, browser: Browser
    ) -> None:
        """Not even what was planned already."""
        await browser.subscribe()
        house.cloud.script(after=None)
        await house.send()
        subscription = browser._socket._attr_id if hasattr(browser._socket, "_attr_id") else 1
        await browser._socket.send_json_auto_id(
            {"type": "unsubscribe_events", "subscription": subscription}
        )
        answer = await browser._socket.receive_json()
        assert answer["success"]
        await house.go_by(1)
        assert (await browser.ask("about"))["success"]


class TestSelection:
    """Fields as of `get_commands`, and entities."""

    @pytest.mark.parametrize(
        ("fields", "targets"),
        [
            ({"limit": 1}, [GARAGE]),
            ({"limit": 0}, []),
            ({"tag": "night"}, [LIGHT]),
            ({"state": "failure"}, [GARAGE]),
            ({"config_entry_id": "gate-account"}, [GATE, LIGHT, GARAGE]),
            ({"config_entry_id": "no-such-account"}, []),
            ({"device_id": "no-such-device"}, []),
            ({"entity_id": "sensor.no_such_entity"}, []),
            ({"entity_id": "sensor.gate_relay_2_last_command"}, [LIGHT]),
            ({"entity_id": "event.gate_relay_2_outcome"}, [LIGHT]),
            ({"entity_id": "sensor.my_gate_last_command"}, [GATE, LIGHT, GARAGE]),
            ({"entity_id": "sensor.my_gate_pending_commands"}, [GATE, LIGHT, GARAGE]),
            ({"entity_id": "event.my_gate_outcome"}, [GATE, LIGHT, GARAGE]),
        ],
        ids=str,
    )
    async def test_only_what_was_asked_for_is_told(
        self, house: House, browser: Browser, fields: dict[str, Any], targets: list[str]
    ) -> None:
        """A device that is gone owns nothing; that is no error on a dashboard."""
        await house.send()
        await house.send(target=LIGHT, command="ON", tag="night")
        house.cloud.script(outcome="FAILED")
        await house.send(target=GARAGE)
        told = await browser.subscribe(**fields)
        assert {record["target"] for record in told} == set(targets)

    async def test_a_device_means_what_is_done_with_it(
        self, house: House, browser: Browser
    ) -> None:
        """All its relays, and no other device."""
        await house.send()
        await house.send(target=GARAGE)
        gate = house.device("dev-7").id
        assert [r["target"] for r in await browser.subscribe(device_id=gate)] == [GATE]

    async def test_the_device_of_the_account_means_all_of_it(
        self, hass: HomeAssistant, house: House, browser: Browser
    ) -> None:
        """It stands above all others."""
        await house.send()
        devices = dr.async_entries_for_config_entry(dr.async_get(hass), house.entry.entry_id)
        (account,) = (device for device in devices if device.entry_type)
        assert len(await browser.subscribe(device_id=account.id)) == 1

    async def test_what_does_not_match_is_no_news(self, house: House, browser: Browser) -> None:
        """Nobody is woken by what nobody asked for."""
        await browser.subscribe(state="failure")
        await house.send()
        await house.go_by(2)
        house.cloud.script(outcome="FAILED")
        await house.send(target=LIGHT, command="ON")
        event = await browser.hear_after(7)
        assert [record["target"] for record in event["commands"]] == [LIGHT]
        assert len(browser.events) == 2

    async def test_each_account_has_its_own_commands(
        self, house: House, browser: Browser, make_entry: Callable[..., MockConfigEntry]
    ) -> None:
        """One that is loaded again does not concern those of the other."""
        other = make_entry("second-account")
        await house.hass.config_entries.async_setup(other.entry_id)
        await house.settle()
        await house.act("send_command", config_entry_id=other.entry_id, target=GATE, command="JOG")
        told = await browser.subscribe()
        await house.reload()
        await house.send(target=LIGHT, command="ON")
        await browser.hear_after(2)
        assert [record["config_entry_id"] for record in told] == [other.entry_id]
        assert {record["config_entry_id"] for record in browser.shown.values()} == {
            house.entry.entry_id,
            other.entry_id,
        }

    async def test_an_unknown_state_is_refused(self, browser: Browser) -> None:
        """A typing error would otherwise look like peace."""
        answer = await browser.ask("subscribe", state="done")
        assert answer["error"]["code"] == "invalid_format"


class TestAccounts:
    """Accounts come and go; subscriptions stay."""

    async def test_a_reload_takes_nothing_away(self, house: House, browser: Browser) -> None:
        """Whoever looks at the list sees no gap."""
        await house.send()
        await house.go_by(2)
        await browser.subscribe()
        await house.hass.config_entries.async_reload(house.entry.entry_id)
        event = await browser.hear_after()
        assert event["removed"] == []
        assert browser.states == ["success"]

    async def test_the_commands_of_a_removed_account_go(
        self, house: House, browser: Browser
    ) -> None:
        """They are forgotten."""
        await house.send()
        await house.go_by(2)
        await browser.subscribe()
        await house.hass.config_entries.async_remove(house.entry.entry_id)
        await browser.hear_after()
        assert browser.shown == {}

    async def test_the_commands_of_a_disabled_account_go_and_come_back(
        self, house: House, browser: Browser
    ) -> None:
        """As those of `get_commands` do."""
        await house.send()
        await house.go_by(2)
        await browser.subscribe()
        entries = house.hass.config_entries
        await entries.async_set_disabled_by(house.entry.entry_id, ConfigEntryDisabler.USER)
        await browser.hear_after()
        assert browser.shown == {}
        await entries.async_set_disabled_by(house.entry.entry_id, None)
        await house.breathe()
        await browser.hear_after()
        assert browser.states == ["success"]


class TestRights:
    """Whoever may read the entities of a target may read its commands."""

    async def test_only_what_a_user_may_read_is_told(
        self, house: House, guest_browser: Browser
    ) -> None:
        """Neither at first nor later."""
        await house.send()
        await house.send(target=GARAGE)
        assert [record["target"] for record in await guest_browser.subscribe()] == [GARAGE]
        await house.go_by(4)
        await house.send(target=LIGHT, command="ON")
        await house.send(target=GARAGE)
        event = await guest_browser.hear_after()
        assert {record["target"] for record in event["commands"]} == {GARAGE}

    async def test_parameters_are_for_administrators_and_for_whoever_sent_them(
        self, house: House, browser: Browser, guest_browser: Browser
    ) -> None:
        """They may hold what is nobody else's business."""
        await house.send(target=GARAGE, parameters={"relay": 1})
        (seen,) = await browser.subscribe()
        (hidden,) = await guest_browser.subscribe()
        assert (seen["parameters"], hidden["parameters"]) == ({"relay": 1}, {"relay": REDACTED})


class TestSlowReaders:
    """A slow browser costs nobody else anything; it gets the newest state, not every step."""

    async def test_a_slow_reader_is_told_the_newest_state_when_it_has_read(
        self, house: House, browser: Browser
    ) -> None:
        """What came in between is in the steps."""
        house.cloud.script(outcome="SUCCESS", after=3.0)
        await browser.subscribe()
        with patch.object(feed, "_behind", return_value=feed.MOST_BEHIND + 1):
            await house.send()
            await house.go_by(7)
        event = await browser.hear_after()
        (record,) = event["commands"]
        assert [step["state"] for step in record["steps"]] == ["queued", "sent", "success"]
        assert len(browser.events) == 2

    async def test_how_far_a_reader_is_behind_is_what_home_assistant_keeps_for_it(self) -> None:
        """The one place where its handler holds messages back."""

        class Handler:
            _message_queue = ("one", "two")

            def send(self, message: bytes) -> None:
                """Keep a message."""

        handler = Handler()
        connection: Any = SimpleNamespace(send_message=MethodType(Handler.send, handler))
        assert feed._behind(connection) == 2
        elsewhere: Any = SimpleNamespace(send_message=print)
        assert feed._behind(elsewhere) == 0

    async def test_the_handler_of_home_assistant_is_one_that_can_be_asked(
        self, browser: Browser
    ) -> None:
        """If that changes, a slow reader would no longer be noticed."""
        behind: list[int] = []
        original = feed._behind

        def spy(connection: Any) -> int:
            assert hasattr(connection.send_message.__self__, "_message_queue")
            behind.append(original(connection))
            return behind[-1]

        with patch.object(feed, "_behind", spy):
            await browser.subscribe()
            await browser._house.send()
            await browser.hear_after()
        assert behind == [0]


def test_every_state_can_be_asked_for() -> None:
    """The schema takes our words."""
    assert len(CommandState) == 10
