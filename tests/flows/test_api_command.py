"""Describing an API by forms: its account, its commands, trying them, and sharing all of it."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from typing import Any, Final
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    SubentryFlowContext,
    SubentryFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
import yaml

from custom_components.command_status.const import DOMAIN, SUBENTRY_API_COMMAND
from custom_components.command_status.diagnostics import async_get_config_entry_diagnostics
from custom_components.command_status.flows.api_command import ApiCommandFlow
from custom_components.command_status.providers.rest.composing import DRAFTING
from custom_components.command_status.providers.rest.description import description
from simulators.faults import FaultKind
from simulators.rest import TOKEN, RestSimulator

MAKE: Final[Mapping[str, Mapping[str, Any]]] = {
    "user": {
        "command": "make",
        "method": "POST",
        "path": "/api/machines/m1/jobs",
        "body_type": "json",
        "body": {"what": "${parameter.what}", "key": "${tracking_id}"},
        "parameters": [{"name": "what", "default": "screws"}],
    },
    "identify": {"id_in": "path", "id": "job.id"},
    "ask": {"ask_method": "GET", "ask_path": "/api/jobs/${id}", "ask_body_type": "json"},
    "words": {"word": "job.state", "in_progress": ["working"], "success": ["done"]},
    "more": {"cancel_method": "DELETE", "cancel_path": "/api/jobs/${id}", "every": {"seconds": 1}}
    | {"window": {"minutes": 1}, "grace": {"seconds": 0}},
}
"""What is typed about the command of the simulated service, by step."""


@pytest.fixture(autouse=True)
def custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant find the integration."""


@pytest.fixture
async def service(socket_enabled: None) -> AsyncGenerator[RestSimulator]:  # noqa: ARG001
    """Return the simulated service; its jobs are done at once."""
    async with RestSimulator() as simulator:
        simulator.settings.takes = 0.0
        yield simulator


@pytest.fixture
async def entry(hass: HomeAssistant, service: RestSimulator) -> ConfigEntry[Any]:
    """Return an account that was described by forms."""
    flows = hass.config_entries.flow
    result: Any = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    for typed in (
        {"next_step_id": "rest"},
        {"description": "here"},
        {
            "name": "My machines",
            "base_url": service.url,
            "auth": "bearer",
            "advanced": {"check": "/api/me", "headers": "X-Tenant: home\nX-Secret: abc\n"},
        },
        {"token": TOKEN},
    ):
        result = await flows.async_configure(result["flow_id"], typed)
    await hass.async_block_till_done()
    found: ConfigEntry[Any] = result["result"]
    return found


class Dialogue:
    """One dialogue about a command."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Begin nothing yet."""
        self.hass = hass
        self.entry = entry
        self.result: SubentryFlowResult

    async def begin(self, subentry_id: str | None = None) -> None:
        """Open it, for a new command or for one that there is."""
        context = SubentryFlowContext(source=SOURCE_USER)
        if subentry_id is not None:
            context = SubentryFlowContext(source=SOURCE_RECONFIGURE, subentry_id=subentry_id)
        self.result = await self.hass.config_entries.subentries.async_init(
            (self.entry.entry_id, SUBENTRY_API_COMMAND), context=context
        )

    async def type(self, **typed: Any) -> SubentryFlowResult:
        """Fill in the form that is shown, or choose from the menu."""
        flows = self.hass.config_entries.subentries
        self.result = await flows.async_configure(self.result["flow_id"], typed)
        await self.hass.async_block_till_done()
        return self.result

    async def walk(self, **changes: Mapping[str, Any]) -> SubentryFlowResult:
        """Fill in all forms up to the one that tries."""
        for step, typed in MAKE.items():
            assert self.result["step_id"] == step
            await self.type(**{**typed, **changes.get(step, {})})
        return self.result

    async def close(self) -> None:
        """Close it with the cross in its corner."""
        self.hass.config_entries.subentries.async_abort(self.result["flow_id"])
        await self.hass.async_block_till_done()

    @property
    def told(self) -> Mapping[str, str]:
        """The words that are filled into the texts."""
        return self.result["description_placeholders"] or {}


