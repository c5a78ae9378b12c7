"""Keys, devices and requests."""

from typing import Any

import pytest

from simulators.esper import API_KEY, ENTERPRISE, EsperSimulator, device_id
from tests.simulators.client import Client

from .calls import COMMANDS, KIOSK, LOBBY, STATUS, WAREHOUSE, create


async def test_the_answer_about_a_key_is_full_of_secrets(
    cloud: EsperSimulator, client: Client
) -> None:
    """It has no envelope, and all that it repeats is on the list of secrets."""
    body = (await client.ask("GET", "/v1/token-info/")).json
    assert body["enterprise"] == ENTERPRISE
    assert body["token"] == API_KEY
    assert {API_KEY, body["source_refresh_token"]} <= cloud.secrets


@pytest.mark.parametrize(
    "authorization", ["", API_KEY, "Bearer wrong", f"Basic {API_KEY}"], ids=str.split
)
async def test_a_key_needs_the_word_bearer(client: Client, authorization: str) -> None:
    """The documentation insists on it."""
    stranger = Client(client.session, client.url, {"Authorization": authorization})
    answer = await stranger.ask("GET", "/v1/token-info/")
    assert answer.status == 401
    assert set(answer.json) == {"errors", "message", "status"}


async def test_errors_under_the_commands_path_have_the_other_shape(client: Client) -> None:
    """Which shape, is a matter of the path."""
    answer = await client.ask("GET", f"{STATUS}unknown/")
    assert answer.status == 404
    assert answer.json == {"code": 404, "message": "Not found.", "content": {}}


async def test_a_key_may_die_or_be_replaced(cloud: EsperSimulator, client: Client) -> None:
    """The old one stops at once."""
    cloud.replace_key("another")
    assert (await client.ask("GET", "/v2/devices/")).status == 401
    client.headers["Authorization"] = "Bearer another"
    assert (await client.ask("GET", "/v2/devices/")).status == 200
    cloud.revoke_keys()
    assert (await client.ask("GET", "/v2/devices/")).status == 401


async def test_devices_come_in_pages_whose_next_leads_astray(
    cloud: EsperSimulator, client: Client
) -> None:
    """Whoever follows it, gives the key to another host, in plain text."""
    cloud.configure({"extra_devices": 2000})
    content = (await client.ask("GET", "/v2/devices/?limit=2&offset=2")).json["content"]
    assert content["count"] == 2003
    assert [device["id"] for device in content["results"]] == [WAREHOUSE, device_id(4)]
    assert content["next"] == (
        "http://internal-balancer.invalid:8080/api/v2/devices/?limit=2&offset=4"
    )
    cloud.settings.hostile_next = False
    content = (await client.ask("GET", "/v2/devices/?offset=2000")).json["content"]
    assert content["next"] is None
    assert content["previous"] == f"{cloud.tenant}/v2/devices/?offset=1980&limit=20"


@pytest.mark.parametrize("query", ["limit=0", "limit=all", "offset=-1"])
async def test_pages_are_counted_in_numbers(client: Client, query: str) -> None:
    """Anything else is refused."""
    assert (await client.ask("GET", f"/v2/devices/?{query}")).status == 400


async def test_a_device_is_shown_as_it_can_be_reached(
    cloud: EsperSimulator, client: Client
) -> None:
    """60 is the state of one that the cloud has lost sight of."""
    cloud.set_device(LOBBY, online=False)
    cloud.remove_device(KIOSK)
    devices = (await client.ask("GET", "/v2/devices/")).json["content"]["results"]
    assert [(device["alias"], device["state"]) for device in devices] == [
        ("Lobby", 60),
        ("Warehouse", 60),
    ]


