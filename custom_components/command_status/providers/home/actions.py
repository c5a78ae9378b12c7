"""What each action of Home Assistant's own entities is expected to bring about.

An *absolute* action names the end that it leads to: "lock" leads to `locked` whatever was before,
so whether it has done its work can be seen at the entity, and to repeat it does no harm. The table
`EXPECTED` has them all; `unpredictable.py` names the others, each with the reason why nothing is
expected of it. Source: the `services.yaml`, the states and the attributes of each platform in Home
Assistant's `homeassistant/components`; they are documented at
https://www.home-assistant.io/integrations/#all and
https://developers.home-assistant.io/docs/core/entity/.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from .goals import (
    BYTE,
    EXACT,
    PERCENT,
    UNIT,
    Call,
    Clauses,
    Goal,
    Scale,
    besides,
    by_state,
    date_and_time,
    full,
    given,
    has,
    if_shown,
    iso,
    moment,
    near,
    option,
    shows,
    shows_other_than,
    together,
    told,
    unless_given,
    zero_means,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """What is known of one action."""

    goal: Goal
    harmless: bool = True
    """Whether it may be done once more without doing more: no toggle, no alarm, no bolt that
    springs open."""


ON: Final = shows("on")
OFF: Final = shows("off")

# A light passes a brightness by where it has none, and a brightness of nought turns it off.
LIT: Final = unless_given(
    "brightness_step",
    "brightness_step_pct",
    "flash",
    "profile",
    goal=zero_means(
        OFF,
        besides(
            ON,
            brightness=if_shown("brightness", near("brightness", "brightness", BYTE)),
            brightness_pct=if_shown("brightness", near("brightness_pct", "brightness", BYTE, 2.55)),
        ),
        "brightness",
        "brightness_pct",
        "white",
    ),
)

SPEED: Final = Scale(step="percentage_step", high=100.0)
BLOWING: Final = zero_means(
    OFF,
    besides(
        ON,
        percentage=if_shown("percentage", near("percentage", "percentage", SPEED)),
        preset_mode=if_shown("preset_mode", told("preset_mode", "preset_mode")),
    ),
    "percentage",
)

TEMPERATURE: Final = Scale(step="target_temp_step", low="min_temp", high="max_temp")
HUMIDITY: Final = Scale(step="target_humidity_step", low="min_humidity", high="max_humidity")
NUMBER: Final = Scale(step="step", low="min", high="max")

# An entity that shows its position is open where it has moved all the way; `open` alone only means
# that it is not closed.
OPENED: Final = together(shows("open"), full("current_position", 100))
CLOSED: Final = shows("closed")
SLEEP: Final = ("off", "standby")
PLAY: Final = ("on", "idle", "playing", "paused", "buffering")
AWAKE: Final = shows_other_than(*SLEEP)
ASLEEP: Final = shows(*SLEEP)

CLIMATES: Final = ("auto", "cool", "dry", "fan_only", "heat", "heat_cool")
WARM: Final = shows_other_than("off")

RESTING: Final = shows("open", "closed")
POSITIONED: Final = together(RESTING, near("position", "current_position", PERCENT))


def _toggled_opening(call: Call) -> Clauses | None:
    """Expect the other end; where it stands in between, or moves, nobody can say which it is."""
    position = call.attributes.get("current_position")
    if call.state == "open" and position not in (None, 100):
        return None
    return by_state({"closed": OPENED, "open": CLOSED})(call)


def _toggled_tilt(call: Call) -> Clauses | None:
    """Expect open slats where they were closed, and closed ones otherwise."""
    tilt = call.attributes.get("current_tilt_position")
    end = 100 if tilt == 0 else 0
    return None if tilt is None else full("current_tilt_position", end)(call)


def _toggled_player(call: Call) -> Clauses | None:
    """Expect a player that was off to be on, and any other to be off."""
    return by_state({**dict.fromkeys(SLEEP, AWAKE), **dict.fromkeys(PLAY, ASLEEP)})(call)


def _installed(call: Call) -> Clauses | None:
    """Expect the version that was asked for, or else the newest."""
    version = call.data.get("version") or call.attributes.get("latest_version")
    return None if version is None else has("installed_version", version)(call)


def _initial(call: Call) -> Clauses | None:
    """Expect the value that a counter begins with."""
    value = call.attributes.get("initial")
    return None if value is None else shows(str(value))(call)


def _written(call: Call) -> Clauses | None:
    """Expect a text that was set; one that is a password must not be written down anywhere."""
    return None if call.attributes.get("mode") == "password" else told("value")(call)


def _away(call: Call) -> Clauses | None:
    """Expect the away mode, which is shown as on or off."""
    away = call.data.get("away_mode")
    return has("away_mode", "off" if str(away).lower() in {"false", "off", "0", "no"} else "on")(
        call
    )


SWITCHED: Final = (
    "automation",
    "humidifier",
    "input_boolean",
    "remote",
    "siren",
    "switch",
)
"""The platforms whose entities are on or off and nothing else."""

ARMED: Final = ("away", "custom_bypass", "home", "night", "vacation")


def _once(goal: Goal) -> Action:
    """Return an action that must not be repeated of itself."""
    return Action(goal=goal, harmless=False)


EXPECTED: Final[Mapping[str, Action]] = {
    **{f"{platform}.turn_on": Action(goal=ON) for platform in SWITCHED},
    **{f"{platform}.turn_off": Action(goal=OFF) for platform in SWITCHED},
    **{f"{platform}.toggle": _once(by_state({"on": OFF, "off": ON})) for platform in SWITCHED},
    # An arming that is repeated begins its delay anew, and a wrong code may lock the keypad.
    **{f"alarm_control_panel.alarm_arm_{mode}": _once(shows(f"armed_{mode}")) for mode in ARMED},
    "alarm_control_panel.alarm_disarm": _once(shows("disarmed")),
    "alarm_control_panel.alarm_trigger": _once(shows("triggered")),
    "camera.enable_motion_detection": Action(goal=has("motion_detection", "true")),
    "climate.set_fan_mode": Action(goal=told("fan_mode", "fan_mode")),
    "climate.set_humidity": Action(goal=near("humidity", "humidity", HUMIDITY)),
    "climate.set_hvac_mode": Action(goal=told("hvac_mode")),
    "climate.set_preset_mode": Action(goal=told("preset_mode", "preset_mode")),
    "climate.set_swing_horizontal_mode": Action(
        goal=told("swing_horizontal_mode", "swing_horizontal_mode")
    ),
    "climate.set_swing_mode": Action(goal=told("swing_mode", "swing_mode")),
    "climate.set_temperature": Action(
        goal=given(
            temperature=near("temperature", "temperature", TEMPERATURE),
            target_temp_high=near("target_temp_high", "target_temp_high", TEMPERATURE),
            target_temp_low=near("target_temp_low", "target_temp_low", TEMPERATURE),
            hvac_mode=told("hvac_mode"),
        )
    ),
    "climate.toggle": _once(by_state({"off": WARM, **dict.fromkeys(CLIMATES, OFF)})),
    "climate.turn_off": Action(goal=OFF),
    "climate.turn_on": Action(goal=WARM),
    "counter.reset": Action(goal=_initial),
    "counter.set_value": Action(goal=near("value", None, EXACT)),
    "cover.close_cover": Action(goal=CLOSED),
    "cover.close_cover_tilt": Action(goal=full("current_tilt_position", 0)),
    "cover.open_cover": Action(goal=OPENED),
    "cover.open_cover_tilt": Action(goal=full("current_tilt_position", 100)),
    "cover.set_cover_position": Action(goal=POSITIONED),
    "cover.set_cover_tilt_position": Action(
        goal=near("tilt_position", "current_tilt_position", PERCENT)
    ),
    "cover.toggle": _once(_toggled_opening),
    "cover.toggle_cover_tilt": _once(_toggled_tilt),
    "date.set_value": Action(goal=iso(date, "date")),
    "datetime.set_value": Action(goal=moment("datetime")),
    "fan.oscillate": Action(goal=told("oscillating", "oscillating")),
    "fan.set_direction": Action(goal=told("direction", "direction")),
    "fan.set_percentage": Action(
        goal=zero_means(OFF, together(ON, near("percentage", "percentage", SPEED)), "percentage")
    ),
    "fan.set_preset_mode": Action(goal=told("preset_mode", "preset_mode")),
    "fan.toggle": _once(by_state({"on": OFF, "off": BLOWING})),
    "fan.turn_off": Action(goal=OFF),
    "fan.turn_on": Action(goal=BLOWING),
    "humidifier.set_humidity": Action(goal=near("humidity", "humidity", HUMIDITY)),
    "humidifier.set_mode": Action(goal=told("mode", "mode")),
    "input_datetime.set_datetime": Action(goal=date_and_time),
    "input_number.set_value": Action(goal=near("value", None, NUMBER)),
    "input_select.select_first": Action(goal=option(0)),
    "input_select.select_last": Action(goal=option(-1)),
    "input_select.select_option": Action(goal=told("option")),
    "input_select.set_options": Action(goal=told("options", "options")),
    "input_text.set_value": Action(goal=_written),
    "lawn_mower.dock": Action(goal=shows("docked")),
    "lawn_mower.pause": Action(goal=shows("paused")),
    "lawn_mower.start_mowing": Action(goal=shows("mowing")),
    "lawn_mower.stop": Action(goal=shows("idle", "docked")),
    "light.toggle": _once(by_state({"on": OFF, "off": LIT})),
    "light.turn_off": Action(goal=OFF),
    "light.turn_on": Action(goal=LIT),
    "lock.lock": Action(goal=shows("locked")),
    "lock.open": _once(shows("open")),
    "lock.unlock": Action(goal=shows("unlocked", "open")),
    "media_player.media_pause": Action(goal=shows("paused")),
    "media_player.media_play": Action(goal=shows("playing")),
    "media_player.media_stop": Action(goal=shows_other_than("playing", "paused", "buffering")),
    "media_player.repeat_set": Action(goal=told("repeat", "repeat")),
    "media_player.select_sound_mode": Action(goal=told("sound_mode", "sound_mode")),
    "media_player.select_source": Action(goal=told("source", "source")),
    "media_player.shuffle_set": Action(goal=told("shuffle", "shuffle")),
    "media_player.toggle": _once(_toggled_player),
    "media_player.turn_off": Action(goal=ASLEEP),
    "media_player.turn_on": Action(goal=AWAKE),
    "media_player.volume_mute": Action(goal=told("is_volume_muted", "is_volume_muted")),
    "media_player.volume_set": Action(goal=near("volume_level", "volume_level", UNIT)),
    "number.set_value": Action(goal=near("value", None, NUMBER)),
    "script.turn_off": Action(goal=OFF),
    "select.select_first": Action(goal=option(0)),
    "select.select_last": Action(goal=option(-1)),
    "select.select_option": Action(goal=told("option")),
    "text.set_value": Action(goal=_written),
    "time.set_value": Action(goal=iso(time, "time")),
    "timer.cancel": Action(goal=shows("idle")),
    "timer.finish": Action(goal=shows("idle")),
    "timer.pause": Action(goal=shows("paused")),
    "timer.start": _once(shows("active")),
    "update.install": _once(_installed),
    "vacuum.clean_area": _once(shows("cleaning")),
    "vacuum.clean_spot": _once(shows("cleaning")),
    "vacuum.pause": Action(goal=shows("paused")),
    "vacuum.return_to_base": Action(goal=shows("docked")),
    "vacuum.set_fan_speed": Action(goal=told("fan_speed", "fan_speed")),
    "vacuum.start": Action(goal=shows("cleaning")),
    "vacuum.stop": Action(goal=shows("idle", "docked")),
    "valve.close_valve": Action(goal=CLOSED),
    "valve.open_valve": Action(goal=OPENED),
    "valve.set_valve_position": Action(goal=POSITIONED),
    "valve.toggle": _once(_toggled_opening),
    "water_heater.set_away_mode": Action(goal=_away),
    "water_heater.set_operation_mode": Action(goal=told("operation_mode")),
    "water_heater.set_temperature": Action(
        goal=given(
            temperature=near("temperature", "temperature", TEMPERATURE),
            operation_mode=told("operation_mode"),
        )
    ),
    "water_heater.turn_off": Action(goal=OFF),
    "water_heater.turn_on": Action(goal=WARM),
}
"""Every absolute action of Home Assistant's own entities, as `domain.action`."""

GENERIC: Final = "homeassistant"
"""The domain whose actions do to any entity what its own platform does under the same name."""


def action_of(name: str, entity_id: str) -> Action | None:
    """Return what is known of an action on an entity; None where nothing is expected of it."""
    domain, _, action = name.partition(".")
    kind = entity_id.partition(".")[0]
    return EXPECTED.get(f"{kind}.{action}") if domain in {kind, GENERIC} else None


def expected(name: str, entity_id: str, call: Call) -> Clauses | None:
    """Return what a call is expected to bring about at an entity; None where nothing is."""
    action = action_of(name, entity_id)
    return None if action is None else action.goal(call) or None
