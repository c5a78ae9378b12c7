"""The sign-in page: cookies, CSRF token, password, code from the phone."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from simulators.blink import BlinkSimulator, SecondFactor
from simulators.clock import ManualClock
from tests.simulators.client import Answer

from .browser import Browser


def code_of(answer: Answer) -> str:
    """Return the authorization code in a redirect to the app."""
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def blow_up(browser: Browser, name: str) -> None:
    """Lose one cookie."""
    browser.session.cookie_jar.clear(lambda cookie: cookie.key == name)


async def test_the_whole_way_ends_at_the_app_with_a_code(browser: Browser) -> None:
    """Seven steps, as the app does them, and then the tokens."""
    opened = await browser.open()
    assert (opened.status, opened.headers["Location"]) == (302, "/oauth/v2/signin")
    assert (await browser.look()).headers["Content-Type"].startswith("text/html")
    assert (await browser.sign_in()).status == 202
    verified = await browser.verify()
    assert (verified.status, verified.json) == (201, {"status": "auth-completed"})

    back = await browser.come_back()

    assert back.status == 302
    assert back.headers["Location"].startswith(
        "immedia-blink://applinks.blink.com/signin/callback?code="
    )
    assert "state=" in back.headers["Location"]
    tokens = (await browser.exchange(code_of(back))).json
    assert tokens.pop("access_token").startswith("eyJ")
    assert tokens.pop("refresh_token")
    assert tokens == {"expires_in": 14_400, "token_type": "Bearer", "scope": "client"}


@pytest.mark.parametrize(
    ("second_factor", "status"), [(SecondFactor.STATUS_202, 202), (SecondFactor.STATUS_412, 412)]
)
async def test_a_second_factor_is_asked_for_in_two_ways(
    blink: BlinkSimulator, browser: Browser, second_factor: SecondFactor, status: int
) -> None:
    """Both statuses are in use; the body says where the code went."""
    blink.settings.second_factor = second_factor
    await browser.until_password()

    answer = await browser.sign_in()

    assert answer.status == status
    assert answer.json["phone"] == "+353xxxxxxx42"
    assert answer.json["tsv_state"] == "sms"
    assert answer.json["next_time_in_secs"] == 60


async def test_without_a_second_factor_the_password_will_do(
    blink: BlinkSimulator, browser: Browser
) -> None:
    """A redirect says that it was right."""
    blink.settings.second_factor = SecondFactor.NONE
    await browser.until_password()

    assert (await browser.sign_in()).status == 302
    assert code_of(await browser.come_back())


@pytest.mark.parametrize(
    "changes", [{"password": "guess"}, {"username": "me@example.com"}], ids=["password", "name"]
)
async def test_a_wrong_password_can_be_mended(
    blink: BlinkSimulator, browser: Browser, changes: dict[str, str]
) -> None:
    """The page stays as it is, and the answer does not tell which of the two was wrong."""
    await browser.until_password()

    answer = await browser.sign_in(**changes)

    assert answer.status == 401
    assert answer.json["error_cause"] == "invalid_user_credentials"
    assert blink.state()["wrong_passwords"] == 1
    assert (await browser.sign_in()).status == 202


async def test_the_name_is_not_case_sensitive(browser: Browser) -> None:
    """It is an e-mail address."""
    await browser.until_password()

    assert (await browser.sign_in(username="You@Example.com")).status == 202


@pytest.mark.parametrize("cookie", ["blink_flow", "blink_page"])
async def test_lost_cookies_are_called_empty(browser: Browser, cookie: str) -> None:
    """Whoever keeps only one of the two cookies has none."""
    await browser.until_password()
    blow_up(browser, cookie)

    answer = await browser.sign_in()

    assert answer.status == 400
    assert answer.json["error_cause"] == "empty_cookies"


async def test_every_step_needs_the_cookies(browser: Browser) -> None:
    """Not only the password."""
    await browser.until_signed_in()
    csrf = browser.csrf
    browser.session.cookie_jar.clear()

    refused = [await browser.look()]
    browser.csrf = csrf
    refused += [await browser.sign_in(), await browser.verify(), await browser.come_back()]

    assert [answer.status for answer in refused] == [400] * 4
    assert {answer.json["error_cause"] for answer in refused} == {"empty_cookies"}


async def test_a_sign_in_that_the_cloud_has_lost_is_lost(
    blink: BlinkSimulator, browser: Browser
) -> None:
    """The cookies are there, and mean nothing any more."""
    await browser.until_password()
    blink.oauth.forget_flows()

    assert (await browser.sign_in()).json["error_cause"] == "empty_cookies"


async def test_a_stranger_cannot_send_the_form(browser: Browser) -> None:
    """The CSRF token of the page must come back with each form."""
    await browser.until_password()

    refused = [
        await browser.sign_in(**{"csrf-token": ""}),
        await browser.verify(**{"csrf-token": "made-up"}),
    ]

    assert [answer.status for answer in refused] == [400, 400]
    assert {answer.json["error_cause"] for answer in refused} == {"invalid_csrf_token"}


async def test_another_look_at_the_page_makes_another_csrf_token(browser: Browser) -> None:
    """The old form is out of date then."""
    await browser.until_password()
    old = browser.csrf
    await browser.look()

    assert (await browser.sign_in(**{"csrf-token": old})).status == 400
    assert (await browser.sign_in()).status == 202


async def test_a_wrong_code_is_counted_and_can_be_mended(
    blink: BlinkSimulator, browser: Browser
) -> None:
    """The cookies stay good."""
    await browser.until_password()
    await browser.sign_in()

    assert (await browser.verify("000000")).status == 401
    assert (await browser.come_back()).headers["Location"] == "/oauth/v2/signin"
    assert (await browser.verify()).status == 201
    assert blink.state()["code_tries"] == 2


async def test_a_code_is_no_good_before_the_password(browser: Browser) -> None:
    """It was not sent yet."""
    await browser.until_password()

    assert (await browser.verify()).status == 401


async def test_a_code_gets_old(browser: Browser, clock: ManualClock) -> None:
    """The right one, too late, is not called wrong; the password makes it young again."""
    await browser.until_password()
    await browser.sign_in()
    clock.advance(600)

    answer = await browser.verify()

    assert answer.status == 401
    assert answer.json["error_cause"] == "expired_2fa_code"
    await browser.sign_in()
    assert (await browser.verify()).status == 201


@pytest.mark.parametrize("hardware_id", ["Home Assistant", "Blinkpy"])
async def test_two_hardware_ids_are_blocked(browser: Browser, hardware_id: str) -> None:
    """At the edge, with a text, whatever else is right (core#178396)."""
    opened = await browser.open(hardware_id=hardware_id)
    refreshed = await browser.refresh("any", hardware_id=hardware_id)
    in_header = await browser.refresh("any", headers={"hardware_id": hardware_id})

    for answer in (opened, refreshed, in_header):
        assert (answer.status, answer.text) == (406, "406 Not Acceptable")


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_id": "toaster"}, 401, "invalid_client"),
        ({"redirect_uri": "https://elsewhere.invalid/"}, 400, "invalid_request"),
        ({"response_type": "token"}, 400, "invalid_request"),
        ({"code_challenge_method": "plain"}, 400, "invalid_request"),
        ({"code_challenge": ""}, 400, "invalid_request"),
    ],
    ids=["client", "redirect", "response type", "method", "challenge"],
)
async def test_a_request_to_be_authorized_must_be_right(
    browser: Browser, changes: dict[str, str], status: int, error: str
) -> None:
    """A client that forgets PKCE must not pass."""
    answer = await browser.open(**changes)

    assert (answer.status, answer.json["error"]) == (status, error)


