"""Status objects: how they come, change, and go."""

import pytest

from simulators.clock import ManualClock
from simulators.esper import ENTERPRISE, EsperSimulator
from tests.simulators.client import Client

from .calls import KIOSK, LOBBY, STATUS, WAREHOUSE, create, statuses, update, words


@pytest.fixture(autouse=True)
def at_once(cloud: EsperSimulator) -> None:
    """Let status objects exist at once; one test is about those that do not."""
    cloud.settings.status_delay = 0.0


async def test_there_is_nothing_for_the_first_moment(
    cloud: EsperSimulator, client: Client, clock: ManualClock
) -> None:
    """Then there is one for each device."""
    cloud.settings.status_delay = 0.3
    await create(client, LOBBY, KIOSK)
    assert await statuses(client) == []
    clock.advance(0.3)
    assert [status["device"] for status in await statuses(client)] == [LOBBY, KIOSK]


async def test_a_command_walks_to_its_outcome(client: Client, clock: ManualClock) -> None:
    """In equal steps, as the clock says when somebody asks."""
    await create(client, LOBBY)
    seen = []
    for _ in range(4):
        seen += await words(client)
        clock.advance(0.7)
    assert seen == [
        "Command Initiated",
        "Command Acknowledged",
        "Command In Progress",
        "Command Success",
    ]


async def test_scripts_are_for_devices_commands_and_times(
    cloud: EsperSimulator, client: Client
) -> None:
    """The next ones come before those that stand."""
    cloud.script(outcome="Command Failure", reason="no such app", after=0.0, command="INSTALL")
    cloud.script(outcome="Command Pondered", after=0.0, device=KIOSK)
    cloud.script(outcome="Command Cancelled", after=0.0, device=WAREHOUSE, times=1)
    cloud.script(outcome=None, after=0.0, times=1)
    await create(client, LOBBY, KIOSK, word="INSTALL")
    await create(client, LOBBY, KIOSK, word="INSTALL")
    assert [(status["state"], status["reason"]) for status in await statuses(client)] == [
        ("Command In Progress", ""),
        ("Command Pondered", ""),
        ("Command Failure", "no such app"),
        ("Command Pondered", ""),
    ]


async def test_an_offline_device_leaves_its_command_in_the_queue(
    cloud: EsperSimulator, client: Client, clock: ManualClock
) -> None:
    """Without limit, until it comes back; then everything goes its way."""
    await create(client, WAREHOUSE)
    clock.advance(1_000_000)
    assert await words(client) == ["Command Queued"]
    cloud.set_device(WAREHOUSE, online=True, after=60)
    cloud.set_device(WAREHOUSE, online=False, after=90)
    clock.advance(59)
    assert await words(client) == ["Command Queued"]
    clock.advance(1)
    assert await words(client) == ["Command Initiated"]
    clock.advance(40)
    assert await words(client) == ["Command Success"]


async def test_a_time_out_is_not_the_end(
    cloud: EsperSimulator, client: Client, clock: ManualClock
) -> None:
    """The last word may come after it; what is on the way then is not told."""
    cloud.script(times_out_after=120.0, waits_as="Command Scheduled", held=100.0, after=60.0)
    await create(client, LOBBY)
    seen = []
    for _ in range(9):
        seen += await words(client)
        clock.advance(20)
    assert seen == [
        *["Command Scheduled"] * 5,
        "Command Initiated",
        *["Command TimeOut"] * 2,
        "Command Success",
    ]


async def test_statuses_are_filtered(
    cloud: EsperSimulator, client: Client, clock: ManualClock
) -> None:
    """By comma lists of requests and devices, by state, and by who asked."""
    first = cloud.issue("REBOOT", [LOBBY, KIOSK, WAREHOUSE]).request_id
    second = cloud.issue("LOCK", [LOBBY]).request_id
    third = cloud.issue("UPDATE_HEARTBEAT", [LOBBY], internal=True).request_id
    clock.advance(10)

    async def found(query: str) -> list[tuple[str, str]]:
        return [(s["request"], s["device"]) for s in await statuses(client, query)]

    assert await found(f"request={first},{second}&device={LOBBY},{WAREHOUSE}") == [
        (first, LOBBY),
        (first, WAREHOUSE),
        (second, LOBBY),
    ]
    assert await found("state=Command+Queued") == [(first, WAREHOUSE)]
    assert len(await found(f"device={LOBBY}")) == 3
    assert await found(f"device={LOBBY}&exclude_internal_commands=true") == [
        (first, LOBBY),
        (second, LOBBY),
    ]
    assert await found("request=unknown") == []
    assert await found(f"request={third}") == [(third, LOBBY)]


async def test_a_device_may_be_told_as_an_address(cloud: EsperSimulator, client: Client) -> None:
    """As in Commands V2."""
    cloud.settings.device_as_url = True
    await create(client, LOBBY)
    (status,) = await statuses(client)
    assert status["device"] == f"{cloud.tenant}/enterprise/{ENTERPRISE}/device/{LOBBY}/"


@pytest.mark.parametrize("word", ["SCAN_OS_UPDATES", "OS_UPDATE_STATUS"])
async def test_some_commands_bring_data(client: Client, clock: ManualClock, word: str) -> None:
    """The others have null in the place of it."""
    await create(client, LOBBY, word=word)
    await create(client, WAREHOUSE, word="REBOOT")
    clock.advance(2)
    with_data, without = await statuses(client)
    assert with_data["command_meta"]["result"]
    assert without["command_meta"] is None


