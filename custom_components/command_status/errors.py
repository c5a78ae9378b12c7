"""A provider's errors as Home Assistant's, in the user's language: said once, for every caller."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .providers.errors import (
    ProviderError,
    ProviderInputError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
)

OWN_TEXT: Final = frozenset(
    {
        "cannot_connect",
        "client_blocked",
        "invalid_auth",
        "missing_permission",
        "not_supported",
        "rate_limited",
        "update_required",
    }
)
"""Errors with a text of the same name; for all others the provider is quoted."""


def invalid(key: str, **placeholders: str) -> ServiceValidationError:
    """Return the error for a value that makes no sense; nothing was done then."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


@contextmanager
def translated_errors() -> Iterator[None]:
    """Tell Home Assistant about a provider's error."""
    try:
        yield
    except ProviderInputError as err:
        raise invalid(err.text_key, **err.placeholders) from err
    except ProviderNotFoundError as err:
        raise invalid("command_not_found") from err
    except ProviderError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=_text_of(err),
            translation_placeholders={"error": str(err)},
        ) from err


def _text_of(err: ProviderError) -> str:
    """Return the key of the text for an error; no answer is as good as no connection."""
    key = "cannot_connect" if isinstance(err, ProviderNoAnswerError) else err.key
    return key if key in OWN_TEXT else "provider_error"
