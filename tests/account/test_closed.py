"""A closed account is closed: what still comes for it goes to the account as it is loaded now.

Here the disk is real. What is closed is told of by files, events, repairs and flows: none of them
may come from an account that was loaded before.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
import threading
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryDisabler
from homeassistant.core import Context, CoreState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.file import write_utf8_file
import pytest

from custom_components.command_status.const import DOMAIN
from custom_components.command_status.providers.errors import (
    ProviderAuthError,
    ProviderBlockedError,
    ProviderConnectionError,
    ProviderRateLimitError,
)
from custom_components.command_status.storage.store import AccountStore, NotSavedError

from ..disk import Disk, disk, hass_storage
from ..house import GARAGE, GATE, LIGHT, House, turn

__all__ = ["disk", "hass_storage"]


@dataclass
class Held:
    """A call to a provider that is held up."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None


@contextmanager
def held(house: House, call: str, error: Exception | None = None) -> Iterator[Held]:
    """Hold up one kind of call to the provider as it is loaded now."""
    held = Held(error=error)
    provider = house.coordinator.provider
    real = getattr(provider, call)

    async def slowly(*args: Any) -> Any:
        held.asked.set()
        await held.go_on.wait()
        if held.error is not None:
            raise held.error
        return await real(*args)

    with patch.object(provider, call, slowly):
        yield held


@pytest.fixture
async def house(obliging_house: House) -> AsyncGenerator[House]:
    """Return a house whose commands stay open, so that they can be cancelled and updated."""
    obliging_house.cloud.script(after=None)
    yield obliging_house
    await obliging_house.settle()


@pytest.fixture
async def opened(house: House) -> str:
    """Return a command that was taken and is open."""
    sent = await house.send(timeout=600)
    await house.wait(1)
    return str(sent["tracking_id"])


async def remove(house: House) -> None:
    """Remove the account."""
    await house.hass.config_entries.async_remove(house.entry.entry_id)


async def disable(house: House) -> None:
    """Disable the account."""
    await house.hass.config_entries.async_set_disabled_by(
        house.entry.entry_id, ConfigEntryDisabler.USER
    )


type End = Callable[[House], Awaitable[None]]
ENDS = pytest.mark.parametrize("end", [remove, disable])

type Call = Callable[[House], Coroutine[Any, Any, list[dict[str, Any]]]]


async def act(house: House, action: str, **data: Any) -> list[dict[str, Any]]:
    """Call an action about the one command that the cloud knows."""
    entry_id = house.entry.entry_id
    return await house.act(action, config_entry_id=entry_id, command_id="cmd-1", **data)


async def cancel(house: House) -> list[dict[str, Any]]:
    """Stop the command."""
    return await act(house, "cancel_command")


async def update(house: House) -> list[dict[str, Any]]:
    """Say that the command has succeeded."""
    return await act(house, "update_command", state="success")


async def track(house: House) -> list[dict[str, Any]]:
    """Follow the command."""
    return await act(house, "track_command")


async def forget(house: House) -> None:
    """Forget the command here; the cloud knows it all the same."""
    await house.order("forget_command", config_entry_id=house.entry.entry_id, command_id="cmd-1")


CALLS = pytest.mark.parametrize(
    ("call", "asks"), [(cancel, "cancel"), (update, "update"), (track, "find")]
)


