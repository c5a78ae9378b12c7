"""What is performed in a real house, from the call to what is seen."""

from functools import partial
from typing import Any

import pytest

from stage import Account, Client, HomeAssistant, automation, eventually

from .conftest import Perform

pytestmark = pytest.mark.usefixtures("this_home")


async def record_of(home: HomeAssistant, tracking_id: str) -> dict[str, Any]:
    """Return the record of a command as it is now."""
    answer = await home.client.ask("command_status.get_commands", {})
    return next(r for r in answer["commands"] if r["tracking_id"] == tracking_id)


async def ended(home: HomeAssistant, tracking_id: str, within: float = 40) -> dict[str, Any]:
    """Return the record of a command once it has ended."""

    async def final() -> dict[str, Any] | None:
        record = await record_of(home, tracking_id)
        return record if record["final"] else None

    known = await eventually(final, "an outcome", within=within)
    assert known is not None
    return known


def told(record: dict[str, Any]) -> tuple[Any, ...]:
    """Return what became of a command."""
    return record["state"], record["reason"], record["evidence"]


async def test_a_window_that_moves_is_a_success_when_it_is_closed(
    client: Client, perform: Perform
) -> None:
    """Seen on its way, with its progress, and not before it is there."""
    await client.act("cover.open_cover", {"entity_id": "cover.hall_window"})
    await client.until_state("cover.hall_window", "open")
    async with client.watch("sensor.this_home_last_command") as changes:
        (record,) = await perform(
            "cover.close_cover", target={"entity_id": "cover.hall_window"}, wait=True
        )
        assert told(record) == ("success", None, "seen")
        assert record["provider_state"] == "closed"
        seen = [state["state"] for state in changes.messages]
    assert list(dict.fromkeys(seen)) == ["queued", "sent", "in_progress", "success"]


async def test_a_lock_that_jams_is_a_failure(perform: Perform) -> None:
    """Home Assistant's own demo has one."""
    (record,) = await perform(
        "lock.lock", target={"entity_id": "lock.poorly_installed_door"}, wait=True
    )
    assert told(record) == ("failure", "jammed", "missing")


async def test_a_switch_that_assumes_its_state_is_assumed(perform: Perform) -> None:
    """A template without a state believes what it was told."""
    (record,) = await perform("switch.turn_on", target={"entity_id": "switch.motor"}, wait=True)
    assert told(record) == ("success", None, "assumed")


async def test_a_notification_succeeds_when_it_was_taken(perform: Perform) -> None:
    """There is nothing to be seen of it."""
    (record,) = await perform(
        "persistent_notification.create", data={"message": "hello"}, wait=True
    )
    assert told(record) == ("success", None, "none")


async def test_an_action_that_raises_is_a_failure(perform: Perform) -> None:
    """A preset that the fan has not."""
    (record,) = await perform(
        "fan.set_preset_mode",
        target={"entity_id": "fan.living_room_fan"},
        data={"preset_mode": "hurricane"},
        wait=True,
    )
    assert (record["state"], record["evidence"]) == ("failure", "missing")
    assert "hurricane" in record["reason"]


async def test_what_is_unavailable_is_not_called(client: Client, perform: Perform) -> None:
    """Home Assistant would pass it by."""
    await client.act("input_boolean.turn_off", {"entity_id": "input_boolean.present"})
    await client.until_state("switch.gate", "unavailable")
    calls = await client.state("counter.gate_calls")
    (record,) = await perform(
        "switch.turn_on", target={"entity_id": "switch.gate"}, timeout=6, wait=True
    )
    await client.act("input_boolean.turn_on", {"entity_id": "input_boolean.present"})
    assert told(record) == ("failure", "unavailable", "missing")
    assert (await client.state("counter.gate_calls"))["state"] == calls["state"]


