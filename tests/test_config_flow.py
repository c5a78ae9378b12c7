"""The dialogues of an account: adding it, signing in again, changing it, and its options."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryDisabler,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

import custom_components.command_status
from custom_components.command_status.config_flow import (
    CommandStatusConfigFlow,
    add_sign_in_steps,
)
from custom_components.command_status.const import (
    CONF_CREDENTIALS,
    CONF_DEVICES,
    CONF_KEEP_FINISHED,
    CONF_PANEL,
    CONF_PROVIDER,
    CONF_TIMEOUT,
    DOMAIN,
)
from custom_components.command_status.providers import PROVIDERS
from custom_components.command_status.providers.base import Challenge
from custom_components.command_status.providers.errors import (
    ProviderError,
    ProviderOutdatedError,
    SignInError,
)
from custom_components.command_status.providers.wlte import ACCOUNT as WLTE_ACCOUNT
from simulators.faults import FaultKind
from simulators.wlte import CLIENT_ID, CLIENT_SECRET, WlteSimulator

from .house import House
from .provider_double import ACCOUNT, DoubleProvider

PASSWORD = {"email": "somebody@example.com", "password": "hunter2-double"}


@pytest.fixture(autouse=True)
def custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant find the integration."""


@pytest.fixture
def setups() -> Generator[AsyncMock]:
    """Count how often an account is loaded; it is really loaded all the same."""
    real = custom_components.command_status.async_setup_entry
    with patch("custom_components.command_status.async_setup_entry", wraps=real) as setups:
        yield setups


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Generator[DoubleProvider]:
    """Add a provider to the table; its accounts are made, but not loaded."""
    double = DoubleProvider()
    description = double.description
    monkeypatch.setitem(PROVIDERS, "double", description)
    for step_id in description.steps:  # so that they are taken away again
        monkeypatch.setattr(CommandStatusConfigFlow, f"async_step_{step_id}", None, raising=False)
    add_sign_in_steps(CommandStatusConfigFlow, description)
    with patch("custom_components.command_status.async_setup_entry", return_value=True):
        yield double


@pytest.fixture
async def added(hass: HomeAssistant, cloud: WlteSimulator) -> ConfigEntry[Any]:
    """Return an account that was added by hand and is loaded."""
    result = await submit(hass, await begin(hass, "wlte"), credentials(cloud))
    await hass.async_block_till_done()
    return result["result"]


def credentials(cloud: WlteSimulator, **others: str) -> dict[str, Any]:
    """Return what is typed into the form of WLTE."""
    advanced = {"base_url": others.pop("base_url", cloud.url)}
    return {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "advanced": advanced,
        **others,
    }


def place(cloud: WlteSimulator) -> str:
    """Return where the cloud is, with its port."""
    url = URL(cloud.url)
    return f"{url.host}:{url.port}"


async def begin(hass: HomeAssistant, *choices: str) -> ConfigFlowResult:
    """Begin to add an account and choose from the menus."""
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    for choice in choices:
        result = await submit(hass, result, {"next_step_id": choice})
    return result


async def submit(
    hass: HomeAssistant, result: Mapping[str, Any], typed: dict[str, Any] | None = None
) -> ConfigFlowResult:
    """Go on with what was typed."""
    return await hass.config_entries.flow.async_configure(result["flow_id"], typed or {})


