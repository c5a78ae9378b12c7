"""Signing in at Blink: each way in, and a clear word for each way in which it can fail."""

from collections.abc import AsyncGenerator, Mapping
from http import HTTPStatus
import json
from typing import Any, override
from uuid import UUID

from aiohttp import ClientSession
import pytest
from yarl import URL

from custom_components.command_status.providers.base import Account, Challenge, Form, Menu, SignIn
from custom_components.command_status.providers.blink import DESCRIPTION
from custom_components.command_status.providers.errors import (
    ProviderAuthError,
    ProviderBlockedError,
    ProviderConnectionError,
    ProviderError,
    ProviderOutdatedError,
    ProviderRateLimitError,
    SignInError,
)
from custom_components.command_status.providers.words import REDACTED
from simulators.blink import BlinkSimulator, SecondFactor
from simulators.blink.bodies import INVALID_CODE, LOST_COOKIES
from simulators.clock import ManualClock

from .blink_account import Browsers, Disk, connected

API_URL = "https://rest-prod.immedia-semi.com"


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[BlinkSimulator]:
    """Return a Blink cloud that listens."""
    async with BlinkSimulator(clock=clock, sleep=clock.sleep) as simulator:
        yield simulator


@pytest.fixture
async def browsers() -> AsyncGenerator[Browsers]:
    """Return where sessions come from; all private ones are closed in the end."""
    async with ClientSession() as session:
        browsers = Browsers(session)
        yield browsers
        assert all(browser.closed for browser in browsers.opened)


@pytest.fixture
async def sign_in(browsers: Browsers) -> AsyncGenerator[SignIn]:
    """Return a sign-in, which is closed as the flow would close it."""
    sign_in = DESCRIPTION.sign_in(browsers)
    yield sign_in
    await sign_in.close()


@pytest.fixture
def typed(cloud: BlinkSimulator) -> dict[str, Any]:
    """Return the form with the password, as a user fills it in."""
    return {
        "email": cloud.settings.email,
        "password": cloud.settings.password,
        "auth_url": cloud.url,
        "api_url": cloud.url,
    }


@pytest.fixture
def typed_token(cloud: BlinkSimulator) -> dict[str, Any]:
    """Return the form with a refresh token, as a user fills it in."""
    return {
        "refresh_token": cloud.issue_refresh_token(),
        "auth_url": cloud.url,
        "api_url": cloud.url,
    }


def secrets_in(error: ProviderError, cloud: BlinkSimulator) -> list[str]:
    """Return which secrets an error tells."""
    told = f"{error!r} {error} {error.message} {error.code} {error.__cause__!r}"
    return [secret for secret in cloud.secrets if secret in told]


def test_the_first_step_is_a_choice() -> None:
    """Some people hold a refresh token and do not want to type a password."""
    menu = DESCRIPTION.steps["blink"]
    assert isinstance(menu, Menu)
    assert menu.options == ("blink_password", "blink_token")


