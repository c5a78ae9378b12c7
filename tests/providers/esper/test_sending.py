"""One request for many devices, and what is known when its answer was lost."""

from dataclasses import replace
import json

import pytest

from custom_components.command_status.providers.base import Provider, Sessions
from custom_components.command_status.providers.errors import (
    ProviderAuthError,
    ProviderConnectionError,
    ProviderError,
    ProviderNoAnswerError,
    ProviderNotFoundError,
    ProviderPermissionError,
    ProviderRateLimitError,
    ProviderRefusedError,
)
from custom_components.command_status.tracking import CommandState, Observation
from simulators.clock import ManualClock
from simulators.esper import EsperSimulator, device_id
from tests.providers.secrecy import told_by

from .account import ERROR, KIOSK, LOBBY, WAREHOUSE, bodies, command, commands, connected, taken


async def test_all_devices_of_a_call_are_one_request(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """It is on its way; its status objects are not known yet."""
    news = await provider.submit(commands(LOBBY, KIOSK, WAREHOUSE))
    (request_id,) = cloud.requests
    assert (
        list(news.values()) == [Observation(state=CommandState.QUEUED, request_id=request_id)] * 3
    )
    assert bodies(cloud, "create") == [
        {
            "command_type": "DEVICE",
            "devices": [LOBBY, KIOSK, WAREHOUSE],
            "device_type": "all",
            "command": "REBOOT",
            "alias": "command-status-call-REBOOT",
        }
    ]


async def test_a_request_takes_a_thousand_devices(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """The most that Esper allows."""
    cloud.configure({"extra_devices": 1000})
    news = await provider.submit(commands(*map(device_id, range(1, 1001))))
    assert len(news) == 1000
    assert cloud.counts == {"create": 1}


async def test_a_command_alone_goes_by_its_own_id(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """Its alias is unique all the same."""
    await provider.submit([command(batch=None, tracking_id="01J0000000")])
    (request,) = cloud.requests.values()
    assert request.alias == "command-status-01J0000000"


async def test_the_password_reaches_the_device(cloud: EsperSimulator, provider: Provider) -> None:
    """What is shown is not what is sent."""
    real = {"wifi_access_points": [{"wifi_ssid": "guest", "wifi_password": "hunter2"}]}
    order = provider.order(await provider.targets(), "ADD_WIFI_AP", real)
    await provider.submit(
        [command(word=order.command, parameters=order.parameters, payload=order.payload)]
    )
    (request,) = cloud.requests.values()
    assert request.arguments == real
    assert "hunter2" in cloud.secrets


async def test_an_answer_without_an_envelope_is_read(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """A third-party client expects it so."""
    cloud.settings.flat_create = True
    (sent,) = await taken(provider, [command()])
    assert sent.request_id in cloud.requests


@pytest.mark.parametrize("body", ["[]", "{}", '{"code": 201, "content": {}}'])
async def test_an_answer_without_an_id_leaves_it_open(
    cloud: EsperSimulator, provider: Provider, body: str
) -> None:
    """It may have been taken, so it is looked for by its alias."""
    cloud.faults.add("status", "create", status=201, body=body)
    with pytest.raises(ProviderNoAnswerError):
        await provider.submit([command()])


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ProviderRefusedError),
        (401, ProviderAuthError),
        (403, ProviderPermissionError),
        (404, ProviderNotFoundError),
        (418, ProviderRefusedError),
        (500, ProviderNoAnswerError),
        (503, ProviderNoAnswerError),
    ],
)
async def test_a_refusal_says_why(
    cloud: EsperSimulator, provider: Provider, status: int, kind: type[ProviderError]
) -> None:
    """The message is the only text that helps; both shapes of an error have it."""
    classic = json.dumps({"errors": [], "message": "  out of\ntea ", "status": status})
    for body in (ERROR, classic):
        cloud.faults.add("status", "create", status=status, body=body)
        with pytest.raises(kind) as raised:
            await provider.submit([command()])
        assert raised.value.message == "out of tea"


@pytest.mark.parametrize(
    "body", ['{"code": 400, "message": " "}', '{"errors": [], "message": "", "status": 400}']
)
async def test_a_refusal_without_a_word_is_told_by_its_number(
    cloud: EsperSimulator, provider: Provider, body: str
) -> None:
    """Better than nothing."""
    cloud.faults.add("status", "create", status=400, body=body)
    with pytest.raises(ProviderRefusedError) as raised:
        await provider.submit([command()])
    assert raised.value.message == "HTTP 400"


async def test_the_refusal_of_an_unknown_device_is_the_clouds_own(provider: Provider) -> None:
    """Nobody here knows better which devices there are."""
    with pytest.raises(ProviderRefusedError) as raised:
        await provider.submit([command(device_id(99))])
    assert raised.value.message == "invalid device id"


async def test_a_refusal_that_quotes_a_password_is_told_without_it(
    cloud: EsperSimulator, provider: Provider
) -> None:
    """Clouds quote what they do not like; ids among it may be seen, and keys may not."""
    parameters = {"wifi": '{"psk": ["hunter2", 4711]}', "password": {"old": "tiger"}, "tries": [3]}
    quoted = f"hunter2 4711 tiger esper-key-7b21f0d9c4 {LOBBY} {'k3y' * 10} x"
    cloud.faults.add(
        "status",
        "create",
        status=400,
        body=json.dumps({"code": 400, "message": quoted + " y" * 300}),
    )
    with pytest.raises(ProviderRefusedError) as raised:
        await provider.submit([command(word="ADD_WIFI_AP", parameters={}, payload=parameters)])
    hidden = "**REDACTED**"
    assert raised.value.message.startswith(
        f"{hidden} {hidden} {hidden} {hidden} {LOBBY} {hidden} x"
    )
    assert len(raised.value.message) == 255
    assert "hunter2" not in told_by(raised.value)


@pytest.mark.parametrize(
    ("headers", "wait"), [({}, None), ({"Retry-After": "7"}, 7.0)], ids=["silent", "clear"]
)
async def test_too_many_requests_are_told_with_the_wait(
    cloud: EsperSimulator, provider: Provider, headers: dict[str, str], wait: float | None
) -> None:
    """Whether Esper says how long is not documented."""
    cloud.faults.add("status", "create", status=429, headers=headers)
    with pytest.raises(ProviderRateLimitError) as raised:
        await provider.submit([command()])
    assert raised.value.retry_after == wait
    assert not cloud.requests


async def test_the_key_goes_nowhere_else(cloud: EsperSimulator, provider: Provider) -> None:
    """A redirect is not followed."""
    cloud.faults.add("redirect", "create", location=f"{cloud.url}/elsewhere")
    with pytest.raises(ProviderNoAnswerError):
        await provider.submit([command()])
    assert cloud.counts == {"create": 1}


async def test_a_replaced_key_is_refused_in_mid_flight(
    cloud: EsperSimulator, sessions: Sessions, clock: ManualClock, provider: Provider
) -> None:
    """The old one stops at once; with the new one everything goes on."""
    sent = await taken(provider, [command()])
    cloud.replace_key("esper-key-2")
    with pytest.raises(ProviderAuthError):
        await provider.check(next(iter(provider.queries(sent))))
    again = connected(sessions, cloud, clock, "esper-key-2")
    answer = await again.check(next(iter(again.queries(sent))))
    assert answer.news.keys() == {sent[0].tracking_id}


class TestLookup:
    """A create whose answer was lost."""

    async def test_a_request_is_found_by_its_alias(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """It is not sent again, whatever else was asked of these devices."""
        wanted = commands(LOBBY, KIOSK, WAREHOUSE)
        cloud.faults.add("drop", "create")
        with pytest.raises(ProviderNoAnswerError):
            await provider.submit(wanted)
        cloud.issue("LOCK", [LOBBY, KIOSK], alias="command-status-call-REBOOT-2")
        cloud.issue("UPDATE_HEARTBEAT", [LOBBY], internal=True)
        request_id = next(iter(cloud.requests))
        news = await provider.lookup(wanted)
        queued = Observation(state=CommandState.QUEUED, request_id=request_id)
        assert news == {command.tracking_id: queued for command in wanted}
        assert cloud.counts == {"create": 1, "requests": 1}

    async def test_what_was_not_taken_is_not_found(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """So nobody says that it was."""
        cloud.faults.add("reset", "create")
        with pytest.raises(ProviderError) as raised:
            await provider.submit(commands(LOBBY))
        assert not isinstance(raised.value, ProviderConnectionError)
        assert await provider.lookup(commands(LOBBY)) == {}

    async def test_an_error_that_was_none_is_found_out(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """A 500 does not say that nothing was done."""
        cloud.script(error=500, taken=True, times=1)
        with pytest.raises(ProviderNoAnswerError):
            await provider.submit(commands(LOBBY))
        assert len(await provider.lookup(commands(LOBBY))) == 1

    async def test_each_request_of_a_call_has_its_own_devices(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """More devices than one request takes go out in two, under the same alias."""
        first, second, third = commands(LOBBY, KIOSK, WAREHOUSE)
        await provider.submit([first])
        await provider.submit([second])
        news = await provider.lookup([first, second, third])
        assert {key: outcome.request_id for key, outcome in news.items()} == dict(  # type: ignore[union-attr]
            zip([first.tracking_id, second.tracking_id], cloud.requests, strict=True)
        )

    async def test_a_cloud_may_not_tell_the_devices(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Then the alias alone must do."""
        cloud.settings.request_devices = False
        wanted = commands(LOBBY, KIOSK)
        await provider.submit(wanted)
        assert len(await provider.lookup(wanted)) == 2

    @pytest.mark.parametrize("newest_first", [True, False])
    async def test_the_newest_are_found_at_either_end(
        self, cloud: EsperSimulator, provider: Provider, *, newest_first: bool
    ) -> None:
        """In which order requests are listed is not documented."""
        cloud.settings.newest_first = newest_first
        for _ in range(450):
            cloud.issue("LOCK", [LOBBY])
        await provider.submit(commands(LOBBY))
        cloud.issue("LOCK", [LOBBY])
        assert len(await provider.lookup(commands(LOBBY))) == 1
        assert cloud.counts["requests"] <= 2

    async def test_it_does_not_read_all_that_was_ever_asked(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """The list may be long, and what is looked for is new."""
        for _ in range(1100):
            cloud.issue("LOCK", [LOBBY])
        assert await provider.lookup(commands(LOBBY)) == {}
        assert cloud.counts == {"requests": 5}

    async def test_many_devices_are_asked_for_in_addresses_of_bounded_length(
        self, cloud: EsperSimulator, provider: Provider
    ) -> None:
        """Once the request is found, the rest needs no asking."""
        cloud.configure({"extra_devices": 400})
        wanted = commands(*map(device_id, range(1, 401)))
        assert await provider.lookup(wanted) == {}
        assert cloud.counts == {"requests": 3}
        assert max(len(request.path) for request in cloud.log.requests) < 8000
        await provider.submit(wanted)
        assert len(await provider.lookup(wanted)) == 400
        assert cloud.counts == {"requests": 4, "create": 1}

    async def test_commands_of_several_calls_are_told_apart(self, provider: Provider) -> None:
        """Each by the alias of its own call."""
        reboot, lock = command(), command(word="LOCK")
        await provider.submit([lock])
        news = await provider.lookup([reboot, replace(lock, request_id=None)])
        assert list(news) == [lock.tracking_id]
