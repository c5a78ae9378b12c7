"""Driving a simulator from another process."""

import pytest

from .client import Client
from .echo import EchoSimulator, Mood

CONTROL = "/_simulator"


async def test_requests_and_counts_are_shown(client: Client) -> None:
    """The control API does not count itself."""
    await client.ask("GET", "/things/one")
    await client.ask("GET", "/refused")

    requests = (await client.ask("GET", f"{CONTROL}/requests")).json["requests"]
    assert [(r["label"], r["status"]) for r in requests] == [("read", 200), ("refuse", 418)]
    newest = (await client.ask("GET", f"{CONTROL}/requests?limit=1")).json["requests"]
    assert newest == requests[1:]
    read = (await client.ask("GET", f"{CONTROL}/requests?label=read&path=one")).json["requests"]
    assert read == requests[:1]
    assert (await client.ask("GET", f"{CONTROL}/counts")).json == {
        "counts": {"read": 1, "refuse": 1},
        "most_per_second": {"*": 2, "read": 1, "refuse": 1},
        "most_at_once": {"*": 1, "read": 1, "refuse": 1},
    }


async def test_faults_are_ordered_and_taken_back(client: Client) -> None:
    """Faults strike the cloud, never the control API."""
    order = {"kind": "status", "label": "read", "times": None, "status": 503}
    shown = (await client.ask("POST", f"{CONTROL}/faults", order)).json["faults"]
    assert order.items() <= shown[0].items()
    assert (await client.ask("GET", "/things/one")).status == 503

    assert (await client.ask("DELETE", f"{CONTROL}/faults")).json == {"faults": []}

    assert (await client.ask("GET", "/things/one")).status == 200


async def test_settings_are_changed_by_name(echo: EchoSimulator, client: Client) -> None:
    """Words become members of their enum, and whole numbers will do for seconds."""
    changes = {"mood": "cross", "patience": 2, "polite": False}

    answer = await client.ask("POST", f"{CONTROL}/scenario", changes)

    assert answer.json == {**changes, "limit": 3, "greeting": "hello"}
    assert (await client.ask("GET", f"{CONTROL}/scenario")).json == answer.json
    assert echo.settings.mood is Mood.CROSS


@pytest.mark.parametrize(
    "changes",
    [
        {"humour": "dry"},
        {"mood": "furious"},
        {"limit": "many"},
        {"limit": True},
        {"greeting": 1},
        {"polite": False, "patience": "none"},
        ["mood"],
    ],
    ids=[
        "unknown setting",
        "unknown word",
        "text for a number",
        "truth for a number",
        "number for a text",
        "one good and one bad",
        "no object",
    ],
)
async def test_settings_that_do_not_fit_change_nothing(
    echo: EchoSimulator, client: Client, changes: object
) -> None:
    """A scenario that was mistyped must be heard of."""
    answer = await client.ask("POST", f"{CONTROL}/scenario", changes)

    assert answer.status == 400
    assert "error" in answer.json
    assert echo.settings == EchoSimulator().settings


async def test_the_cloud_offers_actions_and_shows_its_state(client: Client) -> None:
    """What only one cloud can do needs no new endpoint."""
    answer = await client.ask("POST", f"{CONTROL}/actions/put", {"thing": "two", "value": "2"})

    assert answer.json == {"result": "2"}
    state = (await client.ask("GET", f"{CONTROL}/state")).json
    assert state == {"things": {"one": "1", "two": "2"}}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("actions/dance", {}),
        ("actions/put", {"thing": "two"}),
        ("faults", {"kind": "thunder"}),
        ("faults", {"kind": "html", "colour": "red"}),
    ],
    ids=["unknown action", "missing argument", "unknown kind", "unknown detail"],
)
async def test_orders_that_make_no_sense_are_refused(
    client: Client, path: str, body: object
) -> None:
    """The answer says what is wrong."""
    answer = await client.ask("POST", f"{CONTROL}/{path}", body)

    assert answer.status == 400
    assert "error" in answer.json


async def test_a_reset_makes_all_as_new_but_remembers_secrets(
    echo: EchoSimulator, client: Client
) -> None:
    """Logs are searched for secrets when everything is over."""
    echo.secrets.add("s3cret")
    echo.put("two", "2")
    echo.settings.limit = 9
    echo.faults.add("html")
    await client.ask("GET", "/refused")

    await client.ask("POST", f"{CONTROL}/reset")

    assert echo.state() == {"things": {"one": "1"}}
    assert echo.settings.limit == 3
    assert list(echo.faults) == []
    assert echo.counts == {}
    assert (await client.ask("GET", f"{CONTROL}/secrets")).json == {"secrets": ["s3cret"]}
