"""A gate at a cloud with a contact in the house: what the cloud says, and what is seen."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import pytest
import pytest_asyncio

from simulators.wlte import CLIENT_ID
from stage import Account, Client, CommandError, HomeAssistant, Simulator, eventually, wlte

from ..privacy import leaks

GATE: Final = "dev-7/1"
CONTACT: Final = "binary_sensor.gate_contact"
OPEN: Final = {"entity_id": CONTACT, "state": "on"}

NEVER: Final = {"after": None}
SUCCESS: Final[Mapping[str, Any]] = {"after": 1}
FAILED: Final = {"after": 1, "outcome": "FAILED"}
CLOUD_TIMEOUT: Final = {"after": 1, "outcome": "TIMEOUT"}
FORGOTTEN: Final = {"after": None, "forget_after": 1}

WINDOW: Final = 8
"""Seconds; long enough for the cloud to be asked."""


@pytest_asyncio.fixture(loop_scope="session")
async def cloud(clouds: Mapping[str, Simulator]) -> Simulator:
    """Return the cloud of the gate; it answers at once."""
    await clouds["wlte"].configure(post_wait=0.0)
    return clouds["wlte"]


@pytest_asyncio.fixture(loop_scope="session")
async def gate(cloud: Simulator, home: HomeAssistant) -> AsyncIterator[Account]:
    """Add the account of the gate, which is shut; its secrets are still secret afterwards."""
    account = await Account.add(home, *wlte(cloud.url))
    await move(home.client, "off")
    yield account
    assert await leaks(await cloud.secrets() | {CLIENT_ID}, account, home) == []
    await account.remove()


async def move(client: Client, state: str) -> None:
    """Let the contact show that the gate is open (on), or shut (off)."""
    await client.act(f"input_boolean.turn_{state}", {"entity_id": "input_boolean.gate"})
    await client.until_state(CONTACT, state)


def told(record: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what became of a command."""
    return record["state"], record["reason"], record["provider_state"], record["evidence"]


@pytest.mark.parametrize(
    ("script", "seen", "outcome"),
    [
        (SUCCESS, True, ("success", None, "SUCCESS", "seen")),
        (SUCCESS, False, ("timeout", "not_seen", "SUCCESS", "missing")),
        (NEVER, True, ("success", "seen", "SENT", "seen")),
        (NEVER, False, ("timeout", None, "SENT", "missing")),
        (CLOUD_TIMEOUT, True, ("success", "seen", "TIMEOUT", "seen")),
        (FORGOTTEN, True, ("success", "seen", "SENT", "seen")),
    ],
    ids=[
        "success, seen",
        "success, not seen",
        "no word, seen",
        "no word, not seen",
        "its own time-out, seen",
        "lost, seen",
    ],
)
async def test_the_word_of_the_cloud_and_what_is_seen(
    client: Client,
    cloud: Simulator,
    gate: Account,
    *,
    script: Mapping[str, Any],
    seen: bool,
    outcome: tuple[Any, ...],
) -> None:
    """The gate moves, or not, while the cloud has its say, or has none."""
    await cloud.act("script", times=1, **script)
    record = await gate.send(GATE, "ON", timeout=WINDOW, expect=OPEN)
    assert record["evidence"] == "awaited"
    await cloud.until_asked("status")

    async def spoken() -> bool:
        told = await gate.record(record["tracking_id"])
        return bool(told["provider_state"] == outcome[2] and told["state"] == "sent")

    await eventually(spoken, "word of the cloud, which ends nothing yet")
    await move(client, "on" if seen else "off")
    record = await gate.until_final(record["tracking_id"], within=30)
    assert told(record) == outcome


@pytest.mark.parametrize("state", ["on", "off"])
async def test_a_refusal_stands_whatever_is_seen(
    client: Client, cloud: Simulator, gate: Account, state: str
) -> None:
    """It is a fact about the command itself; the evidence tells what was seen until then."""
    await cloud.act("script", times=1, **FAILED)
    await move(client, state)
    record = await gate.send(GATE, "ON", timeout=WINDOW, expect=OPEN, wait=True)
    assert (record["state"], record["provider_state"]) == ("failure", "FAILED")
    assert record["evidence"] == {"on": "seen", "off": "missing"}[state]


@pytest.mark.parametrize(("script", "state"), [(CLOUD_TIMEOUT, "timeout"), (FORGOTTEN, "lost")])
async def test_without_a_sight_it_ends_as_without_an_expectation(
    cloud: Simulator, gate: Account, script: Mapping[str, Any], state: str
) -> None:
    """When the window ends, and not before: it might still be seen."""
    await cloud.act("script", times=2, **script)
    plain = await gate.send(GATE, "ON", timeout=WINDOW, wait=True)
    record = await gate.send(GATE, "OFF", timeout=WINDOW, expect=OPEN, wait=True)
    assert (record["state"], record["reason"]) == (plain["state"], plain["reason"])
    assert record["state"] == state
    assert record["duration"] >= WINDOW > plain["duration"]
    assert record["evidence"] == "missing"


async def test_what_is_seen_late_corrects_a_time_out_once(
    client: Client, cloud: Simulator, gate: Account
) -> None:
    """The event tells of both."""
    await cloud.act("script", times=1, **SUCCESS)
    async with client.events("command_status_finished") as events:
        record = await gate.send(GATE, "ON", timeout=5, expect=OPEN, wait=True)
        assert told(record) == ("timeout", "not_seen", "SUCCESS", "missing")
        await move(client, "on")
        told_late = await events.until(number=2)
    assert [(each["state"], each["evidence"], each["late"]) for each in told_late] == [
        ("timeout", "missing", False),
        ("success", "seen", True),
    ]


async def test_a_short_sight_is_none_where_it_must_last(
    client: Client, cloud: Simulator, gate: Account
) -> None:
    """A gate that bounces is not open."""
    await cloud.act("script", times=1, **SUCCESS)
    expect = {**OPEN, "for": {"seconds": 3}}
    record = await gate.send(GATE, "ON", timeout=20, expect=expect)
    await move(client, "on")
    await move(client, "off")
    await move(client, "on")
    record = await gate.until_final(record["tracking_id"], within=30)
    assert told(record) == ("success", None, "SUCCESS", "seen")
    assert record["duration"] >= 3


async def test_what_was_seen_survives_a_power_cut(
    home: HomeAssistant, cloud: Simulator, gate: Account
) -> None:
    """Though it is over when the cloud answers."""
    await cloud.act("script", times=1, after=12)
    record = await gate.send(GATE, "ON", timeout=300, expect=OPEN)
    await move(home.client, "on")

    async def seen() -> bool:
        return bool((await gate.record(record["tracking_id"]))["evidence"] == "seen")

    await eventually(seen, "a sight")
    await move(home.client, "off")
    await home.until_stored(gate.entry_id, "core.config_entries", "core.entity_registry")
    await home.kill()
    await home.start()
    record = await gate.until_final(record["tracking_id"], within=90)
    assert told(record) == ("success", None, "SUCCESS", "seen")


async def test_an_entity_that_does_not_exist_is_refused(cloud: Simulator, gate: Account) -> None:
    """Nothing was sent then."""
    before = (await cloud.counts()).get("create", 0)
    with pytest.raises(CommandError, match=r"binary_sensor\.nowhere"):
        await gate.send(GATE, "ON", expect={"entity_id": "binary_sensor.nowhere", "state": "on"})
    assert (await cloud.counts()).get("create", 0) == before
