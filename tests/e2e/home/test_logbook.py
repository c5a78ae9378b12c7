"""The logbook tells what became of a command in one line: icon, target, sentence."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
import re
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio

from stage import DOMAIN, Account, Client, Simulator, eventually

from .conftest import Automate
from .saved import SavedCommand

SUCCESS = r"JOG succeeded after \d+\.\d s"


@pytest.fixture
def begin() -> str:
    """Return when the test began."""
    return datetime.now(UTC).isoformat()


@pytest_asyncio.fixture(loop_scope="session")
async def german(client: Client) -> AsyncIterator[None]:
    """Let Home Assistant speak German until the end of the test."""
    await client.command("config/core/update", language="de")
    yield
    await client.command("config/core/update", language="en")


async def logbook(
    client: Client, begin: str, count: int = 1, domain: str = DOMAIN, **about: Any
) -> list[dict[str, Any]]:
    """Return the lines of a domain in the logbook since then, as soon as there are so many."""

    async def told() -> list[dict[str, Any]]:
        lines = await client.command("logbook/get_events", start_time=begin, **about)
        found = of(lines, domain)
        return found if len(found) >= count else []

    return await eventually(told, f"{count} lines of {domain} in the logbook")


def of(lines: list[dict[str, Any]], domain: str = DOMAIN) -> list[dict[str, Any]]:
    """Return the lines that tell an event of a domain; the state of an entity has none."""
    return [line for line in lines if line.get("domain") == domain]


async def test_a_success_is_a_sentence(account: Account, client: Client, begin: str) -> None:
    """In the logbook of its device, in the whole one, and where the REST API shows it."""
    await account.send("dev-7/1", "JOG", wait=True)
    told = [
        *await logbook(client, begin),
        *await logbook(client, begin, device_ids=[await account.device("Gate")]),
        *of(await client.request("GET", f"/api/logbook/{quote(begin)}")),
    ]
    assert [line["name"] for line in told] == ["Gate relay 1"] * 3
    assert {line["icon"] for line in told} == {"mdi:check-circle-outline"}
    assert {line["entity_id"] for line in told} == {
        await account.entity("event", "command", "dev-7/1")
    }
    (sentence,) = {line["message"] for line in told}
    assert re.fullmatch(SUCCESS, sentence)


async def test_a_failure_tells_why_and_only_where_it_belongs(
    account: Account, client: Client, cloud: Simulator, begin: str
) -> None:
    """The provider's reason stands behind it; the logbook of another device is about that one."""
    await cloud.act("script", outcome="FAILED", device="dev-8", times=1)
    records = await account.send_all(("dev-7/1", "dev-8/1"), "ON", wait=True)
    (line,) = await logbook(client, begin, device_ids=[await account.device("Garage")])
    assert line["name"] == "Garage relay 1"
    assert line["message"] == f"ON failed: {records[1]['reason']}"
    assert line["icon"] == "mdi:alert-circle-outline"


async def test_one_command_is_one_line_beside_the_states_of_entities(
    account: Account, client: Client, begin: str
) -> None:
    """Also one behind a button: what its entities show is all that Home Assistant adds."""
    saved = await SavedCommand.save(account, "dev-7/1", "JOG", "Open the gate")
    await saved.press()
    await client.until_state((await saved.entities())["sensor"], "success")
    await account.send("dev-8/1", "ON", wait=True)

    lines = await logbook(client, begin, count=2)

    assert [line["name"] for line in lines] == ["Gate relay 1", "Garage relay 1"]
    everything = await client.command("logbook/get_events", start_time=begin)
    about_us = {entity["entity_id"] for entity in await account.entities()}
    others = [line for line in everything if line not in lines]
    assert {line["entity_id"] for line in others if "state" in line} & about_us
    assert not [line for line in others if line.get("entity_id") in about_us and "message" in line]


async def test_a_line_tells_who_asked(
    account: Account, client: Client, automate: Automate, begin: str
) -> None:
    """Home Assistant says it below the sentence: a user, or an automation."""
    await account.send("dev-7/1", "JOG", wait=True)
    call = {"config_entry_id": account.entry_id, "target": "dev-8/1", "command": "ON"}
    await automate(
        "light_up",
        {
            "alias": "Light up",
            "triggers": [{"trigger": "event", "event_type": "light_up"}],
            "actions": [{"action": f"{DOMAIN}.send_command", "data": call}],
        },
    )
    await client.request("POST", "/api/events/light_up", {})
    # The first event of a kind that a house ever saw may be told a moment after what it led to.
    await logbook(client, begin, domain="automation")

    by_hand, by_itself = await logbook(client, begin, count=2)

    assert by_hand["context_user_id"] == (await client.command("auth/current_user"))["id"]
    assert by_itself["context_name"] == "Light up"


# Home Assistant complains about every platform of every integration when its language changes.
@pytest.mark.allowed_logs("Failed to load integration for translation")
@pytest.mark.usefixtures("german")
async def test_a_line_speaks_the_language_of_home_assistant(
    account: Account, client: Client, begin: str
) -> None:
    """In the logbook as it is read later, and live, as an open page shows it."""
    device = [await account.device("Gate")]
    async with client.connection.subscribe(
        lambda told: of(told["events"]),
        "logbook/event_stream",
        start_time=begin,
        device_ids=device,
    ) as live:
        await account.send("dev-7/1", "JOG", wait=True)
        told = await live.until(bool)
    lines = [*told[-1], *await logbook(client, begin, device_ids=device)]
    assert len(lines) == 2
    sentences = {line["message"] for line in lines}
    assert re.fullmatch(r"JOG \u2013 erfolgreich nach \d+,\d s", sentences.pop())
    assert not sentences
    assert [line["icon"] for line in lines] == ["mdi:check-circle-outline"] * 2
