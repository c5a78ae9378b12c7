"""The stage itself: what the other tests rely on without seeing it."""

from contextlib import suppress
from pathlib import Path

import pytest

from stage import (
    RESTART,
    Client,
    CommandError,
    HomeAssistant,
    Process,
    complaints,
    eventually,
)

LOG = """\
2026-11-21 02:02:22.079+00:00 WARNING (SyncWorker_0) [homeassistant.loader] We found a custom \
integration command_status which has not been tested by Home Assistant.
2026-11-21 02:02:22.273+00:00 ERROR (MainThread) [haffmpeg.core] FFmpeg fails
Traceback (most recent call last):
FileNotFoundError: [Errno 2] No such file or directory: 'ffmpeg'
2026-11-21 02:02:22.300+00:00 DEBUG (MainThread) [custom_components.command_status] Sent
2026-11-21 02:02:22.400+00:00 WARNING (MainThread) [custom_components.command_status] Odd
2026-11-21 02:02:22.500+00:00 ERROR (MainThread) [homeassistant.core] Error in a listener
Traceback (most recent call last):
  File "custom_components/command_status/coordinator.py", line 1, in ring
ValueError: 1
2026-11-21 02:02:22.600+00:00 WARNING (MainThread) [homeassistant.helpers.frame] Detected it
"""


def test_the_log_guard_sees_all_that_is_ours_and_nothing_else() -> None:
    """A traceback that only passes through our code is ours as well."""
    told = complaints(LOG)
    assert [entry.splitlines()[0].rpartition("] ")[2] for entry in told] == [
        "Odd",
        "Error in a listener",
        "Detected it",
    ]


async def test_a_killed_program_takes_along_what_it_started(tmp_path: Path) -> None:
    """Nothing may go on after the tests, whatever became of them."""
    output = tmp_path / "output"
    async with Process("sh", "-c", "sleep 600 & echo $!; wait", output=output) as process:

        async def started() -> str:
            return output.read_text().strip()

        child = int(await eventually(started, "child"))
        await process.kill()
        assert not process.running

        async def gone() -> bool:
            return has_ended(child)

        assert await eventually(gone, "end of the child")


def has_ended(pid: int) -> bool:
    """Return whether a process is gone, or waits only for its new parent to notice."""
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().split()[2] == "Z"


async def test_home_assistant_says_no_in_its_own_words(client: Client) -> None:
    """Tests tell errors apart by their code."""
    with pytest.raises(CommandError) as told:
        await client.ask("persistent_notification.create", {"message": "hello"})
    assert told.value.code == "service_validation_error"


async def test_a_user_stays_logged_in_for_longer_than_a_token_lives(client: Client) -> None:
    """A token is good for half an hour, which all the tests may take on a busy machine."""
    before = client._access_token
    client._renew_at = 0.0
    await client.request("GET", "/api/")
    assert client._access_token != before


async def test_home_assistant_that_was_told_to_restart_is_started_again(
    home: HomeAssistant,
) -> None:
    """It does not do that itself, but tells whoever started it by its exit code."""
    url = home.url
    with suppress(ConnectionError):  # it may end before it has answered
        await home.client.act("homeassistant.restart")
    assert await home.until_ended() == RESTART
    await home.restart()
    assert home.client.url == url
    assert await home.client.states()
