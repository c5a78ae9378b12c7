"""The proof by a client that we did not write: blinkpy 0.25.9 takes the simulator for Blink.

What it reports at the end of a command is not always what happened. These tests say what it
reports, since that shows that the simulator's answers are the ones that it knows.
"""

from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientSession, CookieJar
from blinkpy import api  # type: ignore[import-untyped]
from blinkpy.auth import (  # type: ignore[import-untyped]
    Auth,
    BlinkTwoFARequiredError,
    UnauthorizedError,
)
from blinkpy.blinkpy import Blink  # type: ignore[import-untyped]
from blinkpy.helpers import util  # type: ignore[import-untyped]
import pytest

from simulators.blink import BlinkSimulator, SecondFactor
from simulators.clock import ManualClock

# It asks for the time in a way that Python would rather not have any more.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


@pytest.fixture(autouse=True)
def redirected(blink: BlinkSimulator, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let blinkpy's hosts be the simulator, and its pauses be moments of the simulator's clock."""

    def here(url: str) -> str:
        return blink.url + urlsplit(url).path

    def hosts(region_id: str, handler: Any = util.BlinkURLHandler) -> Any:
        urls = handler(region_id)
        assert urls.base_url == "https://rest-e008.immedia-semi.com"
        urls.base_url = blink.url
        return urls

    async def pass_time(seconds: float) -> None:
        clock.advance(seconds)

    async def pass_no_time(_: float) -> None:
        pass

    for name in (
        "OAUTH_AUTHORIZE_URL",
        "OAUTH_SIGNIN_URL",
        "OAUTH_2FA_VERIFY_URL",
        "OAUTH_TOKEN_URL",
    ):
        monkeypatch.setattr(api, name, here(getattr(api, name)))
    for method in (Auth.login, Auth.get_tier_info):
        url, *others = method.__defaults__
        monkeypatch.setattr(method, "__defaults__", (here(url), *others))
    monkeypatch.setattr(util, "BlinkURLHandler", hosts)
    monkeypatch.setattr(api, "sleep", pass_time)
    monkeypatch.setattr(util, "sleep", pass_no_time)


@pytest.fixture
async def cookies() -> AsyncGenerator[ClientSession]:
    """Return a session that keeps the cookies of an IP address."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield session


@pytest.fixture
def stranger(cookies: ClientSession) -> Any:
    """Return blinkpy before it has signed in."""
    app = Blink(session=cookies)
    data = {"username": "you@example.com", "password": "Sesame-open-42"}
    app.auth = Auth(data, no_prompt=True, session=cookies)
    return app


@pytest.fixture
async def app(stranger: Any) -> Any:
    """Return blinkpy after it has signed in with a code."""
    with pytest.raises(BlinkTwoFARequiredError):
        await stranger.start()
    assert await stranger.send_2fa_code("482915")
    return stranger


async def test_it_signs_in_with_a_code(blink: BlinkSimulator, app: Any) -> None:
    """All seven steps, and the homescreen after them."""
    assert app.available
    assert app.auth.token in blink.secrets
    assert app.auth.region_id == "e008"
    assert app.account_id == blink.settings.account_id
    assert app.client_id == str(blink.settings.client_id)
    assert [blink.counts[label] for label in ("authorize", "signin", "verify", "token")] == [
        2,
        1,
        1,
        1,
    ]


async def test_it_signs_in_without_a_code(blink: BlinkSimulator, stranger: Any) -> None:
    """Where the account has no second factor."""
    blink.settings.second_factor = SecondFactor.NONE

    assert await stranger.start()


async def test_it_understands_the_other_way_to_ask_for_a_code(
    blink: BlinkSimulator, stranger: Any
) -> None:
    """412 in place of 202."""
    blink.settings.second_factor = SecondFactor.STATUS_412

    with pytest.raises(BlinkTwoFARequiredError):
        await stranger.start()


async def test_it_is_refused_with_a_wrong_code(stranger: Any) -> None:
    """And may try again."""
    with pytest.raises(BlinkTwoFARequiredError):
        await stranger.start()

    assert not await stranger.send_2fa_code("000000")
    assert await stranger.send_2fa_code("482915")


async def test_it_is_refused_with_a_wrong_password(blink: BlinkSimulator, stranger: Any) -> None:
    """It cannot say why."""
    stranger.auth.data["password"] = "guess"

    assert not await stranger.start()
    assert blink.state()["wrong_passwords"] == 1


async def test_it_finds_the_home(app: Any) -> None:
    """Cameras of all families, and the mini on its own as a system of its own."""
    assert set(app.sync) == {"Home", "Hall"}
    assert {name: camera.camera_type for name, camera in app.cameras.items()} == {
        "Garden": "",
        "Driveway": "",
        "Yard light": "mini",
        "Front door": "doorbell",
        "Hall": "mini",
    }
    assert app.cameras["Garden"].attributes["temperature"] == 68
    assert app.cameras["Yard light"].product_type == "superior"
    assert app.sync["Home"].online


async def test_it_arms_the_home(blink: BlinkSimulator, app: Any) -> None:
    """It waits until the command is complete, and sees the home armed then."""
    home = app.sync["Home"]
    answer = await home.async_arm(value=True)

    assert answer["command"] == "arm"
    assert blink.counts["status"] == 4
    await app.refresh(force=True)
    assert home.arm is True
    await home.async_arm(value=False)
    await app.refresh(force=True)
    assert home.arm is False


@pytest.mark.parametrize("name", ["Garden", "Hall", "Front door"], ids=["camera", "mini", "door"])
async def test_it_takes_a_picture(app: Any, name: str) -> None:
    """With each family, by its own path."""
    camera = app.cameras[name]
    before = camera.thumbnail

    answer = await camera.snap_picture()

    assert answer["command"] == "thumbnail"
    await app.refresh(force=True)
    assert camera.thumbnail != before
    assert camera.image_from_cache


@pytest.mark.parametrize("name", ["Garden", "Hall", "Front door"], ids=["camera", "mini", "door"])
async def test_it_switches_motion_detection(blink: BlinkSimulator, app: Any, name: str) -> None:
    """With each family, by its own path and body."""
    [device] = [device for device in blink.world.devices.values() if device.name == name]

    await app.cameras[name].async_arm(value=False)
    blink.book.settle(blink.clock())
    assert device.enabled is False

    await app.cameras[name].async_arm(value=True)
    blink.book.settle(blink.clock())
    assert device.enabled is True


async def test_it_switches_the_floodlight_unless_the_home_is_busy(app: Any) -> None:
    """It knows busy by the code in the body."""
    yard = app.cameras["Yard light"]
    assert (await yard.async_set_floodlight(enable=True))["state"] == "new"

    assert await yard.async_set_floodlight(enable=False) is None


async def test_it_renews_its_tokens(blink: BlinkSimulator, app: Any) -> None:
    """In the middle of a run, by the body with the name in it."""
    old = app.auth.refresh_token
    blink.tokens.expire_access()
    app.auth.expiration_date = 0

    assert await app.refresh(force=True)

    assert app.auth.refresh_token != old
    assert blink.state()["refreshes"] == 1


async def test_it_starts_with_a_refresh_token(blink: BlinkSimulator, stranger: Any) -> None:
    """Without a password, and without its page."""
    stranger.auth.refresh_token = blink.issue_refresh_token()

    assert await stranger.start()
    assert blink.counts["signin"] == 0


async def test_it_is_told_when_its_refresh_token_is_revoked(
    blink: BlinkSimulator, app: Any
) -> None:
    """By 401 in the middle of a run."""
    blink.settings.revoked_status = 401
    blink.tokens.revoke_refresh()
    app.auth.expiration_date = 0

    with pytest.raises(UnauthorizedError):
        await app.refresh(force=True)


@pytest.mark.parametrize(
    ("script", "reported", "polls"),
    [
        ("success", True, 4),
        ("swift", True, 4),
        ("late", True, 91),
        ("failure", True, 4),
        ("failure_523", False, 4),
        ("running_with_another_code", False, 1),
        ("never", False, 120),
        ("forgotten", False, 120),
        ("never_known", False, 120),
        ("empty", True, 4),
        ("foreign", True, 4),
        ("html", False, 120),
        ("text", False, 120),
    ],
)
async def test_it_waits_for_a_command_as_it_always_did(
    blink: BlinkSimulator, app: Any, script: str, *, reported: bool, polls: int
) -> None:
    """It takes 908 for the sign of success, so that a failure with 908 is one, too."""
    blink.script(script)
    answer = await post(app, "/network/1234/camera/701/thumbnail")

    assert await api.wait_for_command(app, answer) is reported
    assert blink.counts["status"] == polls


@pytest.mark.parametrize("status", [429, 500])
async def test_it_takes_a_failed_poll_for_a_failed_command(
    blink: BlinkSimulator, app: Any, status: int
) -> None:
    """Where the answer is JSON without 908."""
    answer = await post(app, "/network/1234/camera/701/thumbnail")
    blink.faults.add("status", "status", status=status, body='{"message": "later"}')

    assert await api.wait_for_command(app, answer) is False
    assert blink.counts["status"] == 1


async def test_it_breaks_off_when_its_token_has_expired(blink: BlinkSimulator, app: Any) -> None:
    """A 401 in the middle of the wait goes up to whoever waits."""
    answer = await post(app, "/network/1234/camera/701/thumbnail")
    blink.tokens.expire_access()

    with pytest.raises(UnauthorizedError):
        await api.wait_for_command(app, answer)


@pytest.mark.parametrize("script", ["busy_200", "busy_409", "no_cameras", "motion_off"])
async def test_it_does_not_wait_for_what_was_refused(
    blink: BlinkSimulator, app: Any, script: str
) -> None:
    """There is no id to ask for."""
    blink.script(script)
    answer = await post(app, "/network/1234/camera/701/thumbnail")

    assert await api.wait_for_command(app, answer) is False
    assert blink.counts["status"] == 0


async def test_it_says_done(app: Any) -> None:
    """With code 902 for an answer."""
    answer = await post(app, "/network/1234/camera/701/thumbnail")

    done = await api.request_command_done(app, "1234", answer["id"])

    assert done["code"] == 902


async def post(app: Any, path: str) -> Any:
    """Send a command as blinkpy does, without its waiting."""
    return await api.http_post(app, app.urls.base_url + path)