@pytest.fixture
def dialogue(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Dialogue:
    """Return a dialogue about a command of the account."""
    return Dialogue(hass, entry)


def shown(result: SubentryFlowResult) -> dict[str, Any]:
    """Return what stands in the fields of a form before anything is typed."""
    assert result["data_schema"] is not None
    return {
        str(marker): (marker.description or {}).get("suggested_value")
        for marker in result["data_schema"].schema
    }


async def saved(dialogue: Dialogue, **changes: Mapping[str, Any]) -> None:
    """Describe a command without trying it, and save it."""
    await dialogue.begin()
    await dialogue.walk(**changes)
    await dialogue.type(send=False)
    result = await dialogue.type(next_step_id="save")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "saved")


async def test_an_account_without_a_command_is_loaded(
    entry: ConfigEntry[Any], service: RestSimulator
) -> None:
    """Its address and its sign-in were tried, with the headers that go with every request."""
    assert entry.state is ConfigEntryState.LOADED
    assert entry.title == "My machines"
    (asked,) = (request for request in service.log.requests if request.label == "check")
    assert asked.headers["X-Tenant"] == "home"


async def test_a_command_is_described_and_sent(
    hass: HomeAssistant, entry: ConfigEntry[Any], dialogue: Dialogue
) -> None:
    """Without a line of code, and without trying it first."""
    await saved(dialogue)
    (subentry,) = entry.subentries.values()
    assert (subentry.title, subentry.subentry_type) == ("make", SUBENTRY_API_COMMAND)
    call = {"config_entry_id": entry.entry_id, "target": "account", "command": "make"}
    answer: Any = await hass.services.async_call(
        DOMAIN, "send_command", call | {"wait": True}, blocking=True, return_response=True
    )
    (record,) = answer["commands"]
    assert (record["state"], record["provider_state"]) == ("success", "done")


async def test_without_consent_only_the_request_is_shown(
    dialogue: Dialogue, service: RestSimulator
) -> None:
    """Nothing is sent."""
    await dialogue.begin()
    await dialogue.walk()
    result = await dialogue.type(send=False, values={"what": "nails"})
    assert result["step_id"] == "tried"
    assert f"POST {service.url}/api/machines/m1/jobs" in dialogue.told["request"]
    assert '"what": "nails"' in dialogue.told["request"]
    assert dialogue.told["state"] == "-"
    assert service.counts["create"] == 0


async def test_with_consent_it_is_sent_and_told(
    hass: HomeAssistant, entry: ConfigEntry[Any], dialogue: Dialogue, service: RestSimulator
) -> None:
    """What was asked and answered, without the secret, and the words that were not understood."""
    service.script("melted")
    with patch("custom_components.command_status.flows.api_command.PATIENCE", 3.0):
        await dialogue.begin()
        await dialogue.walk()
        await dialogue.type(send=True)
    assert dialogue.told["strange"] == "melted"
    assert "/api/jobs/j1" in dialogue.told["request"]
    assert TOKEN not in dialogue.told["request"]

    # What was seen is proposed, and sorted by what it usually means.
    await dialogue.type(next_step_id="user")
    for step in ("user", "identify", "ask"):
        await dialogue.type(**MAKE[step])
    selector: Any = dialogue.result["data_schema"].schema["failure"]  # type: ignore[union-attr]
    assert "melted" in selector.config["options"]
    assert "failed" in shown(dialogue.result)["failure"]
    await dialogue.type(**MAKE["words"], failure=["melted"])
    await dialogue.type(**MAKE["more"])
    await dialogue.type(send=True)
    assert (dialogue.told["state"], dialogue.told["understood"]) == ("failure", "melted")
    assert (await dialogue.type(next_step_id="save"))["reason"] == "saved"
    records = [entry.runtime_data.display.record(c) for c in entry.runtime_data.tracker]
    assert {record["tag"] for record in records} == {"try"}
    assert len(entry.subentries) == 1
    assert hass.config_entries.async_entries(DOMAIN) == [entry]


async def test_what_is_answered_comes_to_no_life_in_the_dialogue(
    dialogue: Dialogue, service: RestSimulator
) -> None:
    """Neither as a link or an image, nor by ending the block that it stands in."""
    service.script("failed", "![x](http://a.example/x) ```\n# oops")
    await dialogue.begin()
    await dialogue.walk(words={"failure": ["failed"]}, more={"reason": "job.why"})
    await dialogue.type(send=True)
    assert "](" not in dialogue.told["reason"]
    assert "`" not in dialogue.told["request"]


