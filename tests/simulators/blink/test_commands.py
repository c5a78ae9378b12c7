"""Starting commands: which call is for which device, what it answers, what refuses it."""

import pytest

from simulators.blink import BlinkSimulator, Busy
from simulators.clock import ManualClock
from tests.simulators.client import Client

A = "/api/v1/accounts/771204583/networks"
GARDEN = "/network/1234/camera/701"
DRIVEWAY = "/network/1234/camera/702"
HALL = f"{A}/5678/owls/801"
YARD = f"{A}/1234/owls/802"
DOOR = f"{A}/1234/doorbells/901"
BUSY = {"message": "System is busy, please wait", "error": None, "code": 307}


@pytest.mark.parametrize(
    ("path", "command", "target"),
    [
        ("thumbnail", "thumbnail", "camera"),
        ("clip", "clip", None),
        ("enable", "device_motion_enable", "camera"),
        ("disable", "device_motion_disable", "camera"),
    ],
)
async def test_a_classic_camera_answers_with_the_full_record(
    api: Client, path: str, command: str, target: str | None
) -> None:
    """In its first state: at rest, and new."""
    answer = await api.ask("POST", f"{GARDEN}/{path}")

    record = answer.json
    assert answer.status == 200
    assert (record["command"], record["target"], record["target_id"]) == (command, target, 701)
    assert (record["state_stage"], record["state_condition"]) == ("rest", "new")
    assert record["stage_rest"] == record["created_at"]
    assert {record[f"stage_{stage}"] for stage in ("cs_db", "cs_sent", "sm", "dev", "vs")} == {None}
    assert record["network_id"] == 1234


@pytest.mark.parametrize(
    ("path", "command"),
    [
        (f"{GARDEN}/status", "status"),
        (f"{HALL}/thumbnail", "thumbnail"),
        (f"{HALL}/status", "status"),
        (f"{HALL}/config", "config_set"),
        (f"{DOOR}/thumbnail", "thumbnail"),
        (f"{DOOR}/enable", "device_motion_enable"),
        (f"{DOOR}/disable", "device_motion_disable"),
        (f"{DOOR}/config", "config_set"),
        (f"{DOOR}/status", "status"),
        (f"{YARD}/lights/on", "accessory_lights_on"),
        (f"{YARD}/lights/off", "accessory_lights_off"),
    ],
)
async def test_everything_newer_answers_in_short(
    api: Client, blink: BlinkSimulator, path: str, command: str
) -> None:
    """With `state` in place of `state_condition`."""
    answer = (await api.ask("POST", path, {"enabled": True})).json

    [taken] = blink.book.commands.values()
    assert answer == {
        "id": taken.id,
        "network_id": taken.wish.network_id,
        "command": command,
        "state": "new",
    }


@pytest.mark.parametrize("word", ["arm", "disarm"])
async def test_arming_has_a_child_for_each_camera(api: Client, word: str) -> None:
    """The children run already; the network's own command is new."""
    answer = (await api.ask("POST", f"{A}/1234/state/{word}")).json

    children = answer.pop("commands")
    assert answer == {"id": answer["id"], "network_id": 1234, "command": word, "state": "new"}
    assert [(child["command"], child["state"]) for child in children] == [
        ("config_lfr", "running"),
        ("config_lfr", "running"),
    ]
    assert len({answer["id"], *(child["id"] for child in children)}) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/api/v6/accounts/771204583/networks/1234/cameras/701/liveview",
        "/api/v2/accounts/771204583/networks/5678/owls/801/liveview",
        "/api/v2/accounts/771204583/networks/1234/doorbells/901/liveview",
    ],
    ids=["camera", "mini", "doorbell"],
)
async def test_live_view_calls_its_id_by_another_name(api: Client, path: str) -> None:
    """`command_id`, and no network (blinkpy#979)."""
    answer = (await api.ask("POST", path, {"intent": "liveview"})).json

    assert answer["command_id"]
    assert not {"id", "network_id"} & set(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/network/5678/camera/801/thumbnail",
        "/network/1234/camera/901/thumbnail",
        f"{A}/1234/owls/701/thumbnail",
        f"{A}/1234/doorbells/802/thumbnail",
        f"{A}/1234/owls/801/thumbnail",
        f"{A}/1234/owls/hall/thumbnail",
    ],
    ids=[
        "mini as camera",
        "doorbell as camera",
        "camera as mini",
        "mini as doorbell",
        "in another network",
        "by a word",
    ],
)
async def test_a_camera_of_another_family_is_not_found(api: Client, path: str) -> None:
    """Code 500, whatever the status."""
    answer = await api.ask("POST", path)

    assert (answer.json["message"], answer.json["code"]) == ("Camera not found", 500)


async def test_only_a_floodlight_has_lights(api: Client) -> None:
    """A mini is told that it is of the wrong type."""
    assert (await api.ask("POST", f"{HALL}/lights/on")).json["code"] == 1630