@pytest.mark.parametrize(
    ("step", "names"),
    [
        ("blink_password", ["email", "password", "auth_url", "api_url"]),
        ("blink_2fa", ["code"]),
        ("blink_token", ["refresh_token", "client_id", "auth_url", "api_url"]),
    ],
)
def test_the_forms_ask_for_no_more_than_is_needed(step: str, names: list[str]) -> None:
    """The addresses are for people who know why, so they stand in the closed section."""
    form = DESCRIPTION.steps[step]
    assert isinstance(form, Form)
    assert [field.name for field in form.fields] == names
    assert [field.name for field in form.fields if field.advanced] == names[-2:][: len(names) // 2]


async def test_a_password_alone_opens_an_account_without_second_factor(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    """Blink does not always ask for a code."""
    cloud.settings.second_factor = SecondFactor.NONE
    account = await sign_in.submit("blink_password", typed)
    assert isinstance(account, Account)
    assert account.id == str(cloud.settings.account_id)
    assert account.title == "Blink Home"
    assert account.credentials.keys() == {
        *("refresh_token", "client_id", "hardware_id", "account_id", "tier"),
        *("auth_url", "api_url"),
    }


@pytest.mark.parametrize("asks", [SecondFactor.STATUS_202, SecondFactor.STATUS_412])
async def test_a_code_is_asked_for_and_opens_the_account(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any], asks: SecondFactor
) -> None:
    """Both statuses are in use; the user is told where the code went."""
    cloud.settings.second_factor = asks
    challenge = await sign_in.submit("blink_password", typed)
    assert challenge == Challenge(
        step="blink_2fa", placeholders={"phone": cloud.settings.phone, "method": "sms"}
    )
    account = await sign_in.submit("blink_2fa", {"code": f" {cloud.settings.code} "})
    assert isinstance(account, Account)


async def test_what_the_answer_does_not_tell_about_the_code_is_shown_as_unknown(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    """The 412 is known from a client's source only, so nothing in its body is relied upon."""
    cloud.faults.add("html", "signin", status=412)
    challenge = await sign_in.submit("blink_password", typed)
    assert challenge == Challenge(step="blink_2fa", placeholders={"phone": "?", "method": "?"})


async def titled(cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any]) -> str:
    """Sign in and return what the account is called."""
    cloud.settings.second_factor = SecondFactor.NONE
    account = await sign_in.submit("blink_password", typed)
    assert isinstance(account, Account)
    return account.title


@pytest.mark.parametrize(
    ("networks", "title"),
    [
        pytest.param([{"id": 1, "name": " Cabin "}, {"id": 2, "name": "Home"}], "Blink Cabin"),
        pytest.param([{"id": 1, "name": ""}, 7, {"id": 2, "name": "Home"}], "Blink Home"),
        pytest.param([{"id": 1}], "Blink", id="no name"),
        pytest.param([], "Blink", id="no network"),
        pytest.param({}, "Blink", id="no list"),
        pytest.param("Home", "Blink", id="a text"),
    ],
)
async def test_an_account_is_called_after_its_first_network(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any], networks: object, title: str
) -> None:
    """Two accounts are told apart by it; the number of an account would be nobody's business."""
    body = json.dumps({"networks": networks})
    cloud.faults.add("status", "homescreen", status=200, body=body)
    assert await titled(cloud, sign_in, typed) == title


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 401, "body": '{"message": "Unauthorized", "code": 101}'},
        {"kind": "status", "status": 406},
        {"kind": "status", "status": 429},
        {"kind": "status", "status": 503},
        {"kind": "status", "status": 200, "body": "[]"},
        {"kind": "html"},
        {"kind": "reset", "times": 2},
        {"kind": "huge"},
    ],
    ids=str,
)
async def test_an_account_without_a_name_is_an_account(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any], fault: dict[str, Any]
) -> None:
    """Nobody signs in once more, with another code, for the sake of a name."""
    cloud.faults.add(label="homescreen", **fault)
    assert await titled(cloud, sign_in, typed) == "Blink"