async def test_a_command_that_has_ended_already_is_not_waited_for(
    hass: HomeAssistant, entry: ConfigEntry[Any], dialogue: Dialogue, service: RestSimulator
) -> None:
    """An answer may be quicker than the dialogue; a page instead of data is shown as text."""
    await saved(dialogue)
    call = {"config_entry_id": entry.entry_id, "target": "account", "command": "make"}
    service.faults.add(FaultKind.HTML, "create")
    answer: Any = await hass.services.async_call(
        DOMAIN, "send_command", call | {"wait": True}, blocking=True, return_response=True
    )
    flow = ApiCommandFlow()
    await flow._async_follow(entry.runtime_data, answer["commands"][0]["tracking_id"])
    assert (flow._report["state"], flow._report["reason"]) == ("lost", "id_missing")
    assert '"answer": "<' in flow._report["request"]


async def test_a_draft_that_is_not_kept_is_taken_back(
    entry: ConfigEntry[Any], dialogue: Dialogue
) -> None:
    """Also where it had been another command before; one that was deleted meanwhile stays so."""
    await dialogue.begin()
    await dialogue.walk()
    await dialogue.type(send=False)
    assert len(entry.subentries) == 1
    await dialogue.close()
    assert not entry.subentries

    await saved(dialogue)
    (subentry,) = entry.subentries.values()
    await dialogue.begin(subentry.subentry_id)
    await dialogue.walk(user={"command": "unmake"})
    await dialogue.type(send=False)
    assert subentry.title == "unmake"
    await dialogue.close()
    assert (subentry.title, subentry.data["command"]) == ("make", "make")

    await dialogue.begin(subentry.subentry_id)
    await dialogue.walk()
    dialogue.hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await dialogue.hass.async_block_till_done()
    await dialogue.close()
    assert not entry.subentries


async def test_a_command_is_changed(entry: ConfigEntry[Any], dialogue: Dialogue) -> None:
    """What was described stands in the fields."""
    await saved(dialogue)
    (subentry,) = entry.subentries.values()
    await dialogue.begin(subentry.subentry_id)
    assert shown(dialogue.result)["path"] == MAKE["user"]["path"]
    await dialogue.walk(more={"confirm": True})
    await dialogue.type(send=False)
    result = await dialogue.type(next_step_id="save")
    assert result["reason"] == "reconfigure_successful"
    assert entry.runtime_data.description.confirm == {"make"}


@pytest.mark.parametrize(
    ("step", "typed", "field", "mistake"),
    [
        ("user", {"command": "open gate"}, "command", "invalid_value"),
        ("user", {"path": "api"}, "path", "bad_path"),
        ("user", {"body": {"x": "${nothing}"}}, "body", "unknown_placeholder"),
        ("user", {"body": {"x": "${parameter.y}"}}, "body", "unknown_parameter"),
        ("user", {"parameters": {"a": 1}}, "parameters", "invalid_value"),
        ("identify", {"id": ""}, "id", "missing_key"),
        ("ask", {"ask_path": "/x/${secret.token}"}, "ask_path", "unknown_placeholder"),
        ("words", {"word": ""}, "base", "missing_key"),
        ("words", {"success": []}, "base", "no_final_state"),
        ("words", {"failure": ["done"]}, "failure", "word_twice"),
        ("more", {"reason": "a["}, "reason", "bad_path"),
        ("more", {"cancel_path": "x"}, "cancel_path", "bad_path"),
        ("more", {"window": {"seconds": 5}, "result": "[]"}, "result", "bad_path"),
        ("more", {"every": {"seconds": 0}}, "every", "invalid_value"),
        ("more", {"every": {"hours": 2}}, "every", "invalid_value"),
        ("more", {"window": {"seconds": 0}}, "window", "invalid_value"),
        ("more", {"window": {"days": 8}}, "window", "invalid_value"),
        ("more", {"grace": {"days": 2}}, "grace", "invalid_value"),
        ("more", {"repeatable": True, "rules": [{"when": {}}]}, "rules", "missing_key"),
    ],
)
async def test_a_mistake_is_told_at_its_field(
    dialogue: Dialogue, step: str, typed: Mapping[str, Any], field: str, mistake: str
) -> None:
    """At the step where it was typed, which can be completed."""
    await dialogue.begin()
    for each, good in MAKE.items():
        if each == step:
            result = await dialogue.type(**{**good, **typed})
            assert result["step_id"] == step
            assert result["errors"] == {field: mistake}
        await dialogue.type(**good)
    assert dialogue.result["step_id"] == "try"


async def test_two_commands_have_two_names(dialogue: Dialogue) -> None:
    """In whatever case."""
    await saved(dialogue)
    await dialogue.begin()
    result = await dialogue.type(**{**MAKE["user"], "command": "MAKE"})
    assert result["errors"] == {"command": "command_twice"}


