"""Commands, from the POST to the last status."""

import asyncio

import pytest

from simulators.clock import ManualClock
from simulators.wlte import WlteSimulator
from tests.simulators.client import Client

from .calls import ROOT, create, create_old, look_up, status

OUTCOMES = ["SUCCESS", "FAILED", "TIMEOUT"]


@pytest.fixture
def hasty(cloud: WlteSimulator) -> WlteSimulator:
    """Return a cloud whose POST does not wait for the device."""
    cloud.configure({"post_wait": 0})
    return cloud


async def test_a_confirmed_command_is_final_at_once(client: Client) -> None:
    """The POST has waited for the device, so nothing is left to poll."""
    answer = await create(client, {1: "ON", 2: "OFF"})

    assert (answer.status, answer.json["code"]) == (202, "COMMAND_ACCEPTED")
    data = answer.json["data"]
    created = data["command"].pop("createdAt")
    assert created.endswith("Z")
    relays = [{"index": 1, "action": "ON"}, {"index": 2, "action": "OFF"}]
    assert data["command"] == {
        "id": "cmd-1",
        "deviceId": "dev-7",
        "operation": "device.relay.set",
        "status": "SUCCESS",
        "params": {"relays": relays},
    }
    assert data["state"]["peripherals"]["relays"] == [
        {"index": 1, "on": True},
        {"index": 2, "on": False},
    ]


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_the_post_waits_for_the_device(
    cloud: WlteSimulator, client: Client, clock: ManualClock, outcome: str
) -> None:
    """Each outcome may come in the answer itself."""
    cloud.script(outcome=outcome, after=4)
    posting = asyncio.create_task(create(client))
    await clock.until_asleep()
    assert await status(client) == "SENT"

    clock.advance(4)

    assert (await posting).json["data"]["command"]["status"] == outcome


async def test_the_post_waits_no_longer_than_ten_seconds(
    cloud: WlteSimulator, client: Client, clock: ManualClock
) -> None:
    """A slow device leaves the client polling."""
    cloud.script(after=None)
    posting = asyncio.create_task(create(client))
    await clock.until_asleep()

    clock.advance(10)

    assert (await posting).json["data"]["command"]["status"] == "SENT"


async def test_a_repeat_in_the_meantime_names_the_same_command(
    cloud: WlteSimulator, client: Client, clock: ManualClock
) -> None:
    """So a client whose connection broke learns the id."""
    cloud.script(after=4)
    posting = asyncio.create_task(create(client))
    await clock.until_asleep()

    repeat = (await create(client)).json["data"]["command"]
    assert (repeat["id"], repeat["status"]) == ("cmd-1", "SENT")

    clock.advance(4)
    first = (await posting).json["data"]["command"]
    late = (await create(client)).json["data"]["command"]
    assert first == late
    assert len(cloud.switched("dev-7", 1)) == 1


async def test_a_client_that_hangs_up_has_commanded_all_the_same(
    cloud: WlteSimulator, client: Client, clock: ManualClock
) -> None:
    """The device acts whether anybody listens or not."""
    cloud.script(after=4)
    posting = asyncio.create_task(create(client))
    await clock.until_asleep()
    posting.cancel()
    await asyncio.gather(posting, return_exceptions=True)

    clock.advance(4)

    assert (await create(client)).json["data"]["command"]["status"] == "SUCCESS"
    assert len(cloud.switched("dev-7", 1)) == 1


@pytest.mark.parametrize(
    ("device", "relays"), [("dev-7", {1: "OFF"}), ("dev-7", {2: "ON"}), ("dev-8", {1: "ON"})]
)
async def test_a_key_is_good_for_one_command_only(
    cloud: WlteSimulator, client: Client, device: str, relays: dict[int, str]
) -> None:
    """Another action, relay or device under the same key is a mistake of the client."""
    await create(client, {1: "ON"})

    answer = await create(client, relays, device=device)

    assert (answer.status, answer.json["code"]) == (409, "IDEMPOTENCY_CONFLICT")
    assert len(cloud.switchings) == 1


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_the_status_goes_from_sent_to_its_end(
    hasty: WlteSimulator, client: Client, clock: ManualClock, outcome: str
) -> None:
    """The outcome depends on the clock alone."""
    hasty.script(outcome=outcome, after=30)
    await create(client)
    clock.advance(29)
    assert await status(client) == "SENT"

    clock.advance(1)

    assert await status(client) == outcome


async def test_a_command_may_never_end(
    hasty: WlteSimulator, client: Client, clock: ManualClock
) -> None:
    """The client has to give up by itself."""
    hasty.script(after=None)
    await create(client)

    clock.advance(86_400 / 48)

    assert await status(client) == "SENT"


