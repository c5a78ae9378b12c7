"""The blueprints for the house: make sure that it happened, and tell me when it did not."""

from collections import Counter
from pathlib import Path
import shutil
from typing import Any, Final

from homeassistant.components.persistent_notification import _async_get_or_create_notifications
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.command_status.const import DOMAIN
from custom_components.command_status.providers.home.actions import EXPECTED
from tests.house import House

from .conftest import DOOR, GARAGE, LAMP, Things

BLUEPRINTS: Final = Path(__file__).parents[2] / "blueprints"
MAKE_SURE: Final = "make_sure"
TELL_ME: Final = "tell_me_of_my_house"

CLOSE: Final = {"action": "cover.close_cover", "target": {"entity_id": [GARAGE]}}
TELL: Final = {
    "succeeded": [{"action": "notify.phone", "data": {"message": "it happened"}}],
    "otherwise": [{"action": "notify.phone", "data": {"message": "{{ message }}"}}],
}
NOT_SEEN: Final = "not confirmed within 5.0 s: what was expected was not seen"
NOTIFY: Final = {
    "action": "notify.phone",
    "data": {"title": "{{ title }}", "message": "{{ message }}"},
}


@pytest.fixture
def notified(hass: HomeAssistant) -> list[ServiceCall]:
    """Return the messages that came to the phone."""
    return async_mock_service(hass, "notify", "phone")


@pytest.fixture(autouse=True)
def imported(hass: HomeAssistant) -> None:
    """Have all blueprints in Home Assistant, as an import leaves them there."""
    shutil.copytree(BLUEPRINTS, hass.config.path("blueprints"))


async def make_sure(home: House, **inputs: Any) -> None:
    """Make the script, with a short pause, and call it."""
    inputs = {"window": 5, "pause": {"seconds": 1}, **inputs}
    use = {"path": f"{DOMAIN}/{MAKE_SURE}.yaml", "input": inputs}
    assert await async_setup_component(
        home.hass, "script", {"script": {"sure": {"use_blueprint": use}}}
    )
    await home.hass.services.async_call("script", "sure")
    await home.breathe()


async def automate(home: House, **inputs: Any) -> None:
    """Make the automation."""
    use = {"path": f"{DOMAIN}/{TELL_ME}.yaml", "input": inputs}
    assert await async_setup_component(
        home.hass, "automation", {"automation": {"alias": TELL_ME, "use_blueprint": use}}
    )
    await home.hass.async_block_till_done()


def messages(calls: list[ServiceCall]) -> list[str]:
    """Return what the phone was told."""
    return [call.data["message"] for call in calls]


def acted(things: Things) -> list[tuple[str, ...]]:
    """Return which entities each call acted on, in their order."""
    return [tuple(call.data["entity_id"]) for call in things.calls]


