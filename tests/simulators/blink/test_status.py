"""Following a command: stages over time, ends of every kind, and answers that make no sense."""

from typing import Any

import pytest

from simulators.blink import BlinkSimulator
from simulators.clock import ManualClock
from tests.simulators.client import Answer, Client

GARDEN = "/network/1234/camera/701"
ARM = "/api/v1/accounts/771204583/networks/1234/state/arm"


class Followed:
    """A command and how to ask about it."""

    def __init__(self, api: Client, number: int) -> None:
        """Keep its id."""
        self._api = api
        self.number = number

    async def ask(self) -> Answer:
        """Ask for its status."""
        return await self._api.ask("GET", f"/network/1234/command/{self.number}")

    async def status(self) -> Any:
        """Return its status."""
        return (await self.ask()).json


@pytest.fixture
async def start(blink: BlinkSimulator, api: Client) -> Any:
    """Return how to start a thumbnail that goes as a script says."""

    async def start(name: str = "success", **changes: Any) -> Followed:
        blink.script(name, times=1, **changes)
        return Followed(api, (await api.ask("POST", f"{GARDEN}/thumbnail")).json["id"])

    return start


def where(status: Any) -> tuple[bool, str, str]:
    """Return whether a command is complete, its condition and its stage."""
    own = status["commands"][0]
    return status["complete"], own["state_condition"], own["state_stage"]


def verdict(status: Any) -> tuple[Any, ...]:
    """Return what decides, and what does not."""
    return status["complete"], status["status"], status["status_code"], status["status_msg"]


async def test_a_command_walks_through_its_stages(start: Any, clock: ManualClock) -> None:
    """With 908 all the way: it proves nothing."""
    command = await start()
    walk = []
    codes = set()
    for _ in range(7):
        status = await command.status()
        walk.append(where(status))
        codes.add((status["status"], status["status_code"], status["status_msg"]))
        clock.advance(0.5)

    assert walk == [
        (False, "new", "rest"),
        (False, "running", "cs_db"),
        (False, "running", "cs_sent"),
        (False, "running", "sm"),
        (False, "running", "dev"),
        (False, "running", "dev"),
        (True, "done", "vs"),
    ]
    assert codes == {(0, 908, "Command succeeded")}


async def test_stages_have_their_times(start: Any, clock: ManualClock) -> None:
    """The record fills up on the way; at its end nothing more happens to it."""
    command = await start(seconds=12)
    clock.advance(6)
    running = (await command.status())["commands"][0]
    assert running["sm_ack"] == 1
    assert running["lfr_ack"] is None
    assert running["stage_dev"] is None
    assert running["stage_rest"] < running["stage_cs_db"] < running["stage_sm"]
    assert running["updated_at"] == running["stage_sm"]

    clock.advance(6)

    done = await command.status()
    assert done["commands"][0]["stage_vs"] == done["commands"][0]["updated_at"]
    assert done["commands"][0]["deleted_at"] is None
    clock.advance(3600)
    assert await command.status() == done


async def test_stages_can_be_skipped(start: Any, clock: ManualClock) -> None:
    """A client must not wait for each of them."""
    command = await start("swift")
    clock.advance(1)
    assert where(await command.status()) == (False, "running", "sm")

    clock.advance(2)

    own = (await command.status())["commands"][0]
    assert (own["state_stage"], own["stage_cs_sent"], own["stage_dev"]) == ("vs", None, None)


async def test_arming_tells_about_its_children(api: Client, clock: ManualClock) -> None:
    """They follow the command itself and name it as their parent."""
    answer = (await api.ask("POST", ARM)).json
    clock.advance(3)

    status = await Followed(api, answer["id"]).status()

    own, *children = status["commands"]
    assert (own["id"], own["command"], own["parent_command_id"]) == (answer["id"], "arm", None)
    assert [(child["parent_command_id"], child["target_id"]) for child in children] == [
        (answer["id"], 701),
        (answer["id"], 702),
    ]
    assert where(status) == (True, "done", "dev")


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("success", (True, 0, 908, "Command succeeded")),
        ("failure", (True, 1, 908, "Command failed")),
        ("failure_523", (True, 1, 523, "Live view failed")),
        ("failure_in_words", (True, "failed", 908, "Command failed")),
        ("out_of_reach", (True, 1, 908, "Camera is offline")),
    ],
)
async def test_every_end_looks_fine_until_it_comes(
    start: Any, clock: ManualClock, name: str, end: tuple[Any, ...]
) -> None:
    """`status` decides, and only when it is complete."""
    command = await start(name)
    clock.advance(2.9)
    assert verdict(await command.status()) == (False, 0, 908, "Command succeeded")

    clock.advance(0.1)

    status = await command.status()
    assert verdict(status) == end
    assert where(status)[1] == ("done" if name == "success" else "error")


async def test_a_camera_that_is_offline_fails(
    api: Client, blink: BlinkSimulator, clock: ManualClock
) -> None:
    """Without any script, unless one says otherwise."""
    number = (await api.ask("POST", "/network/1234/camera/702/thumbnail")).json["id"]
    clock.advance(3)
    status = await Followed(api, number).status()
    assert (status["status"], status["commands"][0]["state_stage"]) == (1, "sm")

    blink.script("success", target=702)
    number = (await api.ask("POST", "/network/1234/camera/702/thumbnail")).json["id"]
    clock.advance(3)
    assert (await Followed(api, number).status())["status"] == 0


async def test_a_running_command_may_have_another_code(start: Any, clock: ManualClock) -> None:
    """And end well all the same."""
    command = await start("running_with_another_code")
    assert verdict(await command.status())[:3] == (False, 0, 1)

    clock.advance(3)

    assert verdict(await command.status())[:3] == (True, 0, 908)


