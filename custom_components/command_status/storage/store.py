"""The files of one account.

* The *journal* holds what must not be lost: open commands, outcomes that were not announced, and
  finished commands until the history holds them. It is small, and every write of it is synced to
  the disk.
* The *history* remembers finished commands, and how long such commands take (see `history`).
* The *listing* holds the targets that the provider named last, so that an account loads without
  asking.
* The *credentials* hold tokens that are newer than those of the config entry.

A write that has begun is carried through, whoever waits for it no longer: a thread cannot be cut.
Once the files are closed, none of them is touched any more; they may belong to another load of the
account by then, or be deleted.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, override

from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import json_bytes
from homeassistant.helpers.storage import STORAGE_DIR, Store
from homeassistant.util import dt as dt_util
from homeassistant.util.file import WriteError, write_utf8_file_atomic

from ..const import DOMAIN
from ..tracking import NOTHING, Command, Habits, UnreadableError, from_plain, to_plain
from . import versions
from .history import HistoryFile, forgotten, habit_line
from .plain import as_plain

type Migrate = Callable[[Mapping[str, Any], int], Mapping[str, Any]]
"""Turns the data of a file of some version into data of the newest; see `versions`."""

SPARE_LINES: Final = 4000
"""Lines of the history that may be out of date before it is worth writing anew."""


class NotSavedError(HomeAssistantError):
    """Raised when something could not be written to the disk."""

    def __init__(self) -> None:
        """Say it in the user's language."""
        super().__init__(translation_domain=DOMAIN, translation_key="not_saved")


class MigratingStore(Store[dict[str, Any]]):
    """A private file, written as a whole; what an older version wrote is read as well."""

    def __init__(
        self, hass: HomeAssistant, key: str, version: int, migrate: Migrate, *, synced: bool = False
    ) -> None:
        """Touch nothing; `synced` files are on the disk when they count as written."""
        super().__init__(
            hass, version, key, private=True, atomic_writes=synced, serialize_in_event_loop=False
        )
        self._migrate = migrate

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: dict[str, Any]
    ) -> dict[str, Any]:
        if old_major_version < 1:
            raise NotImplementedError  # nobody ever wrote that
        return dict(self._migrate(old_data, old_major_version))


