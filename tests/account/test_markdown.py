"""A foreign text stays text where Home Assistant shows markdown."""

from types import SimpleNamespace
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.command_status.account.issues import Issue, async_raise
from custom_components.command_status.account.markdown import UNSEEN, as_text
from custom_components.command_status.const import DOMAIN

HOSTILE: Final = {
    "an image": "![x](http://evil.invalid/p.png)",
    "a link": "[x](//evil.invalid)",
    "a reference": "[x]: http://evil.invalid",
    "HTML": "<img src=//evil.invalid>",
    "an autolink": "<http://evil.invalid>",
    "an address": "https://evil.invalid/x",
    "a name": "WWW.evil.invalid",
    "an e-mail address": "a@evil.invalid",
    "an entity": "&lt;img&gt;",
    "lines": "x\n\n[y]: //evil.invalid",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_of_a_text_can_be_opened(text: str) -> None:
    """What would make a link, an image or a tag is no longer in one piece."""
    shown = as_text(text)
    assert shown.replace(UNSEEN, "") == " ".join(text.split())
    for alive in ("](", "]:", "<i", "<h", "://", "www.", "@e", "&l", "\n"):
        assert alive not in shown.lower()


@pytest.mark.parametrize("text", ["My gate", "Gate relay 1", "my_gate-2 (old), 50 % #1", "a: b"])
def test_usual_names_stay_as_they_are(text: str) -> None:
    """To the letter."""
    assert as_text(text) == text


async def test_a_repair_shows_a_text(hass: HomeAssistant) -> None:
    """Names of accounts and targets come from clouds."""
    entry: Any = SimpleNamespace(entry_id="x", title=HOSTILE["an image"])
    async_raise(hass, entry, Issue.TARGET_GONE, "y", {"target": HOSTILE["a link"]})
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "target_gone_x_y")
    assert issue is not None
    words = issue.translation_placeholders
    assert words == {"account": as_text(HOSTILE["an image"]), "target": as_text(HOSTILE["a link"])}
