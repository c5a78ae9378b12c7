"""A tenant and a key."""

from typing import Any

import pytest

from custom_components.command_status.providers.base import Account, Sessions
from custom_components.command_status.providers.errors import (
    ProviderError,
    ProviderPermissionError,
    ProviderRateLimitError,
    SignInError,
)
from custom_components.command_status.providers.esper import DESCRIPTION
from custom_components.command_status.providers.esper.api import address
from custom_components.command_status.providers.esper.sign_in import _tenant
from simulators.esper import API_KEY, ENTERPRISE, EsperSimulator


async def sign_in(sessions: Sessions, **form: Any) -> Account:
    """Fill in the form."""
    attempt = DESCRIPTION.sign_in(sessions)
    account = await attempt.submit("esper", form)
    await attempt.close()
    assert isinstance(account, Account)
    return account


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("acme", "https://acme-api.esper.cloud/api"),
        (" Acme ", "https://acme-api.esper.cloud/api"),
        ("https://acme-api.esper.cloud/api", "https://acme-api.esper.cloud/api"),
        ("https://acme-api.esper.cloud/api/", "https://acme-api.esper.cloud/api"),
        *(
            (copied, "https://acme-api.esper.cloud/api")
            for copied in (
                "acme-api",
                "acme.esper.cloud",
                "acme-api.esper.cloud/api",
                "https://acme.esper.cloud",
                "https://ACME.esper.cloud/devices?tab=1#all",
                "https://acme.esper.cloud:443/",
                "https://acme-api.esper.cloud",
                "https://acme-api.esper.cloud/api/commands/v0/",
            )
        ),
        ("https://mdm.example.com/esper/api", "https://mdm.example.com/esper/api"),
        ("http://127.0.0.1:8703", "http://127.0.0.1:8703/api"),
    ],
)
def test_a_tenant_is_a_name_or_an_address(typed: str, meant: str) -> None:
    """People copy one or the other from their browser."""
    assert str(address(typed)) == meant


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "invalid_url"),
        ("my.acme.esper.cloud", "invalid_url"),
        ("https://me@acme.esper.cloud", "invalid_url"),
        ("xn--a", "invalid_url"),
        ("http://acme.esper.cloud", "insecure_url"),
        ("-acme", "invalid_url"),
        ("ftp://acme", "invalid_url"),
        ("http://acme-api.esper.cloud/api", "insecure_url"),
    ],
)
async def test_anything_else_is_no_tenant(sessions: Sessions, typed: str, word: str) -> None:
    """Nothing is asked then, so no key goes anywhere."""
    with pytest.raises(SignInError) as raised:
        await sign_in(sessions, tenant=typed, api_key=API_KEY)
    assert raised.value.text_key == word


async def test_the_account_is_the_enterprise(cloud: EsperSimulator, sessions: Sessions) -> None:
    """Its id is fixed, whoever's key it is; what was typed is kept without spaces."""
    account = await sign_in(sessions, tenant=f" {cloud.tenant} ", api_key=f"{API_KEY}\n")
    assert account.id == ENTERPRISE
    assert account.title == "Esper 127.0.0.1"
    assert account.credentials == {"tenant": cloud.tenant, "api_key": API_KEY}


def test_the_title_is_the_name_of_the_tenant() -> None:
    """The rest of the address is the same for everybody."""
    assert _tenant(address("acme")) == "acme"


async def test_nothing_is_kept_of_the_secrets_in_the_answer(
    cloud: EsperSimulator, sessions: Sessions
) -> None:
    """It repeats the key and adds a refresh token; only the key that was typed is needed."""
    account = await sign_in(sessions, tenant=cloud.tenant, api_key=API_KEY)
    kept = str(account)
    assert [secret for secret in cloud.secrets if secret in kept] == [API_KEY]


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "schlüssel"])
async def test_what_no_header_can_carry_is_no_key(
    cloud: EsperSimulator, sessions: Sessions, key: str
) -> None:
    """It is not even tried."""
    with pytest.raises(SignInError) as raised:
        await sign_in(sessions, tenant=cloud.tenant, api_key=key)
    assert raised.value.text_key == "invalid_auth"
    assert not cloud.counts


@pytest.mark.parametrize(
    ("status", "word"),
    [(400, "unknown"), (404, "cannot_connect"), (500, "cannot_connect"), (503, "cannot_connect")],
)
async def test_a_refusal_has_a_text_in_the_form(
    cloud: EsperSimulator, sessions: Sessions, status: int, word: str
) -> None:
    """A 404 is the answer of a tenant that does not exist."""
    cloud.faults.add("status", "token", status=status)
    with pytest.raises(SignInError) as raised:
        await sign_in(sessions, tenant=cloud.tenant, api_key=API_KEY)
    assert raised.value.text_key == word


@pytest.mark.parametrize(
    ("status", "kind"), [(403, ProviderPermissionError), (429, ProviderRateLimitError)]
)
async def test_other_errors_speak_for_themselves(
    cloud: EsperSimulator, sessions: Sessions, status: int, kind: type[ProviderError]
) -> None:
    """Their keys are texts of the form."""
    cloud.faults.add("status", "token", status=status)
    with pytest.raises(kind):
        await sign_in(sessions, tenant=cloud.tenant, api_key=API_KEY)


async def test_an_answer_without_an_enterprise_is_no_answer(
    cloud: EsperSimulator, sessions: Sessions
) -> None:
    """Some portal on the way may answer 200 to anything."""
    cloud.faults.add("status", "token", status=200, body="[]")
    cloud.faults.add("status", "token", status=200, body='{"id": 1}')
    for _ in range(2):
        with pytest.raises(SignInError) as raised:
            await sign_in(sessions, tenant=cloud.tenant, api_key=API_KEY)
        assert raised.value.text_key == "cannot_connect"