def shown(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a form with what stands in them, or None; those of the section too."""
    fields: dict[str, Any] = {}
    for marker, value in result["data_schema"].schema.items():
        if marker.schema == "advanced":
            fields |= shown({"data_schema": value.schema})
        else:
            fields[marker.schema] = (marker.description or {}).get("suggested_value")
    return fields


def words(result: Mapping[str, Any]) -> dict[str, str]:
    """Return the words that are filled into the texts of a form."""
    return dict(result["description_placeholders"])


# Adding an account


@pytest.mark.usefixtures("double")
async def test_the_first_step_is_a_menu_of_the_providers(hass: HomeAssistant) -> None:
    """Each stands at the place where somebody looks for it."""
    result = await begin(hass)

    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == "user"
    assert result["menu_options"] == sorted(PROVIDERS)
    assert "double" in result["menu_options"]


async def test_an_account_is_added_and_loaded(
    hass: HomeAssistant, cloud: WlteSimulator, setups: AsyncMock
) -> None:
    """From the menu to an account that works, and nobody was asked for more than it takes."""
    form = await begin(hass, "wlte")
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "wlte")
    assert shown(form) == {"client_id": None, "client_secret": None, "base_url": None}
    assert words(form) == {"portal_url": PROVIDERS["wlte"].portal_url}

    result = await submit(hass, form, credentials(cloud))
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.title == f"WLTE {place(cloud)}"
    assert entry.unique_id == f"wlte_{CLIENT_ID}@{place(cloud)}"
    assert entry.data == {
        CONF_PROVIDER: "wlte",
        CONF_CREDENTIALS: {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "base_url": cloud.url,
        },
    }
    assert entry.options == {}
    assert entry.state is ConfigEntryState.LOADED
    assert setups.call_count == 1


@pytest.mark.usefixtures("socket_enabled")
async def test_the_form_can_be_shown_by_a_browser(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    """Forms travel as JSON; the server's address is there without opening the section."""
    for needed in ("config", "websocket_api"):
        await async_setup_component(hass, needed, {})
    browser = await hass_client()
    flows = "/api/config/config_entries/flow"
    menu = await (await browser.post(flows, json={"handler": DOMAIN})).json()
    answer = await browser.post(f"{flows}/{menu['flow_id']}", json={"next_step_id": "wlte"})
    form = await answer.json()

    fields = {field["name"]: field for field in form["data_schema"]}
    assert fields["client_secret"]["selector"]["text"]["type"] == "password"
    (base_url,) = fields["advanced"]["schema"]
    assert base_url["default"] == "https://openapi.svnwi.com"
    assert fields["advanced"]["expanded"] is False


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"client_secret": "wrong-secret-1"}, "invalid_auth"),
        ({"base_url": "http://127.0.0.1:9"}, "cannot_connect"),
        ({"base_url": "http://example.com"}, "insecure_url"),
        ({"base_url": "gate"}, "invalid_url"),
    ],
    ids=["wrong secret", "nobody there", "unprotected", "no address"],
)
async def test_what_was_typed_wrong_can_be_typed_again(
    hass: HomeAssistant, cloud: WlteSimulator, typed: dict[str, str], error: str
) -> None:
    """The form says what is wrong, keeps all but the secret, and can be completed."""
    wrong = credentials(cloud, **typed)
    result = await submit(hass, await begin(hass, "wlte"), wrong)

    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "wlte")
    assert result["errors"] == {"base": error}
    assert shown(result) == {
        "client_id": CLIENT_ID,
        "client_secret": None,
        "base_url": wrong["advanced"]["base_url"],
    }
    assert hass.config_entries.async_entries(DOMAIN) == []

    result = await submit(hass, result, credentials(cloud))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("kind", "details", "error"),
    [
        (FaultKind.STATUS, {"status": 429}, "rate_limited"),
        (FaultKind.STATUS, {"status": 403}, "missing_permission"),
        (FaultKind.STATUS, {"status": 406}, "client_blocked"),
        (FaultKind.STATUS, {"status": 426}, "update_required"),
        (FaultKind.STATUS, {"status": 503}, "cannot_connect"),
        (FaultKind.STATUS, {"status": 409}, "unknown"),
        (FaultKind.HTML, {}, "cannot_connect"),
        (FaultKind.HUGE, {}, "cannot_connect"),
        (FaultKind.GARBAGE, {}, "cannot_connect"),
        (FaultKind.CUT, {}, "cannot_connect"),
        (FaultKind.REDIRECT, {}, "cannot_connect"),
    ],
    ids=str,
)
async def test_a_provider_with_a_bad_day_can_be_tried_again(
    hass: HomeAssistant,
    cloud: WlteSimulator,
    kind: FaultKind,
    details: dict[str, int],
    error: str,
) -> None:
    """Whatever the answer, the next one may be better."""
    cloud.faults.add(kind, "token", **details)
    result = await submit(hass, await begin(hass, "wlte"), credentials(cloud))
    assert result["errors"] == {"base": error}

    result = await submit(hass, result, credentials(cloud))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_credentials_that_only_read_are_refused(
    hass: HomeAssistant, cloud: WlteSimulator
) -> None:
    """An account that could never send a command would be found out too late."""
    cloud.set_client(scopes=["device:read"])
    result = await submit(hass, await begin(hass, "wlte"), credentials(cloud))
    assert result["errors"] == {"base": "missing_permission"}

    cloud.set_client()
    result = await submit(hass, result, credentials(cloud))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        (ValueError("hunter2-double is not good"), "Unexpected ValueError during the sign-in"),
        (SignInError("unheard_of", "no such page"), "The sign-in at Double failed: no such page"),
        (ProviderError("no such page"), "The sign-in at Double failed: no such page"),
    ],
    ids=["a mistake of ours", "a word without a text", "an error without a word"],
)
async def test_what_nobody_expected_is_logged_without_what_was_typed(
    hass: HomeAssistant,
    double: DoubleProvider,
    caplog: pytest.LogCaptureFixture,
    said: Exception,
    logged: str,
) -> None:
    """The user can only try again, but whoever reads the log should find the place."""
    double.says += [said, ACCOUNT]
    result = await submit(hass, await begin(hass, "double", "double_password"), PASSWORD)

    assert result["errors"] == {"base": "unknown"}
    assert logged in caplog.text
    assert "hunter2" not in caplog.text

    result = await submit(hass, result, PASSWORD)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_an_account_is_not_added_twice(
    hass: HomeAssistant, cloud: WlteSimulator, added: ConfigEntry[Any]
) -> None:
    """Two accounts that are one would count every limit twice."""
    result = await submit(hass, await begin(hass, "wlte"), credentials(cloud))

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert hass.config_entries.async_entries(DOMAIN) == [added]


