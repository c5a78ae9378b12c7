"""The logbook: every announcement reads as a sentence."""

from collections.abc import Callable
import json
from pathlib import Path
from typing import Any

from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.command_status import logbook
from custom_components.command_status.account.sentences import async_load_sentences
from custom_components.command_status.const import DOMAIN, EVENT_FINISHED
from custom_components.command_status.tracking import FINAL

from .house import House

type Describe = Callable[[Event[Any]], dict[str, Any]]


@pytest.fixture
async def describe(
    hass: HomeAssistant,
    enable_custom_integrations: None,  # noqa: ARG001 - comes first, or ours has no texts
) -> Describe:
    """Return what the logbook calls for our event."""
    await async_load_sentences(hass)
    registered: dict[tuple[str, str], Any] = {}

    def register(domain: str, event_type: str, describe: Any) -> None:
        registered[domain, event_type] = describe

    logbook.async_describe_events(hass, register)
    found: Describe = registered.pop((DOMAIN, EVENT_FINISHED))
    assert not registered
    return found


def announcement(**details: Any) -> Event[Any]:
    """Return the event about a command to the gate."""
    told = {
        "config_entry_id": "gate-account",
        "target": "dev-7/1",
        "target_name": "Gate relay 1",
        "command": "JOG",
        "state": "success",
        "duration": 3.24,
        "late": False,
        "reason": None,
    }
    return Event(EVENT_FINISHED, told | details)


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        ({}, "JOG succeeded after 3.2 s"),
        (
            {"state": "failure", "reason": "The motor is blocked"},
            "JOG failed: The motor is blocked",
        ),
        (
            {"state": "failure", "duration": 60.0, "reason": "not_sent"},
            "JOG failed: it was never sent",
        ),
        (
            {"state": "timeout", "duration": 60.0, "reason": "not_seen"},
            "JOG not confirmed within 60 s: what was expected was not seen",
        ),
        ({"reason": "seen"}, "JOG succeeded after 3.2 s: it was seen in the house"),
        (
            {"state": "failure", "reason": "cannot_connect; the target was offline"},
            "JOG failed: the provider could not be reached; the target was offline",
        ),
        ({"state": "timeout", "duration": 5.0}, "JOG not confirmed within 5.0 s"),
        (
            {"state": "timeout", "duration": 600.0, "reason": "the target was offline"},
            "JOG not confirmed within 10:00: the target was offline",
        ),
        ({"state": "cancelled"}, "JOG cancelled after 3.2 s"),
        (
            {"state": "lost", "reason": "no_answer"},
            "JOG lost after 3.2 s: nobody knows whether it was taken",
        ),
        (
            {"duration": 75.4, "late": True},
            "JOG succeeded after 75 s (a late correction)",
        ),
        (
            {"state": "failure", "duration": 90061.0, "late": True, "reason": "E17"},
            "JOG failed (a late correction): E17",
        ),
    ],
    ids=[
        "success",
        "failure with the words of the provider",
        "never sent",
        "not seen",
        "only seen",
        "offline",
        "timeout",
        "timeout of an offline target",
        "cancelled",
        "lost",
        "late success",
        "late failure",
    ],
)
def test_an_announcement_reads_as_a_sentence(
    describe: Describe, details: dict[str, Any], sentence: str
) -> None:
    """What became of the command, how long it took and, where there is one, the reason."""
    described = describe(announcement(**details))
    assert (described["name"], described["message"]) == ("Gate relay 1", sentence)


def test_an_outcome_has_the_icon_that_the_sensors_show(describe: Describe) -> None:
    """Whoever looks for what went wrong finds it without reading."""
    icons = json.loads((Path(logbook.__file__).parent / "icons.json").read_text())
    of_states = icons["entity"]["sensor"]["command"]["state"]
    shown = {state: describe(announcement(state=state))["icon"] for state in FINAL}
    assert shown == {state: of_states[state] for state in FINAL}


@pytest.mark.parametrize("state", sorted(FINAL))
def test_there_is_a_sentence_for_every_outcome(describe: Describe, state: str) -> None:
    """None may break the logbook."""
    assert "." not in describe(announcement(state=state, duration=12.0))["message"]


async def test_what_is_really_announced_is_described(house: House, describe: Describe) -> None:
    """A shape that is told only here would prove nothing."""
    house.cloud.script(after=3.0, times=1)
    await house.send()
    await house.wait(5)

    described = describe(house.announced[0])

    assert described["name"] == "Gate relay 1"
    assert described["message"].startswith("JOG succeeded after ")
    assert described["entity_id"] == "event.gate_relay_1_outcome"


async def test_a_line_leads_to_an_entity_that_is_there(house: House, describe: Describe) -> None:
    """That of the target under the name that it has now, or else that of the account."""
    registry = er.async_get(house.hass)
    registry.async_update_entity("event.gate_relay_1_outcome", new_entity_id="event.gate")
    assert describe(announcement())["entity_id"] == "event.gate"
    registry.async_remove("event.gate")
    assert describe(announcement())["entity_id"] == "event.my_gate_outcome"


def test_a_line_of_an_account_that_is_gone_leads_nowhere(describe: Describe) -> None:
    """The logbook remembers it for longer than Home Assistant does."""
    assert "entity_id" not in describe(announcement())


async def test_a_line_speaks_the_language_of_the_house(
    hass: HomeAssistant, describe: Describe
) -> None:
    """Old lines, too: they are put into words when they are read."""
    hass.config.language = "de"
    await async_load_sentences(hass)
    described = describe(announcement(state="failure", reason="not_sent"))
    assert described["message"] == "JOG \u2013 fehlgeschlagen: er wurde nie gesendet"


async def test_no_value_of_a_parameter_is_told(house: House, describe: Describe) -> None:
    """It may be a password."""
    await house.send(parameters={"relay": 1})
    await house.settle()

    (event,) = house.announced
    assert "parameters" not in event.data
    assert "{" not in describe(event)["message"]


@pytest.mark.parametrize(
    "told",
    [{}, {"state": "success"}, {**announcement().data, "state": "open"}],
    ids=["of an older version", "fired by hand", "no outcome"],
)
def test_an_odd_event_breaks_no_page(describe: Describe, told: dict[str, Any]) -> None:
    """Whoever fires it, the lines of all others are still there."""
    line = describe(Event(EVENT_FINISHED, told))
    assert line == {"name": "Command Status", "message": "a command ended"}