async def test_a_condition_may_be_a_word_that_nobody_knows(start: Any, clock: ManualClock) -> None:
    """Only while it runs."""
    command = await start(condition="error")
    clock.advance(2)
    assert where(await command.status()) == (False, "error", "dev")


async def test_a_command_may_never_end(start: Any, clock: ManualClock) -> None:
    """It stays where it is."""
    command = await start("never")
    clock.advance(14_000)

    assert where(await command.status()) == (False, "running", "dev")


async def test_a_command_may_end_late(start: Any, clock: ManualClock) -> None:
    """After anybody's patience."""
    command = await start("late")
    clock.advance(89)
    assert (await command.status())["complete"] is False

    clock.advance(1)

    assert where(await command.status()) == (True, "done", "vs")


async def test_a_command_ends_on_demand(blink: BlinkSimulator, start: Any) -> None:
    """For better or worse; the world and the network follow."""
    good, pictures = await start("never"), blink.world.devices[701].pictures
    blink.complete(good.number)
    assert verdict(await good.status())[:2] == (True, 0)
    assert blink.world.devices[701].pictures == pictures + 1

    bad = await start("never")
    blink.complete(bad.number, "failure", status_msg="Lens dirty")
    assert verdict(await bad.status()) == (True, 1, 908, "Lens dirty")
    assert blink.world.devices[701].pictures == pictures + 1


async def test_a_command_may_be_unknown_from_the_start(start: Any) -> None:
    """Although it was taken."""
    command = await start("never_known")

    assert (await command.ask()).status == 404


async def test_a_command_may_be_forgotten_after_good_answers(start: Any) -> None:
    """As long finished ones are, one day."""
    command = await start("forgotten")

    assert [(await command.ask()).status for _ in range(4)] == [200, 200, 404, 404]


async def test_a_command_is_forgotten_on_demand(blink: BlinkSimulator, start: Any) -> None:
    """At any moment."""
    command = await start()
    assert (await command.ask()).status == 200

    blink.forget(command.number)

    assert (await command.ask()).status == 404


@pytest.mark.parametrize("path", ["1234/command/1", "5678/command/{number}", "1234/command/word"])
async def test_only_its_own_network_knows_a_command(start: Any, api: Client, path: str) -> None:
    """Anything else is a web page that says 404."""
    command = await start()

    answer = await api.ask("GET", f"/network/{path.format(number=command.number)}")

    assert (answer.status, answer.text) == (404, "<h1>Not Found</h1>")


async def test_the_newer_path_tells_the_same(start: Any, api: Client) -> None:
    """Without `/api`."""
    command = await start()

    newer = await api.ask("GET", f"/accounts/771204583/networks/1234/commands/{command.number}")

    assert newer.json == await command.status()


async def test_the_list_of_commands_may_lack_ours(start: Any) -> None:
    """Somebody else's is in it."""
    command = await start("foreign")

    [listed] = (await command.status())["commands"]

    assert listed["id"] != command.number


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("without_commands", {"commands"}),
        ("without_status", {"status", "status_msg"}),
        ("without_complete", {"complete"}),
    ],
)
async def test_fields_may_be_missing(start: Any, name: str, missing: set[str]) -> None:
    """As in answers of other versions."""
    status = await (await start(name)).status()

    whole = {"complete", "status", "status_msg", "status_code", "commands", "media_id"}
    assert whole - status.keys() == missing


async def test_the_list_of_commands_may_be_empty(start: Any, clock: ManualClock) -> None:
    """The verdict is there all the same."""
    command = await start("empty")
    clock.advance(3)

    status = await command.status()

    assert (status["commands"], status["complete"], status["status"]) == ([], True, 0)


@pytest.mark.parametrize(("name", "kind"), [("html", "text/html"), ("text", "text/plain")])
async def test_an_answer_may_be_no_json(start: Any, name: str, kind: str) -> None:
    """With status 200."""
    answer = await (await start(name)).ask()

    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize("status", [401, 406, 429, 500, 502])
async def test_polls_fail_on_demand(blink: BlinkSimulator, start: Any, status: int) -> None:
    """By the base's faults, with the words of the cloud."""
    command = await start()
    blink.faults.add("status", "status", status=status, headers={"Retry-After": "7"})

    answer = await command.ask()

    assert (answer.status, answer.headers["Retry-After"]) == (status, "7")
    assert (await command.ask()).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/network/1234/command/{}/done/",
        "/network/1234/command/{}/done",
        "/accounts/771204583/networks/1234/commands/{}/done",
    ],
)
async def test_done_ends_a_command(
    blink: BlinkSimulator, api: Client, start: Any, clock: ManualClock, path: str
) -> None:
    """With code 902; nothing comes of it any more, and the network is free."""
    command = await start()
    clock.advance(1)

    answer = await api.ask("POST", path.format(command.number))

    assert (answer.status, answer.json["code"]) == (200, 902)
    clock.advance(10)
    assert where(await command.status()) == (True, "done", "cs_sent")
    assert blink.world.devices[701].pictures == 1
    assert blink.book.lane(1234).running(clock()) == 0


async def test_done_comes_too_late_for_what_is_complete(
    api: Client, start: Any, clock: ManualClock
) -> None:
    """It keeps its real outcome."""
    command = await start("failure")
    clock.advance(3)

    answer = await api.ask("POST", f"/network/1234/command/{command.number}/done/")

    assert answer.json["code"] == 902
    assert verdict(await command.status())[:2] == (True, 1)


async def test_done_needs_a_command(api: Client) -> None:
    """One that is there."""
    assert (await api.ask("POST", "/network/1234/command/1/done/")).status == 404
