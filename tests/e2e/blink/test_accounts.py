"""Accounts are added, mended and changed through the dialogues that users see."""

from typing import Final

import pytest

from stage import Account, Client, Flow, HomeAssistant, Simulator, free_port
from stage.programme import blink, blink_form

from .clouds import CODE, GARDEN, HOME

WRONG_CODE: Final = {"code": "31415926"}

TURNED_AWAY: Final = (
    pytest.param(406, "client_blocked", id="blocked"),
    pytest.param(426, "update_required", id="too old"),
    pytest.param(429, "rate_limited", id="too many sign-ins"),
    pytest.param(503, "cannot_connect", id="out of order"),
)
"""How Blink answers at its edge, whatever was typed."""


async def password_accepted(client: Client, cloud: Simulator) -> Flow:
    """Return a dialogue that asks for the code."""
    flow = await client.flow()
    await flow.walk("blink", "blink_password", blink_form(cloud.url))
    assert (flow.kind, flow.step) == ("form", "blink_2fa")
    return flow


async def finish(flow: Flow, home: HomeAssistant) -> None:
    """Check that a dialogue made an account, and remove it."""
    assert flow.kind == "create_entry"
    await Account(home, flow.entry_id).remove()


# What an account looks like


async def test_the_account_and_its_devices_have_their_entities(
    account: Account, client: Client
) -> None:
    """Before the first command there is nothing to show, but it is there to be shown."""
    states = await client.states()
    garden = states[await account.entity("sensor", "command", GARDEN)]
    assert garden["attributes"]["friendly_name"] == "Garden Last command"
    assert garden["state"] == "unknown"
    home = states[await account.entity("event", "command", HOME)]
    assert home["state"] == "unknown"
    assert states[await account.entity("sensor", "last_command")]["state"] == "unknown"
    assert states[await account.entity("sensor", "pending_commands")]["state"] == "0"
    assert states[await account.entity("binary_sensor", "connection")]["state"] == "on"


async def test_cameras_hang_under_their_network(account: Account, client: Client) -> None:
    """The Mini without a sync module brings the network that no list has."""
    listed = await client.command("config/device_registry/list")
    ours = [device for device in listed if account.entry_id in device["config_entries"]]
    names = {device["id"]: device["name"] for device in ours}
    above = {device["name"]: names.get(device["via_device_id"]) for device in ours}
    assert above == {
        "Blink Home": None,
        "Home": "Blink Home",
        "Garden": "Home",
        "Driveway": "Home",
        "Yard light": "Home",
        "Front door": "Home",
        "Hall network": "Blink Home",
        "Hall": "Hall network",
    }


# Signing in with a password


@pytest.mark.parametrize("second_factor", ["status_202", "status_412"])
async def test_a_code_is_asked_for_where_blink_wants_one(
    home: HomeAssistant, cloud: Simulator, second_factor: str
) -> None:
    """The user reads where the code was sent, as Blink says it: with most of it hidden."""
    await cloud.configure(second_factor=second_factor)
    flow = await password_accepted(home.client, cloud)
    told = flow.answer["description_placeholders"]
    assert (told["phone"], told["method"]) == ("+353xxxxxxx42", "sms")
    await flow.submit({"code": CODE})
    await finish(flow, home)


async def test_no_code_is_asked_for_where_blink_wants_none(
    home: HomeAssistant, cloud: Simulator
) -> None:
    """The password is enough for some accounts."""
    await cloud.configure(second_factor="none")
    flow = await home.client.flow()
    await flow.walk("blink", "blink_password", blink_form(cloud.url))
    await finish(flow, home)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        pytest.param({"password": "Sesame-close-42"}, "invalid_auth", id="wrong password"),
        pytest.param({"email": "who@example.com"}, "invalid_auth", id="wrong e-mail"),
        pytest.param({"url": "http://blink.invalid"}, "insecure_url", id="plain http"),
        pytest.param({"url": "a b"}, "invalid_url", id="no address at all"),
        pytest.param(
            {"url": f"http://127.0.0.1:{free_port()}"}, "cannot_connect", id="nobody there"
        ),
    ],
)
async def test_a_mistake_is_told_and_can_be_mended(
    home: HomeAssistant, cloud: Simulator, typed: dict[str, str], error: str
) -> None:
    """The form comes back with what was typed, the password excepted, and can be completed."""
    wrong = blink_form(**({"url": cloud.url} | typed))
    flow = await home.client.flow()
    await flow.walk("blink", "blink_password", wrong)
    assert (flow.step, flow.errors) == ("blink_password", {"base": error})
    assert flow.shown["email"] == wrong["email"]
    assert flow.shown["password"] is None
    assert flow.shown["auth_url"] == wrong["advanced"]["auth_url"]
    assert flow.shown["api_url"] == wrong["advanced"]["api_url"]

    await flow.walk(blink_form(cloud.url), {"code": CODE})
    await finish(flow, home)


async def test_a_wrong_password_is_tried_once(client: Client, cloud: Simulator) -> None:
    """Blink locks accounts for an hour where it sees too many of them."""
    flow = await client.flow()
    await flow.walk("blink", "blink_password", blink_form(cloud.url, password="Sesame-close-42"))
    assert (await cloud.state())["wrong_passwords"] == 1
    await flow.close()


