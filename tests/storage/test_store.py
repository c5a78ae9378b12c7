"""The files of one account, on a disk that is real."""

import asyncio
from collections.abc import Callable
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, UnsupportedStorageVersionError
from homeassistant.util.file import WriteError
import pytest

from custom_components.command_status.storage.store import (
    SPARE_LINES,
    AccountStore,
    Memory,
    NotSavedError,
)
from custom_components.command_status.tracking import CommandState, Habits, to_plain

from ..disk import FULL, Disk
from ..tracking.builders import a_command

OPEN = a_command(1)
DONE = a_command(2, state=CommandState.SUCCESS, finished_at=1_800_000_010.0)
NOTHING = Memory(journal=(), history=(), damaged=())
SHAPES: tuple[Any, ...] = (
    [],
    7,
    "text",
    {"version": 1},
    {"version": 1, "data": []},
    {"version": 1, "data": {"commands": None}},
    {"version": 1, "data": {"commands": ["text"]}},
    {"version": 1, "data": {"orders": []}},
    {"version": 0, "data": {"commands": []}},
    {"version": "1", "data": {"commands": []}},
    {"version": None, "data": {"commands": []}},
)
"""JSON that is no journal of any version."""

type Account = Callable[[], AccountStore]


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Write to the disk: what is really there is the question here."""
    return {}


@pytest.fixture
def account(hass: HomeAssistant) -> Account:
    """Return how to open the files of an account, as each start does."""
    return lambda: AccountStore(hass, "gate")


@pytest.fixture
def disk(hass: HomeAssistant) -> Disk:
    """Return what is on the disk of the account."""
    return Disk(Path(hass.config.config_dir), "gate")


class TestJournal:
    """What must not be lost."""

    async def test_an_account_begins_without_memories(self, account: Account, disk: Disk) -> None:
        """And nothing is written before there is something to write."""
        assert await account().async_load() == NOTHING
        assert disk.files() == {}

    async def test_what_was_saved_is_remembered(self, account: Account) -> None:
        """Open commands, and outcomes that were not announced."""
        await account().async_save((OPEN, DONE))
        assert (await account().async_load()).journal == (OPEN, DONE)

    async def test_it_is_private(self, account: Account, disk: Disk) -> None:
        """It holds parameters."""
        await account().async_save((OPEN,))
        assert disk.modes() == {0o600}

    async def test_it_is_on_disk_when_the_save_returns(self, account: Account, disk: Disk) -> None:
        """Written as a whole and synced: half a journal would be none."""
        store = account()
        with patch("atomicwrites._proper_fsync") as fsync:
            await store.async_save((OPEN,))
        assert fsync.call_count
        assert disk.journal == [to_plain(OPEN)]

    async def test_saves_that_overlap_end_with_the_last(self, account: Account) -> None:
        """The second one is newer."""
        store = account()
        await asyncio.gather(store.async_save((OPEN,)), store.async_save((OPEN, DONE)))
        assert (await account().async_load()).journal == (OPEN, DONE)

    async def test_words_of_another_version_are_carried_along(
        self, account: Account, disk: Disk
    ) -> None:
        """Whoever goes back to that version finds them again."""
        foreign = {**to_plain(OPEN), "state": "teleported"}
        disk.write_journal(foreign, to_plain(DONE))
        store = account()
        assert await store.async_load() == Memory(journal=(DONE,), history=(), damaged=())
        await store.async_save(())
        assert disk.journal == [foreign]

    @pytest.mark.parametrize(
        "error",
        [WriteError("full"), OSError("gone")],
        ids=["full disk", "no folder"],
    )
    async def test_a_disk_that_refuses_is_told(
        self, account: Account, disk: Disk, error: Exception
    ) -> None:
        """Home Assistant's own store would only log it."""
        store = account()
        await store.async_save((OPEN,))
        with disk.full(error), pytest.raises(NotSavedError):
            await store.async_save((OPEN, DONE))
        assert (await account().async_load()).journal == (OPEN,)
        await store.async_save((DONE,))
        assert (await account().async_load()).journal == (DONE,)

    async def test_a_stop_writes_it_at_the_end(
        self, hass: HomeAssistant, account: Account, disk: Disk
    ) -> None:
        """Until then it is not on disk, so nothing may rely on it."""
        hass.set_state(CoreState.stopping)
        with pytest.raises(NotSavedError):
            await account().async_save((OPEN,))
        assert disk.files() == {}
        hass.set_state(CoreState.running)
        await hass.async_stop(force=True)
        assert disk.journal == [to_plain(OPEN)]

    @pytest.mark.parametrize(
        "value",
        [2**64, -(2**63) - 1, "\ud83d", {"\ud83d": 1}, {(1, 2): 3}, object()],
        ids=["large", "small", "half a character", "half a name", "odd name", "anything"],
    )
    async def test_no_value_keeps_it_from_being_saved(self, account: Account, value: Any) -> None:
        """What one device reports must not stop all commands of the account."""
        odd = a_command(3, result={"seen": value}, parameters={"n": value}, state=DONE.state)
        store = account()
        await store.async_save((OPEN, odd))
        await store.async_archive([odd])
        memory = await account().async_load()
        assert memory.damaged == ()
        assert memory.journal[0] == OPEN
        assert memory.journal[1].tracking_id == odd.tracking_id
        assert memory.history == memory.journal[1:]

    @pytest.mark.parametrize("depth", [150, 245, 249, 250, 251, 253, 300, 900])
    async def test_no_nesting_keeps_it_from_being_saved(self, account: Account, depth: int) -> None:
        """Whether it is just too deep, or by far."""
        result: list[Any] = []
        for _ in range(depth):
            result = [result]
        deep = a_command(3, result=result, state=DONE.state)
        store = account()
        await store.async_save((deep,))
        await store.async_archive([deep])
        memory = await account().async_load()
        assert [c.tracking_id for c in (*memory.journal, *memory.history)] == ["id-003"] * 2


