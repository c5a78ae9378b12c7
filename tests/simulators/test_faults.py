"""Misbehaviour on demand, as a client sees it."""

import asyncio

from aiohttp import (
    ClientConnectionError,
    ClientConnectionResetError,
    ClientOSError,
    ClientPayloadError,
    ClientResponseError,
)
import pytest

from simulators.clock import ManualClock
from simulators.faults import Fault, FaultKind

from .client import Client
from .echo import EchoSimulator

THING = "/things/one"


async def test_a_status_brings_the_clouds_own_words(echo: EchoSimulator, client: Client) -> None:
    """A client decides on the body as well as on the status."""
    echo.faults.add("status", status=503)

    answer = await client.ask("GET", THING)

    assert (answer.status, answer.json) == (503, {"echo": 503})


@pytest.mark.parametrize(
    "headers",
    [{"Retry-After": "7"}, {"Retry-After": "Sat, 21 Nov 2026 10:00:00 GMT"}, {}],
    ids=["in seconds", "as a date", "untold"],
)
async def test_a_status_brings_headers_and_a_body(
    echo: EchoSimulator, client: Client, headers: dict[str, str]
) -> None:
    """Retry-After comes in two forms, or not at all."""
    echo.faults.add("status", status=429, headers=headers, body='{"mine": 1}')

    answer = await client.ask("GET", THING)

    assert (answer.status, answer.json) == (429, {"mine": 1})
    assert headers.items() <= dict(answer.headers).items()


async def test_a_fault_strikes_as_often_as_ordered(echo: EchoSimulator, client: Client) -> None:
    """After some good answers, for some requests, and then all is well again."""
    echo.faults.add("status", skip=1, times=2)

    statuses = [(await client.ask("GET", THING)).status for _ in range(4)]

    assert statuses == [200, 500, 500, 200]
    assert list(echo.faults) == []


async def test_a_fault_may_stand_until_it_is_taken_back(
    echo: EchoSimulator, client: Client
) -> None:
    """An outage ends when the test says so."""
    fault = echo.faults.add("status", times=None)
    assert [(await client.ask("GET", THING)).status for _ in range(3)] == [500] * 3

    echo.faults.remove(fault)

    assert (await client.ask("GET", THING)).status == 200


async def test_a_fault_strikes_one_endpoint_or_path(echo: EchoSimulator, client: Client) -> None:
    """Everything else goes on as ever."""
    echo.things["two"] = "2"
    echo.faults.add("status", "read", path="/two", times=None)

    assert (await client.ask("GET", "/things/one")).status == 200
    assert (await client.ask("GET", "/things/two")).status == 500
    assert (await client.ask("POST", "/things/two", {})).status == 200


async def test_faults_strike_in_the_order_of_their_orders(
    echo: EchoSimulator, client: Client
) -> None:
    """A bad day is told as a list."""
    echo.faults.add("status", status=503)
    echo.faults.add("status", status=429)

    assert [(await client.ask("GET", THING)).status for _ in range(3)] == [503, 429, 200]


async def test_a_delay_is_the_right_answer_late(
    echo: EchoSimulator, client: Client, clock: ManualClock
) -> None:
    """Slow is not wrong."""
    echo.faults.add("delay", delay=30)
    asking = asyncio.create_task(client.ask("GET", THING))
    await clock.until_asleep()
    assert not asking.done()

    clock.advance(30)

    assert (await asking).json == {"thing": "1"}


async def test_a_reset_leaves_the_world_alone(echo: EchoSimulator, client: Client) -> None:
    """The request never got through."""
    echo.faults.add("reset")

    with pytest.raises(ClientOSError):
        await client.ask("POST", THING, {"new": 1})

    assert echo.things == {"one": "1"}


