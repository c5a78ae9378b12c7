"""The user's words, and what must not be seen of them."""

from typing import Any

import pytest

from custom_components.command_status.providers.base import Order, Provider, Target
from custom_components.command_status.providers.errors import ProviderInputError
from custom_components.command_status.providers.esper import ACCOUNT

REDACTED = "**REDACTED**"
TARGET = Target(id="d1", name="Lobby", device="d1", device_name="Lobby", commands=("REBOOT",))


def order(provider: Provider, word: str, parameters: dict[str, Any]) -> Order:
    """Say what to do with the one tablet."""
    return provider.order([TARGET], word, parameters)


def test_any_name_is_a_command(provider: Provider) -> None:
    """Nobody knows all of them, and new ones come."""
    made = order(provider, " brew_coffee_2 ", {"cups": 2})
    assert made == Order(target=TARGET, command="BREW_COFFEE_2", parameters={"cups": 2})


@pytest.mark.parametrize("word", ["", "  ", "SWITCH OFF", "REBOOT;", "_", "2ND", "RÉBOOT"])
def test_what_cannot_be_a_name_is_refused(provider: Provider, word: str) -> None:
    """The error names the usual commands."""
    with pytest.raises(ProviderInputError) as raised:
        order(provider, word, {})
    assert raised.value.text_key == "unknown_command"
    assert "REBOOT" in raised.value.placeholders["accepted"]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ({}, {}),
        ({"command_args": {"state": "LOCKED"}}, {"state": "LOCKED"}),
        ({"command_args": None}, {}),
        ({"brightness_value": 50.0}, {"brightness_value": 50}),
        ({"ratio": 0.5}, {"ratio": 0.5}),
    ],
    ids=["none", "one field for all", "that field left empty", "a form's number", "a fraction"],
)
def test_arguments_are_sent_as_esper_takes_them(
    provider: Provider, typed: dict[str, Any], sent: dict[str, Any]
) -> None:
    """Forms know neither integers nor a place for arguments that nobody documents."""
    made = order(provider, "SET_SOMETHING", typed)
    assert repr(made.parameters) == repr(sent)
    assert made.payload is None


def deep() -> dict[str, Any]:
    """Return arguments that are nested deeper than anybody can read."""
    arguments: dict[str, Any] = {}
    for _ in range(100_000):
        arguments = {"more": arguments}
    return arguments


def nested(levels: int) -> Any:
    """Return lists within lists."""
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "parameters",
    [
        {"command_args": "now"},
        {"when": {1, 2}},
        {"ratio": float("nan")},
        deep(),
    ],
    ids=["a text", "a set", "no number", "too deep"],
)
def test_what_json_cannot_say_is_refused(provider: Provider, parameters: dict[str, Any]) -> None:
    """Before anything is sent."""
    with pytest.raises(ProviderInputError) as raised:
        order(provider, "REBOOT", parameters)
    assert raised.value.text_key == "data_needed"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            {"wifi_access_points": [{"wifi_ssid": "guest", "wifi_password": "hunter2"}]},
            {"wifi_access_points": [{"wifi_ssid": "guest", "wifi_password": REDACTED}]},
        ),
        (
            {"wifi": {"PSK": 12345678, "eap": {"Passphrase": {"text": ["a", "b"]}}}},
            {"wifi": {"PSK": REDACTED, "eap": {"Passphrase": REDACTED}}},
        ),
        (
            {"wifi_access_points": '[{"ssid": "guest", "password": "hunter2"}]', "note": "[x"},
            {"wifi_access_points": REDACTED, "note": "[x"},
        ),
        ({"client_secret": "s"}, {"client_secret": REDACTED}),
    ],
    ids=["in a list", "at any depth", "in a text of JSON", "of any kind"],
)
def test_passwords_are_sent_and_not_shown(
    provider: Provider, typed: dict[str, Any], shown: dict[str, Any]
) -> None:
    """A secret is recognised by the name of its key."""
    made = order(provider, "SET_SOMETHING", typed)
    assert made.parameters == shown
    assert made.payload == typed


def test_a_switch_is_no_secret(provider: Provider) -> None:
    """Whether there is a password, or none, may be seen."""
    typed = {"password_required": True, "password": None, "package_name": "com.example.passport"}
    assert order(provider, "SET_SOMETHING", typed).parameters == typed


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("REBOOT", []),
        ("set_brightness_scale", ["brightness_value"]),
        ("SET_STREAM_VOLUME", ["stream", "volume_level"]),
        ("INSTALL", ["app_version"]),
        ("CONVERGE", ["command_args"]),
        ("BREW_COFFEE", ["command_args"]),
    ],
)
def test_a_form_asks_for_what_is_documented(
    provider: Provider, word: str, names: list[str]
) -> None:
    """For everything else it has one field."""
    assert [field.name for field in provider.parameters(TARGET, word)] == names


