"""Adding an account at any REST API, by a description that is shipped or by a file."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowContext,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
import voluptuous as vol
import yaml

from custom_components.command_status.const import CONF_CREDENTIALS, CONF_PROVIDER, DOMAIN
from simulators.faults import FaultKind
from simulators.rest import PASSWORD, TOKEN, USERNAME, RestSimulator

from ..providers.rest.jobs import REMOVED, changed
from ..providers.rest.test_tokens import LOGIN, REFRESH


@pytest.fixture(autouse=True)
def custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant find the integration."""


@pytest.fixture
async def service(socket_enabled: None) -> AsyncGenerator[RestSimulator]:  # noqa: ARG001
    """Return the simulated service."""
    async with RestSimulator() as simulator:
        yield simulator


@pytest.fixture
def folder(hass: HomeAssistant) -> Path:
    """Return the folder of a user's own descriptions, with one in it."""
    folder = Path(hass.config.path("command_status"))
    folder.mkdir()
    write(folder, changed({}))
    return folder


def write(folder: Path, plain: Any, name: str = "jobs") -> None:
    """Write a description."""
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(plain, sort_keys=False))


async def begun(hass: HomeAssistant) -> ConfigFlowResult:
    """Begin to add an account, and choose any REST API."""
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    return await go_on(hass, result, next_step_id="rest")


async def go_on(hass: HomeAssistant, result: Any, **typed: Any) -> ConfigFlowResult:
    """Go on with what was typed."""
    return await hass.config_entries.flow.async_configure(result["flow_id"], typed)


async def located(hass: HomeAssistant, service: RestSimulator, **more: Any) -> ConfigFlowResult:
    """Go on to the form of the credentials."""
    result = await go_on(hass, await begun(hass), description="jobs")
    typed = {"name": "My machines", "base_url": service.url, **more}
    return await go_on(hass, result, **typed)


async def added(hass: HomeAssistant, service: RestSimulator) -> ConfigEntry[Any]:
    """Return an account that was added by hand and is loaded."""
    result = await go_on(hass, await located(hass, service), token=TOKEN)
    await hass.async_block_till_done()
    return result["result"]


async def again(hass: HomeAssistant, entry: ConfigEntry[Any], source: str) -> ConfigFlowResult:
    """Begin to sign in again, or to change an account."""
    context = ConfigFlowContext(source=source, entry_id=entry.entry_id)
    data = entry.data if source == SOURCE_REAUTH else None
    return await hass.config_entries.flow.async_init(DOMAIN, context=context, data=data)


def state_of(entry: ConfigEntry[Any]) -> ConfigEntryState:
    """Return the state of an account as it is now."""
    return entry.state


def fields(result: Any) -> dict[str, Any]:
    """Return the fields of a form, with their markers."""
    return {marker.schema: marker for marker in result["data_schema"].schema}


@pytest.mark.usefixtures("folder")
async def test_a_description_is_chosen_by_its_name(hass: HomeAssistant) -> None:
    """Shipped ones and one's own stand in one list, in order of their names."""
    result = await begun(hass)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "rest")
    (selector,) = cast("Any", result["data_schema"]).schema.values()
    labels = {option["value"]: option["label"] for option in selector.config["options"]}
    assert labels["jobs"] == "Jobs"
    assert labels["home_assistant"] == "Home Assistant of another house"
    first, *others = labels.values()
    assert first == "here"  # which has a text in every language
    assert others == sorted(others, key=str.casefold)


@pytest.mark.usefixtures("folder")
async def test_an_account_is_added_and_sends(hass: HomeAssistant, service: RestSimulator) -> None:
    """Its machines become devices, and a command is followed to its end."""
    result = await go_on(hass, await begun(hass), description="jobs")
    assert result["step_id"] == "rest_account"
    assert list(fields(result)) == ["name", "base_url", "advanced"]
    result = await go_on(hass, result, name="My machines", base_url=f"{service.url}/")
    assert result["step_id"] == "rest_credentials"
    assert list(fields(result)) == ["token"]
    assert cast("Any", result["description_placeholders"])["api"] == "Jobs"
    result = await go_on(hass, result, token=TOKEN)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.title == "My machines"
    assert TOKEN not in (entry.unique_id or "")
    assert entry.data[CONF_PROVIDER] == "rest"
    assert entry.data[CONF_CREDENTIALS]["base_url"] == service.url
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED

    response = await hass.services.async_call(
        DOMAIN,
        "send_command",
        {"config_entry_id": entry.entry_id, "target": "m2", "command": "make"},
        blocking=True,
        return_response=True,
    )
    assert response is not None
    (record,) = cast("Any", response["commands"])
    assert (record["command_id"], record["target_name"]) == ("j1", "Machine 2")
    assert service.jobs["j1"].order == {"what": "screws", "site": "site-2"}