async def test_a_request_is_taken_and_listed(cloud: EsperSimulator, client: Client) -> None:
    """201 with an id; the rest is in the lists."""
    arguments = {"wifi_access_points": [{"ssid": "guest", "password": "hunter2"}]}
    answer = await create(
        client, LOBBY, KIOSK, word="ADD_WIFI_AP", command_args=arguments, alias="ours"
    )
    assert answer.status == 201
    request_id = answer.json["content"]["id"]
    assert cloud.requests[request_id].arguments == arguments
    assert "hunter2" in cloud.secrets
    listed = (await client.ask("GET", COMMANDS)).json["content"]["results"]
    alone = (await client.ask("GET", f"{COMMANDS}{request_id}/")).json["content"]
    assert listed == [alone]
    assert (alone["alias"], alone["devices"]) == ("ours", [LOBBY, KIOSK])
    assert (await client.ask("GET", f"{COMMANDS}unknown/")).status == 404


async def test_a_request_may_be_told_without_envelope(
    cloud: EsperSimulator, client: Client
) -> None:
    """A third-party client has seen that."""
    cloud.settings.flat_create = True
    assert (await create(client, LOBBY)).json["id"] in cloud.requests


@pytest.mark.parametrize(
    "changes",
    [
        {"command_type": "ALL"},
        {"device_type": "active"},
        {"devices": [device_id(99)]},
        {"devices": [LOBBY] * 1001},
        {"command": None},
        {"command_args": ["now"]},
    ],
    ids=str,
)
async def test_what_is_not_documented_is_refused(
    cloud: EsperSimulator, client: Client, changes: dict[str, Any]
) -> None:
    """Nothing is made of it."""
    assert (await create(client, LOBBY, **changes)).status == 400
    assert not cloud.requests


async def test_a_body_must_be_an_object(client: Client) -> None:
    """Neither a list nor nothing."""
    bodies: tuple[object, ...] = ([], None)
    for body in bodies:
        assert (await client.ask("POST", COMMANDS, body)).status == 400


@pytest.mark.parametrize(("taken", "requests"), [(False, 0), (True, 1)])
async def test_a_script_may_refuse_a_request(
    cloud: EsperSimulator, client: Client, *, taken: bool, requests: int
) -> None:
    """Some of what is refused was taken all the same."""
    cloud.script(error=500, message="try later", taken=taken, times=1)
    answer = await create(client, LOBBY)
    assert (answer.status, answer.json["message"]) == (500, "try later")
    assert len(cloud.requests) == requests


async def test_an_answer_may_be_lost_after_a_request_was_taken(
    cloud: EsperSimulator, client: Client
) -> None:
    """Only the alias helps then."""
    cloud.faults.add("drop", "create")
    with pytest.raises(OSError, match=r"reset|disconnected"):
        await create(client, LOBBY, alias="ours")
    assert [request.alias for request in cloud.requests.values()] == ["ours"]


async def test_requests_are_listed_by_device_and_command(
    cloud: EsperSimulator, client: Client
) -> None:
    """From the newest on, or from the oldest; internal ones unless they are excluded."""
    cloud.issue("REBOOT", [LOBBY, KIOSK], alias="1")
    cloud.issue("REBOOT", [WAREHOUSE], alias="2")
    cloud.issue("UPDATE_HEARTBEAT", [LOBBY], alias="3", internal=True)

    async def aliases(query: str) -> str:
        answer = await client.ask("GET", f"{COMMANDS}?{query}")
        return "".join(request["alias"] for request in answer.json["content"]["results"])

    assert await aliases("") == "321"
    assert await aliases(f"devices={KIOSK},{WAREHOUSE}") == "21"
    assert await aliases(f"devices={LOBBY}&exclude_internal_commands=true") == "1"
    assert await aliases("command=REBOOT") == "21"
    cloud.settings.newest_first = False
    assert await aliases("") == "123"


async def test_faults_bring_errors_in_the_shape_that_is_set(
    cloud: EsperSimulator, client: Client
) -> None:
    """They strike before the path is looked at."""
    for shape, key in (("commands", "code"), ("classic", "status")):
        cloud.configure({"fault_shape": shape})
        cloud.faults.add("status", status=429)
        answer = await client.ask("GET", "/v2/devices/")
        assert answer.status == answer.json[key] == 429
        assert answer.json["message"].startswith("Rate limit exceeded")
