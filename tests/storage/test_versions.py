"""The files of every version that was ever written are read, and nothing of them is lost."""

from collections.abc import Mapping
import json
from pathlib import Path
import shutil
from typing import Any, Final
from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest

from custom_components.command_status.account.listing import Listing
from custom_components.command_status.storage import versions
from custom_components.command_status.storage.history import HistoryFile
from custom_components.command_status.storage.store import AccountStore
from custom_components.command_status.storage.versions import CREDENTIALS, LISTING, RECORD, Format
from custom_components.command_status.tracking import Command, CommandState, Phase

from ..disk import Disk

FILES: Final = Path(__file__).parent / "files"
ENDS: Final = {
    "journal.json": "",
    "history": ".history",
    "targets.json": ".targets",
    "credentials.json": ".credentials",
}
OLDEST: Final = "01KAG5J7Q80000000000000001"


def with_wish(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Turn a record into one of a version that calls the command a wish."""
    return {"wish" if name == "command" else name: value for name, value in record.items()}


def with_tag(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Turn a record into one of a version that says who sent it in its tag, and the wish again."""
    plain = {"command" if name == "wish" else name: value for name, value in record.items()}
    return {**plain, "tag": f"older: {plain.get('tag')}"}


TWO_STEPS: Final = Format(steps=(with_wish, with_tag))
"""Records that have come to version 3."""


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Read from the disk."""
    return {}


@pytest.fixture
def disk(hass: HomeAssistant) -> Disk:
    """Return the folder of the files."""
    return Disk(Path(hass.config.config_dir), "gate")


@pytest.fixture(params=sorted(path.name for path in FILES.iterdir()))
def old_files(request: pytest.FixtureRequest, disk: Disk) -> Disk:
    """Lay out the files as a version left them behind."""
    for name, end in ENDS.items():
        shutil.copy(FILES / request.param / name, disk.path(end))
    return disk


def test_there_are_samples_of_every_version() -> None:
    """Whoever writes a new version leaves files of it behind."""
    newest = max(each.version for each in (RECORD, LISTING, CREDENTIALS))
    found = {path.name for path in FILES.iterdir()}
    assert found == {f"version_{number}" for number in range(1, newest + 1)}


@pytest.mark.usefixtures("old_files")
class TestSamples:
    """What a version has left behind."""

    async def test_every_open_command_is_known(self, hass: HomeAssistant) -> None:
        """With its phase, which alone decides what may be done about it."""
        memory = await AccountStore(hass, "gate").async_load()
        assert memory.damaged == ()
        assert [command.phase for command in memory.journal] == [
            Phase.WAITING,
            Phase.SENDING,
            Phase.UNSURE,
            Phase.TAKEN,
            Phase.TAKEN,
            Phase.TAKEN,
        ]
        assert memory.journal[2].payload == {"relay": 1, "code": "1234"}
        assert memory.journal[4].covers == ("dev-7/1", "dev-7/2")
        assert memory.journal[5].state is CommandState.TIMEOUT

    async def test_what_is_finished_is_known(self, hass: HomeAssistant) -> None:
        """Reasons and results included."""
        memory = await AccountStore(hass, "gate").async_load()
        success, failure = memory.history
        assert (success.tracking_id, success.result) == (OLDEST, {"volume": 7})
        assert (failure.reason, failure.late) == ("device offline", True)

    async def test_targets_and_tokens_are_known(self, hass: HomeAssistant) -> None:
        """An account loads without asking, with the newest token."""
        store = AccountStore(hass, "gate")
        listing = Listing.from_plain(await store.async_load_listing())
        assert listing.targets["dev-7/1"].commands == ("ON", "OFF", "JOG")
        credentials = await store.async_load_credentials({"refresh_token": "old"})
        assert credentials == {"refresh_token": "new"}

    async def test_a_word_of_a_newer_version_is_carried_along(
        self, hass: HomeAssistant, disk: Disk
    ) -> None:
        """Whoever knows it reads the journal again some day."""
        store = AccountStore(hass, "gate")
        memory = await store.async_load()
        await store.async_save(memory.journal)
        written = json.loads(disk.path().read_text())["data"]["commands"]
        assert "paused" in [record.get("state") for record in written]


@pytest.mark.usefixtures("old_files")
class TestSteps:
    """A version whose records differ from those on the disk."""

    async def test_all_steps_are_taken_in_their_order(self, hass: HomeAssistant) -> None:
        """Whoever skips versions loses nothing either."""
        with patch.object(versions, "RECORD", TWO_STEPS):
            memory = await AccountStore(hass, "gate").async_load()
        assert memory.damaged == ()
        assert {command.command for command in (*memory.journal, *memory.history)} == {"JOG"}
        tags = {command.tag for command in (*memory.journal, *memory.history)}
        assert tags == {"older: None", "older: evening"}

    async def test_what_is_written_then_is_read_as_it_is(
        self, hass: HomeAssistant, disk: Disk
    ) -> None:
        """No step is taken twice, neither in the journal nor in a history that grows."""
        new = Command(
            tracking_id="01KAG5J7Q80000000000000099",
            target="dev-7/1",
            target_name="Gate relay 1",
            command="ON",
            tag="new",
            created_at=1.0,
            deadline=2.0,
            state=CommandState.SUCCESS,
            finished_at=1.5,
        )
        with patch.object(versions, "RECORD", TWO_STEPS):
            store = AccountStore(hass, "gate")
            memory = await store.async_load()
            await store.async_save(memory.journal)
            await store.async_archive([new])
            again = await AccountStore(hass, "gate").async_load()
        assert again.journal == memory.journal
        assert again.history == (*memory.history, new)
        lines = disk.path(".history").read_text().splitlines()
        assert [line for line in lines if "version" in line] == ['{"version":1}', '{"version":3}']

    def test_a_history_that_was_written_anew_needs_no_steps(self, disk: Disk) -> None:
        """Its first line tells the version of all others."""
        with patch.object(versions, "RECORD", TWO_STEPS):
            HistoryFile(disk.path(".history")).rewrite([{"tracking_id": "a", "tag": "new"}])
            past = HistoryFile(disk.path(".history")).read()
        assert past.records == ({"tracking_id": "a", "tag": "new"},)

    def test_a_record_that_no_step_can_read_harms_no_other(self, disk: Disk) -> None:
        """It is set aside with the file."""

        def strict(record: Mapping[str, Any]) -> Mapping[str, Any]:
            return {**record, "tag": record["result"]["volume"]}

        with patch.object(versions, "RECORD", Format(steps=(strict,))):
            past = HistoryFile(disk.path(".history")).read()
        assert past.damaged
        assert [record["tracking_id"] for record in past.records] == [OLDEST]
