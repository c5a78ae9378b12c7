"""The tokens of a Blink account: good for every call, renewed once, never lost."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
import gc
import json
import logging
from typing import Any

from aiohttp import ClientSession
import pytest

from custom_components.command_status.providers.base import Provider, Query, Sessions
from custom_components.command_status.providers.blink.auth import RENEWAL
from custom_components.command_status.providers.errors import (
    ProviderAuthError,
    ProviderBlockedError,
    ProviderConnectionError,
    ProviderError,
    ProviderOutdatedError,
    ProviderRateLimitError,
)
from custom_components.command_status.providers.guard import Guarded
from simulators.blink import BlinkSimulator
from simulators.clock import ManualClock

from .blink_account import Disk, command_for, connected, credentials_for
from .following import asked_once


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncGenerator[BlinkSimulator]:
    """Return a Blink cloud that listens."""
    async with BlinkSimulator(clock=clock, sleep=clock.sleep) as simulator:
        yield simulator


@pytest.fixture
async def session() -> AsyncGenerator[ClientSession]:
    """Return the session that everybody shares."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
def disk() -> Disk:
    """Return where credentials are kept."""
    return Disk()


@pytest.fixture
def provider(
    cloud: BlinkSimulator, session: ClientSession, clock: ManualClock, disk: Disk
) -> Provider:
    """Return a provider that has asked nothing yet."""
    return connected(session, credentials_for(cloud), clock, disk.keep)


def question(command_id: str) -> Query:
    """Return a query about a command that somebody has sent."""
    command = command_for("network/1234", "arm", tracking_id=command_id, command_id=command_id)
    return Query(commands=(command,))


async def under_way(
    provider: Provider, clock: ManualClock
) -> tuple[asyncio.Task[Any], asyncio.Task[str]]:
    """Return a call, and the renewal that it waits for, which a fault delays."""
    call = asyncio.create_task(provider.targets())
    await clock.until_asleep()
    (renewal,) = (task for task in asyncio.all_tasks() if task.get_name() == RENEWAL)
    return call, renewal


def test_connecting_makes_no_request(cloud: BlinkSimulator, provider: Provider) -> None:
    """An account loads from its own records, whether Blink can be reached or not."""
    assert isinstance(provider, Guarded)
    assert not cloud.counts


async def test_many_calls_without_a_token_cause_one_renewal(
    cloud: BlinkSimulator, provider: Provider
) -> None:
    """Each renewal may end the life of the refresh token that the others are about to use."""
    await asyncio.gather(*(provider.targets() for _ in range(20)))
    assert cloud.counts["token"] == 1
    assert cloud.counts["homescreen"] == 20


async def test_many_calls_with_an_expired_token_cause_one_renewal(
    cloud: BlinkSimulator, provider: Provider
) -> None:
    """Whoever is refused with the old token goes on with the new one."""
    await provider.targets()
    cloud.tokens.expire_access()
    await asyncio.gather(*(provider.targets() for _ in range(20)))
    assert cloud.counts["token"] == 2


@pytest.mark.parametrize(
    ("age", "renewals"),
    [
        pytest.param(14_400 - 61, 1, id="before the last minute"),
        pytest.param(14_400 - 59, 2, id="in the last minute"),
    ],
)
async def test_a_token_is_renewed_before_it_ends(
    cloud: BlinkSimulator, provider: Provider, clock: ManualClock, age: float, renewals: int
) -> None:
    """A command must not be delayed by a refusal that could be foreseen."""
    await provider.targets()
    clock.advance(age)
    await provider.targets()
    assert cloud.counts["token"] == renewals
    assert not [request for request in cloud.log.requests if request.status == 401]


async def test_a_short_lived_token_is_used_for_half_its_life(
    cloud: BlinkSimulator, provider: Provider, clock: ManualClock
) -> None:
    """A token that lives less than the margin would otherwise be renewed with every call."""
    cloud.settings.token_lifetime = 40
    await provider.targets()
    clock.advance(19)
    await provider.targets()
    assert cloud.counts["token"] == 1
    clock.advance(2)
    await provider.targets()
    assert cloud.counts["token"] == 2


async def test_a_new_refresh_token_is_on_disk_before_the_access_token_is_used(
    cloud: BlinkSimulator, session: ClientSession, clock: ManualClock
) -> None:
    """After a crash between the two, the refresh token on disk might be a dead one."""
    on_disk = asyncio.Event()
    asked: list[Mapping[str, str]] = []

    async def keep(credentials: Mapping[str, str]) -> None:
        asked.append(credentials)
        await on_disk.wait()

    before = credentials_for(cloud)
    provider = connected(session, before, clock, keep)
    call = asyncio.create_task(provider.targets())
    await cloud.log.until(1, "token")
    await asyncio.wait({call}, timeout=0.1)
    assert cloud.counts["homescreen"] == 0
    on_disk.set()
    await call
    assert [credentials.keys() for credentials in asked] == [before.keys()]
    assert asked[0]["refresh_token"] != before["refresh_token"]
    assert {**asked[0], "refresh_token": ""} == {**before, "refresh_token": ""}