@pytest.mark.usefixtures("folder")
async def test_the_same_account_is_added_once(hass: HomeAssistant, service: RestSimulator) -> None:
    """The same address, description and key."""
    await added(hass, service)
    result = await go_on(hass, await located(hass, service), token=TOKEN)
    assert result["reason"] == "already_configured"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"base_url": "jobs.example"}, "invalid_url"),
        ({"base_url": "http://jobs.example"}, "insecure_url"),
        ({"base_url": "http://192.168.1.5"}, "insecure_url"),
        ({"base_url": "https://169.254.169.254"}, "invalid_url"),
        ({"base_url": "https://jobs.example", "advanced": {"verify_ssl": False}}, "insecure_url"),
    ],
)
async def test_an_address_of_no_use_is_told(
    hass: HomeAssistant, service: RestSimulator, typed: dict[str, Any], error: str
) -> None:
    """Before any secret is asked for; what was typed can be mended."""
    result = await located(hass, service, **typed)
    assert (result["step_id"], result["errors"]) == ("rest_account", {"base": error})
    result = await go_on(hass, result, name="x", base_url=service.url)
    assert result["step_id"] == "rest_credentials"


@pytest.mark.usefixtures("folder")
async def test_plain_http_within_the_house_can_be_allowed(
    hass: HomeAssistant, service: RestSimulator
) -> None:
    """By who knows what that means; certificates need not be right there either."""
    advanced = {"allow_http": True, "verify_ssl": False}
    result = await located(hass, service, base_url="http://192.168.1.5", advanced=advanced)
    assert result["step_id"] == "rest_credentials"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": FaultKind.STATUS, "status": 403}, "invalid_auth"),
        ({"kind": FaultKind.STATUS, "status": 429}, "rate_limited"),
        ({"kind": FaultKind.STATUS, "status": 500}, "cannot_connect"),
        ({"kind": FaultKind.STATUS, "status": 404}, "check_failed"),
        ({"kind": FaultKind.REDIRECT}, "check_failed"),
        ({"kind": FaultKind.RESET}, "cannot_connect"),
        ({"kind": FaultKind.HTML}, "not_json"),
    ],
)
async def test_what_the_check_says_is_told(
    hass: HomeAssistant,
    service: RestSimulator,
    fault: dict[str, Any],
    error: str,
) -> None:
    """The form can be completed afterwards."""
    result = await located(hass, service)
    service.faults.add(**fault)
    result = await go_on(hass, result, token=TOKEN)
    assert (result["step_id"], result["errors"]) == ("rest_credentials", {"base": error})
    result = await go_on(hass, result, token="wrong")
    assert result["errors"] == {"base": "invalid_auth"}
    result = await go_on(hass, result, token=TOKEN)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"check": REMOVED}, "machines"),
        ({"check": {"path": "/api/me", "json": False}}, "check"),
    ],
)
async def test_credentials_are_tried_as_the_description_says(
    hass: HomeAssistant,
    folder: Path,
    service: RestSimulator,
    changes: dict[str, Any],
    asked: str,
) -> None:
    """By its check, or else by its list of targets."""
    write(folder, changed(changes))
    result = await go_on(hass, await located(hass, service), token=TOKEN)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert service.counts[asked]


