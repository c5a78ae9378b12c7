"""What each action of Home Assistant is expected to bring about.

The other side of the comparison is the Home Assistant that is installed: its platforms, their
actions, and the words of their states.
"""

from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from homeassistant import components
from homeassistant.components.alarm_control_panel.const import AlarmControlPanelState
from homeassistant.components.cover import CoverState
from homeassistant.components.lawn_mower.const import LawnMowerActivity
from homeassistant.components.lock.const import LockState
from homeassistant.components.media_player.const import MediaPlayerState
from homeassistant.components.vacuum.const import VacuumActivity
from homeassistant.components.valve.const import ValveState
from homeassistant.generated.entity_platforms import EntityPlatforms
from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.command_status.providers.home.actions import EXPECTED, action_of, expected
from custom_components.command_status.providers.home.goals import Call
from custom_components.command_status.providers.home.stages import FAILED, MOVING
from custom_components.command_status.providers.home.unpredictable import UNPREDICTABLE
from custom_components.command_status.tracking import Expectation
from tests.e2e.this_home.deeds import DEEDS, NOT_HERE

HELPERS: Final = (
    "automation",
    "counter",
    "input_boolean",
    "input_button",
    "input_datetime",
    "input_number",
    "input_select",
    "input_text",
    "schedule",
    "script",
    "timer",
)
"""The domains with entities of their own that are no platforms of others."""

PLATFORMS: Final = sorted({*(platform.value for platform in EntityPlatforms), *HELPERS})
WORDS: Final = {
    "alarm_control_panel": AlarmControlPanelState,
    "cover": CoverState,
    "lawn_mower": LawnMowerActivity,
    "lock": LockState,
    "media_player": MediaPlayerState,
    "vacuum": VacuumActivity,
    "valve": ValveState,
}
"""The states of the platforms that have a list of them."""

BERLIN: Final = ZoneInfo("Europe/Berlin")


def actions_of(platform: str) -> set[str]:
    """Return the actions of a platform, as its own description names them."""
    file = Path(components.__path__[0]) / platform / "services.yaml"
    described = load_yaml_dict(str(file)) if file.is_file() else {}
    return {f"{platform}.{name}" for name in described or {} if not name.startswith(".")}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_action_of_every_platform_is_in_one_of_the_tables(platform: str) -> None:
    """An action that Home Assistant adds shows up here, and somebody has to think about it."""
    assert actions_of(platform) - EXPECTED.keys() - UNPREDICTABLE.keys() == set()


def test_no_action_is_in_both_tables() -> None:
    """Either something is expected or there is a reason why not."""
    assert EXPECTED.keys() & UNPREDICTABLE.keys() == set()


def test_every_row_is_done_in_a_real_house() -> None:
    """Whoever adds a row adds a deed to the end-to-end tests, or says why there can be none."""
    done = {f"{kind}.{deed[0]}" for kind, deeds in DEEDS.items() for deed in deeds}
    assert done | NOT_HERE.keys() == EXPECTED.keys()


def test_the_table_knows_no_action_that_does_not_exist() -> None:
    """A misspelt row would expect nothing for ever."""
    known = set().union(*map(actions_of, PLATFORMS))
    assert EXPECTED.keys() - known == set()


@pytest.mark.parametrize("platform", sorted(MOVING.keys() | FAILED.keys()))
def test_a_state_on_the_way_is_a_word_of_its_platform(platform: str) -> None:
    """Words change from one Home Assistant to the next, and a stale one would never be seen."""
    named = MOVING.get(platform, frozenset()) | FAILED.get(platform, frozenset())
    assert named - {word.value for word in WORDS[platform]} == set()


def call(state: str, attributes: dict[str, Any], **data: Any) -> Call:
    """Return a call on an entity that is in a state."""
    return Call(data=data, state=state, attributes=attributes, zone=BERLIN)


def reaches(name: str, before: Call, state: str, attributes: dict[str, Any]) -> bool | None:
    """Return whether a state is what a call leads to; None where nothing is expected of it."""
    entity_id = f"{name.partition('.')[0]}.thing"
    clauses = expected(name, entity_id, before)
    if clauses is None:
        return None
    return Expectation(entity=entity_id, clauses=clauses).reached(state, attributes)


