"""What the cloud says about devices."""

import pytest

from simulators.clock import ManualClock
from simulators.wlte import WlteSimulator
from tests.simulators.client import Client

from .calls import ROOT

DEVICES = f"{ROOT}/devices"


async def test_the_list_is_in_the_order_of_ids(client: Client) -> None:
    """As text, so dev-10 comes first."""
    data = (await client.ask("GET", DEVICES)).json["data"]

    assert [device["deviceId"] for device in data["devices"]] == [
        "dev-10",
        "dev-7",
        "dev-8",
        "dev-9",
    ]
    assert data["stats"] == {"total": 4, "online": 3, "offline": 1}


async def test_the_default_world_has_every_oddity(client: Client) -> None:
    """A parser that reads this list has seen what the documentation knows."""
    data = (await client.ask("GET", DEVICES)).json["data"]
    unsupported, gate, _, offline = data["devices"]

    assert unsupported["deviceType"] == "UNSUPPORTED"
    assert "peripherals" not in unsupported
    assert gate["peripherals"]["relays"] == [{"index": 1, "on": False}, {"index": 2, "on": None}]
    sensors = [(s["index"], s["type"]) for s in gate["peripherals"]["sensors"]]
    assert (2, "TEMP") in sensors
    assert (2, "HUMI") in sensors
    assert offline["status"] == "OFFLINE"


async def test_the_list_comes_in_pages(cloud: WlteSimulator, client: Client) -> None:
    """The last page is short and says so."""
    cloud.configure({"extra_devices": 201})

    first = (await client.ask("GET", f"{DEVICES}?page=1&pageSize=100")).json["data"]
    last = (await client.ask("GET", f"{DEVICES}?page=3&pageSize=100")).json["data"]

    assert len(first["devices"]) == 100
    assert (first["pagination"]["hasNext"], first["pagination"]["hasPrev"]) == (True, False)
    assert len(last["devices"]) == 5
    assert last["pagination"] == {
        "page": 3,
        "pageSize": 100,
        "total": 205,
        "totalPages": 3,
        "hasNext": False,
        "hasPrev": True,
    }


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=2", "pageSize=0", "pageSize=101", "page=one", "pageSize=-1"],
)
async def test_a_page_out_of_range_is_a_bad_request(client: Client, query: str) -> None:
    """There is no empty page."""
    answer = await client.ask("GET", f"{DEVICES}?{query}")

    assert (answer.status, answer.json["code"]) == (400, "INVALID_REQUEST")


async def test_an_empty_account_has_one_empty_page(cloud: WlteSimulator, client: Client) -> None:
    """Nobody has devices on the first day."""
    for device in list(cloud.devices):
        cloud.remove_device(device)

    assert (await client.ask("GET", DEVICES)).json["data"]["devices"] == []


async def test_the_detail_is_rationed_for_each_device(client: Client, clock: ManualClock) -> None:
    """It makes the cloud ask the device, so it is no call to poll."""
    assert (await client.ask("GET", f"{DEVICES}/dev-7")).json["data"]["name"] == "Gate"
    assert (await client.ask("GET", f"{DEVICES}/dev-8")).status == 200
    clock.advance(9.5)
    refused = await client.ask("GET", f"{DEVICES}/dev-7")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "1")

    clock.advance(0.5)

    assert (await client.ask("GET", f"{DEVICES}/dev-7")).status == 200


async def test_an_unknown_device_is_not_found(client: Client) -> None:
    """The same word for a device of somebody else."""
    answer = await client.ask("GET", f"{DEVICES}/dev-99")

    assert (answer.status, answer.json["code"]) == (404, "DEVICE_NOT_FOUND")


async def test_profiles_say_what_types_can_do_and_are_rationed(client: Client) -> None:
    """They are to be read once."""
    answers = [await client.ask("GET", f"{ROOT}/device-profiles") for _ in range(61)]

    relays = {
        profile["deviceType"]: profile["capabilities"]["relayCount"]
        for profile in answers[0].json["data"]["profiles"]
    }
    assert relays == {"RL1": 1, "RL2": 2}
    assert [answer.status for answer in answers] == [200] * 60 + [429]


@pytest.mark.parametrize(
    ("action", "course"),
    [("ON", [False, True, True]), ("OFF", [False, False, False]), ("JOG", [False, True, False])],
)
async def test_relays_move_when_the_device_confirms(
    cloud: WlteSimulator, clock: ManualClock, action: str, course: list[bool]
) -> None:
    """A JOG leaves the relay as it was."""
    cloud.issue("dev-7", {1: action}, after=5)
    relay = cloud.devices["dev-7"].relays[1]

    assert [relay.on(clock() + seconds) for seconds in (0, 5, 6)] == course