class TestDamagedJournal:
    """It never stops anything: it is set aside."""

    @pytest.mark.parametrize("shape", SHAPES, ids=repr)
    async def test_another_shape_is_set_aside(
        self, account: Account, disk: Disk, shape: Any
    ) -> None:
        """With its content, in a private file beside it."""
        disk.write("", json.dumps(shape))
        memory = await account().async_load()
        assert memory.journal == ()
        assert [json.loads(content) for content in disk.set_aside()] == [shape]
        assert len(memory.damaged) == 1
        assert memory.damaged[0].startswith(f"{disk.path('.corrupt.')}")
        assert disk.modes() == {0o600}

    @pytest.mark.parametrize("content", [b"", b"\0\0\0", b'{"version": 1, "da', b"\xff\xfe"])
    async def test_what_is_no_json_is_set_aside_by_home_assistant(
        self, account: Account, disk: Disk, content: bytes
    ) -> None:
        """Which opens an issue of its own, so we say nothing."""
        disk.write("", content)
        assert await account().async_load() == NOTHING
        assert disk.set_aside() == [content]

    @pytest.mark.parametrize(
        "damage",
        [{"deadline": "soon"}, {"tracking_id": 7}, {"created_at": None}, {"covers": "all"}],
        ids=repr,
    )
    async def test_a_damaged_record_harms_no_other(
        self, account: Account, disk: Disk, damage: dict[str, Any]
    ) -> None:
        """The other commands are followed to their end."""
        disk.write_journal(to_plain(OPEN), {**to_plain(DONE), **damage})
        content = disk.files()[""]
        memory = await account().async_load()
        assert memory.journal == (OPEN,)
        assert disk.set_aside() == [content]

    async def test_it_is_told_once(self, account: Account, disk: Disk) -> None:
        """What could be read is written down at once."""
        disk.write_journal(to_plain(OPEN), {})
        assert (await account().async_load()).damaged
        assert await account().async_load() == Memory(journal=(OPEN,), history=(), damaged=())

    async def test_a_disk_that_refuses_changes_nothing(self, account: Account, disk: Disk) -> None:
        """It can be looked at where it is; the account is loaded all the same."""
        disk.write_journal(to_plain(OPEN), {})
        before = disk.files()
        with disk.full():
            memory = await account().async_load()
        assert memory == Memory(journal=(OPEN,), history=(), damaged=(str(disk.path()),))
        assert disk.files() == before

    async def test_a_newer_version_is_not_touched(self, account: Account, disk: Disk) -> None:
        """Nor is what lies beside it, be it torn."""
        disk.write_journal("whatever", version=2)
        disk.write(".history", '{"version": 1}\ngarbage\n{"torn')
        before = disk.files()
        with pytest.raises(UnsupportedStorageVersionError):
            await account().async_load()
        assert disk.files() == before

    async def test_one_that_cannot_be_read_at_all_raises(
        self, account: Account, disk: Disk
    ) -> None:
        """Nobody knows what is in it, so nothing may take its place."""
        disk.path().mkdir()
        with pytest.raises(HomeAssistantError):
            await account().async_load()