async def test_success_changes_the_world(
    blink: BlinkSimulator, api: Client, clock: ManualClock
) -> None:
    """When the command is complete, not before."""
    blink.settings.busy = Busy.OFF
    home = f"/api/v3/accounts/{blink.settings.account_id}/homescreen"
    before = (await api.ask("GET", home)).json
    await api.ask("POST", f"{A}/1234/state/arm")
    await api.ask("POST", f"{GARDEN}/disable")
    await api.ask("POST", f"{GARDEN}/thumbnail")
    await api.ask("POST", f"{GARDEN}/clip")
    await api.ask("POST", f"{DOOR}/status")
    await api.ask("POST", f"{DOOR}/disable")
    await api.ask("POST", f"{YARD}/lights/on")
    await api.ask("POST", f"{HALL}/config", {"enabled": False})
    await api.ask("POST", f"{HALL}/config", [])
    assert (await api.ask("GET", home)).json == before

    clock.advance(3)

    after = (await api.ask("GET", home)).json
    assert after["networks"][0]["armed"] is True
    garden = after["cameras"][0]
    assert garden["enabled"] is False
    assert garden["thumbnail"] != before["cameras"][0]["thumbnail"]
    assert after["doorbells"][0]["enabled"] is False
    assert after["owls"][0]["enabled"] is False
    assert blink.world.devices[802].lights is True
    assert blink.world.devices[701].clips == 1


async def test_what_was_switched_on_can_be_switched_off(
    blink: BlinkSimulator, api: Client, clock: ManualClock
) -> None:
    """Each action has its opposite."""
    blink.set_network(1234, armed=True)
    blink.set_device(802, lights=True)
    blink.set_device(701, enabled=False)
    blink.set_device(901, enabled=False)
    blink.settings.busy = Busy.OFF

    await api.ask("POST", f"{A}/1234/state/disarm")
    await api.ask("POST", f"{YARD}/lights/off")
    await api.ask("POST", f"{GARDEN}/enable")
    await api.ask("POST", f"{DOOR}/enable")
    clock.advance(3)
    await api.ask("GET", "/networks")

    assert blink.world.networks[1234].armed is False
    assert blink.world.devices[802].lights is False
    assert blink.world.devices[701].enabled is True
    assert blink.world.devices[901].enabled is True


async def test_failure_changes_nothing(
    blink: BlinkSimulator, api: Client, clock: ManualClock
) -> None:
    """A camera out of reach takes no picture."""
    await api.ask("POST", f"{DRIVEWAY}/thumbnail")
    clock.advance(3)
    await api.ask("GET", "/networks")

    assert blink.world.devices[702].pictures == 1


@pytest.mark.parametrize(("busy", "status"), [(Busy.STATUS_409, 409), (Busy.STATUS_200, 200)])
async def test_a_network_runs_one_command_at_a_time(
    blink: BlinkSimulator, api: Client, clock: ManualClock, busy: Busy, status: int
) -> None:
    """The second is told to wait, until the first is complete; both attempts were seen."""
    blink.settings.busy = busy
    await api.ask("POST", f"{GARDEN}/thumbnail")
    assert (await api.ask("GET", "/network/1234")).json["network"]["busy"] is True

    refused = await api.ask("POST", f"{DOOR}/thumbnail")

    assert (refused.status, refused.json) == (status, BUSY)
    assert blink.book.most_at_once == {1234: 2}
    clock.advance(3)
    assert "id" in (await api.ask("POST", f"{DOOR}/thumbnail")).json


async def test_networks_do_not_wait_for_each_other(blink: BlinkSimulator, api: Client) -> None:
    """Each has its own hub."""
    await api.ask("POST", f"{GARDEN}/thumbnail")

    assert (await api.ask("POST", f"{HALL}/thumbnail")).status == 200
    assert blink.book.most_at_once == {1234: 1, 5678: 1}


async def test_one_after_the_other_is_never_two_at_once(
    blink: BlinkSimulator, api: Client, clock: ManualClock
) -> None:
    """What a polite client looks like from here."""
    for _ in range(3):
        await api.ask("POST", f"{GARDEN}/thumbnail")
        clock.advance(3)

    assert blink.book.most_at_once == {1234: 1}


async def test_without_the_rule_commands_run_side_by_side(
    blink: BlinkSimulator, api: Client
) -> None:
    """So that a test can see what a client would have done."""
    blink.settings.busy = Busy.OFF

    for _ in range(3):
        await api.ask("POST", f"{GARDEN}/thumbnail")

    assert len(blink.book.commands) == 3
    assert blink.book.most_at_once == {1234: 3}


async def test_a_network_is_busy_while_a_camera_records_motion(
    blink: BlinkSimulator, api: Client, clock: ManualClock
) -> None:
    """Nobody's command runs, and yet one must wait."""
    blink.record_motion(1234, seconds=10)

    assert (await api.ask("POST", f"{GARDEN}/thumbnail")).json == BUSY
    assert blink.book.most_at_once == {1234: 1}
    clock.advance(10)
    assert "id" in (await api.ask("POST", f"{GARDEN}/thumbnail")).json