async def test_two_providers_may_use_the_same_id(
    hass: HomeAssistant, double: DoubleProvider
) -> None:
    """An id says nothing outside of its own cloud."""
    MockConfigEntry(domain=DOMAIN, unique_id=f"other_{ACCOUNT.id}").add_to_hass(hass)
    double.says.append(ACCOUNT)

    result = await submit(hass, await begin(hass, "double", "double_token"), {"token": "t"})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == f"double_{ACCOUNT.id}"


async def test_two_accounts_of_one_name_are_told_apart(
    hass: HomeAssistant, cloud: WlteSimulator, added: ConfigEntry[Any]
) -> None:
    """By a number; what is there keeps its name, which its user may have given."""
    for number in (2, 3):
        cloud.add_client(f"client-{number}", CLIENT_SECRET)
        typed = credentials(cloud, client_id=f"client-{number}")
        result = await submit(hass, await begin(hass, "wlte"), typed)
        assert result["title"] == f"WLTE {place(cloud)} {number}"
    assert added.title == f"WLTE {place(cloud)}"


# Accounts of a version in which the port of a server did not count


@pytest.fixture
def former(hass: HomeAssistant, added: ConfigEntry[Any]) -> ConfigEntry[Any]:
    """Return an account that was added by that version."""
    unique_id = f"wlte_{CLIENT_ID}@127.0.0.1"
    hass.config_entries.async_update_entry(added, unique_id=unique_id, title="WLTE 127.0.0.1")
    return added


async def test_an_account_of_a_former_version_is_not_added_twice(
    hass: HomeAssistant, cloud: WlteSimulator, former: ConfigEntry[Any]
) -> None:
    """Even while it is disabled, and so was not loaded by this version."""
    await hass.config_entries.async_set_disabled_by(former.entry_id, ConfigEntryDisabler.USER)
    result = await submit(hass, await begin(hass, "wlte"), credentials(cloud))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert former.title == "WLTE 127.0.0.1"


async def test_two_servers_on_one_host_are_two_accounts(
    hass: HomeAssistant, cloud: WlteSimulator, former: ConfigEntry[Any]
) -> None:
    """A test server beside the real one knows the same client; whoever is elsewhere stays so."""
    elsewhere = MockConfigEntry(domain=DOMAIN, unique_id="double_7", data={CONF_PROVIDER: "double"})
    elsewhere.add_to_hass(hass)
    async with WlteSimulator() as beside:
        result = await submit(hass, await begin(hass, "wlte"), credentials(beside))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == f"wlte_{CLIENT_ID}@{place(beside)}"
    assert elsewhere.unique_id == "double_7"
    assert former.unique_id == f"wlte_{CLIENT_ID}@{place(cloud)}"


