"""Our triggers and conditions: offered by the editor, and true to their word."""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
import json
from typing import Any, Final

import pytest
import pytest_asyncio

from stage import DOMAIN, ROOT, Account, Client, Simulator, automation

from ..wlte.clouds import NEVER, settle
from .conftest import Automate
from .editor import CONDITIONS, OUTCOMES, described, holds, make_area, ours, texts

INTEGRATION: Final = ROOT / "custom_components" / DOMAIN
LANGUAGES: Final = sorted(path.stem for path in (INTEGRATION / "translations").glob("*.json"))
GATE: Final = "dev-7/1"
SECOND: Final = "dev-7/2"
GARAGE: Final = "dev-8/1"


@pytest_asyncio.fixture(loop_scope="session")
async def area(account: Account) -> AsyncIterator[str]:
    """Put the gate and the garage into one area."""
    area_id = await make_area(account, "Drive", "Gate", "Garage")
    yield area_id
    await account.client.command("config/area_registry/delete", area_id=area_id)


@pytest_asyncio.fixture(loop_scope="session")
async def targets(account: Account, area: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the ways in which the editor points at our things."""
    devices = await account.devices()
    title = (await account.entry())["title"]
    return {
        "area": {"area_id": area},
        "device": {"device_id": devices["Gate"]},
        "account": {"device_id": devices[title]},
    }


@pytest.mark.usefixtures("account")
class TestTheEditor:
    """What it is told by Home Assistant."""

    async def test_it_lists_our_triggers_and_conditions(self, client: Client) -> None:
        """All of them have a target, but the one that hears of everything."""
        triggers = await described(client, "trigger")
        assert triggers.keys() == OUTCOMES.keys() | {"command_finished"}
        assert all(triggers[name]["target"] for name in OUTCOMES)
        assert "target" not in triggers["command_finished"]
        assert triggers["command_finished"]["fields"].keys() == {"config_entry_id", "state", "tag"}
        conditions = await described(client, "condition")
        assert conditions.keys() == set(CONDITIONS)
        assert all(conditions[name]["target"] for name in CONDITIONS)

    @pytest.mark.parametrize("where", ["area", "device", "account"])
    async def test_it_offers_them_for_what_the_user_points_at(
        self, client: Client, targets: Mapping[str, Mapping[str, Any]], where: str
    ) -> None:
        """Whoever chooses a device first finds there what can be done with it."""
        target = targets[where]
        assert ours(await client.command("get_triggers_for_target", target=target)) == (
            OUTCOMES.keys()
        )
        assert ours(await client.command("get_conditions_for_target", target=target)) == (
            set(CONDITIONS)
        )

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_every_text_is_served(self, client: Client, language: str) -> None:
        """As it stands in our file: Home Assistant leaves out what it does not know."""
        file = json.loads((INTEGRATION / "translations" / f"{language}.json").read_text())
        served = {category: await texts(client, language, category) for category in sorted(file)}
        assert served == {category: flat(file[category], category) for category in sorted(file)}

    @pytest.mark.parametrize("category", ["triggers", "conditions", "services"])
    async def test_every_icon_is_served(self, client: Client, category: str) -> None:
        """Each trigger, condition and action has one."""
        icons = json.loads((INTEGRATION / "icons.json").read_text())
        told = await client.command("frontend/get_icons", category=category, integration=DOMAIN)
        assert told["resources"][DOMAIN] == icons[category]


def flat(tree: object, path: str) -> dict[str, str]:
    """Return the texts of a tree by their paths, as the frontend names them."""
    found: dict[str, str] = {}
    with suppress(AttributeError):  # a text has no branches
        for name, branch in tree.items():  # type: ignore[attr-defined]
            found |= flat(branch, f"{path}.{name}")
        return found
    return {path: str(tree)}


async def play(account: Account, cloud: Simulator) -> dict[str, list[str]]:
    """Let a command end in each way; return the ids of the commands by outcome."""
    ended: dict[str, list[str]] = {}

    def note(record: Mapping[str, Any]) -> None:
        ended.setdefault(record["state"], []).append(record["tracking_id"])

    for record in await account.send_all((GATE, SECOND, GARAGE), "ON", wait=True, tag="mine"):
        note(record)
    await cloud.act("script", outcome="FAILED", times=1)
    note(await account.send(GARAGE, "ON", wait=True))
    await cloud.act("script", outcome="TIMEOUT", times=1)
    note(await account.send(SECOND, "ON", wait=True, tag="mine"))
    await cloud.act("script", times=1, **NEVER)
    open_command = await account.send(GATE, "ON")
    waiting = await account.send(GATE, "OFF")  # behind it, since a relay needs a pause
    await account.client.act(f"{DOMAIN}.cancel_command", {"tracking_id": waiting["tracking_id"]})
    note(await account.until_final(waiting["tracking_id"]))
    await cloud.act("forget", command_id=open_command["command_id"])
    note(await account.until_final(open_command["tracking_id"]))
    return ended


async def test_each_trigger_runs_once_for_each_announcement(
    account: Account, client: Client, cloud: Simulator, area: str, automate: Automate
) -> None:
    """However many of the targeted entities report it: relay, account, and one named itself."""
    devices = await account.devices()
    target = {
        "area_id": area,
        "device_id": [devices["Gate"], devices[(await account.entry())["title"]]],
        "entity_id": [await account.entity("event", "command", GATE)],
    }
    everything = {"trigger": f"{DOMAIN}.command_finished"}
    of_the_tag = {**everything, "options": {"tag": "mine", "state": ["success", "timeout"]}}
    configs = {
        **{
            name: automation({"trigger": f"{DOMAIN}.{name}", "target": target}) for name in OUTCOMES
        },
        "everything": automation(everything),
        "of_the_tag": automation(of_the_tag),
        "of_nobody": automation({**everything, "options": {"config_entry_id": "nobody"}}),
    }
    for name, config in configs.items():
        await automate(name, config)

    ended = await play(account, cloud)

    assert {state: len(ids) for state, ids in ended.items()} == {
        "success": 3,
        "failure": 1,
        "timeout": 1,
        "cancelled": 1,
        "lost": 1,
    }
    # What comes first is told first: who has heard of this one has heard of all before.
    last = (await account.send(GARAGE, "ON", wait=True, tag="mine"))["tracking_id"]
    for name in ("command_succeeded", "everything", "of_the_tag"):
        await client.until_runs(name, last)
    heard = {name: [run.tracking_id for run in await client.runs(name)] for name in configs}
    assert all(len(ids) == len(set(ids)) for ids in heard.values()), heard
    told = {name: set(ids) - {last} for name, ids in heard.items()}
    every = [tracking_id for ids in ended.values() for tracking_id in ids]
    assert told == {
        **{name: set(ended[state]) for name, state in OUTCOMES.items()},
        "everything": set(every),
        "of_the_tag": {*ended["success"], *ended["timeout"]},
        "of_nobody": set(),
    }


async def test_an_automation_of_a_device_hears_of_no_other(
    account: Account, client: Client, automate: Automate
) -> None:
    """Nor of the account's event entity, which is not on that device."""
    target = {"device_id": await account.device("Gate")}
    trigger = {"trigger": f"{DOMAIN}.command_succeeded", "target": target}
    await automate("gate_only", automation(trigger))
    await account.send(GARAGE, "ON", wait=True)
    mine = await account.send(GATE, "ON", wait=True)
    (run,) = await client.until_runs("gate_only", mine["tracking_id"])
    assert [each.tracking_id for each in await client.runs("gate_only")] == [run.tracking_id]


async def test_conditions_hold_while_the_newest_command_is_so(
    account: Account, client: Client, cloud: Simulator
) -> None:
    """Each for its state, and for no other."""
    gate = {"entity_id": await account.entity("sensor", "command", GATE)}

    async def now() -> list[str]:
        return [name for name in CONDITIONS if await holds(client, name, gate)]

    assert await now() == []
    await cloud.act("script", times=1, **NEVER)
    record = await account.send(GATE, "ON")
    await client.until_state(gate["entity_id"], "sent")
    assert await now() == ["is_pending"]
    await settle(cloud, record["command_id"], "FAILED")
    await client.until_state(gate["entity_id"], "failure")
    assert await now() == ["is_failed"]
    await cloud.act("script", outcome="TIMEOUT", times=1)
    await account.send(GATE, "ON", wait=True)
    await client.until_state(gate["entity_id"], "timeout")
    assert await now() == ["is_timed_out"]
    await account.send(GATE, "ON", wait=True)
    await client.until_state(gate["entity_id"], "success")
    assert await now() == ["is_successful"]


async def test_one_or_all_of_an_area_can_be_asked_for(
    account: Account, client: Client, cloud: Simulator, area: str
) -> None:
    """The usual is: one is enough."""
    target = {"area_id": area}
    await account.send_all((GATE, SECOND), "ON", wait=True)
    await cloud.act("script", outcome="FAILED", times=1)
    record = await account.send(GARAGE, "ON", wait=True)
    sensor = await account.entity("sensor", "command", GARAGE)
    await client.until_state(sensor, "failure", tracking_id=record["tracking_id"])
    for name in ("is_successful", "is_failed"):
        assert await holds(client, name, target)
        assert await holds(client, name, target, behavior="any")
        assert not await holds(client, name, target, behavior="all")
    assert not await holds(client, "is_failed", target, **{"for": {"minutes": 5}})
    gate = {"device_id": await account.device("Gate")}
    assert await holds(client, "is_successful", gate, behavior="all")


async def test_an_automation_goes_on_only_where_its_condition_holds(
    account: Account, client: Client, cloud: Simulator, automate: Automate
) -> None:
    """Such as: tell me of a success, unless the garage is known to have failed."""
    garage = {"device_id": await account.device("Garage")}
    failed = {"condition": f"{DOMAIN}.is_failed", "target": garage}
    anything = {"trigger": f"{DOMAIN}.command_finished", "options": {"state": ["success"]}}
    await automate("if_failed", automation(anything, conditions=[failed]))
    first = await account.send(GATE, "ON", wait=True)
    await cloud.act("script", outcome="FAILED", times=1)
    record = await account.send(GARAGE, "ON", wait=True)
    sensor = await account.entity("sensor", "command", GARAGE)
    await client.until_state(sensor, "failure", tracking_id=record["tracking_id"])
    second = await account.send(SECOND, "ON", wait=True)
    await client.until_runs("if_failed", second["tracking_id"])
    heard = [run.tracking_id for run in await client.runs("if_failed")]
    assert heard == [second["tracking_id"]]
    assert first["state"] == "success"
