"""Driving the simulator from another process."""

import asyncio
from asyncio.subprocess import PIPE
from pathlib import Path
import sys

from aiohttp import ClientSession
import pytest

from simulators.blink import BlinkSimulator
from simulators.clock import ManualClock
from simulators.control import ControlError
from tests.simulators.client import Client

CONTROL = "/_simulator"
GARDEN = "/network/1234/camera/701"


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("script", {"name": "failure", "target": 701, "times": 1, "stages": ["sm"]}),
        ("clear_scripts", {}),
        ("record_motion", {"network_id": 1234, "seconds": 5}),
        ("set_device", {"device_id": 701, "status": "offline"}),
        ("set_network", {"network_id": 1234, "armed": True}),
        ("remove_device", {"device_id": 701}),
        ("issue", {"command": "arm", "target": 1234}),
        ("issue_refresh_token", {}),
        ("expire_tokens", {}),
        ("revoke_tokens", {}),
        ("forget_sign_ins", {}),
    ],
)
async def test_what_can_be_done_inside_can_be_done_outside(
    api: Client, action: str, arguments: dict[str, object]
) -> None:
    """Each action takes plain JSON."""
    assert (await api.ask("POST", f"{CONTROL}/actions/{action}", arguments)).status == 200


async def test_a_command_is_ended_and_forgotten_from_outside(
    blink: BlinkSimulator, api: Client
) -> None:
    """By its id."""
    number = blink.issue("thumbnail", 701, "never")

    await api.ask("POST", f"{CONTROL}/actions/complete", {"command_id": number})
    assert (await api.ask("GET", f"/network/1234/command/{number}")).json["complete"] is True
    await api.ask("POST", f"{CONTROL}/actions/forget", {"command_id": number})
    assert (await api.ask("GET", f"/network/1234/command/{number}")).status == 404


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("script", {"name": "miracle"}),
        ("script", {"refusal": "no time"}),
        ("script", {"telling": "lies"}),
        ("script", {"colour": "red"}),
        ("set_device", {"device_id": 1}),
        ("set_network", {"network_id": 1}),
        ("issue", {"command": "fly", "target": 701}),
        ("issue", {"command": "fly", "target": 1234}),
        ("complete", {"command_id": 1}),
        ("forget", {"command_id": 1}),
    ],
)
async def test_orders_that_make_no_sense_are_refused(
    api: Client, action: str, arguments: dict[str, object]
) -> None:
    """The answer says what is wrong."""
    answer = await api.ask("POST", f"{CONTROL}/actions/{action}", arguments)

    assert answer.status == 400
    assert "error" in answer.json


async def test_the_state_tells_what_happened(api: Client, clock: ManualClock) -> None:
    """Enough to see from outside whether a client behaved."""
    await api.ask("POST", f"{GARDEN}/thumbnail")
    await api.ask("POST", f"{GARDEN}/thumbnail")
    clock.advance(3)

    state = (await api.ask("GET", f"{CONTROL}/state")).json

    assert state["most_at_once"] == {"1234": 2}
    [command] = state["commands"]
    assert (command["command"], command["target_id"]) == ("thumbnail", 701)
    assert (command["complete"], command["stage"]) == (True, "vs")
    assert state["devices"][0]["pictures"] == 2
    assert state["networks"][0]["name"] == "Home"


async def test_a_device_has_only_what_it_has(blink: BlinkSimulator) -> None:
    """A change that was mistyped must be heard of, and changes nothing."""
    with pytest.raises(ControlError):
        blink.set_device(701, enabled=False, colour="red")

    assert blink.world.devices[701].enabled is True


async def test_a_reset_makes_everything_as_new(blink: BlinkSimulator, api: Client) -> None:
    """Tokens, commands, scripts and devices; the secrets stay."""
    token = blink.issue_refresh_token()
    await api.ask("POST", f"{GARDEN}/thumbnail")
    blink.script("failure")
    blink.set_device(701, name="Jungle")
    blink.settings.tier = "u001"

    await api.ask("POST", f"{CONTROL}/reset")

    assert not blink.book.commands
    assert blink.world.devices[701].name == "Garden"
    assert blink.settings.tier == "e008"
    assert (await api.ask("GET", "/networks")).status == 401
    assert token in blink.secrets


async def test_it_runs_as_a_process(session: ClientSession) -> None:
    """By its name, with settings from the command line."""
    root = Path(__file__).parents[3]
    command = [sys.executable, "-m", "simulators", "blink", "--set", "second_factor=none"]
    process = await asyncio.create_subprocess_exec(*command, cwd=root, stdout=PIPE, stderr=PIPE)
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert line.startswith("blink simulator ready at http://127.0.0.1:")

    scenario = await Client(session, line.split()[-1]).ask("GET", f"{CONTROL}/scenario")
    assert scenario.json["second_factor"] == "none"

    process.terminate()
    assert await process.communicate() == (b"", b"")