async def test_the_state_comes_back(browser: Browser) -> None:
    """Whoever sends one can check it."""
    await browser.open(state="xyz")
    await browser.look()
    await browser.sign_in()
    await browser.verify()

    assert (await browser.come_back()).headers["Location"].endswith("&state=xyz")


@pytest.mark.parametrize(
    ("status", "text"),
    [(429, "Too many requests"), (426, "An app update is required"), (406, "406 Not Acceptable")],
)
async def test_sign_in_is_refused_on_demand(
    blink: BlinkSimulator, browser: Browser, status: int, text: str
) -> None:
    """With the words of the cloud; the next try is a new one."""
    await browser.until_password()
    blink.faults.add("status", "signin", status=status)

    answer = await browser.sign_in()

    assert answer.status == status
    assert text in answer.text
    assert (await browser.sign_in()).status == 202


@pytest.mark.parametrize(
    ("path", "status"), [("/api/v5/account/login", 426), ("/oauth/token", 400)]
)
async def test_the_old_ways_to_sign_in_are_closed(browser: Browser, path: str, status: int) -> None:
    """The account login since October 2025, the password grant since December 2025."""
    form = {"grant_type": "password", "client_id": "android", "username": "u", "password": "p"}

    assert (await browser._ask("POST", path, data=form)).status == status


async def test_every_secret_of_a_sign_in_is_on_record(
    blink: BlinkSimulator, browser: Browser
) -> None:
    """Handed out or received: a test of a client greps its logs for all of them."""
    await browser.until_password()
    await browser.sign_in("wrong-password")
    await browser.sign_in()
    await browser.verify("111111")
    await browser.verify()
    code = code_of(await browser.come_back())
    tokens = (await browser.exchange(code)).json

    cookies = {cookie.value for cookie in browser.session.cookie_jar}
    assert len(cookies) == 2
    assert blink.secrets >= cookies | {
        browser.csrf,
        "wrong-password",
        "Sesame-open-42",
        "you@example.com",
        "+353xxxxxxx42",
        "111111",
        "482915",
        code,
        "a-verifier-of-at-least-forty-three-characters",
        tokens["access_token"],
        tokens["refresh_token"],
    }
    assert not {text for text in blink.secrets if len(text) < 6}
    shown = json.dumps([logged.summary() for logged in blink.log.requests])
    assert not [text for text in blink.secrets if text in shown]