@pytest.mark.parametrize(
    ("word", "typed", "missing", "key"),
    [
        ("INSTALL", {}, "app_version", "text_needed"),
        ("install", {"app_version": ""}, "app_version", "text_needed"),
        ("SET_STREAM_VOLUME", {"stream": 3}, "volume_level", "missing_parameter"),
        (
            "SET_STREAM_VOLUME",
            {"command_args": {"volume_level": 5}},
            "stream",
            "missing_parameter",
        ),
        ("SET_WIFI_STATE", {"wifi_state": None}, "wifi_state", "missing_parameter"),
        ("UNINSTALL", {}, "package_name", "text_needed"),
        (
            "SET_APP_PERMISSION",
            {"package_name": "a", "permission": "b"},
            "grant_state",
            "missing_parameter",
        ),
    ],
)
def test_what_a_command_needs_must_be_said(
    provider: Provider, word: str, typed: dict[str, Any], missing: str, key: str
) -> None:
    """Esper would take the command, and the tablet fail at it later."""
    with pytest.raises(ProviderInputError) as raised:
        order(provider, word, typed)
    assert raised.value.text_key == key
    assert raised.value.placeholders["parameter"] == missing


@pytest.mark.parametrize(
    ("word", "typed", "sent"),
    [
        ("SET_WIFI_STATE", {"wifi_state": False}, {"wifi_state": False}),
        ("SET_GPS_STATE", {"gps_state": "3"}, {"gps_state": 3}),
        ("SET_GPS_STATE", {"gps_state": 3.0}, {"gps_state": 3}),
        ("SET_APP_STATE", {"package_name": "a", "app_state": "hide"}, {"app_state": "HIDE"}),
        ("SET_SCREEN_OFF_TIMEOUT", {"screen_off_timeout": "-1"}, {"screen_off_timeout": -1}),
        ("SET_TIMEZONE", {"timezone_string": "12"}, {"timezone_string": "12"}),
        ("REBOOT", {"force": "1"}, {"force": "1"}),
        ("UPDATE_DEVICE_CONFIG", {}, {}),
    ],
)
def test_documented_arguments_get_the_type_that_esper_takes(
    provider: Provider, word: str, typed: dict[str, Any], sent: dict[str, Any]
) -> None:
    """A form and a template give texts; Esper wants integers. Others are left alone."""
    made = order(provider, word, typed).parameters
    assert repr({name: made[name] for name in sent}) == repr(sent)


@pytest.mark.parametrize(
    ("word", "typed", "accepted"),
    [
        ("SET_GPS_STATE", {"gps_state": 5}, "0, 1, 2, 3, 4"),
        ("SET_GPS_STATE", {"gps_state": True}, "0, 1, 2, 3, 4"),
        ("SET_BRIGHTNESS_SCALE", {"brightness_value": 0}, "1 … 100"),
        ("SET_BRIGHTNESS_SCALE", {"brightness_value": "full"}, "1 … 100"),
        ("SET_BRIGHTNESS_SCALE", {"brightness_value": True}, "1 … 100"),
        ("SET_APP_STATE", {"package_name": "a", "app_state": "gone"}, "SHOW, HIDE, DISABLE"),
    ],
)
def test_a_documented_argument_that_is_out_of_range_is_refused(
    provider: Provider, word: str, typed: dict[str, Any], accepted: str
) -> None:
    """Before anything is sent, and with what would do."""
    with pytest.raises(ProviderInputError) as raised:
        order(provider, word, typed)
    assert raised.value.text_key == "invalid_parameter"
    assert raised.value.placeholders["accepted"] == accepted


def test_what_locks_people_out_needs_consent() -> None:
    """As little as possible, but that."""
    assert ACCOUNT.confirm == {"WIPE", "UNINSTALL", "SET_DEVICE_LOCKDOWN_STATE"}


@pytest.mark.parametrize(
    "parameters",
    [
        {"a": nested(1000)},
        {"a": nested(40)},
        {"command_args": {"a": nested(1000)}},
        {"text": "half \ud83d"},
        {"number": 10**30},
        {"list": [-(2**63) - 1]},
    ],
    ids=["1,000 levels", "40 levels", "in a form", "half a letter", "too large", "too small"],
)
def test_what_no_file_can_hold_is_refused(provider: Provider, parameters: dict[str, Any]) -> None:
    """Before anything is sent, and before anything is written."""
    with pytest.raises(ProviderInputError) as raised:
        order(provider, "REBOOT", parameters)
    assert raised.value.text_key == "data_needed"
    assert raised.value.placeholders == {"parameter": "command_args"}


def test_what_a_file_can_hold_is_taken(provider: Provider) -> None:
    """Whatever it means."""
    typed = {"a": nested(20), "number": 2**64 - 1, "text": "Tür 😀"}
    assert order(provider, "REBOOT", typed).parameters == typed
