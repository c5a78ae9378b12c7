"""What is written to disk is for nobody else's eyes."""

from pathlib import Path
import stat

from stage import Account, HomeAssistant, Simulator, wlte


def files_of(account: Account, home: HomeAssistant) -> list[Path]:
    """Return the files that belong to an account."""
    return [path for path in (home.folder / ".storage").iterdir() if account.entry_id in path.name]


async def test_files_of_ours_are_private(account: Account, home: HomeAssistant) -> None:
    """They hold what happened in a house."""
    await account.send("dev-7/1", "ON", wait=True)
    files = files_of(account, home)
    assert files
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


async def test_a_removed_account_leaves_no_file(home: HomeAssistant, cloud: Simulator) -> None:
    """Removing an account deletes its records."""
    account = await Account.add(home, *wlte(cloud.url))
    await account.send("dev-7/1", "ON", wait=True)
    await account.remove()
    assert files_of(account, home) == []
