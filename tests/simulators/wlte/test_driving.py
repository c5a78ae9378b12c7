"""The WLTE cloud, driven from another process."""

import asyncio

import pytest

from simulators.clock import ManualClock
from simulators.wlte import CLIENT_SECRET, WlteSimulator
from tests.simulators.client import Client

from .calls import ROOT, create, log_in, look_up, status

CONTROL = "/_simulator"
ACTIONS = f"{CONTROL}/actions"


async def test_scripts_are_ordered_by_their_fields(client: Client) -> None:
    """The demo tells its story without Python."""
    script = {"outcome": "FAILED", "device": "dev-7", "relay": 1, "times": 1}
    await client.ask("POST", f"{ACTIONS}/script", script)

    assert (await create(client)).json["data"]["command"]["status"] == "FAILED"


async def test_a_script_that_makes_no_sense_is_refused(client: Client) -> None:
    """A typing error must not look like good weather."""
    unknown = await client.ask("POST", f"{ACTIONS}/script", {"error": "OUT_OF_COFFEE"})
    odd = await client.ask("POST", f"{ACTIONS}/script", {"mood": "cross"})

    assert (unknown.status, odd.status) == (400, 400)


async def test_commands_are_issued_and_forgotten(client: Client) -> None:
    """The id comes back, as nothing else could tell it."""
    order = {"device": "dev-7", "relays": {"1": "ON"}, "after": None}
    issued = (await client.ask("POST", f"{ACTIONS}/issue", order)).json["result"]
    assert await status(client, issued) == "SENT"

    await client.ask("POST", f"{ACTIONS}/forget", {"command_id": issued})

    assert (await look_up(client, issued)).status == 404


async def test_tokens_devices_and_clients_are_within_reach(client: Client) -> None:
    """Everything that a test in the same process can do."""
    await client.ask("POST", f"{ACTIONS}/set_device", {"device": "dev-7", "online": False})
    assert (await create(client)).json["code"] == "DEVICE_OFFLINE"
    await client.ask("POST", f"{ACTIONS}/remove_device", {"device": "dev-7"})
    assert (await create(client)).json["code"] == "DEVICE_NOT_FOUND"
    await client.ask("POST", f"{ACTIONS}/expire_tokens")
    assert (await create(client)).json["code"] == "AUTH_EXPIRED"
    await client.ask("POST", f"{ACTIONS}/revoke_tokens")
    assert (await create(client)).json["code"] == "AUTH_INVALID"
    new = {"client_id": "client-2", "secret": "another", "scopes": ["device:read"]}
    await client.ask("POST", f"{ACTIONS}/add_client", new)
    assert (await log_in(client, "client-2", "another")).status == 200
    await client.ask("POST", f"{ACTIONS}/set_client", {"client": "client-2", "enabled": False})
    assert (await log_in(client, "client-2", "another")).status == 401


async def test_the_state_proves_what_was_switched(client: Client, clock: ManualClock) -> None:
    """Commands, movements and breaches, for tests that cannot look inside."""
    await create(client, {1: "JOG"}, key="a")
    await create(client, {1: "JOG"}, key="b")

    state = (await client.ask("GET", f"{CONTROL}/state")).json

    assert [(c["id"], c["status"], c["known"]) for c in state["commands"]] == [
        ("cmd-1", "SUCCESS", True)
    ]
    assert state["switchings"] == [
        {
            "device_id": "dev-7",
            "relay": 1,
            "action": "JOG",
            "command_id": "cmd-1",
            "at": clock(),
        }
    ]
    assert state["breaches"] == {"relay": 1}


async def test_every_secret_is_told(client: Client) -> None:
    """Tests search the logs of Home Assistant for each of them."""
    secrets = (await client.ask("GET", f"{CONTROL}/secrets")).json["secrets"]

    token = client.headers["Authorization"].removeprefix("Bearer ")
    assert set(secrets) == {CLIENT_SECRET, token}


async def test_a_reset_forgets_commands_and_tokens(cloud: WlteSimulator, client: Client) -> None:
    """The next test starts with the default world."""
    cloud.configure({"generation": "G1", "extra_devices": 3})
    cloud.issue()

    await client.ask("POST", f"{CONTROL}/reset")

    assert (await look_up(client)).json["code"] == "AUTH_INVALID"
    assert cloud.commands == {}
    assert len(cloud.devices) == 4
    assert cloud.settings.generation == "G3"


@pytest.mark.parametrize(
    ("http", "code"), [(429, "RATE_LIMITED"), (500, "INTERNAL_ERROR"), (502, "INTERNAL_ERROR")]
)
async def test_faults_speak_wlte(
    cloud: WlteSimulator, client: Client, http: int, code: str
) -> None:
    """An error that was ordered looks like any other."""
    cloud.faults.add("status", "status", status=http)

    answer = await look_up(client)

    assert answer.status == http
    assert answer.json.keys() == {"code", "message", "requestId"}
    assert answer.json["code"] == code


async def test_a_dropped_answer_is_repaired_by_its_key(
    cloud: WlteSimulator, client: Client
) -> None:
    """The one case for which the key was invented."""
    cloud.faults.add("drop", "create")
    await asyncio.gather(create(client), return_exceptions=True)

    assert (await create(client)).json["data"]["command"]["id"] == "cmd-1"
    assert len(cloud.switched("dev-7", 1)) == 1


async def test_answers_may_hold_more_than_the_schema(cloud: WlteSimulator, client: Client) -> None:
    """Good ones and errors alike."""
    cloud.configure({"extra_fields": True})

    good = (await client.ask("GET", f"{ROOT}/devices")).json
    error = (await look_up(client)).json

    assert "xNote" in good
    assert "xNote" in good["data"]
    assert "xNote" in error


async def test_time_of_day_follows_the_clock(cloud: WlteSimulator, clock: ManualClock) -> None:
    """`createdAt` must agree with the seconds that a test lets pass."""
    earlier = cloud.issue().created_at
    clock.advance(86_400)
    later = cloud.issue().created_at

    assert earlier[:10] < later[:10]
    assert earlier[10:] == later[10:]