async def test_one_signs_in_again_to_an_account_of_a_former_version(
    hass: HomeAssistant, cloud: WlteSimulator, former: ConfigEntry[Any]
) -> None:
    """It is the same account."""
    former.async_start_reauth(hass)
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    result = await submit(hass, await submit(hass, flow), credentials(cloud))
    await hass.async_block_till_done()
    assert result["reason"] == "reauth_successful"
    assert former.unique_id == f"wlte_{CLIENT_ID}@{place(cloud)}"


async def test_an_account_of_a_former_version_can_be_changed(
    hass: HomeAssistant, cloud: WlteSimulator, former: ConfigEntry[Any]
) -> None:
    """And is known by its whole id then."""
    result = await submit(hass, await change(hass, former), credentials(cloud))
    await hass.async_block_till_done()
    assert result["reason"] == "reconfigure_successful"
    assert former.unique_id == f"wlte_{CLIENT_ID}@{place(cloud)}"


# A sign-in of several steps


async def test_a_sign_in_may_lead_through_a_menu_and_a_code(
    hass: HomeAssistant, double: DoubleProvider
) -> None:
    """It is one conversation: the provider still knows what was typed before."""
    double.says += [
        Challenge(step="double_code", placeholders={"phone": "**12"}),
        SignInError("invalid_code"),
        ACCOUNT,
    ]
    menu = await begin(hass, "double")
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["double_password", "double_token"]

    form = await submit(hass, menu, {"next_step_id": "double_password"})
    form = await submit(hass, form, {**PASSWORD, "advanced": {"region": "eu"}})
    assert (form["step_id"], form["errors"]) == ("double_code", None)
    assert words(form)["phone"] == "**12"

    form = await submit(hass, form, {"code": "000000"})
    assert (form["step_id"], form["errors"]) == ("double_code", {"base": "invalid_code"})
    assert words(form)["phone"] == "**12"

    result = await submit(hass, form, {"code": "123456"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (sign_in,) = double.sign_ins
    assert sign_in.typed == [
        ("double_password", {**PASSWORD, "region": "eu"}),
        ("double_code", {"code": "000000"}),
        ("double_code", {"code": "123456"}),
    ]


async def test_a_provider_may_begin_anew(hass: HomeAssistant, double: DoubleProvider) -> None:
    """A challenge may lead back, even to a menu."""
    double.says.append(Challenge(step="double"))

    result = await submit(hass, await begin(hass, "double", "double_token"), {"token": "t"})

    assert (result["type"], result["step_id"]) == (FlowResultType.MENU, "double")


async def test_a_private_session_keeps_cookies_and_can_be_closed(
    hass: HomeAssistant, double: DoubleProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """Cookies of a simulator come from an IP address; the connections are Home Assistant's."""
    double.says.append(ProviderOutdatedError())
    await submit(hass, await begin(hass, "double", "double_token"), {"token": "t"})
    sign_in = double.newest
    url = URL("http://127.0.0.1:8000/")

    sign_in.session.cookie_jar.update_cookies({"csrf": "a b"}, url)

    assert sign_in.session.cookie_jar.filter_cookies(url)["csrf"].OutputString() == "csrf=a b"
    shared = sign_in.sessions.shared
    assert not list(shared.cookie_jar)
    assert shared.connector is async_get_clientsession(hass).connector
    await sign_in.session.close()
    assert not shared.closed
    assert "closes the Home Assistant aiohttp session" not in caplog.text


@pytest.mark.parametrize("said", [ACCOUNT, ProviderOutdatedError()], ids=["entry", "given up"])
async def test_nothing_is_left_of_a_sign_in_that_is_over(
    hass: HomeAssistant, double: DoubleProvider, said: Any
) -> None:
    """Cookies of an old sign-in are what breaks the next one."""
    double.says.append(said)
    form = await begin(hass, "double", "double_token")
    result = await submit(hass, form, {"token": "t"})
    for flow in hass.config_entries.flow.async_progress():
        hass.config_entries.flow.async_abort(flow["flow_id"])
    await hass.async_block_till_done()

    assert result["type"] in (FlowResultType.CREATE_ENTRY, FlowResultType.FORM)
    assert double.newest.closed == 1
    assert double.newest.session.closed
    assert double.newest.sessions.shared.closed
    assert not async_get_clientsession(hass).closed


async def test_a_dialogue_that_is_closed_lets_its_request_finish(
    hass: HomeAssistant, double: DoubleProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """A session that is closed under a request makes an error that means nothing."""
    double.says += [SignInError("invalid_code"), ACCOUNT]
    form = await begin(hass, "double", "double_token")
    form = await submit(hass, form, {"token": "t"})
    sign_in = double.newest
    sign_in.go_on.clear()
    submitting = hass.async_create_task(submit(hass, form, {"token": "t"}))

    hass.config_entries.flow.async_abort(form["flow_id"])
    assert not sign_in.session.closed
    sign_in.go_on.set()
    await hass.async_block_till_done()

    assert submitting.exception() is not None
    assert sign_in.closed == 1
    assert sign_in.session.closed
    assert "Unexpected" not in caplog.text


# Signing in again


async def test_signing_in_again_mends_an_account(
    hass: HomeAssistant,
    cloud: WlteSimulator,
    added: ConfigEntry[Any],
    setups: AsyncMock,
) -> None:
    """The client keeps its id, and only the new secret need be typed."""
    cloud.add_client(CLIENT_ID, "rotated-secret-1")
    added.async_start_reauth(hass)
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "reauth_confirm"
    assert flow["context"]["source"] == SOURCE_REAUTH

    confirm = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert words(confirm)["account"] == added.title
    form = await submit(hass, confirm)
    assert form["step_id"] == "wlte"
    assert shown(form) == {
        "client_id": CLIENT_ID,
        "client_secret": None,
        "base_url": cloud.url,
    }

    form = await submit(hass, form, credentials(cloud))
    assert form["errors"] == {"base": "invalid_auth"}
    result = await submit(hass, form, credentials(cloud, client_secret="rotated-secret-1"))
    await hass.async_block_till_done()

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    assert added.data[CONF_CREDENTIALS]["client_secret"] == "rotated-secret-1"
    assert added.state is ConfigEntryState.LOADED
    assert cloud.counts["devices"] == 3  # loaded, tried, and taken up
    assert setups.call_count == 0


async def test_signing_in_again_with_the_same_credentials_tries_the_account_once(
    hass: HomeAssistant, cloud: WlteSimulator, added: ConfigEntry[Any], setups: AsyncMock
) -> None:
    """A client that was disabled for a while has not changed, but must be tried again."""
    added.async_start_reauth(hass)
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()

    form = await submit(hass, flow)
    result = await submit(hass, form, credentials(cloud))
    await hass.async_block_till_done()

    assert result["reason"] == "reauth_successful"
    assert cloud.counts["devices"] == 3  # loaded, tried, and taken up
    assert setups.call_count == 0


async def test_signing_in_again_to_another_account_is_refused(
    hass: HomeAssistant, cloud: WlteSimulator, added: ConfigEntry[Any], setups: AsyncMock
) -> None:
    """Commands of one account would be looked for in another."""
    cloud.add_client("client-2", CLIENT_SECRET)
    added.async_start_reauth(hass)
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()

    form = await submit(hass, flow)
    result = await submit(hass, form, credentials(cloud, client_id="client-2"))
    await hass.async_block_till_done()

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "wrong_account")
    assert added.data[CONF_CREDENTIALS]["client_id"] == CLIENT_ID
    assert setups.call_count == 0


# Changing an account


async def change(hass: HomeAssistant, entry: ConfigEntry[Any]) -> ConfigFlowResult:
    """Begin to change an account."""
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": "reconfigure", "entry_id": entry.entry_id}
    )


@pytest.mark.parametrize("secret", [CLIENT_SECRET, "rotated-secret-1"], ids=["same", "new"])
async def test_a_changed_account_is_tried_once(
    hass: HomeAssistant,
    cloud: WlteSimulator,
    added: ConfigEntry[Any],
    setups: AsyncMock,
    secret: str,
) -> None:
    """Whether anything has changed or not: somebody wanted it to be tried."""
    cloud.add_client(CLIENT_ID, secret)
    form = await change(hass, added)
    assert form["step_id"] == "wlte"
    assert shown(form) == {
        "client_id": CLIENT_ID,
        "client_secret": None,
        "base_url": cloud.url,
    }

    result = await submit(hass, form, credentials(cloud, client_secret=secret))
    await hass.async_block_till_done()

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert added.data[CONF_CREDENTIALS]["client_secret"] == secret
    assert cloud.counts["devices"] == 3  # loaded, tried, and taken up
    assert setups.call_count == 0


async def test_a_changed_account_may_have_another_client(
    hass: HomeAssistant, cloud: WlteSimulator, added: ConfigEntry[Any], setups: AsyncMock
) -> None:
    """Where the provider has no better id than the client's, the entry follows it."""
    cloud.add_client("client-2", "secret-of-client-2")

    result = await submit(
        hass,
        await change(hass, added),
        credentials(cloud, client_id="client-2", client_secret="secret-of-client-2"),
    )
    await hass.async_block_till_done()

    assert result["reason"] == "reconfigure_successful"
    assert added.unique_id == f"wlte_client-2@{place(cloud)}"
    assert added.data[CONF_CREDENTIALS]["client_id"] == "client-2"
    assert cloud.counts["devices"] == 3  # loaded, tried, and taken up
    assert setups.call_count == 0


async def test_a_changed_account_may_not_become_one_that_is_there(
    hass: HomeAssistant, cloud: WlteSimulator, added: ConfigEntry[Any]
) -> None:
    """Two entries of one account would send through each other's limits."""
    cloud.add_client("client-2", CLIENT_SECRET)
    other = credentials(cloud, client_id="client-2")
    await submit(hass, await begin(hass, "wlte"), other)
    await hass.async_block_till_done()

    result = await submit(hass, await change(hass, added), other)

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert added.unique_id == f"wlte_{CLIENT_ID}@{place(cloud)}"


@pytest.fixture
def doubled(hass: HomeAssistant, double: DoubleProvider) -> MockConfigEntry:
    """Return an account at the provider whose accounts cannot be moved."""
    provider = double.description.key
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=f"{provider}_{ACCOUNT.id}",
        data={CONF_PROVIDER: provider, CONF_CREDENTIALS: dict(ACCOUNT.credentials)},
    )
    entry.add_to_hass(hass)
    return entry


async def test_an_account_with_an_id_of_its_own_stays_that_account(
    hass: HomeAssistant, double: DoubleProvider, doubled: MockConfigEntry
) -> None:
    """Somebody who signs in elsewhere wants to add an account, not to lose one."""
    double.says.append(replace(ACCOUNT, id="account-8"))
    menu = await change(hass, doubled)
    assert menu["type"] is FlowResultType.MENU
    form = await submit(hass, menu, {"next_step_id": "double_password"})
    assert shown(form) == {"email": ACCOUNT.credentials["email"], "password": None, "region": "eu"}

    result = await submit(hass, form, PASSWORD)

    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "wrong_account")
    assert doubled.unique_id == f"double_{ACCOUNT.id}"


