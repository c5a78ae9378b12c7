"""The automations that readers copy, run: they do what the text around them says."""

import json
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from .house import House
from .test_docs import DOCS, ROOT, blocks

NOT_DONE: Final = "the device did not complete the command"
type Calls = list[ServiceCall]

PAGES: Final = (ROOT / "README.md", DOCS / "examples.md")
ACCOUNT: Final = "01JD0Z8S6RN1F4QK7W2X9V3B5C"
"""What stands in the pages for the id of an account."""


async def listen(house: House, alias: str) -> None:
    """Set up an automation of the pages, with the id of our account; triggers of time stay out."""
    examples = [parse_yaml(text) for page in PAGES for text in blocks(page, "yaml")]
    (example,) = (each for each in examples if isinstance(each, dict) and each["alias"] == alias)
    told = json.dumps(example).replace(ACCOUNT, house.entry.entry_id)
    config: dict[str, Any] = json.loads(told)
    config["triggers"] = [t for t in config["triggers"] if t["trigger"] != "time"]
    assert await async_setup_component(house.hass, "automation", {"automation": [config]})
    await house.settle()


@pytest.fixture
def notices(hass: HomeAssistant) -> Calls:
    """Return the notifications that were made in Home Assistant."""
    return async_mock_service(hass, "persistent_notification", "create")


@pytest.fixture
def messages(hass: HomeAssistant) -> Calls:
    """Return the messages that were sent to a phone."""
    return async_mock_service(hass, "notify", "send_message")


async def test_the_first_example_tells_of_a_failure(house: House, notices: Calls) -> None:
    """It is the first thing that a reader tries."""
    await listen(house, "Tell me when a command fails")
    house.cloud.script(outcome="FAILED")
    await house.send("ON")
    await house.settle()
    (notice,) = notices
    assert notice.data["title"] == "Command to Gate relay 1"
    assert notice.data["message"] == f"`Gate relay 1: ON failed: {NOT_DONE}`"


class TestGate:
    """Open the gate, and know that it opened."""

    @pytest.fixture
    def lights(self, hass: HomeAssistant) -> Calls:
        """Return how often the light was switched on."""
        return async_mock_service(hass, "light", "turn_on")

    async def press(self, house: House) -> None:
        """Press the button."""
        for state in ("off", "on"):
            house.hass.states.async_set("binary_sensor.gate_button", state)
            await house.settle()

    async def test_the_light_goes_on_when_it_opened(
        self, house: House, lights: Calls, messages: Calls
    ) -> None:
        """Nobody needs a message then."""
        await listen(house, "Open the gate")
        await self.press(house)
        assert (len(lights), len(messages)) == (1, 0)

    @pytest.mark.parametrize(
        ("outcome", "message"),
        [
            ("TIMEOUT", "Nobody confirmed that the gate opened. Look before you press again."),
            ("FAILED", f"The gate did not open. Gate relay 1: JOG failed: {NOT_DONE}"),
        ],
    )
    async def test_it_tells_what_else_became_of_it(
        self, house: House, lights: Calls, messages: Calls, outcome: str, message: str
    ) -> None:
        """Not confirmed is not the same as not opened."""
        await listen(house, "Open the gate")
        house.cloud.script(outcome=outcome)
        await self.press(house)
        assert [each.data["message"] for each in messages] == [message]
        assert not lights

    async def test_a_second_press_does_nothing_while_the_first_is_open(
        self, house: House, lights: Calls, messages: Calls
    ) -> None:
        """It would close the gate again."""
        await listen(house, "Open the gate")
        house.cloud.script(outcome="SUCCESS", after=20.0)
        await house.send("JOG")
        await self.press(house)
        assert house.cloud.counts["create"] == 1
        assert not lights + messages


async def test_a_warning_is_taken_back(house: House, hass: HomeAssistant, notices: Calls) -> None:
    """The late outcome finds the notification by the id of the command."""
    dismissed = async_mock_service(hass, "persistent_notification", "dismiss")
    await listen(house, "Warn, and take it back")
    house.cloud.script(outcome="SUCCESS", after=30.0)
    record = await house.send("ON", timeout=10)
    await house.wait(12)
    assert [each.data["notification_id"] for each in notices] == [record["tracking_id"]]
    await house.wait(40)
    assert [each.data["notification_id"] for each in dismissed] == [record["tracking_id"]]


async def test_the_morning_list_names_what_was_not_confirmed(
    house: House, hass: HomeAssistant, notices: Calls
) -> None:
    """And nothing that was, and nothing of the night before."""
    await listen(house, "Kiosks that were not rebooted")
    house.cloud.script(outcome="FAILED", device="dev-7", relay=2)
    await house.send("ON", "dev-7/2", tag="nightly-reboot")
    house.freezer.tick(20 * 3600)
    await house.settle()
    house.cloud.script(outcome="FAILED", device="dev-8", relay=1)
    await house.send("ON", "dev-7/1", tag="nightly-reboot")
    await house.send("ON", "dev-8/1", tag="nightly-reboot")
    await hass.services.async_call(
        "automation",
        "trigger",
        {"entity_id": "automation.kiosks_that_were_not_rebooted"},
        blocking=True,
    )
    assert [each.data["message"] for each in notices] == ["These kiosks: `Garage relay 1`"]