async def test_a_name_holds_no_secret(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    """It becomes the name of a device, whoever has chosen it."""
    name = f"Mine {cloud.settings.account_id}"
    body = json.dumps({"networks": [{"id": 1, "name": name}]})
    cloud.faults.add("status", "homescreen", status=200, body=body)
    assert await titled(cloud, sign_in, typed) == f"Blink Mine {REDACTED}"


class Again(Browsers):
    """What a sign-in is given that is not the first."""

    @property
    @override
    def known(self) -> Mapping[str, str]:
        """Tell something of the account."""
        return {"tier": "e008"}


async def test_an_account_that_is_signed_in_to_again_keeps_its_name(
    cloud: BlinkSimulator, browsers: Browsers, typed_token: dict[str, Any]
) -> None:
    """So nobody is asked for one."""
    again = DESCRIPTION.sign_in(Again(browsers.shared))
    assert isinstance(await again.submit("blink_token", typed_token), Account)
    assert not cloud.counts["homescreen"]


async def test_the_password_is_not_kept(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    """Tokens will do, and they can be revoked one by one."""
    cloud.settings.second_factor = SecondFactor.NONE
    account = await sign_in.submit("blink_password", typed)
    assert isinstance(account, Account)
    stored = json.dumps([account.title, *account.credentials.values()])
    assert cloud.settings.password not in stored
    assert cloud.settings.email not in stored


async def test_what_a_sign_in_found_out_is_enough_to_connect(
    cloud: BlinkSimulator,
    sign_in: SignIn,
    browsers: Browsers,
    typed: dict[str, Any],
    clock: ManualClock,
) -> None:
    """The credentials outlive the sign-in, its session and its cookies."""
    cloud.settings.second_factor = SecondFactor.NONE
    account = await sign_in.submit("blink_password", typed)
    await sign_in.close()
    assert isinstance(account, Account)
    provider = connected(browsers.shared, account.credentials, clock, Disk().keep)
    assert await provider.targets()


async def test_each_request_looks_as_blink_expects(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    """A session's own User-Agent must not slip in anywhere: Blink blocks some."""
    await sign_in.submit("blink_password", typed)
    await sign_in.submit("blink_2fa", {"code": cloud.settings.code})
    agents = {
        request.label: request.headers["User-Agent"].split("/")[0] for request in cloud.log.requests
    }
    assert agents == {
        "authorize": "Mozilla",
        "signin_page": "Mozilla",
        "signin": "Mozilla",
        "verify": "Mozilla",
        "token": "Blink",
        "tier": "27.0ANDROID_28373244",
        "homescreen": "27.0ANDROID_28373244",
    }
    for label in ("signin", "verify"):
        (request,) = cloud.log.select(label)
        assert request.headers["Origin"] == cloud.url
        assert request.headers["Referer"] == f"{cloud.url}/oauth/v2/signin"


async def test_an_installation_has_one_hardware_id(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    """It is an upper-case UUID, the same in every step and in what is stored."""
    cloud.settings.second_factor = SecondFactor.NONE
    account = await sign_in.submit("blink_password", typed)
    assert isinstance(account, Account)
    hardware_id = account.credentials["hardware_id"]
    assert str(UUID(hardware_id)).upper() == hardware_id
    assert f"hardware_id={hardware_id}" in cloud.log.requests[0].path
    assert f"hardware_id={hardware_id}" in cloud.log.select("token")[0].body.decode()


async def test_two_sign_ins_have_two_hardware_ids(
    cloud: BlinkSimulator, browsers: Browsers, typed_token: dict[str, Any]
) -> None:
    """A constant that everybody shares would be blocked for everybody."""
    first = await DESCRIPTION.sign_in(browsers).submit("blink_token", typed_token)
    second = await DESCRIPTION.sign_in(browsers).submit(
        "blink_token", {**typed_token, "refresh_token": cloud.issue_refresh_token()}
    )
    assert isinstance(first, Account)
    assert isinstance(second, Account)
    assert first.credentials["hardware_id"] != second.credentials["hardware_id"]


async def test_a_wrong_password_can_be_corrected(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    """It is tried exactly once each time that the user says so."""
    with pytest.raises(SignInError) as caught:
        await sign_in.submit("blink_password", {**typed, "password": "wrong"})
    assert caught.value.text_key == "invalid_auth"
    assert cloud.oauth.wrong_passwords == 1
    assert isinstance(await sign_in.submit("blink_password", typed), Challenge)


async def test_a_wrong_code_can_be_corrected(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    """The same cookies go on, and no second code is sent."""
    await sign_in.submit("blink_password", typed)
    with pytest.raises(SignInError) as caught:
        await sign_in.submit("blink_2fa", {"code": "000000"})
    assert caught.value.text_key == "invalid_code"
    assert isinstance(await sign_in.submit("blink_2fa", {"code": cloud.settings.code}), Account)
    assert cloud.counts["signin"] == 1


async def test_an_expired_code_is_told_from_a_wrong_one(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any], clock: ManualClock
) -> None:
    """Typing it again would not help; a new one is sent for the password only."""
    await sign_in.submit("blink_password", typed)
    clock.advance(cloud.settings.code_lifetime)
    with pytest.raises(SignInError) as caught:
        await sign_in.submit("blink_2fa", {"code": cloud.settings.code})
    assert caught.value.text_key == "code_expired"
    again = await sign_in.submit("blink_2fa", {"code": cloud.settings.code})
    assert again == Challenge(step="blink_password")
    assert isinstance(await sign_in.submit("blink_password", typed), Challenge)
    assert isinstance(await sign_in.submit("blink_2fa", {"code": cloud.settings.code}), Account)


async def test_a_sign_in_whose_cookies_were_lost_begins_anew_with_fresh_ones(
    cloud: BlinkSimulator, sign_in: SignIn, browsers: Browsers, typed: dict[str, Any]
) -> None:
    """No code can help any more, and the password is not ours to repeat."""
    await sign_in.submit("blink_password", typed)
    cloud.oauth.forget_flows()
    with pytest.raises(SignInError) as caught:
        await sign_in.submit("blink_2fa", {"code": cloud.settings.code})
    assert caught.value.text_key == "session_lost"
    again = await sign_in.submit("blink_2fa", {"code": cloud.settings.code})
    assert again == Challenge(step="blink_password")
    assert isinstance(await sign_in.submit("blink_password", typed), Challenge)
    assert isinstance(await sign_in.submit("blink_2fa", {"code": cloud.settings.code}), Account)
    assert len(browsers.opened) == 2
    assert browsers.opened[0].closed


async def test_cookies_that_are_lost_before_the_password_are_told(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    """The password was not looked at, so it is not called wrong."""
    cloud.faults.add("status", "signin", status=400, body=json.dumps(LOST_COOKIES))
    with pytest.raises(SignInError) as caught:
        await sign_in.submit("blink_password", typed)
    assert caught.value.text_key == "session_lost"
    assert isinstance(await sign_in.submit("blink_password", typed), Challenge)


@pytest.mark.parametrize("label", ["authorize", "signin_page", "signin", "token", "tier"])
@pytest.mark.parametrize(
    ("status", "error", "key"),
    [
        pytest.param(406, ProviderBlockedError, "client_blocked", id="blocked"),
        pytest.param(426, ProviderOutdatedError, "update_required", id="too old"),
        pytest.param(429, ProviderRateLimitError, "rate_limited", id="too many"),
        pytest.param(503, ProviderConnectionError, "cannot_connect", id="server error"),
    ],
)
async def test_what_has_nothing_to_do_with_the_password_is_not_blamed_on_it(
    cloud: BlinkSimulator,
    sign_in: SignIn,
    typed: dict[str, Any],
    label: str,
    status: int,
    error: type[ProviderError],
    key: str,
) -> None:
    """Whichever step it strikes, the user is told what is wrong and can submit the form again."""
    cloud.settings.second_factor = SecondFactor.NONE
    cloud.faults.add("status", label, status=status)
    with pytest.raises(error) as caught:
        await sign_in.submit("blink_password", typed)
    assert caught.value.key == key
    assert not secrets_in(caught.value, cloud)
    assert isinstance(await sign_in.submit("blink_password", typed), Account)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (406, ProviderBlockedError),
        (426, ProviderOutdatedError),
        (429, ProviderRateLimitError),
        (500, ProviderConnectionError),
    ],
)
async def test_what_has_nothing_to_do_with_the_code_is_not_blamed_on_it(
    cloud: BlinkSimulator,
    sign_in: SignIn,
    typed: dict[str, Any],
    status: int,
    error: type[ProviderError],
) -> None:
    """The code stays good, and is taken when it is typed again."""
    await sign_in.submit("blink_password", typed)
    cloud.faults.add("status", "verify", status=status)
    with pytest.raises(error):
        await sign_in.submit("blink_2fa", {"code": cloud.settings.code})
    assert isinstance(await sign_in.submit("blink_2fa", {"code": cloud.settings.code}), Account)


@pytest.mark.parametrize(("label", "exchanges"), [("token", 2), ("tier", 1)])
async def test_a_code_that_was_accepted_is_not_sent_again(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any], label: str, exchanges: int
) -> None:
    """Blink would refuse it, and the user would look for a fault in the code."""
    await sign_in.submit("blink_password", typed)
    cloud.faults.add("status", label, status=502)
    with pytest.raises(ProviderConnectionError):
        await sign_in.submit("blink_2fa", {"code": cloud.settings.code})
    assert isinstance(await sign_in.submit("blink_2fa", {"code": cloud.settings.code}), Account)
    assert cloud.counts["verify"] == 1
    assert cloud.counts["token"] == exchanges


async def test_a_cloud_that_cannot_be_reached_is_told(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    """No connection, no verdict."""
    await cloud.stop()
    with pytest.raises(ProviderConnectionError) as caught:
        await sign_in.submit("blink_password", typed)
    assert caught.value.key == "cannot_connect"


STRANGE: Mapping[str, tuple[str, dict[str, Any]]] = {
    "a page with strange arguments": (
        "signin_page",
        {"kind": "html", "skip": 1, "body": '<script id="oauth-args">["csrf-token"]</script>'},
    ),
    "a redirect to nowhere": ("authorize", {"kind": "redirect", "location": "http://[::1"}),
    "a circle": (
        "authorize",
        {"kind": "redirect", "location": "/oauth/v2/authorize?again=1", "times": 9},
    ),
    "a password neither right nor wrong": (
        "signin",
        {"kind": "status", "status": 403, "body": '{"error": "forbidden"}'},
    ),
    "a 202 that asks for nothing": ("signin", {"kind": "status", "status": 202, "body": "{}"}),
    "no code, no redirect": ("authorize", {"kind": "html", "skip": 1}),
    "no account": ("tier", {"kind": "status", "status": 200, "body": '{"account_id": 5}'}),
    "a tier that is no name": (
        "tier",
        {"kind": "status", "status": 200, "body": '{"account_id": 5, "tier": "a.example/"}'},
    ),
    "a tier elsewhere": ("tier", {"kind": "redirect"}),
    "no refresh token": (
        "token",
        {"kind": "status", "status": 200, "body": '{"access_token": "a"}'},
    ),
}


STRANGERS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "another page": ("signin_page", {"kind": "html", "skip": 1}),
    "a page that is gone": ("signin_page", {"kind": "html", "status": 404}),
    "another host": ("authorize", {"kind": "redirect"}),
    "another host for the password": ("signin", {"kind": "redirect"}),
    "a page for the password": ("signin", {"kind": "html", "status": 401}),
    "a page for the token": ("token", {"kind": "html", "status": 401}),
    "a page for the account": ("tier", {"kind": "html", "status": 403}),
}
"""What portals, proxies and CDNs do."""


@pytest.mark.parametrize(
    ("label", "fault"), [pytest.param(*case, id=name) for name, case in STRANGERS.items()]
)
async def test_whoever_is_in_the_way_says_nothing_about_the_password(
    cloud: BlinkSimulator,
    sign_in: SignIn,
    typed: dict[str, Any],
    label: str,
    fault: dict[str, Any],
) -> None:
    """The form says that somebody blocks us; nobody should change a good password."""
    cloud.settings.second_factor = SecondFactor.NONE
    cloud.faults.add(label=label, **fault)
    with pytest.raises(ProviderBlockedError) as caught:
        await sign_in.submit("blink_password", typed)
    assert caught.value.key == "client_blocked"
    assert not secrets_in(caught.value, cloud)


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/callback?code=stolen&state={state}",
        "immedia-blink://applinks.blink.com.evil.example/signin/callback?code=x&state={state}",
        "immedia-blink://applinks.blink.com/elsewhere?code=x&state={state}",
        "/oauth/v2/signin?code=x&state={state}",
        "immedia-blink://applinks.blink.com/signin/callback?code=x&state=another",
        "immedia-blink://applinks.blink.com/signin/callback?code=x",
        "immedia-blink://applinks.blink.com/signin/callback?state={state}",
    ],
)
async def test_a_code_is_taken_from_our_own_redirect_only(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any], location: str
) -> None:
    """With the state that was sent: else it would be the code of somebody else's sign-in."""
    await sign_in.submit("blink_password", typed)
    opened = next(each for each in cloud.log.select("authorize") if "state=" in each.path)
    state = URL(opened.path).query["state"]
    back = location.format(state=state)
    cloud.faults.add("redirect", "authorize", location=back)
    with pytest.raises(SignInError) as caught:
        await sign_in.submit("blink_2fa", {"code": cloud.settings.code})
    assert caught.value.text_key == "session_lost"
    assert not cloud.counts["token"]