class DurableStore(MigratingStore):
    """A store that says when it could not be written."""

    _failure: Exception | None = None

    def __init__(self, hass: HomeAssistant, key: str, version: int, migrate: Migrate) -> None:
        """Touch nothing."""
        super().__init__(hass, key, version, migrate, synced=True)

    @override
    async def _async_write_data(self, data: dict[str, Any]) -> None:
        self._failure = None
        try:
            await super()._async_write_data(data)
        except Exception as err:
            self._failure = err
            raise WriteError(err) from err

    async def async_save_durably(self, data: dict[str, Any]) -> None:
        """Return when the data is on disk; raises NotSavedError when it is not."""
        if self.hass.state is CoreState.stopping:
            # Written by Home Assistant's final write, which comes after everything else.
            await self.async_save(data)
            raise NotSavedError
        await self.async_save(data)
        if self._failure is not None:
            raise NotSavedError from self._failure


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """What an account remembers when it starts."""

    journal: tuple[Command, ...]
    history: tuple[Command, ...]
    damaged: tuple[str, ...]
    """Where files that could not be read, or not wholly, were set aside."""
    held_back: Any = None
    """What the provider still forbade when the journal was written."""
    habits: tuple[Any, ...] = ()
    """How long commands took, as `Habits` writes it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """What the records of one file are."""

    commands: tuple[Command, ...] = ()
    foreign: tuple[Mapping[str, Any], ...] = ()
    """Those in the words of another version, which are written again as they are."""
    damaged: bool = False
    """Whether something else was among them."""
    held_back: Any = None


class AccountStore:
    """The files of one account on disk."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the files; touches nothing."""
        self._hass = hass
        self._key = f"{DOMAIN}.{entry_id}"
        self._folder = Path(hass.config.path(STORAGE_DIR))
        self._journal = DurableStore(
            hass, self._key, versions.RECORD.version, versions.migrate_journal
        )
        self._journal_lock = asyncio.Lock()
        self._history = HistoryFile(self._folder / f"{self._key}.history")
        self._history_lock = asyncio.Lock()
        self._listing = MigratingStore(
            hass, f"{self._key}.targets", versions.LISTING.version, versions.LISTING.migrate
        )
        self._credentials = DurableStore(
            hass,
            f"{self._key}.credentials",
            versions.CREDENTIALS.version,
            versions.CREDENTIALS.migrate,
        )
        self._writes: set[asyncio.Task[None]] = set()
        self._closed = False
        self._foreign: tuple[Mapping[str, Any], ...] = ()
        self._foreign_history: tuple[Mapping[str, Any], ...] = ()

    async def async_load(self) -> Memory:
        """Return what is remembered; of damaged files a copy is set aside.

        Raises UnsupportedStorageVersionError for files of a newer version, which stay untouched,
        and HomeAssistantError or OSError where a file cannot be read at all.
        """
        past = await self._hass.async_add_executor_job(self._history.read)
        journal = await self._async_load_journal()
        history = await self._hass.async_add_executor_job(_read, past.records)
        habits = await self._hass.async_add_executor_job(Habits.from_plain, past.habits)
        self._foreign, self._foreign_history = journal.foreign, history.foreign
        damaged = []
        if past.damaged or history.damaged:
            damaged.append(await self._async_set_aside(self._history.path))
            with suppress(NotSavedError):
                await self._async_rewrite(history.commands, habits)
        if journal.damaged:
            damaged.append(await self._async_set_aside(Path(self._journal.path)))
            with suppress(NotSavedError):
                await self.async_save(journal.commands)
        return Memory(
            journal=journal.commands,
            history=history.commands,
            damaged=tuple(damaged),
            held_back=journal.held_back,
            habits=tuple(habits.plain),
        )

    async def async_save(
        self, commands: tuple[Command, ...], held_back: Mapping[str, Any] = NOTHING
    ) -> None:
        """Write the journal, one after the other as called; `held_back` is plain data.

        Returns when it is on disk, else raises NotSavedError.
        """
        await self._async_carry_through(self._async_save(commands, held_back))

    async def async_archive(self, commands: Iterable[Command], learned: Iterable[Any] = ()) -> None:
        """Add finished commands to the history, and what was learned of them.

        Returns when they are on disk, else raises NotSavedError.
        """
        await self._async_write(
            lambda: self._history.append([*_all_writable(commands), *map(habit_line, learned)])
        )

    async def async_tidy(self, finished: Collection[Command], habits: Habits) -> None:
        """Write the history anew where it holds far more lines than it need.

        Raises NotSavedError.
        """
        if self._history.lines > len(finished) + len(habits) + SPARE_LINES:
            await self._async_rewrite(finished, habits)

    async def async_forget(self, tracking_id: str) -> None:
        """Remove a command from the history; raises NotSavedError."""
        await self._async_write(lambda: self._history.append([forgotten(tracking_id)]))

    async def async_load_listing(self) -> dict[str, Any]:
        """Return the targets as they were saved, or nothing."""
        return await _async_load_if_readable(self._listing)

    async def async_save_listing(self, listing: dict[str, Any]) -> None:
        """Write the targets; raises NotSavedError only where nothing is written any more.

        Another failure is only logged: they can be read again.
        """
        await self._async_carry_through(self._listing.async_save(listing))

    async def async_load_credentials(self, original: Mapping[str, str]) -> dict[str, str]:
        """Return the newest credentials that descend from those of the config entry."""
        stored = await _async_load_if_readable(self._credentials)
        newest = stored.get("newest")
        if stored.get("original") == dict(original) and isinstance(newest, dict):
            return newest
        return dict(original)

    async def async_save_credentials(
        self, original: Mapping[str, str], newest: Mapping[str, str]
    ) -> None:
        """Write credentials; returns when they are on disk, else raises NotSavedError."""
        plain = {"original": dict(original), "newest": dict(newest)}
        await self._async_carry_through(self._credentials.async_save_durably(plain))

    async def async_close(self) -> None:
        """Touch no file any more; returns when the writes that have begun have ended."""
        self._closed = True
        while self._writes:
            await asyncio.wait(self._writes)

    async def async_remove(self) -> None:
        """Delete all files, copies of damaged ones included."""
        for store in (self._journal, self._listing, self._credentials):
            await store.async_remove()
        await self._hass.async_add_executor_job(_remove_all, self._folder, f"{self._key}.*")

    async def _async_load_journal(self) -> _Read:
        """Return what the journal holds; one that is JSON of another shape is damaged."""
        try:
            stored = await self._journal.async_load()
            records = [] if stored is None else list(stored["commands"])
        except KeyError, TypeError, AttributeError, NotImplementedError:
            return _Read(damaged=True)
        read = await self._hass.async_add_executor_job(_read, records)
        return replace(read, held_back=stored and stored.get("held_back"))

    async def _async_set_aside(self, path: Path) -> str:
        """Keep a copy of a damaged file; return where, or the file itself if that fails."""
        try:
            return str(await self._hass.async_add_executor_job(_copy_aside, path))
        except OSError, WriteError:
            return str(path)

    async def _async_rewrite(self, finished: Iterable[Command], habits: Habits) -> None:
        """Write the history anew; raises NotSavedError."""
        learned = map(habit_line, habits.plain)
        await self._async_write(
            lambda: self._history.rewrite(
                [*_all_writable(finished), *self._foreign_history, *learned]
            )
        )

    async def _async_write(self, write: Callable[[], None]) -> None:
        """Write the history, one after the other as called; raises NotSavedError."""

        async def write_in_turn() -> None:
            async with self._history_lock:
                await self._hass.async_add_executor_job(write)

        await self._async_carry_through(write_in_turn())

    async def _async_save(
        self, commands: tuple[Command, ...], held_back: Mapping[str, Any]
    ) -> None:
        """Write the journal in its turn."""
        async with self._journal_lock:
            records = await self._hass.async_add_executor_job(_all_writable, commands)
            data: dict[str, Any] = {"commands": [*records, *self._foreign]}
            if held_back:
                data["held_back"] = dict(held_back)
            await self._journal.async_save_durably(data)

    async def _async_carry_through(self, write: Coroutine[Any, Any, None]) -> None:
        """Write something, also where the caller is cut; raises NotSavedError, whatever happens."""
        if self._closed:
            write.close()
            raise NotSavedError
        task = self._hass.async_create_task(write, f"{DOMAIN} write", eager_start=True)
        self._writes.add(task)
        task.add_done_callback(self._written)
        await asyncio.wait((task,))
        try:
            task.result()
        except NotSavedError:
            raise
        except Exception as err:
            raise NotSavedError from err

    def _written(self, task: asyncio.Task[None]) -> None:
        """Let go of a write; see its error even if its caller has gone."""
        self._writes.discard(task)
        with suppress(asyncio.CancelledError):
            task.exception()


