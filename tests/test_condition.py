"""The conditions: what they say about the newest command."""

from collections.abc import AsyncGenerator, Awaitable, Callable
import importlib
import json
from pathlib import Path
import sys
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.condition import (
    ConditionChecker,
    async_from_config,
    async_get_all_descriptions,
    async_validate_condition_config,
)
from homeassistant.helpers.icon import async_get_icons
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
import voluptuous as vol

from custom_components.command_status import automation, condition
from custom_components.command_status.const import DOMAIN

from .house import GARAGE, House

GATE_SENSOR = "sensor.gate_relay_1_last_command"
GARAGE_SENSOR = "sensor.garage_last_command"
LAST_COMMAND = "sensor.my_gate_last_command"

TEXTS: dict[str, Any] = json.loads(
    (Path(condition.__file__).parent / "translations" / "en.json").read_text()
)

type Make = Callable[..., Awaitable[ConditionChecker]]


@pytest.fixture
async def make(hass: HomeAssistant) -> AsyncGenerator[Make]:
    """Return how to make a condition for some entities."""
    made: list[ConditionChecker] = []

    async def make(key: str, *entity_ids: str, **options: Any) -> ConditionChecker:
        config = await async_validate_condition_config(
            hass,
            {
                "condition": f"{DOMAIN}.{key}",
                "target": {"entity_id": list(entity_ids)},
                "options": options,
            },
        )
        made.append(await async_from_config(hass, config))
        return made[-1]

    yield make
    for checker in made:
        checker.async_unload()


async def holding(make: Make, *entity_ids: str) -> set[str]:
    """Return the conditions that hold."""
    conditions = {key: await make(key, *entity_ids) for key in automation.CONDITIONS}
    return {key for key, checker in conditions.items() if checker.async_check()}


@pytest.mark.parametrize("entity_id", [GATE_SENSOR, LAST_COMMAND])
async def test_each_holds_in_its_own_state(house: House, make: Make, entity_id: str) -> None:
    """For the sensor of a target as for that of the account."""
    assert await holding(make, entity_id) == set()

    house.cloud.script(after=3.0, times=1)
    await house.send()
    assert await holding(make, entity_id) == {"is_pending"}
    await house.wait(5)
    assert await holding(make, entity_id) == {"is_successful"}

    house.cloud.script(outcome="FAILED", times=1)
    await house.send()
    await house.wait(2)
    assert await holding(make, entity_id) == {"is_failed"}

    house.cloud.script(after=None, times=1)
    await house.send(timeout=5)
    await house.wait(6)
    assert await holding(make, entity_id) == {"is_timed_out"}


async def test_a_command_in_our_queue_is_pending_too(house: House, make: Make) -> None:
    """Any open state is."""
    await house.send()
    await house.send()

    assert house.state(GATE_SENSOR).state == "queued"
    assert await holding(make, GATE_SENSOR) == {"is_pending"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, True), ({"behavior": "any"}, True), ({"behavior": "all"}, False)],
    ids=["usual", "any", "all"],
)
async def test_one_of_several_may_be_enough(
    house: House, make: Make, options: dict[str, str], expected: object
) -> None:
    """The gate has succeeded, the garage not yet."""
    await house.send()
    house.cloud.script(after=None, times=1)
    await house.send(target=GARAGE)

    checker = await make("is_successful", GATE_SENSOR, GARAGE_SENSOR, **options)

    assert checker.async_check() is expected


@pytest.mark.parametrize("key", ["is_pending", "is_timed_out"])
async def test_a_state_can_be_asked_to_last(house: House, make: Make, key: str) -> None:
    """On its way from one open state to the next, a command is pending all the time."""
    house.cloud.script(after=None)
    checker = await make(key, GATE_SENSOR, **{"for": {"seconds": 4}})

    await house.send(timeout=5)
    await house.wait({"is_pending": 3, "is_timed_out": 8}[key])
    assert checker.async_check() is False
    await house.wait(1.5)
    assert checker.async_check() is True


