"""No secret leaves the house, and none stays longer than it is needed."""

from collections.abc import Mapping
import json
import logging
from pathlib import Path
import stat
from typing import Any

from homeassistant.const import MATCH_ALL
from homeassistant.core import Event
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.command_status.diagnostics import async_get_config_entry_diagnostics
from simulators.wlte import CLIENT_ID, CLIENT_SECRET

from .house import GARAGE, GATE, PUMP, House
from .obliging import ObligingProvider

CODE = "opensesame-4711"
"""The value of a parameter that the provider's description marks secret."""
NOTE = "the-neighbours-parcel"
"""The value of one that it does not."""

HARNESS = ("pytest_homeassistant_custom_component", "asyncio", "homeassistant.core")
"""Loggers of the tests themselves: what they play to be a disk, and the calls of actions."""


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Return all that a user may find in the log, at the most talkative level."""
    return "\n".join(
        f"{record.getMessage()} {record.exc_text}"
        for record in caplog.records
        if not record.name.startswith(HARNESS)
    )


def contents(folder: Path) -> list[str]:
    """Return what is in the files of a folder."""
    return [path.read_text() for path in folder.rglob("*") if path.is_file()]


def modes(folder: Path) -> set[int]:
    """Return who may do what with our files in a folder."""
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.glob("command_status.*")}


@pytest.fixture
def events(house_in_planning: House) -> list[Event[Mapping[str, Any]]]:
    """Return a list to which everything is added that happens on the bus."""
    return async_capture_events(house_in_planning.hass, MATCH_ALL)


async def bad_day(house: House) -> None:
    """Let everything go wrong that makes a cloud talkative."""
    token = next(secret for secret in house.cloud.secrets if secret.startswith("eyJ"))
    quotes = json.dumps({"code": "COMMAND_REJECTED", "message": f"no: {token} {CLIENT_SECRET}"})
    house.cloud.script(outcome="SUCCESS", after=3.0)
    await house.during(house.send(target=GATE, tag="morning"))
    house.cloud.faults.add("status", "create", status=422, body=quotes)
    await house.during(house.send(target=GARAGE))
    for fault in ("html", "garbage", "reset"):
        house.cloud.faults.add(fault, "status")
    await house.during(house.send(target=PUMP))
    await house.wait(10)
    house.cloud.revoke_tokens()
    await house.coordinator.async_refresh()
    with pytest.raises(HomeAssistantError):
        await house.order("track_command", config_entry_id="gate-account", command_id="cmd-404")
    house.cloud.script(outcome="SUCCESS", after=None)
    await house.during(house.send(target=GATE))
    house.cloud.set_client(enabled=False)
    house.cloud.revoke_tokens()
    await house.wait(70, step=1)


async def test_secrets_are_nowhere_to_be_seen(
    events: list[Event[Mapping[str, Any]]], house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in the log nor in states, events, records, issues or diagnostics."""
    caplog.set_level(logging.DEBUG)
    await bad_day(house)
    secrets = {CLIENT_SECRET, *house.cloud.secrets}
    assert len(secrets) >= 3  # the client's secret, and every token that was given out
    seen = {
        "log": logged(caplog),
        "states": f"{[state.as_dict() for state in house.hass.states.async_all()]}",
        "events": f"{[event.data for event in events]}",
        "records": f"{await house.act('get_commands')}",
        "diagnostics": f"{await async_get_config_entry_diagnostics(house.hass, house.entry)}",
    }
    found = {
        (where, secret) for where, text in seen.items() for secret in secrets if secret in text
    }
    assert found == set()


async def test_the_id_of_the_account_is_not_told_either(
    events: list[Event[Mapping[str, Any]]], house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """It is nobody's business which client somebody has."""
    caplog.set_level(logging.DEBUG)
    await bad_day(house)
    assert CLIENT_ID not in logged(caplog)
    assert CLIENT_ID not in f"{[event.data for event in events]}"
    assert CLIENT_ID not in f"{await async_get_config_entry_diagnostics(house.hass, house.entry)}"


async def test_values_of_parameters_are_told_to_nobody_but_the_caller(
    events: list[Event[Mapping[str, Any]]],
    obliging_house: House,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Records show them, but for those that are secret; logs and events show none."""
    house = obliging_house
    caplog.set_level(logging.DEBUG)
    sent = await house.send(parameters={"relay": 1, "code": CODE, "note": NOTE}, wait=True)
    assert sent["parameters"] == {"relay": 1, "code": "**REDACTED**", "note": NOTE}
    told = [event.data for event in events if event.event_type != "call_service"]
    diagnostics = await async_get_config_entry_diagnostics(house.hass, house.entry)
    for text in (logged(caplog), f"{told}", f"{diagnostics}"):
        assert CODE not in text
        assert NOTE not in text


async def test_a_secret_parameter_leaves_the_disk_once_it_was_sent(
    obliging_house: House, hass_storage: dict[str, Any], tmp_path: Path
) -> None:
    """While it waits it must be there, or it could not be sent after a restart."""
    house = obliging_house
    parameters = {"relay": 1, "code": CODE}
    await house.send(parameters=parameters)
    await house.send(parameters=parameters)
    assert CODE in f"{hass_storage}"
    await house.wait(5)
    provider = house.coordinator.provider
    assert isinstance(provider, ObligingProvider)
    assert provider.codes == [CODE, CODE]
    assert CODE not in f"{hass_storage} {contents(tmp_path)}"


async def test_files_are_private(house: House, tmp_path: Path) -> None:
    """Only the user who runs Home Assistant may read them."""
    await house.send()
    await house.wait(2)
    assert modes(tmp_path / ".storage") == {0o600}