async def _async_load_if_readable(store: Store[dict[str, Any]]) -> dict[str, Any]:
    """Return what a file holds that can be done without; nothing where it cannot be read."""
    try:
        stored: Any = await store.async_load()
    except HomeAssistantError, KeyError, TypeError, AttributeError, NotImplementedError:
        return {}
    return stored if isinstance(stored, dict) else {}


def _read(records: Iterable[Any]) -> _Read:
    """Return the commands in records, each read by itself: one that is damaged harms no other."""
    commands: list[Command] = []
    foreign: list[Mapping[str, Any]] = []
    damaged = False
    for record in records:
        try:
            contents = from_plain([record])
        except UnreadableError:
            damaged = True
        else:
            commands += contents.commands
            foreign += contents.foreign
    return _Read(commands=tuple(commands), foreign=tuple(foreign), damaged=damaged)


def _all_writable(commands: Iterable[Command]) -> list[Mapping[str, Any]]:
    """Return commands as plain data that can be written, whatever a cloud or user put into them."""
    return [_writable(to_plain(command)) for command in commands]


def _writable(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record as it can be written; nearly always that is as it is."""
    try:
        json_bytes({"data": {"commands": [record]}})
    except TypeError:
        plain: dict[str, Any] = as_plain(record)
        return plain
    return record


def _copy_aside(path: Path) -> Path:
    """Keep a copy of a file beside it; return where."""
    copy = path.with_name(f"{path.name}.corrupt.{dt_util.utcnow().isoformat()}")
    write_utf8_file_atomic(str(copy), path.read_bytes(), private=True, mode="wb")
    return copy


def _remove_all(folder: Path, pattern: str) -> None:
    """Delete files."""
    for path in folder.glob(pattern):
        path.unlink(missing_ok=True)
