"""The life of WLTE's tokens: one at a time, renewed in time, shared, and never a secret twice."""

import asyncio
from collections.abc import Callable
import json
from typing import Any

import pytest

from custom_components.command_status.providers.base import Provider, Query
from custom_components.command_status.providers.errors import (
    ProviderAuthError,
    ProviderConnectionError,
    ProviderError,
    ProviderLaterError,
    ProviderPermissionError,
    ProviderRateLimitError,
)
from custom_components.command_status.providers.wlte.auth import RENEWAL
from custom_components.command_status.tracking import Command
from simulators.clock import ManualClock
from simulators.wlte import WlteSimulator
from tests.providers.following import asked_once


def answer(code: str, **data: Any) -> str:
    """Return an envelope."""
    return json.dumps({"code": code, "message": "as it is", "requestId": "req-1", "data": data})


def question(cloud: WlteSimulator) -> Query:
    """Return a query about a command that somebody has sent."""
    command = Command(
        tracking_id="ours",
        target="dev-7/1",
        target_name="Gate relay 1",
        command="ON",
        command_id=cloud.issue("dev-7", {1: "ON"}, after=None).command_id,
        created_at=1000.0,
        deadline=1060.0,
    )
    return Query(commands=(command,))


async def test_a_token_serves_many_requests(provider: Provider, cloud: WlteSimulator) -> None:
    """It lives for an hour."""
    await provider.targets()
    await provider.targets()
    assert cloud.counts["token"] == 1


async def test_the_token_goes_where_it_belongs(provider: Provider, cloud: WlteSimulator) -> None:
    """The token call itself is the one without a token."""
    await provider.targets()
    token_call, list_call = cloud.log.requests
    assert "Authorization" not in token_call.headers
    assert list_call.headers["Authorization"].startswith("Bearer ey")
    assert list_call.headers["Accept"] == "application/json"


@pytest.mark.parametrize(
    ("lifetime", "renewed_after"),
    [
        pytest.param(3600.0, 3540.0, id="a minute before the end"),
        pytest.param(100.0, 80.0, id="a fifth of a short life before its end"),
    ],
)
async def test_a_token_is_renewed_before_it_ends(
    provider: Provider,
    cloud: WlteSimulator,
    clock: ManualClock,
    lifetime: float,
    renewed_after: float,
) -> None:
    """No request is refused for a token that could have been renewed in time."""
    cloud.settings.token_lifetime = lifetime
    await provider.targets()
    clock.advance(renewed_after - 1)
    await provider.targets()
    assert cloud.counts["token"] == 1
    clock.advance(1)
    await provider.targets()
    assert cloud.counts["token"] == 2
    assert {request.status for request in cloud.log.requests} == {200}


@pytest.mark.parametrize(
    ("expires_in", "renewed_after"),
    [
        pytest.param(None, 3540.0, id="not told"),
        pytest.param("soon", 3540.0, id="no number"),
        pytest.param(-1, 3540.0, id="over before it began"),
        pytest.param(1e-9, 8.0, id="hardly begun"),
        pytest.param(10**400, 86340.0, id="for ever"),
    ],
)
async def test_an_odd_life_time_is_no_reason_to_ask_all_the_time(
    provider: Provider,
    cloud: WlteSimulator,
    clock: ManualClock,
    expires_in: object,
    renewed_after: float,
) -> None:
    """What the server thinks of the token shows when it is used."""
    body = answer("SUCCESS", accessToken="odd", expiresIn=expires_in)
    cloud.faults.add("status", "token", status=200, body=body, times=None)
    devices = answer("SUCCESS", devices=[], pagination={"hasNext": False})
    cloud.faults.add("status", "devices", status=200, body=devices, times=None)
    await provider.targets()
    clock.advance(renewed_after - 1)
    await provider.targets()
    assert cloud.counts["token"] == 1
    clock.advance(1)
    await provider.targets()
    assert cloud.counts["token"] == 2


