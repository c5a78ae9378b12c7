"""The descriptions of APIs in this house: read, checked, and told about where they are wrong."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import issue_registry as ir

from ..const import CONF_CREDENTIALS, CONF_PROVIDER, DOMAIN, SUBENTRY_API_COMMAND
from ..providers import PROVIDERS
from ..providers.base import DESCRIBED, AccountDescription, Drafting
from ..providers.mistakes import DescriptionError
from ..storage.descriptions import DescriptionFile, FileError, read_files, written
from .issues import Issue, learn_more
from .markdown import as_text
from .settings import CONF_COMMAND

FOLDER: Final = DOMAIN
"""In Home Assistant's configuration folder, where users put their own."""
CONF_DESCRIPTION: Final = "description"
"""Where the credentials of an account name its description."""


async def async_read_descriptions(hass: HomeAssistant) -> dict[str, Any]:
    """Return the descriptions that can be used, as plain data by their keys.

    Files with a mistake become issues, and those that were mended are issues no longer.
    """
    folder = Path(hass.config.path(FOLDER))
    usable, mistakes = await hass.async_add_executor_job(_read, folder)
    _complain(hass, mistakes)
    return usable


async def async_read_own_descriptions(hass: HomeAssistant) -> None:
    """Say what is wrong with a user's own descriptions, where there are any."""
    if await hass.async_add_executor_job(Path(hass.config.path(FOLDER)).is_dir):
        await async_read_descriptions(hass)


async def async_describe(hass: HomeAssistant, entry: ConfigEntry[Any]) -> AccountDescription:
    """Return the description of an account.

    Raises ConfigEntryError where it lies in a file that is not there, or makes no sense.
    """
    data = {**entry.data, **entry.options}
    key = data[CONF_CREDENTIALS].get(CONF_DESCRIPTION)
    if (drafting := drafting_of(entry)) is not None:
        return _composed(entry, drafting, data)
    if key is not None:
        data[DESCRIBED] = (await async_read_descriptions(hass)).get(key)
        if data[DESCRIBED] is None:
            raise ConfigEntryError(
                translation_domain=DOMAIN,
                translation_key="no_description",
                translation_placeholders={"file": f"{key}.yaml"},
            )
    return PROVIDERS[data[CONF_PROVIDER]].account(data)


def drafting_of(entry: ConfigEntry[Any]) -> Drafting | None:
    """Return how an account is described by forms; None where it is not."""
    drafting = PROVIDERS[entry.data[CONF_PROVIDER]].drafting
    if drafting is None or entry.data[CONF_CREDENTIALS].get(drafting.named_by) != drafting.key:
        return None
    return drafting


def _joined(entry: ConfigEntry[Any], drafting: Drafting) -> Any:
    """Return the description of an account that is described by forms; raises DescriptionError."""
    typed = [each.data for each in entry.get_subentries_of_type(SUBENTRY_API_COMMAND)]
    return drafting.compose(
        entry.data[CONF_CREDENTIALS], {each[CONF_COMMAND]: each for each in typed}
    )


def shared(entry: ConfigEntry[Any]) -> str | None:
    """Return the description of an account by forms as a file to share, without typed secrets.

    None for an account that is described otherwise.
    """
    drafting = drafting_of(entry)
    return None if drafting is None else written(drafting.share(_joined(entry, drafting)))


def _composed(
    entry: ConfigEntry[Any], drafting: Drafting, data: dict[str, Any]
) -> AccountDescription:
    """Return the description of an account that is described by forms; raises ConfigEntryError."""
    try:
        data[DESCRIBED] = _joined(entry, drafting)
        return PROVIDERS[data[CONF_PROVIDER]].account(data)
    except DescriptionError as err:
        is_of_command = err.place[:1] == ("commands",) and len(err.place) > 1
        command = str(err.place[1]) if is_of_command else err.where
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="description_unfit",
            translation_placeholders={"command": command, "detail": err.detail or "-"},
        ) from err


def _read(folder: Path) -> tuple[dict[str, Any], dict[str, FileError]]:
    """Return what can be used, and what is wrong with the other files. Blocks."""
    files = read_files(folder)
    times = Counter(file.key for file in files)
    usable: dict[str, Any] = {}
    mistakes: dict[str, FileError] = {}
    for file in files:
        error = _mistake_in(file) if times[file.key] == 1 else FileError("key_twice")
        if error is None:
            usable[file.key] = file.plain
        else:
            mistakes[file.name] = error
    return usable, mistakes


def _mistake_in(file: DescriptionFile) -> FileError | None:
    """Return what is wrong with a file."""
    if file.error is not None:
        return file.error
    try:
        keys = {each.described(file.plain) for each in PROVIDERS.values() if each.described}
    except DescriptionError as err:
        return FileError(f"{err}", file.line_of(err.place))
    if file.key not in keys:
        return FileError("key: invalid_key: the file is named otherwise", file.line_of(("key",)))
    return None


@callback
def _complain(hass: HomeAssistant, mistakes: Mapping[str, FileError]) -> None:
    """Tell the user about files that cannot be used."""
    raised = {f"{Issue.INVALID_DESCRIPTION}_{name}": (name, err) for name, err in mistakes.items()}
    for domain, issue_id in list(ir.async_get(hass).issues):
        if (
            domain == DOMAIN
            and issue_id.startswith(Issue.INVALID_DESCRIPTION)
            and issue_id not in raised
        ):
            ir.async_delete_issue(hass, domain, issue_id)
    for issue_id, (name, err) in raised.items():
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            learn_more_url=learn_more(Issue.INVALID_DESCRIPTION),
            severity=ir.IssueSeverity.ERROR,
            translation_key=Issue.INVALID_DESCRIPTION.value,
            translation_placeholders={
                "file": as_text(f"{FOLDER}/{name}"),
                "line": str(err.line),
                "reason": as_text(err.reason),
            },
        )
