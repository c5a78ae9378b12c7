"""What there is: the tier, the homescreen, and the smaller reads."""

import pytest

from simulators.blink import BlinkSimulator, Device, DoorbellKey, Family
from tests.simulators.client import Client


@pytest.fixture
def homescreen(blink: BlinkSimulator) -> str:
    """Return its path."""
    return f"/api/v3/accounts/{blink.settings.account_id}/homescreen"


async def test_the_tier_names_the_host_and_the_account(blink: BlinkSimulator, api: Client) -> None:
    """The account id is a secret from then on."""
    answer = await api.ask("GET", "/api/v1/users/tier_info")

    assert answer.json == {"tier": "e008", "account_id": 771_204_583}
    assert "771204583" in blink.secrets


async def test_the_homescreen_shows_the_home(api: Client, homescreen: str) -> None:
    """Three families, each in its list; the ids of client and user are in the headers."""
    answer = await api.ask("GET", homescreen)

    home = answer.json
    names = {
        key: [(entry["name"], entry.get("network_id"), entry.get("status")) for entry in home[key]]
        for key in ("networks", "sync_modules", "cameras", "owls", "doorbells")
    }
    assert names == {
        "networks": [("Home", None, None)],
        "sync_modules": [("Home sync", 1234, "online")],
        "cameras": [("Garden", 1234, "done"), ("Driveway", 1234, "offline")],
        "owls": [("Hall", 5678, "online"), ("Yard light", 1234, "online")],
        "doorbells": [("Front door", 1234, "done")],
    }
    assert [owl["type"] for owl in home["owls"]] == ["owl", "superior"]
    assert home["networks"][0]["armed"] is False
    assert {"Client-Id", "User-Id"} <= set(answer.headers)


async def test_some_accounts_call_a_doorbell_lotus(
    blink: BlinkSimulator, api: Client, homescreen: str
) -> None:
    """The key is another one, not one more (blinkpy#1208)."""
    blink.settings.doorbell_key = DoorbellKey.LOTUS

    home = (await api.ask("GET", homescreen)).json

    assert [entry["name"] for entry in home["lotus"]] == ["Front door"]
    assert "doorbells" not in home


async def test_the_home_can_change(blink: BlinkSimulator, api: Client, homescreen: str) -> None:
    """Devices come and go, and a network may be listed or not."""
    blink.world.add(Device(703, "Shed", 1234, Family.CLASSIC, "xt2"))
    blink.remove_device(702)
    blink.set_device(701, name="Rose garden", status="offline")
    blink.set_network(5678, listed=True)

    home = (await api.ask("GET", homescreen)).json

    assert [entry["name"] for entry in home["cameras"]] == ["Rose garden", "Shed"]
    assert [entry["name"] for entry in home["networks"]] == ["Home", "Hall"]


async def test_the_account_of_somebody_else_is_closed(api: Client) -> None:
    """A client that mixes up accounts must notice."""
    assert (await api.ask("GET", "/api/v3/accounts/1/homescreen")).status == 403


async def test_a_network_tells_about_itself(blink: BlinkSimulator, api: Client) -> None:
    """By GET and by POST `update`, which is a read and makes no command; its key is a secret."""
    shown = (await api.ask("GET", "/network/1234")).json
    updated = (await api.ask("POST", "/network/1234/update")).json

    assert shown == updated
    assert shown["network"]["name"] == "Home"
    assert shown["network"]["busy"] is False
    assert shown["network"]["camera_error"] is True
    assert shown["network"]["network_key"] in blink.secrets
    assert not blink.book.commands


async def test_networks_are_listed_with_a_summary(api: Client) -> None:
    """By their ids as text."""
    answer = (await api.ask("GET", "/networks")).json

    assert answer["summary"] == {"1234": answer["networks"][0]}


@pytest.mark.parametrize(
    "path", ["/network/99", "/network/home", "/network/99/syncmodules"], ids=["id", "word", "hub"]
)
async def test_a_network_that_is_not_there_is_not_found(api: Client, path: str) -> None:
    """Nor is a word that is no id."""
    assert (await api.ask("GET", path)).status == 404


async def test_a_mini_on_its_own_has_no_sync_module(api: Client) -> None:
    """Its network says so with 404."""
    assert (await api.ask("GET", "/network/1234/syncmodules")).json["syncmodule"]["id"] == 51
    assert (await api.ask("GET", "/network/5678/syncmodules")).status == 404


async def test_unknown_paths_answer_a_web_page(api: Client) -> None:
    """So a client must look before it parses (BlinkMonitorProtocol#75)."""
    answer = await api.ask("GET", "/api/v9/anything")

    assert (answer.status, answer.text) == (404, "<h1>Not Found</h1>")
    assert answer.headers["Content-Type"].startswith("text/html")
