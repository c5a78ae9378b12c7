"""Chosen entities, followed whoever acts on them, in a real house."""

from typing import Any, Final

from stage import Account, Client, automation, eventually

LAMP: Final = "light.bed_light"
LOCK: Final = "lock.front_door"


async def commands(client: Client) -> list[dict[str, Any]]:
    """Return the commands, the oldest first."""
    answer = await client.ask("command_status.get_commands", {})
    return list(reversed(answer["commands"]))


async def until_commands(client: Client, number: int) -> list[dict[str, Any]]:
    """Return the commands once that many have ended."""

    async def ended() -> list[dict[str, Any]] | None:
        found = await commands(client)
        return found if len([c for c in found if c["final"]]) >= number else None

    known = await eventually(ended, f"{number} outcomes", within=30)
    assert known is not None
    return known


async def test_a_dashboard_an_automation_and_a_voice(client: Client, this_home: Account) -> None:
    """None of them knows of us, and each wish is one command."""
    await this_home.choose_entities(LAMP, LOCK)
    await client.act("lock.unlock", {"entity_id": LOCK})
    (record,) = await until_commands(client, 1)
    assert (record["command"], record["state"], record["evidence"]) == (
        "lock.unlock",
        "success",
        "seen",
    )
    await client.add_automation(
        "lock_up",
        {
            "triggers": [{"trigger": "event", "event_type": "lock_up"}],
            "actions": [{"action": "lock.lock", "target": {"entity_id": LOCK}}],
        },
    )
    await client.request("POST", "/api/events/lock_up", {})
    record = (await until_commands(client, 2))[-1]
    assert (record["command"], record["state"]) == ("lock.lock", "success")
    await client.remove_automation("lock_up")
    await client.act("light.turn_on", {"entity_id": LAMP})
    assert (await until_commands(client, 3))[-1]["state"] == "success"
    await client.ask("conversation.process", {"text": "turn off bed light"})
    record = (await until_commands(client, 4))[-1]
    assert (record["target"], record["state"]) == (LAMP, "success")
    assert len(await commands(client)) == 4
    registry = await client.command("config/entity_registry/list")
    device = next(e["device_id"] for e in registry if e["entity_id"] == LAMP)
    ours = await this_home.entities()
    assert device is not None
    assert {e["device_id"] for e in ours if "bed_light" in e["entity_id"]} == {device}


async def test_a_renamed_entity_is_followed_on(client: Client, this_home: Account) -> None:
    """Under its new name."""
    await this_home.choose_entities(LAMP)
    rename = "config/entity_registry/update"
    await client.command(rename, entity_id=LAMP, new_entity_id="light.night")
    await client.until_state("light.night", "off")
    await client.act("light.turn_on", {"entity_id": "light.night"})
    (record,) = await until_commands(client, 1)
    await client.command(rename, entity_id="light.night", new_entity_id=LAMP)
    assert (record["target"], record["state"]) == ("light.night", "success")


async def test_other_entities_are_chosen_without_a_flicker(
    client: Client, this_home: Account
) -> None:
    """A plain state trigger on the outcome of yesterday does not fire again."""
    await this_home.choose_entities(LOCK)
    await client.act("lock.unlock", {"entity_id": LOCK})
    await until_commands(client, 1)
    ours = [each["entity_id"] for each in await this_home.entities()]
    (sensor,) = (each for each in ours if each.startswith("sensor.front_door"))
    await client.until_state(sensor, "success")
    trigger = {"trigger": "state", "entity_id": sensor, "to": "success"}
    await client.add_automation("told_of_success", automation(trigger))
    await this_home.choose_entities(LOCK, LAMP)
    await client.act("light.turn_on", {"entity_id": LAMP})
    assert (await until_commands(client, 2))[-1]["target"] == LAMP
    assert await client.runs("told_of_success") == []
    await client.remove_automation("told_of_success")
