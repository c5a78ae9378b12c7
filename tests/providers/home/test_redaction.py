"""Codes and passwords of an action are nowhere to be read."""

import pytest

from custom_components.command_status.providers.home.redaction import (
    is_redacted,
    redacted,
    scrubbed,
)

HIDDEN = "**REDACTED**"


@pytest.mark.parametrize(
    "name",
    [
        "code",
        "Code",
        "pin",
        "PINs",
        "user_code",
        "usercode",
        "password",
        "wifi_password",
        "passcode",
        "pwd",
        "psk",
        "secret",
        "access_token",
        "api_key",
    ],
)
def test_a_secret_is_known_by_its_name(name: str) -> None:
    """At any depth, also in a list."""
    assert redacted({name: "1234"}) == {name: HIDDEN}
    assert redacted({"a": [{name: 1234, "b": 1}]}) == {"a": [{name: HIDDEN, "b": 1}]}


@pytest.mark.parametrize("name", ["position", "code_slot", "postcode_area", "spinning", "option"])
def test_what_is_no_secret_is_shown(name: str) -> None:
    """A record that hides everything tells nothing."""
    assert redacted({name: "1234"}) == {name: "1234"}


def test_there_is_nothing_to_hide_in_what_is_absent_or_a_switch() -> None:
    """They are no secrets, whatever they are called."""
    assert redacted({"code": None, "password": True}) == {"code": None, "password": True}


def test_it_is_known_whether_a_secret_is_missing() -> None:
    """Without it the action cannot be called any more."""
    assert is_redacted(redacted({"a": [{"code": "1"}]}))
    assert not is_redacted({"a": ["1", None], "b": {"c": 1}})


def test_a_secret_in_a_list_is_taken_out_of_a_sentence_too() -> None:
    """As one user of many may have it."""
    assert scrubbed("4711 is taken", {"users": [{"pin": "4711"}]}) == f"{HIDDEN} is taken"
