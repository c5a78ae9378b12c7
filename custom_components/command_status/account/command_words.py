"""A command in words: the text that it has in the language of the house, or else its own word.

Only the commands of clouds that we know have texts: one of an API that a user has described may
mean something else by the same word.
"""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN
from ..providers.base import AccountDescription
from .settings import CONF_COMMAND


async def async_in_words(hass: HomeAssistant, account: AccountDescription, command: str) -> str:
    """Return a command in words, such as "Switch the relay on" for ON."""
    if not account.named_commands:
        return command
    texts = await async_get_translations(hass, hass.config.language, "selector", {DOMAIN})
    key = f"component.{DOMAIN}.selector.{CONF_COMMAND}.options.{command.lower()}"
    return texts.get(key, command)
