"""Every action of which something is expected, and an entity that has it."""

from collections.abc import Mapping
from typing import Any, Final

type Deed = tuple[str, str] | tuple[str, str, Mapping[str, Any]]
"""An action, the name of an entity, and the data of the action."""

CODE: Final = {"code": "1234"}
SWITCHES: Final = {
    "input_boolean": "motor",
    "humidifier": "hygrostat",
    "remote": "remote_one",
    "siren": "siren",
    "switch": "ac",
}

DEEDS: Final[Mapping[str, tuple[Deed, ...]]] = {
    **{
        kind: (("turn_off", name), ("turn_on", name), ("toggle", name), ("toggle", name))
        for kind, name in SWITCHES.items()
    },
    "alarm_control_panel": (
        *(
            deed
            for mode in ("home", "night", "away", "vacation", "custom_bypass")
            for deed in (
                (f"alarm_arm_{mode}", "security", CODE),
                ("alarm_disarm", "security", CODE),
            )
        ),
        ("alarm_trigger", "security", CODE),
        ("alarm_disarm", "security", CODE),
    ),
    "automation": (
        ("turn_off", "idle"),
        ("turn_on", "idle"),
        ("toggle", "idle"),
        ("toggle", "idle"),
    ),
    "camera": (("enable_motion_detection", "demo_camera"),),
    "climate": (
        ("turn_off", "hvac"),
        ("turn_on", "hvac"),
        ("toggle", "hvac"),
        ("set_hvac_mode", "hvac", {"hvac_mode": "heat"}),
        ("set_temperature", "heatpump", {"temperature": 21.5}),
        ("set_temperature", "ecobee", {"target_temp_low": 19, "target_temp_high": 25}),
        ("set_temperature", "hvac", {"temperature": 20, "hvac_mode": "cool"}),
        ("set_humidity", "hvac", {"humidity": 50}),
        ("set_preset_mode", "ecobee", {"preset_mode": "eco"}),
        ("set_fan_mode", "hvac", {"fan_mode": "on_low"}),
        ("set_swing_mode", "hvac", {"swing_mode": "auto"}),
        ("set_swing_horizontal_mode", "hvac", {"swing_horizontal_mode": "rangefull"}),
    ),
    "counter": (("set_value", "bar_calls", {"value": 3}), ("reset", "bar_calls")),
    "cover": (
        ("open_cover", "hall_window"),
        ("close_cover", "hall_window"),
        ("set_cover_position", "hall_window", {"position": 30}),
        ("toggle", "kitchen_window"),
        ("open_cover_tilt", "living_room_window"),
        ("close_cover_tilt", "living_room_window"),
        ("set_cover_tilt_position", "living_room_window", {"tilt_position": 20}),
        ("toggle_cover_tilt", "living_room_window"),
    ),
    "date": (("set_value", "date", {"date": "2026-12-24"}),),
    "datetime": (("set_value", "date_and_time", {"datetime": "2026-12-24 20:15:00"}),),
    "fan": (
        ("turn_on", "living_room_fan", {"percentage": 66}),
        ("set_percentage", "living_room_fan", {"percentage": 100}),
        ("set_preset_mode", "living_room_fan", {"preset_mode": "auto"}),
        ("oscillate", "living_room_fan", {"oscillating": True}),
        ("set_direction", "living_room_fan", {"direction": "reverse"}),
        ("turn_off", "living_room_fan"),
        ("toggle", "living_room_fan"),
    ),
    "humidifier": (
        ("turn_off", "hygrostat"),
        ("toggle", "hygrostat"),
        ("turn_on", "hygrostat"),
        ("set_humidity", "hygrostat", {"humidity": 40}),
        ("set_mode", "hygrostat", {"mode": "eco"}),
    ),
    "input_datetime": (("set_datetime", "moment", {"datetime": "2026-12-24 20:15:00"}),),
    "input_number": (("set_value", "number", {"value": 7}),),
    "input_select": (
        ("select_last", "option"),
        ("select_first", "option"),
        ("select_option", "option", {"option": "two"}),
        ("set_options", "option", {"options": ["three", "four"]}),
    ),
    "input_text": (("set_value", "text", {"value": "hello"}),),
    "lawn_mower": (
        ("start_mowing", "my_lawn_mower"),
        ("pause", "my_lawn_mower"),
        ("dock", "my_lawn_mower"),
    ),
    "light": (
        ("turn_on", "bed_light", {"brightness": 77}),
        ("turn_on", "bed_light", {"brightness_pct": 50}),
        ("turn_on", "bed_light", {"brightness": 0}),
        ("toggle", "bed_light"),
        ("turn_off", "bed_light"),
    ),
    "lock": (
        ("unlock", "front_door"),
        ("lock", "front_door"),
        ("open", "openable_lock"),
    ),
    "media_player": (
        ("media_pause", "bedroom"),
        ("media_play", "bedroom"),
        ("volume_set", "bedroom", {"volume_level": 0.3}),
        ("volume_mute", "bedroom", {"is_volume_muted": True}),
        ("select_sound_mode", "bedroom", {"sound_mode": "Movie"}),
        ("shuffle_set", "bedroom", {"shuffle": True}),
        ("repeat_set", "walkman", {"repeat": "one"}),
        ("select_source", "lounge_room", {"source": "youtube"}),
        ("media_stop", "walkman"),
        ("turn_off", "bedroom"),
        ("toggle", "bedroom"),
        ("turn_off", "lounge_room"),
        ("turn_on", "lounge_room"),
    ),
    "number": (
        ("set_value", "large_range", {"value": 612}),
        ("set_value", "pwm_1", {"value": 0.5}),
    ),
    "script": (("turn_off", "idle"),),
    "select": (
        ("select_first", "speed"),
        ("select_last", "speed"),
        ("select_option", "speed", {"option": "light_speed"}),
    ),
    "text": (("set_value", "text", {"value": "bye"}),),
    "time": (("set_value", "time", {"time": "20:15:00"}),),
    "timer": (
        ("start", "egg"),
        ("pause", "egg"),
        ("start", "egg"),
        ("finish", "egg"),
        ("start", "egg"),
        ("cancel", "egg"),
    ),
    "update": (("install", "demo_add_on"),),
    "vacuum": (
        ("start", "demo_vacuum_0_ground_floor"),
        ("pause", "demo_vacuum_0_ground_floor"),
        ("clean_spot", "demo_vacuum_0_ground_floor"),
        ("set_fan_speed", "demo_vacuum_0_ground_floor", {"fan_speed": "high"}),
        ("stop", "demo_vacuum_0_ground_floor"),
        ("return_to_base", "demo_vacuum_0_ground_floor"),
    ),
    "valve": (
        ("open_valve", "orchard"),
        ("close_valve", "orchard"),
        ("toggle", "orchard"),
        ("set_valve_position", "back_garden", {"position": 50}),
    ),
    "water_heater": (
        ("set_temperature", "demo_water_heater_celsius", {"temperature": 50}),
        ("set_operation_mode", "demo_water_heater_celsius", {"operation_mode": "gas"}),
        ("set_away_mode", "demo_water_heater_celsius", {"away_mode": False}),
        ("turn_off", "demo_water_heater_celsius"),
        ("turn_on", "demo_water_heater_celsius"),
    ),
}

NOT_HERE: Final = {
    "lawn_mower.stop": "only the newest mowers can",
    "vacuum.clean_area": "no vacuum of the demo has areas",
}
"""Actions that no entity of Home Assistant's own demo has."""
