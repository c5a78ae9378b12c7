"""Codes, access tokens and refresh tokens: what each is good for, and how long."""

from urllib.parse import parse_qs, urlsplit

import pytest

from simulators.blink import BlinkSimulator
from simulators.clock import ManualClock
from tests.simulators.client import Client

from .browser import Browser

TIER = "/api/v1/users/tier_info"


async def authorization_code(browser: Browser) -> str:
    """Sign in and return the code."""
    await browser.until_signed_in()
    back = await browser.come_back()
    return parse_qs(urlsplit(back.headers["Location"]).query)["code"][0]


async def test_a_code_is_good_once(browser: Browser) -> None:
    """The second exchange is somebody else's."""
    code = await authorization_code(browser)

    assert (await browser.exchange(code)).status == 200
    again = await browser.exchange(code)
    assert (again.status, again.json["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "another-verifier-of-at-least-forty-three-characters"},
        {"code_verifier": ""},
        {"client_id": "android"},
        {"redirect_uri": "https://applinks.blink.com/signin/callback"},
    ],
    ids=["wrong verifier", "no verifier", "another client", "another redirect"],
)
async def test_a_code_needs_the_one_who_asked_for_it(
    browser: Browser, changes: dict[str, str]
) -> None:
    """And a wrong try uses it up."""
    code = await authorization_code(browser)

    assert (await browser.exchange(code, **changes)).json["error"] == "invalid_grant"
    assert (await browser.exchange(code)).status == 400


async def test_a_code_gets_old(browser: Browser, clock: ManualClock) -> None:
    """It is for the next few seconds only."""
    code = await authorization_code(browser)
    clock.advance(60)

    assert (await browser.exchange(code)).status == 400


async def test_an_unknown_client_gets_nothing(browser: Browser) -> None:
    """Not even for a good refresh token."""
    answer = await browser.refresh("any", client_id="toaster")

    assert (answer.status, answer.json["error"]) == (401, "invalid_client")


async def test_a_refresh_brings_another_refresh_token(
    blink: BlinkSimulator, browser: Browser
) -> None:
    """The old one is good until the new one was used, so that an answer may get lost."""
    first = blink.issue_refresh_token()
    second = (await browser.refresh(first)).json["refresh_token"]
    second_again = (await browser.refresh(first)).json["refresh_token"]
    assert len({first, second, second_again}) == 3

    assert (await browser.refresh(second_again)).status == 200

    assert (await browser.refresh(first)).status == 400
    assert blink.state()["refreshes"] == 3


async def test_android_clients_refresh_without_a_hardware_id(
    blink: BlinkSimulator, browser: Browser
) -> None:
    """The app's own body has four fields, and the seed's example too."""
    token = blink.issue_refresh_token()
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": "android",
        "scope": "client",
    }

    assert (await browser._ask("POST", "/oauth/token", data=form)).status == 200


@pytest.mark.parametrize("status", [400, 401])
async def test_a_revoked_refresh_token_is_refused(
    blink: BlinkSimulator, browser: Browser, status: int
) -> None:
    """Both statuses are reported; the access token lives on."""
    blink.settings.revoked_status = status
    pair = blink.tokens.issue(100)
    blink.tokens.revoke_refresh()

    answer = await browser.refresh(pair.refresh)

    assert answer.status == status
    assert answer.json == {"error": "invalid_grant", "error_description": "Invalid refresh token"}
    assert blink.tokens.allows(pair.access)


async def test_a_refresh_can_fail_for_any_other_reason(
    blink: BlinkSimulator, browser: Browser
) -> None:
    """The token is good again afterwards."""
    token = blink.issue_refresh_token()
    blink.faults.add("status", "token", status=503)

    assert (await browser.refresh(token)).status == 503
    assert (await browser.refresh(token)).status == 200


async def test_an_access_token_ends_after_its_time(
    blink: BlinkSimulator, browser: Browser, clock: ManualClock
) -> None:
    """The lifetime can be set, and is told to the client."""
    blink.settings.token_lifetime = 90
    tokens = (await browser.refresh(blink.issue_refresh_token())).json
    assert tokens["expires_in"] == 90
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    client = Client(browser.session, blink.url, headers)
    clock.advance(89)
    assert (await client.ask("GET", TIER)).status == 200

    clock.advance(1)

    refused = await client.ask("GET", TIER)
    assert refused.status == 401
    assert refused.json == {"message": "Unauthorized Access", "error": None, "code": 101}


async def test_access_tokens_end_on_demand(blink: BlinkSimulator, api: Client) -> None:
    """As in mid-flight: the refresh token is still good."""
    assert (await api.ask("GET", TIER)).status == 200

    blink.tokens.expire_access()

    assert (await api.ask("GET", TIER)).json["code"] == 101


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": ""}, {"Authorization": "Bearer made-up"}, {"TOKEN_AUTH": "old"}],
    ids=["none", "made up", "of long ago"],
)
async def test_nothing_is_told_without_an_access_token(
    blink: BlinkSimulator, browser: Browser, headers: dict[str, str]
) -> None:
    """Every call of the REST host is behind it."""
    client = Client(browser.session, blink.url, headers)

    answers = [
        await client.ask("GET", TIER),
        await client.ask("GET", f"/api/v3/accounts/{blink.settings.account_id}/homescreen"),
        await client.ask("POST", "/network/1234/camera/701/thumbnail"),
        await client.ask("GET", "/network/1234/command/1"),
        await client.ask("GET", "/networks"),
    ]

    assert [answer.status for answer in answers] == [401] * 5
