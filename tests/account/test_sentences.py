"""What became of a command, as a sentence in Home Assistant's language."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.command_status.account.sentences import Sentences, async_load_sentences


def told(**details: Any) -> dict[str, Any]:
    """Return what a record says of a command to the gate."""
    return {
        "target_name": "Gate",
        "command": "JOG",
        "command_id": None,
        "request_id": None,
        "provider_state": None,
        "state": "success",
        "duration": 3.24,
        "late": False,
        "reason": None,
        **details,
    }


@pytest.fixture
async def english(
    hass: HomeAssistant,
    enable_custom_integrations: None,  # noqa: ARG001 - comes first, or ours has no texts
) -> Sentences:
    """Return the sentences in English."""
    await async_load_sentences(hass)
    return Sentences(hass)


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        ({}, "Gate: JOG succeeded after 3.2 s"),
        ({"duration": 32.4}, "Gate: JOG succeeded after 32 s"),
        ({"duration": 125.0}, "Gate: JOG succeeded after 2:05"),
        ({"duration": 3725.0}, "Gate: JOG succeeded after 1:02:05"),
        ({"state": "queued", "duration": None}, "Gate: JOG waits to be sent"),
        ({"state": "queued", "command_id": "7"}, "Gate: JOG queued at the provider"),
        ({"state": "queued", "request_id": "8"}, "Gate: JOG queued at the provider"),
        ({"state": "queued", "provider_state": "new"}, "Gate: JOG queued at the provider"),
        ({"state": "sent", "command_id": "7"}, "Gate: JOG sent"),
        ({"state": "failure", "reason": "busy"}, "Gate: JOG failed: the device was busy"),
        ({"state": "failure", "reason": "Door (open)"}, "Gate: JOG failed: Door (open)"),
        ({"state": "failure", "reason": "no_such_word"}, "Gate: JOG failed: no_such_word"),
        ({"state": "cancelled", "duration": None}, "Gate: JOG cancelled after 0.0 s"),
    ],
    ids=str,
)
def test_a_sentence_says_what_became_of_it(
    english: Sentences, details: dict[str, Any], sentence: str
) -> None:
    """How long it took, and why, in words where they are ours."""
    assert english.message(told(**details)).startswith(sentence)


async def test_the_sentence_is_in_the_language_of_home_assistant(
    hass: HomeAssistant, english: Sentences
) -> None:
    """With its numbers."""
    assert english is not None
    hass.config.language = "de"
    await async_load_sentences(hass)
    assert Sentences(hass).message(told()) == ("Gate: JOG \N{EN DASH} erfolgreich nach 3,2 s")


@pytest.mark.usefixtures("english")
def test_a_language_that_is_not_loaded_yet_breaks_nothing(hass: HomeAssistant) -> None:
    """Home Assistant loads it a moment after it was chosen."""
    hass.config.language = "fr"
    assert Sentences(hass).message(told()) == "message.plain"
