"""Files and repairs of accounts that do not exist any more go at the start, and no others."""

from collections.abc import Callable
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.command_status.account.issues import Issue, async_raise
from custom_components.command_status.const import DOMAIN

from ..disk import hass_storage

__all__ = ["hass_storage"]

GONE: Final = "01JD0Z8S6RN1F4QK7W2X9V3B5C"
GONE_OF_OLD: Final = "0123456789abcdef0123456789abcdef"
HERE: Final = "01JD0Z8S6RN1F4QK7W2X9V3B5D"
ENDS: Final = ("", ".history", ".targets", ".credentials", ".corrupt.2026-11-20T21:21:06+00:00")
OTHERS: Final = (
    "core.config_entries",
    f"{DOMAIN}.statistics",
    f"{DOMAIN}.files.of_ours",
    f"{DOMAIN}_other.{GONE}",
    f"other_{DOMAIN}.{GONE}",
    f"other.{GONE}",
    GONE,
)


@pytest.fixture
def folder(hass: HomeAssistant) -> Path:
    """Return the folder that everybody's files are in."""
    folder = Path(hass.config.path(".storage"))
    folder.mkdir(exist_ok=True)
    return folder


def write(folder: Path, *names: str) -> None:
    """Write files."""
    for name in names:
        (folder / name).write_text("{}")


def of(entry_id: str) -> list[str]:
    """Return the names of the files of an account."""
    return [f"{DOMAIN}.{entry_id}{end}" for end in ENDS]


def names(folder: Path) -> set[str]:
    """Return which files there are."""
    return {path.name for path in folder.iterdir()}


@pytest.mark.usefixtures("enable_custom_integrations", "socket_enabled")
@pytest.mark.parametrize("entry_id", [GONE, GONE_OF_OLD])
async def test_the_files_of_an_account_that_is_gone_are_deleted(
    hass: HomeAssistant, folder: Path, entry_id: str
) -> None:
    """It was removed in safe mode, or after our folder: a token of Blink is among them."""
    write(folder, *of(entry_id), *OTHERS)
    assert await async_setup_component(hass, DOMAIN, {})
    assert not names(folder) & set(of(entry_id))
    assert names(folder) >= set(OTHERS)


@pytest.mark.parametrize("state", ["loaded", "disabled", "failed", "not loaded yet"])
async def test_the_files_of_an_account_that_exists_stay(
    hass: HomeAssistant, folder: Path, make_entry: Callable[..., MockConfigEntry], state: str
) -> None:
    """Whether it works or not."""
    entry = make_entry(HERE)
    write(folder, *of(GONE))
    kept = {name for name in of(HERE) if ".corrupt" in name or state != "loaded"}
    write(folder, *kept)
    if state == "failed":
        newer = {"version": 99, "minor_version": 1, "data": {"commands": []}}
        (folder / f"{DOMAIN}.{HERE}").write_text(json.dumps(newer))
    if state == "disabled":
        await hass.config_entries.async_set_disabled_by(HERE, ConfigEntryDisabler.USER)
    if state in {"loaded", "failed"}:
        await hass.config_entries.async_setup(HERE)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    assert kept <= names(folder)
    assert not names(folder) & set(of(GONE))
    expected = {"loaded": ConfigEntryState.LOADED, "failed": ConfigEntryState.SETUP_ERROR}
    assert state not in expected or entry.state is expected[state]


@pytest.mark.usefixtures("enable_custom_integrations", "socket_enabled")
async def test_what_cannot_be_deleted_keeps_nobody_from_starting(
    hass: HomeAssistant, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is tried again at the next start."""
    write(folder, *of(GONE))
    refusal = PermissionError(13, "Permission denied")
    with patch("pathlib.Path.unlink", side_effect=refusal):
        assert await async_setup_component(hass, DOMAIN, {})
    assert f"{DOMAIN}.{GONE}.history could not be deleted: Permission denied" in caplog.text


async def test_the_repairs_of_an_account_that_is_gone_go_too(
    hass: HomeAssistant, make_entry: Callable[..., MockConfigEntry]
) -> None:
    """Those of another stay, and so do those that are about no account."""
    here = make_entry(HERE)
    gone: Any = SimpleNamespace(entry_id=GONE, title="Gone")
    for entry in (here, gone):
        async_raise(hass, entry, Issue.JOURNAL_DAMAGED, placeholders={"files": "x"})
    ir.async_create_issue(
        hass,
        DOMAIN,
        "of_nobody",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key="not_saved",
    )
    assert await async_setup_component(hass, DOMAIN, {})
    left = {issue_id for domain, issue_id in ir.async_get(hass).issues if domain == DOMAIN}
    assert left == {f"journal_damaged_{HERE}", "of_nobody"}