async def test_an_api_that_asks_for_nothing_is_added_at_once(
    hass: HomeAssistant, folder: Path, service: RestSimulator
) -> None:
    """There is no form for nothing, and nothing to try."""
    changes = {
        "auth": {"type": "none"},
        "check": REMOVED,
        "targets": REMOVED,
        "commands/make/send/json": {},
    }
    write(folder, changed(changes))
    result = await located(hass, service)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_an_address_that_is_written_down_is_not_asked_for(
    hass: HomeAssistant, folder: Path, service: RestSimulator
) -> None:
    """Only what differs between accounts is."""
    write(folder, changed({"base_url": service.url}))
    result = await go_on(hass, await begun(hass), description="jobs")
    assert list(fields(result)) == ["name", "advanced"]
    result = await go_on(hass, result, name="x")
    result = await go_on(hass, result, token=TOKEN)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_new_refresh_token_of_the_check_is_kept(
    hass: HomeAssistant, folder: Path, service: RestSimulator
) -> None:
    """The old one is worth nothing any more."""
    token_url = f"{service.url}/oauth/token"
    write(folder, changed({"auth": {**REFRESH, "token_url": token_url}}))
    result = await go_on(
        hass,
        await located(hass, service),
        client_id=USERNAME,
        client_secret=PASSWORD,
        refresh_token="jobs-refresh-0",
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"][CONF_CREDENTIALS]["refresh_token"] != "jobs-refresh-0"


@pytest.mark.usefixtures("folder")
async def test_signing_in_again_takes_a_new_key(
    hass: HomeAssistant, service: RestSimulator
) -> None:
    """It is the same account; a key that is left empty stays."""
    entry = await added(hass, service)
    unique_id = entry.unique_id
    result = await again(hass, entry, SOURCE_REAUTH)
    result = await go_on(hass, result)
    assert result["step_id"] == "rest_account"
    result = await go_on(hass, result, name="My machines", base_url=service.url)
    assert isinstance(fields(result)["token"], vol.Optional)
    result = await go_on(hass, result, token="wrong")
    assert result["errors"] == {"base": "invalid_auth"}
    result = await go_on(hass, result)
    assert result["reason"] == "reauth_successful"
    assert entry.unique_id == unique_id
    assert entry.data[CONF_CREDENTIALS]["token"] == TOKEN
    await hass.async_block_till_done()


@pytest.mark.usefixtures("folder")
async def test_a_secret_goes_to_no_other_host(hass: HomeAssistant, service: RestSimulator) -> None:
    """With another address it is typed again; then the account moves there."""
    entry = await added(hass, service)
    async with RestSimulator() as other:
        result = await again(hass, entry, SOURCE_RECONFIGURE)
        result = await go_on(hass, result, name="Moved", base_url=other.url)
        assert result["step_id"] == "rest_credentials"
        result = await go_on(hass, result, token=TOKEN)
        assert result["reason"] == "reconfigure_successful"
        assert entry.data[CONF_CREDENTIALS]["base_url"] == other.url
        await hass.async_block_till_done()


async def test_a_login_is_told_apart_by_its_name(
    hass: HomeAssistant, folder: Path, service: RestSimulator
) -> None:
    """Two people at one API have two accounts."""
    write(folder, changed({"auth": LOGIN}))
    result = await go_on(hass, await located(hass, service), username=USERNAME, password=PASSWORD)
    assert result["type"] is FlowResultType.CREATE_ENTRY


# Files with mistakes


async def test_a_file_with_a_mistake_is_named_with_its_line(
    hass: HomeAssistant, folder: Path
) -> None:
    """It keeps nobody else from loading, and the issue goes once it is mended."""
    (folder / "bad.yaml").write_text("format: 1\nkey: bad\nname: Bad\ncolour: red\n")
    (folder / "worse.yaml").write_text("format: 1\nkey: [\n")
    write(folder, changed({"key": "other"}), "named")
    write(folder, changed({"key": "aria2"}), "aria2")
    assert await async_setup_component(hass, DOMAIN, {})
    issues = {
        issue.translation_placeholders["file"]: issue.translation_placeholders
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.translation_placeholders
    }
    assert issues["command_status/bad.yaml"]["reason"] == "missing_key: base_url"
    assert issues["command_status/worse.yaml"]["line"] == "3"
    assert issues["command_status/named.yaml"]["line"] == "2"
    assert issues["command_status/aria2.yaml"]["reason"] == "key_twice"

    result = await begun(hass)
    (selector,) = cast("Any", result["data_schema"]).schema.values()
    keys = {option["value"] for option in selector.config["options"]}
    assert "jobs" in keys
    assert not keys & {"bad", "worse", "named", "aria2"}
    for name in ("bad", "worse", "named", "aria2"):
        (folder / f"{name}.yaml").unlink()
    await begun(hass)
    assert not [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]


async def test_a_file_that_breaks_meanwhile_is_told_in_the_form(
    hass: HomeAssistant, folder: Path
) -> None:
    """It was chosen while it was still whole."""
    result = await begun(hass)
    (folder / "jobs.yaml").unlink()
    result = await go_on(hass, result, description="jobs")
    assert result["errors"] == {"base": "invalid_description"}


async def test_an_account_without_its_file_says_so(
    hass: HomeAssistant, folder: Path, service: RestSimulator
) -> None:
    """And is loaded when the file is back."""
    entry = await added(hass, service)
    (folder / "jobs.yaml").unlink()
    await hass.config_entries.async_reload(entry.entry_id)
    assert state_of(entry) is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "no_description"
    options = await hass.config_entries.options.async_init(entry.entry_id)
    assert options["reason"] == "no_description"
    write(folder, changed({}))
    await hass.config_entries.async_reload(entry.entry_id)
    assert state_of(entry) is ConfigEntryState.LOADED


@pytest.mark.usefixtures("folder", "service")
async def test_forms_in_another_order_begin_again(hass: HomeAssistant) -> None:
    """A step without the one before has nothing to go by."""
    result = await begun(hass)
    flow = hass.config_entries.flow._progress[result["flow_id"]]
    result = await cast("Any", flow).async_step_rest_account({"name": "x"})
    assert result["errors"] == {"base": "session_lost"}