async def test_it_can_be_had_for_a_device(house: House) -> None:
    """Nobody need know which sensors there are."""
    await house.send()
    config = await async_validate_condition_config(
        house.hass,
        {
            "condition": f"{DOMAIN}.is_successful",
            "target": {"device_id": house.device("dev-7").id},
            "options": {"behavior": "all"},
        },
    )
    checker = await async_from_config(house.hass, config)

    assert checker.async_check() is True
    checker.async_unload()


async def test_other_sensors_are_not_asked(house: House, make: Make) -> None:
    """Neither those of other integrations nor our count of open commands."""
    foreign = er.async_get(house.hass).async_get_or_create("sensor", "other", "1").entity_id
    house.hass.states.async_set(foreign, "success", {"device_class": "enum"})
    pending = "sensor.my_gate_pending_commands"
    house.state(pending)

    assert await holding(make, foreign, pending) == set()


async def test_a_target_that_is_no_longer_listed_is_left_out(house: House, make: Make) -> None:
    """Its sensor is unavailable; the others decide."""
    await house.send()
    await house.send(target=GARAGE)
    house.cloud.remove_device("dev-8")
    await house.reload()
    await house.settle()
    assert house.state(GARAGE_SENSOR).state == "unavailable"

    checker = await make("is_successful", GATE_SENSOR, GARAGE_SENSOR, behavior="all")

    assert checker.async_check() is True


@pytest.mark.parametrize(
    "options", [{"behavior": "each"}, {"colour": "red"}], ids=["behavior", "no option"]
)
@pytest.mark.usefixtures("house")
async def test_options_without_sense_are_refused(make: Make, options: dict[str, str]) -> None:
    """They belong to triggers, or to nothing."""
    with pytest.raises(vol.Invalid):
        await make("is_failed", GATE_SENSOR, **options)


class TestTheEditor:
    """What the editor of automations shows."""

    async def test_it_offers_all_conditions_for_a_device(
        self, house: House, hass_ws_client: WebSocketGenerator
    ) -> None:
        """For a device that has our sensors."""
        assert await async_setup_component(house.hass, "automation", {})
        client = await hass_ws_client(house.hass)
        target = {"device_id": [house.device("dev-7").id]}

        await client.send_json_auto_id({"type": "get_conditions_for_target", "target": target})
        answer = await client.receive_json()

        ours = {key for key in answer["result"] if key.startswith(DOMAIN)}
        assert ours == {f"{DOMAIN}.{key}" for key in automation.CONDITIONS}

    async def test_each_condition_and_field_has_a_text(self, house: House) -> None:
        """Home Assistant's own schema has accepted what they describe."""
        descriptions = await async_get_all_descriptions(house.hass)
        texts = TEXTS["conditions"]

        assert texts.keys() == automation.CONDITIONS.keys()
        assert texts.keys() == {"is_failed", "is_pending", "is_successful", "is_timed_out"}
        for key, text in texts.items():
            description = descriptions[f"{DOMAIN}.{key}"]
            assert description is not None
            assert text.keys() == {"name", "description", "fields"}
            assert text["fields"].keys() == description["fields"].keys() == {"behavior", "for"}
            assert all(field.keys() == {"name", "description"} for field in text["fields"].values())

    async def test_home_assistant_finds_texts_and_icons(self, house: House) -> None:
        """They are read from the files that it looks for."""
        texts = await async_get_translations(house.hass, "en", "conditions", [DOMAIN])
        icons = (await async_get_icons(house.hass, "conditions", [DOMAIN]))[DOMAIN]

        assert texts[f"component.{DOMAIN}.conditions.is_pending.name"] == "Command is pending"
        assert icons.keys() == automation.CONDITIONS.keys()


async def test_a_home_assistant_without_these_classes_goes_without_our_conditions(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are offered without a promise; the triggers stay."""
    with monkeypatch.context() as patch:
        patch.delattr("homeassistant.helpers.condition.EntityStateConditionBase")
        patch.delitem(sys.modules, f"{automation.__name__}.conditions")
        importlib.reload(automation)
        importlib.reload(condition)
        offered = await condition.async_get_conditions(hass)
        triggers = set(automation.TRIGGERS)
    importlib.reload(automation)
    importlib.reload(condition)

    assert offered == {}
    assert triggers
    assert await condition.async_get_conditions(hass)