async def test_the_newest_refresh_token_is_the_one_that_is_used(
    cloud: BlinkSimulator, provider: Provider, disk: Disk
) -> None:
    """The simulator lets the old one die as soon as the new one is used."""
    for _ in range(3):
        await provider.targets()
        cloud.tokens.expire_access()
    sent = [request.body.decode() for request in cloud.log.select("token")]
    assert f"refresh_token={disk.kept[0]['refresh_token']}" in sent[1]
    assert f"refresh_token={disk.kept[1]['refresh_token']}" in sent[2]


async def test_a_renewal_outlives_the_caller_who_began_it(
    cloud: BlinkSimulator, provider: Provider, clock: ManualClock, disk: Disk
) -> None:
    """Others wait for the same renewal, and what it brings exists only once."""
    cloud.faults.add("delay", "token", delay=5)
    first, second = (asyncio.create_task(provider.targets()) for _ in range(2))
    await clock.until_asleep()
    first.cancel()
    await asyncio.wait({first})
    clock.advance(5)
    assert await second
    assert first.cancelled()
    assert cloud.counts["token"] == 1
    assert len(disk.kept) == 1


async def test_a_renewal_outlives_all_its_callers(
    cloud: BlinkSimulator, provider: Provider, clock: ManualClock, disk: Disk
) -> None:
    """Blink has handed out the new refresh token by then, so it must reach the disk."""
    cloud.faults.add("delay", "token", delay=5)
    call = asyncio.create_task(provider.targets())
    await clock.until_asleep()
    call.cancel()
    await asyncio.wait({call})
    clock.advance(5)
    assert await provider.targets()
    assert cloud.counts["token"] == 1
    assert len(disk.kept) == 1


async def test_closing_waits_for_a_renewal(
    cloud: BlinkSimulator, provider: Provider, clock: ManualClock, disk: Disk
) -> None:
    """The old refresh token may be good for nothing by then: whoever comes next needs the new."""
    cloud.faults.add("delay", "token", delay=5)
    call = asyncio.create_task(provider.targets())
    await clock.until_asleep()
    call.cancel()
    closing = asyncio.create_task(provider.close())
    await asyncio.wait({call})
    assert not closing.done()
    clock.advance(5)
    await closing
    assert len(disk.kept) == 1


async def test_closing_waits_for_nothing_else(provider: Provider, disk: Disk) -> None:
    """Nothing is renewed for it."""
    await provider.close()
    assert disk.kept == []


@pytest.mark.parametrize("status", [400, 401])
async def test_a_refused_renewal_is_remembered(
    cloud: BlinkSimulator, provider: Provider, status: int
) -> None:
    """Only the user can help, and Blink locks accounts that go on asking."""
    cloud.settings.revoked_status = status
    cloud.tokens.revoke_refresh()
    for _ in range(3):
        with pytest.raises(ProviderAuthError):
            await provider.targets()
    assert cloud.counts == {"token": 1}


async def test_a_refusal_stops_calls_that_a_good_token_would_allow(
    cloud: BlinkSimulator, provider: Provider
) -> None:
    """A token that was refused once is not tried again, whatever its age."""
    await provider.targets()
    cloud.tokens.expire_access()
    cloud.tokens.revoke_refresh()
    with pytest.raises(ProviderAuthError):
        await provider.targets()
    asked = cloud.counts.copy()
    with pytest.raises(ProviderAuthError):
        await provider.targets()
    assert cloud.counts == asked


TEMPORARY: Mapping[str, tuple[dict[str, Any], type[ProviderError]]] = {
    "server error": ({"kind": "status", "status": 503}, ProviderConnectionError),
    "connection broken": ({"kind": "reset"}, ProviderConnectionError),
    "not JSON": ({"kind": "html"}, ProviderConnectionError),
    "too many": ({"kind": "status", "status": 429}, ProviderRateLimitError),
    "blocked": ({"kind": "status", "status": 406}, ProviderBlockedError),
    "app too old": ({"kind": "status", "status": 426}, ProviderOutdatedError),
    "unknown client": (
        {"kind": "status", "status": 401, "body": '{"error": "invalid_client"}'},
        ProviderOutdatedError,
    ),
    "another refusal": (
        {"kind": "status", "status": 400, "body": '{"error": "invalid_request"}'},
        ProviderConnectionError,
    ),
    "a refusal with another status": (
        {"kind": "status", "status": 403, "body": '{"error": "invalid_grant"}'},
        ProviderConnectionError,
    ),
    "a page with 403": ({"kind": "html", "status": 403}, ProviderConnectionError),
    "no token": ({"kind": "status", "status": 200, "body": "{}"}, ProviderConnectionError),
    "a token that no header can carry": (
        {"kind": "status", "status": 200, "body": json.dumps({"access_token": "a\nb"})},
        ProviderConnectionError,
    ),
}