class TestReloaded:
    """The account is loaded again while the provider thinks about an answer."""

    @pytest.mark.parametrize(
        ("call", "asks", "outcome"),
        [(cancel, "cancel", "cancelled"), (update, "update", "success")],
    )
    async def test_the_new_account_learns_the_answer(
        self, house: House, opened: str, disk: Disk, call: Call, asks: str, outcome: str
    ) -> None:
        """It is announced once, by the account that everybody sees, and on its disk."""
        with held(house, asks) as request:
            calling = asyncio.create_task(call(house))
            await request.asked.wait()
            await house.reload()
            request.go_on.set()
            (record,) = await calling
        assert record["state"] == outcome
        await house.settle()
        assert house.outcomes() == [outcome]
        assert house.state("sensor.gate_relay_1_last_command").state == outcome
        assert (await house.record(opened))["state"] == outcome
        await house.wait(2)
        assert [line["state"] for line in disk.history] == [outcome]
        await house.reload()
        assert (await house.record(opened))["state"] == outcome
        assert house.outcomes() == [outcome]

    @pytest.mark.usefixtures("opened")
    async def test_what_the_new_account_knows_is_not_written_over(
        self, house: House, disk: Disk
    ) -> None:
        """A command that was accepted meanwhile would be lost with the next crash."""
        with held(house, "cancel") as request:
            calling = asyncio.create_task(cancel(house))
            await request.asked.wait()
            await house.reload()
            newer = await house.send(target=GARAGE, timeout=600)
            request.go_on.set()
            await house.wait(2)
            await calling
        await house.settle()
        assert {line["tracking_id"] for line in disk.journal} >= {newer["tracking_id"]}

    @pytest.mark.usefixtures("opened")
    async def test_an_answer_while_it_is_being_loaded_waits_for_that(self, house: House) -> None:
        """Between two accounts there is nobody to take it in."""
        with held(house, "cancel") as request:
            calling = asyncio.create_task(cancel(house))
            await request.asked.wait()
            reloading = asyncio.create_task(house.reload())
            await turn()
            request.go_on.set()
            assert await reloading
            (record,) = await calling
        assert record["state"] == "cancelled"
        await house.settle()
        assert house.outcomes() == ["cancelled"]

    async def test_a_command_of_somebody_else_is_followed_by_the_new_account(
        self, house: House, opened: str
    ) -> None:
        """Whether it is found, or found by being updated."""
        await forget(house)
        with held(house, "find") as request:
            calling = asyncio.create_task(track(house))
            await request.asked.wait()
            await house.reload()
            request.go_on.set()
            (record,) = await calling
        assert record["tracking_id"] != opened
        assert (await house.record(record["tracking_id"]))["command_id"] == "cmd-1"
        (command,) = house.coordinator.tracker
        assert command.tracking_id == record["tracking_id"]

    @pytest.mark.usefixtures("opened")
    async def test_an_update_of_an_unknown_command_is_followed_by_the_new_account(
        self, house: House
    ) -> None:
        """Its outcome is told as that of any other."""
        await forget(house)
        with held(house, "update") as request:
            calling = asyncio.create_task(update(house))
            await request.asked.wait()
            await house.reload()
            request.go_on.set()
            (record,) = await calling
        assert record["state"] == "success"
        assert house.outcomes() == ["success"]
        (command,) = house.coordinator.tracker
        assert command.tracking_id == record["tracking_id"]

    async def test_a_confirmed_command_is_sent_by_the_new_account(
        self, house: House, disk: Disk
    ) -> None:
        """Who may send it was asked of the one before."""
        house.cloud.script(after=None)
        asked, go_on = asyncio.Event(), asyncio.Event()

        async def slowly(_user_id: str) -> Any:
            asked.set()
            await go_on.wait()
            return user

        user = await house.hass.auth.async_create_user("Admin", group_ids=["system-admin"])
        with patch.object(house.hass.auth, "async_get_user", slowly):
            calling = asyncio.create_task(
                house.hass.services.async_call(
                    DOMAIN,
                    "send_command",
                    {
                        "config_entry_id": house.entry.entry_id,
                        "target": GATE,
                        "command": "OFF",
                        "confirm": True,
                        "timeout": 600,
                    },
                    blocking=True,
                    return_response=True,
                    context=Context(user_id=user.id),
                )
            )
            await asked.wait()
            await house.reload()
            go_on.set()
            await calling
        (command,) = house.coordinator.tracker
        assert command.command_id == "cmd-1"
        assert [line["tracking_id"] for line in disk.journal] == [command.tracking_id]

    async def test_a_command_that_is_being_forgotten_stays_forgotten(
        self, house: House, opened: str, disk: Disk
    ) -> None:
        """The records are written by one account only."""
        await cancel(house)
        await house.wait(2)
        assert len(disk.history) == 1
        with house.slow_disk() as go_on:
            forgetting = asyncio.create_task(house.order("forget_command", tracking_id=opened))
            await turn()
            reloading = asyncio.create_task(house.reload())
            await turn()
            go_on.set()
            await forgetting
            assert await reloading
        await house.settle()
        assert await house.act("get_commands") == []
        await house.reload()
        assert await house.act("get_commands") == []

    @pytest.mark.parametrize(
        "error",
        [
            ProviderAuthError(),
            ProviderBlockedError(),
            ProviderConnectionError("gone"),
            ProviderRateLimitError(retry_after=3600.0),
        ],
        ids=repr,
    )
    @CALLS
    @pytest.mark.usefixtures("opened")
    async def test_its_trouble_is_not_that_of_the_new_account(
        self, house: House, call: Call, asks: str, error: Exception
    ) -> None:
        """The credentials may be new, and the hour of patience over."""
        with held(house, asks, error) as request:
            calling = asyncio.create_task(call(house))
            await request.asked.wait()
            await house.reload()
            request.go_on.set()
            with pytest.raises(HomeAssistantError):
                await calling
        assert house.hass.config_entries.flow.async_progress() == []
        assert not ir.async_get(house.hass).issues
        assert house.state("binary_sensor.my_gate_connection").state == "on"
        asked = house.cloud.counts["status"]
        await house.wait(5)
        assert house.cloud.counts["status"] > asked


