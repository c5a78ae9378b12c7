"""Who it is that refuses: the platform itself tells a code of its own."""

import json

import pytest

from custom_components.command_status.providers.base import Order, Provider
from custom_components.command_status.providers.errors import (
    ProviderError,
    ProviderInterceptedError,
    ProviderNoAnswerError,
    ProviderRequestError,
)
from simulators.wlte import WlteSimulator

from ..following import accepted


def said(code: str) -> str:
    """Return an error of the platform."""
    return json.dumps({"code": code, "message": "no", "requestId": "r"})


@pytest.mark.parametrize(
    ("code", "kind"),
    [("IDEMPOTENCY_CONFLICT", ProviderNoAnswerError), ("INVALID_REQUEST", ProviderRequestError)],
)
async def test_a_known_key_says_that_the_first_path_was_understood(
    provider: Provider, cloud: WlteSimulator, jog: Order, code: str, kind: type[ProviderError]
) -> None:
    """A proxy may say 404 in front of a server that has acted: then nobody knows."""
    cloud.faults.add("html", "create", status=404)
    cloud.faults.add("status", "create_old", status=409, body=said(code))
    with pytest.raises(ProviderError) as raised:
        await provider.submit([accepted(jog)])
    assert type(raised.value) is kind


@pytest.mark.parametrize("code", ["UNAUTHORIZED", "GATEWAY_LOGIN"])
async def test_a_401_with_a_code_of_somebody_else_is_theirs(
    provider: Provider, cloud: WlteSimulator, code: str
) -> None:
    """The codes for credentials begin with `AUTH_`."""
    cloud.faults.add("status", status=401, body=said(code), times=None)
    with pytest.raises(ProviderError) as raised:
        await provider.targets()
    assert raised.value.key == "cannot_connect"
    assert isinstance(raised.value.__cause__, ProviderInterceptedError)
    cloud.faults.clear()
    assert await provider.targets()