@pytest.mark.parametrize(
    ("fault", "error"), [pytest.param(*case, id=name) for name, case in TEMPORARY.items()]
)
async def test_any_other_failure_of_a_renewal_is_temporary(
    cloud: BlinkSimulator, provider: Provider, fault: dict[str, Any], error: type[ProviderError]
) -> None:
    """Nothing was sent, and nobody has to sign in again because Blink had a bad day."""
    cloud.faults.add(label="token", **fault)
    with pytest.raises(error):
        await provider.targets()
    assert await provider.targets()


async def test_a_failed_renewal_that_nobody_waited_for_is_no_unhandled_error(
    cloud: BlinkSimulator, provider: Provider, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    """The next call simply tries again."""
    cloud.faults.add("reset", "token", delay=5)
    call, renewal = await under_way(provider, clock)
    call.cancel()
    clock.advance(5)
    await asyncio.wait({call, renewal})
    del renewal
    assert await provider.targets()
    gc.collect()  # That is when Python would complain.
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_renewal_that_was_stopped_makes_room_for_the_next(
    cloud: BlinkSimulator, provider: Provider, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever stops all tasks, as at a shutdown, leaves no error behind."""
    cloud.faults.add("delay", "token", delay=5)
    call, renewal = await under_way(provider, clock)
    renewal.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await provider.targets()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_an_answer_without_a_refresh_token_changes_nothing_on_disk(
    cloud: BlinkSimulator, provider: Provider, disk: Disk
) -> None:
    """The old one goes on then, as OAuth has it (RFC 6749, section 6)."""
    access = cloud.tokens.issue(14_400).access
    body = json.dumps({"access_token": access})
    cloud.faults.add("status", "token", status=200, body=body)
    assert await provider.targets()
    assert not disk.kept


async def test_a_token_of_unknown_life_is_believed_to_live_four_hours(
    cloud: BlinkSimulator, provider: Provider, clock: ManualClock
) -> None:
    """That is what they have always lived."""
    body = json.dumps({"access_token": cloud.tokens.issue(90_000).access})
    cloud.faults.add("status", "token", status=200, body=body)
    await provider.targets()
    clock.advance(14_400 - 61)
    await provider.targets()
    assert cloud.counts["token"] == 1


@pytest.mark.parametrize("failure", [OSError, RuntimeError])
async def test_what_the_disk_refused_is_kept_by_the_next_call(
    cloud: BlinkSimulator, session: ClientSession, clock: ManualClock, failure: type[Exception]
) -> None:
    """Until it is on disk nothing is sent, and no further refresh token is asked for."""
    kept: list[Mapping[str, str]] = []
    full = [failure("No space left on device")]

    async def keep(credentials: Mapping[str, str]) -> None:
        kept.append(credentials)
        for error in full:
            raise error

    provider = connected(session, credentials_for(cloud), clock, keep)
    with pytest.raises(ProviderConnectionError):
        await provider.targets()
    assert cloud.counts == {"token": 1}
    full.clear()
    assert await provider.targets()
    assert cloud.counts["token"] == 1
    assert kept[0] == kept[1]


async def test_an_expired_token_is_not_noticed_by_the_caller(
    cloud: BlinkSimulator, provider: Provider
) -> None:
    """One renewal and one repeat, and the answer is there."""
    await provider.targets()
    cloud.tokens.expire_access()
    assert await provider.targets()
    assert [request.label for request in cloud.log.requests] == [
        *("token", "homescreen"),
        *("homescreen", "token", "homescreen"),
    ]


async def test_a_call_that_is_refused_with_a_new_token_is_not_repeated_again(
    cloud: BlinkSimulator, provider: Provider
) -> None:
    """The token is good, so another one would not help."""
    cloud.faults.add("status", "homescreen", status=401, times=None)
    with pytest.raises(ProviderAuthError):
        await provider.targets()
    assert cloud.counts == {"homescreen": 2, "token": 2}


async def test_a_question_without_a_token_asks_for_one(
    cloud: BlinkSimulator, provider: Provider
) -> None:
    """By the time it is there, others may have waited for it: each is asked in its own turn."""
    number = str(cloud.issue("arm", 1234))
    query = question(number)
    answer = await provider.check(query)
    assert (dict(answer.news), answer.rest) == ({}, query)
    assert cloud.counts == {"token": 1}
    answer = await provider.check(query)
    assert (set(answer.news), answer.rest) == ({number}, None)
    assert cloud.counts == {"token": 1, "status": 1}


async def test_a_question_that_is_refused_is_asked_again_in_its_turn(
    cloud: BlinkSimulator, provider: Provider
) -> None:
    """There is a new token by then; all who were refused at the same moment share it."""
    number = str(cloud.issue("arm", 1234))
    await provider.targets()
    cloud.tokens.expire_access()
    cloud.log.clear()
    answers = await asyncio.gather(*(provider.check(question(number)) for _ in range(4)))
    assert cloud.counts == {"status": 4, "token": 1}
    for answer in answers:
        assert not answer.news
        assert answer.rest
        again = await provider.check(answer.rest)
        assert (set(again.news), again.rest) == ({number}, None)
    assert cloud.counts == {"status": 8, "token": 1}


async def test_a_question_that_is_refused_with_a_new_token_is_the_last(
    cloud: BlinkSimulator, provider: Provider
) -> None:
    """The token is good, so another one would not help."""
    cloud.faults.add("status", "status", status=401, times=None)
    with pytest.raises(ProviderAuthError):
        await asked_once(provider, question("7").commands[0])
    assert cloud.counts == {"status": 2, "token": 2}


@pytest.mark.parametrize(
    ("expires_in", "renewed_after"),
    [
        pytest.param(None, 14_340, id="not told"),
        pytest.param("soon", 14_340, id="no number"),
        pytest.param(-1, 14_340, id="over before it began"),
        pytest.param(1e-9, 5, id="hardly begun"),
        pytest.param(10**400, 86_340, id="for ever"),
    ],
)
async def test_an_odd_life_time_is_no_reason_to_renew_all_the_time(
    cloud: BlinkSimulator,
    provider: Provider,
    clock: ManualClock,
    expires_in: object,
    renewed_after: float,
) -> None:
    """Nor never."""
    body = json.dumps({"access_token": "odd", "expires_in": expires_in})
    cloud.faults.add("status", "token", status=200, body=body, times=None)
    cloud.faults.add("status", "homescreen", status=200, body='{"networks": []}', times=None)
    await provider.targets()
    clock.advance(renewed_after - 1)
    await provider.targets()
    assert cloud.counts["token"] == 1
    clock.advance(1)
    await provider.targets()
    assert cloud.counts["token"] == 2


async def test_access_that_has_ended_is_a_matter_of_credentials(
    cloud: BlinkSimulator, session: ClientSession, clock: ManualClock, disk: Disk
) -> None:
    """403 is what Blink says where somebody else's account is shared no longer."""
    provider = connected(session, credentials_for(cloud, account_id="5"), clock, disk.keep)
    with pytest.raises(ProviderAuthError) as caught:
        await provider.targets()
    assert caught.value.code == "403"
    assert cloud.counts["token"] == 1


async def test_every_call_names_its_client_and_goes_to_one_host(
    cloud: BlinkSimulator, provider: Provider
) -> None:
    """Home Assistant's own User-Agent was blocked once (blinkpy#848)."""
    await provider.targets()
    token, homescreen = cloud.log.requests
    assert token.headers["User-Agent"].startswith("Blink/")
    assert homescreen.headers["User-Agent"] == "27.0ANDROID_28373244"
    assert homescreen.headers["Authorization"].startswith("Bearer ")
    assert "Authorization" not in token.headers


@pytest.mark.parametrize("odd", [None, "", 7, True, ["r"], {"a": 1}, "two words", "half \ud83d"])
async def test_a_refresh_token_that_is_none_replaces_no_good_one(
    cloud: BlinkSimulator, sessions: Sessions, clock: ManualClock, odd: object
) -> None:
    """What is stored must serve at the next start."""
    credentials = credentials_for(cloud)
    disk = Disk()
    provider = connected(sessions.shared, credentials, clock, disk.keep)
    access = cloud.tokens.issue(100).access
    body = json.dumps({"access_token": access, "refresh_token": odd, "expires_in": 100})
    cloud.faults.add("status", "token", status=200, body=body)
    assert await provider.targets()
    assert disk.kept == []
    clock.advance(200)
    assert await provider.targets()
    assert credentials["refresh_token"].encode() in cloud.log.select("token")[-1].body


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_nobody_else_refuses_a_refresh_token(
    cloud: BlinkSimulator, provider: Provider, status: int
) -> None:
    """A page, or a sentence where Blink has a word."""
    cloud.faults.add("html", "token", status=status)
    cloud.faults.add("status", "token", status=status, body='{"error": "Access denied"}')
    cloud.faults.add("status", "token", status=403, body='{"error": "forbidden"}')
    for _ in range(3):
        with pytest.raises(ProviderConnectionError):
            await provider.targets()
    assert await provider.targets()