class TestRemoved:
    """The account is removed, or disabled, while something is under way."""

    @ENDS
    @CALLS
    @pytest.mark.usefixtures("opened")
    async def test_the_action_raises(
        self, house: House, disk: Disk, end: End, call: Call, asks: str
    ) -> None:
        """Nothing is told or written any more."""
        with held(house, asks) as request:
            calling = asyncio.create_task(call(house))
            await request.asked.wait()
            await end(house)
            before = disk.files()
            request.go_on.set()
            with pytest.raises(HomeAssistantError) as raised:
                await calling
        assert raised.value.translation_key == "gone"
        await house.settle()
        assert house.outcomes() == []
        assert disk.files() == before

    @CALLS
    @pytest.mark.usefixtures("opened")
    async def test_refused_credentials_are_no_matter_any_more(
        self, house: House, call: Call, asks: str
    ) -> None:
        """Nobody is asked to sign in to an account that is gone."""
        with held(house, asks, ProviderAuthError()) as request:
            calling = asyncio.create_task(call(house))
            await request.asked.wait()
            await remove(house)
            request.go_on.set()
            with pytest.raises(HomeAssistantError):
                await calling
        flows = house.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        assert [flow for flow in flows if flow["context"]["source"] == SOURCE_REAUTH] == []

    async def test_a_list_that_is_being_written_leaves_no_file(
        self, house: House, disk: Disk
    ) -> None:
        """A thread cannot be cut: it is waited for, before the files are deleted."""
        writes, go_on = threading.Event(), threading.Event()

        def slowly(*args: Any, **details: Any) -> None:
            writes.set()
            go_on.wait()
            write_utf8_file(*args, **details)

        with patch("homeassistant.helpers.storage.write_utf8_file", slowly):
            reading = asyncio.create_task(house.coordinator.async_refresh())
            await house.until(writes.is_set)
            removing = asyncio.create_task(remove(house))
            await turn()
            assert not removing.done()
            go_on.set()
            await removing
            await asyncio.wait([reading])
        await house.settle()
        assert disk.files() == {}

    @pytest.mark.parametrize(
        "write",
        [
            lambda store: store.async_save(()),
            lambda store: store.async_archive([]),
            lambda store: store.async_forget("01"),
            lambda store: store.async_save_listing({}),
            lambda store: store.async_save_credentials({}, {"refresh_token": "secret"}),
        ],
        ids=["journal", "history", "forgotten", "listing", "credentials"],
    )
    async def test_no_file_comes_back(
        self,
        house: House,
        disk: Disk,
        write: Callable[[AccountStore], Awaitable[None]],
    ) -> None:
        """Whatever was under way: a renewed token above all."""
        store = house.coordinator.store
        await remove(house)
        with pytest.raises(NotSavedError):
            await write(store)
        assert disk.files() == {}

    async def test_an_action_does_not_wait_for_ever(self, house: House) -> None:
        """Its command was accepted a moment before the account was removed."""
        house.cloud.faults.add("silence", "create")
        with house.slow_disk() as go_on:
            sending = asyncio.create_task(house.send(wait=True))
            await turn()
            removing = asyncio.create_task(remove(house))
            await turn()
            go_on.set()
            house.freezer.tick(31)
            await removing
        with pytest.raises(HomeAssistantError):
            await asyncio.wait_for(sending, 5)
        assert house.hass.data[f"{DOMAIN}.waiters"] == {}

    @pytest.mark.usefixtures("opened")
    async def test_an_account_of_the_same_name_is_another(self, house: House) -> None:
        """It is loaded with the same id, as a restored backup is."""
        with held(house, "cancel") as request:
            calling = asyncio.create_task(cancel(house))
            await request.asked.wait()
            await remove(house)
            request.go_on.set()
            with pytest.raises(HomeAssistantError):
                await calling
        house.entry.add_to_hass(house.hass)
        await house.load()
        assert await house.act("get_commands") == []


class TestStopped:
    """Home Assistant stops while something is under way."""

    @CALLS
    @pytest.mark.usefixtures("opened")
    async def test_the_action_raises(self, house: House, disk: Disk, call: Call, asks: str) -> None:
        """The next start asks the provider itself."""
        with held(house, asks) as request:
            calling = asyncio.create_task(call(house))
            await request.asked.wait()
            await house.coordinator.async_stopping()
            house.hass.set_state(CoreState.stopping)
            before = disk.files()
            request.go_on.set()
            with pytest.raises(HomeAssistantError) as raised:
                await calling
        assert raised.value.translation_key == "stopping"
        assert house.outcomes() == []
        assert disk.files() == before
        house.hass.set_state(CoreState.running)

    @pytest.mark.usefixtures("opened")
    async def test_news_that_come_by_themselves_are_not_taken_in(self, house: House) -> None:
        """The start of listeners, or a provider that tells, must not wake a closed account."""
        closed = house.coordinator
        await house.reload()
        await closed._async_listened_to(house.hass)
        await house.settle()
        assert house.outcomes() == []


async def test_whoever_waits_for_a_save_too_late_is_told(house: House) -> None:
    """Nothing is written any more, and nobody waits for ever."""
    keeper = house.coordinator._keeper
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    with pytest.raises(NotSavedError):
        await keeper.async_saved()


async def test_two_relays_are_apart(house: House) -> None:
    """What is cancelled after a reload is the one command only."""
    await house.send(timeout=600)
    other = await house.send(target=LIGHT, timeout=600)
    await house.wait(4)
    with held(house, "cancel") as request:
        calling = asyncio.create_task(cancel(house))
        await request.asked.wait()
        await house.reload()
        request.go_on.set()
        await house.wait(2)
        await calling
    assert house.outcomes() == ["cancelled"]
    assert (await house.record(other["tracking_id"]))["final"] is False
