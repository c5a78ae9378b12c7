"""Files of accounts that are no more: removed while nobody told us, or never quite added."""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
import re
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR

from ..const import DOMAIN, LOGGER

NAME: Final = re.compile(rf"{DOMAIN}\.(?P<entry_id>[0-9A-HJKMNP-TV-Z]{{26}}|[0-9a-f]{{32}})(\..+)?")
"""The name of a file of an account; ids of config entries are ULIDs, once they were UUIDs."""


async def async_remove_leftovers(
    hass: HomeAssistant, existing: Callable[[], Collection[str]]
) -> None:
    """Delete the files of accounts that do not exist.

    `existing` returns the ids of those that do, loaded or not.
    """
    folder = Path(hass.config.path(STORAGE_DIR))
    found = await hass.async_add_executor_job(_files, folder)
    # In this order: an account that was added in between has no files among these.
    known = existing()
    gone = [path for path, entry_id in found if entry_id not in known]
    if gone:
        LOGGER.info("Deleting %d files of accounts that do not exist any more", len(gone))
        await hass.async_add_executor_job(_delete, gone)


def _files(folder: Path) -> list[tuple[Path, str]]:
    """Return the files of all accounts, and whose they are."""
    return [
        (path, match["entry_id"])
        for path in folder.glob(f"{DOMAIN}.*")
        if (match := NAME.fullmatch(path.name)) is not None
    ]


def _delete(paths: Iterable[Path]) -> None:
    """Delete files; what cannot be deleted now is tried again at the next start."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as err:
            LOGGER.warning("%s could not be deleted: %s", path.name, err.strerror)
