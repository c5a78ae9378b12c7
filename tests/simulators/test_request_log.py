"""What a simulator remembers of its requests."""

import asyncio

from simulators.clock import ManualClock

from .client import Client
from .echo import EchoSimulator


async def test_every_request_is_written_down(echo: EchoSimulator, client: Client) -> None:
    """Tests ask the log what a client really did."""
    await client.ask("GET", "/things/one?deep=1")
    await client.ask("POST", "/things/one", {"a": 1}, {"X-Mark": "here"})

    read, write = echo.log.requests
    assert read.summary() == {
        "method": "GET",
        "path": "/things/one?deep=1",
        "label": "read",
        "time": 1000.0,
        "status": 200,
        "duration": 0.0,
    }
    assert write.body == b'{"a": 1}'
    assert write.headers["X-Mark"] == "here"


async def test_the_duration_is_told_by_the_simulators_clock(
    echo: EchoSimulator, client: Client, clock: ManualClock
) -> None:
    """A frozen test must not depend on the machine's speed."""
    echo.faults.add("delay", delay=3)
    asking = asyncio.create_task(client.ask("GET", "/things/one"))
    await clock.until_asleep()
    assert echo.log.requests[0].duration is None

    clock.advance(3)
    await asking

    assert echo.log.requests[0].duration == 3


async def test_requests_are_counted_by_endpoint(echo: EchoSimulator, client: Client) -> None:
    """Paths that the cloud does not have are counted, too: nobody should ask for them."""
    await client.ask("GET", "/things/one")
    await client.ask("GET", "/things/one")
    await client.ask("GET", "/nowhere")
    await client.ask("DELETE", "/things/one")

    assert echo.counts == {"read": 2, "unknown": 2}
    assert [logged.status for logged in echo.log.select("unknown")] == [404, 405]


async def test_a_refusal_is_logged_with_its_status(echo: EchoSimulator, client: Client) -> None:
    """Handlers end a request from anywhere, and the log must know how."""
    answer = await client.ask("GET", "/refused")

    assert (answer.status, answer.json) == (418, {"no": True})
    assert echo.log.requests[0].status == 418


async def test_a_lost_answer_is_logged_as_none(echo: EchoSimulator, client: Client) -> None:
    """Status 0 says that the client never heard anything."""
    echo.faults.add("drop")
    await asyncio.gather(client.ask("POST", "/things/one", {}), return_exceptions=True)

    assert echo.log.requests[0].status == 0


async def test_the_busiest_second_is_remembered(
    echo: EchoSimulator, client: Client, clock: ManualClock
) -> None:
    """Clients promise a rate; the log shows whether they kept it."""
    await client.ask("GET", "/things/one")
    clock.advance(0.5)
    await client.ask("GET", "/things/one")
    await client.ask("GET", "/refused")
    clock.advance(0.5)
    await client.ask("GET", "/things/one")

    assert echo.log.most_per_second == {"*": 3, "read": 2, "refuse": 1}


async def test_the_most_requests_at_once_are_remembered(
    echo: EchoSimulator, client: Client, clock: ManualClock
) -> None:
    """A limit of parallel requests can be broken at any rate."""
    echo.faults.add("delay", "read", delay=1, times=2)
    asking = [asyncio.create_task(client.ask("GET", "/things/one")) for _ in range(2)]
    await clock.until_asleep(2)
    clock.advance(1)
    await asyncio.gather(*asking)
    await client.ask("GET", "/things/one")

    assert echo.log.most_at_once == {"*": 2, "read": 2}


async def test_the_gaps_between_requests_can_be_asked_for(
    echo: EchoSimulator, client: Client, clock: ManualClock
) -> None:
    """A cadence is a promise about gaps."""
    await client.ask("GET", "/things/one")
    clock.advance(2)
    await client.ask("GET", "/things/one")
    clock.advance(2.5)
    await client.ask("GET", "/things/one")

    assert echo.log.gaps("read", "/one") == [2, 2.5]
    assert echo.log.select("read", "/two") == []


async def test_a_test_can_wait_for_a_request(echo: EchoSimulator, client: Client) -> None:
    """So nobody needs to sleep for real until a client has come round."""
    waiting = asyncio.create_task(echo.log.until(2, "read"))
    await client.ask("GET", "/things/one")
    assert not waiting.done()

    await client.ask("GET", "/things/one")
    await waiting
