"""Sizes: what is too large is refused before anything was done, and never harms what is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from homeassistant.components.recorder.const import SupportedDialect
from homeassistant.components.recorder.db_schema import EventData, StateAttributes
from homeassistant.core import Event, EventStateChangedData, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.command_status import logbook
from custom_components.command_status.const import DOMAIN, EVENT_FINISHED
from custom_components.command_status.storage.store import AccountStore
from custom_components.command_status.tracking import CommandState, Phase

from ..house import GATE, House
from ..obliging import ObligingProvider
from ..tracking.builders import a_command

HUGE: Final = "\N{GRINNING FACE}" * 300_000
ACCOUNT: Final = {"config_entry_id": "gate-account"}
SENDS: Final = {**ACCOUNT, "target": GATE, "command": "ON"}
ONE: Final = {**ACCOUNT, "command_id": "cmd-1"}

TOO_MUCH: Final[Mapping[str, tuple[str, Mapping[str, Any], str]]] = {
    "a tag": ("send_command", SENDS | {"tag": "x" * 256}, "text_too_long"),
    "a tag of a followed command": ("track_command", ONE | {"tag": HUGE}, "text_too_long"),
    "a reason": ("update_command", ONE | {"reason": "x" * 256}, "text_too_long"),
    "a state": ("update_command", ONE | {"state": HUGE}, "text_too_long"),
    "a command": ("send_command", SENDS | {"command": HUGE}, "text_too_long"),
    "a target": ("send_command", SENDS | {"target": [GATE, HUGE]}, "text_too_long"),
    "an id": ("track_command", ONE | {"command_id": HUGE}, "text_too_long"),
    "an id of ours": ("cancel_command", {"tracking_id": HUGE}, "text_too_long"),
    "a tag that is looked for": ("get_commands", {"tag": HUGE}, "text_too_long"),
    "parameters": ("send_command", SENDS | {"parameters": {"a": "x" * 65536}}, "object_too_large"),
    "many parameters": (
        "send_command",
        SENDS | {"parameters": {f"p{number}": number for number in range(10_000)}},
        "object_too_large",
    ),
    "parameters that take more bytes than letters": (
        "send_command",
        SENDS | {"parameters": {"a": "\N{EURO SIGN}" * 22_000}},
        "object_too_large",
    ),
    "targets": ("send_command", SENDS | {"target": [GATE] * 1001}, "too_many_items"),
    "devices": ("send_command", {"device_id": ["x"] * 1001, "command": "ON"}, "too_many_items"),
}


@pytest.mark.parametrize(("action", "data", "key"), TOO_MUCH.values(), ids=TOO_MUCH)
async def test_too_much_is_refused(
    obliging_house: House, action: str, data: Mapping[str, Any], key: str
) -> None:
    """Clearly, shortly, and before the provider hears of it."""
    house = obliging_house
    requests = len(house.cloud.log.requests)
    with pytest.raises(ServiceValidationError) as raised:
        await house.act(action, **data)
    assert raised.value.translation_key == key
    assert len(str(raised.value)) < 255
    assert len(house.cloud.log.requests) == requests
    assert await house.act("get_commands") == []


async def test_as_much_as_is_accepted_is_taken(obliging_house: House) -> None:
    """To the letter, and to the byte."""
    house = obliging_house
    parameters = {"a": "x" * (64 * 1024 - len('{"a":""}'))}
    record = await house.send(tag="x" * 255, parameters=parameters)
    assert (record["tag"], record["parameters"]["a"]) == ("x" * 255, parameters["a"])
    command_id = house.cloud.issue("dev-7", {2: "ON"}).command_id
    await house.act("update_command", **ACCOUNT, command_id=command_id, reason="y" * 255)
    provider = house.coordinator.provider
    assert isinstance(provider, ObligingProvider)
    assert provider.updates[-1].reason == "y" * 255
    await house.act("send_command", **ACCOUNT, target=[GATE] * 1000, command="ON")


# What an older version, or a careless cloud, has let in


async def remember(house: House) -> None:
    """Load the account with an open and a finished command in which every text is huge."""
    huge: dict[str, Any] = dict.fromkeys(
        (
            "target_name",
            "command",
            "tag",
            "provider_state",
            "reason",
            "command_id",
            "request_id",
            "network_id",
        ),
        HUGE,
    )
    now = house.coordinator.now
    sound = replace(
        a_command(tracking_id="01JD0000000000000000000000", created_at=now, deadline=now + 60),
        target=GATE,
        phase=Phase.TAKEN,
        state=CommandState.FAILURE,
        finished_at=now + 1,
        settled=True,
    )
    await house.coordinator.store.async_archive([replace(sound, **huge)])
    opened = replace(
        sound,
        tracking_id="01JD0000000000000000000001",
        state=CommandState.SENT,
        finished_at=None,
        settled=False,
        deadline=now + 5,
    )
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    store = AccountStore(house.hass, house.entry.entry_id)
    await store.async_save((replace(opened, **huge),))
    await house.load()


def kept(states: Iterator[Any] | list[Any]) -> list[bytes]:
    """Return what the recorder keeps of states."""
    return [
        StateAttributes.shared_attrs_bytes_from_event(
            Event[EventStateChangedData](
                "state_changed",
                {"entity_id": state.entity_id, "old_state": None, "new_state": state},
            ),
            SupportedDialect.SQLITE,
        )
        for state in states
    ]


async def test_the_recorder_keeps_what_an_older_version_let_in(
    hass: HomeAssistant, house: House
) -> None:
    """The states as well as the event, and the logbook tells it."""
    await remember(house)
    entities = er.async_entries_for_config_entry(er.async_get(hass), house.entry.entry_id)
    shown = [house.state(e.entity_id) for e in entities if e.unique_id.endswith("_command")]

    assert b"{}" not in kept(shown)
    assert any(state.attributes.get("reason") for state in shown)

    await house.go_by(8)
    (announced,) = house.announced
    assert announced.data["state"] == "timeout"
    event = EventData.shared_data_bytes_from_event(announced, SupportedDialect.SQLITE)
    assert event != b"{}"
    shown = [house.state(e.entity_id) for e in entities if e.unique_id.endswith("command")]
    assert b"{}" not in kept(shown)
    assert all(
        len(text) <= 255
        for told in (announced.data, *(state.attributes for state in shown))
        for text in told.values()
        if isinstance(text, str)
    )


async def test_what_is_cut_says_so(house: House) -> None:
    """Nobody is to take the beginning for the whole."""
    await remember(house)
    records = await house.act("get_commands")
    assert {len(record["tag"]) for record in records} == {255}
    assert all(record["reason"].endswith("…") for record in records)


def test_the_logbook_tells_of_an_event_that_the_recorder_did_not_keep() -> None:
    """An older version could fire one of more than 32 KiB, of which nothing is left."""
    described: list[Any] = []
    logbook.async_describe_events(None, lambda *about: described.append(about))  # type: ignore[arg-type]
    ((domain, event_type, describe),) = described
    assert (domain, event_type) == (DOMAIN, EVENT_FINISHED)
    assert describe(Event(EVENT_FINISHED, {})) == {
        "name": "Command Status",
        "message": "a command ended",
    }
