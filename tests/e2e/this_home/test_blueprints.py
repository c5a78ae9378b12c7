"""The blueprints for the house, in a real one: a bar that is stuck, a lock that jams."""

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
import pytest_asyncio

from stage import DOMAIN, ROOT, Account, Client

BLUEPRINTS: Final = {"make_sure": "script", "tell_me_of_my_house": "automation"}

NOTED: Final = "our_blueprint_noted"
"""The event with which our own actions answer."""

BAR: Final = "switch.bar"
JAMMED: Final = "lock.poorly_installed_door"


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def imported(client: Client, this_home: Account) -> AsyncIterator[None]:
    """Have a home, and save the blueprints as their import does."""
    assert (await this_home.entry())["state"] == "loaded"
    for name, domain in BLUEPRINTS.items():
        file = f"{DOMAIN}/{name}.yaml"
        text = (ROOT / "blueprints" / domain / file).read_text()
        await client.command("blueprint/save", domain=domain, path=file, yaml=text)
    yield
    for name, domain in BLUEPRINTS.items():
        await client.command("blueprint/delete", domain=domain, path=f"{DOMAIN}/{name}.yaml")


def noting(**data: str) -> list[dict[str, Any]]:
    """Return actions that tell on the bus what a blueprint gave them."""
    return [{"event": NOTED, "event_data": data}]


async def make_sure(client: Client, **inputs: Any) -> str:
    """Call a script of the blueprint; return what it told in the end."""
    inputs = {
        "window": 5,
        "pause": {"seconds": 1},
        "succeeded": noting(message="it happened"),
        "otherwise": noting(message="{{ message }}"),
        **inputs,
    }
    use = {"path": f"{DOMAIN}/make_sure.yaml", "input": inputs}
    path = "/api/config/script/config/make_sure"
    await client.request("POST", path, {"alias": "Make sure", "use_blueprint": use})
    await client.until_state("script.make_sure", "off")
    async with client.events(NOTED) as noted:
        await client.act("script.turn_on", {"entity_id": "script.make_sure"})
        (told,) = await noted.until(number=1)
    await client.request("DELETE", path)
    return str(told["message"])


async def lift(client: Client, calls_before: int) -> tuple[str, int]:
    """Make sure that the bar is up, which goes up at its second call; return how often it came."""
    await client.act("switch.turn_off", {"entity_id": BAR})
    await client.until_state(BAR, "off")
    counter = {"entity_id": "counter.bar_calls", "value": calls_before}
    await client.act("counter.set_value", counter)
    told = await make_sure(client, action="switch.turn_on", target={"entity_id": BAR}, times=2)
    state = await client.state("counter.bar_calls")
    return told, int(state["state"]) - calls_before


async def test_it_is_done_again_until_it_happens(client: Client) -> None:
    """And not once more."""
    assert await lift(client, 0) == ("it happened", 2)


async def test_it_tells_in_the_end(client: Client) -> None:
    """A bar that never goes up was called as often as was wanted."""
    message = "Not done: Bar: switch.turn_on not confirmed within "
    told, times = await lift(client, 10)
    assert told.startswith(message)
    assert times == 3


@pytest.mark.parametrize(
    ("action", "expect", "told"),
    [
        ("lock.lock", {}, "Not done: Poorly Installed Door: lock.lock failed: it is jammed"),
        (
            "lock.open",
            {"state": "open"},
            "Not done: Poorly Installed Door: lock.open failed: ",
        ),
    ],
)
async def test_a_lock_that_jams(
    client: Client, action: str, expect: dict[str, Any], told: str
) -> None:
    """It is tried again, but for a bolt that springs open."""
    target = {"entity_id": JAMMED}
    message = await make_sure(client, action=action, target=target, expect=expect, times=1)
    assert message.startswith(told)


async def test_the_house_tells_of_what_a_dashboard_did_not_bring_about(
    client: Client, this_home: Account
) -> None:
    """Nothing but the entity was chosen, and nothing but the blueprint made."""
    await (await this_home.options()).submit({"entities": [JAMMED]})
    await this_home.until_entry("loaded")
    await client.until_state("event.poorly_installed_door_outcome", "unknown")
    inputs = {"notification": noting(title="{{ title }}", message="{{ message }}")}
    use = {"path": f"{DOMAIN}/tell_me_of_my_house.yaml", "input": inputs}
    await client.add_automation("tell_me_of_my_house", {"use_blueprint": use})
    async with client.events(NOTED) as noted:
        await client.act("lock.unlock", {"entity_id": JAMMED})
        await client.act("lock.lock", {"entity_id": JAMMED})
        (told,) = await noted.until(number=1)
    await client.remove_automation("tell_me_of_my_house")
    assert told == {
        "title": "Told to Poorly Installed Door",
        "message": "Outcome: Poorly Installed Door: lock.lock failed: it is jammed",
    }
