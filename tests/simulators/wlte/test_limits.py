"""The documented limits, enforced."""

import pytest

from simulators.clock import ManualClock
from simulators.wlte import WlteSimulator
from simulators.wlte.limits import Limit
from tests.simulators.client import Client

from .calls import create


async def test_a_relay_cools_down_for_three_seconds(
    cloud: WlteSimulator, client: Client, clock: ManualClock
) -> None:
    """The refusal says in whole seconds how long, twice."""
    await create(client, key="a")
    clock.advance(0.5)

    refused = await create(client, {1: "OFF"}, key="b")
    assert (refused.status, refused.json["code"]) == (429, "RATE_LIMITED")
    assert refused.headers["Retry-After"] == "3"
    assert refused.headers["RateLimit"] == "limit=1, remaining=0, reset=3"
    assert refused.json["data"] == {"retryAfterSeconds": 3}
    assert (await create(client, {2: "ON"}, key="c")).status == 202

    clock.advance(2.5)
    assert (await create(client, {1: "OFF"}, key="b")).status == 202
    assert cloud.limits.breaches == {Limit.RELAY: 1}
    assert len(cloud.switched("dev-7", 1)) == 2


async def test_the_cooldown_may_begin_at_the_end_of_the_operation(
    cloud: WlteSimulator, client: Client, clock: ManualClock
) -> None:
    """The documentation says "after each operation", which may mean either."""
    cloud.configure({"cooldown_from_end": True})
    cloud.issue("dev-7", {1: "ON"}, after=5)
    clock.advance(4)

    assert (await create(client)).headers["Retry-After"] == "4"

    clock.advance(4)
    assert (await create(client)).status == 202


async def test_a_device_takes_ten_commands_in_ten_seconds(
    cloud: WlteSimulator, client: Client, clock: ManualClock
) -> None:
    """Whatever the device says to them."""
    cloud.script(error="COMMAND_REJECTED")
    statuses = [(await create(client, key=f"k{i}")).status for i in range(10)]
    assert statuses == [422] * 10

    refused = await create(client, key="k10")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "10")

    clock.advance(10)
    assert (await create(client, key="k10")).status == 422


async def test_an_application_sends_six_hundred_commands_a_minute(
    cloud: WlteSimulator, client: Client
) -> None:
    """However many devices it has."""
    cloud.configure({"extra_devices": 601})
    devices = [device for device in cloud.devices if device.startswith("dev-x")]
    statuses = [(await create(client, device=d, key=d)).status for d in devices]

    assert statuses == [202] * 600 + [429]
    assert cloud.limits.breaches == {Limit.APPLICATION: 1}


async def test_a_repeat_of_a_command_costs_nothing(client: Client) -> None:
    """It is the documented way to learn the id."""
    statuses = [(await create(client)).status for _ in range(20)]

    assert statuses == [202] * 20


async def test_a_limited_command_does_not_use_up_its_script(
    cloud: WlteSimulator, client: Client, clock: ManualClock
) -> None:
    """The script is meant for the command that gets through."""
    await create(client, key="a")
    cloud.script(outcome="FAILED", times=1)
    assert (await create(client, key="b")).status == 429

    clock.advance(3)

    assert (await create(client, key="b")).json["data"]["command"]["status"] == "FAILED"


async def test_limits_may_be_counted_without_being_enforced(
    cloud: WlteSimulator, client: Client
) -> None:
    """Benchmarks want the speed, and the truth about it."""
    cloud.configure({"enforce_limits": False})

    statuses = [(await create(client, key=key)).status for key in ("a", "b")]

    assert statuses == [202, 202]
    assert cloud.limits.breaches == {Limit.RELAY: 1}


@pytest.mark.parametrize(
    ("error_data", "shown"),
    [("absent", {}), ("null", {"data": None}), ("details", {"data": {"retryAfterSeconds": 3}})],
)
async def test_errors_come_with_and_without_data(
    cloud: WlteSimulator, client: Client, error_data: str, shown: dict[str, object]
) -> None:
    """The vendor's pages show all three, and Retry-After always."""
    cloud.configure({"error_data": error_data})
    await create(client, key="a")

    answer = await create(client, key="b")

    assert answer.headers["Retry-After"] == "3"
    body = answer.json
    assert body.pop("requestId")
    assert body == {"code": "RATE_LIMITED", "message": "too many requests", **shown}
