"""Trying a command without an account: only what a user has described can be wrong."""

import pytest

from custom_components.command_status.providers.base import Provider

from .stages import Stage
from .test_contract import first_order


@pytest.mark.parametrize("stage", ["blink", "esper", "wlte"], indirect=True)
async def test_a_cloud_that_we_know_has_nothing_to_try(stage: Stage, provider: Provider) -> None:
    """Its requests are ours to get right, and nobody is shown them."""
    order = await first_order(stage, provider)
    assert provider.preview(order) == {}
    assert list(provider.transcript()) == []
