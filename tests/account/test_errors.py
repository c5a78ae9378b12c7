"""A provider's errors as Home Assistant's."""

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.command_status.account.errors import invalid, translated_errors
from custom_components.command_status.const import DOMAIN
from custom_components.command_status.providers.errors import (
    ProviderAuthError,
    ProviderBlockedError,
    ProviderBusyError,
    ProviderConnectionError,
    ProviderError,
    ProviderInputError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderOutdatedError,
    ProviderPermissionError,
    ProviderRateLimitError,
    ProviderRefusedError,
    ProviderUnsupportedError,
)


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (ProviderAuthError(), "invalid_auth"),
        (ProviderBlockedError("HTTP 406"), "client_blocked"),
        (ProviderOutdatedError("HTTP 426"), "update_required"),
        (ProviderPermissionError("not yours"), "missing_permission"),
        (ProviderRateLimitError("HTTP 429"), "rate_limited"),
        (ProviderUnsupportedError(), "not_supported"),
        (ProviderConnectionError("example.com: refused"), "cannot_connect"),
        (ProviderAuthError("the client is disabled"), "auth_refused"),
        (ProviderNoAnswerError("no answer in time"), "cannot_connect"),
        (ProviderNoAnswerError("HTTP 503", code="503"), "provider_failed"),
        (ProviderRefusedError("too late"), "provider_error"),
        (ProviderBusyError("busy"), "provider_error"),
        (ProviderError("what"), "provider_error"),
    ],
)
def test_what_went_wrong_between_us_and_a_cloud_is_an_error(error: ProviderError, key: str) -> None:
    """With a text in the user's language, and with what the provider said."""
    with pytest.raises(HomeAssistantError) as raised, translated_errors():
        raise error
    assert type(raised.value) is HomeAssistantError
    assert (raised.value.translation_domain, raised.value.translation_key) == (DOMAIN, key)
    assert raised.value.translation_placeholders == {"error": str(error)}
    assert raised.value.__cause__ is error


def test_a_value_that_makes_no_sense_is_the_callers_mistake() -> None:
    """What is wrong, and what is accepted, is told in the provider's words."""
    error = ProviderInputError("unknown_command", {"command": "EXPLODE", "accepted": "ON, OFF"})
    with pytest.raises(ServiceValidationError) as raised, translated_errors():
        raise error
    assert raised.value.translation_key == "unknown_command"
    assert raised.value.translation_placeholders == {"command": "EXPLODE", "accepted": "ON, OFF"}
    assert raised.value.__cause__ is error


def test_an_id_that_the_provider_does_not_know_is_the_callers_mistake() -> None:
    """It may be of another account, or mistyped."""
    with pytest.raises(ServiceValidationError) as raised, translated_errors():
        raise ProviderNotFoundError("no such command")
    assert raised.value.translation_key == "command_not_found"


def test_other_errors_pass() -> None:
    """A mistake of ours must not look like one of the provider."""
    with pytest.raises(ZeroDivisionError), translated_errors():
        raise ZeroDivisionError


def test_without_an_error_nothing_happens() -> None:
    """As one would expect."""
    with translated_errors():
        done = True
    assert done


def test_our_own_refusals_look_the_same() -> None:
    """They come from the same texts."""
    error = invalid("timeout_range", minimum="5", maximum="604800")
    assert (error.translation_domain, error.translation_key) == (DOMAIN, "timeout_range")
    assert error.translation_placeholders == {"minimum": "5", "maximum": "604800"}
