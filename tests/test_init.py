"""The life of an account: loaded, unloaded, loaded again, removed."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from aiohttp import ClientSession
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from yarl import URL

from custom_components.command_status.account.settings import Settings
from custom_components.command_status.account.waiters import DATA_WAITERS
from custom_components.command_status.const import (
    CONF_CREDENTIALS,
    CONF_DEVICES,
    CONF_KEEP_FINISHED,
    CONF_TIMEOUT,
    DOMAIN,
    UNLOAD_PATIENCE,
)
from custom_components.command_status.providers import PROVIDERS
from custom_components.command_status.providers.base import (
    Clock,
    Keep,
    Provider,
    ProviderDescription,
)
from custom_components.command_status.providers.wlte import ACCOUNT, DESCRIPTION
from custom_components.command_status.providers.wlte.provider import connect
from simulators.clock import ManualClock
from simulators.wlte import WlteSimulator

from .house import House, turn

CONNECTION = "binary_sensor.my_gate_connection"
SENSOR = "sensor.gate_relay_1_last_command"


@pytest.fixture
def new_house(
    hass: HomeAssistant, frozen: Any, cloud: WlteSimulator, entry: MockConfigEntry
) -> House:
    """Return a Home Assistant with an account that was never loaded."""
    return House(hass, frozen, cloud, entry)


async def come_back(cloud: WlteSimulator) -> None:
    """Let a cloud that was away be there again."""
    await cloud.start(port=URL(cloud.url).port or 0)


def reauths(house: House) -> int:
    """Return how many times the user is asked to sign in again."""
    flows = house.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return sum(flow["context"]["source"] == SOURCE_REAUTH for flow in flows)


class TestTheFirstTime:
    """Nothing is known yet, so the provider must answer."""

    async def test_the_targets_are_read_once(self, house: House) -> None:
        """With the one token that this needs."""
        assert house.entry.state is ConfigEntryState.LOADED
        assert house.cloud.counts == {"token": 1, "devices": 1}
        assert house.state(CONNECTION).state == "on"
        assert house.state(SENSOR).state == "unknown"

    async def test_a_provider_that_is_down_is_tried_again(self, new_house: House) -> None:
        """By Home Assistant, until it answers."""
        await new_house.cloud.stop()
        assert not await new_house.load()
        states = [new_house.entry.state]
        assert new_house.entry.error_reason_translation_key == "cannot_connect"
        await come_back(new_house.cloud)
        await new_house.wait(30, step=5)
        states.append(new_house.entry.state)
        assert states == [ConfigEntryState.SETUP_RETRY, ConfigEntryState.LOADED]

    async def test_credentials_that_are_refused_must_be_new(self, new_house: House) -> None:
        """The user is asked, once; nothing is tried again."""
        new_house.cloud.set_client(enabled=False)
        assert not await new_house.load()
        assert new_house.entry.state is ConfigEntryState.SETUP_ERROR
        assert new_house.entry.error_reason_translation_key == "invalid_auth"
        await new_house.wait(600, step=60)
        assert reauths(new_house) == 1
        assert new_house.cloud.counts == {"token": 1}


class TestEveryOtherTime:
    """An account loads from its own records."""

    async def test_the_targets_are_read_at_once(self, house: House) -> None:
        """In the background; a reload is how users ask for it."""
        house.cloud.configure({"extra_devices": 1})
        await house.reload()
        assert house.cloud.counts["devices"] == 2
        assert house.state("sensor.relay_box_1_last_command").state == "unknown"

    async def test_it_does_not_wait_for_the_provider(self, house: House, nap: ManualClock) -> None:
        """A cloud that takes its time does not hold up the start."""
        house.cloud.faults.add("delay", "devices", delay=20.0)
        assert await house.hass.config_entries.async_reload(house.entry.entry_id)
        await nap.until_asleep()
        assert house.state(SENSOR).state == "unknown"
        assert house.state(CONNECTION).state == "unknown"
        nap.advance(20)
        await house.settle()
        assert house.state(CONNECTION).state == "on"

    async def test_the_last_known_states_are_shown_at_once(self, house: House) -> None:
        """Also while the provider is down."""
        await house.send()
        await house.wait(1)
        await house.cloud.stop()
        await house.reload()
        assert house.entry.state is ConfigEntryState.LOADED
        assert house.state(SENSOR).state == "success"
        assert house.state("sensor.my_gate_last_command").state == "success"
        assert house.state("sensor.my_gate_pending_commands").state == "0"
        assert house.state(CONNECTION).state == "off"

    async def test_a_window_ends_while_the_provider_is_down(self, house: House) -> None:
        """And that is announced in time."""
        house.cloud.script(after=None)
        await house.send(timeout=30)
        await house.cloud.stop()
        await house.reload()
        await house.wait(29, step=1)
        assert house.outcomes() == []
        await house.wait(2)
        assert house.outcomes() == ["timeout"]

    async def test_what_happened_meanwhile_is_caught_up(self, house: House) -> None:
        """As soon as the provider is back: outcomes in time, and late ones."""
        house.cloud.script(after=20, times=2)
        await house.send(timeout=600)
        await house.send(target="dev-8/1", timeout=30)
        await house.cloud.stop()
        await house.reload()
        await house.wait(60, step=1)
        assert house.outcomes() == ["timeout"]
        await come_back(house.cloud)
        await house.wait(90, step=1)
        assert sorted(house.outcomes()) == ["success", "success", "timeout"]
        assert [event.data["late"] for event in house.announced].count(True) == 1
        assert house.state(CONNECTION).state == "on"

    async def test_credentials_that_are_refused_stop_the_asking(self, house: House) -> None:
        """The account stays loaded, the user is asked once, and windows go on."""
        house.cloud.script(after=None)
        await house.send(timeout=30)
        house.cloud.set_client(enabled=False)
        house.cloud.revoke_tokens()
        await house.reload()
        assert house.entry.state is ConfigEntryState.LOADED
        assert house.state(CONNECTION).state == "off"
        asked = house.cloud.counts["token"]
        await house.wait(31, step=1)
        assert house.outcomes() == ["timeout"]
        house.freezer.tick(6 * 3600)
        await house.settle()
        assert reauths(house) == 1
        assert house.cloud.counts["token"] == asked

    async def test_signing_in_again_goes_on_where_it_was(self, house: House) -> None:
        """The refusal belongs to the old credentials."""
        house.cloud.script(after=10)
        await house.send(timeout=600)
        house.cloud.set_client(enabled=False)
        house.cloud.revoke_tokens()
        await house.wait(20)
        assert house.state(CONNECTION).state == "off"
        house.cloud.set_client(enabled=True)
        await house.reload()
        await house.wait(3)
        assert house.outcomes() == ["success"]
        assert house.state(CONNECTION).state == "on"

    async def test_lost_targets_do_not_keep_commands_from_being_followed(
        self, house: House
    ) -> None:
        """The records say that the account was fine, so the provider is not waited for."""
        house.cloud.script(after=None)
        await house.send(timeout=30)
        await house.coordinator.store.async_save_listing({})
        await house.cloud.stop()
        assert await house.reload()
        await house.wait(31, step=1)
        assert house.outcomes() == ["timeout"]
        await come_back(house.cloud)
        house.freezer.tick(6 * 3600)
        await house.settle()
        assert house.state(SENSOR).state == "timeout"


class TestUnloading:
    """Nothing is cut, nothing is left."""

    @pytest.fixture
    async def sending(self, house: House) -> asyncio.Task[dict[str, Any]]:
        """Return an action whose request is under way."""
        house.cloud.configure({"post_wait": 10.0})
        house.cloud.script(after=5)
        sending = asyncio.create_task(house.send())
        await house.cloud.log.until(1, "create")
        return sending

    async def test_it_waits_for_a_request_that_sends(
        self, house: House, sending: asyncio.Task[dict[str, Any]], nap: ManualClock
    ) -> None:
        """Whoever cuts it does not know whether the gate opens."""
        await nap.until_asleep()
        unloading = asyncio.create_task(
            house.hass.config_entries.async_unload(house.entry.entry_id)
        )
        await turn()
        assert not unloading.done()
        nap.advance(5)
        assert await unloading
        assert (await sending)["command_id"] == "cmd-1"
        await house.load()
        await house.wait(10)
        assert house.outcomes() == ["success"]
        assert len(house.cloud.switched("dev-7", 1)) == 1
        assert house.cloud.counts["create"] == 1

    async def test_it_does_not_wait_for_ever(
        self, house: House, sending: asyncio.Task[dict[str, Any]], nap: ManualClock
    ) -> None:
        """A cloud that does not answer is asked again, with the same key, when loaded again."""
        await nap.until_asleep()
        unloading = asyncio.create_task(
            house.hass.config_entries.async_unload(house.entry.entry_id)
        )
        await turn()
        assert not unloading.done()
        house.freezer.tick(UNLOAD_PATIENCE)
        assert await unloading
        house.cloud.configure({"post_wait": 0.0})
        await house.load()
        await house.wait(10)
        assert (await sending)["state"] == "queued"
        assert house.outcomes() == ["success"]
        assert len(house.cloud.switched("dev-7", 1)) == 1

    async def test_questions_are_cut(self, house: House, nap: ManualClock) -> None:
        """They can be asked again."""
        house.cloud.script(after=1)
        await house.send()
        house.cloud.faults.add("delay", "status", delay=20.0)
        await house.go_by(3)
        await nap.until_asleep()
        assert await house.reload()
        await house.wait(3)
        assert house.outcomes() == ["success"]

    async def test_no_new_command_is_taken(
        self, house: House, sending: asyncio.Task[dict[str, Any]], nap: ManualClock
    ) -> None:
        """It could not be seen through; the user is told."""
        await nap.until_asleep()
        reloading = asyncio.create_task(
            house.hass.config_entries.async_reload(house.entry.entry_id)
        )
        await turn()
        with pytest.raises(HomeAssistantError):
            await house.send(target="dev-8/1")
        nap.advance(5)
        await reloading
        await sending
        assert house.cloud.counts["create"] == 1

    async def test_it_leaves_nothing_running(self, house: House) -> None:
        """No question, no alarm."""
        house.cloud.script(after=None)
        await house.send(timeout=3600)
        assert await house.hass.config_entries.async_unload(house.entry.entry_id)
        requests = house.cloud.counts.total()
        await house.wait(60, step=1)
        assert house.cloud.counts.total() == requests


class TestWaitingActions:
    """They outlive the account, if it comes back."""

    @pytest.fixture
    async def waiting(self, house: House) -> asyncio.Task[dict[str, Any]]:
        """Return an action that waits for an outcome."""
        house.cloud.script(after=10)
        waiting = asyncio.create_task(house.send(wait=True))
        await house.wait(2)
        return waiting

    async def test_one_survives_a_reload(
        self, house: House, waiting: asyncio.Task[dict[str, Any]]
    ) -> None:
        """Options may be changed while a gate moves."""
        await house.reload()
        await house.wait(12)
        assert (await waiting)["state"] == "success"

    @pytest.mark.parametrize(
        "end",
        [
            lambda entry, entries: entries.async_remove(entry.entry_id),
            lambda entry, entries: entries.async_set_disabled_by(
                entry.entry_id, ConfigEntryDisabler.USER
            ),
        ],
        ids=["removed", "disabled"],
    )
    async def test_one_ends_with_the_account(
        self, house: House, waiting: asyncio.Task[dict[str, Any]], end: Callable[..., Any]
    ) -> None:
        """Its outcome will never be known."""
        await end(house.entry, house.hass.config_entries)
        with pytest.raises(HomeAssistantError) as raised:
            await waiting
        assert raised.value.translation_key == "gone"


class TestRemoval:
    """What belongs to an account goes with it."""

    async def test_open_commands_are_forgotten_without_a_word(self, house: House) -> None:
        """Nothing is asked any more."""
        house.cloud.script(after=5)
        await house.send()
        await house.hass.config_entries.async_remove(house.entry.entry_id)
        requests = house.cloud.counts.total()
        await house.wait(10)
        assert house.outcomes() == []
        assert house.cloud.counts.total() == requests

    async def test_those_who_wait_for_an_account_go_with_it(self, house: House) -> None:
        """They outlive its being loaded again, but not its removal."""
        await house.send()
        await house.hass.config_entries.async_remove(house.entry.entry_id)
        assert house.hass.data[DATA_WAITERS] == {}

    async def test_nothing_is_known_by_an_account_of_the_same_name(
        self, house: House, hass_storage: dict[str, Any]
    ) -> None:
        """Neither finished nor open commands."""
        await house.send()
        await house.wait(1)
        await house.hass.config_entries.async_remove(house.entry.entry_id)
        assert not [key for key in hass_storage if key.startswith(DOMAIN)]
        house.entry.add_to_hass(house.hass)
        await house.load()
        assert house.state(SENSOR).state == "unknown"
        assert await house.act("get_commands") == []

    @pytest.mark.parametrize("key", ["journal_damaged", "not_saved"])
    async def test_its_issues_go(self, house: House, key: str) -> None:
        """There is nothing to be mended any more."""
        issue_id = f"{key}_{house.entry.entry_id}"
        ir.async_create_issue(
            house.hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.ERROR,
            translation_key=key,
        )
        await house.hass.config_entries.async_remove(house.entry.entry_id)
        assert ir.async_get(house.hass).async_get_issue(DOMAIN, issue_id) is None

    async def test_other_accounts_stay(
        self, house: House, make_entry: Callable[..., MockConfigEntry]
    ) -> None:
        """With what they know."""
        other = House(house.hass, house.freezer, house.cloud, make_entry("gate-account-2"))
        await other.load()
        await other.send()
        await other.wait(1)
        await house.hass.config_entries.async_remove(house.entry.entry_id)
        await other.reload()
        assert [command["state"] for command in await other.act("get_commands")] == ["success"]


class TestChanges:
    """What users change holds at once, and nothing is loaded again for it."""

    @pytest.mark.parametrize(
        ("options", "lists"),
        [
            ({CONF_TIMEOUT: 120.0}, 1),
            ({CONF_KEEP_FINISHED: 30}, 1),
            ({CONF_DEVICES: ["dev-7"]}, 2),
        ],
        ids=["timeout", "keep_finished", "devices"],
    )
    async def test_new_options_are_used(
        self, house: House, options: dict[str, Any], lists: int
    ) -> None:
        """Every reload would read the list; whoever chooses devices may wait for a new one."""
        account = house.coordinator
        house.hass.config_entries.async_update_entry(house.entry, options=options)
        await house.settle()
        assert house.coordinator is account
        assert house.coordinator.settings == Settings.from_entry(house.entry)
        assert house.cloud.counts["devices"] == lists

    async def test_the_default_window_is_that_of_the_options(self, house: House) -> None:
        """Commands that name their own keep it."""
        house.hass.config_entries.async_update_entry(house.entry, options={CONF_TIMEOUT: 30.0})
        await house.settle()
        house.cloud.script(after=None)
        await house.send()
        await house.wait(31)
        assert house.outcomes() == ["timeout"]

    async def test_the_same_options_again_are_no_change(self, house: House) -> None:
        """The dialogue was closed as it was opened."""
        house.hass.config_entries.async_update_entry(house.entry, options={})
        await house.settle()
        assert house.cloud.counts["devices"] == 1

    @pytest.mark.parametrize(
        "change", [{"title": "Our gate"}, {"unique_id": "wlte_other"}], ids=["title", "unique id"]
    )
    async def test_nothing_else_is(self, house: House, change: dict[str, Any]) -> None:
        """Requests under way are not disturbed for a name."""
        house.hass.config_entries.async_update_entry(house.entry, **change)
        await house.settle()
        assert house.cloud.counts["devices"] == 1

    async def test_new_credentials_alone_are_no_reason(self, house: House) -> None:
        """Whoever changes them has them tried, once."""
        data = {**house.entry.data, CONF_CREDENTIALS: {"client_id": "c", "client_secret": "s"}}
        house.hass.config_entries.async_update_entry(house.entry, data=data)
        await house.settle()
        assert house.cloud.counts["devices"] == 1


class Renewing:
    """A cloud that gives new tokens."""

    def __init__(self) -> None:
        """Note what it is connected with."""
        self.used: list[Mapping[str, str]] = []

    def connect(
        self,
        *,
        session: ClientSession,
        credentials: Mapping[str, str],
        clock: Clock,
        keep: Keep,
        **_: object,
    ) -> Provider:
        """Connect as ever."""
        self.used.append(credentials)
        self.keep = keep
        return connect(session=session, credentials=credentials, clock=clock)

    @property
    def description(self) -> ProviderDescription:
        """The cloud as the table of providers has it."""
        account = replace(ACCOUNT, connect=self.connect)
        return replace(DESCRIPTION, account=lambda _: account)


class TestRenewedCredentials:
    """Tokens that are newer than the config entry."""

    @pytest.fixture
    async def renewing(self, new_house: House) -> Renewing:
        """Return a cloud that has renewed the credentials of the account."""
        renewing = Renewing()
        with patch.dict(PROVIDERS, {"wlte": renewing.description}):
            await new_house.load()
            await renewing.keep({**renewing.used[0], "refresh_token": "new"})
            await new_house.reload()
            await self.sign_in_again(new_house)
        return renewing

    async def sign_in_again(self, house: House) -> None:
        """Let the user do what the dialogue does."""
        credentials = {**house.entry.data[CONF_CREDENTIALS], "refresh_token": "newest"}
        data = {**house.entry.data, CONF_CREDENTIALS: credentials}
        house.hass.config_entries.async_update_entry(house.entry, data=data)
        await house.reload()

    async def test_they_are_used_after_a_reload_and_dropped_after_a_new_sign_in(
        self, renewing: Renewing
    ) -> None:
        """The old ones are worth nothing any more; nor are these, when the user signs in again."""
        tokens = [credentials.get("refresh_token") for credentials in renewing.used]
        assert tokens == [None, "new", "newest"]

    async def test_keeping_them_loads_nothing_again(
        self, new_house: House, renewing: Renewing
    ) -> None:
        """A token that is renewed every hour would reload the account every hour."""
        assert len(renewing.used) == 3
        assert new_house.cloud.counts["devices"] == 3