async def test_values_that_make_no_sense_are_told(dialogue: Dialogue) -> None:
    """As when the command is sent."""
    await dialogue.begin()
    await dialogue.walk()
    result = await dialogue.type(send=True, values={"speed": 3})
    assert result["errors"] == {"base": "unknown_parameter"}
    assert dialogue.told["detail"] == "speed"


async def test_a_command_without_parameters_asks_for_none(dialogue: Dialogue) -> None:
    """There is only the consent."""
    await dialogue.begin()
    result = await dialogue.walk(user={"parameters": [], "body": {"what": "x"}})
    assert list(shown(result)) == ["send"]


async def test_an_account_that_is_not_loaded_cannot_be_described(
    hass: HomeAssistant, entry: ConfigEntry[Any], dialogue: Dialogue
) -> None:
    """Neither at the beginning nor at the end."""
    await dialogue.begin()
    await dialogue.walk()
    await hass.config_entries.async_unload(entry.entry_id)
    result = await dialogue.type(send=False)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "entry_not_loaded")
    await dialogue.begin()
    assert dialogue.result["reason"] == "entry_not_loaded"


async def test_an_account_has_only_so_many_commands(dialogue: Dialogue) -> None:
    """As many as a description may have; one that there is can still be changed."""
    assert DRAFTING.most == 100
    await saved(dialogue)
    few = replace(DRAFTING, most=1)
    with patch("custom_components.command_status.flows.api_command.drafting_of", return_value=few):
        await dialogue.begin()
        assert dialogue.result["reason"] == "too_many"
        (subentry,) = dialogue.entry.subentries
        await dialogue.begin(subentry)
        assert dialogue.result["step_id"] == "user"


async def test_a_command_that_is_forgotten_meanwhile_ends_the_dialogue(
    dialogue: Dialogue, entry: ConfigEntry[Any]
) -> None:
    """There is nothing to tell of it."""
    await dialogue.begin()
    await dialogue.walk()
    with patch.object(type(entry.runtime_data.tracker), "get", return_value=None):
        result = await dialogue.type(send=True)
    assert result["reason"] == "forgotten"


async def test_the_account_is_exported_without_secrets(
    hass: HomeAssistant, entry: ConfigEntry[Any], dialogue: Dialogue
) -> None:
    """As a file that can be used as it stands, and in the diagnostics."""
    await saved(dialogue)
    flows = hass.config_entries.options
    result: Any = await flows.async_init(entry.entry_id)
    assert result["menu_options"] == ["settings", "export"]
    result = await flows.async_configure(result["flow_id"], {"next_step_id": "export"})
    text = shown(result)["description"]
    plain = yaml.safe_load(text)
    assert description(plain).commands.keys() == {"make"}
    assert plain["auth"]["headers"] == {"X-Tenant": "home", "X-Secret": "**REDACTED**"}
    assert TOKEN not in text
    result = await flows.async_configure(result["flow_id"], {"description": text})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    told = await async_get_config_entry_diagnostics(hass, entry)
    assert "make" in told["description"]

    result = await flows.async_init(entry.entry_id)
    result = await flows.async_configure(result["flow_id"], {"next_step_id": "settings"})
    await flows.async_configure(result["flow_id"], {"timeout": {"seconds": 30}, "keep_finished": 2})
    assert entry.options == {"timeout": 30, "keep_finished": 2, "panel": True}


async def test_what_was_typed_about_the_account_is_checked(
    hass: HomeAssistant, service: RestSimulator
) -> None:
    """A header needs a colon; the form can be completed."""
    flows = hass.config_entries.flow
    result: Any = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    result = await flows.async_configure(result["flow_id"], {"next_step_id": "rest"})
    result = await flows.async_configure(result["flow_id"], {"description": "here"})
    typed: dict[str, Any] = {"name": "X", "base_url": service.url, "auth": "header"}
    for headers in ("no colon", "Host: elsewhere"):
        wrong = typed | {"advanced": {"headers": headers}}
        result = await flows.async_configure(result["flow_id"], wrong)
        assert result["errors"] == {"base": "invalid_description"}
    good = typed | {"advanced": {"auth_name": "X-API-Key", "check": "/api/me"}}
    result = await flows.async_configure(result["flow_id"], good)
    result = await flows.async_configure(result["flow_id"], {"api_key": TOKEN})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
