"""Actions of Home Assistant's own entities of which nothing is expected, and why."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import chain
from typing import Final


class Unpredictable(StrEnum):
    """Why nothing is expected of an action."""

    MOMENTARY = "it does something once and leaves no state that shows it"
    RELATIVE = "where it leads to depends on where the entity is when it arrives"
    ANSWERS = "it changes nothing; what it returns is all there is"
    NOT_SHOWN = "the entity does not show what it changes"
    MANAGES = "it concerns Home Assistant's own set-up, not a thing"
    LEGACY = "no entity has it any more"


_BY_REASON: Final[Mapping[Unpredictable, tuple[str, ...]]] = {
    Unpredictable.MOMENTARY: (
        "ai_task.clear_images",
        "alert.turn_on",
        "assist_satellite.announce",
        "assist_satellite.start_conversation",
        "automation.trigger",
        "button.press",
        "camera.play_stream",
        "camera.record",
        "camera.snapshot",
        "device_tracker.see",
        "image.snapshot",
        "image_processing.scan",
        "input_button.press",
        "media_player.clear_playlist",
        "media_player.play_media",
        "notify.notify",
        "notify.persistent_notification",
        "notify.send_message",
        "remote.delete_command",
        "remote.learn_command",
        "remote.send_command",
        "scene.apply",
        "scene.turn_on",
        "script.toggle",
        "script.turn_on",
        "tts.say",
        "tts.speak",
        "vacuum.locate",
        "vacuum.send_command",
    ),
    Unpredictable.RELATIVE: (
        "counter.decrement",
        "counter.increment",
        "cover.stop_cover",
        "cover.stop_cover_tilt",
        "fan.decrease_speed",
        "fan.increase_speed",
        "input_number.decrement",
        "input_number.increment",
        "input_select.select_next",
        "input_select.select_previous",
        "media_player.media_next_track",
        "media_player.media_play_pause",
        "media_player.media_previous_track",
        "media_player.media_seek",
        "media_player.volume_down",
        "media_player.volume_up",
        "select.select_next",
        "select.select_previous",
        "timer.change",
        "valve.stop_valve",
    ),
    Unpredictable.ANSWERS: (
        "ai_task.evaluate",
        "ai_task.generate_data",
        "ai_task.generate_image",
        "assist_satellite.ask_question",
        "calendar.get_events",
        "conversation.process",
        "media_player.browse_media",
        "media_player.search_media",
        "schedule.get_schedule",
        "todo.get_items",
        "weather.get_forecast",
        "weather.get_forecasts",
    ),
    Unpredictable.NOT_SHOWN: (
        "calendar.create_event",
        "camera.disable_motion_detection",
        "camera.turn_off",
        "camera.turn_on",
        "media_player.join",
        "media_player.unjoin",
        "todo.add_item",
        "todo.remove_completed_items",
        "todo.remove_item",
        "todo.update_item",
        "update.clear_skipped",
        "update.skip",
    ),
    Unpredictable.MANAGES: (
        "automation.reload",
        "conversation.reload",
        "group.reload",
        "group.remove",
        "group.set",
        "input_boolean.reload",
        "input_button.reload",
        "input_datetime.reload",
        "input_number.reload",
        "input_select.reload",
        "input_text.reload",
        "scene.create",
        "scene.delete",
        "scene.reload",
        "schedule.reload",
        "script.reload",
        "timer.reload",
        "tts.clear_cache",
    ),
    Unpredictable.LEGACY: (
        "vacuum.start_pause",
        "vacuum.toggle",
        "vacuum.turn_off",
        "vacuum.turn_on",
    ),
}

UNPREDICTABLE: Final[Mapping[str, Unpredictable]] = dict(
    chain.from_iterable(((name, reason) for name in names) for reason, names in _BY_REASON.items())
)
"""By `domain.action`."""
