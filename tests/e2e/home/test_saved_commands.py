"""A command behind a button of its own, at every provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import json
from typing import Any, Final

import pytest

from simulators.esper import device_id
from stage import DOMAIN, ROOT, CommandError, Simulator

from .conftest import AddAccount
from .saved import SavedCommand, begin

LOBBY: Final = device_id(1)
ENGLISH: Final = json.loads(
    (ROOT / "custom_components" / DOMAIN / "translations" / "en.json").read_text()
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """A command that somebody wants behind a button."""

    provider: str
    target: str
    command: str
    asked: frozenset[str] = frozenset()
    """The parameters that the form asks for."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    refused: Mapping[str, Any]
    """The fault with which the cloud refuses it."""
    devices: tuple[str, ...] = ()


REFUSED: Final = {"kind": "status", "label": "create", "status": 400}

WISHES: Final = {
    "wlte": Wish(
        provider="wlte",
        target="dev-7/1",
        command="JOG",
        refused={**REFUSED, "status": 422, "body": '{"code": "COMMAND_REJECTED"}'},
    ),
    "blink": Wish(
        provider="blink",
        target="network/1234",
        command="arm",
        refused={**REFUSED, "label": "arm", "body": '{"message": "not allowed", "code": 105}'},
    ),
    "esper": Wish(
        provider="esper",
        target=LOBBY,
        command="SET_STREAM_VOLUME",
        asked=frozenset({"stream", "volume_level"}),
        parameters={"stream": "3", "volume_level": 40},
        refused=REFUSED,
        devices=(LOBBY,),
    ),
    "esper, free arguments": Wish(
        provider="esper",
        target=LOBBY,
        command="SYNC_CONTENT",
        asked=frozenset({"command_args"}),
        parameters={"command_args": {"folder": "menu"}},
        refused=REFUSED,
        devices=(LOBBY,),
    ),
}


EXPECT: Final = frozenset({"expect", "entity_id", "state", "attribute", "value", "for"})
"""The section in which a user says what is to be seen, and its fields."""


every_provider = pytest.mark.parametrize(
    "wish", [pytest.param(WISHES[name], id=name) for name in ("wlte", "blink", "esper")]
)


@pytest.fixture(params=list(WISHES.values()), ids=list(WISHES))
def wish(request: pytest.FixtureRequest) -> Wish:
    """Return one wish after the other."""
    wish: Wish = request.param
    return wish


async def test_the_dialogue_asks_for_what_the_command_needs(
    add_account: AddAccount, wish: Wish
) -> None:
    """The target by its name, a command that it knows, and a field for each parameter."""
    account = await add_account(wish.provider, *wish.devices)
    flow = await begin(account)
    assert (flow.kind, flow.step) == ("form", "user")
    targets = flow.fields["target"]["selector"]["select"]["options"]
    labels = {option["value"]: option["label"] for option in targets}
    assert labels[wish.target] not in {"", wish.target}

    await flow.submit({"target": wish.target})
    assert flow.step == "command"
    assert wish.command.lower() in flow.fields["command"]["selector"]["select"]["options"]

    await flow.submit({"command": wish.command.lower()})
    assert flow.step == "parameters"
    assert flow.fields.keys() == wish.asked | EXPECT | {"timeout", "title"}
    words = ENGLISH["selector"]["command"]["options"][wish.command.lower()]
    assert flow.shown["title"] == f"{labels[wish.target]}: {words}"
    await flow.close()


async def test_a_button_sends_it_and_its_own_entities_tell(
    add_account: AddAccount, wish: Wish
) -> None:
    """A dashboard needs no more than the device of the saved command."""
    account = await add_account(wish.provider, *wish.devices)
    saved = await SavedCommand.save(account, wish.target, wish.command, "Do it", **wish.parameters)
    entities = await saved.entities()
    assert entities.keys() == {"button", "sensor", "event"}
    assert "Do it" in await account.devices()

    await saved.press()

    shown = await account.client.until_state(entities["sensor"], "success")
    (record,) = await account.commands()
    assert (record["command"], record["target"]) == (wish.command, wish.target)
    assert record["subentry_id"] == saved.id
    assert shown["attributes"]["tracking_id"] == record["tracking_id"]
    event = await account.client.state(entities["event"])
    assert event["attributes"]["tracking_id"] == record["tracking_id"]
    assert event["attributes"]["event_type"] == "success"


@every_provider
async def test_it_is_found_on_the_page_of_what_it_commands(
    add_account: AddAccount, wish: Wish
) -> None:
    """There Home Assistant lists the devices that hang under a device."""
    account = await add_account(wish.provider, *wish.devices)
    await SavedCommand.save(account, wish.target, wish.command, "Do it", **wish.parameters)
    devices = await account.client.command("config/device_registry/list")
    (ours,) = [device for device in devices if device["name"] == "Do it"]
    entity_id = await account.entity("sensor", "command", wish.target)
    (sensor,) = [each for each in await account.entities() if each["entity_id"] == entity_id]
    assert ours["via_device_id"] == sensor["device_id"]


