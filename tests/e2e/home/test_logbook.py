"""The logbook tells what happened as a sentence."""

from datetime import UTC, datetime
import re
from typing import Any
from urllib.parse import quote

import pytest

from stage import DOMAIN, Account, Client, Simulator, eventually


@pytest.fixture
def begin() -> str:
    """Return when the test began."""
    return datetime.now(UTC).isoformat()


async def logbook(client: Client, begin: str, **about: Any) -> dict[str, Any]:
    """Return our line in the logbook since then, as soon as it is written."""

    async def told() -> list[dict[str, Any]]:
        lines = await client.command("logbook/get_events", start_time=begin, **about)
        return ours(lines)

    (line,) = await eventually(told, "line in the logbook")
    return line


def ours(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines that tell our event, and not a change of an entity."""
    return [line for line in lines if line.get("domain") == DOMAIN and "entity_id" not in line]


async def test_a_success_is_a_sentence(account: Account, client: Client, begin: str) -> None:
    """In the logbook of its device, in the whole one, and where the REST API shows it."""
    await account.send("dev-7/1", "JOG", wait=True)
    told = [
        await logbook(client, begin),
        await logbook(client, begin, device_ids=[await account.device("Gate")]),
        *ours(await client.request("GET", f"/api/logbook/{quote(begin)}")),
    ]
    assert [line["name"] for line in told] == ["Gate relay 1"] * 3
    (sentence,) = {line["message"] for line in told}
    assert re.fullmatch(r"JOG succeeded after \d+\.\d s", sentence)


async def test_a_failure_tells_why_and_only_where_it_belongs(
    account: Account, client: Client, cloud: Simulator, begin: str
) -> None:
    """The provider's reason stands behind it; the logbook of another device is about that one."""
    await cloud.act("script", outcome="FAILED", device="dev-8", times=1)
    records = await account.send_all(("dev-7/1", "dev-8/1"), "ON", wait=True)
    line = await logbook(client, begin, device_ids=[await account.device("Garage")])
    assert line["name"] == "Garage relay 1"
    assert line["message"] == f"ON failed: {records[1]['reason']}"
