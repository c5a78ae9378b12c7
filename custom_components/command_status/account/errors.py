"""A provider's errors as Home Assistant's, in the user's language: said once, for every caller."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..const import DOMAIN
from ..providers.errors import (
    ProviderAuthError,
    ProviderError,
    ProviderInputError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
)

TEXTS: Final = frozenset(
    {
        "auth_refused",
        "cannot_connect",
        "client_blocked",
        "invalid_auth",
        "missing_permission",
        "not_supported",
        "provider_error",
        "provider_failed",
        "rate_limited",
        "too_many",
        "update_required",
    }
)
"""The texts for what a provider raises; most have the name of the error."""


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
    """Return the key of the text for an error; what the provider says about it is part of some."""
    if isinstance(err, ProviderAuthError) and err.message:
        return "auth_refused"
    if isinstance(err, ProviderNoAnswerError):
        # With a code there was an answer, and it says that the provider failed.
        return "cannot_connect" if err.code is None else "provider_failed"
    return err.key if err.key in TEXTS else "provider_error"