class TestHistory:
    """What is over and remembered."""

    async def test_what_was_archived_is_remembered(self, account: Account) -> None:
        """In the order in which it ended."""
        await account().async_archive([DONE])
        assert (await account().async_load()).history == (DONE,)

    async def test_what_was_learned_is_remembered_beside_it(self, account: Account) -> None:
        """Of each command at each target what was written last."""
        store = account()
        await store.async_archive([DONE], [["gate", "ON", [1.0, 2.0]], ["gate", "OFF", [3.0, 4.0]]])
        await store.async_archive([], [["gate", "ON", [1.0, 2.0, 3.0, None]]])
        memory = await account().async_load()
        assert memory.history == (DONE,)
        assert memory.habits == (
            ["gate", "OFF", [3.0, 4.0]],
            ["gate", "ON", [1.0, 2.0, 3.0, None]],
        )

    async def test_what_was_learned_stays_when_it_is_written_anew(self, account: Account) -> None:
        """Once each, as small as it is."""
        store = account()
        known = ["gate", "ON", [1.0, 2.0]]
        await store.async_archive([DONE] * (SPARE_LINES + 2), [known])
        await store.async_tidy([DONE], Habits.from_plain([known]))
        memory = await account().async_load()
        assert (memory.history, memory.habits, memory.damaged) == ((DONE,), (known,), ())

    @pytest.mark.parametrize("habit", ["null", "7", '{"ON": 1}', '["gate", "ON", ["soon"]]'])
    async def test_nonsense_in_place_of_what_was_learned_harms_nothing(
        self, account: Account, disk: Disk, habit: str
    ) -> None:
        """It can be learned again; no repair is raised for that."""
        await account().async_archive([DONE])
        disk.add(".history", f'{{"habit": {habit}}}\n')
        assert await account().async_load() == Memory(journal=(), history=(DONE,), damaged=())

    async def test_what_was_learned_outlives_damage_beside_it(
        self, account: Account, disk: Disk
    ) -> None:
        """The file is written anew then."""
        known = ["gate", "ON", [1.0, 2.0]]
        await account().async_archive([DONE], [known])
        disk.add(".history", "garbage\n")
        assert (await account().async_load()).damaged
        memory = await account().async_load()
        assert (memory.history, memory.habits, memory.damaged) == ((DONE,), (known,), ())

    async def test_a_forgotten_command_is_gone(self, account: Account) -> None:
        """Also after a restart."""
        store = account()
        await store.async_archive([DONE])
        await store.async_forget(DONE.tracking_id)
        assert (await account().async_load()).history == ()

    async def test_it_is_not_written_anew_for_little(self, account: Account, disk: Disk) -> None:
        """That would cost as much as all that is remembered, each time."""
        store = account()
        await store.async_archive([DONE, DONE])
        before = disk.files()
        await store.async_tidy([DONE], Habits())
        assert disk.files() == before

    async def test_it_does_not_grow_for_ever(self, account: Account, disk: Disk) -> None:
        """Words of another version stay when it is written anew."""
        foreign = {**to_plain(DONE), "tracking_id": "z", "phase": "dreaming"}
        disk.write(".history", f'{{"version": 1}}\n{json.dumps(foreign)}\n')
        store = account()
        await store.async_load()
        await store.async_archive([DONE] * (SPARE_LINES + 1))
        await store.async_tidy([DONE], Habits())
        assert len(disk.history) == 2
        again = account()
        assert (await again.async_load()).history == (DONE,)
        await again.async_archive([DONE] * (SPARE_LINES + 1))
        await again.async_tidy([], Habits())
        assert disk.history == [foreign]

    async def test_what_is_added_while_it_is_tidied_is_kept(
        self, account: Account, disk: Disk
    ) -> None:
        """The writes come one after the other, as they were called."""
        store = account()
        await store.async_archive([DONE] * (SPARE_LINES + 2))
        other = a_command(3, state=CommandState.LOST)
        await asyncio.gather(store.async_tidy([DONE], Habits()), store.async_archive([other]))
        assert (await account().async_load()).history == (DONE, other)
        assert len(disk.history) == 2

    async def test_a_command_that_is_forgotten_while_it_is_archived_is_gone(
        self, account: Account
    ) -> None:
        """The last word counts."""
        store = account()
        await asyncio.gather(store.async_archive([DONE]), store.async_forget(DONE.tracking_id))
        assert (await account().async_load()).history == ()

    @pytest.mark.parametrize("line", ["garbage", '{"tracking_id": "x"}'], ids=["no json", "empty"])
    async def test_what_cannot_be_read_is_set_aside(
        self, account: Account, disk: Disk, line: str
    ) -> None:
        """Once; the rest is remembered, words of another version included."""
        foreign = {**to_plain(DONE), "tracking_id": "z", "phase": "dreaming"}
        await account().async_archive([DONE])
        disk.add(".history", f"{line}\n{json.dumps(foreign)}\n")
        content = disk.files()[".history"]
        memory = await account().async_load()
        assert memory.history == (DONE,)
        assert disk.set_aside() == [content]
        assert await account().async_load() == Memory(journal=(), history=(DONE,), damaged=())
        assert foreign in disk.history

    async def test_a_disk_that_refuses_is_told(self, account: Account, disk: Disk) -> None:
        """So that the journal keeps what the history does not hold."""
        store = account()
        await store.async_archive([DONE] * (SPARE_LINES + 2))
        with disk.full():
            with pytest.raises(NotSavedError):
                await store.async_archive([OPEN])
            with pytest.raises(NotSavedError):
                await store.async_forget(DONE.tracking_id)
            with pytest.raises(NotSavedError):
                await store.async_tidy([], Habits())
        await store.async_archive([OPEN])
        assert (await account().async_load()).history == (DONE, OPEN)

    async def test_a_damaged_one_on_a_disk_that_refuses_is_read_all_the_same(
        self, account: Account, disk: Disk
    ) -> None:
        """It can be looked at where it is."""
        await account().async_archive([DONE])
        disk.add(".history", "garbage\n")
        before = disk.files()
        with disk.full():
            memory = await account().async_load()
        assert memory == Memory(journal=(), history=(DONE,), damaged=(str(disk.path(".history")),))
        assert disk.files() == before

    async def test_one_that_cannot_be_read_at_all_raises(
        self, account: Account, disk: Disk
    ) -> None:
        """A folder in its place."""
        disk.path(".history").mkdir()
        with pytest.raises(OSError, match="directory"):
            await account().async_load()


