"""Our blueprints, imported as the README offers them, and fifty outcomes at once."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
import re
from typing import Any, Final
from urllib.parse import unquote

import pytest
import pytest_asyncio

from stage import DOMAIN, ROOT, Account, Client, Simulator

from ..wlte.clouds import NEVER
from .conftest import AddAccount, Automate

LINK: Final = re.compile(r"redirect/blueprint_import/\?blueprint_url=([^)\s]+)")
LINKS: Final = tuple(unquote(link) for link in LINK.findall((ROOT / "README.md").read_text()))
NAMES: Final = ("tell_me", "send_again", "send_and_act", "make_sure", "tell_me_of_my_house")

MANY: Final = 50
WINDOW: Final = 5
"""Seconds; the shortest. All commands of a burst end when it does, sent or not."""

NOTED: Final = "our_blueprint_noted"
"""The event with which our own actions answer."""


def noting(**data: str) -> list[dict[str, Any]]:
    """Return actions that tell on the bus what a blueprint gave them."""
    return [{"event": NOTED, "event_data": data}]


@pytest_asyncio.fixture(loop_scope="session")
async def imported(client: Client) -> AsyncIterator[None]:
    """Save what the import links lead to, as Home Assistant does after it has fetched them.

    The files are taken from this tree, since the links lead to the internet.
    """
    paths = {}
    for link in LINKS:
        file = PurePosixPath(link.partition("/blob/main/")[2])
        paths[file.stem] = (file.parts[1], f"{DOMAIN}/{file.name}")
        domain, path = paths[file.stem]
        text = (ROOT / file).read_text()
        await client.command("blueprint/save", domain=domain, path=path, yaml=text, source_url=link)
    assert paths.keys() == set(NAMES)
    yield
    for domain, path in paths.values():
        await client.command("blueprint/delete", domain=domain, path=path)


@pytest_asyncio.fixture(loop_scope="session")
async def account(add_account: AddAccount, cloud: Simulator) -> Account:
    """Add an account with enough relays for a burst, none of which will ever answer."""
    await cloud.configure(extra_devices=MANY)
    await cloud.act("script", **NEVER)
    return await add_account("wlte")


async def burst(account: Account, **fields: Any) -> list[dict[str, Any]]:
    """Send a command to each of many relays; all of them end together."""
    targets = tuple(f"dev-x{number:05}/1" for number in range(1, MANY + 1))
    records = await account.send_all(targets, "ON", timeout=WINDOW, **fields)
    assert len(records) == MANY
    return records


@pytest.mark.usefixtures("imported")
async def test_they_are_listed_as_what_they_are(client: Client) -> None:
    """Each comes from where its link leads."""
    listed = {
        **await client.command("blueprint/list", domain="automation"),
        **await client.command("blueprint/list", domain="script"),
    }
    sources = {
        blueprint["metadata"]["source_url"]
        for path, blueprint in listed.items()
        if path.startswith(DOMAIN)
    }
    assert sources == set(LINKS)


@pytest.mark.usefixtures("imported")
async def test_tell_me_tells_of_each_of_many(
    account: Account, client: Client, automate: Automate
) -> None:
    """By a notification, if nothing else is said; or by a notifier, however slow it is."""
    slow = [{"delay": {"milliseconds": 10}}, *noting(message="{{ message }}")]
    for name, inputs in {"tell_me": {}, "tell_me_slowly": {"notification": slow}}.items():
        use = {"path": f"{DOMAIN}/tell_me.yaml", "input": inputs}
        await automate(name, {"use_blueprint": use})
    await client.act("persistent_notification.dismiss_all")

    async with client.events(NOTED) as noted:
        records = await burst(account)
        slowly = [each["message"] for each in await noted.until(number=MANY)]
    told = await client.command("persistent_notification/get")
    await client.act("persistent_notification.dismiss_all")

    targets = Counter(record["target_name"] for record in records)
    assert Counter(each["title"].removeprefix("Command to ") for each in told) == targets
    named = [re.search(r"Outcome: (Relay box \d+ relay 1): ", message) for message in slowly]
    assert Counter(found[1] for found in named if found) == targets


@pytest.mark.usefixtures("imported")
async def test_send_again_sends_each_of_many_again(
    account: Account, client: Client, automate: Automate
) -> None:
    """And that once, as was asked for; what was repeated ends as well."""
    devices = await account.devices()
    watched = [devices[f"Relay box {number}"] for number in range(1, MANY + 1)]
    inputs = {"devices": watched, "times": 1, "pause": {"seconds": 1}, "harmless": True}
    use = {"path": f"{DOMAIN}/send_again.yaml", "input": inputs}
    await automate("send_again", {"use_blueprint": use})

    async with client.events(f"{DOMAIN}_finished") as finished:
        await burst(account, tag="mine")
        await finished.until(number=2 * MANY)

    sent = await account.commands(limit=1000)
    assert Counter((record["target"], record["tag"]) for record in sent) == Counter(
        (f"dev-x{number:05}/1", tag)
        for number in range(1, MANY + 1)
        for tag in ("mine", "mine retry:1")
    )


@pytest.mark.usefixtures("imported")
async def test_send_and_act_acts_on_each_of_many(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """It is called for each of them, and waits for all of them at the same time."""
    devices = await account.devices()
    inputs = {
        "devices": [devices["Gate"]],
        "command": "ON",
        "parameters": {"relay": 1},
        "window": WINDOW,
        "succeeded": noting(way="succeeded", message=""),
        "otherwise": noting(way="otherwise", message="{{ message }}"),
    }
    use = {"path": f"{DOMAIN}/send_and_act.yaml", "input": inputs}
    path = "/api/config/script/config/send_and_act"
    await client.request("POST", path, {"alias": "Send and act", "use_blueprint": use})
    await client.until_state("script.send_and_act", "off")

    async with client.events(NOTED) as noted:
        for _ in range(MANY):
            await client.act("script.turn_on", {"entity_id": "script.send_and_act"})
        told = await noted.until(number=MANY)
        await cloud.act("script", after=0.0)
        await client.act("script.turn_on", {"entity_id": "script.send_and_act"})
        (success,) = await noted.until(lambda each: each["way"] == "succeeded")
    await client.request("DELETE", path)
    assert len(await account.commands(limit=1000)) == MANY + 1
    assert [each["way"] for each in told] == ["otherwise"] * MANY
    assert all(each["message"].startswith("The command failed: Gate relay 1: ON ") for each in told)
    assert success["message"] == ""
