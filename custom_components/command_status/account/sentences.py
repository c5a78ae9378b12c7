"""What became of a command, as a sentence in Home Assistant's language, the reason in words.

The panel tells the same in the language of each user, out of the same texts.
"""

from collections.abc import Mapping
import re
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_cached_translations, async_get_translations

from ..const import DOMAIN
from ..tracking import FINAL, OFFLINE_NOTE, CommandState

CATEGORY: Final = "config_panel"
"""The texts that the panel shows; a category that may have any depth."""

MINUTE: Final = 60
TENTHS_UNTIL: Final = 10.0
SECONDS_UNTIL: Final = 2.0 * MINUTE

CODE: Final = re.compile(r"[a-z0-9_]+")
"""How our own words for reasons look; the provider's are sentences."""


async def async_load_sentences(hass: HomeAssistant) -> None:
    """Have the texts at hand; Home Assistant itself loads those of another language later."""
    await async_get_translations(hass, hass.config.language, CATEGORY, [DOMAIN])


class Sentences:
    """The texts of the language that Home Assistant speaks at the moment."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Take those at hand."""
        language = hass.config.language
        self._texts = async_get_cached_translations(hass, language, CATEGORY, DOMAIN)

    def message(self, told: Mapping[str, Any]) -> str:
        """Return what became of a command: "Gate relay 1: JOG succeeded after 3.2 s"."""
        return self._say(
            "message.plain",
            target=told["target_name"],
            command=told["command"],
            outcome=self._outcome(told),
        )

    def short(self, told: Mapping[str, Any]) -> str:
        """Return the same without its target, for where that stands beside it."""
        return self._say("message.short", command=told["command"], outcome=self._outcome(told))

    def _outcome(self, told: Mapping[str, Any]) -> str:
        words = {}
        if told["state"] in FINAL:
            words["duration"] = self._duration(told["duration"] or 0.0)
        key = "accepted" if _is_taken(told) else told["state"]
        outcome = self._say(f"outcome.{key}", **words)
        if told["late"]:
            outcome = f"{outcome} {self._say('late')}"
        return f"{outcome}: {self._reason(told['reason'])}" if told["reason"] else outcome

    def _reason(self, reason: str) -> str:
        """Return a reason in words; a note may follow it."""
        return "; ".join(self._part(part) for part in reason.split("; "))

    def _part(self, part: str) -> str:
        key = "was_offline" if part == OFFLINE_NOTE else part
        known = self._texts.get(_key(f"reason.{key}")) if CODE.fullmatch(key) else None
        return known or part

    def _duration(self, seconds: float) -> str:
        """Return a duration: as 3.2 s, from ten seconds as 32 s, from two minutes as 2:05."""
        if seconds < SECONDS_UNTIL:
            text = f"{seconds:.1f}" if seconds < TENTHS_UNTIL else f"{seconds:.0f}"
            return f"{text.replace('.', self._say('decimal'))} s"
        minutes, rest = divmod(round(seconds), MINUTE)
        hours, minutes = divmod(minutes, MINUTE)
        return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

    def _say(self, key: str, **words: str) -> str:
        """Return a text; its key for the moment in which a new language is being loaded."""
        return self._texts.get(_key(key), key).format(**words)


def _is_taken(told: Mapping[str, Any]) -> bool:
    """Return whether a queued command waits at the provider: who says anything about it has it."""
    heard = (told[word] for word in ("command_id", "request_id", "provider_state"))
    return told["state"] == CommandState.QUEUED and any(word is not None for word in heard)


def _key(key: str) -> str:
    return f"component.{DOMAIN}.{CATEGORY}.{key}"