@pytest.mark.parametrize("token", [None, "", 7, "two words", "line\nbreak", "umläut"])
async def test_what_cannot_be_a_token_is_none(
    provider: Provider, cloud: WlteSimulator, token: object
) -> None:
    """Nothing was sent with it, so nothing can have been taken."""
    body = answer("SUCCESS", accessToken=token, expiresIn=3600)
    cloud.faults.add("status", "token", status=200, body=body)
    with pytest.raises(ProviderConnectionError):
        await provider.targets()
    assert cloud.counts["devices"] == 0
    assert await provider.targets()


@pytest.mark.parametrize("code", ["AUTH_EXPIRED", "AUTH_REQUIRED"])
async def test_a_token_that_ended_early_is_renewed_unnoticed(
    provider: Provider, cloud: WlteSimulator, code: str
) -> None:
    """It says nothing against the credentials."""
    await provider.targets()
    cloud.faults.add("status", "devices", status=401, body=answer(code))
    assert await provider.targets()
    assert cloud.counts["token"] == 2


async def test_a_token_that_was_withdrawn_is_renewed_once(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """The server may have forgotten its tokens; the secret is still good."""
    await provider.targets()
    cloud.revoke_tokens()
    assert await provider.targets()
    assert cloud.counts["token"] == 2


async def test_a_fresh_token_that_is_refused_is_not_replaced(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """Another one would not be better."""
    cloud.faults.add("status", "devices", status=401, body=answer("AUTH_INVALID"), times=None)
    with pytest.raises(ProviderAuthError) as raised:
        await provider.targets()
    assert raised.value.code == "AUTH_INVALID"
    assert cloud.counts == {"token": 1, "devices": 1}


async def test_a_request_is_repeated_once_at_most(provider: Provider, cloud: WlteSimulator) -> None:
    """A server that refuses every token is not asked for a third."""
    await provider.targets()
    cloud.log.clear()
    cloud.faults.add("status", "devices", status=401, body=answer("AUTH_INVALID"), times=None)
    with pytest.raises(ProviderAuthError):
        await provider.targets()
    assert cloud.counts == {"token": 1, "devices": 2}


async def test_tokens_that_expire_at_once_do_not_blame_the_credentials(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """The server gave a token for them a moment ago; a new sign-in would not help."""
    cloud.settings.token_lifetime = 0.0
    with pytest.raises(ProviderLaterError) as raised:
        await provider.targets()
    assert raised.value.code == "AUTH_EXPIRED"
    assert cloud.counts == {"token": 2, "devices": 2}


async def test_a_question_without_a_token_asks_for_one(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """By the time it is there, others may have waited for it: each is asked in its own turn."""
    query = question(cloud)
    answer = await provider.check(query)
    assert not answer.news
    assert answer.rest
    assert answer.rest.commands == query.commands
    assert cloud.counts == {"token": 1}
    answer = await provider.check(answer.rest)
    assert (set(answer.news), answer.rest) == ({"ours"}, None)
    assert cloud.counts == {"token": 1, "status": 1}


@pytest.mark.parametrize("end", [WlteSimulator.expire_tokens, WlteSimulator.revoke_tokens])
async def test_a_question_that_is_refused_is_asked_again_in_its_turn(
    provider: Provider, cloud: WlteSimulator, end: Callable[[WlteSimulator], None]
) -> None:
    """There is a new token by then; all who were refused at the same moment share it."""
    await provider.targets()
    end(cloud)
    cloud.log.clear()
    query = question(cloud)
    answers = await asyncio.gather(*(provider.check(query) for _ in range(4)))
    assert cloud.counts == {"status": 4, "token": 1}
    for answer in answers:
        assert not answer.news
        assert answer.rest
        again = await provider.check(answer.rest)
        assert (set(again.news), again.rest) == ({"ours"}, None)
    assert cloud.counts == {"status": 8, "token": 1}


@pytest.mark.parametrize(
    ("code", "kind"),
    [("AUTH_INVALID", ProviderAuthError), ("AUTH_EXPIRED", ProviderLaterError)],
)
async def test_a_question_that_is_refused_with_a_new_token_is_the_last(
    provider: Provider, cloud: WlteSimulator, code: str, kind: type[ProviderError]
) -> None:
    """Another token would not be better."""
    cloud.faults.add("status", "status", status=401, body=answer(code), times=None)
    with pytest.raises(kind) as raised:
        await asked_once(provider, question(cloud).commands[0])
    assert raised.value.code == code
    assert cloud.counts == {"status": 1, "token": 1}


async def test_a_secret_that_is_refused_is_not_tried_again(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """Passwords are never retried; a new sign-in makes a new provider."""
    cloud.set_client(enabled=False)
    for _ in range(3):
        with pytest.raises(ProviderAuthError) as raised:
            await provider.targets()
        assert raised.value.code == "AUTH_INVALID"
    assert cloud.counts == {"token": 1}


async def test_a_secret_of_a_wrong_form_is_not_tried_again_either(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """400 on the token call: there is nothing else in it that could be invalid."""
    cloud.faults.add("status", "token", status=400)
    for _ in range(2):
        with pytest.raises(ProviderAuthError):
            await provider.targets()
    assert cloud.counts == {"token": 1}


@pytest.mark.parametrize("status", [500, 503, 504, 404])
async def test_without_a_token_nothing_was_sent(
    provider: Provider, cloud: WlteSimulator, status: int
) -> None:
    """So a command that waits for one certainly was not taken, and the next try may succeed."""
    cloud.faults.add("html", "token", status=status)
    with pytest.raises(ProviderConnectionError):
        await provider.targets()
    assert await provider.targets()


async def test_a_limit_on_tokens_is_told_with_its_pause(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """The limit is not documented, but 429 is."""
    cloud.faults.add("status", "token", status=429, headers={"Retry-After": "17"})
    with pytest.raises(ProviderRateLimitError) as raised:
        await provider.targets()
    assert raised.value.retry_after == 17


async def test_a_token_that_is_not_allowed_is_a_missing_permission(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """403 is not documented for this call, and is not about the secret."""
    cloud.faults.add("status", "token", status=403)
    with pytest.raises(ProviderPermissionError):
        await provider.targets()
    assert await provider.targets()


async def test_parallel_callers_share_one_renewal(provider: Provider, cloud: WlteSimulator) -> None:
    """The limit of the token call is not known, so it is called as rarely as can be."""
    await asyncio.gather(*(provider.targets() for _ in range(10)))
    assert cloud.counts["token"] == 1


async def test_parallel_refusals_lead_to_one_renewal(
    provider: Provider, cloud: WlteSimulator
) -> None:
    """The first who is refused renews for all; whoever is refused later finds the new token."""
    await provider.targets()
    cloud.revoke_tokens()
    await asyncio.gather(*(provider.targets() for _ in range(10)))
    assert cloud.counts["token"] == 2


async def test_parallel_callers_share_one_refusal(provider: Provider, cloud: WlteSimulator) -> None:
    """All of them learn it, and the secret is tried once."""
    cloud.set_client(enabled=False)
    outcomes = await asyncio.gather(*(provider.targets() for _ in range(5)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {ProviderAuthError}
    assert cloud.counts == {"token": 1}


async def test_a_caller_who_leaves_does_not_end_the_renewal_of_others(
    provider: Provider, cloud: WlteSimulator, clock: ManualClock
) -> None:
    """A script may be stopped at any moment."""
    cloud.faults.add("delay", "token", delay=1)
    leaving = asyncio.create_task(provider.targets())
    staying = asyncio.create_task(provider.targets())
    await clock.until_asleep()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    clock.advance(1)
    assert await staying
    assert cloud.counts["token"] == 1


async def test_a_renewal_that_nobody_waits_for_is_carried_through(
    provider: Provider, cloud: WlteSimulator, clock: ManualClock
) -> None:
    """It serves who comes later; an account that is closed waits for it, so nothing runs on."""
    cloud.faults.add("delay", "token", delay=1)
    alone = asyncio.create_task(provider.targets())
    await clock.until_asleep()
    (renewal,) = (task for task in asyncio.all_tasks() if task.get_name() == RENEWAL)
    alone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await alone
    closing = asyncio.create_task(provider.close())
    await clock.until_asleep()
    assert not closing.done()
    clock.advance(1)
    await closing
    assert renewal.done()
    assert await provider.targets()
    assert cloud.counts["token"] == 1
