"""A real aria2 by its shipped description: nothing of it is written in code."""

import asyncio
from typing import Any, Final

import pytest

from stage import DOMAIN, Account, Aria2, CommandError, HomeAssistant, eventually, rest

DOWNLOADS: Final = "downloads"
"""Its one target."""
SLOW: Final = "4K"
"""Bytes a second, where a download shall still be under way when something else happens."""


def url(address: str, **more: str) -> dict[str, Any]:
    """Return the parameters of a download."""
    return {"parameters": {"url": address, **more}}


async def test_a_download_succeeds(downloads: Account, files: str, aria2: Aria2) -> None:
    """Its id is aria2's, its file has our mark, and its progress is told."""
    record = await downloads.send(DOWNLOADS, "add", wait=True, **url(f"{files}/bytes/70000"))
    assert (record["state"], record["provider_state"]) == ("success", "complete")
    assert record["progress"] == 100
    assert (aria2.folder / record["tracking_id"]).stat().st_size == 70_000


async def test_a_download_fails(downloads: Account, files: str) -> None:
    """In aria2's own words."""
    record = await downloads.send(DOWNLOADS, "add", wait=True, **url(f"{files}/missing"))
    assert (record["state"], record["provider_state"]) == ("failure", "error")
    assert "not found" in record["reason"].lower()


async def test_a_download_is_cancelled(downloads: Account, files: str) -> None:
    """It is asked to stop, and stops."""
    wish = url(f"{files}/bytes/900000", speed=SLOW)
    record = await downloads.send(DOWNLOADS, "add", timeout=600, **wish)
    call = {"tracking_id": record["tracking_id"]}
    await downloads.client.ask(f"{DOMAIN}.cancel_command", call)
    record = await downloads.until_final(record["tracking_id"])
    assert (record["state"], record["provider_state"]) == ("cancelled", "removed")


async def test_an_address_of_no_use_is_refused(downloads: Account) -> None:
    """At once, and with aria2's reason."""
    record = await downloads.send(DOWNLOADS, "add", wait=True, **url("nonsense"))
    assert record["state"] == "failure"
    assert record["command_id"] is None
    assert "URI" in record["reason"]


async def test_a_wrong_secret_makes_no_account(home: HomeAssistant, aria2: Aria2) -> None:
    """The form says so, keeps the secret to itself, and can be completed."""
    flow = await home.client.flow()
    *steps, _ = rest("aria2", aria2.url)
    await flow.walk(*steps, {"token": "wrong-secret"})
    assert (flow.kind, flow.step) == ("form", "rest_credentials")
    assert flow.errors == {"base": "check_failed"}
    assert flow.shown["token"] is None
    await flow.submit({"token": aria2.SECRET})
    assert flow.kind == "create_entry"
    assert "wrong-secret" not in home.log
    await Account(home, flow.entry_id).remove()


async def test_an_unknown_id_is_told(downloads: Account) -> None:
    """Who tracks it has misread it; a download of somebody else is found."""
    call = {
        "config_entry_id": downloads.entry_id,
        "command_id": "0123456789abcdef",
        "target": DOWNLOADS,
    }
    with pytest.raises(CommandError) as unknown:
        await downloads.client.ask(f"{DOMAIN}.track_command", call)
    assert unknown.value.code == "service_validation_error"


async def test_a_download_goes_on_across_a_restart(
    home: HomeAssistant, downloads: Account, files: str
) -> None:
    """It is over by the time that Home Assistant is back, and that is found out."""
    wish = url(f"{files}/bytes/20000", speed=SLOW)
    record = await downloads.send(DOWNLOADS, "add", timeout=600, **wish)
    await home.restart()
    after = await downloads.until_final(record["tracking_id"])
    assert after["state"] == "success"
    assert after["command_id"] == record["command_id"]


async def test_killed_while_it_sends_nothing_is_sent_twice(
    home: HomeAssistant, downloads: Account, files: str, aria2: Aria2
) -> None:
    """The description does not say `repeatable`: whether it was taken nobody can know then."""
    await home.until_stored(downloads.entry_id, "core.config_entries", "core.entity_registry")
    before = len(await aria2.downloads())
    waiting = asyncio.create_task(
        downloads.send(DOWNLOADS, "add", wait=True, **url(f"{files}/bytes/10"))
    )
    await eventually(lambda: _more(aria2, before), "download")
    await home.kill()
    with pytest.raises(ConnectionError):
        await waiting
    await home.start()
    (record, *_) = await downloads.commands()
    assert (await downloads.until_final(record["tracking_id"]))["state"] in {"success", "lost"}
    assert len(await aria2.downloads()) == before + 1


async def _more(aria2: Aria2, before: int) -> bool:
    """Return whether there are more downloads than there were."""
    return len(await aria2.downloads()) > before
