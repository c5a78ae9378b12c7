"""Sign-ins: what every request carries, and where tokens come from."""

import asyncio
from collections.abc import Mapping
import json
from typing import Any

import pytest

from custom_components.command_status.providers.errors import (
    ProviderAuthError,
    ProviderConnectionError,
    ProviderPermissionError,
    ProviderRateLimitError,
)
from custom_components.command_status.providers.rest.addresses import AddressError
from custom_components.command_status.tracking import Observation
from simulators.clock import ManualClock
from simulators.faults import FaultKind
from simulators.rest import PASSWORD, TOKEN, USERNAME, RestSimulator

from ..following import asked_once
from .conftest import Connected
from .test_provider import sent

LOGIN: Mapping[str, Any] = {
    "type": "login",
    "request": {
        "method": "POST",
        "path": "/login",
        "json": {"username": "${account.username}", "password": "${secret.password}"},
    },
    "token": "token",
}
OAUTH: Mapping[str, Any] = {
    "type": "oauth2_client_credentials",
    "token_url": "${account.base_url}/oauth/token",
    "scope": "jobs",
    "audience": "machines",
}
REFRESH: Mapping[str, Any] = {"type": "oauth2_refresh_token"}
WITH_PASSWORD = {"username": USERNAME, "password": PASSWORD}
CLIENT = {"client_id": USERNAME, "client_secret": PASSWORD}


@pytest.mark.parametrize(
    ("auth", "credentials"),
    [
        ({"type": "bearer"}, {}),
        ({"type": "basic"}, WITH_PASSWORD),
        ({"type": "header", "value": "Token ${secret.api_key}"}, {"api_key": TOKEN}),
        ({"type": "header", "name": "X-API-Key"}, {"api_key": TOKEN}),
        ({"type": "query"}, {"api_key": TOKEN}),
        ({"type": "query", "name": "api_key", "value": "${secret.api_key}"}, {"api_key": TOKEN}),
        ({"type": "none", "headers": {"X-API-Key": "${secret.key}"}}, {"key": TOKEN}),
        (LOGIN, WITH_PASSWORD),
        ({**LOGIN, "query": "api_key"}, WITH_PASSWORD),
        ({**LOGIN, "header": "X-API-Key"}, WITH_PASSWORD),
        ({**LOGIN, "header": "Authorization", "prefix": "Token "}, WITH_PASSWORD),
        (OAUTH, CLIENT),
        ({**OAUTH, "in": "basic"}, CLIENT),
        (REFRESH, {**CLIENT, "refresh_token": "jobs-refresh-0", "token_url": "oauth"}),
    ],
    ids=lambda value: value.get("type", ""),
)
async def test_every_kind_of_sign_in_is_let_in(
    connected: Connected,
    cloud: RestSimulator,
    auth: Mapping[str, Any],
    credentials: Mapping[str, str],
) -> None:
    """As the service wants it."""
    if "token_url" in credentials:
        credentials = {**credentials, "token_url": f"{cloud.url}/oauth/token"}
    changes: dict[str, Any] = {"auth": auth}
    if auth["type"] == "none":
        changes["account"] = [{"name": "key", "type": "secret"}]
    assert len(await connected(changes, **credentials).targets()) == 3


async def test_nothing_is_sent_where_nothing_is_needed(
    connected: Connected, cloud: RestSimulator
) -> None:
    """The secret of aria2 stands in its bodies."""
    with pytest.raises(ProviderAuthError):
        await connected({"auth": {"type": "none"}}).targets()
    assert "Authorization" not in cloud.log.requests[0].headers