async def test_a_download_advances(client: Client, clock: ManualClock) -> None:
    """Its percentage follows the clock; a scan has nothing to tell before its end."""
    await create(client, LOBBY, word="OS_UPDATE_STATUS")
    await create(client, LOBBY, word="SCAN_OS_UPDATES")
    clock.advance(0.5)
    download, scan = await statuses(client)
    assert download["command_meta"]["result"]["download_percent_complete"] == 25
    assert scan["command_meta"] is None


async def test_a_script_may_bring_its_own_data(
    cloud: EsperSimulator, client: Client, clock: ManualClock
) -> None:
    """With the last word; older clouds have no place for it."""
    cloud.script(result={"apps": 7})
    await create(client, LOBBY)
    assert (await statuses(client))[0]["command_meta"] is None
    clock.advance(2)
    assert (await statuses(client))[0]["command_meta"] == {"result": {"apps": 7}}
    cloud.settings.command_meta = False
    assert "command_meta" not in (await statuses(client))[0]


async def test_a_status_object_may_be_forgotten(
    cloud: EsperSimulator, client: Client, clock: ManualClock
) -> None:
    """It is then unknown by its id, and in no list."""
    cloud.script(forget_after=60.0, device=KIOSK)
    await create(client, LOBBY, KIOSK)
    (lobby, kiosk) = (status["id"] for status in await statuses(client))
    cloud.forget(lobby)
    assert [status["id"] for status in await statuses(client)] == [kiosk]
    assert (await client.ask("GET", f"{STATUS}{kiosk}/")).json["content"]["id"] == kiosk
    clock.advance(60)
    assert await statuses(client) == []
    for gone in (lobby, kiosk):
        assert (await client.ask("GET", f"{STATUS}{gone}/")).status == 404
        assert (await update(client, gone, state="Command Success")).status == 404


class TestUpdate:
    """The call of the vendor's page."""

    @pytest.mark.parametrize(
        "word",
        [
            "Command Acknowledged",
            "Command In Progress",
            "Command TimeOut",
            "Command Success",
            "Command Failure",
            "Command Scheduled",
            "Command Cancelled",
        ],
    )
    async def test_seven_words_can_be_set(self, client: Client, word: str) -> None:
        """The answer is the object as it is then."""
        await create(client, WAREHOUSE)
        (before,) = await statuses(client)
        answer = await update(client, before["id"], state=word, reason="so be it")
        assert answer.status == 200
        assert answer.json["content"] == {**before, "state": word, "reason": "so be it"}

    @pytest.mark.parametrize("word", ["Command Queued", "Command Initiated", "success"])
    async def test_other_words_cannot(self, client: Client, word: str) -> None:
        """And nothing changes."""
        await create(client, WAREHOUSE)
        (before,) = await statuses(client)
        answer = await update(client, before["id"], state=word)
        assert (answer.status, answer.json["code"]) == (400, 400)
        assert await statuses(client) == [before]

    async def test_both_fields_are_optional(self, client: Client) -> None:
        """A reason must be a text."""
        await create(client, WAREHOUSE)
        (before,) = await statuses(client)
        answer = await update(client, before["id"], reason="lost")
        assert answer.json["content"] == {**before, "reason": "lost"}
        assert (await update(client, before["id"])).status == 200
        assert (await update(client, before["id"], reason=7)).status == 400

    async def test_what_is_cancelled_in_the_queue_never_runs(
        self, cloud: EsperSimulator, client: Client, clock: ManualClock
    ) -> None:
        """Not even when its device comes back."""
        cloud.script(times_out_after=60.0)
        await create(client, WAREHOUSE)
        (status,) = await statuses(client)
        clock.advance(10)
        await update(client, status["id"], state="Command Cancelled")
        cloud.set_device(WAREHOUSE, online=True, after=10)
        clock.advance(100)
        assert await words(client) == ["Command Cancelled"]

    async def test_a_device_that_was_quicker_has_the_last_word(
        self, client: Client, clock: ManualClock
    ) -> None:
        """What is fired cannot be called back."""
        await create(client, LOBBY)
        (status,) = await statuses(client)
        clock.advance(0.1)
        await update(client, status["id"], state="Command Cancelled")
        assert await words(client) == ["Command Cancelled"]
        clock.advance(2)
        assert await words(client) == ["Command Success"]


async def test_it_can_be_driven_from_outside(
    cloud: EsperSimulator, client: Client, clock: ManualClock
) -> None:
    """The demo and the end-to-end tests run it as a process of its own."""
    control = Client(client.session, cloud.url)

    async def do(action: str, **arguments: object) -> object:
        answer = await control.ask("POST", f"/_simulator/actions/{action}", arguments)
        assert answer.status == 200, answer.text
        return answer.json["result"]

    await do("script", outcome="Command Failure", reason="no", after=0, device=LOBBY, times=1)
    request_id = await do("issue", command="REBOOT", devices=[LOBBY, WAREHOUSE])
    await do("set_device", device=WAREHOUSE, online=True)
    clock.advance(2)
    state = (await control.ask("GET", "/_simulator/state")).json
    ((request),) = state["requests"]
    assert request["id"] == request_id
    failed, done = request["statuses"]
    assert (failed["state"], done["state"]) == ("Command Failure", "Command Success")
    await do("set_status", status_id=done["id"], state="Command Failure", reason="after all")
    assert await words(client) == ["Command Failure"] * 2
    await do("forget", status_id=failed["id"])
    await do("replace_key", key="another")
    secrets = (await control.ask("GET", "/_simulator/secrets")).json["secrets"]
    assert "another" in secrets
