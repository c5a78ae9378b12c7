"""A Home Assistant with things in it: its own demo, and some that do what a test says."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import pytest
import pytest_asyncio

from stage import Account, HomeAssistant, preloaded

THINGS: Final = """
demo:
input_boolean:
  gate:
  bar:
  present:
    initial: true
  motor:
automation idle:
  - id: idle
    alias: Idle
    triggers: []
    actions: []
script idle:
  idle:
    sequence: []
input_datetime:
  moment: {has_date: true, has_time: true}
input_number:
  number: {min: 0, max: 10}
input_select:
  option: {options: [one, two, three]}
input_text:
  text:
timer:
  egg: {duration: "01:00:00"}
counter:
  gate_calls:
  bar_calls:
group:
  two_lamps:
    entities: [light.bed_light, light.ceiling_lights]
template:
  - binary_sensor:
      - name: Gate contact
        unique_id: gate_contact
        state: "{{ is_state('input_boolean.gate', 'on') }}"
  - switch:
      - name: Gate
        unique_id: gate
        state: "{{ is_state('input_boolean.gate', 'on') }}"
        availability: "{{ is_state('input_boolean.present', 'on') }}"
        turn_on:
          - action: counter.increment
            target: {entity_id: counter.gate_calls}
          - delay: 30
        turn_off:
          - action: input_boolean.turn_off
            target: {entity_id: input_boolean.gate}
      - name: Bar
        unique_id: bar
        state: "{{ is_state('input_boolean.bar', 'on') }}"
        turn_on:
          - action: counter.increment
            target: {entity_id: counter.bar_calls}
          - condition: "{{ is_state('counter.bar_calls', '2') }}"
          - action: input_boolean.turn_on
            target: {entity_id: input_boolean.bar}
        turn_off:
          - action: input_boolean.turn_off
            target: {entity_id: input_boolean.bar}
      - name: Motor
        unique_id: motor
        turn_on:
          - action: input_boolean.turn_on
            target: {entity_id: input_boolean.motor}
        turn_off:
          - action: input_boolean.turn_off
            target: {entity_id: input_boolean.motor}
"""

type Perform = Callable[..., Awaitable[list[dict[str, Any]]]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def furnished_home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HomeAssistant]:
    """Start one furnished Home Assistant for all tests of this folder."""
    folder = tmp_path_factory.mktemp("furnished")
    async with HomeAssistant(folder, things=THINGS, launch=preloaded) as home:
        yield home


@pytest_asyncio.fixture(loop_scope="session")
async def home(furnished_home: HomeAssistant) -> HomeAssistant:
    """Return it; it runs and has no account, whatever the test before has done."""
    if not furnished_home.process.running:
        await furnished_home.kill()
        await furnished_home.start()
    for account in await Account.all(furnished_home):
        await account.remove()
    return furnished_home


@pytest_asyncio.fixture(loop_scope="session")
async def this_home(home: HomeAssistant) -> AsyncIterator[Account]:
    """Add this home, through its dialogue."""
    account = await Account.add(home, "home", {})
    yield account
    await account.remove()


@pytest.fixture
def perform(home: HomeAssistant) -> Perform:
    """Return how to perform an action of Home Assistant; answers with the records."""

    async def act(action: str, **data: Any) -> list[dict[str, Any]]:
        answer = await home.client.ask("command_status.perform_action", {"action": action, **data})
        records: list[dict[str, Any]] = answer["commands"]
        return records

    return act