class TestTokens:
    """Tokens that are asked for."""

    async def test_one_serves_many_requests(
        self, connected: Connected, cloud: RestSimulator
    ) -> None:
        """Also those that come at once."""
        provider = connected({"auth": LOGIN}, **WITH_PASSWORD)
        await asyncio.gather(*(provider.targets() for _ in range(5)))
        assert cloud.counts["login"] == 1

    @pytest.mark.parametrize(
        ("auth", "label", "credentials"),
        [({**LOGIN, "lifetime": 3600}, "login", WITH_PASSWORD), (OAUTH, "oauth", CLIENT)],
    )
    async def test_it_is_renewed_before_its_end(
        self,
        connected: Connected,
        cloud: RestSimulator,
        clock: ManualClock,
        auth: Mapping[str, Any],
        label: str,
        credentials: Mapping[str, str],
    ) -> None:
        """A minute before, and not earlier."""
        provider = connected({"auth": auth}, **credentials)
        for moment, count in [(0, 1), (3539, 1), (1, 2)]:
            clock.advance(moment)
            await provider.targets()
            assert cloud.counts[label] == count

    @pytest.mark.parametrize("status", [401, 403])
    async def test_an_old_one_is_renewed_once(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock, status: int
    ) -> None:
        """Airflow answers 403 to an old token."""
        cloud.settings.stale_status = status
        auth = {**LOGIN, "expired": [401, 403]}
        provider = connected({"auth": auth}, **WITH_PASSWORD)
        command = await sent(provider, clock)
        cloud.expire_tokens()
        await provider.targets()
        assert cloud.counts["login"] == 2
        cloud.expire_tokens()
        assert isinstance(await asked_once(provider, command), Observation)
        assert cloud.counts["login"] == 3

    async def test_a_second_refusal_is_believed(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """It is no matter of the token then."""
        auth = {**LOGIN, "expired": [401, 403]}
        provider = connected({"auth": auth}, **WITH_PASSWORD)
        command = await sent(provider, clock)
        cloud.faults.add(FaultKind.STATUS, "status", status=403, times=2)
        with pytest.raises(ProviderPermissionError):
            await asked_once(provider, command)

    async def test_a_token_is_asked_for_in_its_turn(
        self, connected: Connected, cloud: RestSimulator, clock: ManualClock
    ) -> None:
        """Asking for one is a request of its own, and is counted above."""
        provider = connected({"auth": LOGIN}, **WITH_PASSWORD)
        command = await sent(provider, clock)
        clock.advance(3600)
        (query,) = provider.queries([command])
        before = cloud.counts.total()
        answer = await provider.check(query)
        assert (answer.news, cloud.counts.total()) == ({}, before + 1)
        assert answer.rest is not None
        assert (await provider.check(answer.rest)).news

    async def test_so_it_is_for_a_batch(self, connected: Connected, clock: ManualClock) -> None:
        """Its rest is the same batch."""
        batch = {
            "request": {"path": "/api/jobs", "query": {"ids": "${ids}"}},
            "items": "jobs",
            "id": "job.id",
        }
        provider = connected({"auth": LOGIN, "ask/batch": batch}, **WITH_PASSWORD)
        commands = [await sent(provider, clock), await sent(provider, clock)]
        clock.advance(3600)
        (query,) = provider.queries(commands)
        answer = await provider.check(query)
        assert answer.rest is not None
        assert answer.rest.commands == query.commands

    async def test_a_wrong_password_is_never_tried_again(
        self, connected: Connected, cloud: RestSimulator
    ) -> None:
        """Accounts are locked for less."""
        provider = connected({"auth": LOGIN}, username=USERNAME, password="wrong")
        for _ in range(3):
            with pytest.raises(ProviderAuthError):
                await provider.targets()
        assert cloud.counts["login"] == 1

    @pytest.mark.parametrize(
        ("status", "body", "error"),
        [
            (200, {"session": "x"}, ProviderAuthError),
            (200, {"token": "a\nb"}, ProviderAuthError),
            (200, "<html>", ProviderConnectionError),
            (404, {"error": "x"}, ProviderConnectionError),
            (500, "", ProviderConnectionError),
            (302, "", ProviderConnectionError),
            (429, "", ProviderRateLimitError),
        ],
    )
    async def test_without_a_token_nothing_is_sent(
        self,
        connected: Connected,
        cloud: RestSimulator,
        status: int,
        body: Any,
        error: type[Exception],
    ) -> None:
        """What it was wanted for was certainly not taken."""
        text = body if isinstance(body, str) else json.dumps(body)
        cloud.faults.add(FaultKind.STATUS, "login", status=status, body=text)
        with pytest.raises(error):
            await connected({"auth": LOGIN}, **WITH_PASSWORD).targets()
        assert cloud.counts["machines"] == 0

    async def test_a_new_refresh_token_is_stored_at_once(
        self, connected: Connected, cloud: RestSimulator, stored: list[Mapping[str, str]]
    ) -> None:
        """The old one is worth nothing from then on."""
        credentials = {**CLIENT, "refresh_token": "jobs-refresh-0"}
        token_url = f"{cloud.url}/oauth/token"
        provider = connected({"auth": REFRESH}, token_url=token_url, **credentials)
        await provider.targets()
        newest = stored[-1]["refresh_token"]
        assert newest != "jobs-refresh-0"
        assert stored[-1]["client_id"] == USERNAME
        again = connected({"auth": REFRESH}, **stored[-1])
        assert await again.targets()

    async def test_a_new_refresh_token_is_stored_whoever_waits(
        self,
        connected: Connected,
        cloud: RestSimulator,
        clock: ManualClock,
        stored: list[Mapping[str, str]],
    ) -> None:
        """A script that is stopped, or a reload, must not cost the only good refresh token."""
        cloud.faults.add(FaultKind.DELAY, "oauth", delay=1)
        provider = connected(
            {"auth": REFRESH},
            token_url=f"{cloud.url}/oauth/token",
            **{**CLIENT, "refresh_token": "jobs-refresh-0"},
        )
        leaving = asyncio.create_task(provider.targets())
        await clock.until_asleep()
        leaving.cancel()
        closing = asyncio.create_task(provider.close())
        await clock.until_asleep()
        assert not closing.done()
        clock.advance(1)
        await closing
        assert await connected({"auth": REFRESH}, **stored[-1]).targets()

    async def test_a_refresh_token_is_on_disk_before_it_is_used(
        self,
        connected: Connected,
        cloud: RestSimulator,
        stored: list[Mapping[str, str]],
        refusals: list[Exception],
    ) -> None:
        """A disk that refuses once must not leave the old token there for good."""
        refusals.append(OSError("full"))
        provider = connected(
            {"auth": REFRESH},
            token_url=f"{cloud.url}/oauth/token",
            **{**CLIENT, "refresh_token": "jobs-refresh-0"},
        )
        with pytest.raises(ProviderConnectionError, match="could not be stored"):
            await provider.targets()
        assert cloud.counts == {"oauth": 1}
        await provider.targets()
        assert [each["refresh_token"] for each in stored] == ["jobs-refresh-2", "jobs-refresh-4"]

    async def test_credentials_go_to_no_other_host(
        self, connected: Connected, cloud: RestSimulator
    ) -> None:
        """But to one that the description itself writes out."""
        provider = connected(
            {"auth": REFRESH}, **CLIENT, refresh_token="r", token_url="https://evil.example/t"
        )
        with pytest.raises(ProviderConnectionError, match="foreign_url"):
            await provider.targets()
        written = {**OAUTH, "token_url": f"{cloud.url}/oauth/token"}
        assert await connected({"auth": written}, **CLIENT).targets()

    async def test_half_a_login_is_none(self, connected: Connected, cloud: RestSimulator) -> None:
        """Where the name is missing there is nothing to send."""
        with pytest.raises(ProviderConnectionError):
            await connected({"auth": LOGIN}, password=PASSWORD).targets()
        assert cloud.counts.total() == 0

    async def test_a_key_that_no_header_can_carry_is_wrong(self, connected: Connected) -> None:
        """And ends nothing."""
        with pytest.raises(ProviderAuthError):
            await connected(token="a\nb").targets()


@pytest.mark.parametrize(
    "typed",
    ["", "jobs.example", "http://jobs.example", "https://a@b.example", "https://x.example/?a=b"],
)
def test_an_address_of_no_use_is_refused(connected: Connected, typed: str) -> None:
    """Before anything is sent."""
    with pytest.raises(AddressError):
        connected(base_url=typed)


def test_a_part_of_a_host_cannot_end_it(connected: Connected) -> None:
    """What the user types there is one label."""
    changes = {"base_url": "https://${account.tenant}.example/api", "account": [{"name": "tenant"}]}
    connected(changes, tenant="acme-1")
    for typed in ("evil.example/", "a.b", "a@b", "x#", "x:1"):
        with pytest.raises(AddressError):
            connected(changes, tenant=typed)