class TestListing:
    """The targets, which can be read again."""

    async def test_it_is_remembered(self, account: Account) -> None:
        """So that an account loads without asking."""
        await account().async_save_listing({"targets": []})
        assert await account().async_load_listing() == {"targets": []}

    async def test_there_is_none_in_the_beginning(self, account: Account) -> None:
        """The provider is asked then."""
        assert await account().async_load_listing() == {}

    @pytest.mark.parametrize("shape", [*SHAPES[:5], *SHAPES[8:]], ids=repr)
    async def test_one_that_cannot_be_read_is_as_good_as_none(
        self, account: Account, disk: Disk, shape: Any
    ) -> None:
        """It is no reason not to load."""
        disk.write(".targets", json.dumps(shape))
        assert await account().async_load_listing() == {}

    async def test_a_disk_that_refuses_is_no_reason_to_fail(
        self, account: Account, disk: Disk, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Home Assistant logs it."""
        store = account()
        with disk.full():
            await store.async_save_listing({"targets": []})
        assert FULL in caplog.text


class TestCredentials:
    """Tokens that are newer than those of the config entry."""

    async def test_those_of_the_entry_are_used_at_first(self, account: Account) -> None:
        """Nothing newer is known."""
        assert await account().async_load_credentials({"token": "old"}) == {"token": "old"}

    async def test_renewed_ones_are_used_from_then_on(self, account: Account) -> None:
        """The old ones are worth nothing any more."""
        await account().async_save_credentials({"token": "old"}, {"token": "new"})
        await account().async_save_credentials({"token": "old"}, {"token": "newest"})
        assert await account().async_load_credentials({"token": "old"}) == {"token": "newest"}

    async def test_they_are_dropped_when_the_user_signs_in_again(self, account: Account) -> None:
        """They descend from a sign-in that is over."""
        await account().async_save_credentials({"token": "old"}, {"token": "new"})
        assert await account().async_load_credentials({"token": "again"}) == {"token": "again"}

    async def test_they_are_private(self, account: Account, disk: Disk) -> None:
        """Above all others."""
        await account().async_save_credentials({"token": "old"}, {"token": "new"})
        assert disk.modes() == {0o600}

    async def test_a_disk_that_refuses_is_told(self, account: Account, disk: Disk) -> None:
        """A token that is used up before it is written down locks the account out."""
        with disk.full(), pytest.raises(NotSavedError):
            await account().async_save_credentials({"token": "old"}, {"token": "new"})

    @pytest.mark.parametrize(
        "content", ["[]", '{"version": 1, "data": {"original": {"token": "old"}}}', "{", ""]
    )
    async def test_a_damaged_file_is_as_good_as_none(
        self, account: Account, disk: Disk, content: str
    ) -> None:
        """The user signs in again where those of the entry do not work any more."""
        disk.write(".credentials", content)
        assert await account().async_load_credentials({"token": "old"}) == {"token": "old"}


async def test_removal_leaves_nothing_behind(
    hass: HomeAssistant, account: Account, disk: Disk
) -> None:
    """Not even copies of what was damaged; but what belongs to others stays."""
    other = AccountStore(hass, "gate-2")
    await other.async_save((OPEN,))
    await other.async_archive([DONE])
    disk.write("", "[]")
    store = account()
    await store.async_load()
    await store.async_save((OPEN,))
    await store.async_archive([DONE])
    await store.async_save_listing({})
    await store.async_save_credentials({}, {})
    assert len(disk.files()) == 5
    await account().async_remove()
    assert disk.files() == {}
    assert await AccountStore(hass, "gate-2").async_load() == Memory(
        journal=(OPEN,), history=(DONE,), damaged=()
    )


async def test_removal_of_an_account_without_files_is_no_error(account: Account) -> None:
    """One that was never loaded can be removed as well."""
    await account().async_remove()


async def test_closing_waits_for_what_is_being_written(account: Account, disk: Disk) -> None:
    """What has begun is carried through; nothing begins after it."""
    store = account()
    saving = asyncio.create_task(store.async_save((OPEN,)))
    await asyncio.sleep(0)
    await store.async_close()
    assert json.loads(disk.path().read_text())["data"]["commands"]
    await saving
    with pytest.raises(NotSavedError):
        await store.async_save(())
