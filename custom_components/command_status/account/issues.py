"""What users are told to look at, because only they can do something about it."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOCS_URL, DOMAIN
from .markdown import as_text


class Issue(StrEnum):
    """The kinds of issues; each has a text of the same name."""

    CLIENT_BLOCKED = "client_blocked"
    """The provider refuses this integration, whatever the credentials."""
    INVALID_DESCRIPTION = "invalid_description"
    """A file that should describe an API cannot be used; it belongs to no account."""
    JOURNAL_DAMAGED = "journal_damaged"
    """Records could not be read and were set aside."""
    NOT_SAVED = "not_saved"
    """The disk refuses records."""
    TARGET_GONE = "target_gone"
    """A saved command needs a target that is no longer there."""
    TOO_MANY_TARGETS = "too_many_targets"
    """The provider lists more targets than an account can have here."""
    UPDATE_REQUIRED = "update_required"
    """The provider asks for a newer version of this integration."""


OF_CLIENT: Final = (Issue.CLIENT_BLOCKED, Issue.UPDATE_REQUIRED)
PARAGRAPHS: Final[Mapping[Issue, str]] = {
    Issue.CLIENT_BLOCKED: "troubleshooting.md#blink-refuses-this-client-406-426",
    Issue.INVALID_DESCRIPTION: "troubleshooting.md#a-description-cannot-be-used",
    Issue.JOURNAL_DAMAGED: "troubleshooting.md#records-were-damaged",
    Issue.NOT_SAVED: "troubleshooting.md#the-disk-refuses",
    Issue.TARGET_GONE: "troubleshooting.md#the-target-of-a-saved-command-is-gone",
    Issue.TOO_MANY_TARGETS: "troubleshooting.md#too-many-targets",
    Issue.UPDATE_REQUIRED: "troubleshooting.md#the-provider-asks-for-an-update",
}
"""Where the documentation says more of each."""
FIXABLE: Final = frozenset({Issue.JOURNAL_DAMAGED, Issue.TARGET_GONE})
LASTING: Final = frozenset({Issue.JOURNAL_DAMAGED})
"""Issues that are found only once, and so must outlive a restart."""


@callback
def async_raise(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    issue: Issue,
    about: str | None = None,
    placeholders: Mapping[str, str] | None = None,
) -> None:
    """Tell the user of an account about an issue; `about` is the saved command it is about."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _id_of(entry.entry_id, issue, about),
        data={"entry_id": entry.entry_id, "subentry_id": about},
        is_fixable=issue in FIXABLE,
        is_persistent=issue in LASTING,
        learn_more_url=learn_more(issue),
        severity=ir.IssueSeverity.ERROR,
        translation_key=issue.value,
        translation_placeholders={
            name: as_text(word)
            for name, word in {"account": entry.title, **(placeholders or {})}.items()
        },
    )


def learn_more(issue: Issue) -> str:
    """Return the address of the paragraph about an issue."""
    return f"{DOCS_URL}/blob/main/docs/{PARAGRAPHS[issue]}"


@callback
def async_clear(
    hass: HomeAssistant, entry_id: str, *issues: Issue, about: str | None = None
) -> None:
    """Take back issues of an account, where there are any."""
    for issue in issues:
        ir.async_delete_issue(hass, DOMAIN, _id_of(entry_id, issue, about))


@callback
def async_is_raised(hass: HomeAssistant, entry_id: str, issue: Issue) -> bool:
    """Return whether the user is being told about an issue of an account."""
    return ir.async_get(hass).async_get_issue(DOMAIN, _id_of(entry_id, issue, None)) is not None


@callback
def async_clear_all(hass: HomeAssistant, entry_id: str) -> None:
    """Take back every issue of an account."""
    for domain, issue_id in list(ir.async_get(hass).issues):
        if domain == DOMAIN and entry_id in issue_id:
            ir.async_delete_issue(hass, domain, issue_id)


@callback
def async_clear_gone(hass: HomeAssistant, existing: Collection[str]) -> None:
    """Take back the issues of accounts that do not exist any more; `existing` are those that do."""
    for (domain, issue_id), issue in list(ir.async_get(hass).issues.items()):
        entry_id = (issue.data or {}).get("entry_id") if domain == DOMAIN else None
        if entry_id is not None and entry_id not in existing:
            ir.async_delete_issue(hass, domain, issue_id)


def _id_of(entry_id: str, issue: Issue, about: str | None) -> str:
    """Return the id of an issue."""
    return "_".join(filter(None, (issue.value, entry_id, about)))