async def test_a_command_may_be_forgotten(
    hasty: WlteSimulator, client: Client, clock: ManualClock
) -> None:
    """Good answers first, and then 404."""
    hasty.script(after=None, forget_after=20)
    await create(client)
    assert await status(client) == "SENT"

    clock.advance(20)
    answer = await look_up(client)

    assert (answer.status, answer.json["code"]) == (404, "COMMAND_NOT_FOUND")


async def test_a_status_may_be_a_word_that_nobody_knows(
    hasty: WlteSimulator, client: Client, clock: ManualClock
) -> None:
    """Before the end, or at the end."""
    hasty.script(meanwhile="RELAYED", outcome="PARTIAL", after=5)
    await create(client)
    assert await status(client) == "RELAYED"

    clock.advance(5)

    assert await status(client) == "PARTIAL"


async def test_a_status_may_be_missing(hasty: WlteSimulator, client: Client) -> None:
    """Not every answer holds what its schema requires."""
    hasty.script(show_status=False)
    await create(client)

    assert await status(client) is None


@pytest.mark.parametrize(
    ("code", "http"),
    [
        ("DEVICE_OFFLINE", 422),
        ("COMMAND_REJECTED", 422),
        ("INTERNAL_ERROR", 500),
        ("GATEWAY_UNAVAILABLE", 503),
    ],
)
async def test_a_refused_command_does_not_exist(
    cloud: WlteSimulator, client: Client, code: str, http: int
) -> None:
    """A repeat under the same key is a first one."""
    cloud.script(error=code, times=1)

    refused = await create(client)
    assert (refused.status, refused.json["code"]) == (http, code)
    assert cloud.switchings == []

    assert (await create(client)).json["data"]["command"]["id"] == "cmd-1"


@pytest.mark.parametrize(
    ("code", "taken", "http"),
    [("DEVICE_TIMEOUT", None, 504), ("INTERNAL_ERROR", True, 500)],
)
async def test_an_error_may_hide_a_command_that_was_taken(
    cloud: WlteSimulator,
    client: Client,
    code: str,
    taken: bool | None,  # noqa: FBT001
    http: int,
) -> None:
    """Only a repeat under the same key tells, and it must not switch twice."""
    cloud.script(error=code, taken=taken, times=1)

    answer = await create(client)
    assert (answer.status, answer.json["code"]) == (http, code)

    assert (await create(client)).json["data"]["command"]["status"] == "SUCCESS"
    assert len(cloud.switched("dev-7", 1)) == 1


async def test_scripts_are_played_in_order_and_then_the_standing_one(
    cloud: WlteSimulator, client: Client, clock: ManualClock
) -> None:
    """A test tells its story command by command."""
    cloud.script(outcome="STANDING", device="dev-7")
    cloud.script(outcome="FIRST", times=1)
    cloud.script(outcome="SECOND", relay=1, times=1)

    outcomes = []
    for key in ("a", "b", "c"):
        answer = await create(client, key=key)
        outcomes.append(answer.json["data"]["command"]["status"])
        clock.advance(3)

    assert outcomes == ["FIRST", "SECOND", "STANDING"]


async def test_a_script_waits_for_its_relay(cloud: WlteSimulator, client: Client) -> None:
    """Other relays and devices follow the usual course."""
    cloud.script(outcome="FAILED", device="dev-7", relay=2)

    other = await create(client, {1: "ON"}, key="a")
    meant = await create(client, {2: "ON"}, key="b")

    assert other.json["data"]["command"]["status"] == "SUCCESS"
    assert meant.json["data"]["command"]["status"] == "FAILED"


async def test_a_relay_may_move_although_nobody_confirmed_it(
    cloud: WlteSimulator, client: Client
) -> None:
    """A time-out proves nothing about the device."""
    cloud.script(outcome="TIMEOUT", switches=True)

    await create(client)

    assert [s.action for s in cloud.switched("dev-7", 1)] == ["ON"]


async def test_a_device_that_is_offline_takes_no_command(
    cloud: WlteSimulator, client: Client
) -> None:
    """Until it is back."""
    refused = await create(client, device="dev-9")
    assert (refused.status, refused.json["code"]) == (422, "DEVICE_OFFLINE")

    cloud.set_device("dev-9", online=True)

    assert (await create(client, device="dev-9")).status == 202


