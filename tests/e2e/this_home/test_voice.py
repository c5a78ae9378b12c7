"""What the documentation says about voice, said to Assist."""

from collections.abc import Mapping
from typing import Any

import pytest
import pytest_asyncio

from stage import Account, Client, HomeAssistant, Simulator
from stage.programme import wlte

from ..documented import documented
from ..home.saved import SavedCommand

NOT_DONE = "the device did not complete the command"


@pytest_asyncio.fixture(loop_scope="session")
async def cloud(clouds: Mapping[str, Simulator]) -> Simulator:
    """Return the WLTE cloud; it answers at once."""
    await clouds["wlte"].configure(post_wait=0.0)
    return clouds["wlte"]


@pytest_asyncio.fixture(loop_scope="session")
async def account(cloud: Simulator, home: HomeAssistant) -> Account:
    """Add an account at a cloud to the furnished house, which understands what is said."""
    return await Account.add(home, *wlte(cloud.url))


async def say(client: Client, sentence: str) -> str:
    """Say something to Assist; return what it answers."""
    answer = await client.ask("conversation.process", {"text": sentence})
    return str(answer["response"]["speech"]["plain"]["speech"])


async def expose(client: Client, entity_id: str) -> None:
    """Let Assist know of an entity."""
    await client.command(
        "homeassistant/expose_entity",
        assistants=["conversation"],
        entity_ids=[entity_id],
        should_expose=True,
    )


async def test_a_button_that_was_exposed_is_pressed(client: Client, account: Account) -> None:
    """By its alias, and not before; the answer is no outcome."""
    saved = await SavedCommand.save(account, "dev-7/1", "JOG", "Open the gate")
    button = (await saved.entities())["button"]
    await client.command("config/entity_registry/update", entity_id=button, aliases=["gate button"])
    assert await say(client, "press the gate button") == "Sorry, gate button is not exposed"
    await expose(client, button)
    assert await say(client, "press the gate button") == "Pressed"
    (record,) = await account.commands()
    assert (await account.until_final(record["tracking_id"]))["state"] == "success"


@pytest.mark.parametrize(
    ("outcome", "told"), [("SUCCESS", "JOG succeeded after"), ("FAILED", f"JOG failed: {NOT_DONE}")]
)
@pytest.mark.usefixtures("account")
async def test_an_automation_tells_the_outcome(
    client: Client, cloud: Simulator, outcome: str, told: str
) -> None:
    """It is the example of the page, and Assist waits for it."""
    await cloud.act("script", outcome=outcome, after=1, times=1)
    example: dict[str, Any] = documented("voice", {})[0]
    await client.add_automation("by_voice", example)
    try:
        answer = await say(client, "Open the gate")
    finally:
        await client.remove_automation("by_voice")
    assert answer.startswith(f"Gate relay 1: {told}")


async def test_a_script_is_only_said_to_have_started(client: Client, account: Account) -> None:
    """Whatever it sets as the response."""
    steps = documented("voice", {})[0]["actions"]
    path = "/api/config/script/config/by_voice"
    await client.request("POST", path, {"alias": "Opening of the gate", "sequence": steps})
    try:
        await client.until_state("script.by_voice", "off")
        await expose(client, "script.by_voice")
        assert await say(client, "run opening of the gate") == "Started"
    finally:
        await client.request("DELETE", path)
    (record,) = await account.commands()
    assert (await account.until_final(record["tracking_id"]))["state"] == "success"