@pytest.mark.parametrize("phone", ["+61xxxxxxxx00", "![x](http://evil.example/x.png)", 7, None])
async def test_the_form_for_the_code_shows_text_only(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any], phone: object
) -> None:
    """A phone looks like one; anything else could be a link or an image."""
    body = json.dumps({"phone": phone, "tsv_state": "[sms](x)", "tsv_methods": []})
    cloud.faults.add("status", "signin", status=202, body=body)
    challenge = await sign_in.submit("blink_password", typed)
    assert isinstance(challenge, Challenge)
    shown = phone if phone == "+61xxxxxxxx00" else "?"
    assert challenge.placeholders == {"phone": shown, "method": "?"}


@pytest.mark.parametrize(
    ("label", "fault"), [pytest.param(*case, id=name) for name, case in STRANGE.items()]
)
async def test_what_nobody_has_seen_yet_is_called_unknown(
    cloud: BlinkSimulator,
    sign_in: SignIn,
    typed: dict[str, Any],
    label: str,
    fault: dict[str, Any],
) -> None:
    """Guessing would send the user in a wrong direction."""
    cloud.settings.second_factor = SecondFactor.NONE
    cloud.faults.add(label=label, **fault)
    # Where the tokens are invented, whose they are is, too.
    tier = json.dumps({"account_id": 5, "tier": "e008"})
    cloud.faults.add("status", "tier", status=200, body=tier)
    with pytest.raises(SignInError) as caught:
        await sign_in.submit("blink_password", typed)
    assert caught.value.text_key == "unknown"
    assert not secrets_in(caught.value, cloud)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(
            ("authorize", {"kind": "redirect", "skip": 1, "location": "/oauth/v2/signin"}),
            id="back to the page",
        ),
        pytest.param(
            ("token", {"kind": "status", "status": 400, "body": json.dumps(INVALID_CODE)}),
            id="a code that is not taken",
        ),
    ],
)
async def test_a_sign_in_that_comes_to_nothing_begins_anew(
    cloud: BlinkSimulator,
    sign_in: SignIn,
    typed: dict[str, Any],
    fault: tuple[str, dict[str, Any]],
) -> None:
    """The password was right, so only the session can be at fault."""
    cloud.settings.second_factor = SecondFactor.NONE
    label, details = fault
    cloud.faults.add(label=label, **details)
    with pytest.raises(SignInError) as caught:
        await sign_in.submit("blink_password", typed)
    assert caught.value.text_key == "session_lost"
    assert isinstance(await sign_in.submit("blink_password", typed), Account)