async def test_nobody_need_sign_in_again_to_an_account_that_was_changed(
    hass: HomeAssistant, cloud: WlteSimulator, added: ConfigEntry[Any]
) -> None:
    """The question that Home Assistant asked has been answered, though by another door."""
    added.async_start_reauth(hass)
    await hass.async_block_till_done()
    assert len(hass.config_entries.flow.async_progress()) == 1

    result = await submit(hass, await change(hass, added), credentials(cloud))
    await hass.async_block_till_done()

    assert result["reason"] == "reconfigure_successful"
    assert hass.config_entries.flow.async_progress() == []


# Options


async def open_options(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Mapping[str, Any]:
    """Open the options of an account."""
    return await hass.config_entries.options.async_init(entry.entry_id)


async def test_options_begin_with_what_the_provider_suggests(house: House) -> None:
    """Most people close the form again."""
    form = await open_options(house.hass, house.entry)

    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "init")
    window = {"days": 0, "hours": 0, "minutes": 1, "seconds": 0}
    usual = {CONF_TIMEOUT: window, CONF_KEEP_FINISHED: 7, CONF_PANEL: True}
    assert form["data_schema"]({}) == usual


async def test_new_options_hold_at_once(house: House, setups: AsyncMock) -> None:
    """They hold from the next command on."""
    form = await open_options(house.hass, house.entry)

    result = await house.hass.config_entries.options.async_configure(
        form["flow_id"], {CONF_TIMEOUT: {"minutes": 2}, CONF_KEEP_FINISHED: 30.0}
    )
    await house.settle()

    assert result["type"] is FlowResultType.CREATE_ENTRY
    kept = {CONF_TIMEOUT: 120, CONF_KEEP_FINISHED: 30, CONF_PANEL: True}
    assert house.entry.options == kept
    assert house.coordinator.settings.window == 120
    assert setups.call_count == 0
    form = await open_options(house.hass, house.entry)
    window = {"days": 0, "hours": 0, "minutes": 2, "seconds": 0}
    assert form["data_schema"]({}) == kept | {CONF_TIMEOUT: window}