async def test_what_never_arrives_is_a_timeout_and_is_corrected(
    home: HomeAssistant, client: Client, perform: Perform
) -> None:
    """The gate opens after the window."""
    await client.act("input_boolean.turn_off", {"entity_id": "input_boolean.gate"})
    (record,) = await perform(
        "switch.turn_on", target={"entity_id": "switch.gate"}, timeout=5, wait=True
    )
    assert told(record) == ("timeout", None, "missing")
    await client.act("input_boolean.turn_on", {"entity_id": "input_boolean.gate"})

    async def corrected() -> bool:
        return bool((await record_of(home, record["tracking_id"]))["late"])

    await eventually(corrected, "a correction")
    assert (await record_of(home, record["tracking_id"]))["state"] == "success"


async def test_a_group_and_an_area_mean_their_members(client: Client, perform: Perform) -> None:
    """One command for each."""
    records = await perform("light.turn_off", target={"entity_id": "group.two_lamps"}, wait=True)
    assert {r["target"]: r["state"] for r in records} == {
        "light.bed_light": "success",
        "light.ceiling_lights": "success",
    }
    area = await client.command("config/area_registry/create", name="Attic")
    for entity_id in ("switch.motor", "input_boolean.motor"):
        await client.command(
            "config/entity_registry/update", entity_id=entity_id, area_id=area["area_id"]
        )
    records = await perform("switch.turn_off", target={"area_id": area["area_id"]}, wait=True)
    assert [(r["target"], r["state"], r["evidence"]) for r in records] == [
        ("switch.motor", "success", "assumed")
    ]
    (record,) = await perform(
        "light.turn_on",
        target={"entity_id": "light.kitchen_lights"},
        data={"brightness_pct": 40},
        wait=True,
    )
    assert told(record) == ("success", None, "seen")


async def test_a_code_is_nowhere(
    home: HomeAssistant, client: Client, this_home: Account, perform: Perform
) -> None:
    """In what is called, and in nothing of ours."""
    code = "90210555"
    told_me = automation({"trigger": "command_status.command_finished", "options": {}})
    await client.add_automation("told_me", told_me)
    async with client.events("command_status_finished") as events:
        (record,) = await perform(
            "alarm_control_panel.alarm_arm_away",
            target={"entity_id": "alarm_control_panel.security"},
            data={"code": code},
            wait=True,
            timeout=60,
        )
        told_events = str(events.messages)

    traces = await eventually(
        partial(client.traces, "told_me"), "a trace of an automation that was told"
    )
    await client.remove_automation("told_me")
    assert record["parameters"] == {"code": "**REDACTED**"}
    assert record["state"] in {"success", "failure"}
    ours = [p for p in (home.folder / ".storage").rglob("*") if "command_status" in p.name]
    assert ours
    await this_home.reload()
    files = [p.read_text() for p in ours if p.is_file()]
    diagnostics = await client.request("GET", f"/api/diagnostics/config_entry/{this_home.entry_id}")
    everything = (
        files,
        home.log,
        told_events,
        str(traces),
        str(await client.states()),
        str(diagnostics),
        record,
    )
    assert [part for part in everything if code in str(part)] == []


@pytest.mark.parametrize(
    ("window", "arrives", "outcome"),
    [
        (600, "on", ("success", "seen", "seen")),
        (60, "off", ("lost", "interrupted", "missing")),
    ],
)
async def test_a_power_cut_in_the_middle(
    home: HomeAssistant,
    this_home: Account,
    perform: Perform,
    *,
    window: int,
    arrives: str,
    outcome: tuple[Any, ...],
) -> None:
    """It is followed on by what is expected, and never done again."""
    await home.client.act("input_boolean.turn_off", {"entity_id": "input_boolean.gate"})
    await home.client.until_state("switch.gate", "off")
    (record,) = await perform("switch.turn_on", target={"entity_id": "switch.gate"}, timeout=window)
    assert record["state"] == "sent"
    # Home Assistant writes its registries down some seconds later than we the command.
    await home.until_stored(this_home.entry_id, "core.config_entries", "core.entity_registry")
    await home.kill()
    client = await home.start()
    calls = (await client.state("counter.gate_calls"))["state"]
    await client.act(f"input_boolean.turn_{arrives}", {"entity_id": "input_boolean.gate"})
    record = await ended(home, record["tracking_id"], within=90)
    assert told(record) == outcome
    assert (await client.state("counter.gate_calls"))["state"] == calls
