"""Who asked for a command, as the context of the call tells."""

from homeassistant.components.automation import EVENT_AUTOMATION_TRIGGERED
from homeassistant.components.script.const import EVENT_SCRIPT_STARTED
from homeassistant.core import Context, HomeAssistant
import pytest

from custom_components.command_status.account import asked
from custom_components.command_status.account.asked import Asked, asked_by

from ..house import House


def begin(hass: HomeAssistant, event: str, entity_id: str, context: Context) -> None:
    """Let an automation or a script begin."""
    hass.bus.async_fire(event, {"entity_id": entity_id, "name": "x"}, context=context)


async def test_the_record_says_who_asked(house: House) -> None:
    """It is on disk with the command, so it survives a restart."""
    context = Context()
    begin(house.hass, EVENT_AUTOMATION_TRIGGERED, "automation.evening", context)
    answer = await house.hass.services.async_call(
        "command_status",
        "send_command",
        {"config_entry_id": house.entry.entry_id, "target": "dev-7/1", "command": "JOG"},
        blocking=True,
        return_response=True,
        context=context,
    )
    assert answer is not None
    commands = answer["commands"]
    assert isinstance(commands, list)
    (sent,) = commands
    assert isinstance(sent, dict)
    assert sent["asked_by"] == {"user_id": None, "source": "automation.evening"}
    await house.wait(2)
    await house.reload()
    again = await house.record(str(sent["tracking_id"]))
    assert again["asked_by"] == sent["asked_by"]


@pytest.mark.usefixtures("house")
def test_a_user_asks_by_himself(hass: HomeAssistant) -> None:
    """His context has no run."""
    assert asked_by(hass, Context(user_id="anna")) == Asked("anna", "user")


@pytest.mark.usefixtures("house")
def test_a_script_that_an_automation_calls_is_the_automations_wish(hass: HomeAssistant) -> None:
    """They share a context, and who came first is what a person would look for."""
    context = Context()
    begin(hass, EVENT_AUTOMATION_TRIGGERED, "automation.evening", context)
    begin(hass, EVENT_SCRIPT_STARTED, "script.gate", context)
    assert asked_by(hass, context).source == "automation.evening"


@pytest.mark.usefixtures("house")
def test_a_script_that_a_user_runs_is_named(hass: HomeAssistant) -> None:
    """With the user."""
    context = Context(user_id="anna")
    begin(hass, EVENT_SCRIPT_STARTED, "script.gate", context)
    assert asked_by(hass, context) == Asked("anna", "script.gate")


@pytest.mark.usefixtures("house")
def test_what_was_spoken_is_told_as_voice(hass: HomeAssistant) -> None:
    """The satellite that heard it carries the same context."""
    context = Context()
    hass.states.async_set("assist_satellite.kitchen", "processing", context=context)
    assert asked_by(hass, context).source == "voice"


@pytest.mark.usefixtures("house")
def test_nobody_is_made_up(hass: HomeAssistant) -> None:
    """Home Assistant itself has contexts without anybody, and some have none."""
    assert asked_by(hass, Context()) == asked_by(hass, None) == Asked(None, None)


@pytest.mark.usefixtures("house")
def test_only_the_newest_runs_are_remembered(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy house runs for years."""
    monkeypatch.setattr(asked, "REMEMBERED", 2)
    contexts = [Context() for _ in range(3)]
    for number, context in enumerate(contexts):
        begin(hass, EVENT_AUTOMATION_TRIGGERED, f"automation.n{number}", context)
    sources = [asked_by(hass, context).source for context in contexts]
    assert sources == [None, "automation.n1", "automation.n2"]