async def test_a_client_that_blink_does_not_know_needs_an_update(
    cloud: BlinkSimulator, sign_in: SignIn, typed: dict[str, Any]
) -> None:
    """The name of the client is ours, not the user's."""
    body = json.dumps({"error": "invalid_client"})
    cloud.faults.add("status", "authorize", status=401, body=body)
    with pytest.raises(SignInError) as caught:
        await sign_in.submit("blink_password", typed)
    assert caught.value.text_key == "update_required"


async def test_tokens_that_do_not_tell_whose_they_are_are_refused_credentials(
    cloud: BlinkSimulator, sign_in: SignIn, typed_token: dict[str, Any]
) -> None:
    """An account that cannot be asked anything must not be made."""
    cloud.faults.add("status", "tier", status=401)
    with pytest.raises(SignInError) as caught:
        await sign_in.submit("blink_token", typed_token)
    assert caught.value.text_key == "invalid_auth"


@pytest.mark.parametrize(
    ("client_id", "sent"), [(None, "android"), ("", "android"), (" ios ", "ios")]
)
async def test_a_refresh_token_opens_an_account(
    cloud: BlinkSimulator,
    sign_in: SignIn,
    typed_token: dict[str, Any],
    client_id: str | None,
    sent: str,
) -> None:
    """What is stored is the token of the newest answer, since the one that was typed may die."""
    account = await sign_in.submit("blink_token", {**typed_token, "client_id": client_id})
    assert isinstance(account, Account)
    assert account.id == str(cloud.settings.account_id)
    assert account.credentials["client_id"] == sent
    assert account.credentials["refresh_token"] != typed_token["refresh_token"]
    assert f"client_id={sent}" in cloud.log.requests[0].body.decode()