@pytest.mark.parametrize(
    ("device", "relays", "code"),
    [
        ("dev-99", {1: "ON"}, "DEVICE_NOT_FOUND"),
        ("dev-10", {1: "ON"}, "COMMAND_REJECTED"),
        ("dev-8", {2: "ON"}, "INVALID_REQUEST"),
        ("dev-8", {1: "TOGGLE"}, "INVALID_REQUEST"),
    ],
    ids=["unknown device", "unsupported device", "unknown relay", "unknown action"],
)
async def test_commands_that_make_no_sense_are_refused(
    client: Client, device: str, relays: dict[int, str], code: str
) -> None:
    """Each with the code that says so."""
    assert (await create(client, relays, device=device)).json["code"] == code


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"relays": []},
        {"relays": [1]},
        {"relays": [{"index": "1", "action": "ON"}]},
        {"relays": [{"index": 1, "action": "ON"}, {"index": 1, "action": "OFF"}]},
        {"action": "ON"},
    ],
)
async def test_malformed_bodies_are_refused(client: Client, body: object) -> None:
    """The body of an older generation is one of them."""
    path = f"{ROOT}/devices/dev-7/relays/commands"

    answer = await client.ask("POST", path, body, {"Idempotency-Key": "k"})

    assert (answer.status, answer.json["code"]) == (400, "INVALID_REQUEST")


async def test_the_third_generation_insists_on_a_key(client: Client) -> None:
    """Without one, a lost answer could not be repaired."""
    answer = await create(client, key="")

    assert (answer.status, answer.json["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("generation", "shown"),
    [
        ("G1", {"relayIndex": 1, "action": "ON"}),
        ("G2", {"relayIndex": 1, "action": "ON", "type": "RELAY_SET"}),
        (
            "G3",
            {
                "operation": "device.relay.set",
                "params": {"relays": [{"index": 1, "action": "ON"}]},
            },
        ),
    ],
)
async def test_each_generation_shows_a_command_its_own_way(
    cloud: WlteSimulator, client: Client, generation: str, shown: dict[str, object]
) -> None:
    """Only the id, the device, the status and the time are common to all."""
    cloud.configure({"generation": generation})
    await create_old(client)

    data = (await look_up(client)).json["data"]

    assert data.pop("createdAt")
    assert data == {"id": "cmd-1", "deviceId": "dev-7", "status": "SUCCESS", **shown}


@pytest.mark.parametrize("generation", ["G1", "G2"])
@pytest.mark.parametrize("http", [404, 405])
async def test_older_generations_do_not_know_the_new_path(
    cloud: WlteSimulator, client: Client, generation: str, http: int
) -> None:
    """The answer has no word of WLTE's own, which tells it from an unknown device."""
    cloud.configure({"generation": generation, "missing_path_status": http})

    answer = await create(client)

    assert answer.status == http
    assert "code" not in answer.text


@pytest.mark.parametrize("generation", ["G1", "G2"])
async def test_older_generations_answer_flatly(
    cloud: WlteSimulator, client: Client, generation: str
) -> None:
    """The id is found at another place than in G3."""
    cloud.configure({"generation": generation})

    answer = await create_old(client, 2, "JOG")

    assert (answer.status, answer.json["code"]) == (202, "COMMAND_ACCEPTED")
    data = answer.json["data"]
    assert (data["id"], data["relayIndex"], data["action"]) == ("cmd-1", 2, "JOG")
    assert data["status"] == "SUCCESS"
    assert "Deprecation" not in answer.headers


async def test_the_first_generation_may_keep_the_status_to_itself(
    cloud: WlteSimulator, client: Client
) -> None:
    """The vendor's own example has four fields and no more."""
    cloud.configure({"generation": "G1", "status_in_create": False})

    answer = await create_old(client)

    assert answer.json["data"] == {
        "id": "cmd-1",
        "deviceId": "dev-7",
        "relayIndex": 1,
        "action": "ON",
    }


async def test_the_old_path_is_deprecated_in_the_third_generation(client: Client) -> None:
    """It says where to go."""
    answer = await create_old(client)

    assert answer.status == 202
    assert answer.json["data"]["id"] == "cmd-1"
    assert answer.headers["Deprecation"] == "true"
    assert "/wlte/v1/devices/dev-7/relays/commands" in answer.headers["Link"]


async def test_somebody_else_may_command_as_well(
    cloud: WlteSimulator, client: Client, clock: ManualClock
) -> None:
    """Commands from other hands can be followed, also those without relays."""
    relay = cloud.issue("dev-7", {1: "ON", 2: "OFF"}, outcome="FAILED", after=5)
    other = cloud.issue("dev-8", operation="device.rs485.transceive")
    clock.advance(5)

    assert await status(client, relay.command_id) == "FAILED"
    data = (await look_up(client, other.command_id)).json["data"]
    assert data["operation"] == "device.rs485.transceive"
    assert "params" not in data


async def test_ten_thousand_open_commands_need_no_task(cloud: WlteSimulator) -> None:
    """Their state is worked out when somebody asks."""
    before = asyncio.all_tasks()

    for _ in range(10_000):
        cloud.issue(after=None)

    assert asyncio.all_tasks() == before
    assert len(cloud.commands) == 10_000