class TestMakeSure:
    """Make sure that it happened."""

    def test_it_repeats_what_the_table_calls_harmless(self) -> None:
        """And nothing else: it is the same table, written down where a blueprint can read it."""
        blueprint = load_yaml_dict(str(BLUEPRINTS / "script" / DOMAIN / f"{MAKE_SURE}.yaml"))
        variables = blueprint["sequence"][0]["variables"]
        harmless = sorted(name for name, action in EXPECTED.items() if action.harmless)

        assert variables["harmless"] == harmless

    async def test_what_happened_is_done_once(
        self, home: House, things: Things, notified: list[ServiceCall]
    ) -> None:
        """And said to have happened."""
        things.reaction = lambda _: things.show(GARAGE, "closed")
        await make_sure(home, **CLOSE, **TELL)
        await home.go_by(10)

        assert messages(notified) == ["it happened"]
        assert acted(things) == [(GARAGE,)]

    async def test_what_did_not_is_done_again(
        self, home: House, things: Things, notified: list[ServiceCall]
    ) -> None:
        """Until it happens; the window is the one that was chosen."""
        await make_sure(home, **CLOSE, **TELL, pause={"seconds": 4})
        await home.go_by(7)
        assert len(things.calls) == 1
        things.reaction = lambda _: things.show(GARAGE, "closed")
        await home.go_by(5)

        assert messages(notified) == ["it happened"]
        assert acted(things) == [(GARAGE,), (GARAGE,)]

    async def test_in_the_end_it_tells(
        self, home: House, things: Things, notified: list[ServiceCall]
    ) -> None:
        """After as many repeats as were wanted."""
        await make_sure(home, **CLOSE, **TELL, times=1)
        await home.go_by(30)

        assert messages(notified) == [f"Not done: Garage: cover.close_cover {NOT_SEEN}"]
        assert len(things.calls) == 2

    async def test_it_tells_by_itself(self, home: House, things: Things) -> None:
        """In Home Assistant, where nothing else was said; and what a lock says stays text."""
        assert await async_setup_component(home.hass, "persistent_notification", {})
        lock = {"action": "lock.lock", "target": {"entity_id": [DOOR]}}
        await make_sure(home, **lock, times=0)
        things.show(DOOR, "jammed")
        await home.go_by(10)

        (notification,) = _async_get_or_create_notifications(home.hass).values()
        assert notification["title"] == "It did not happen"
        assert notification["message"] == r"Not done\: Door\: lock\.lock failed\: it is jammed"

    async def test_a_toggle_is_never_repeated(
        self, home: House, things: Things, notified: list[ServiceCall]
    ) -> None:
        """It would undo what came late."""
        await make_sure(home, action="light.toggle", target={"entity_id": [LAMP]}, **TELL)
        await home.go_by(30)

        assert len(things.calls) == 1
        assert len(notified) == 1

    async def test_only_what_did_not_happen_is_repeated(
        self, home: House, things: Things, notified: list[ServiceCall]
    ) -> None:
        """Of two lamps, one is broken."""
        things.show("light.broken", "off", friendly_name="Broken")
        things.reaction = lambda _: things.show(LAMP, "on")
        both = {"entity_id": [LAMP, "light.broken"]}
        await make_sure(home, action="light.turn_on", target=both, **TELL, times=2)
        await home.go_by(30)

        assert Counter(acted(things)) == {(LAMP,): 1, ("light.broken",): 3}
        assert messages(notified) == [f"Not done: Broken: light.turn_on {NOT_SEEN}"]

    async def test_a_better_witness_can_be_named(
        self, home: House, things: Things, notified: list[ServiceCall]
    ) -> None:
        """The contact at the door knows more than the cover."""
        things.show("binary_sensor.contact", "on")
        things.reaction = lambda _: things.show(GARAGE, "closed")
        expect = {"entity_id": "binary_sensor.contact", "state": "off"}
        await make_sure(home, **CLOSE, **TELL, expect=expect, times=0)
        await home.go_by(2)
        assert messages(notified) == []
        things.show("binary_sensor.contact", "off")
        await home.go_by(1)

        assert messages(notified) == ["it happened"]

    async def test_without_a_target_it_is_done_once(
        self, home: House, things: Things, notified: list[ServiceCall]
    ) -> None:
        """Nothing can be seen of a message; the account's window is used."""
        await make_sure(home, action="notify.all", data={"message": "hello"}, window=0, **TELL)
        await home.go_by(2)

        assert messages(notified) == ["it happened"]
        assert [call.data["message"] for call in things.calls] == ["hello"]


class TestTellMe:
    """Tell me when anything in the house does not do what it was told."""

    async def test_it_needs_no_input(self, home: House, things: Things) -> None:
        """A notification is left in Home Assistant, in which nothing of the device comes alive."""
        assert await async_setup_component(home.hass, "persistent_notification", {})
        await automate(home)
        await home.hass.services.async_call("lock", "lock", {"entity_id": DOOR}, blocking=True)
        await home.settle()
        things.show(DOOR, "jammed")
        await home.settle()

        (notification,) = _async_get_or_create_notifications(home.hass).values()
        assert notification["title"] == "Told to Door"
        assert notification["message"] == r"Outcome\: Door\: lock\.lock failed\: it is jammed"

    async def test_a_success_is_no_news_unless_it_comes_late(
        self, home: House, things: Things, notified: list[ServiceCall]
    ) -> None:
        """Then it takes the bad news back."""
        await automate(home, notification=[NOTIFY])
        await home.act("perform_action", **CLOSE, timeout=5)
        things.show(GARAGE, "closed", friendly_name="Garage")
        await home.settle()
        assert notified == []
        things.show(GARAGE, "open", friendly_name="Garage")
        await home.act("perform_action", **CLOSE, timeout=5)
        await home.wait(6)
        things.show(GARAGE, "closed")
        await home.settle()

        assert messages(notified) == [
            f"Outcome: Garage: cover.close_cover {NOT_SEEN}",
            "Outcome: Garage: cover.close_cover succeeded after 6.0 s (a late correction)",
        ]

    async def test_late_news_can_be_left_out(
        self, home: House, things: Things, notified: list[ServiceCall]
    ) -> None:
        """For those whose phone rings enough."""
        await automate(home, notification=[NOTIFY], late=False)
        await home.act("perform_action", **CLOSE, timeout=5)
        await home.wait(6)
        things.show(GARAGE, "closed")
        await home.settle()

        assert len(notified) == 1

    async def test_only_chosen_entities_are_watched(
        self, home: House, notified: list[ServiceCall]
    ) -> None:
        """The garage is somebody else's."""
        await automate(home, notification=[NOTIFY], entities=[DOOR])
        await home.act("perform_action", **CLOSE, timeout=5)
        lock = {"action": "lock.lock", "target": {"entity_id": DOOR}}
        await home.act("perform_action", **lock, timeout=5)
        await home.wait(6)

        assert [call.data["title"] for call in notified] == ["Told to Door"]