async def test_a_command_that_never_ends_gives_its_network_free_one_day(
    blink: BlinkSimulator, api: Client, clock: ManualClock
) -> None:
    """Otherwise nothing could follow it."""
    blink.script("never", times=1)
    await api.ask("POST", f"{GARDEN}/thumbnail")
    clock.advance(59)
    assert (await api.ask("POST", f"{GARDEN}/thumbnail")).json == BUSY

    clock.advance(1)

    assert "id" in (await api.ask("POST", f"{GARDEN}/thumbnail")).json


async def test_arming_needs_an_enabled_camera(blink: BlinkSimulator, api: Client) -> None:
    """The refusal comes as a 200 without an id; disarming is always possible."""
    for device in (701, 702, 802, 901):
        blink.set_device(device, enabled=False)

    refused = await api.ask("POST", f"{A}/1234/state/arm")

    assert refused.status == 200
    assert refused.json == {"message": "No Cameras Enabled for Motion", "error": None, "code": 304}
    assert "id" in (await api.ask("POST", f"{A}/1234/state/disarm")).json


async def test_arming_goes_by_its_script_where_there_is_one(
    blink: BlinkSimulator, api: Client, clock: ManualClock
) -> None:
    """The target is the network then."""
    blink.script("failure", target=1234, times=1)

    number = (await api.ask("POST", f"{A}/1234/state/arm")).json["id"]
    clock.advance(3)

    assert (await api.ask("GET", f"/network/1234/command/{number}")).json["status"] == 1
    assert blink.world.networks[1234].armed is False


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("busy_409", 409, 307),
        ("busy_200", 200, 307),
        ("no_cameras", 200, 304),
        ("motion_off", 400, 2805),
        ("camera_not_found", 404, 500),
        ("unauthorized", 401, 101),
    ],
)
async def test_a_command_is_refused_on_demand(
    blink: BlinkSimulator, api: Client, name: str, status: int, code: int
) -> None:
    """It never existed, then."""
    blink.script(name, times=1)

    refused = await api.ask("POST", f"{GARDEN}/thumbnail")

    assert (refused.status, refused.json["code"]) == (status, code)
    assert not blink.book.commands
    assert (await api.ask("POST", f"{GARDEN}/thumbnail")).status == 200


async def test_scripts_are_for_targets_and_commands(blink: BlinkSimulator, api: Client) -> None:
    """The next ones go first, in their order; then what stands, the newest first."""
    blink.settings.busy = Busy.OFF
    blink.script("motion_off")
    blink.script("no_cameras", target=701)
    blink.script("busy_200", target=701, times=1)
    blink.script("busy_409", command="clip", times=1)

    codes = [
        (await api.ask("POST", path)).json["code"]
        for path in (
            f"{GARDEN}/thumbnail",
            f"{GARDEN}/thumbnail",
            f"{GARDEN}/clip",
            f"{GARDEN}/clip",
            f"{DOOR}/thumbnail",
        )
    ]

    assert codes == [307, 304, 307, 304, 2805]
    blink.playbook.clear()
    assert "id" in (await api.ask("POST", f"{DOOR}/thumbnail")).json


async def test_a_busy_network_uses_up_no_script(
    blink: BlinkSimulator, api: Client, clock: ManualClock
) -> None:
    """The story is for the command that gets through."""
    await api.ask("POST", f"{GARDEN}/thumbnail")
    blink.script("no_cameras", target=701, times=1)
    assert (await api.ask("POST", f"{GARDEN}/thumbnail")).json["code"] == 307
    clock.advance(3)

    assert (await api.ask("POST", f"{GARDEN}/thumbnail")).json["code"] == 304


async def test_somebody_else_can_send_a_command(
    blink: BlinkSimulator, api: Client, clock: ManualClock
) -> None:
    """From a phone: it can be followed by its id, and keeps the network busy."""
    number = blink.issue("thumbnail", 701, seconds=5)
    blink.issue("arm", 5678)

    assert (await api.ask("POST", f"{GARDEN}/thumbnail")).json == BUSY
    clock.advance(5)
    status = (await api.ask("GET", f"/network/1234/command/{number}")).json
    assert (status["complete"], status["commands"][0]["command"]) == (True, "thumbnail")


async def test_ten_thousand_commands_are_no_burden(
    blink: BlinkSimulator, api: Client, clock: ManualClock
) -> None:
    """State is computed on read: a benchmark measures the client, not the cloud."""
    blink.settings.busy = Busy.OFF
    numbers = [blink.issue("thumbnail", 701, seconds=5) for _ in range(10_000)]
    clock.advance(5)

    status = (await api.ask("GET", f"/network/1234/command/{numbers[-1]}")).json

    assert status["complete"] is True
    assert blink.world.devices[701].pictures == 10_001
    assert blink.book.lane(1234).running(clock()) == 0