@pytest.mark.parametrize("days", [0, 91])
async def test_the_history_has_limits(house: House, days: int) -> None:
    """From one day to ninety."""
    form = await open_options(house.hass, house.entry)

    with pytest.raises(InvalidData):
        await house.hass.config_entries.options.async_configure(
            form["flow_id"], {CONF_TIMEOUT: {"minutes": 1}, CONF_KEEP_FINISHED: days}
        )

    assert house.entry.options == {}


@pytest.mark.parametrize("typed", [{"seconds": 4}, {"days": 7, "seconds": 1}], ids=str)
async def test_a_wait_window_has_limits(house: House, typed: dict[str, int]) -> None:
    """From five seconds to seven days; what is wrong is said where it was typed."""
    form = await open_options(house.hass, house.entry)

    result = await house.hass.config_entries.options.async_configure(
        form["flow_id"], {CONF_TIMEOUT: typed, CONF_KEEP_FINISHED: 7}
    )

    assert result["errors"] == {CONF_TIMEOUT: "timeout_range"}
    assert house.entry.options == {}


@pytest.fixture
def choosable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let users choose the devices of WLTE, as of a provider with thousands of them."""
    account = replace(WLTE_ACCOUNT, chosen_devices=True)
    description = replace(PROVIDERS["wlte"], account=lambda _: account)
    monkeypatch.setitem(PROVIDERS, "wlte", description)


def offered(form: Mapping[str, Any]) -> dict[str, str]:
    """Return the devices that can be chosen, by name."""
    options = form["data_schema"].schema[CONF_DEVICES].config["options"]
    return {option["value"]: option["label"] for option in options}


@pytest.mark.usefixtures("choosable")
async def test_devices_can_be_chosen_where_there_may_be_thousands(house: House) -> None:
    """By name, and each device once however many targets it has."""
    form = await open_options(house.hass, house.entry)
    names = {
        target.device: target.device_name for target in house.coordinator.data.targets.values()
    }
    assert offered(form) == names
    assert form["data_schema"]({})[CONF_DEVICES] == []

    await house.hass.config_entries.options.async_configure(
        form["flow_id"],
        {CONF_TIMEOUT: {"minutes": 1}, CONF_KEEP_FINISHED: 7, CONF_DEVICES: ["dev-7"]},
    )
    await house.settle()

    assert house.entry.options[CONF_DEVICES] == ["dev-7"]
    assert {target.device for target in house.coordinator.shown_targets.values()} == {"dev-7"}


@pytest.mark.usefixtures("choosable")
async def test_a_chosen_device_stays_valid_when_it_is_no_longer_listed(
    hass: HomeAssistant, make_entry: Callable[..., MockConfigEntry]
) -> None:
    """The list may be a bad one, or the account not loaded at all; others are not made up."""
    entry = make_entry(options={CONF_DEVICES: ["dev-99"]})
    form = await open_options(hass, entry)
    assert offered(form) == {"dev-99": "dev-99"}

    with pytest.raises(InvalidData):
        await hass.config_entries.options.async_configure(
            form["flow_id"], {CONF_DEVICES: ["dev-98"]}
        )
    result = await hass.config_entries.options.async_configure(
        form["flow_id"],
        {CONF_TIMEOUT: {"seconds": 30}, CONF_KEEP_FINISHED: 7, CONF_DEVICES: ["dev-99"]},
    )

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options[CONF_DEVICES] == ["dev-99"]
