"""Every action of which something is expected, done to entities that Home Assistant brings."""

import pytest

from stage import Client

from .conftest import Perform
from .deeds import DEEDS


@pytest.mark.usefixtures("this_home")
@pytest.mark.parametrize("kind", sorted(DEEDS))
async def test_what_is_expected_is_what_happens(
    client: Client, perform: Perform, kind: str
) -> None:
    """Each action is a success that was seen, with no word from the test on what to expect."""
    wrong = []
    for action, name, *data in DEEDS[kind]:
        entity_id = f"{kind}.{name}"
        (record,) = await perform(
            f"{kind}.{action}",
            target={"entity_id": entity_id},
            data=dict(*data),
            timeout=60,
            wait=True,
        )
        told = record["state"], record["reason"], record["evidence"]
        if told != ("success", None, "seen"):
            wrong.append((action, *told, await client.state(entity_id)))
    assert wrong == []