async def test_a_refresh_token_is_used_once(
    cloud: BlinkSimulator, sign_in: SignIn, typed_token: dict[str, Any]
) -> None:
    """The form is submitted again after a failure, when Blink has replaced the token already."""
    cloud.faults.add("status", "tier", status=503)
    with pytest.raises(ProviderConnectionError):
        await sign_in.submit("blink_token", typed_token)
    assert isinstance(await sign_in.submit("blink_token", typed_token), Account)
    assert cloud.counts["token"] == 1


@pytest.mark.parametrize("status", [400, 401])
async def test_a_refresh_token_that_is_no_good_is_refused(
    cloud: BlinkSimulator, sign_in: SignIn, typed_token: dict[str, Any], status: int
) -> None:
    """Another one can be typed."""
    cloud.settings.revoked_status = status
    with pytest.raises(ProviderAuthError) as caught:
        await sign_in.submit("blink_token", {**typed_token, "refresh_token": "no-such-token"})
    assert caught.value.key == "invalid_auth"
    assert not secrets_in(caught.value, cloud)
    assert isinstance(await sign_in.submit("blink_token", typed_token), Account)


async def test_a_client_that_the_user_named_wrongly_is_refused_as_typed(
    sign_in: SignIn, typed_token: dict[str, Any]
) -> None:
    """An update of ours would not help; the field does."""
    with pytest.raises(SignInError) as caught:
        await sign_in.submit("blink_token", {**typed_token, "client_id": "windows"})
    assert caught.value.text_key == "invalid_auth"