HALF_OPEN: Final = {"current_position": 50}
DIMMABLE: Final = {"brightness": None}
STEPS: Final = {"percentage": 0, "percentage_step": 100 / 3, "preset_mode": None}
WARM: Final = {"target_temp_step": 0.5, "min_temp": 7, "max_temp": 35}
NUMBER: Final = {"min": 0, "max": 1000, "step": 1}
MOMENT: Final = {"has_date": True, "has_time": True}
PARTS: Final = {"year": 2026, "month": 5, "day": 4, "hour": 3, "minute": 2, "second": 1}


@pytest.mark.parametrize(
    ("name", "before", "state", "attributes", "reached"),
    [
        ("lock.lock", call("unlocked", {}), "locked", {}, True),
        ("select.select_option", call("one", {}), "two", {}, None),
        ("lock.lock", call("unlocked", {}), "locking", {}, False),
        ("lock.unlock", call("locked", {}), "open", {}, True),
        ("lock.open", call("unlocked", {}), "unlocked", {}, False),
        ("cover.close_cover", call("open", HALF_OPEN), "closed", {"current_position": 0}, True),
        ("cover.open_cover", call("closed", {}), "open", {}, True),
        ("cover.open_cover", call("open", HALF_OPEN), "open", HALF_OPEN, False),
        ("cover.open_cover", call("open", HALF_OPEN), "open", {"current_position": 99}, True),
        ("cover.open_cover", call("open", HALF_OPEN), "opening", {"current_position": 100}, False),
        ("cover.set_cover_position", call("open", {}, position=50), "open", HALF_OPEN, True),
        ("cover.set_cover_position", call("open", {}, position=50), "closing", HALF_OPEN, False),
        ("cover.set_cover_position", call("open", {}, position=48), "open", HALF_OPEN, False),
        (
            "cover.set_cover_tilt_position",
            call("open", {}, tilt_position=10),
            "open",
            {"current_tilt_position": 10},
            True,
        ),
        ("cover.toggle", call("closed", {}), "open", {}, True),
        ("cover.toggle", call("open", {"current_position": 100}), "closed", {}, True),
        ("cover.toggle", call("open", HALF_OPEN), "closed", {}, None),
        ("cover.toggle", call("closing", {}), "open", {}, None),
        (
            "cover.toggle_cover_tilt",
            call("open", {"current_tilt_position": 0}),
            "open",
            {"current_tilt_position": 100},
            True,
        ),
        (
            "cover.toggle_cover_tilt",
            call("open", {"current_tilt_position": 30}),
            "open",
            {"current_tilt_position": 0},
            True,
        ),
        ("cover.toggle_cover_tilt", call("open", {}), "open", {}, None),
        ("switch.turn_on", call("off", {}), "on", {}, True),
        ("switch.toggle", call("on", {}), "off", {}, True),
        ("switch.toggle", call("unavailable", {}), "off", {}, None),
        ("light.turn_on", call("off", DIMMABLE), "on", {"brightness": 7}, True),
        ("light.turn_on", call("off", DIMMABLE, brightness=100), "on", {"brightness": 98}, True),
        ("light.turn_on", call("off", DIMMABLE, brightness=100), "on", {"brightness": 90}, False),
        (
            "light.turn_on",
            call("off", DIMMABLE, brightness_pct=50),
            "on",
            {"brightness": 128},
            True,
        ),
        (
            "light.turn_on",
            call("off", DIMMABLE, brightness_pct=50),
            "on",
            {"brightness": 50},
            False,
        ),
        ("light.turn_on", call("off", {}, brightness_pct=50), "on", {}, True),
        ("light.turn_on", call("on", DIMMABLE, brightness_pct=0), "off", DIMMABLE, True),
        ("light.turn_on", call("on", DIMMABLE, white=0), "off", DIMMABLE, True),
        ("light.turn_on", call("off", DIMMABLE, white=True), "on", {"brightness": 3}, True),
        ("light.turn_on", call("on", DIMMABLE, brightness_step=-9), "on", DIMMABLE, None),
        ("light.toggle", call("off", DIMMABLE, brightness=9), "on", {"brightness": 200}, False),
        ("light.toggle", call("on", DIMMABLE, brightness=9), "off", DIMMABLE, True),
        ("fan.turn_on", call("off", STEPS, percentage=50), "on", {"percentage": 66}, True),
        ("fan.turn_on", call("off", STEPS, percentage=33), "on", {"percentage": 100}, False),
        ("fan.turn_on", call("off", {}, percentage=33), "on", {}, True),
        ("fan.turn_on", call("on", STEPS, percentage=0), "off", {"percentage": 0}, True),
        ("fan.turn_on", call("off", STEPS, preset_mode="eco"), "on", {"preset_mode": "eco"}, True),
        ("fan.set_percentage", call("on", STEPS, percentage=0), "off", {"percentage": 0}, True),
        ("fan.oscillate", call("on", {}, oscillating=True), "on", {"oscillating": True}, True),
        (
            "climate.set_temperature",
            call("heat", WARM, temperature=21.3),
            "heat",
            {"temperature": 21},
            True,
        ),
        (
            "climate.set_temperature",
            call("heat", WARM, temperature=21),
            "heat",
            {"temperature": 20.5},
            False,
        ),
        (
            "climate.set_temperature",
            call("off", WARM, target_temp_low=18, target_temp_high=22, hvac_mode="heat_cool"),
            "heat_cool",
            {"target_temp_low": 18, "target_temp_high": 22},
            True,
        ),
        (
            "climate.set_temperature",
            call("off", WARM, temperature=21, hvac_mode="heat"),
            "off",
            {"temperature": 21},
            False,
        ),
        ("climate.set_temperature", call("heat", WARM), "heat", {}, None),
        (
            "climate.set_temperature",
            call("heat", {}, temperature=20),
            "heat",
            {"temperature": 20.2},
            True,
        ),
        (
            "climate.set_humidity",
            call("dry", {"min_humidity": 30, "max_humidity": 99}, humidity=50),
            "dry",
            {"humidity": 51},
            False,
        ),
        ("climate.turn_on", call("off", {}), "heat", {}, True),
        ("climate.turn_on", call("off", {}), "off", {}, False),
        ("climate.toggle", call("heat", {}), "off", {}, True),
        ("climate.toggle", call("unknown", {}), "off", {}, None),
        ("humidifier.set_mode", call("on", {}, mode="eco"), "on", {"mode": "eco"}, True),
        (
            "water_heater.set_away_mode",
            call("eco", {}, away_mode=True),
            "eco",
            {"away_mode": "on"},
            True,
        ),
        (
            "water_heater.set_away_mode",
            call("eco", {}, away_mode="off"),
            "eco",
            {"away_mode": "off"},
            True,
        ),
        ("water_heater.set_operation_mode", call("eco", {}, operation_mode="gas"), "gas", {}, True),
        ("alarm_control_panel.alarm_arm_away", call("disarmed", {}), "armed_away", {}, True),
        ("alarm_control_panel.alarm_arm_away", call("disarmed", {}), "arming", {}, False),
        ("alarm_control_panel.alarm_disarm", call("armed_home", {}), "disarmed", {}, True),
        ("vacuum.return_to_base", call("cleaning", {}), "docked", {}, True),
        (
            "vacuum.set_fan_speed",
            call("docked", {}, fan_speed="max"),
            "docked",
            {"fan_speed": "max"},
            True,
        ),
        ("lawn_mower.start_mowing", call("docked", {}), "mowing", {}, True),
        ("media_player.turn_on", call("off", {}), "idle", {}, True),
        ("media_player.turn_on", call("off", {}), "unavailable", {}, False),
        ("media_player.toggle", call("off", {}), "playing", {}, True),
        ("media_player.toggle", call("playing", {}), "standby", {}, True),
        ("media_player.media_stop", call("playing", {}), "idle", {}, True),
        (
            "media_player.volume_set",
            call("on", {}, volume_level=0.3),
            "on",
            {"volume_level": 0.305},
            True,
        ),
        (
            "media_player.volume_set",
            call("on", {}, volume_level=0.3),
            "on",
            {"volume_level": 0.32},
            False,
        ),
        (
            "media_player.volume_mute",
            call("on", {}, is_volume_muted=False),
            "on",
            {"is_volume_muted": False},
            True,
        ),
        ("number.set_value", call("1", NUMBER, value=50), "50.0", {}, True),
        ("number.set_value", call("1", NUMBER, value=50), "49", {}, False),
        ("number.set_value", call("1", {}, value=50), "unknown", {}, False),
        (
            "input_number.set_value",
            call("1", {"min": 0, "max": 1, "step": 0.1}, value=0.3),
            "0.2",
            {},
            False,
        ),
        ("counter.set_value", call("1", {}, value=5), "5", {}, True),
        ("counter.reset", call("4", {"initial": 2}), "2", {}, True),
        ("counter.reset", call("4", {}), "2", {}, None),
        ("select.select_option", call("a", {}, option="b"), "b", {}, True),
        ("select.select_first", call("b", {"options": ["a", "b"]}), "a", {}, True),
        ("input_select.select_last", call("a", {"options": ["a", "b"]}), "b", {}, True),
        ("select.select_last", call("a", {}), "b", {}, None),
        ("input_select.set_options", call("a", {}, options=["a"]), "a", {"options": ["a"]}, True),
        ("text.set_value", call("", {"mode": "text"}, value="hello"), "hello", {}, True),
        ("text.set_value", call("", {"mode": "text"}, value="01"), "1", {}, False),
        ("text.set_value", call("", {"mode": "password"}, value="rosebud"), "rosebud", {}, None),
        ("date.set_value", call("", {}, date="2026-05-04"), "2026-05-04", {}, True),
        ("date.set_value", call("", {}, date=date(2026, 5, 4)), "2026-05-04", {}, True),
        ("date.set_value", call("", {}, date="soon"), "soon", {}, None),
        ("time.set_value", call("", {}, time="08:30"), "08:30:00", {}, True),
        (
            "datetime.set_value",
            call("", {}, datetime="2026-05-04 03:02:01"),
            "2026-05-04T01:02:01+00:00",
            {},
            True,
        ),
        (
            "datetime.set_value",
            call("", {}, datetime="2026-05-04T03:02:01Z"),
            "2026-05-04T03:02:01+00:00",
            {},
            True,
        ),
        ("datetime.set_value", call("", {}), "2026-05-04T03:02:01+00:00", {}, None),
        (
            "input_datetime.set_datetime",
            call("", MOMENT, datetime="2026-05-04 03:02:01"),
            "",
            PARTS,
            True,
        ),
        ("input_datetime.set_datetime", call("", MOMENT, timestamp=1777856521), "", PARTS, True),
        ("input_datetime.set_datetime", call("", MOMENT, date="2026-05-05"), "", PARTS, False),
        (
            "input_datetime.set_datetime",
            call("", {"has_time": True}, time="03:02:01"),
            "",
            PARTS,
            True,
        ),
        ("input_datetime.set_datetime", call("", MOMENT), "", PARTS, None),
        ("timer.start", call("idle", {}), "active", {}, True),
        (
            "update.install",
            call("on", {"latest_version": "2"}),
            "off",
            {"installed_version": "2"},
            True,
        ),
        ("update.install", call("on", {}, version="3"), "on", {"installed_version": "2"}, False),
        ("update.install", call("on", {}), "off", {}, None),
        ("script.turn_on", call("off", {}), "on", {}, None),
        ("zwave_js.set_value", call("off", {}), "on", {}, None),
    ],
    ids=str,
)
def test_an_action_leads_to_what_the_table_says(
    name: str, before: Call, state: str, attributes: dict[str, Any], *, reached: bool | None
) -> None:
    """Neither is a success told that is none, nor is one overlooked that an entity shows."""
    assert reaches(name, before, state, attributes) is reached


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_an_action_that_is_called_with_nothing_on_nothing_breaks_nothing(name: str) -> None:
    """Whoever calls it may leave out what it needs: that is for Home Assistant to say."""
    assert isinstance(expected(name, "x.y", call("unknown", {})), tuple | None)


@pytest.mark.parametrize(
    ("name", "entity_id", "harmless"),
    [
        ("lock.lock", "lock.door", True),
        ("lock.open", "lock.door", False),
        ("light.toggle", "light.hall", False),
        ("homeassistant.turn_off", "light.hall", True),
        ("homeassistant.toggle", "switch.pump", False),
        ("alarm_control_panel.alarm_trigger", "alarm_control_panel.home", False),
    ],
)
def test_some_actions_are_harmless_to_repeat(name: str, entity_id: str, *, harmless: bool) -> None:
    """Only what leads to an end, and does no more when it is there, may be done once more."""
    action = action_of(name, entity_id)
    assert action is not None
    assert action.harmless is harmless


def test_a_toggle_is_never_harmless_to_repeat() -> None:
    """The second one undoes the first."""
    toggles = [action for name, action in EXPECTED.items() if ".toggle" in name]
    assert toggles
    assert not any(action.harmless for action in toggles)