async def test_the_parameters_reach_the_cloud(
    add_account: AddAccount, clouds: Mapping[str, Simulator]
) -> None:
    """Numbers of a form are whole numbers there, and an object is what it was."""
    account = await add_account("esper", LOBBY)
    for command in ("SET_STREAM_VOLUME", "SYNC_CONTENT"):
        (wish,) = [each for each in WISHES.values() if each.command == command]
        saved = await SavedCommand.save(account, wish.target, command, command, **wish.parameters)
        await saved.press()
    taken = {
        request["command"]: request["command_args"]
        for request in (await clouds["esper"].state())["requests"]
    }
    assert taken == {
        "SET_STREAM_VOLUME": {"stream": 3, "volume_level": 40},
        "SYNC_CONTENT": {"folder": "menu"},
    }


@every_provider
async def test_a_refused_press_raises(
    add_account: AddAccount, clouds: Mapping[str, Simulator], wish: Wish
) -> None:
    """Whoever pressed it sees at once that nothing will happen."""
    account = await add_account(wish.provider, *wish.devices)
    saved = await SavedCommand.save(account, wish.target, wish.command, "Do it", **wish.parameters)
    await clouds[wish.provider].control("POST", "faults", {"times": 1, **wish.refused})

    with pytest.raises(CommandError) as told:
        await saved.press()

    assert told.value.translation_key == "command_failed"
    assert wish.command in told.value.translation_placeholders["commands"]
    assert "failed" in told.value.translation_placeholders["commands"]
    await account.client.until_state((await saved.entities())["sensor"], "failure")

    await saved.press()
    await account.client.until_state((await saved.entities())["sensor"], "success")


@every_provider
async def test_it_can_be_changed(add_account: AddAccount, wish: Wish) -> None:
    """The dialogue starts from what was saved; the entities stay, and so does what they showed."""
    account = await add_account(wish.provider, *wish.devices)
    saved = await SavedCommand.save(account, wish.target, wish.command, "Do it", **wish.parameters)
    await saved.press()
    before = await saved.entities()
    await account.client.until_state(before["sensor"], "success")

    flow = await saved.change()
    assert (flow.step, flow.shown["target"]) == ("reconfigure", wish.target)
    await flow.submit({"target": wish.target})
    assert flow.shown["command"] == wish.command.lower()
    await flow.submit({"command": wish.command.lower()})
    held = {"days": 0, "hours": 0, "minutes": 0, "seconds": 30}
    kept = {"timeout": held, "title": "Do it", **wish.parameters}
    assert flow.shown == kept | dict.fromkeys(EXPECT)
    await flow.submit({**kept, "timeout": {"seconds": 45}, "title": "Do it now"})
    assert (flow.kind, flow.reason) == ("abort", "reconfigure_successful")

    await account.until_entry("loaded")
    assert await saved.title() == "Do it now"
    assert "Do it now" in await account.devices()
    assert await saved.entities() == before
    await account.client.until_state(before["sensor"], "success")


@every_provider
async def test_it_can_be_removed(add_account: AddAccount, wish: Wish) -> None:
    """Its device and entities go; the records of what it sent stay."""
    account = await add_account(wish.provider, *wish.devices)
    saved = await SavedCommand.save(account, wish.target, wish.command, "Do it", **wish.parameters)
    entities = await saved.entities()
    await saved.press()
    await account.client.until_state(entities["sensor"], "success")

    await saved.remove()

    assert await SavedCommand.all(account) == []
    assert await saved.entities() == {}
    assert "Do it" not in await account.devices()
    assert set(entities.values()).isdisjoint(await account.client.states())
    (record,) = await account.commands()
    assert record["subentry_id"] == saved.id


async def test_a_wrong_parameter_is_told_where_it_was_typed(add_account: AddAccount) -> None:
    """The form comes back and can be completed."""
    account = await add_account("esper", LOBBY)
    flow = await begin(account)
    await flow.walk({"target": LOBBY}, {"command": "not a command!"})
    await flow.submit({"command_args": {}, "timeout": {"seconds": 30}, "title": "Odd"})
    assert (flow.kind, flow.step) == ("form", "parameters")
    assert flow.errors == {"base": "unknown_command"}
    await flow.close()


@pytest.mark.parametrize("command", ["WIPE", "wipe", "SET_DEVICE_LOCKDOWN_STATE"])
async def test_nothing_dangerous_gets_a_button(add_account: AddAccount, command: str) -> None:
    """It is not offered, and refused when it is typed."""
    account = await add_account("esper", LOBBY)
    flow = await begin(account)
    await flow.submit({"target": LOBBY})
    assert command.lower() not in flow.fields["command"]["selector"]["select"]["options"]
    await flow.submit({"command": command})
    assert (flow.step, flow.errors) == ("command", {"command": "confirm_required"})
    await flow.close()
    assert await SavedCommand.all(account) == []
