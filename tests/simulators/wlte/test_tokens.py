"""Getting in, and being put out."""

import pytest

from simulators.clock import ManualClock
from simulators.wlte import CLIENT_ID, CLIENT_SECRET, WlteSimulator
from tests.simulators.client import Client

from .calls import ROOT, create, log_in, look_up

DEVICES = f"{ROOT}/devices"


async def test_the_right_secret_gets_a_token(cloud: WlteSimulator, stranger: Client) -> None:
    """G3 also says whose it is and what it is good for."""
    answer = await log_in(stranger, CLIENT_ID, CLIENT_SECRET)

    assert answer.status == 200
    data = answer.json["data"]
    assert answer.json["code"] == "SUCCESS"
    assert data["tokenType"] == "Bearer"
    assert data["expiresIn"] == 3600
    assert data["clientId"] == CLIENT_ID
    assert data["scopes"] == ["device:control"]
    assert cloud.secrets == {CLIENT_SECRET, data["accessToken"]}


@pytest.mark.parametrize("generation", ["G1", "G2"])
async def test_older_generations_say_less_about_a_token(
    cloud: WlteSimulator, stranger: Client, generation: str
) -> None:
    """Clients cannot rely on the scopes."""
    cloud.configure({"generation": generation})

    answer = await log_in(stranger, CLIENT_ID, CLIENT_SECRET)

    assert answer.json["data"].keys() == {"accessToken", "tokenType", "expiresIn"}


@pytest.mark.parametrize(
    ("client_id", "secret"), [(CLIENT_ID, "wrong"), ("client-9", CLIENT_SECRET)]
)
async def test_wrong_credentials_are_invalid(stranger: Client, client_id: str, secret: str) -> None:
    """The answer does not say which of the two was wrong."""
    answer = await log_in(stranger, client_id, secret)

    assert (answer.status, answer.json["code"]) == (401, "AUTH_INVALID")


@pytest.mark.parametrize("body", [{}, {"clientId": CLIENT_ID}, ["x"]])
async def test_a_token_call_without_credentials_is_a_bad_request(
    stranger: Client, body: object
) -> None:
    """That is a fault of the client, not of its credentials."""
    answer = await stranger.ask("POST", f"{ROOT}/auth/token", body)

    assert (answer.status, answer.json["code"]) == (400, "INVALID_REQUEST")


async def test_without_a_token_nothing_is_told(stranger: Client) -> None:
    """No header and another scheme are the same."""
    bare = await stranger.ask("GET", DEVICES)
    basic = await stranger.ask("GET", DEVICES, headers={"Authorization": "Basic abc"})

    assert (bare.status, bare.json["code"]) == (401, "AUTH_REQUIRED")
    assert (basic.status, basic.json["code"]) == (401, "AUTH_REQUIRED")


async def test_a_token_expires(cloud: WlteSimulator, client: Client, clock: ManualClock) -> None:
    """An expired token is not an invalid one: a new one will do."""
    clock.advance(cloud.settings.token_lifetime - 1)
    assert (await client.ask("GET", DEVICES)).status == 200

    clock.advance(1)
    answer = await client.ask("GET", DEVICES)

    assert (answer.status, answer.json["code"]) == (401, "AUTH_EXPIRED")


async def test_all_tokens_may_expire_at_once(cloud: WlteSimulator, client: Client) -> None:
    """Tests need not wait for an hour."""
    cloud.expire_tokens()

    assert (await look_up(client)).json["code"] == "AUTH_EXPIRED"


async def test_a_revoked_token_is_invalid(cloud: WlteSimulator, client: Client) -> None:
    """As is every word that never was a token."""
    cloud.revoke_tokens()

    assert (await look_up(client)).json["code"] == "AUTH_INVALID"


async def test_a_disabled_client_is_shut_out(cloud: WlteSimulator, client: Client) -> None:
    """Neither its tokens nor its secret are good any more."""
    cloud.set_client(enabled=False)

    assert (await look_up(client)).json["code"] == "AUTH_INVALID"
    assert (await log_in(client, CLIENT_ID, CLIENT_SECRET)).json["code"] == "AUTH_INVALID"


@pytest.mark.parametrize(
    ("scope", "reads"),
    [("device:read", 200), ("device:config", 200), ("device:manage", 200), ("other", 403)],
)
async def test_scopes_are_looked_at_with_each_request(
    cloud: WlteSimulator, client: Client, scope: str, reads: int
) -> None:
    """Three scopes contain reading, and only one may control."""
    cloud.set_client(scopes=[scope])

    refused = await create(client)

    assert (await client.ask("GET", DEVICES)).status == reads
    assert (refused.status, refused.json["code"]) == (403, "AUTH_SCOPE_DENIED")
    assert refused.json["data"] == {"requiredScope": "device:control"}