async def test_a_usual_client_that_is_not_known_any_more_needs_an_update(
    cloud: BlinkSimulator, sign_in: SignIn, typed_token: dict[str, Any]
) -> None:
    """The user has not chosen it."""
    body = json.dumps({"error": "invalid_client"})
    cloud.faults.add("status", "token", status=HTTPStatus.BAD_REQUEST, body=body)
    with pytest.raises(ProviderOutdatedError):
        await sign_in.submit("blink_token", typed_token)


async def test_the_usual_address_leaves_the_host_to_the_tier(
    cloud: BlinkSimulator,
    sign_in: SignIn,
    typed_token: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The form shows Blink's own address; only another one serves every call."""
    hosts = "custom_components.command_status.providers.blink.hosts"
    monkeypatch.setattr(f"{hosts}.API_URL", cloud.url)
    account = await sign_in.submit("blink_token", {**typed_token, "api_url": cloud.url + "/"})
    assert isinstance(account, Account)
    assert account.credentials["api_url"] == ""
    assert account.credentials["tier"] == cloud.settings.tier


async def test_addresses_that_were_left_empty_are_blinks_own(
    cloud: BlinkSimulator,
    sign_in: SignIn,
    typed_token: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A field that was cleared is a field that was not filled in."""
    hosts = "custom_components.command_status.providers.blink.hosts"
    monkeypatch.setattr(f"{hosts}.API_URL", cloud.url)
    monkeypatch.setattr(f"{hosts}.AUTH_URL", cloud.url)
    account = await sign_in.submit(
        "blink_token", {"refresh_token": typed_token["refresh_token"], "auth_url": ""}
    )
    assert isinstance(account, Account)
    assert account.credentials["auth_url"] == cloud.url


@pytest.mark.parametrize("step", ["blink_password", "blink_token"])
@pytest.mark.parametrize("name", ["auth_url", "api_url"])
@pytest.mark.parametrize(
    ("address", "key"),
    [("http://blink.example", "insecure_url"), ("blink.example", "invalid_url")],
)
async def test_an_address_must_be_one_that_keeps_secrets(
    cloud: BlinkSimulator, sign_in: SignIn, step: str, name: str, address: str, key: str
) -> None:
    """Nothing has been sent when it is refused."""
    values = {"email": "e", "password": "p", "refresh_token": "r", "auth_url": cloud.url}
    with pytest.raises(SignInError) as caught:
        await sign_in.submit(step, {**values, name: address})
    assert caught.value.text_key == key
    assert not cloud.counts


async def test_a_sign_in_can_be_closed_at_any_time(browsers: Browsers) -> None:
    """A flow that was never filled in is closed as well."""
    sign_in = DESCRIPTION.sign_in(browsers)
    await sign_in.close()
    assert not browsers.opened