async def test_a_dropped_answer_changes_the_world(echo: EchoSimulator, client: Client) -> None:
    """The worst case of all: done, and nobody was told."""
    echo.faults.add("drop")

    with pytest.raises(ClientOSError):
        await client.ask("POST", THING, {"new": 1})

    assert echo.things == {"one": '{"new": 1}'}


async def test_silence_lasts_until_the_client_gives_up(echo: EchoSimulator, client: Client) -> None:
    """A connection that is open proves nothing."""
    echo.faults.add("silence")
    asking = asyncio.create_task(client.ask("POST", THING, {"new": 1}))
    await echo.log.until(1, "write")
    assert not asking.done()

    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)

    assert echo.things == {"one": "1"}
    assert echo.log.requests[0].status == 0


async def test_half_an_answer_is_noticed(echo: EchoSimulator, client: Client) -> None:
    """The status came, the body did not."""
    echo.faults.add("cut")

    with pytest.raises(ClientPayloadError):
        await client.ask("GET", THING)


async def test_garbage_calls_itself_json(echo: EchoSimulator, client: Client) -> None:
    """The content type alone proves nothing."""
    echo.faults.add("garbage")

    answer = await client.ask("GET", THING)

    assert answer.headers["Content-Type"] == "application/json"
    with pytest.raises(ValueError, match=r"Invalid|Unterminated"):
        _ = answer.json


async def test_a_web_page_may_come_with_any_status(echo: EchoSimulator, client: Client) -> None:
    """Login walls say 200, gateways 502."""
    echo.faults.add("html", status=502)

    answer = await client.ask("GET", THING)

    assert answer.status == 502
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.text.startswith("<!doctype html>")


async def test_the_right_answer_may_be_mislabelled(echo: EchoSimulator, client: Client) -> None:
    """Clients that insist on the content type lose a good answer."""
    echo.faults.add("wrong_type")

    answer = await client.ask("GET", THING)

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.json == {"thing": "1"}


async def test_a_huge_answer_is_streamed_without_a_length(
    echo: EchoSimulator, client: Client
) -> None:
    """Whoever wants to stop in time has to count."""
    echo.faults.add("huge", size=5_000_000)

    answer = await client.ask("GET", THING)

    assert "Content-Length" not in answer.headers
    assert len(answer.text) == 5_000_000
    assert answer.json["padding"].startswith("xxx")


async def test_a_redirect_names_another_host(echo: EchoSimulator, client: Client) -> None:
    """Secrets must not go there."""
    echo.faults.add("redirect", location="http://127.0.0.1:9/elsewhere")

    answer = await client.ask("GET", THING)

    assert answer.status == 302
    assert answer.headers["Location"] == "http://127.0.0.1:9/elsewhere"


async def test_a_stopped_cloud_refuses_and_comes_back(echo: EchoSimulator, client: Client) -> None:
    """An outage with nobody at the address, and the same world afterwards."""
    echo.put("two", "2")
    port = int(echo.url.rpartition(":")[2])
    await echo.stop()
    with pytest.raises(ClientConnectionError):
        await client.ask("GET", THING)

    await echo.start(port=port)

    assert (await client.ask("GET", "/things/two")).json == {"thing": "2"}


async def test_stopping_ends_what_hangs(echo: EchoSimulator, client: Client) -> None:
    """A test that is over must not leave anything behind."""
    echo.faults.add("silence")
    asking = asyncio.create_task(client.ask("POST", THING, {}))
    await echo.log.until(1, "write")

    await echo.stop()

    with pytest.raises((ClientConnectionError, ClientConnectionResetError, ClientResponseError)):
        await asking


def test_a_kind_that_does_not_exist_is_refused() -> None:
    """A typing error in a test must not look like good weather."""
    with pytest.raises(ValueError, match="thunder"):
        Fault("thunder")  # type: ignore[arg-type]


def test_a_kind_may_be_given_as_a_word() -> None:
    """The control API knows nothing else."""
    assert Fault("html").kind is FaultKind.HTML  # type: ignore[arg-type]
