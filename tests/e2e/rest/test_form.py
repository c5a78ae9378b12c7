"""Real servers that are described by forms: without a file, and without a line of code."""

from collections.abc import Mapping
from typing import Any, Final

from stage import (
    DOMAIN,
    Account,
    Aria2,
    Client,
    Flow,
    FlowKind,
    HomeAssistant,
    Scrapyd,
    eventually,
)

from ..privacy import leaks

ACCOUNT: Final = "account"
"""The one target of an account that is described by forms."""

ADD: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "command": "add",
        "method": "POST",
        "path": "/jsonrpc",
        "body_type": "json",
        "body": {
            "jsonrpc": "2.0",
            "id": "${tracking_id}",
            "method": "aria2.addUri",
            "params": [
                "token:${secret.token}",
                ["${parameter.url}"],
                {"out": "${tracking_id}", "max-download-limit": "${parameter.speed}"},
            ],
        },
        "parameters": [{"name": "url"}, {"name": "speed", "default": "0"}],
    },
    {"id_in": "path", "id": "result"},
    {
        "ask_method": "POST",
        "ask_path": "/jsonrpc",
        "ask_body_type": "json",
        "ask_body": {
            "jsonrpc": "2.0",
            "id": "1",
            "method": "aria2.tellStatus",
            "params": ["token:${secret.token}", "${id}"],
        },
    },
    {
        "word": "result.status",
        "queued": ["waiting", "paused"],
        "in_progress": ["active"],
        "success": ["complete"],
        "failure": ["error"],
        "cancelled": ["removed"],
    },
    {
        "reason": "result.errorMessage",
        "cancel_method": "POST",
        "cancel_path": "/jsonrpc",
        "cancel_body_type": "json",
        "cancel_body": {
            "jsonrpc": "2.0",
            "id": "1",
            "method": "aria2.remove",
            "params": ["token:${secret.token}", "${id}"],
        },
        "every": {"seconds": 1},
        "window": {"minutes": 5},
        "grace": {"seconds": 0},
    },
)
"""What is typed about a download of aria2, step by step."""

RUN: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "command": "run",
        "method": "POST",
        "path": "/schedule.json",
        "body_type": "form",
        "body": {
            "project": Scrapyd.PROJECT,
            "spider": "patient",
            "jobid": "${tracking_id}",
            "seconds": "${parameter.seconds}",
        },
        "parameters": [{"name": "seconds", "default": "0"}],
    },
    {"id_in": "path", "id": "jobid"},
    {
        "ask_method": "GET",
        "ask_path": "/status.json",
        "ask_query": {"project": Scrapyd.PROJECT, "job": "${id}"},
        "ask_body_type": "json",
    },
    {"word": "currstate", "queued": ["pending"], "in_progress": ["running"]}
    | {"success": ["finished"]},
    {
        "cancel_method": "POST",
        "cancel_path": "/cancel.json",
        "cancel_body_type": "form",
        "cancel_body": {"project": Scrapyd.PROJECT, "job": "${id}"},
        "cancel_final": True,
        "every": {"seconds": 1},
        "window": {"minutes": 5},
        "grace": {"seconds": 5},
    },
)
"""What is typed about a run of Scrapyd, step by step."""


async def described(home: HomeAssistant, url: str, **typed: Any) -> Account:
    """Add an account that is described by forms."""
    credentials = typed.pop("credentials")
    where = {"name": "Mine", "base_url": url, "advanced": {}} | typed
    return await Account.add(home, "rest", {"description": "here"}, where, credentials)


async def command_flow(client: Client, account: Account, *steps: Mapping[str, Any]) -> Flow:
    """Describe a command up to the form that tries it."""
    handler = [account.entry_id, "api_command"]
    flow = await client.flow(FlowKind.SUBENTRY, handler=handler)
    await flow.walk(*steps)
    assert (flow.kind, flow.step) == ("form", "try"), flow.answer
    return flow


async def test_aria2_is_described_tried_and_used(
    home: HomeAssistant, aria2: Aria2, files: str
) -> None:
    """Trying it shows what was said, without the secret; after that it is a command like others."""
    credentials = {"token": aria2.SECRET}
    account = await described(home, aria2.url, auth="bearer", credentials=credentials)
    flow = await command_flow(home.client, account, *ADD)
    await flow.submit({"send": True, "values": {"url": f"{files}/bytes/100"}})
    told = flow.answer["description_placeholders"]
    assert told["state"] == "success"
    assert "complete" in told["understood"]
    assert aria2.SECRET not in str(flow.answer)
    await flow.choose("save")
    assert (flow.kind, flow.reason) == ("abort", "saved")

    async def listed() -> bool:
        return len(await account.commands(tag="try")) == 1

    await eventually(listed, "account with its command")
    failed = await account.send(ACCOUNT, "add", wait=True, parameters={"url": f"{files}/missing"})
    assert failed["state"] == "failure"
    slow = {"url": f"{files}/bytes/900000", "speed": "4K"}
    open_one = await account.send(ACCOUNT, "add", parameters=slow)
    call = {"tracking_id": open_one["tracking_id"]}
    await home.client.ask(f"{DOMAIN}.cancel_command", call)
    assert (await account.until_final(open_one["tracking_id"]))["state"] == "cancelled"
    assert await leaks(frozenset({aria2.SECRET}), account, home) == []


async def test_scrapyd_is_described_exported_and_used_from_its_file(
    home: HomeAssistant, scrapyd: Scrapyd
) -> None:
    """What was described by forms is a description that anybody can use."""
    credentials = {"username": scrapyd.USERNAME, "password": scrapyd.PASSWORD}
    account = await described(home, scrapyd.url, auth="basic", credentials=credentials)
    flow = await command_flow(home.client, account, *RUN)
    await flow.submit({"send": False})
    assert "/schedule.json" in flow.answer["description_placeholders"]["request"]
    await flow.choose("save")
    record = await account.send(ACCOUNT, "run", wait=True)
    assert (record["state"], record["provider_state"]) == ("success", "finished")
    open_one = await account.send(ACCOUNT, "run", parameters={"seconds": "600"})
    await home.client.until_state(await account.entity("sensor", "last_command"), "in_progress")
    call = {"tracking_id": open_one["tracking_id"]}
    await home.client.ask(f"{DOMAIN}.cancel_command", call)
    assert (await account.until_final(open_one["tracking_id"]))["state"] == "cancelled"

    options = await account.options()
    await options.choose("export")
    text = options.shown["description"]
    assert scrapyd.PASSWORD not in text
    await options.close()
    await account.remove()

    folder = home.folder / DOMAIN
    folder.mkdir(exist_ok=True)
    (folder / "mine.yaml").write_text(text)
    where = {"name": "Mine", "base_url": scrapyd.url, "advanced": {}}
    account = await Account.add(home, "rest", {"description": "mine"}, where, credentials)
    assert (await account.send(ACCOUNT, "run", wait=True))["state"] == "success"
    (folder / "mine.yaml").unlink()