@pytest.mark.parametrize("label", ["authorize", "signin"])
@pytest.mark.parametrize(("status", "error"), TURNED_AWAY)
async def test_who_is_turned_away_before_the_password_is_told_why(
    home: HomeAssistant, cloud: Simulator, label: str, status: int, error: str
) -> None:
    """None of it means that the password is wrong, and the form can be sent again."""
    await cloud.fault("status", label, status=status)
    flow = await home.client.flow()
    await flow.walk("blink", "blink_password", blink_form(cloud.url))
    assert (flow.step, flow.errors) == ("blink_password", {"base": error})
    await flow.walk(blink_form(cloud.url), {"code": CODE})
    await finish(flow, home)


@pytest.mark.parametrize("label", ["verify", "token", "tier"])
@pytest.mark.parametrize(("status", "error"), TURNED_AWAY)
async def test_who_is_turned_away_after_the_password_is_told_why(
    home: HomeAssistant, cloud: Simulator, label: str, status: int, error: str
) -> None:
    """The same code can be sent again: it was not looked at, or it was accepted already."""
    flow = await password_accepted(home.client, cloud)
    await cloud.fault("status", label, status=status)
    await flow.submit({"code": CODE})
    assert (flow.step, flow.errors) == ("blink_2fa", {"base": error})
    await flow.submit({"code": CODE})
    assert (await cloud.counts())["signin"] == 1
    await finish(flow, home)


async def test_a_wrong_code_can_be_corrected(home: HomeAssistant, cloud: Simulator) -> None:
    """The sign-in goes on where it was; no second code is sent."""
    flow = await password_accepted(home.client, cloud)
    await flow.submit(WRONG_CODE)
    assert (flow.step, flow.errors) == ("blink_2fa", {"base": "invalid_code"})
    await flow.submit({"code": CODE})
    assert (await cloud.counts())["signin"] == 1
    await finish(flow, home)


async def test_an_expired_code_leads_back_to_the_password(
    home: HomeAssistant, cloud: Simulator
) -> None:
    """Only a password makes Blink send a new code."""
    await cloud.configure(code_lifetime=0.0)
    flow = await password_accepted(home.client, cloud)
    await flow.submit({"code": CODE})
    assert (flow.step, flow.errors) == ("blink_2fa", {"base": "code_expired"})
    await flow.submit({"code": CODE})
    assert (flow.step, flow.errors) == ("blink_password", {})
    await cloud.configure(code_lifetime=600.0)
    await flow.walk(blink_form(cloud.url), {"code": CODE})
    await finish(flow, home)


async def test_lost_cookies_lead_back_to_the_password(
    home: HomeAssistant, cloud: Simulator
) -> None:
    """It is the sign-in that is lost; the code was not looked at, so it is not called wrong."""
    flow = await password_accepted(home.client, cloud)
    await cloud.act("forget_sign_ins")
    await flow.submit({"code": CODE})
    assert (flow.step, flow.errors) == ("blink_2fa", {"base": "session_lost"})
    await flow.submit({"code": CODE})
    assert (flow.step, flow.errors) == ("blink_password", {})
    await flow.walk(blink_form(cloud.url), {"code": CODE})
    await finish(flow, home)


# Signing in with a refresh token


async def test_a_refresh_token_is_enough(home: HomeAssistant, cloud: Simulator) -> None:
    """Who holds one need not type a password; a wrong one can be corrected."""
    hosts = {"auth_url": cloud.url, "api_url": cloud.url}
    flow = await home.client.flow()
    await flow.walk(
        "blink", "blink_token", {"refresh_token": "no-such-token-7731", "advanced": hosts}
    )
    assert (flow.step, flow.errors) == ("blink_token", {"base": "invalid_auth"})
    assert flow.shown["refresh_token"] is None

    token = await cloud.act("issue_refresh_token")
    await flow.submit({"refresh_token": token, "advanced": hosts})
    assert flow.kind == "create_entry"
    account = Account(home, flow.entry_id)
    await cloud.act("script", name="success", seconds=0)
    assert (await account.send(GARDEN, "thumbnail", wait=True))["state"] == "success"
    assert "signin" not in await cloud.counts()
    await account.remove()


# Accounts that are there already


@pytest.mark.usefixtures("account")
async def test_an_account_is_added_once(client: Client, cloud: Simulator) -> None:
    """Two entries for one account would send and announce everything twice."""
    flow = await (await client.flow()).walk(*blink(cloud.url, code=CODE))
    assert (flow.kind, flow.reason) == ("abort", "already_configured")


async def test_an_account_does_not_become_another_one(account: Account, cloud: Simulator) -> None:
    """Its devices, entities and records are those of the account that it was made for."""
    way = ("blink_password", blink_form(cloud.url), {"code": CODE})
    await cloud.configure(account_id=771_204_999)
    flow = await (await account.reconfigure()).walk(*way)
    assert (flow.kind, flow.reason) == ("abort", "wrong_account")
    await cloud.configure(account_id=771_204_583)
    flow = await (await account.reconfigure()).walk(*way)
    assert (flow.kind, flow.reason) == ("abort", "reconfigure_successful")
    await account.until_entry("loaded")
