"""What changes of an API that is described by forms is taken up at work: nothing flickers."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.command_status.account.records import find_device
from custom_components.command_status.const import DOMAIN
from simulators.faults import FaultKind
from simulators.rest import TOKEN, RestSimulator
from tests.house import going

from .test_api_command import (
    Dialogue,
    custom_integrations,
    dialogue,
    entry,
    saved,
    service,
)

__all__ = ["custom_integrations", "dialogue", "entry", "service"]


@pytest.fixture
async def gone(hass: HomeAssistant, dialogue: Dialogue) -> list[str]:
    """Return a list to which every entity is added that becomes unavailable.

    The account knows a command by then, and was loaded only once.
    """
    await saved(dialogue)
    return going(hass)


async def sent(hass: HomeAssistant, entry: ConfigEntry[Any], **data: Any) -> dict[str, Any]:
    """Send a command to its end, and return the record."""
    call = {"config_entry_id": entry.entry_id, "target": "account", "command": "make"} | data
    answer: Any = await hass.services.async_call(
        DOMAIN, "send_command", call | {"wait": True}, blocking=True, return_response=True
    )
    (record,) = answer["commands"]
    return dict(record)


def state_of(entry: ConfigEntry[Any]) -> ConfigEntryState:
    """Return the state of an account as it is now."""
    return entry.state


async def signed_in(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    source: str,
    account: Mapping[str, Any],
    **credentials: str,
) -> Any:
    """Go through the forms of the sign-in."""
    flows = hass.config_entries.flow
    context: Any = {"source": source, "entry_id": entry.entry_id}
    data = entry.data if source == SOURCE_REAUTH else None
    result: Any = await flows.async_init(DOMAIN, context=context, data=data)
    confirmed: list[dict[str, str]] = [{}] if source == SOURCE_REAUTH else []
    for typed in (*confirmed, account, credentials):
        result = await flows.async_configure(result["flow_id"], dict(typed))
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


@pytest.fixture
def typed(service: RestSimulator) -> dict[str, Any]:
    """Return what was typed about the account."""
    advanced = {"check": "/api/me", "headers": "X-Tenant: home\nX-Secret: abc\n"}
    return {
        "name": "My machines",
        "base_url": service.url,
        "auth": "bearer",
        "advanced": advanced,
    }


async def test_a_new_key_is_taken_up(
    hass: HomeAssistant, entry: ConfigEntry[Any], gone: list[str], typed: dict[str, Any]
) -> None:
    """An old failure would start automations again."""
    account = entry.runtime_data
    result = await signed_in(hass, entry, SOURCE_REAUTH, typed, token=TOKEN)
    assert result["reason"] == "reauth_successful"
    assert entry.runtime_data is account
    assert (await sent(hass, entry))["state"] == "success"
    assert gone == []


async def test_another_way_to_sign_in_is_taken_up(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    gone: list[str],
    typed: dict[str, Any],
    service: RestSimulator,
) -> None:
    """It is a part of the description, as are the name and the headers."""
    account = entry.runtime_data
    changes: dict[str, Any] = {"name": "Workshop", "auth": "header"}
    changes["advanced"] = typed["advanced"] | {"auth_name": "X-API-Key", "headers": "X-Tenant: me"}
    result = await signed_in(hass, entry, SOURCE_RECONFIGURE, typed | changes, api_key=TOKEN)
    assert result["reason"] == "reconfigure_successful"
    assert entry.runtime_data is account
    record = await sent(hass, entry)
    assert (record["state"], record["target_name"]) == ("success", "Workshop")
    request = [each for each in service.log.requests if each.label == "create"][-1]
    assert request.headers["X-Tenant"] == "me"
    assert request.headers["X-API-Key"] == TOKEN
    own = find_device(hass, entry.entry_id)
    assert isinstance(own, dr.DeviceEntry)
    assert own.manufacturer == "Workshop"
    assert gone == []


async def test_another_command_is_taken_up(
    hass: HomeAssistant, entry: ConfigEntry[Any], gone: list[str], dialogue: Dialogue
) -> None:
    """It can be tried, saved and sent, and the others stay."""
    account = entry.runtime_data
    await dialogue.begin()
    await dialogue.walk(user={"command": "unmake"}, more={"confirm": True})
    result = await dialogue.type(send=True)
    assert (result["step_id"], dialogue.told["state"]) == ("tried", "success")
    await dialogue.type(next_step_id="save")
    assert entry.runtime_data is account
    assert account.description.confirm == {"unmake"}
    assert (await sent(hass, entry))["state"] == "success"
    assert (await sent(hass, entry, command="unmake", confirm=True))["state"] == "success"
    assert gone == []


async def test_a_command_that_is_asked_about_otherwise_is_asked_so(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    gone: list[str],
    dialogue: Dialogue,
) -> None:
    """How often, and whether it may be sent again, is a part of the description as well."""
    (subentry,) = entry.subentries.values()
    await dialogue.begin(subentry.subentry_id)
    await dialogue.walk(more={"every": {"minutes": 5}, "window": {"minutes": 9}})
    await dialogue.type(send=False)
    await dialogue.type(next_step_id="save")
    account = entry.runtime_data
    record = await sent(hass, entry)
    assert account.window_of("make") == 540.0
    assert record["state"] == "success"
    assert account.description.policy.cadences["make"].steps[1][1] == 300.0
    assert gone == []


async def test_a_command_that_is_removed_is_gone_at_once(
    hass: HomeAssistant, entry: ConfigEntry[Any], gone: list[str]
) -> None:
    """Nothing else is."""
    (subentry_id,) = entry.subentries
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.runtime_data.data.targets["account"].commands == ()
    assert gone == []


async def test_a_secret_of_an_open_command_stays_hidden(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    dialogue: Dialogue,
    service: RestSimulator,
    typed: dict[str, Any],
) -> None:
    """The API may repeat it after somebody has signed in again."""
    password = {"name": "password", "secret": True}
    body = {"what": "screws", "password": "${parameter.password}"}
    await dialogue.begin()
    await dialogue.walk(
        user={"parameters": [password], "body": body},
        words={"failure": ["failed"]},
        more={"reason": "job.why"},
    )
    await dialogue.type(send=False, values={"password": "x"})
    await dialogue.type(next_step_id="save")
    service.settings.takes = 0.5
    service.script("failed", "no such door: open-sesame-1")
    call: dict[str, Any] = {"config_entry_id": entry.entry_id, "target": "account"}
    call |= {"command": "make", "parameters": {"password": "open-sesame-1"}}
    answer: Any = await hass.services.async_call(
        DOMAIN, "send_command", call, blocking=True, return_response=True
    )
    await signed_in(hass, entry, SOURCE_RECONFIGURE, typed, token=TOKEN)
    tracking_id = answer["commands"][0]["tracking_id"]
    account = entry.runtime_data
    await account.display.waiters.async_wait(tracking_id, lambda command: command.final)
    record = account.display.record(account.tracker.get(tracking_id))
    assert record["reason"] == "no such door: **REDACTED**"


async def test_a_sign_in_that_does_not_fit_the_commands_any_more_is_told(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    dialogue: Dialogue,
    service: RestSimulator,
    typed: dict[str, Any],
) -> None:
    """A command that sends a secret which the account has no more keeps it from loading."""
    await saved(dialogue, user={"body": {"token": "${secret.token}"}, "parameters": []})
    service.faults.add(FaultKind.STATUS, "check", status=200, body="{}", times=None)
    flows = hass.config_entries.flow
    context: Any = {"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    result: Any = await flows.async_init(DOMAIN, context=context)
    result = await flows.async_configure(result["flow_id"], typed | {"auth": "none"})
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.ABORT
    assert state_of(entry) is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "description_unfit"
    assert entry.error_reason_translation_placeholders == {
        "command": "make",
        "detail": "secret.token",
    }
    service.faults.clear()
    await signed_in(hass, entry, SOURCE_RECONFIGURE, typed, token=TOKEN)
    assert state_of(entry) is ConfigEntryState.LOADED


async def test_a_command_that_does_not_fit_the_sign_in_ends_the_dialogue(
    hass: HomeAssistant, entry: ConfigEntry[Any], dialogue: Dialogue, typed: dict[str, Any]
) -> None:
    """Somebody has signed in otherwise while it was described."""
    await dialogue.begin()
    await dialogue.walk(user={"body": {"token": "${secret.token}"}, "parameters": []})
    changed = typed | {"auth": "header"}
    changed["advanced"] = typed["advanced"] | {"auth_name": "X-API-Key"}
    await signed_in(hass, entry, SOURCE_RECONFIGURE, changed, api_key=TOKEN)
    result = await dialogue.type(send=False)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "entry_not_loaded")
